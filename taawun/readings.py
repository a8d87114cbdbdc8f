"""Readings: the ways in which the printed figures below a result can be read, all of them computed.

`data/hand/options.csv` has a row for each thing that an option of a choice puts in the place of
another: of a figure or a result (`name`) a formula over the ledger, in which the name itself is
what it was and years(2020-12-31, 2025-11-30) a number; or of the bounds of all figures with a
hedge (`name` is the hedge) a rule: `exact`, or `open` for no end on the far side. Where options of
two choices put something in one place, that of the later choice stands there. What the ledger holds
is the first option of every choice. A reading takes one option of each: a universe of a multiverse
analysis (S. Steegen and others, 2016), each of which is evaluated, none sampled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import product
from math import inf, nan, prod
from types import MappingProxyType

from taawun.formula import SPAN, evaluate, lineage, needs
from taawun.messages import Refused
from taawun.paths import HAND
from taawun.quantity import Quantity
from taawun.tables import Row, read_rows, shown

OPTIONS = HAND / "options.csv"
AS_READ = "as read"
EQUIVALENT = "equivalent"
#: What a rule makes of the bounds of a figure that is printed with a hedge.
RULES: Mapping[str, Callable[[Quantity], Quantity]] = {
    "exact": lambda q: replace(q, low=q.value, high=q.value),
    "open": lambda q: replace(q, high=inf) if q.high > q.value else replace(q, low=-inf),
}

#: Which option of each choice a reading takes.
Reading = Mapping[str, str]
Numbers = Mapping[str, Quantity]


@dataclass(frozen=True)
class Option:
    """What stands in the place of which names, and whether it is as good as what is used."""

    equivalent: bool = True
    changes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """Something that holds or not in a reading, and the names on which it rests."""

    names: tuple[str, ...]
    holds: Callable[[Numbers], bool]


class Readings:
    """The readings of the quantities in a ledger, which may still grow."""

    def __init__(self, known: Numbers, rows: Iterable[Row] | None = None):
        self.known = known
        self.options: dict[str, dict[str, Option]] = {}
        for row in typed() if rows is None else rows:
            options = self.options.setdefault(row["choice"], {AS_READ: Option()})
            option = options.setdefault(row["option"], Option(row["status"] == EQUIVALENT))
            option.changes[row["name"]] = _computed(row["stands_for"])
        self._numbers: dict[tuple[str, ...], Quantity] = {}
        self._held: dict[tuple[Condition, tuple[str, ...]], bool] = {}
        self._below: dict[str, frozenset[str]] = {}
        self._together: dict[frozenset[str], tuple[str, ...]] = {}

    def choices(self, names: Iterable[str]) -> tuple[str, ...]:
        """The choices below some names, in the order of the table: those with an option that is
        published and changes what they rest on.
        """
        together = frozenset().union(*map(self._choices, names))
        if together not in self._together:
            self._together[together] = tuple(c for c in self.options if c in together)
        return self._together[together]

    def about(self, names: Iterable[str]) -> tuple[str, ...]:
        """The choices whose alternatives some names rest on side by side: what is said of them is
        about the dispute, and choosing a side would take its subject away.
        """
        lineage = self.lineage(names)
        return tuple(
            choice
            for choice, options in self.options.items()
            if any(
                {name, text} <= lineage and text not in self.lineage([name])
                for option in options.values()
                for name, text in option.changes.items()
            )
        )

    def lineage(self, names: Iterable[str], changed: bool = False) -> frozenset[str]:
        """Some names and all that they rest on; what options put in their place, too, if asked."""

        def parts(name: str) -> Iterator[str]:
            if name not in self.known:
                return
            if self.known[name].inputs:
                yield from _parts(self.known[name].formula)
            for options in self.options.values() if changed else ():
                for option in options.values():
                    yield from _parts(option.changes.get(name, ""))

        return frozenset(name for name in lineage(names, parts) if name in self.known)

    def each(self, choices: Sequence[str], equivalent: bool = False) -> Iterator[Reading]:
        """Every reading of some choices, what the ledger holds first; only of equivalent options
        if asked for.
        """
        taken = [self.open(choice, equivalent) for choice in choices]
        for options in product(*taken):
            yield dict(zip(choices, options, strict=True))

    def numbers(self, names: Iterable[str], reading: Reading) -> dict[str, Quantity]:
        """The quantities of some names in a reading; an unknown one where it cannot be computed."""
        return {name: self.number(name, reading) for name in names}

    def number(self, name: str, reading: Reading) -> Quantity:
        """A quantity in a reading, computed once for all readings that agree on what is below."""
        below = self._choices(name)
        key = (name, *(f"{choice}={reading.get(choice, AS_READ)}" for choice in sorted(below)))
        if key not in self._numbers:
            self._numbers[key] = self._compute(name, reading) if below else self.known[name]
        return self._numbers[key]

    def count(
        self, tests: Sequence[Condition], choices: Sequence[str], equivalent: bool = False
    ) -> tuple[int, int]:
        """In how many readings of some choices all tests hold, and of how many. Tests that share no
        choice are counted apart and multiplied.
        """
        groups: list[tuple[set[str], list[Condition]]] = []
        for test in tests:
            below = set(self.choices(test.names)).intersection(choices)
            joined = [group for group in groups if group[0] & below]
            groups = [group for group in groups if not group[0] & below]
            together = [other for group in joined for other in group[1]]
            groups.append((below.union(*(group[0] for group in joined)), [*together, test]))
        free = set(choices).difference(*(below for below, _ in groups))
        unmoved = prod(len(self.open(choice, equivalent)) for choice in free)
        holding, every = unmoved, unmoved
        for below, some in groups:
            readings = list(self.each(sorted(below), equivalent))
            every *= len(readings)
            holding *= sum(all(self._holds(test, reading) for test in some) for reading in readings)
        return holding, every

    def span(
        self,
        names: Sequence[str],
        number: Callable[[Numbers], Quantity],
        choices: Sequence[str],
        settled: Reading = MappingProxyType({}),
    ) -> list[Quantity]:
        """What a number computed of some names is in each reading of some choices, others being
        settled; unknown ones left out.
        """
        below = [choice for choice in self.choices(names) if choice in choices]
        found = [number(self.numbers(names, {**r, **settled})) for r in self.each(below)]
        return [quantity for quantity in found if quantity.known]

    def changes(self, choice: str, name: str) -> bool:
        """Whether an option of a choice puts something in the place of a name."""
        return any(name in option.changes for option in self.options[choice].values())

    def unknown(self) -> list[str]:
        """The names in the table of options that the ledger does not have and that are no hedge."""
        hedges = {q.qualifier for q in self.known.values()} | {"at_least", "at_most", "nearly"}
        changes = [o.changes for options in self.options.values() for o in options.values()]
        named = {name for change in changes for name in change} - hedges
        parts = {name for change in changes for text in change.values() for name in _parts(text)}
        return sorted(name for name in named | parts if name not in self.known)

    def _holds(self, test: Condition, reading: Reading) -> bool:
        """Whether a test holds in a reading, looked at once for all that agree on its choices."""
        own = tuple(reading.get(choice, AS_READ) for choice in self.choices(test.names))
        if (test, own) not in self._held:
            self._held[test, own] = test.holds(self.numbers(test.names, reading))
        return self._held[test, own]

    def open(self, choice: str, equivalent: bool = False) -> list[str]:
        """The options of a choice that are published, and equivalent if asked for."""
        return [
            name
            for name, option in self.options[choice].items()
            if (option.equivalent or not equivalent)
            and all(
                part in self.known and self.known[part].known
                for text in option.changes.values()
                for part in _parts(text)
            )
        ]

    def _choices(self, name: str) -> frozenset[str]:
        """The choices below a name."""
        if name not in self._below:
            lineage = self.lineage([name], changed=True)
            printed = {self.known[part].qualifier for part in lineage if part in self.known}
            self._below[name] = frozenset(
                choice
                for choice, options in self.options.items()
                if len(self.open(choice)) > 1
                and any((lineage | printed) & option.changes.keys() for option in options.values())
            )
        return self._below[name]

    def _compute(self, name: str, reading: Reading) -> Quantity:
        """A quantity in a reading: its formula, or what an option puts in its place."""
        taken = [
            options[reading[choice]].changes
            for choice, options in self.options.items()
            if choice in reading
        ]
        printed = self.known[name]
        if not printed.inputs:
            for changes in taken:
                rule = changes.get(name, changes.get(printed.qualifier, ""))
                printed = RULES.get(rule, _same)(printed)
        texts = [changes[name] for changes in taken if changes.get(name, "exact") not in RULES]
        other = texts[-1] if texts else ""
        text = other or (printed.formula if printed.inputs else "")
        if not text:
            return printed
        parts = {
            part: printed if part == name else self.number(part, reading) for part in needs(text)
        }
        if other:  # it says the same of the period of what it stands for
            parts = {part: replace(number, start="", date="") for part, number in parts.items()}
        try:
            found = evaluate(text, parts)
        except (ArithmeticError, ValueError):  # nothing can be divided by what may be zero
            return replace(printed, value=nan, low=nan, high=nan)
        if found.unit != printed.unit:
            raise Refused(
                f"{shown(OPTIONS)}: «{text}» is in {found.unit}, and {name}, for which it stands, "
                f"in {printed.unit}; accepted: one that counts the same"
            )
        return replace(found, start=printed.start, date=printed.date)


@cache
def typed() -> list[dict[str, str]]:
    """The rows of the table of options, which a project may do without."""
    return read_rows(OPTIONS) if OPTIONS.exists() else []


def _computed(text: str) -> str:
    """A formula with its spans of time as numbers of years."""

    def years(found: re.Match[str]) -> str:
        start, end = map(date.fromisoformat, found.groups())
        return f"{round((end - start).days / 365.25, 9)}"

    return SPAN.sub(years, text)


def _parts(text: str) -> tuple[str, ...]:
    """The names in a formula; none of a rule."""
    return needs(text) if text and text not in RULES else ()


def _same(quantity: Quantity) -> Quantity:
    return quantity
