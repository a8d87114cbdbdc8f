"""Markdown to Typst: all text stands in strings, so that nothing in it can be taken for markup."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import mistune
from mistune.core import BaseRenderer, BlockState

from taawun.export.document import Document
from taawun.export.markdown import PLUGINS, table_tokens
from taawun.mime import Table

#: How Typst writes what only wraps its content, or leaves it out.
_FORMS = {
    "emphasis": "#emph[{}]",
    "strong": "#strong[{}]",
    "strikethrough": "#strike[{}]",
    "paragraph": "{}\n\n",
    "block_text": "{}",
    "block_quote": "#quote(block: true)[{}]\n\n",
    "list_item": "{}",
    "linebreak": "#linebreak()",
    "softbreak": " ",
    "blank_line": "",
    "thematic_break": "",
    "image": "{}",
    "inline_html": "",
    "block_html": "",
}


class Markup(str):
    """A piece of Typst markup, as against text."""


class Typeset(BaseRenderer):
    """Prints the Markdown of one document as Typst markup."""

    NAME = "typst"

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self._parser = mistune.create_markdown(renderer=self, plugins=PLUGINS)

    def blocks(self, text: str | None) -> Markup:
        """Paragraphs, lists, headings and tables."""
        return Markup(self._parser(text or ""))

    def cells(self, table: Table) -> Markup:
        """A table of Markdown cells under its caption, if it has one."""
        state = BlockState()
        state.append_token(table_tokens(table))
        rows = Markup(self._parser.render_state(state))
        caption = self.blocks(table["caption"])
        return call("captioned", caption, rows) if caption else rows

    def render_token(self, token: dict[str, Any], state: BlockState) -> str:
        """One element of the text with all that is in it."""
        if form := _FORMS.get(token["type"]):
            return form.format(self._inside(token, state))
        if token["type"] in _FORMS:
            return ""
        return getattr(self, f"_{token['type']}")(token, state)

    def _inside(self, token: dict[str, Any], state: BlockState) -> Markup:
        return Markup(self.render_tokens(token.get("children", ()), state))

    def _text(self, token: dict[str, Any], _: BlockState) -> str:
        # An apostrophe is Typst's own, which also stands in bookmarks.
        return "'".join(f"#{literal(part)}" for part in unescape(token["raw"]).split("’"))

    def _codespan(self, token: dict[str, Any], _: BlockState) -> str:
        return call("raw", token["raw"])

    def _block_code(self, token: dict[str, Any], _: BlockState) -> str:
        return call("raw", token["raw"].rstrip("\n"), block=True) + "\n\n"

    def _link(self, token: dict[str, Any], state: BlockState) -> str:
        """A link; one to a number leads to its entry, and is plain text where there is none."""
        address, inside = token["attrs"]["url"], self._inside(token, state)
        if not address.startswith("#n-"):
            return call("link", address, inside)
        number = address.removeprefix("#n-")
        return call("to-entry", number, inside) if self.document.entry(number) else inside

    def _heading(self, token: dict[str, Any], state: BlockState) -> str:
        """A heading, one level up, since the title stands apart."""
        level = token["attrs"]["level"] - 1
        return call("heading", self._inside(token, state), level=level) + "\n\n"

    def _list(self, token: dict[str, Any], state: BlockState) -> str:
        items = [self._inside(item, state) for item in token["children"]]
        if token["attrs"]["ordered"]:
            start = token["attrs"].get("start", 1)
            return call("enum", *items, tight=token["tight"], start=start) + "\n\n"
        return call("list", *items, tight=token["tight"]) + "\n\n"

    def _table(self, token: dict[str, Any], state: BlockState) -> str:
        head, body = token["children"]
        names = [self._inside(cell, state) for cell in head["children"]]
        sides = [cell["attrs"]["align"] or "left" for cell in head["children"]]
        cells = [self._inside(cell, state) for row in body["children"] for cell in row["children"]]
        return call("wide-table", names, sides, cells) + "\n\n"


def call(function: str, *arguments: Any, **named: Any) -> Markup:
    """A call of a Typst function; Markup is given as content, anything else as a value."""
    given = [literal(value) for value in arguments]
    given += [f"{name.replace('_', '-')}: {literal(value)}" for name, value in named.items()]
    return Markup(f"#{function}({', '.join(given)})")


def literal(value: Any) -> str:
    """A Python value as a Typst literal."""
    if isinstance(value, Markup):
        return f"[{value}]"
    if value is None:
        return "none"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key}: {literal(item)}" for key, item in value.items()) + ")"
    if isinstance(value, list | tuple):
        return "(" + "".join(f"{literal(item)}, " for item in value) + ")"
    return '"' + re.sub(r'[\\"]', r"\\\g<0>", str(value)).replace("\n", r"\n") + '"'
