"""Every base year and every day of the reader: whatever 03 compares is of one period."""

from datetime import date, timedelta

import pytest

from taawun.ledger import Ledger
from taawun.paths import HAND
from taawun.steps import growth, recount
from taawun.tables import read_table

SERIES = read_table(HAND / "series.csv")
DAYS = [str(date(2005, 1, 15) + timedelta(days=61 * n)) for n in range(130)]


def counted(as_of: str = "") -> dict:
    figures = recount.printed(as_of)
    return growth.counts(SERIES, Ledger.load(recount.ledger(figures)))


@pytest.fixture(scope="module")
def counts():
    return counted()


@pytest.mark.parametrize("base_year", range(1998, 2025))
def test_every_base_year_compares_over_one_period_or_falls_silent(counts, base_year):
    compared(counts, base_year)


@pytest.mark.exhaustive
@pytest.mark.parametrize("as_of", DAYS)
def test_every_day_of_the_reader_compares_over_one_period_or_falls_silent(as_of):
    counts = counted(as_of)
    for base_year in range(1998, 2025):
        compared(counts, base_year)


def compared(counts, base_year):
    stock = counts["stock"]
    for other in ("members", "womens_coops", "women_members", "young_members"):
        ratio = growth.added_per(counts[other], stock, f"{base_year}-12-31")
        if ratio.known:
            assert ratio.start >= f"{base_year}-12-31"
            for part in ratio.inputs:
                assert part.period.last.isoformat() in (ratio.start, ratio.date)
        else:
            days = {q.date for q in growth.counted_with(counts[other], stock) if q.known}
            assert len([day for day in days if day >= f"{base_year}-12-31"]) < 2


def test_the_members_of_a_later_count_are_not_divided_by_the_growth_since_an_earlier_one(counts):
    per_coop = growth.added_per(counts["members"], counts["stock"], "2021-12-31")
    assert (per_coop.start, per_coop.date) == ("2024-12-23", "2025-11-30")
    assert [part.id for part in per_coop.inputs] == [
        "register_members_2025_11",
        "register_members_2024_12",
        "register_stock_2025_11",
        "register_stock_2024_12",
    ]
