"""The ledger a second time: from printed words upwards, each formula after those that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from math import isclose, isnan
from pathlib import Path
from typing import NamedTuple

from taawun.formula import evaluate, order
from taawun.ledger import Ledger
from taawun.quantity import Quantity
from taawun.steps import recount
from taawun.tables import BadTable, Row, read_rows, records

TOLERANCE = 1e-9
NUMBERS = ("value", "low", "high")
WORDS = ("unit", "qualifier")


class Recomputed(NamedTuple):
    """The printed figures read anew, the rows of the ledgers by id, all quantities computed again,
    and what does not come out the same, one sentence each.
    """

    figures: list[dict[str, str]]
    rows: dict[str, Row]
    quantities: dict[str, Quantity]
    problems: list[str]


@cache
def recomputed(processed: Path, as_of: str = "") -> Recomputed:
    """What the ledgers in `processed` hold, computed again from all published by `as_of`."""
    figures, rows = recount.printed(as_of), ledgers(processed)
    known = Ledger.load(recount.ledger(figures))
    quantities, problems = results(rows, {**known, **recount.tallies(figures, known)})
    problems += missing(rows, known) + compare(rows, quantities)
    return Recomputed(records(figures), rows, quantities, problems)


def ledgers(folder: Path) -> dict[str, Row]:
    """The rows of all ledgers by id, with the `file` of each; BadTable if an id is used twice."""
    paths = sorted(folder.glob("[0-9][0-9]-ledger.csv"))
    if not paths:
        raise BadTable([f"{folder.name}: there is no ledger; run make report first"])
    rows: dict[str, Row] = {}
    for path in paths:
        for row in read_rows(path):
            if row["id"] in rows:
                said = f"the id «{row['id']}» stands in two ledgers; accepted: an id of its own"
                raise BadTable([f"{path.name}: {said}"])
            rows[row["id"]] = {**row, "file": path.name}
    return rows


def results(
    rows: Mapping[str, Row], known: Mapping[str, Quantity]
) -> tuple[dict[str, Quantity], list[str]]:
    """The quantities of `rows` that have a formula, computed from `known` (printed figures and
    counts), with all of `known`; and what cannot be computed, one sentence each.
    """
    placed, problems = order(
        {name: row["formula"] for name, row in rows.items() if row["formula"]}, known
    )
    found = dict(known)
    for name in placed:
        row = rows[name]
        try:
            result = evaluate(row["formula"], found).named(name, row["label"])
            found[name] = replace(result, start=row["start"], date=row["date"])
        except Exception as error:
            said = f"«{name}» cannot be reckoned from «{row['formula']}»: {error}"
            problems.append(f"{row['file']}: {said}")
    return found, problems


def missing(rows: Mapping[str, Row], printed: Iterable[str]) -> list[str]:
    """A sentence if printed figures stand in no ledger: it was made from older tables."""
    lacking = [f"«{name}»" for name in printed if name not in rows]
    if not lacking:
        return []
    more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
    return [f"no ledger has {lacking[0]}{more} of the printed figures; run make report first"]


def compare(rows: Mapping[str, Row], found: Mapping[str, Quantity]) -> list[str]:
    """A sentence for each difference between the notebooks' ledgers and what is computed here."""
    problems: list[str] = []
    for name, row in rows.items():
        if name in found:
            problems += [f"{row['file']}: {said}" for said in _differences(row, found[name])]
        elif not row["formula"]:
            said = f"«{name}» has no formula and is no printed figure: a dead end"
            problems.append(f"{row['file']}: {said}")
    return problems


def _differences(row: Row, quantity: Quantity) -> Iterator[str]:
    """Where an entry of the ledger is not what was computed."""
    for column in NUMBERS:
        ours, theirs = getattr(quantity, column), row[column]
        if not _same(ours, theirs):
            said = f"{theirs or 'empty'}, reckoned again it is {ours:.12g}"
            yield f"{column} of «{row['id']}» is {said}"
    for column in WORDS:
        ours, theirs = getattr(quantity, column), row[column]
        if ours != theirs:
            yield f"{column} of «{row['id']}» is {theirs}, not {ours}"


def _same(ours: float, theirs: str) -> bool:
    if isnan(ours) or theirs == "":
        return isnan(ours) and theirs == ""
    return isclose(ours, float(theirs), rel_tol=TOLERANCE, abs_tol=TOLERANCE * 1e-3)
