"""What several tests read: the raw tables as step 01 cleans them."""

import pandas as pd
import pytest

from taawun import tables
from taawun.ledger import Ledger
from taawun.paths import HAND, RAW
from taawun.steps import clean

EDITION = "2026-03-31"


@pytest.fixture(scope="session")
def read():
    """A hand-made table by name."""
    return lambda name: pd.read_csv(HAND / f"{name}.csv", keep_default_na=False, dtype=str)


@pytest.fixture(scope="session")
def cleaned():
    """The figures of step 01 as of a day, from the raw tables, with rows replaced by `changes`
    (figure_id to column to words).
    """

    def clean_as_of(as_of=EDITION, changes=None):
        raw, sources, indicators, readings = (
            tables.read_table(path)
            for path in (
                RAW / "figures.csv",
                RAW / "sources.csv",
                HAND / "indicators.csv",
                HAND / "readings.csv",
            )
        )
        for figure_id, cells in (changes or {}).items():
            raw.loc[raw["figure_id"] == figure_id, list(cells)] = list(cells.values())
        return clean.figures(raw, sources, indicators, readings, as_of)

    return clean_as_of


@pytest.fixture(scope="session")
def figures(cleaned):
    return cleaned()


@pytest.fixture(scope="session")
def as_ledger(read):
    """The ledger of cleaned figures."""
    return lambda figures: Ledger.load(clean.ledger(figures, read("names")))


@pytest.fixture(scope="session")
def known(figures, as_ledger):
    return as_ledger(figures)
