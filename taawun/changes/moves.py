"""How much of each change is whose: inputs are swapped in the formulas, alone and then together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isclose, isnan, nan
from typing import NamedTuple

from taawun.changes.causes import CODE, TOGETHER, Cause, Difference
from taawun.changes.edition import quantity
from taawun.formula import evaluate
from taawun.quantity import Quantity
from taawun.tables import Row

TOLERANCE = 1e-9


class Ends(NamedTuple):
    """A value and its bounds, or what is added to them."""

    value: float
    low: float
    high: float

    def less(self, other: Ends) -> Ends:
        """How far each lies above the other's."""
        return Ends(*(a - b for a, b in zip(self, other, strict=True)))

    def near(self, other: Ends) -> bool:
        """Whether both are the same but for rounding."""
        return all(
            isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE * 1e-3) or (isnan(a) and isnan(b))
            for a, b in zip(self, other, strict=True)
        )


UNKNOWN = Ends(nan, nan, nan)


@dataclass(frozen=True)
class Part:
    """What one cause adds to a number and its bounds; NaN where the number was not there."""

    cause: Cause
    adds: Ends


@dataclass(frozen=True)
class Move:
    """An entry that is no longer what it was, and the parts that add up to its change."""

    name: str
    was: Quantity | None
    now: Quantity | None
    parts: list[Part]


class World(dict[str, Quantity]):
    """Entries of ledgers by name, without their dates, which were guarded when they were made; each
    is computed when it is asked for, NaN if it cannot be.
    """

    def __init__(self, rows: dict[str, Row]):
        super().__init__()
        self.rows = rows

    def __missing__(self, name: str) -> Quantity:
        row = self.rows[name]
        found = undated(quantity(row))
        if row["formula"]:
            try:
                found = evaluate(row["formula"], self).named(name, row["label"])
            except (ValueError, TypeError, ArithmeticError):
                found = Quantity(nan, nan, nan, row["unit"], id=name)
        self[name] = undated(found)
        return self[name]

    def but(self, other: dict[str, Row], changed: set[str], names: list[str]) -> World:
        """The same with rows of another edition; what does not rest on them (not in `changed`) is
        not computed again.
        """
        swapped = World(self.rows | {name: other[name] for name in names if name in other})
        swapped.update((name, found) for name, found in self.items() if name not in changed)
        return swapped


def moves(difference: Difference) -> Iterator[Move]:
    """Each entry whose value, bounds or unit moved, or that is there in one edition only."""
    old, new = difference.old, difference.new
    was, now = old.quantities, new.quantities
    worlds = _Worlds(difference)
    for name in {**new.rows, **old.rows}:
        before, after = was.get(name), now.get(name)
        if before and after and before.unit == after.unit and ends(before).near(ends(after)):
            continue
        parts = []
        if before and after and before.known and after.known:
            parts = worlds.parts(name, before, after)
        causes = difference.caused.get(name) or difference.of(name)
        yield Move(name, before, after, parts or [Part(cause, UNKNOWN) for cause in causes])


class _Worlds:
    """The old edition, the new one, and the old one with each cause alone."""

    def __init__(self, difference: Difference):
        self.difference = difference
        old, new = difference.old.rows, difference.new.rows
        self.before, self.after = World({**new, **old}), World({**old, **new})
        self.above = {n: difference.below(n) for n in self.before.rows if self.before[n]}
        self._alone: dict[Cause, World] = {}

    def alone(self, cause: Cause) -> World:
        """The old edition with what one cause swaps, made when an entry that moved rests on it."""
        if cause not in self._alone:
            names = self.difference.swapped[cause]
            changed = {n for n, parts in self.above.items() if not parts.isdisjoint(names)}
            self._alone[cause] = self.before.but(self.difference.new.rows, changed, names)
        return self._alone[cause]

    def parts(self, name: str, was: Quantity, now: Quantity) -> list[Part]:
        """What each cause adds to an entry by itself, code alone, and all together beyond that."""
        base, left = ends(self.before[name]), ends(self.after[name])
        adds = {
            cause: ends(self.alone(cause)[name]).less(base) for cause in self.difference.of(name)
        }
        for part in (base, *adds.values()):
            left = left.less(part)
        adds[Cause(TOGETHER, name)] = left
        if not base.near(ends(was)):
            adds[Cause(CODE, name)] = base.less(ends(was))
        scale = max(map(abs, (*ends(was), *ends(now))))
        return [
            Part(cause, part)
            for cause, part in adds.items()
            if max(map(abs, part)) > TOLERANCE * 1e-2 * scale
        ]


def undated(quantity: Quantity) -> Quantity:
    """The quantity without its period, under its own name."""
    return replace(quantity, start="", date="")


def ends(quantity: Quantity) -> Ends:
    """The value and the bounds of a quantity."""
    return Ends(quantity.value, quantity.low, quantity.high)
