"""What the steps found, found again for the verification, which knows no step by name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from taawun.paths import HAND, RAW
from taawun.quantity import Quantity
from taawun.steps import audit, clean, coverage
from taawun.tables import read_table

#: The tables of `data/hand` that use a figure by naming it; another report may have none of them.
NAMING = [
    path.name for path in (HAND / "programmes.csv", HAND / "ilo_variables.csv") if path.is_file()
]


def printed(as_of: str = "") -> pd.DataFrame:
    """One row a printed figure, read anew from `data/raw` as step 01 reads it, with the `name` that
    it has in the ledger; all that was published by `as_of` (the last day on which a source was
    read, if none is given).
    """
    raw, sources = (read_table(RAW / f"{name}.csv") for name in ("figures", "sources"))
    indicators, readings = (read_table(HAND / f"{name}.csv") for name in ("indicators", "readings"))
    figures = clean.figures(raw, sources, indicators, readings, as_of or sources["accessed"].max())
    return figures.assign(name=clean.named(figures["figure_id"], read_table(HAND / "names.csv")))


def ledger(figures: pd.DataFrame) -> pd.DataFrame:
    """One row of the ledger a printed figure that holds a number."""
    return clean.ledger(figures, read_table(HAND / "names.csv"))


def tallies(figures: pd.DataFrame, known: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """The entries of the ledger that rest on no figure: how many publications step 01 read, how
    many checks of step 02 end how, how many programmes, targets and variables step 04 counts, and
    the wholes that parts must make, which are numbers of `data/hand/checks.csv` such as percent(1).
    None in a report that has no programmes.
    """
    if not NAMING:
        return {}
    pairs = audit.pairs(read_table(HAND / "checks.csv"), figures)
    checks, sides = audit.compare(pairs, known)
    measures, _ = coverage.measures(read_table(HAND / "programmes.csv"), known)
    entries = [side for side in sides if not side.inputs]
    entries += audit.tally(checks[checks["published"]])
    entries += [clean.reach(figures), clean.alone(figures)]
    tables = (read_table(HAND / f"{name}.csv") for name in ("comparisons", "ilo_variables"))
    entries += coverage.tallies(measures, *tables)
    return {entry.id: entry for entry in entries}
