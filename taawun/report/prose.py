"""What a report says: paragraphs, lists, tables and figures whose numbers are links.

The printed Markdown links every number to its entry in the annex (`#n-<name>`); the exporters turn
the other MIME types (table, figure, ledger, document) into pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from taawun.ledger import UnknownName
from taawun.locales import direction
from taawun.messages import Refused
from taawun.mime import DOCUMENT, FIGURE, LEDGER, TABLE, Table, pipe_table
from taawun.numbers.formatting import day, digits, month
from taawun.paths import shell_of_a_person
from taawun.quantity import Quantity
from taawun.report.annex import Annex
from taawun.report.template import fields
from taawun.report.whatif import WhatIf
from taawun.report.writer import Writer

MARKDOWN = "text/markdown"
HTML = "text/html"


class Shown:
    """One output of a cell, in every form that a reader may want: MIME type to content."""

    def __init__(self, bundle: Mapping[str, Any]):
        self.bundle = dict(bundle)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.bundle

    def __repr__(self) -> str:
        return self.bundle.get(MARKDOWN, "")


class Prose(Writer):
    """Says things with the numbers of one ledger; `figures` has the printed words."""

    def __init__(
        self,
        ledger: Mapping[str, Quantity],
        figures: pd.DataFrame | None = None,
        language: str = "en",
    ):
        super().__init__(ledger, language)
        told = pd.DataFrame() if figures is None else figures.astype(object)
        rows: Any = told.where(told.notna(), "").to_dict("records")
        self.figures = {row["figure_id"]: row for row in rows}
        self.what_if = WhatIf(self)

    @property
    def rtl(self) -> bool:
        """Whether the language is written from the right."""
        return direction(self.language) == "rtl"

    def __call__(self, *sentences: str) -> Shown:
        """A paragraph of the sentences whose numbers had all been published and whose conditions
        hold.
        """
        said = [self.link(sentence) for sentence in sentences if self.can_say(sentence)]
        text = " ".join(filter(None, said))
        self.what_if.note("p", text, sentences)
        return Shown({MARKDOWN: text + self._entries(text)})

    def heading(self, *alternatives: str, level: int = 2) -> Shown:
        """The first of the alternatives that can be said, as a heading; nothing for none."""
        text = self.first(*alternatives)
        self.claims.headlines.add(text)
        return Shown({MARKDOWN: f"{'#' * level} {self.line(text)}" if text else ""})

    def first(self, *alternatives: str) -> str:
        """The first of the templates whose numbers had all been published and whose conditions
        hold; empty for none.
        """
        for text in alternatives:
            self.sentence(text)  # whichever is said today, all have to be sound and translated
        found = next((text for text in alternatives if self.can_say(text)), "")
        self.what_if.chose(found, alternatives)
        return found

    def line(self, template: str) -> str:
        """A template as `link` writes it, for a line that stands by itself."""
        text = self.link(template)
        self.what_if.note("", text, [template])
        return text

    def items(self, *items: str, headlines: bool = True) -> Shown:
        """A list of the items whose numbers had all been published, each a headline with a note in
        how many readings it holds, if they are headlines.
        """
        said = [item for item in items if item and self.can_say(item)]
        if headlines:
            self.claims.headlines.update(said)
        notes = [self.sureness(item) if headlines else "" for item in said]
        lines = [f"- {self.link(item)}{note}" for item, note in zip(said, notes, strict=True)]
        text = "\n".join(lines)
        kind = "headlines" if headlines else "list"
        self.what_if.note(kind, text, [item for item in items if item])
        return Shown({MARKDOWN: text + self._entries(text)})

    def table(
        self,
        columns: Mapping[str, Sequence[Any]] | pd.DataFrame,
        link: Sequence[str] = (),
        numbers: Sequence[str] | None = None,
        widest: tuple[str, str] | None = None,
        caption: str = "",
        unknown: str = "–",
        empty: str = "",
    ) -> Shown:
        """A table under its caption: a column of templates by heading. A column in `link` holds
        names of the ledger, or quantities, each shown as its number; `empty` stands where it has
        none. Columns in `numbers` (without it, those in `link`) are set to the right. Of the rows
        alike in the first column of `widest` the one with the greatest number in the second stands.
        A last cell may be a finding and what else could be found, each with its comparisons.

        A row whose numbers had none been published is left out, and so is an empty table.
        """
        numbers = link if numbers is None else numbers
        given = {str(heading): list(column) for heading, column in columns.items()}
        templates = self._templates(given, link, numbers, empty)
        rows = [
            *filter(self._row_can_say, map(self._followed, zip(*templates.values(), strict=True)))
        ]
        if widest:
            rows = self.what_if.widest(rows, *map([*templates].index, widest))
        cells = [
            [self._cell(cell) if self.can_say(cell) else unknown for cell in row] for row in rows
        ]
        if not cells:
            return Shown({MARKDOWN: ""})
        table = Table(
            caption=self.line(caption) if caption else "",
            columns=[self.text(heading) for heading in templates],
            numbers=[heading in numbers for heading in templates],
            rows=cells,
        )
        above = f"Table: {table['caption']}\n\n" if caption else ""
        return Shown({MARKDOWN: above + pipe_table(table), TABLE: table})

    def figure(
        self,
        name: str,
        drawing: tuple[str, str],
        *,
        title: str,
        subtitle: str,
        caption: str,
        alt: str,
        table: Shown,
    ) -> Shown:
        """A figure: its title states the finding, its subtitle what, where, when and unit, its
        caption the source, and `alt` what is to be seen (the subtitle stands in for it if one of
        its numbers had not been published); `drawing` is its wide and its narrow SVG, `table` its
        data. Nothing if nothing was drawn.
        """
        wide, narrow = drawing
        if not wide:
            return Shown({MARKDOWN: ""})
        self.claims.headlines.add(title)
        figure = {
            "id": name,
            "title": self.line(title),
            "subtitle": self.line(subtitle),
            "caption": self.line(caption),
            "alt": self.plain(self.first(alt, subtitle)),
            "svg": wide,
            "svg_narrow": narrow,
            "table": table.bundle.get(TABLE),
        }
        heading = f"<p><b>{self.plain(title)}</b><br>{self.plain(subtitle)}</p>"
        source = f"<figcaption>{self.plain(caption)}</figcaption>"
        return Shown({HTML: f"<figure>{heading}{wide}{source}</figure>", FIGURE: figure})

    def rows(
        self,
        quantities: Iterable[Quantity | str],
        label: Iterable[Quantity | str] | None = None,
    ) -> pd.DataFrame:
        """One row a known quantity, as `charts` draws them: date, value, low, high, label as
        printed (only for those in `label`, if given) and id. Both may be given by name.
        """
        known = [q for q in map(self._quantity, quantities) if q.known]
        labelled = known if label is None else [self._quantity(one) for one in label]
        printed = {q.id: self.number(q) for q in labelled if q.known}
        self.used |= dict.fromkeys(q.id for q in known)
        rows = [[q.date, q.value, q.low, q.high, printed.get(q.id, ""), q.id] for q in known]
        return pd.DataFrame(rows, columns=["date", "value", "low", "high", "label", "id"])

    def field(self, named: Quantity | str, form: str = "") -> str:
        """The template that is the number of a quantity alone, or what a form prints of it."""
        name = self._quantity(named).id
        return f"{{{name}:{form}}}" if form else f"{{{name}}}"

    def reason(self, words: str) -> str:
        """The words of a person's judgement with the numbers that they name; nothing if one of them
        had not been published. They are a person's, so that no word of them is refused.

        Raises ValueError with the words if the ledger has no such name.
        """
        try:
            return self.fill(words, self.linked) if self.can_say(words) else ""
        except UnknownName as error:
            raise Refused(f"data/hand/*.csv, «{words}»: {error}") from None

    def axis(self, unit: str = "count") -> Callable[[float], str]:
        """How an axis in `unit` writes its ticks in the language of the text."""
        return lambda value: digits(Quantity(value, value, value, unit), value, self.language)

    def month(self, day: str) -> str:
        """How an axis of time writes the month of a day, in the language of the text."""
        return month(day, self.language, short=True)

    def document(self, alternates: Mapping[str, str] | None = None, **about: str) -> Shown:
        """Title, subtitle, imprint and addresses by language; a heading in JupyterLab."""
        document: dict[str, Any] = {
            key: text if text.startswith("https://") else self.plain(text)
            for key, text in about.items()
        }
        for key, text in about.items():
            self.what_if.note("", document[key], [text])
        self.claims.headlines.add(about.get("title", ""))
        document["language"] = self.language
        if alternates:
            document["alternates"] = list(alternates.items())
        heading = f"# {document['title']}\n\n{document.get('subtitle', '')}"
        return Shown({MARKDOWN: heading, DOCUMENT: document})

    def who(self, named: Quantity | str) -> Shown:
        """Where a number comes from: publisher, day and words as printed, or its arithmetic."""
        quantity = self._quantity(named)
        self.used[quantity.id] = None
        annex = Annex(self, self.figures)
        entry = annex.entry(quantity)
        published = day(entry["published"], self.language) if entry["published"] else ""
        by = ", ".join(filter(None, [entry["publisher"], published]))
        words = f"{by}: «{entry['words']}»" if entry["words"] else quantity.source or entry["label"]
        text = f"{annex.value(quantity)} ({entry['formula'] or words})"
        return Shown({MARKDOWN: text + self._entries(text)})

    def annex(self, heading: str) -> Shown:
        """Every number used so far and all that it rests on, down to printed words; and of every
        name of the ledger, whether its number had been published, for the cells that need one.
        """
        annexed = Annex(self, self.figures)
        entries = annexed.entries()
        units = {entry["id"]: annexed.unit(self[entry["id"]]) for entry in entries}
        shares = [
            entry["id"]
            for entry in entries
            if self.figures.get(entry["code"], {}).get("measure") == "share"
        ]
        lines = [f"## {self.text(heading)}", ""] + [
            f'- <a id="n-{entry["id"]}"></a>**{entry["label"]}**: {entry["value"]}. '
            f"{entry['formula'] or entry['words']}"
            for entry in entries
        ]
        annex = {
            "heading": self.text(heading),
            "entries": entries,
            "messages": list(self.messages),
            "published": {name: self[name].known for name in self.ledger},
            "claims": [self._claim(claim) for claim in self.claims.table()],
            "what_if": self.what_if.bundle(units, shares),
        }
        return Shown({MARKDOWN: "\n".join(lines), LEDGER: annex})

    def _claim(self, claim: dict[str, Any]) -> dict[str, Any]:
        """A claim with the words that say it, none if it does not hold or had no numbers yet."""
        stands = claim["published"] and not claim["failed"]
        return claim | {"said": self.plain(claim["template"]) if stands else ""}

    def _entries(self, text: str) -> str:
        """What the numbers of a text link to, where a person runs the notebook: one line each."""
        names = dict.fromkeys(re.findall(r"\(#n-(\w+)\)", text)) if shell_of_a_person() else {}
        lines = [f'<li id="n-{name}">{escape(repr(self[name]))}</li>' for name in names]
        return f"\n\n<ul class='entries'><small>{''.join(lines)}</small></ul>" if lines else ""

    def _quantity(self, named: Quantity | str) -> Quantity:
        return named if isinstance(named, Quantity) else self[named]

    def _templates(
        self,
        columns: Mapping[str, Sequence[Any]],
        link: Sequence[str],
        numbers: Sequence[str],
        empty: str,
    ) -> dict[str, Sequence[str]]:
        """The columns of a table with their templates, names turned into fields."""
        for heading in {*link, *numbers} - set(columns):
            raise Refused(
                f"the table has no column «{heading}»; its columns are {', '.join(columns)}"
            )
        return {
            heading: [self.field(cell) if cell else empty for cell in cells]
            if heading in link
            else cells
            for heading, cells in columns.items()
        }

    def _cell(self, template: str) -> str:
        """A cell of a table; one without a field is a label or words of a table by hand."""
        if not fields(template):
            return self.text(template)
        return self.fill(self.sentence(template), self.marked)

    def _followed(self, row: Sequence[Any]) -> Sequence[str]:
        """A row of templates; what could stand in its last cell, if that says so, is kept."""
        if isinstance(row[-1], str):
            return row
        found, others = row[-1]
        whole = [*row[:-1], found]
        if others[1:]:
            self.what_if.follow(whole, [(tests, [words]) for tests, words in others])
        return whole

    def _row_can_say(self, row: Sequence[str]) -> bool:
        """Whether a row of templates has a number that had been published, or no number at all."""
        found = [field for cell in row for field in fields(cell)]
        return not found or any(self.stated(field).known for field in found)
