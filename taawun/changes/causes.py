"""Why entries of a ledger differ between two editions: what was edited, one cause an edit.

A cause swaps rows of the old ledger for those of the new one. Which edit it was is read from the
printed figures, the typed tables, the parameters and the code, in this order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from taawun.build import graph, parameters
from taawun.build.edition import PUBLISHED
from taawun.build.files import digest
from taawun.changes.edition import Edition
from taawun.formula import lineage, needs
from taawun.tables import NUMBERS, Row, csv_files, read_rows

#: What an edit is called; where a figure's columns are named, a difference in one of them shows it.
WORDS, ADDED, GONE = "words of a figure", "a figure added", "a figure taken out"
CHOICE, DATE, FORMULA = "a choice", "a date", "a formula"
BOUNDS, CODE, TOGETHER = "the rule of bounds", "code alone", "several of these together"
COLUMNS = {
    WORDS: ("as_printed", "language"),
    CHOICE: ("read_as", "indicator", "entity", "geo", "unit"),
    DATE: ("public", "published", "period_start", "period_end"),
}


@dataclass(frozen=True)
class Cause:
    """One edit: its kind, the figures, parameters, rows or entry that were edited, and how what was
    edited reads before and after.
    """

    kind: str
    what: str
    before: str = ""
    after: str = ""


class Difference:
    """What differs between two editions whose numbers have the same names."""

    def __init__(self, old: Edition, new: Edition):
        self.old, self.new = old, new
        #: The entries by cause that are swapped with it.
        self.swapped: dict[Cause, list[str]] = defaultdict(list)
        self.own = {name: cause for name in self._printed() if (cause := self._figure(name))}
        for name, cause in self.own.items():
            self.swapped[cause].append(name)
        #: The figures that only one edition knows, and those that have another period.
        self._came = {name: c for name, c in self.own.items() if self._comes_or_goes(name)}
        self._redated = {
            n: c for n, c in self.own.items() if c.kind == DATE and n not in self._came
        }
        for name in {**old.rows, **new.rows}:
            if name not in self.own and self._is_other(name):
                self.swapped[self._arithmetic(name)].append(name)

    def below(self, name: str) -> set[str]:
        """An entry and all that it rests on in either edition."""
        return set(lineage([name], self._needs))

    def of(self, name: str) -> list[Cause]:
        """The causes that an entry may have moved by."""
        found = {cause for part in self.below(name) for cause in self.caused.get(part, ())}
        return sorted(found, key=self._order.__getitem__)

    @cached_property
    def caused(self) -> dict[str, list[Cause]]:
        """The causes with which an entry is swapped, by its name; call it when all are known."""
        found: dict[str, list[Cause]] = defaultdict(list)
        for cause, names in self.swapped.items():
            for name in dict.fromkeys(names):
                found[name].append(cause)
        return found

    @cached_property
    def _order(self) -> dict[Cause, int]:
        return {cause: place for place, cause in enumerate(self.swapped)}

    def _needs(self, name: str) -> set[str]:
        rows = (edition.rows.get(name, {}) for edition in (self.old, self.new))
        return {part for row in rows for part in needs(row.get("formula") or "0")}

    def _printed(self) -> list[str]:
        return [name for name in {**self.old.figures, **self.new.figures} if name]

    def _comes_or_goes(self, name: str) -> bool:
        """Whether a figure is there, and had been published, in one edition only."""
        was, now = (edition.figures.get(name, {}) for edition in (self.old, self.new))
        return was.get("public") != now.get("public")

    def _is_other(self, name: str) -> bool:
        """Whether an entry has another formula or, without one, another number."""
        was, now = self.old.rows.get(name), self.new.rows.get(name)
        if not was or not now or was["formula"] != now["formula"]:
            return True
        return not now["formula"] and _number(was) != _number(now)

    def _figure(self, name: str) -> Cause | None:
        """What was edited of a printed figure."""
        was, now = self.old.figures.get(name), self.new.figures.get(name)
        if not was or not now:
            words = (was or now or {})["as_printed"]
            return Cause(ADDED, name, after=words) if now else Cause(GONE, name, before=words)
        for kind, columns in COLUMNS.items():
            for column in columns:
                if was.get(column) != now.get(column):
                    if column == "public" and (given := self._parameters()):
                        return Cause(DATE, given)
                    return Cause(kind, name, was.get(column, ""), now.get(column, ""))
        before, after = (edition.rows.get(name) for edition in (self.old, self.new))
        if not before or not after or _number(before) == _number(after):
            return None
        kind = BOUNDS if before["value"] == after["value"] else CODE
        return Cause(kind, name, _ends(before), _ends(after))

    def _arithmetic(self, name: str) -> Cause:
        """What was edited so that an entry has another formula or, without one, another number."""
        was, now = (edition.rows.get(name, {}) for edition in (self.old, self.new))
        before, after = was.get("formula", ""), now.get("formula", "")
        others = set(needs(before or "0")) ^ set(needs(after or "0"))
        is_alike, step = _shape(before) == _shape(after), (now or was)["step"]
        if found := self._edited(others, self._came):
            return found
        if is_alike and not others and (found := self._edited({name}, self._redated)):
            return found
        chosen, edited = self._choices(step), self._code(step)
        if chosen and (is_alike or not edited):
            return Cause(CHOICE, chosen)
        if not edited and (found := self._edited({name}, self.own) or self._only()):
            return found
        if was and now and not before and not after:
            return Cause(CODE, name, _ends(was), _ends(now))
        return Cause(FORMULA, name, before, after)

    def _edited(self, names: set[str], edits: dict[str, Cause]) -> Cause | None:
        """What of some edits of printed figures is below some entries, that of several in one."""
        parts = set().union(*map(self.below, names))
        found = {cause: None for name, cause in edits.items() if name in parts}
        causes = sorted(found, key=lambda cause: (cause.kind, cause.what))
        if len(causes) < 2:
            return causes[0] if causes else None
        return Cause(causes[0].kind, ", ".join(cause.what for cause in causes))

    def _only(self) -> Cause | None:
        """The edit of printed figures, if there was one only: a count has no other cause."""
        causes = set(self.own.values())
        return causes.pop() if len(causes) == 1 else None

    def _parameters(self, step: str = "") -> str:
        """The parameters that differ, all or those of a step, from and to."""
        old, new = self.old.chosen, self.new.chosen
        declared = {p.name for path in _notebooks(step) for p in parameters.declared(path)}
        return "; ".join(
            f"{name} {old[name]} → {new[name]}"
            for name in sorted(old.keys() & new.keys())
            if old[name] != new[name] and name in declared
        )

    def _choices(self, step: str) -> str:
        """The parameters and the rows typed by hand that differ for a step."""
        rows = [
            f"{name}: {', '.join(keys[:3])}{' …' if len(keys) > 3 else ''}"
            for name, keys in self._hand.items()
            if name in self._sources[step]
        ]
        return "; ".join(filter(None, [self._parameters(step), *rows]))

    def _code(self, step: str) -> set[str]:
        """The notebook and the modules that differ for a step."""
        names = {name for name in self._sources[step] if name.endswith((".ipynb", ".py"))}
        old, new = self.old.project, self.new.project
        return {name for name in names if digest(old / name) != digest(new / name)}

    @cached_property
    def _sources(self) -> dict[str, set[str]]:
        """The files that the numbers of each step are made from."""
        found = {
            row["step"]: set[str]() for row in (*self.old.rows.values(), *self.new.rows.values())
        }
        for step in graph.steps(PUBLISHED):
            found.setdefault(step[:2], set()).update(graph.inputs(step, PUBLISHED))
        return found

    @cached_property
    def _hand(self) -> dict[str, list[str]]:
        """The rows that differ in the tables typed by hand, named by their first cell."""
        found = {}
        for path in csv_files(self.new.project / "data/hand", "*.csv"):
            name = f"data/hand/{path.name}"
            was, now = (_rows(edition.project / name) for edition in (self.old, self.new))
            if keys := sorted({row[0] for row in was ^ now}):
                found[name] = keys
        return found


def _rows(path: Path) -> set[tuple[str, ...]]:
    """The rows of a table, none if there is no such table."""
    return {tuple(row.values()) for row in read_rows(path)} if path.is_file() else set()


def _notebooks(step: str) -> list[Path]:
    """The notebooks whose numbers carry the number of a step; all for none."""
    return [path for path in graph.notebooks() if path.name.startswith(step)]


def _number(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in (*NUMBERS, "unit"))


def _ends(row: Row) -> str:
    """The value of a row, and its bounds where they differ."""
    value, low, high = (row[column] for column in NUMBERS)
    return value if low == high else f"{value} ({low} … {high})"


def _shape(formula: str) -> str:
    """A formula without its names and numbers."""
    return re.sub(r"\w+(?!\w*\()|[\d.]+", "_", formula)
