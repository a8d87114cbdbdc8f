"""What the runs of a sweep came to: one row a run and entry of the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from taawun.build.files import rows
from taawun.build.headlines import shown
from taawun.build.parameters import as_typed
from taawun.paths import ROOT
from taawun.sweep.tasks import Run

ENTRY = ("id", "value", "low", "high", "unit")
FEW = 12  # numbers on the page, if none were chosen

Rows = list[dict[str, str]]


def table(runs: list[Run], places: list[dict[str, Path]]) -> Rows:
    """One row an entry of the ledgers of a run: number of the run, its parameters, id, value, low,
    high and unit.
    """
    read: dict[Path, Rows] = {}
    found = []
    for number, (run, tables) in enumerate(zip(runs, places, strict=True), 1):
        given = {"run": str(number)} | {name: as_typed(value) for name, value in run.items()}
        for name in sorted(tables):
            if name.endswith("-ledger.csv"):
                entries = read.setdefault(tables[name], rows(tables[name]))
                found += [given | {key: entry[key] for key in ENTRY} for entry in entries]
    return found


def labels(tables: dict[str, Path]) -> dict[str, str]:
    """What the entries of the ledgers of one run are called, by id."""
    ledgers = [path for name, path in tables.items() if name.endswith("-ledger.csv")]
    return {row["id"]: row["label"] for path in ledgers for row in rows(path)}


def written(found: Rows) -> str:
    """The rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def moving(found: Rows, chosen: str = "") -> list[str]:
    """The ids that were chosen, or those that are not the same in all runs: of the key messages, or
    else the first few.
    """
    first: dict[str, tuple[str, ...]] = {}
    moved: dict[str, None] = {}
    for row in found:
        number = row["value"], row["low"], row["high"]
        if first.setdefault(row["id"], number) != number:
            moved[row["id"]] = None
    if chosen:
        return [name for name in chosen.split(",") if name in first]
    keys = [name for name, is_key in shown(ROOT / "reports").items() if is_key and name in moved]
    return keys or list(moved)[:FEW]


def spans(found: Rows, name: str) -> Iterator[tuple[str, str, float, float]]:
    """Least low and greatest high of a number over all runs, and over those with each value of each
    parameter: (parameter, value, low, high), both empty for all.
    """
    own = [row for row in found if row["id"] == name and row["value"]]
    varied = [key for key in found[0] if key not in ("run", *ENTRY)]
    for parameter in ("", *varied):
        for value in dict.fromkeys(row[parameter] if parameter else "" for row in own):
            those = [row for row in own if not parameter or row[parameter] == value]
            low, high = min(float(r["low"]) for r in those), max(float(r["high"]) for r in those)
            yield parameter, value, low, high
