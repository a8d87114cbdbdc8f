"""The ledger a second time: from printed words upwards, formula by formula, in order of dependency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isclose, isnan
from pathlib import Path

import pandas as pd

from taawun import tables
from taawun.formula import evaluate, order
from taawun.ledger import load
from taawun.paths import HAND, RAW
from taawun.quantity import Quantity, constant
from taawun.steps import audit, clean, coverage

TOLERANCE = 1e-9


def words(as_of: str = "") -> pd.DataFrame:
    """One row a printed figure, read anew from `data/raw` as step 01 reads it; all that was
    published by `as_of` (the last day on which a source was read, if none is given).
    """
    raw, sources = (tables.read_table(RAW / f"{name}.csv") for name in ("figures", "sources"))
    indicators, readings = (
        tables.read_table(HAND / f"{name}.csv") for name in ("indicators", "readings")
    )
    return clean.figures(raw, sources, indicators, readings, as_of or sources["accessed"].max())


def printed(figures: pd.DataFrame) -> dict[str, Quantity]:
    """The quantities that stand in printed words, by figure_id."""
    return load(clean.ledger(figures))


def ledgers(folder: Path) -> pd.DataFrame:
    """One row an entry of the ledgers that the notebooks wrote, as text, with the `file` that it is
    in; BadTable if an id is used twice.
    """
    parts = [
        pd.read_csv(path, dtype=str, keep_default_na=False).assign(file=path.name)
        for path in sorted(folder.glob("0?-ledger.csv"))
    ]
    if not parts:
        raise tables.BadTable([f"{folder.name}: there is no ledger; run make report first"])
    rows = pd.concat(parts, ignore_index=True)
    twice = rows[rows["id"].duplicated()]
    if len(twice):
        raise tables.BadTable(
            [
                f"{row.file}: the id «{row.id}» stands in two ledgers; accepted: an id of its own"
                for row in twice.itertuples()
            ]
        )
    return rows.set_index("id", drop=False)


def results(
    rows: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[dict[str, Quantity], list[str]]:
    """The quantities of `rows` that have a formula, reckoned from `known` (printed figures and
    counts), with all of `known`; and what cannot be reckoned, one sentence each.
    """
    computed = rows[rows["formula"] != ""]
    placed, problems = order(computed["formula"].to_dict(), known)
    found = dict(known)
    for id in placed:
        row = computed.loc[id]
        try:
            found[id] = evaluate(row["formula"], found).named(id, row["label"], row["date"])
        except Exception as error:
            problems.append(
                f"{row['file']}: «{id}» cannot be reckoned from «{row['formula']}»: {error}"
            )
    return found, problems


def tallies(figures: pd.DataFrame, known: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """The entries that rest on no figure: how many checks of step 02 end how, how many measures of
    step 04 there are, and wholes of 100 per cent; from checks and programmes that are run again
    here.
    """
    by_hand = tables.read_table(HAND / "checks.csv")
    pairs = pd.concat(
        [by_hand, audit.same_quantity(figures), audit.reprints(figures)]
    ).drop_duplicates(["left", "right"])
    checks, sides = audit.run(pairs, known)
    verdicts = checks.loc[checks["published"], "verdict"]
    measures, made = coverage.reach(tables.read_table(HAND / "programmes.csv"), known)
    units = {q.id: q.unit for q in [*known.values(), *made]}
    reached = measures[
        measures["group_id"].map(lambda id: units.get(id) in ("cooperatives", "members"))
        & (measures["coverage"] != "")
    ]
    found = {
        f"checks_{verdict.split()[0]}": constant(float((verdicts == verdict).sum()), "checks")
        for verdict in ("agree", "conflict", "cannot tell")
    }
    found |= {
        "measures_all": constant(float(len(measures)), "measures"),
        "measures_reached": constant(float(len(reached)), "measures"),
    }
    wholes = {
        side.id: side for side in sides if not side.inputs
    }  # a whole that parts must make is a number of data/hand/checks.csv, such as percent(1)
    return wholes | {id: replace(count, id=id, formula="") for id, count in found.items()}


def compare(rows: pd.DataFrame, found: Mapping[str, Quantity]) -> list[str]:
    """What differs between the notebooks' ledgers and the quantities reckoned here, one sentence a
    difference.
    """
    problems = []
    for row in rows.itertuples():
        if row.id not in found:
            problems += (
                []
                if row.formula
                else [f"{row.file}: «{row.id}» has no formula and is no printed figure: a dead end"]
            )
            continue
        for name in ("value", "low", "high", "unit", "qualifier"):
            ours, theirs = getattr(found[row.id], name), getattr(row, name)
            if not _same(ours, theirs):
                problems.append(
                    f"{row.file}: {name} of «{row.id}» is {theirs or 'empty'}, reckoned again "
                    f"it is {ours:.12g}"
                    if isinstance(ours, float)
                    else f"{row.file}: {name} of «{row.id}» is {theirs}, not {ours}"
                )
    return problems


def _same(ours: float | str, theirs: str) -> bool:
    if isinstance(ours, str):
        return ours == theirs
    if isnan(ours) or theirs == "":
        return isnan(ours) and theirs == ""
    return isclose(ours, float(theirs), rel_tol=TOLERANCE, abs_tol=TOLERANCE * 1e-3)
