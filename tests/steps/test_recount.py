"""What the verification counts again is what the notebooks counted."""

import pytest

from taawun.ledger import Ledger
from taawun.paths import PROCESSED
from taawun.steps import recount
from taawun.tables import read_rows


@pytest.fixture(scope="module")
def tallies(figures, known):
    return recount.tallies(figures, known)


def test_every_entry_that_rests_on_nothing_is_counted_again(tallies):
    rows = [row for path in PROCESSED.glob("*-ledger.csv") for row in read_rows(path)]
    bare = {row["id"]: row for row in rows if not row["inputs"] and not row.get("figure_id")}
    assert tallies.keys() == bare.keys()
    for name, row in bare.items():
        assert (tallies[name].value, tallies[name].unit) == (float(row["value"]), row["unit"])


def test_what_was_not_yet_published_is_not_counted(tallies):
    early = recount.printed("2025-12-31")
    counted = recount.tallies(early, Ledger.load(recount.ledger(early)))
    assert counted["checks_contradict"].value < tallies["checks_contradict"].value
    assert counted["programmes_all"].value == tallies["programmes_all"].value
    assert counted["targets_all"].value == tallies["targets_all"].value


def test_the_figures_are_read_as_of_the_last_day_on_which_a_source_was_read(figures):
    assert recount.printed().drop(columns="name").equals(figures)
