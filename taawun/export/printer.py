"""What both printers do with a text before they print it: it is parsed, HTML in it becomes what it
means, its pictures are looked up in the notebook.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mistune
from mistune.core import BaseRenderer, BlockState

from taawun.export import foreign
from taawun.export.document import Document, is_web
from taawun.export.foreign import Token, link_token, picture_token, plain_text, text_token
from taawun.export.pictures import Attachments, at
from taawun.export.sources import in_words
from taawun.mime import Table

_PLUGINS = ["table", "strikethrough", "math"]
_PARSER = mistune.create_markdown(renderer=None, plugins=_PLUGINS)


def plain(text: str | None) -> str:
    """Markdown as bare words on one line, for page titles and descriptions."""
    return " ".join(plain_text(foreign.paired(_PARSER.inline(text or "", {}))).split())


class Printer(BaseRenderer):
    """Prints the pieces of Markdown of one document, of a table ROWS rows at most."""

    ROWS = 1000

    def __init__(self, document: Document, **options: Any) -> None:
        super().__init__(**options)
        self.document = document
        self._attachments: Attachments = {}
        self._level = 1
        self._parser = mistune.create_markdown(renderer=self, plugins=_PLUGINS)
        self._parser.before_render_hooks.append(_take_up)

    def blocks(self, text: str | None, attachments: Attachments | None = None) -> str:
        """Paragraphs, lists, headings and tables; pictures may be attached to their cell."""
        self._attachments = attachments or {}
        return str(self._parser(text or ""))

    def line(self, text: str | None) -> str:
        """A piece of text in which nothing begins a block."""
        state = BlockState()
        return self.render_tokens(self._parser.inline((text or "").strip(), state.env), state)

    def cells(self, table: Table) -> str:
        """A table of Markdown cells under its caption; dates in words."""
        caption = self.line(table["caption"])
        language = self.document.language
        rows = [
            [self._parser.inline(in_words(cell.strip(), language), {}) for cell in row]
            for row in [table["columns"], *table["rows"]]
        ]
        sides = ["right" if number else None for number in table["numbers"]]
        return self.tokens([foreign.table_token(rows, 1, sides, caption=caption)])

    def tokens(self, tokens: list[Token]) -> str:
        """What is parsed already."""
        self._attachments = {}
        return self.render_tokens(tokens, BlockState())

    def render_tokens(self, tokens: Iterable[Token], state: BlockState) -> str:
        """Tokens in order: tags of HTML paired, pictures looked up or named."""
        return super().render_tokens(self._looked_up(foreign.paired(tokens)), state)

    def _looked_up(self, tokens: list[Token]) -> Iterable[Token]:
        for token in tokens:
            if token["type"] == "table":
                yield from self._cut(token)
                continue
            if token["type"] != "image" or "picture" in token["attrs"]:
                yield token
                continue
            address, name = token["attrs"]["url"], plain_text(token["children"])
            if found := at(address, self._attachments):
                yield picture_token(address, name, picture=found)
            else:
                yield from self.named(name, address)

    def _cut(self, table: Token) -> Iterable[Token]:
        """A table; of one with very many rows the beginning, how many are left out, and in which
        files all are.
        """
        *head, body = table["children"]
        left_out = len(body["children"]) - self.ROWS
        if left_out <= 0:
            return [table]
        kept = body | {"children": body["children"][: self.ROWS]}
        said = self.document.word("{} more rows are left out here").format(left_out)
        line, between = [text_token(f"[{said}]")], " "
        for name, address in self.document.csv.items():
            line += [text_token(between), link_token(name, address)]
            between = f"{self.document.word(',')} "
        return [table | {"children": [*head, kept]}, {"type": "paragraph", "children": line}]

    def level(self, level: int) -> int:
        """The level of the next heading: 2 for the first, and at most one below the last."""
        self._level = max(2, min(level, self._level + 1))
        return self._level

    def named(self, name: str, address: str) -> list[Token]:
        """What stands in the place of a picture that cannot be printed."""
        word = self.document.word("Not in the notebook")
        if address.startswith("data:"):
            word, address = self.document.word("Cannot be shown"), ""
        link = link_token(address, address) if is_web(address) else text_token(address)
        between = ", " if name and address else ""
        return [text_token(f"[{word}: {name}{between}"), link, text_token("]")]


def _take_up(_: mistune.Markdown, state: BlockState) -> None:
    state.tokens = _taken_up(state.tokens)


def _taken_up(tokens: list[Token]) -> list[Token]:
    """Blocks in which HTML has become what it means; the heads of tables have rows, and the first
    cell of a row is its header.
    """
    made: list[Token] = []
    html = ""
    for token in [*tokens, {"type": "end"}]:
        if token["type"] == "block_html" or (html and token["type"] == "blank_line"):
            html += token.get("raw", "") + "\n"
            continue
        made += foreign.tokens(html) if html else []
        html = ""
        if token["type"] == "table":
            head, body = token["children"]
            head["children"] = [{"type": "head_row", "children": head["children"]}]
            for row in body["children"]:
                row["children"][0]["attrs"]["row"] = True
        elif "children" in token:
            token["children"] = _taken_up(token["children"])
        made.append(token)
    return made[:-1]
