"""Markdown to Typst: all text stands in strings, so that nothing in it can be taken for markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from mistune.core import BlockState

from taawun.export.document import Document, is_web
from taawun.export.fonts import printable
from taawun.export.foreign import Token, plain_text
from taawun.export.pictures import Attachments, Picture
from taawun.export.printer import Printer
from taawun.locales import PERCENTAGE, isolated
from taawun.mime import Table

#: How Typst writes what only wraps its content, or leaves it out.
_FORMS = {
    "emphasis": "#emph[{}]",
    "strong": "#strong[{}]",
    "strikethrough": "#strike[{}]",
    "subscript": "#sub[{}]",
    "superscript": "#super[{}]",
    "paragraph": "{}\n\n",
    "block_text": "{}",
    "block_quote": "#quote(block: true)[{}]\n\n",
    "linebreak": "#linebreak()",
    "softbreak": " ",
    "blank_line": "",
    "thematic_break": "#separator()",
}
COLUMNS = 115  # of a line of code or output in the width of the page
RUN = 40  # of letters without a space, after which a line may break
ACROSS = 8  # columns of a table in one piece, beside the first
#: Arabic's signs for short vowels and doubled letters: each is set on a height of its own, and then
#: readers of PDFs find neither its word nor the one beside it. Quoted words keep theirs.
_VOWELS = re.compile("[\u064b-\u0652]")
DEEPEST = 10  # of elements in one another, which Typst counts; deeper ones leave no trace


#: The cells of one row of a table.
Cells = list[Token]


class Markup(str):
    """A piece of Typst markup, as against text."""


class Code(str):
    """A Typst expression, as against markup."""


class Typeset(Printer):
    """Prints the Markdown of one document as Typst markup; `draw` places a picture with its
    alternative text, and gives None for one that Typst cannot draw.
    """

    NAME, ROWS = "typst", 300

    def __init__(self, document: Document, draw: Callable[[Picture, str], Markup | None]) -> None:
        super().__init__(document)
        self._draw, self._depth, self._run = draw, 0, RUN
        #: Whether lists are strips of large numbers, each over its words.
        self.is_strip = False
        self.section = ""
        #: Under which heading each number stands first, in order.
        self.sections: dict[str, str] = {}
        #: In which publication a number is printed that stands only in formulas of the annex.
        self.cited: dict[str, int] = {}

    def tokens(self, tokens: list[Token]) -> Markup:
        """What is parsed already."""
        return Markup(super().tokens(tokens))

    def blocks(self, text: str | None, attachments: Attachments | None = None) -> Markup:
        """Paragraphs, lists, headings and tables."""
        return Markup(super().blocks(text, attachments))

    def cells(self, table: Table) -> Markup:
        """A table of Markdown cells under its caption, if it has one."""
        rows = Markup(super().cells(table))
        return call("captioned", self.blocks(table["caption"]), rows) if table["caption"] else rows

    def render_token(self, token: Token, state: BlockState) -> str:
        """One element of the text with all that is in it."""
        form = _FORMS.get(token["type"])
        if form is None:
            return getattr(self, f"_{token['type']}")(token, state)
        self._depth += 1
        inside = self._inside(token, state)
        self._depth -= 1
        if token["type"] == "paragraph" and not self._depth and inside.strip():
            return f"{call('together', inside)}\n\n"
        return form.format(inside) if self._depth < DEEPEST else inside

    def _inside(self, token: Token, state: BlockState) -> Markup:
        return Markup(self.render_tokens(token.get("children", ()), state))

    def _text(self, token: Token, _: BlockState) -> str:
        # An apostrophe is Typst's own, which also stands in bookmarks.
        text = self._breakable(self.unvowelled(unescape(token["raw"])))
        if self.document.direction == "rtl":
            text = PERCENTAGE.sub(lambda found: isolated(found[0], "ltr"), text)
        return "'".join(f"#{literal(part)}" for part in text.split("’"))

    def unvowelled(self, text: str) -> str:
        """Our own text as people find it in a PDF: Arabic without signs above its letters."""
        return _VOWELS.sub("", text) if self.document.language == "ar" else text

    def _codespan(self, token: Token, _: BlockState) -> str:
        return call("raw", self._breakable(token["raw"]))

    def _block_code(self, token: Token, _: BlockState) -> str:
        return raw_block(token["raw"].rstrip("\n")) + "\n\n"

    def _inline_math(self, token: Token, _: BlockState) -> str:
        return f"#{literal('$' + self._breakable(token['raw']) + '$')}"

    def _block_math(self, token: Token, _: BlockState) -> str:
        return raw_block(f"$$\n{token['raw'].strip()}\n$$") + "\n\n"

    def _link(self, token: Token, state: BlockState) -> str:
        """A link; one to a number leads to its entry. Without an entry, or an address that can be
        reached from paper, it is text.
        """
        address, inside = token["attrs"]["url"], self._inside(token, state)
        if is_web(address) or address.startswith("mailto:"):
            return call("link", address, inside)
        number = address.removeprefix("#n-")
        if address == number or not self.document.entry(number):
            return inside
        if number in self.cited:
            return f"{inside} {call('cited', self.cited[number])}"
        self.use(number)
        return call("to-entry", number, inside)

    def formula(self, text: str | None) -> Markup | None:
        """Arithmetic, which runs from the left in every language; None if there is none."""
        if not text:
            return None
        inside = self.line(text)
        if self.document.direction == "rtl":
            first, last = isolated("|", "ltr").split("|")
            inside = f'#"{first}"{inside}#"{last}"'
        return Markup(inside)

    def use(self, number: str) -> None:
        """Note under which heading a number stands first."""
        self.sections.setdefault(number, self.section)

    def _image(self, token: Token, state: BlockState) -> str:
        """A picture, or its name where Typst cannot draw it."""
        name, picture = plain_text(token["children"]), token["attrs"]["picture"]
        drawn = self._draw(picture, name)
        return drawn or super().render_tokens(self.named(name or picture.mime, "data:"), state)

    def _heading(self, token: Token, state: BlockState) -> str:
        """A heading below the title; without words it is none."""
        inside = self._inside(token, state)
        if not re.search(r'#(raw\()?"[^"\s]', inside):
            return f"{inside}\n\n"
        level = self.level(token["attrs"]["level"])
        if level == 2:
            self.section = plain_text(token["children"])
        return call("heading", inside, level=level) + "\n\n"

    def _list(self, token: Token, state: BlockState) -> str:
        items = [self._inside(item, state) for item in token["children"]]
        if self.is_strip:
            # Each number stands on a line of its own, so that no blank begins the next.
            items = [Markup(re.sub(r'\]#" +', ']#"', item, count=1)) for item in items]
            return call("strip", *items) + "\n\n"
        if token["attrs"]["ordered"]:
            start = token["attrs"].get("start", 1)
            return call("enum", *items, tight=token["tight"], start=start) + "\n\n"
        return call("list", *items, tight=token["tight"]) + "\n\n"

    def _table(self, token: Token, state: BlockState) -> str:
        """A table; one of many columns in pieces that all begin with the first one."""
        *heads, body = [[row["children"] for row in part["children"]] for part in token["children"]]
        head = heads[0] if heads else []
        width = len((head + body)[0])
        pieces = [
            self._piece(head, body, [0, *range(at, min(at + ACROSS, width))], state)
            for at in range(1, max(width, 2), ACROSS)
        ]
        return "\n\n".join(pieces) + "\n\n"

    def _piece(
        self, head: list[Cells], body: list[Cells], columns: list[int], state: BlockState
    ) -> Markup:
        """Some columns of a table."""
        self._run = max(8, RUN * 2 // len(columns))
        names, cells = (
            [self._inside(row[column], state) for row in rows for column in columns]
            for rows in (head, body)
        )
        self._run = RUN
        sides = [(head + body)[0][column]["attrs"]["align"] or "left" for column in columns]
        return call("wide-table", names, sides, cells)

    def _breakable(self, text: str) -> str:
        """The text with places to break it where it would run out of the page or its column."""
        return re.sub(rf"\S{{{self._run}}}(?=\S)", "\\g<0>\u200b", text)


def raw_block(text: str) -> Markup:
    """Code or output as it stands, in lines that fit the page."""
    lines = (line or " " for line in text.split("\n"))
    fitting = (line[at : at + COLUMNS] for line in lines for at in range(0, len(line), COLUMNS))
    return call("raw", "\n".join(fitting), block=True)


def call(function: str, *arguments: Any, **named: Any) -> Markup:
    """A call of a Typst function; Markup is given as content, anything else as a value."""
    given = [literal(value) for value in arguments]
    given += [f"{name.replace('_', '-')}: {literal(value)}" for name, value in named.items()]
    return Markup(f"#{function}({', '.join(given)})")


def literal(value: Any) -> str:
    """A Python value as a Typst literal."""
    if isinstance(value, Markup):
        return f"[{value}]"
    if isinstance(value, Code):
        return value
    if value is None:
        return "none"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key}: {literal(item)}" for key, item in value.items()) + ")"
    if isinstance(value, list | tuple):
        return "(" + "".join(f"{literal(item)}, " for item in value) + ")"
    return '"' + re.sub(r'[\\"]', r"\\\g<0>", printable(str(value))).replace("\n", r"\n") + '"'
