"""What moved, told: as lines of a changelog, as data, and as a page in each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isnan
from pathlib import Path
from typing import Any

import jinja2

from taawun.changes.causes import Cause
from taawun.changes.edition import Edition
from taawun.changes.moves import Ends, Move
from taawun.changes.sentences import STANDS, WORD, Turned
from taawun.locales import SOURCE, TRANSLATED, direction
from taawun.numbers.formatting import with_days
from taawun.paths import TRANSLATIONS
from taawun.quantity import Quantity
from taawun.report.template import worded
from taawun.report.translation import interface, translate
from taawun.report.writer import Writer
from taawun.tables import NUMBERS


@dataclass(frozen=True)
class Changes:
    """What differs between two editions: sentences that turned, and entries that moved, those of
    the key messages first, then those of the brief.
    """

    old: Edition
    new: Edition
    turned: list[Turned]
    moves: list[Move]

    @property
    def stated(self) -> list[Move]:
        """The numbers that one of the briefs states."""
        shown = {**self.old.shown, **self.new.shown}
        return [move for move in self.moves if move.name in shown]


def languages() -> list[str]:
    """The languages that the project has a catalogue of."""
    has = [language for language in TRANSLATED if (TRANSLATIONS / f"{language}.po").is_file()]
    return [SOURCE, *has]


class Teller:
    """Tells changes in one language."""

    def __init__(self, changes: Changes, language: str = SOURCE):
        self.changes, self.language = changes, language
        self.was = Writer(changes.old.quantities, language)
        self.now = Writer(changes.new.quantities, language)

    def lines(self) -> Iterator[str]:
        """A line a sentence that turned, and a line a number of the brief."""
        yield from (f"- {how}: «{text}»{why}" for how, text, why in self.sentences())
        for label, was, now, why in self.numbers():
            yield f"- {label}: {was} → {now}" + (f" ({'; '.join(why)})" if why else "")

    def sentences(self) -> Iterator[tuple[str, str, str]]:
        """How each sentence turned, its words where it stands, and what made it."""
        for turned in self.changes.turned:
            writer = self.now if turned.how in (STANDS, WORD) else self.was
            why = f" ({turned.why})" if turned.why else ""
            yield self.word(turned.how), self._said(writer, turned.template), why

    def numbers(self) -> Iterator[tuple[str, str, str, list[str]]]:
        """Label, number before and after, and causes of each number that the briefs state."""
        for move in self.changes.stated:
            found = move.now or move.was
            assert found
            was, now = self._number(self.was, move.was), self._number(self.now, move.now)
            yield (
                f"{self.label(found)} ({move.name})",
                was,
                now,
                [self.cause(part.cause) for part in move.parts],
            )

    def cause(self, cause: Cause) -> str:
        """A cause in words."""
        ends = [f"«{text}»" if text else "–" for text in (cause.before, cause.after)]
        edited = f", {' → '.join(ends)}" if cause.before or cause.after else ""
        return (
            f"{self.word(cause.kind)}: {cause.what}{edited}"
            if cause.what
            else self.word(cause.kind)
        )

    def word(self, text: str) -> str:
        """A word of this page in its language."""
        return interface(text, self.language)

    def label(self, found: Quantity) -> str:
        """A label with its days, in the language; in English where no brief has needed it yet."""
        label = translate(found.label, self.language).strip("⟦⟧")
        return with_days(found, label, self.language)

    def page(self) -> str:
        """The page."""
        environment = jinja2.Environment(
            autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
        )
        source = Path(__file__).with_name("changes.html").read_text(encoding="utf-8")
        return environment.from_string(source).render(
            tell=self, _=self.word, direction=direction(self.language), languages=languages()
        )

    def _said(self, writer: Writer, template: str) -> str:
        """A sentence with its numbers; as it is written where one of them is not there."""
        try:
            return writer.fill(writer.text(template), writer.number).replace("*", "")
        except (ValueError, KeyError):
            return translate(worded(template), self.language)

    def _number(self, writer: Writer, quantity: Quantity | None) -> str:
        if not quantity:
            return "–"
        return writer.number(quantity) if quantity.known else self.word("not yet published")


def data(changes: Changes) -> dict[str, Any]:
    """The same for programs; nothing for a number that is not there."""
    shown = {**changes.old.shown, **changes.new.shown}
    return {
        "old": changes.old.name,
        "new": changes.new.name,
        "turned": [asdict(turned) for turned in changes.turned],
        "moved": [
            {
                "id": move.name,
                "key_message": shown.get(move.name, False),
                "stated": move.name in shown,
                "from": _ends(move.was),
                "to": _ends(move.now),
                "parts": [asdict(part.cause) | {"adds": _ends(part.adds)} for part in move.parts],
            }
            for move in changes.moves
        ],
    }


def _ends(found: Quantity | Ends | None) -> dict[str, float] | None:
    """Value and bounds by name."""
    if found is None or isnan(found.value):
        return None
    return {end: getattr(found, end) for end in NUMBERS}
