"""Step 03: entries, exits, founders, vintages and sectors, against numbers reckoned by hand."""

import pandas as pd
import pytest

from taawun.steps import growth_entries as entries


def by_name(made):
    return {quantity.id: quantity for quantity in made}


def test_what_left_is_births_less_rise(read, known):
    table, made = entries.flows(read("flows"), known)
    found = by_name(made)
    assert [found[name].value for name in table["removed"]] == [218, 35, 11, -1942, 2861]
    assert found["births_2009_2013"].value == 610 + 909 + 1250 + 1572 + 1406
    assert found["rise_2009_2013"].value == 12022 - 6286
    assert (found["removed_2021_2022"].low, found["removed_2021_2022"].high) == (-2042, -1842)


def test_founders_and_jobs_of_new_cooperatives(read, known):
    table, made = entries.newcomers(read("newcomers"), known)
    found = by_name(made)
    assert found["founders_2003"].value == pytest.approx(7426 / 266)
    assert found["jobs_per_new_coop_2020_2021"].value == pytest.approx(48000 / 9909)
    assert found["jobs_per_founder_2012"].value == pytest.approx(100 * 23415 / 23918)
    assert found["jobs_per_founder_2012"].unit == "percent"
    assert found["womens_births_share_2013h1"].value == pytest.approx(100 * 124 / 738, abs=0.02)
    assert found["womens_births_share_2013h1"].unit == "percent"
    assert table.set_index("period").loc["2005", "womens_births_share"] == ""
    assert found["founders_2011q2"].date == "2011-06-30"


def test_the_vintages_of_a_stock_make_the_whole(read, known):
    table, made = entries.vintages(read("vintages"), known)
    found = by_name(made)
    for column in ("coops", "members"):
        assert sum(found[name].value for name in table[column]) == pytest.approx(100)
    assert found["vintage_2013_members_share"].value == pytest.approx(100 * 440372 / 788969)
    assert found["vintage_2025_coops_share"].value == pytest.approx(100 * 24784 / 65315)


def test_sectors_have_a_share_where_a_number_was_found(read, known):
    table, made = entries.sectors(read("sectors"), known)
    found, rows = by_name(made), table.set_index("date")
    assert found["sector_housing_202006"].value == pytest.approx(100 * 1219 / 34515, abs=0.01)
    assert rows.loc["2020-12-31", "housing"] == ""
    for day in ("2006-04-30", "2015-06-30", "2020-06-30"):
        shares = [found[rows.loc[day, sector]].value for sector in entries.SECTORS]
        assert sum(shares) == pytest.approx(100, abs=0.1), day


def test_findings_are_told_by_topic(read, known):
    table = read("findings")
    names = [
        q.id for topic in table["topic"].unique() for q in entries.findings(table, topic, known)
    ]
    assert sorted(names) == sorted(table["name"])
    assert by_name(entries.findings(table, "exits", known))["inactive_share_2010"].low == 15


def test_the_bound_on_old_entries_is_the_mixture_that_gives_the_members(read, known):
    bound = by_name(entries.findings(read("findings"), "entries", known))["old_entry_share_bound"]
    young, old = 48000 / 9909, 13390 / 909
    share = bound.value / 100
    assert share * old + (1 - share) * young == pytest.approx((646901 - 608490) / (40531 - 34515))
    assert bound.low < bound.value < bound.high < 20


def test_a_row_without_a_figure_has_no_quotient(known):
    table = pd.DataFrame(
        {"peer": ["a", "b"], "label": ["x", "y"], "n": ["Q07", ""], "d": ["Q06"] * 2}
    )
    names, made = entries.quotients(table, "n", "d", "size", "members each", known)
    assert names == ["size_a", ""]
    assert made[0].label == "members each, x"
    assert made[0].value == pytest.approx(788969 / 65315)
