"""What it is worth to know: how much narrower a number were if one figure below it were known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from taawun.numbers.formatting import month
from taawun.quantity import Quantity
from taawun.readings import RULES, Numbers, Readings, typed
from taawun.report.translation import interface

Number = Callable[[Numbers], Quantity]
_KNOWN = "known: "


@dataclass(frozen=True)
class Worth:
    """A printed figure, and how much of the width of a number, in per cent, goes if it is known."""

    name: str
    share: float


def worth(names: Sequence[str], number: Number, known: Numbers) -> list[Worth]:
    """What it is worth to know exactly each figure below a number that is computed of some names,
    the most first; without those that would not make it narrower.

    A figure is loose if its words leave room, and disputed if `data/hand/options.csv` has another
    one for it: known exactly, it has its value, no bounds and no other. The width of the number is
    what all options together allow, from the least low to the greatest high, with hedges as the
    ledger has them. What is not in the ledger at all has no width.
    """
    options = [row for row in typed() if row["stands_for"] not in RULES]
    figures = [part for part in Readings(known, []).lineage(names) if not known[part].inputs]
    settled = [_settled(figure) for figure in sorted(figures)]
    readings = Readings(known, [*options, *settled])
    disputes = [c for c in readings.choices(names) if not c.startswith(_KNOWN)]
    whole = _width(names, number, readings, disputes)
    found = []
    for row in settled if whole > 0 else ():
        open_ones = [c for c in disputes if not readings.changes(c, row["name"])]
        left = _width(names, number, readings, open_ones, {row["choice"]: row["option"]})
        found.append(Worth(row["name"], 100 * (1 - left / whole)))
    return sorted((one for one in found if one.share > 1e-9), key=lambda one: -one.share)


def labelled(label: str, date: str, language: str) -> str:
    """How a figure is named in a sentence: by its label and month, if it has one."""
    return f"{label}{interface(',', language)} {month(date, language)}" if date else label


def _settled(figure: str) -> dict[str, str]:
    """The choice to know a figure, as a row of the table of options."""
    row = {"choice": _KNOWN + figure, "option": "exactly", "name": figure}
    return row | {"stands_for": "exact", "status": ""}


def _width(
    names: Sequence[str],
    number: Number,
    readings: Readings,
    choices: Sequence[str],
    settled: dict[str, str] | None = None,
) -> float:
    """The distance from the least to the greatest that a number can be in the readings of some
    choices, one more being settled; unknown or endless ones left out.
    """
    found = readings.span(names, number, choices, settled or {})
    ends = [end for quantity in found for end in (quantity.low, quantity.high) if isfinite(end)]
    return max(ends) - min(ends) if ends else 0.0
