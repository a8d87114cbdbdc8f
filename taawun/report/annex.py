"""The annex: what is known of every number that a text states, down to printed words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from taawun.formula import Typeset, lineage
from taawun.locales import SOURCE
from taawun.numbers.formatting import plain_number, says_number, with_days
from taawun.quantity import Quantity
from taawun.report.writer import Writer
from taawun.units import in_words

#: What an entry takes from the figure's row in the table of printed figures, by its column there.
PROVENANCE = {
    "words": "as_printed",
    "words_language": "language",
    "read_as": "read_as",
    "publisher": "publisher",
    "title": "title",
    "published": "published",
    "url": "url",
    "archived": "archived",
    "note": "note",
}
BARE = ("percent", "1", "count")


def says(label: str, noun: str) -> bool:
    """Whether a label says itself what is counted, as «lights on the north coast» does, and «lights
    per keeper».
    """
    word = r" per " if "/" in noun else rf"\b{re.escape(noun)}\b"
    return re.search(word, label, re.IGNORECASE) is not None


class Annex:
    """Writes the entries of the numbers that `say` used; `figures` is by figure_id."""

    def __init__(self, say: Writer, figures: Mapping[str, Mapping[str, str]]):
        self.say, self.figures = say, figures

    def entries(self) -> list[dict[str, Any]]:
        """One entry a number that was used, and then one for each that these rest on."""
        names = lineage(self.say.used, lambda name: [part.id for part in self.say[name].inputs])
        return [self.entry(self.say[name]) for name in names]

    def entry(self, quantity: Quantity) -> dict[str, Any]:
        """What the number is, and either its arithmetic or the printed words and their source."""
        code = self.say.ledger.figure_id(quantity.id)
        label = with_days(quantity, self.say.text(quantity.label), self.say.language)
        value = self.value(quantity, says(quantity.label, self.counted(quantity)))
        number = self.say.number(quantity) if quantity.known else ""
        # A number and its currency stay together.
        parted = value.startswith(number) and not quantity.unit.isupper() and quantity.known
        row = self.figures.get(code, {})
        return {
            "id": quantity.id,
            "code": code,
            "label": label,
            "value": value,
            "number": number,
            "unit": value.removeprefix(number).strip() if parted else "",
            "formula": self._formula(quantity),
            "inputs": [part.id for part in quantity.inputs],
            "date": quantity.date,
            "readings": self.say.spread(quantity),
            **{key: row.get(column, "") for key, column in PROVENANCE.items()},
            "publisher": self.say.name(row.get("publisher", "")),
            "note": self.say.name(row.get("note", "")),
            "also": [self._witness(self.figures[other]) for other in row.get("also", "").split()],
        }

    def _witness(self, row: Mapping[str, str]) -> dict[str, str]:
        """Another publication that prints the same number, with an address."""
        named = {key: row.get(PROVENANCE[key], "") for key in ("words", "words_language", "url")}
        return {"publisher": self.say.name(row.get("publisher", "")), **named}

    def value(self, quantity: Quantity, bare: bool = False) -> str:
        """The number, and its unit in words unless `bare` or where there is none."""
        if not quantity.known:
            return self.say.text("not yet published")
        if bare or quantity.unit in BARE:
            return self.say.number(quantity)
        number, unit = self.say.number(quantity), self._unit(quantity)
        return unit if says_number(number, self.say.language) else f"{number} {unit}"

    def counted(self, quantity: Quantity) -> str:
        """What is counted, of whom the unit does not tell it: a figure's noun, and that of a result
        whose parts in its unit all count the same.
        """
        figure = self.figures.get(self.say.ledger.figure_id(quantity.id), {})
        parts = {self.counted(part) for part in quantity.inputs if part.unit == quantity.unit}
        return figure.get("noun") or (parts.pop() if len(parts) == 1 else quantity.unit)

    def unit(self, quantity: Quantity) -> str:
        """What its entry says behind the number, with plural forms `{:few=...;other=...}`."""
        is_bare = quantity.unit in BARE or says(quantity.label, self.counted(quantity))
        return "" if is_bare else self._forms(quantity)

    def _unit(self, quantity: Quantity) -> str:
        forms = self._forms(quantity).replace("{:", f"{{{quantity.id}:")
        return self.say.fill(forms, self.say.number)

    def _forms(self, quantity: Quantity) -> str:
        """What is counted, in words; a translation may have forms, `{:few=...;other=...}`."""
        noun = self.counted(quantity)
        unit = self.say.text(noun)  # in English, too, for catalogues to have it
        return in_words(noun) if self.say.language == SOURCE else unit

    def _formula(self, quantity: Quantity) -> str:
        """The arithmetic as people write it, each number in it a link to its own entry; that a
        share is in per cent stands in its number.
        """
        typeset = Typeset(
            name=lambda name: self._part(self.say[name]),
            number=lambda number: plain_number(number, self.say.language),
            word=self.say.text,
        )
        written = typeset.write(quantity.formula) if quantity.inputs else ""
        return written.removesuffix(f" {self.say.text('(in per cent)')}")

    def _part(self, quantity: Quantity) -> str:
        """A number of a formula; its name if it had not been published."""
        if quantity.known:
            return self.say.marked(quantity)
        return f"[{quantity.id}](#n-{quantity.id})"
