"""Sentences whose numbers are links: a template holds ledger ids in braces, and what is printed
comes from the quantity.

The printed Markdown links every number to its ledger entry (`#n-<id>`); the exporters turn the
other mime types (figure, ledger, document) into pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from taawun.formula import Typeset
from taawun.ledger import UnknownName
from taawun.locales import direction
from taawun.mime import DOCUMENT, FIGURE, LEDGER, TABLE, Table, pipe_table
from taawun.numbers.formatting import BETWEEN, HEDGES, digits, month, plain_number, plural, written
from taawun.quantity import Quantity
from taawun.report.translation import translate

FIELD = re.compile(r"\{(?P<id>\w+)(?::(?P<choice>[^{}]+))?\}")
PROVENANCE = ["as_printed", "read_as", "language", "publisher", "title", "published", "url", "note"]


class Shown:
    """One output of a cell, in every form that a reader of the notebook may want: mime type to
    content.
    """

    def __init__(self, **bundle):
        self.bundle = {name.replace("__", "/"): content for name, content in bundle.items()}

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.bundle

    def __repr__(self):
        return self.bundle.get("text/markdown", "")


class Prose:
    """Writes with the numbers of one ledger: `ledger` is quantities by id, `figures` the table of
    step 01 for the words as printed.
    """

    def __init__(
        self,
        ledger: Mapping[str, Quantity],
        figures: pd.DataFrame | None = None,
        language: str = "en",
    ):
        self.ledger, self.language, self.used, self.messages = ledger, language, {}, {}
        self.figures = (
            {}
            if figures is None
            else {row["figure_id"]: row for row in figures.fillna("").to_dict("records")}
        )

    @property
    def rtl(self) -> bool:
        """Whether the language is written from the right."""
        return direction(self.language) == "rtl"

    def __call__(self, *sentences: str) -> Shown:
        """A paragraph of the sentences whose numbers had all been published."""
        return Shown(
            text__markdown=" ".join(
                self.link(sentence) for sentence in sentences if self.can_say(sentence)
            )
        )

    def first(self, *alternatives: str) -> str:
        """The first of the templates whose numbers had all been published; empty if there is none."""
        return next((text for text in alternatives if self.can_say(text)), "")

    def items(self, *items: str) -> Shown:
        """A list of the items whose numbers had all been published."""
        return Shown(
            text__markdown="\n".join(f"- {self.link(item)}" for item in items if self.can_say(item))
        )

    def table(
        self,
        columns: Mapping[str, Sequence[str]],
        numbers: Sequence[str] = (),
        caption: str = "",
        unknown: str = "–",
    ) -> Shown:
        """A table under its caption: template cells by heading; the columns in `numbers` are set to
        the right. A row whose numbers had none been published is left out, and so is an empty
        table.
        """
        rows = [row for row in zip(*columns.values(), strict=True) if self._row_can_say(row)]
        cells = [
            [self.link(cell) if self.can_say(cell) else unknown for cell in row] for row in rows
        ]
        caption = self.link(caption) if caption else ""
        headings = [self.text(name) for name in columns]
        if not cells:
            return Shown(text__markdown="")
        table = Table(
            caption=caption,
            columns=headings,
            numbers=[name in numbers for name in columns],
            rows=cells,
        )
        heading = f"Table: {caption}\n\n" if caption else ""
        return Shown(
            text__markdown=heading + pipe_table(table), **{TABLE.replace("/", "__"): table}
        )

    def figure(
        self,
        id: str,
        svg: tuple[str, str],
        *,
        title: str,
        subtitle: str,
        caption: str,
        alt: str,
        table: Shown,
    ) -> Shown:
        """A figure: its title states the finding, its subtitle what, where, when and unit, its
        caption the source; `svg` is its wide and its narrow drawing, `table` its data. Nothing if
        nothing was drawn.
        """
        wide, narrow = svg
        if not wide:
            return Shown(text__markdown="")
        part = {
            "title": self.link(title),
            "subtitle": self.link(subtitle),
            "caption": self.link(caption),
            "alt": self.plain(alt),
            "svg": wide,
            "svg_narrow": narrow,
            "table": table.bundle.get(TABLE),
        }
        html = f"<figure><p><b>{self.plain(title)}</b><br>{self.plain(subtitle)}</p>{wide}<figcaption>{self.plain(caption)}</figcaption></figure>"
        return Shown(text__html=html, **{FIGURE.replace("/", "__"): {"id": id, **part}})

    def rows(
        self, quantities: Sequence[Quantity], labelled: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """The known quantities as `plots` draws them: date, value, low, high, id, and the label as
        printed (only for the ids in `labelled`, if given).
        """
        quantities = [q for q in quantities if q.known]
        self.used |= dict.fromkeys(q.id for q in quantities)
        label = [
            self.number(q) if (labelled is None or q.id in labelled) else "" for q in quantities
        ]
        return pd.DataFrame(
            {
                "date": [q.date for q in quantities],
                "value": [q.value for q in quantities],
                "low": [q.low for q in quantities],
                "high": [q.high for q in quantities],
                "label": label,
                "id": [q.id for q in quantities],
            }
        )

    def axis(self, unit: str = "cooperatives") -> Callable[[float], str]:
        """How an axis in `unit` writes its ticks in the language of the text."""
        return lambda value: digits(Quantity(value, value, value, unit), value, self.language)

    def document(self, alternates: Mapping[str, str] | None = None, **about: str) -> Shown:
        """Title, subtitle and imprint of the whole, and its addresses by language; shown as a
        heading in JupyterLab.
        """
        about = (
            {key: self.plain(text) for key, text in about.items()}
            | {"language": self.language}
            | ({"alternates": list(alternates.items())} if alternates else {})
        )
        return Shown(
            text__markdown=f"# {about['title']}\n\n{about.get('subtitle', '')}",
            **{DOCUMENT.replace("/", "__"): about},
        )

    def annex(self, heading: str) -> Shown:
        """Every number used so far and all that it rests on, down to printed words."""
        ids, queue = {}, list(self.used)
        while queue:
            id = queue.pop(0)
            if id not in ids:
                ids[id] = self._entry(self[id])
                queue += [part.id for part in self[id].inputs]
        lines = [
            f"- **{e['label']}**: {e['value']}. {e['formula'] or e['words']}" for e in ids.values()
        ]
        annex = {
            "heading": self.text(heading),
            "entries": list(ids.values()),
            "messages": list(self.messages),
        }
        return Shown(
            text__markdown="\n".join([f"## {annex['heading']}", "", *lines]),
            **{LEDGER.replace("/", "__"): annex},
        )

    def __getitem__(self, id: str) -> Quantity:
        if id not in self.ledger:
            raise UnknownName(id, self.ledger)
        return self.ledger[id]

    def can_say(self, template: str) -> bool:
        """Whether all numbers of the template had been published; UnknownName if one does not exist
        at all.
        """
        quantities = [self[found["id"]] for found in FIELD.finditer(template)]
        return all(quantity.known for quantity in quantities)

    def _row_can_say(self, row: Sequence[str]) -> bool:
        """Whether a row of templates has a number that had been published, or no number at all."""
        fields = [found for cell in row for found in FIELD.finditer(cell)]
        return not fields or any(self[found["id"]].known for found in fields)

    def link(self, template: str) -> str:
        """The template in the language of the text as Markdown, each number a link to its ledger
        entry.
        """
        return FIELD.sub(lambda found: self._field(found, "[{}](#n-{})"), self.text(template))

    def plain(self, template: str) -> str:
        """The template in the language of the text as plain text, for alternative texts and titles."""
        return FIELD.sub(lambda found: self._field(found, "{}"), self.text(template))

    def text(self, template: str) -> str:
        """The template in the language of the text, its fields still open."""
        self.messages[template] = True
        return translate(template, self.language)

    def number(self, quantity: Quantity) -> str:
        """A quantity as the text writes it, its hedge in the language of the text."""
        return written(
            quantity,
            self.language,
            self.text(BETWEEN),
            {name: self.text(words) for name, words in HEDGES.items()},
        )

    def _field(self, found: re.Match, form: str) -> str:
        """What a field prints: a number; for `{id:date}` its month; for `{id:if}` nothing, it only
        has to be known; for `{id:rose|fell}` the word its sign calls for; for
        `{id:one=day;other=days}` the plural form.
        """
        quantity, choice = self[found["id"]], found["choice"]
        if choice == "if":
            return ""
        if choice == "date":
            return month(quantity.date, self.language)
        if choice and "=" in choice:
            forms = dict(form.split("=") for form in choice.split(";"))
            return forms.get(plural(quantity, self.language), forms["other"])
        self.used[quantity.id] = True
        if not choice:
            return form.format(self.number(quantity), quantity.id)
        up, *same, down = choice.split("|")
        if quantity.low <= 0 <= quantity.high:
            if not same:
                raise ValueError(
                    f"{quantity.id} may be zero, so that neither «{up}» nor «{down}» is sure; "
                    f"accepted: {{{quantity.id}:{up}|a word for no change|{down}}}"
                )
            return same[0]
        return up if quantity.value > 0 else down

    def _entry(self, quantity: Quantity) -> dict:
        """One row of the annex: what the number is, and either its arithmetic or the printed words."""
        source = self.figures.get(quantity.id, dict.fromkeys(PROVENANCE, ""))
        value = (
            f"{self.number(quantity)} {self._unit(quantity)}".strip()
            if quantity.known
            else self.text("not yet published")
        )
        return {
            "id": quantity.id,
            "label": self.text(quantity.label),
            "value": value,
            "formula": self._formula(quantity),
            "inputs": [part.id for part in quantity.inputs],
            "date": quantity.date,
            "words": source["as_printed"],
            "words_language": source["language"],
            "read_as": source["read_as"],
            **{key: source[key] for key in ("publisher", "title", "published", "url", "note")},
        }

    def _unit(self, quantity: Quantity) -> str:
        """The unit as a word behind the number; a translation may give it plural forms, as
        `{:few=...;other=...}`.
        """
        if quantity.unit in ("percent", "1", "count"):
            return ""
        return FIELD.sub(
            lambda found: self._field(found, "{}"),
            self.text(quantity.unit).replace("{:", f"{{{quantity.id}:"),
        )

    def _formula(self, quantity: Quantity) -> str:
        """The arithmetic as people write it, each number in it a link to its own entry."""
        if not quantity.inputs:
            return ""
        typeset = Typeset(
            name=lambda name: self._part(self[name]),
            number=lambda number: plain_number(number, self.language),
            word=self.text,
        )
        return typeset.write(quantity.formula)

    def _part(self, quantity: Quantity) -> str:
        """A number of a formula, linked to its entry; its name if it had not been published."""
        shown = self.number(quantity) if quantity.known else quantity.id
        return f"[{shown}](#n-{quantity.id})"
