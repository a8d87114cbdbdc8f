"""Markdown to accessible HTML: headings with anchors, tables with header cells and a caption,
numbers that link to the ledger.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

import mistune
from mistune.core import BlockState

from taawun.export.document import Document
from taawun.export.fonts import ARABIC
from taawun.mime import Table

_ARABIC_WORDS = re.compile(
    r"[\u0600-\u06ff](?:[\u0600-\u06ff\u064b-\u0652\d\s.,٬،٫%-]*[\u0600-\u06ff])?"
)
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
PLUGINS = ["table", "strikethrough"]
_BARE = mistune.create_markdown(escape=False, plugins=PLUGINS)


class Markdown(mistune.HTMLRenderer):
    """Prints the Markdown of one page; it remembers the sections as (anchor, name in HTML) and, for
    each ledger id, where its number stands as (anchor, name of the section in HTML).
    """

    def __init__(self, document: Document) -> None:
        super().__init__(escape=False)
        self.document = document
        self.section = ""
        self.sections: list[tuple[str, str]] = []
        self.uses: dict[str, list[tuple[str, str]]] = {}
        self._anchors: set[str] = set()
        self._parser = mistune.create_markdown(renderer=self, plugins=PLUGINS)
        self._parser.before_render_hooks.append(_mark_row_headers)

    def blocks(self, text: str) -> str:
        """Paragraphs, lists, headings and tables."""
        return str(self._parser(text))

    def line(self, text: str | None) -> str:
        """A piece of text without a paragraph around it."""
        return _inline(self._parser, text)

    def cells(self, table: Table) -> str:
        """A table of Markdown cells under its caption."""
        state = BlockState()
        state.append_token(table_tokens(table, caption=self.line(table["caption"])))
        return str(self._parser.render_state(state))

    def use(self, number: str, anchor: str = "", section: str = "") -> str:
        """Remember one use of a number and give its anchor."""
        places = self.uses.setdefault(number, [])
        anchor = anchor or f"u-{number}-{len(places) + 1}"
        places.append((anchor, section or self.section))
        return anchor

    def text(self, text: str) -> str:
        """Text with Arabic words marked as such where the page is in another language."""
        text = super().text(text)
        if self.document.language == "ar":
            return text
        return _ARABIC_WORDS.sub(r'<bdi lang="ar" dir="rtl">\g<0></bdi>', text)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """A heading with an anchor; those of level 2 make the table of contents."""
        name = letters(text)
        anchor = self._anchor(name)
        if level == 2:
            self.section = escape(name, quote=False)
            self.sections.append((anchor, self.section))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def _anchor(self, name: str) -> str:
        """A readable anchor that the page does not have yet."""
        base = re.sub(r"\W+", "-", name.lower()).strip("-")[:50].strip("-") or "section"
        anchor, count = base, 1
        while anchor in self._anchors:
            count += 1
            anchor = f"{base}-{count}"
        self._anchors.add(anchor)
        return anchor

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link; one to a number is marked, and plain on a page without a ledger."""
        if not url.startswith("#n-"):
            return super().link(text, url, title)
        number = url[3:]
        if not self.document.entry(number):
            return f'<data value="{escape(number)}">{text}</data>'
        return f'<a class="n" id="{self.use(number)}" href="{escape(url)}">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """An image only if it is inside the page: a page asks nobody for anything."""
        return super().image(text, url, title) if url.startswith("data:") else text

    def table(self, text: str, caption: str = "") -> str:
        """A table that scrolls within its own frame on a narrow screen; the frame has the caption's
        name.
        """
        name = letters(caption) or self.document.word("Table, scrolls sideways")
        top = f"<caption>{caption}</caption>" if caption else ""
        return f"{scrolling(name)}<table>{top}\n{text}</table></div>\n"

    def table_row(self, text: str) -> str:
        """A row of a table's body."""
        return f"<tr>{text}</tr>\n"

    def table_cell(
        self, text: str, align: str | None = None, head: bool = False, row: bool = False
    ) -> str:
        """A cell, or the header of its column (`head`) or row; numbers stand at its end, and a cell
        of Arabic words keeps the order of its numbers.
        """
        is_arabic = ARABIC.search(text) and not re.search("[A-Za-z]", letters(text))
        if is_arabic and self.document.language != "ar":
            text = f'<bdi lang="ar" dir="rtl">{text}</bdi>'
        side = {"right": ' class="end"', "center": ' class="mid"'}.get(align or "", "")
        if not side and not row and _DAY.fullmatch(text):
            side = ' class="day"'
        if head:
            return f'<th scope="col"{side}>{text}</th>' if text.strip() else f"<td{side}></td>"
        return f'<th scope="row"{side}>{text}</th>' if row else f"<td{side}>{text}</td>"


def scrolling(name: str) -> str:
    """The start of a frame that scrolls sideways, also by keyboard, with a name to read aloud."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(name)}">'


def letters(html: str) -> str:
    """The text of a piece of HTML of our own."""
    return unescape(re.sub(r"<.*?>", "", html))


def plain(text: str | None) -> str:
    """Markdown as bare words on one line, for page titles and descriptions."""
    return " ".join(letters(_inline(_BARE, text)).split())


def _inline(parser: mistune.Markdown, text: str | None) -> str:
    """A piece of Markdown in which nothing begins a block."""
    state = BlockState()
    tokens = parser.inline((text or "").strip(), state.env)
    return str(parser.renderer.render_tokens(tokens, state)) if parser.renderer else ""


def table_tokens(table: Table, **attributes: str) -> dict[str, Any]:
    """A table as mistune's parser would give it; what is in the cells is still to be parsed."""

    def row(kind: str, cells: list[str]) -> dict[str, Any]:
        children = [
            {
                "type": "table_cell",
                "text": text,
                "attrs": {
                    "align": "right" if number else None,
                    "head": kind == "table_head",
                    "row": kind == "table_row" and place == 0,
                },
            }
            for place, (text, number) in enumerate(zip(cells, table["numbers"], strict=True))
        ]
        return {"type": kind, "children": children}

    body = {"type": "table_body", "children": [row("table_row", cells) for cells in table["rows"]]}
    head = row("table_head", table["columns"])
    return {"type": "table", "children": [head, body], "attrs": attributes}


def _mark_row_headers(_: mistune.Markdown, state: BlockState) -> None:
    """The first cell of each row of a table is the row's header."""
    for table in state.tokens:
        if table["type"] == "table":
            _, body = table["children"]
            for row in body["children"]:
                row["children"][0]["attrs"]["row"] = True
