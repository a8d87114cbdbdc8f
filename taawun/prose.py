"""Sentences whose numbers are links: a template holds ledger ids in braces, and what is printed comes from the quantity.

The printed Markdown links every number to its ledger entry (`#n-<id>`); the exporters turn the other mime types (figure, ledger, document) into pages.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import pandas as pd

from .numeral import written
from .quantity import Quantity

FIELD = re.compile(r"\{(?P<id>\w+)(?::(?P<choice>[^{}]*))?\}")
FIGURE, LEDGER, DOCUMENT = (f"application/vnd.taawun.{kind}+json" for kind in ("figure", "ledger", "document"))
SIGNS = {" ** ": "^", " * ": " × ", " / ": " ÷ ", " - ": " − "}
PROVENANCE = ["as_printed", "read_as", "language", "publisher", "title", "published", "url", "note"]


class UnknownId(LookupError):
    """An id that is not in the ledger; the message names the nearest ones."""

    def __init__(self, id: str, known: Sequence[str]):
        near = get_close_matches(id, known, 3) or list(known)[:3]
        super().__init__(f"there is no {{{id}}} in the ledger; the nearest are {', '.join(near)}")

    def __str__(self):
        return self.args[0]


class Shown:
    """One output of a cell, in every form that a reader of the notebook may want: mime type to content."""

    def __init__(self, **bundle):
        self.bundle = {name.replace("__", "/"): content for name, content in bundle.items()}

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.bundle

    def __str__(self):
        return self.bundle.get("text/markdown", "")


class Prose:
    """Writes with the numbers of one ledger: `ledger` is quantities by id, `figures` the table of step 01 for the words as printed."""

    def __init__(self, ledger: Mapping[str, Quantity], figures: pd.DataFrame | None = None, language: str = "en"):
        self.ledger, self.language, self.used = ledger, language, {}
        self.figures = {} if figures is None else {row["figure_id"]: row for row in figures.fillna("").to_dict("records")}

    def __call__(self, *sentences: str) -> Shown:
        """A paragraph of the sentences whose numbers had all been published."""
        return Shown(text__markdown=" ".join(self.link(sentence) for sentence in sentences if self.can_say(sentence)))

    def first(self, *alternatives: str) -> str:
        """The first of the templates whose numbers had all been published; empty if there is none."""
        return next((text for text in alternatives if self.can_say(text)), "")

    def items(self, *items: str) -> Shown:
        """A list of the items whose numbers had all been published."""
        return Shown(text__markdown="\n".join(f"- {self.link(item)}" for item in items if self.can_say(item)))

    def table(self, columns: Mapping[str, Sequence[str]], numbers: Sequence[str] = (), unknown: str = "–") -> Shown:
        """A table: template cells by heading; the columns in `numbers` are set to the right."""
        rule = ["---:" if name in numbers else ":---" for name in columns]
        rows = [[self.link(cell) if self.can_say(cell) else unknown for cell in row] for row in zip(*columns.values(), strict=True)]
        return Shown(text__markdown="\n".join("| " + " | ".join(row) + " |" for row in [list(columns), rule, *rows]))

    def figure(self, id: str, svg: str, *, title: str, subtitle: str, caption: str, alt: str, table: Shown) -> Shown:
        """A figure: its title states the finding, its subtitle what, where, when and unit, its caption the source; `table` holds its data."""
        part = {"title": self.link(title), "subtitle": self.link(subtitle), "caption": self.link(caption), "alt": self.plain(alt), "svg": svg, "table": str(table)}
        html = f'<figure><p><b>{self.plain(title)}</b><br>{self.plain(subtitle)}</p>{svg}<figcaption>{self.plain(caption)}</figcaption></figure>'
        return Shown(text__html=html, **{FIGURE.replace("/", "__"): {"id": id, **part}})

    def rows(self, quantities: Sequence[Quantity], labelled: Sequence[str] | None = None) -> pd.DataFrame:
        """The quantities as `plots` draws them: date, value, low, high, id, and the label as printed (only for the ids in `labelled`, if given)."""
        self.used |= dict.fromkeys(q.id for q in quantities if q.known)
        label = [written(q, self.language) if q.known and (labelled is None or q.id in labelled) else "" for q in quantities]
        return pd.DataFrame({"date": [q.date for q in quantities], "value": [q.value for q in quantities], "low": [q.low for q in quantities],
                             "high": [q.high for q in quantities], "label": label, "id": [q.id for q in quantities]})

    def document(self, **about: str) -> Shown:
        """Title, subtitle and imprint of the whole; shown as a heading in JupyterLab."""
        about = {key: self.plain(text) for key, text in about.items()} | {"language": self.language}
        return Shown(text__markdown=f"# {about['title']}\n\n{about.get('subtitle', '')}", **{DOCUMENT.replace("/", "__"): about})

    def annex(self, heading: str) -> Shown:
        """Every number used so far and all that it rests on, down to printed words."""
        ids, queue = {}, list(self.used)
        while queue:
            id = queue.pop(0)
            if id not in ids:
                ids[id] = self._entry(self[id])
                queue += [part.id for part in self[id].inputs]
        lines = [f"- **{e['label']}**: {e['value']}. {e['formula'] or e['words']}" for e in ids.values()]
        return Shown(text__markdown="\n".join([f"## {heading}", "", *lines]), **{LEDGER.replace("/", "__"): {"heading": heading, "entries": list(ids.values())}})

    def __getitem__(self, id: str) -> Quantity:
        if id not in self.ledger:
            raise UnknownId(id, list(self.ledger))
        return self.ledger[id]

    def can_say(self, template: str) -> bool:
        """Whether all numbers of the template had been published; UnknownId if one does not exist at all."""
        return all([self[found["id"]].known for found in FIELD.finditer(template)])

    def link(self, template: str) -> str:
        """The template as Markdown, each number a link to its ledger entry."""
        return FIELD.sub(lambda found: self._field(found, "[{}](#n-{})"), template)

    def plain(self, template: str) -> str:
        """The template as plain text, for alternative texts and titles."""
        return FIELD.sub(lambda found: self._field(found, "{}"), template)

    def _field(self, found: re.Match, form: str) -> str:
        """A number, or for `{id:rose|fell}` the word that its sign calls for (`{id:rose|did not change|fell}` with three)."""
        quantity = self[found["id"]]
        self.used[found["id"]] = True
        if not found["choice"]:
            return form.format(written(quantity, self.language), quantity.id)
        up, *same, down = found["choice"].split("|")
        if same and quantity.low <= 0 <= quantity.high:
            return same[0]
        return up if quantity.value > 0 else down

    def _entry(self, quantity: Quantity) -> dict:
        """One row of the annex: what the number is, and either its arithmetic or the printed words."""
        source = self.figures.get(quantity.id, dict.fromkeys(PROVENANCE, ""))
        value = written(quantity, self.language) if quantity.known else "not yet published"
        return {
            "id": quantity.id, "label": quantity.label, "value": f"{value} {quantity.unit}" if quantity.unit not in ("percent", "1", "count") else value,
            "formula": self._formula(quantity), "inputs": [part.id for part in quantity.inputs], "date": quantity.date,
            "words": source["as_printed"], "words_language": source["language"], "read_as": source["read_as"],
            **{key: source[key] for key in ("publisher", "title", "published", "url", "note")},
        }

    def _formula(self, quantity: Quantity) -> str:
        """The arithmetic with the numbers in it, each a link to its own entry."""
        if not quantity.inputs:
            return ""
        text = quantity.formula
        for sign, shown in SIGNS.items():
            text = text.replace(sign, shown)
        text = re.sub(r"constant\((.+?), '(\w+)'\)", r"\1 \2", text)
        known = {part.id: part for part in quantity.inputs}
        return re.sub(r"[A-Za-z]\w*", lambda word: f"[{written(known[word[0]], self.language) if known[word[0]].known else word[0]}](#n-{word[0]})" if word[0] in known else word[0], text)
