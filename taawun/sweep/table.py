"""What the runs of a sweep came to: one row a run and entry of the ledger."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from taawun.build import BuildError
from taawun.build.files import rows
from taawun.build.headlines import shown
from taawun.build.parameters import as_typed
from taawun.paths import ROOT
from taawun.periods import dated
from taawun.sweep.tasks import Run

ENTRY = ("id", "value", "low", "high", "unit")
FEW = 12  # numbers on the page, if none were chosen

Row = dict[str, str]
Bounds = tuple[float, float]
Span = tuple[str, str, float, float]  # parameter and value, both empty for all runs; low and high


def entries(runs: list[Run], places: list[dict[str, Path]]) -> Iterator[Row]:
    """One row an entry of the ledgers of a run: number of the run, its parameters, id, value, low,
    high and unit.
    """
    for number, (run, tables) in enumerate(zip(runs, places, strict=True), 1):
        given = {"run": str(number)} | {name: as_typed(value) for name, value in run.items()}
        for name in sorted(tables):
            if name.endswith("-ledger.csv"):
                yield from (given | entry for entry in _read(tables[name]))


@lru_cache(maxsize=16)  # those that all runs share stay, the others would fill the memory
def _read(ledger: Path) -> list[Row]:
    """The entries of a ledger, each with its label, which is no column of the table."""
    return [
        {key: entry[key] for key in ENTRY}
        | {"label": dated(entry["label"], entry["start"], entry["date"])}
        for entry in rows(ledger)
    ]


class Moves:
    """How the numbers move over the runs whose rows were added."""

    def __init__(self) -> None:
        self.runs: set[str] = set()
        self.rows = 0
        self.units: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self._first: dict[str, tuple[str, ...]] = {}
        self._moved: dict[str, None] = {}
        self._spans: dict[str, dict[tuple[str, str], Bounds]] = {}

    def add(self, row: Row) -> None:
        """Take a row of the table into account."""
        self.rows += 1
        self.runs.add(row["run"])
        name, number = row["id"], (row["value"], row["low"], row["high"])
        self.units.setdefault(name, row["unit"])
        self.labels[name] = _common(self.labels.get(name, row["label"]), row["label"])
        if self._first.setdefault(name, number) != number:
            self._moved[name] = None
        if row["value"]:
            low, high = float(row["low"]), float(row["high"])
            spans = self._spans.setdefault(name, {})
            varied = [(key, row[key]) for key in row if key not in ("run", *ENTRY, "label")]
            for key in (("", ""), *varied):
                least, greatest = spans.get(key, (low, high))
                spans[key] = min(least, low), max(greatest, high)

    def moving(self, chosen: str = "") -> list[str]:
        """The ids that were chosen, or the first few that are not the same in all runs, those of
        the key messages before others. Raises BuildError for one that no run has.
        """
        names = [name.strip() for name in chosen.split(",") if name.strip()]
        if unknown := [name for name in names if name not in self.units]:
            near = [found for name in unknown for found in get_close_matches(name, self.units, 3)]
            told = f"accepted: ids of the table{', such as ' if near else ''}{', '.join(near)}"
            raise BuildError(f"NUMBERS={', '.join(unknown)} is not accepted; {told}.")
        keys = [
            name for name, key in shown(ROOT / "reports").items() if key and name in self._moved
        ]
        return names or list(dict.fromkeys([*keys, *self._moved]))[:FEW]

    def spans(self, name: str) -> list[Span]:
        """Least low and greatest high of a number over all runs, and over those with each value of
        each parameter, as far as it is known there.
        """
        found = self._spans.get(name, {})
        order = list(dict.fromkeys(parameter for parameter, _ in found))
        by_parameter = sorted(found.items(), key=lambda one: order.index(one[0][0]))
        return [(*key, *bounds) for key, bounds in by_parameter]


def _common(one: str, other: str) -> str:
    """Two labels of a number where they agree: their days may differ from run to run."""
    if one == other:
        return one
    pairs = zip(one.split(), other.split(), strict=False)
    words = [word if word == beside else "…" for word, beside in pairs]
    return " ".join(word for word, _ in groupby(words))


def write(path: Path, found: Iterable[Row]) -> Moves:
    """Write the rows as a CSV file, whole or not at all; how the numbers move."""
    moves, part = Moves(), path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = None
            for row in found:
                columns = [key for key in row if key != "label"]
                writer = writer or csv.DictWriter(file, columns, "", "ignore", lineterminator="\n")
                if not moves.rows:
                    writer.writeheader()
                writer.writerow(row)
                moves.add(row)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return moves
