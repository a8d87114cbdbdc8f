"""Step 03: rates, ratios and projections, against numbers reckoned by hand."""

import math

import pytest

from taawun import formula
from taawun.quantity import Quantity
from taawun.steps import growth


@pytest.fixture
def counts(known, read):
    return growth.counts(read("series"), known)


def count(value, date, id="x", low=None, high=None):
    return Quantity(value, low or value, high or value, "cooperatives", id=id, date=date)


def test_counts_stand_at_their_own_dates(counts):
    stock = [(point.id, point.date) for point in counts["stock"]]
    assert stock == sorted(stock, key=lambda pair: pair[1])
    assert ("register_stock_2025_06", "2025-06-30") in stock
    assert ("register_stock_2020_12", "2020-12-31") in stock


def test_annual_rate_by_hand():
    rate = growth.annual_rate(count(100, "2020-01-01", "a"), count(121, "2022-01-01", "b"))
    assert rate.unit == "percent"
    assert rate.value == pytest.approx(10, abs=0.01)
    assert (
        formula.evaluate(rate.formula, {"a": count(100, "", "a"), "b": count(121, "", "b")}).value
        == rate.value
    )


def test_annual_rate_bounds_hold_the_ends():
    early, late = count(100, "2020-01-01", "a", 90, 110), count(200, "2021-01-01", "b", 190, 210)
    rate = growth.annual_rate(early, late)
    exponent = 365.25 / 366
    assert rate.low == pytest.approx(((190 / 110) ** exponent - 1) * 100)
    assert rate.high == pytest.approx(((210 / 90) ** exponent - 1) * 100)


def test_no_rate_without_time():
    assert not growth.annual_rate(count(1, "2020-01-01", "a"), count(2, "2020-01-01", "b")).known


def test_stock_rate_of_the_brief(counts):
    rate = growth.annual_rate(
        growth.at(counts["stock"], "2020-12-31"), growth.last(counts["stock"])
    )
    assert rate.value == pytest.approx(((65315 / 40531) ** (365.25 / 1795) - 1) * 100)


@pytest.mark.parametrize(
    ("when", "id"),
    [
        ("2020-12-31", "register_stock_2020_12"),
        ("2020-07-01", "register_stock_2020_12"),
        ("1900-01-01", "census_stock_1998"),
        ("2025-07-01", None),
        ("2030-01-01", None),
    ],
)
def test_base_is_the_first_count_after_the_day_and_not_the_latest(counts, when, id):
    base = growth.at(counts["stock"], when)
    assert base.id == (id or "")
    assert base.known == bool(id)


@pytest.mark.parametrize(
    ("until", "id"),
    [
        ("9999", "register_stock_2025_11"),
        ("2025-10-01", "register_stock_2025_06"),
        ("2024-12-31", "register_stock_2024_12"),
    ],
)
def test_last(counts, until, id):
    assert growth.last(counts["stock"], until).id == id


def test_unpublished_counts_are_unknown_and_keep_their_ids(as_ledger, cleaned, read):
    known = as_ledger(cleaned("2021-06-30"))
    counts = growth.counts(read("series"), known)
    assert growth.last(counts["stock"]).id == "register_stock_2020_12"
    ratios = growth.ratio(counts["members"], counts["stock"], "members_per_coop", "")
    assert {q.id: q.known for q in ratios}["members_per_coop_202511"] is False
    assert {q.id: q.known for q in ratios}["members_per_coop_202012"] is True


def test_members_per_cooperative(counts):
    ratios = {
        q.id: q
        for q in growth.ratio(
            counts["members"], counts["stock"], "members_per_coop", "members per cooperative"
        )
    }
    assert ratios["members_per_coop_202511"].value == pytest.approx(788969 / 65315)
    assert ratios["members_per_coop_202511"].unit == "members/cooperatives"
    assert ratios["members_per_coop_202012"].value == pytest.approx(646901 / 40531)


def test_womens_share_in_percent(counts):
    shares = {
        q.id: q
        for q in growth.ratio(counts["womens_coops"], counts["stock"], "womens_coops_share", "")
    }
    assert shares["womens_coops_share_202012"].value == pytest.approx(100 * 6232 / 40531)
    assert shares["womens_coops_share_202506"].unit == "percent"


def test_between_counts(counts):
    table, made = growth.between(counts["stock"], "stock")
    steps, ledger = table.set_index("end"), {q.id: q for q in made}
    assert ledger[steps.loc["2025-11-30", "change"]].value == 1870
    assert ledger[steps.loc["2020-12-31", "change"]].value == 6016
    pace = ledger[steps.loc["2025-11-30", "pace"]]
    assert pace.unit == "cooperatives/year"
    assert pace.value == pytest.approx(1870 / 153 * 365.25)  # 153 days from the end of June
    assert len(steps) == len(counts["stock"]) - 1
    assert list(ledger) == [*steps["change"], *steps["pace"]]


def test_change_since_a_day_is_the_latest_count_less_the_base(counts):
    base, latest, change = growth.since(counts["stock"], "2020-12-31", "stock", "the register")
    assert [q.id for q in (base, latest, change)] == ["stock_base", "stock_latest", "stock_change"]
    assert (base.value, latest.value, change.value) == (40531, 65315, 65315 - 40531)
    assert change.label == "net change of the register, {start} to {date}"
    assert change.formula == (
        "since(register_stock_2025_11, on(register_stock_2020_12, '2020-12-31'))"
    )
    assert (change.start, change.date) == ("2020-12-31", "2025-11-30")
    assert change.date == "2025-11-30"
    assert growth.added(counts["stock"], "2020-12-31").formula == change.formula


def test_change_since_a_day_without_a_later_count_is_unknown(counts):
    base, latest, change = growth.since(counts["stock"], "2030-12-31", "stock", "the register")
    assert [q.known for q in (base, latest, change)] == [False, True, False]


def test_change_up_to_a_day_begins_before_it(counts):
    stock = counts["stock"]
    until_june = growth.added(stock, "2020-12-31", "2025-06-30")
    assert until_june.formula == (
        "since(register_stock_2025_06, on(register_stock_2020_12, '2020-12-31'))"
    )
    assert not growth.added(stock, "2024-12-31", "2025-06-30").known
    assert not growth.added(stock, "1990-01-01", "1990-12-31").known


def test_published_counts_keep_the_ids_under_which_they_are_printed(as_ledger, cleaned, read):
    known = as_ledger(cleaned("2021-06-30"))
    table = growth.published(growth.counts(read("series"), known), known).set_index(
        ["series", "date"]
    )
    assert table.loc[("stock", "2020-12-31"), "figure_id"] == "D39"
    assert table.loc[("stock", "2017-12-31")].tolist() == ["D29", 20000, 20000, 21000]
    assert ("stock", "2025-06-30") not in table.index


def test_regions_without_a_count_keep_their_row(known, read):
    table, made = growth.regions(read("regions"), known)
    assert len(table) == 12
    assert list(table["density"].dropna()) == sorted(table["density"].dropna(), reverse=True)
    assert table.loc[table["density_id"] == "", "density"].isna().all()
    assert (table["density_id"] == "").sum() == 4
    guelmim = table.set_index("region").loc["Guelmim-Oued Noun"]
    assert guelmim["density"] == pytest.approx(2870 * 10000 / 448685)
    assert made[0].unit == "cooperatives/persons"


def paces(spans, counts, known):
    return {pace.id: pace for pace in growth.paces(spans, counts, known)[1]}


def test_a_pace_is_of_the_span_between_two_counts_of_one_series(counts, read, known):
    table, made = growth.paces(read("paces"), counts, known)
    rows, ledger = table.set_index("span"), {pace.id: pace for pace in made}
    assert list(rows["id"]) == list(ledger)
    assert (rows.loc["decade", "start"], rows.loc["decade", "end"]) == ("2016-02-29", "2025-11-30")
    assert (rows.loc["decade", "start_value"], rows.loc["decade", "end_value"]) == (15735, 65315)
    assert ledger["pace_decade"].value == pytest.approx((65315 - 15735) / (3562 / 365.25))
    assert ledger["pace_members_since_2020"].unit == "members/year"


def test_projection_is_the_pace_carried_on(counts, read, known):
    spans = read("paces")
    ledger = paces(spans, counts, known)
    table, made = growth.projection(spans, counts["stock"], 2030, ledger)
    ledger |= {q.id: q for q in made}
    span_of = spans.set_index("scenario")["span"]
    days = {"steady": 1795, "fast": 730, "slow": 723}
    change = {"steady": 65315 - 40531, "fast": 53800 - 40531, "slow": 60939 - 53800}
    for name, span in days.items():
        assert ledger[f"pace_{span_of[name]}"].value == pytest.approx(
            change[name] / (span / 365.25), rel=1e-6
        )
        assert ledger[f"projected_{name}_2030"].value == pytest.approx(
            65315 + change[name] / span * 1857, rel=1e-6
        )  # 1,857 days to the end of 2030
    assert set(table["year"]) == set(range(2025, 2031))
    assert ledger["projected_slow_2030"].date == "2030-12-31"


def test_projection_formula_can_be_evaluated_again(counts, read, known):
    ledger = paces(read("paces"), counts, known)
    made = {q.id: q for q in growth.projection(read("paces"), counts["stock"], 2027, ledger)[1]}
    again = formula.evaluate(made["projected_fast_2027"].formula, {**known, **ledger})
    assert (again.value, again.low, again.high, again.unit) == tuple(
        getattr(made["projected_fast_2027"], part) for part in ("value", "low", "high", "unit")
    )


def test_projection_without_counts_is_unknown(as_ledger, cleaned, read):
    known = as_ledger(cleaned("2004-12-31"))
    spans, counts = read("paces"), growth.counts(read("series"), known)
    table, made = growth.projection(spans, counts["stock"], 2030, paces(spans, counts, known))
    assert all(math.isnan(value) for value in table["value"])
    assert "projected_steady_2030" in {q.id for q in made}


def test_every_series_row_has_a_figure_and_a_dating(known, read):
    series = read("series")
    assert all(figure_id in known for figure_id in series["figure_id"])
    assert not series.duplicated(["series", "date"]).any()
    assert set(series["dating"]) <= {"printed", "stated", "year", "inferred", "presumed"}
    assert (series.loc[series["dating"].isin(["inferred", "presumed"]), "reason"] != "").all()
