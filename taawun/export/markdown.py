"""Markdown to accessible HTML: headings with anchors, tables with header cells and a caption,
numbers that link to the ledger.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

import mistune

from taawun.export.document import Document
from taawun.export.downloads import as_csv, offered
from taawun.export.fonts import ARABIC
from taawun.export.pictures import Picture
from taawun.export.printer import Printer
from taawun.locales import PERCENTAGE

#: What only wraps its content.
_FORMS = {
    "subscript": "<sub>{}</sub>",
    "superscript": "<sup>{}</sup>",
    "table_head": "<thead>\n{}</thead>\n",
    "head_row": "<tr>\n{}</tr>\n",
    "table_row": "<tr>{}</tr>\n",
}
_ARABIC_WORDS = re.compile(
    r"[\u0600-\u06ff](?:[\u0600-\u06ff\u064b-\u0652\d\s.,٬،٫%-]*[\u0600-\u06ff])?"
)
#: In pixels: what a table has on a telephone of 320, and what a letter of its takes.
TELEPHONE, LETTER = 278, 7.2
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")


class Markdown(Printer, mistune.HTMLRenderer):
    """Prints the Markdown of one page; it remembers the sections as (anchor, name in HTML) and, for
    each ledger id, where its number stands as (anchor, name of the section in HTML).
    """

    def __init__(self, document: Document) -> None:
        super().__init__(document, escape=False)
        self.section = ""
        #: What the tables belong to that are printed now, such as «Figure 2».
        self.belongs = ""
        #: The words of the last table as the address of a file.
        self.words = ""
        self._tables = 0
        self.sections: list[tuple[str, str]] = []
        self.uses: dict[str, list[tuple[str, str]]] = {}
        #: Whether a number that is printed is a use of it, as in formulas it is none.
        self.counts = True
        for kind, form in _FORMS.items():
            self.register(kind, lambda _, text, form=form: form.format(text))
        self._names: dict[str, int] = {}
        self._anchors = {"text", "ledger", "ledger-title", "all-code", "card"}  # those of the page

    def use(self, number: str, anchor: str = "", section: str = "") -> str:
        """Remember one use of a number and give its anchor."""
        places = self.uses.setdefault(number, [])
        anchor = anchor or f"u-{number}-{len(places) + 1}"
        places.append((anchor, section or self.section))
        return anchor

    def text(self, text: str) -> str:
        """Text with Arabic words marked as such where the page is in another language; on a page
        that runs from the right percentages keep their order.
        """
        text = super().text(text)
        if self.document.direction == "rtl":
            return PERCENTAGE.sub(r'<bdi dir="ltr">\g<0></bdi>', text)
        return _ARABIC_WORDS.sub(r'<bdi lang="ar" dir="rtl">\g<0></bdi>', text)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """A heading with an anchor; those of level 2 are the contents. Without words it is none."""
        name = letters(text)
        if not name.strip():
            return self.paragraph(text) if text else ""
        anchor = self.anchor(re.sub(r"\W+", "-", name.lower()).strip("-")[:50].strip("-"))
        level = self.level(level)
        if level == 2:
            self.section = escape(name, quote=False)
            self.sections.append((anchor, self.section))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def anchor(self, base: str) -> str:
        """A readable anchor that the page does not have yet."""
        base = base or "section"
        if base.startswith(("n-", "u-")):  # where numbers stand
            base = f"section-{base}"
        anchor, count = base, 1
        while anchor in self._anchors:
            count += 1
            anchor = f"{base}-{count}"
        self._anchors.add(anchor)
        return anchor

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link; one to a number is marked, and plain on a page without a ledger; one that would
        run something is text.
        """
        if not url.startswith("#n-"):
            is_data = url.strip().lower().startswith("data:")  # safe as a picture, not as a place
            is_safe = url and not is_data and self.sanitize_url(url) == url
            return super().link(text, url, title) if is_safe else text
        number = url[3:]
        if not self.document.entry(number):
            return f'<data value="{escape(number)}">{text}</data>'
        anchor = f' id="{escape(self.use(number))}"' if self.counts else ""
        return f'<a class="n"{anchor} href="{escape(url)}">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None, *, picture: Picture) -> str:  # type: ignore[override]
        """A picture that is in the notebook: a page asks nobody for anything."""
        return f'<img class="out" alt="{escape(letters(text))}" src="{picture.address}">'

    def inline_math(self, text: str) -> str:
        """A formula as it is written."""
        return escape(f"${text}$")

    def block_math(self, text: str) -> str:
        """A formula of its own as it is written."""
        return self.block_code(f"$$\n{text}\n$$")

    def table(self, text: str, caption: str = "") -> str:
        """A table in a frame of its own that scrolls, and that has the caption's name; on a page of
        a report its words as a file under it, unless it belongs to a figure, which offers them.
        """
        name = letters(caption) or self.document.word("Table")
        name = self._own_name(": ".join(filter(None, [self.belongs, name])))
        top = f"<caption>{caption}</caption>" if caption else ""
        frame = f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(name)}">'
        rows = [re.findall(r"<t[hd]\b.*?</t[hd]>", row) for row in text.split("</tr>")]
        words = [[letters(cell).strip() for cell in row] for row in rows if row]
        made = f"{frame}<table{_stacked(words)}>{top}\n{text}</table></div>\n"
        self.words = as_csv(words)
        if self.belongs or not self.document.pages:
            return made
        self._tables += 1
        file = f"{self.document.name}.table-{self._tables}.csv"
        return made + offered(self.document.word("Download"), name, [("CSV", self.words, file)])

    def _own_name(self, name: str) -> str:
        """The name of a region; with a number, if another region has it already."""
        self._names[name] = count = self._names.get(name, 0) + 1
        return name if count == 1 else f"{name} ({count})"

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


def _stacked(rows: list[list[str]]) -> str:
    """What says of a table too wide for a telephone that its rows are cards there, whose lines are
    named as the columns are; empty for one that is not.
    """
    columns = [list(cells) for cells in zip(*rows, strict=False)]
    if sum(map(_narrowest, columns)) <= TELEPHONE:
        return ""
    names = (re.sub(r'["\\]', r"\\\g<0>", name).strip() for name, *_ in columns)
    labels = "".join(f'--c{place}:"{name}";' for place, name in enumerate(names, 1) if name)
    return f' class="stacks" style="{escape(labels)}"'


def _narrowest(cells: list[str]) -> float:
    """About how many pixels the words of a column need side by side with others."""
    longest = max(len(word) for cell in cells for word in [*re.split(r"[\s-]", cell), "a" * 9])
    return longest * LETTER + 13


def letters(html: str) -> str:
    """The text of a piece of HTML of our own."""
    return unescape(re.sub(r"<.*?>", "", html))
