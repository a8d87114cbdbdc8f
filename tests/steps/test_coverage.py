"""Step 04: reach and cost, against results reckoned by hand from the printed words, by another
route where there is one (`expected/coverage.csv`).
"""

import pandas as pd
import pytest

from taawun import formula, ledger, schemas
from taawun.paths import RAW, ROOT
from taawun.quantity import Quantity
from taawun.steps import coverage
from taawun.tables import read_rows, records

EXPECTED = pd.read_csv(ROOT / "tests" / "expected" / "coverage.csv").set_index("id")
ARTICLE = {
    "A01",
    "A29b",
    "A29c",
    *(f"A{number:02}" for number in range(8, 34)),
}  # the programmes, the envelope and handicrafts; 02 and 03 have the rest


@pytest.fixture(scope="module")
def programmes(read):
    return read("programmes")


@pytest.fixture(scope="module")
def comparisons(read):
    return read("comparisons")


@pytest.fixture(scope="module")
def reached(programmes, known):
    return coverage.measures(programmes, known)


@pytest.fixture(scope="module")
def results(reached):
    return {result.id: result for result in reached[1]}


@pytest.fixture(scope="module")
def everything(read, known, reached, comparisons):
    """All results of the step, in the order in which its notebook computes them."""
    found = dict(known)
    envelope, stock = known["speech_strategy_envelope"], known["register_stock_2025_11"]
    women = known["register_women_share_2025_06"]
    for made in (
        reached[1],
        coverage.comparisons(comparisons, known)[1],
        coverage.costs(read("costs"), known)[1],
        coverage.ratios(read("ratios"), known),
        coverage.spread(read("spans"), envelope, stock, "envelope_year", "envelope"),
        coverage.womens_gaps(reached[0], women, known),
        coverage.tallies(reached[0], comparisons, read("ilo_variables")),
    ):
        found |= {result.id: result for result in made}
    return found


def one(**cells):
    """A table of one measure: 30 fairs of a group of 200."""
    blank = dict.fromkeys(
        [
            "slug",
            "programme",
            "measure",
            "kind",
            "reported",
            "counts",
            "period_start",
            "period_end",
            "period_note",
            "group",
            "denominator",
            "denominator_note",
            "bound",
            "may_repeat",
            "women_share",
            "other",
            "not_reported",
            "reason",
        ],
        "",
    )
    return pd.DataFrame(
        [
            blank
            | {
                "slug": "x",
                "programme": "X",
                "measure": "things",
                "kind": "outcome",
                "reported": "R",
                "counts": "cooperatives",
                "denominator": "G",
                "group": "all",
                "not_reported": "much",
                "reason": "because",
            }
            | cells
        ]
    )


def quantities(**dates):
    return {
        "R": Quantity(30, 30, 40, "cooperatives", id="R"),
        "G": Quantity(200, 200, 200, "cooperatives", id="G", date=dates.get("group", "2024-06-30")),
        "M": Quantity(1000, 900, 1000, "MAD", id="M"),
        "Y": Quantity(10, 10, 10, "cooperatives/year", id="Y"),
        "P": Quantity(30, 30, 30, "projects", id="P"),
    }


def test_every_figure_of_the_article_on_programmes_has_a_place(programmes):
    columns = ["reported", "women_share", "other"]
    placed = {id for column in columns for cell in programmes[column] for id in cell.split()}
    assert placed >= ARTICLE
    unused = programmes[programmes["counts"].isin(["nothing", "places"])]
    assert (
        unused["reason"].str.contains("nothing|no number|without a number|no other figure")
    ).all()


def faults(programmes, figure_ids):
    data = RAW.parent
    beside = {
        "dictionary": read_rows(data / "dictionary.csv"),
        "vocabulary": read_rows(data / "hand" / "vocabulary.csv"),
        "figures": [{"figure_id": figure_id} for figure_id in figure_ids],
    }
    schema = schemas.declared("hand/programmes.csv", beside)
    name = "data/hand/programmes.csv"
    return schemas.faults(name, list(programmes.columns), records(programmes), schema)


def test_table_is_sound(programmes, figures):
    assert faults(programmes, figures["figure_id"]) == []


@pytest.mark.parametrize("id", EXPECTED.index)
def test_arithmetic_by_hand(everything, id):
    result, expected = everything[id], EXPECTED.loc[id]
    assert (result.value, result.low, result.high) == pytest.approx(
        (expected["value"], expected["low"], expected["high"]), rel=1e-9
    )


def test_every_result_that_a_page_can_name_is_reckoned_by_hand(everything, known):
    aside = {"jil_total_record", "jil_total_ratio", "artisans_identified_ratio"}
    aside |= {name for name in everything if name.endswith(("_claim", "_units"))}
    aside |= {"mourafaka_named_record", "mouazara_edition_5_jobs_record", "mouazara_coops_chosen"}
    aside |= {"ilo_variables_partly", "ilo_variables_old"}  # the parts of ilo_variables_all
    assert set(everything) - set(known) - aside == set(EXPECTED.index) - set(known)


def test_results_say_their_units(everything):
    units = {
        "mouazara_equipped_coverage": "percent",
        "fair_trained_coverage": "percent",
        "fair_sales_per_unit": "MAD/organisations",
        "mouazara_new_job_per_unit": "MAD/jobs",
        "envelope_year_five": "MAD/cooperatives*year",
        "coop_in_group": "members",
    }
    assert {name: everything[name].unit for name in units} == units


def test_every_formula_can_be_evaluated_again(everything, known):
    results = {name: result for name, result in everything.items() if name not in known}
    for result in results.values():
        again = formula.evaluate(result.formula, everything)
        assert (again.value, again.low, again.high, again.unit) == (
            result.value,
            result.low,
            result.high,
            result.unit,
        ), result.id


def test_results_make_a_ledger(results, known):
    loaded = ledger.Ledger.load(ledger.table([*known.values(), *results.values()], step="04"))
    assert all(
        result.label and loaded[id].formula == result.formula for id, result in results.items()
    )


def test_programme_without_a_number_has_its_row(reached):
    rows = reached[0].set_index("slug")
    for slug in (
        "tahfiz_niswa",
        "territorial_hubs",
        "structure_oujda",
        "structure_fes",
        "structure_azilal",
        "framework_bill",
    ):
        row = rows.loc[slug]
        assert row["not_reported"]
        assert not row["coverage"]
        assert not row["reported"] or slug == "framework_bill"
        assert not row["dates"]
    assert rows.loc["tahfiz_niswa", "group_id"] == "register_womens_coops_2025_06"
    assert rows.loc["structure_fes", "group_id"] == "F24"


def test_what_may_count_one_twice_says_so(reached):
    rows = reached[0]
    shared = rows[
        (rows["coverage"] != "") & rows["counts"].isin(["participations", "people"])
        | rows["slug"].isin(["jil_editions", "mouazara_calls", "lalla_awarded"])
    ]
    assert len(shared) == 7
    assert (shared["may_repeat"] == "yes").all()
    differ = shared["definitions"].str.startswith("differ: ")
    assert shared.loc[~differ, "slug"].tolist() == ["lalla_awarded"]


def test_words_that_name_no_upper_end_are_open_and_no_others(programmes, figures):
    """«More than» and nothing else: a row that stands for it as printed says «at least»."""
    hedges = figures.set_index("figure_id")["qualifier"]
    for row in records(programmes):
        if row["denominator"] and row["reported"] in hedges.index:
            assert (hedges[row["reported"]] == "at_least") == (row["bound"] == "at least"), row


def test_a_design_a_plan_and_a_part_are_no_outcomes(reached):
    told = coverage.outcomes(reached[0])
    assert set(told["programme"]) == {
        "Mouazara",
        "Mourafaka",
        "Lalla Moutaawina",
        "Jil Moutadamin",
        "Regional fairs",
        "Mobile markets",
    }
    rows = reached[0].set_index("slug")
    for slug in ("mourafaka", "coop_in", "bank_selected", "tahfiz_target", "jil_moutadamin"):
        assert rows.loc[slug, "coverage"]
        assert slug not in set(told["slug"])


def test_coop_in_is_never_a_share_of_members(reached, everything):
    group = everything[reached[0].set_index("slug").loc["coop_in", "group_id"]]
    assert group.value < 30_000
    assert "since" in group.formula


def test_a_group_is_shown_behind_its_number(reached):
    rows = reached[0].set_index("slug")["group_shown"]
    assert rows["mourafaka_2021"] == "{register_created_2021} cooperatives created in 2021"
    assert rows["fair_sales"] == ""


def test_share_is_dated_like_its_group_and_one_year_is_told_once(reached, results):
    assert results["jil_moutadamin_coverage"].date == "2023"
    assert reached[0].set_index("slug").loc["lalla_moutaawina", "period"].startswith("2025; ")


def test_unpublished_figures_leave_their_results_unknown(as_ledger, programmes, cleaned, results):
    early = as_ledger(cleaned("2025-12-31"))  # before the article
    rows, unknown = coverage.measures(programmes, early)
    assert [result.id for result in unknown] == list(results)
    known = {result.id for result in unknown if result.known}
    assert known == {
        "mouazara_calls_coverage",
        "mouazara_calls_coops_reported",
        "mouazara_calls_coops_coverage",
        "tahfiz_target_coverage",
        "mourafaka_group",
        "mourafaka_2021_coverage",
        "mourafaka_2023_coverage",
        "lalla_awarded_reported",
        "lalla_awarded_coverage",
        "jil_editions_reported",
        "jil_editions_coverage",
        "coop_in_group",
    }
    assert rows["slug"].tolist() == programmes["slug"].tolist()


@pytest.mark.parametrize(
    ("figure", "words", "changed"),
    [
        ("A13", "326 تعاونية", {"mouazara_equipped_coverage"}),
        (
            "Q73",
            "1.600 coopératives jeunes",
            {"jil_moutadamin_coverage", "jil_editions_coverage"},
        ),
        ("D47", "5.128 coopératives", {"mourafaka_2021_coverage"}),
        ("A32", "26.000 مستفيد سنويا", {"coop_in_coverage"}),
        ("D39", "40.530 coopératives", {"mourafaka_group", "mourafaka_coverage"}),
        ("D40", "646.900 adhérents", {"coop_in_group", "coop_in_coverage"}),
        ("Q81", "122 associations et coopératives", set()),
    ],
)
def test_a_changed_figure_changes_what_uses_it_and_nothing_else(
    as_ledger, programmes, cleaned, results, figure, words, changed
):
    other = as_ledger(cleaned(changes={figure: {"as_printed": words}}))
    assert {
        result.id
        for result in coverage.measures(programmes, other)[1]
        if result.value != results[result.id].value
    } == changed


def test_dates_and_definitions_are_compared():
    cases = {
        ("2024-06-30", "2025", "2024-06-30"): "the group was counted within the period",
        ("", "2024-06", "2024-06-30"): "the group was counted within the period",
        ("2021", "2023", "2024-06-30"): "differ: 2023 against 2024-06-30",
        ("2025", "2025", "2024-06-30"): "differ: 2025 against 2024-06-30",
        ("", "", "2024-06-30"): "cannot tell: no period is printed",
        ("2021", "2023", ""): "cannot tell: the group has no reference date",
    }
    for (start, end, group), words in cases.items():
        rows, _ = coverage.measures(
            one(period_start=start, period_end=end), quantities(group=group)
        )
        assert rows.loc[0, "dates"] == words
    assert rows.loc[0, "definitions"] == "same"
    assert rows.loc[0, "period"] == "2021 to 2023"
    rows, _ = coverage.measures(
        one(counts="projects", reported="P", period_end="2024", period_note="a note"), quantities()
    )
    assert rows.loc[0, "definitions"] == "differ: projects against cooperatives"
    assert rows.loc[0, "period"] == "2024; a note"


def test_one_measure_from_end_to_end():
    rows, (share,) = coverage.measures(one(), quantities())
    assert rows.loc[0, ["reported", "group_id", "coverage"]].tolist() == ["R", "G", "x_coverage"]
    assert (share.value, share.low, share.high) == (15, 15, 20)
    assert share.date == "2024-06-30"
    assert share.label == "X, things: share of the all"


def test_a_sum_is_divided_by_what_it_is_for():
    sums = pd.DataFrame(
        [{"slug": "x", "programme": "X", "per": "thing", "money_is": "budget"}]
    ).assign(money="M", units="R")
    rows, (cost,) = coverage.costs(sums, quantities())
    assert rows.loc[0, ["money", "units", "per_unit"]].tolist() == ["M", "R", "x_per_unit"]
    assert (cost.low, cost.high) == pytest.approx((900 / 40, 1000 / 30))
    assert (cost.label, cost.unit) == ("X: budget for each thing", "MAD/cooperatives")


def test_a_cost_that_cannot_be_what_it_says_is_none_of_those_that_may(read, everything):
    """The quotients judged not credible are those of projects with more than ten times the members
    of a cooperative, or more jobs than it has members.
    """
    costs = read("costs").set_index("slug")
    members = everything["register_members_2025_06"] / everything["register_stock_2025_06"]
    assert everything["mouazara_beneficiaries_per_project"].value > 10 * members.value
    assert everything["mouazara_new_jobs_per_project"].value > members.value
    doubted = costs.index[costs["credible"] == "no"]
    assert set(doubted) == {"mouazara_beneficiary", "mouazara_new_job"}


def test_a_sum_over_years_is_the_less_the_longer_it_lasts(read, everything):
    spans = read("spans").assign(years=lambda rows: rows["years"].astype(int))
    paid = [
        everything[f"envelope_year_{span}"].value for span in spans.sort_values("years")["span"]
    ]
    assert paid == sorted(paid, reverse=True)


def test_bad_rows_are_told_at_once():
    bad = pd.concat(
        [
            one(reported="A99", counts="visits", reason=" "),
            one(may_repeat="maybe", other="R Z1", group=""),
        ]
    )
    found = faults(bad, {"R", "G"})
    assert len(found) == 8
    for words in (
        "row 2 (x), column reported: «A99» is no figure; accepted: figure ids with + - * / and",
        "column reason: « » is not accepted; accepted: some words",
        "«visits» is not accepted; accepted: one of cooperatives, organisations",
        "row 3 (x), column other: «Z1» is not accepted; accepted: a figure_id of data/raw/figures",
        "column may_repeat: «maybe»",
        "row 3 (x), group «», denominator «G»: one is empty and another is not",
        "row 2 (x), column slug: the slug «x» is used twice",
        "row 3 (x), column slug: the slug «x» is used twice",
    ):
        assert any(words in problem for problem in found)


@pytest.mark.parametrize(("formula", "said"), [("R + M", "MAD"), ("R +", "R +"), ("Q999", "Q999")])
def test_denominator_that_cannot_be_computed_is_named(formula, said):
    with pytest.raises(ValueError, match=r"^data/hand/programmes\.csv, x, column denom") as fault:
        coverage.measures(one(denominator=formula), quantities())
    assert said in str(fault.value)
    assert "accepted: figure ids" in str(fault.value)


def test_targets_beside_outcomes(comparisons, known):
    rows, made = coverage.comparisons(comparisons, known)
    made, rows = {result.id: result for result in made}, rows.set_index("slug")
    assert rows.loc["mourafaka_2021", ["claim", "record"]].tolist() == [
        "speech_mourafaka_pace",
        "mourafaka_coops_2021",
    ]
    assert made["mourafaka_2021_ratio"].value == pytest.approx(144.2)
    assert rows.loc["mourafaka_cumulated", "record_shown"] == (
        "{mourafaka_cumulated_record} ({mourafaka_cumulated_record:date})"
    )
    assert made["mourafaka_cumulated_record"].date == "2023"
    assert made["mourafaka_2023_ratio"].value == pytest.approx(70.6)
    assert made["mourafaka_tranche_1_claim"].value == 500
    assert made["mourafaka_tranche_1_ratio"].value == pytest.approx(90)
    assert (
        made["mouazara_edition_5_ratio"].low < 100 < made["mouazara_edition_5_ratio"].high
    )  # «about 160» holds 163
    assert made["jil_total_record"].value == 153
    assert made["fairs_held_ratio"].value == pytest.approx(130)
    assert made["markets_held_ratio"].value == pytest.approx(312.5)
    assert made["artisans_identified_ratio"].low == pytest.approx(100 * 720 / 2700)
    assert made["artisans_identified_ratio"].high == pytest.approx(100 * 730 / 2600)
    assert set(rows["kind"]) == {"target", "statement", "scale"}
    silent = rows[rows["record"] == ""]
    assert (silent["kind"] == "target").all()
    assert (silent["ratio"] == "").all()
    assert silent["share"].isna().all()
    assert (rows["reason"] != "").all()


def test_a_measure_carries_what_a_table_of_it_needs():
    rows, _ = coverage.measures(one(), quantities())
    columns = ["name", "reported", "group_shown", "share"]
    assert rows.loc[0, columns].tolist() == ["X, things", "R", "{G} all", 15]
    silent, _ = coverage.measures(one(reported="", denominator="", group=""), quantities())
    assert silent.loc[0, columns[:3]].tolist() == ["X, things", "", ""]
    assert pd.isna(silent.loc[0, "share"])


def test_measures_are_drawn_from_the_greatest_share_on_and_open_above_a_least_one():
    rows = pd.DataFrame({"coverage": ["a", "c", "b"], "bound": ["", "", "at least"]})
    shares = pd.DataFrame({"id": ["a", "b"], "value": [1.0, 2.0], "high": [1.1, 2.1]})
    drawn = coverage.drawn(rows, shares)
    assert drawn["coverage"].tolist() == ["b", "a"]
    assert drawn["high"].tolist() == [float("inf"), 1.1]
    assert coverage.drawn(rows, shares[:0]).empty


def test_each_status_of_the_grid_is_counted_once(read, everything):
    parts = ("published", "partly", "old", "absent")
    counted = sum(everything[f"ilo_variables_{part}"].value for part in parts)
    assert counted == everything["ilo_variables_all"].value == len(read("ilo_variables"))
    figures = read("ilo_variables").set_index("status")["figure"]
    assert (figures["not"] == "").all()
    assert (figures.drop("not") != "").all()


def test_cells_name_their_figures_with_dates_if_asked(known):
    assert coverage.named(pd.Series(["G20 G20c", "", "Q18"]), known).tolist() == [
        "{lalla_awarded_2021} or {lalla_awarded_2021_rni}",
        "–",
        "{lalla_awarded_2022}",
    ]
    dated = coverage.named(pd.Series(["Q07", "A15"]), known, dates=True)
    assert dated.tolist() == [
        "{register_members_2025_11} ({register_members_2025_11:date})",
        "{speech_mourafaka_pace}",
    ]


def test_figures_of_other_sources_stand_once_with_each_programme(reached, figures):
    rows = coverage.others(reached[0], figures)
    assert not rows.duplicated(["Programme", "Figure"]).any()
    assert rows.loc[rows["Figure"] == "Q05", "Programme"].tolist() == ["Jil Moutadamin", "Coop'IN"]


def test_every_figure_of_an_edition_is_one_of_its_prize(read, figures):
    entities = figures.set_index("figure_id")["entity"]
    for row in records(read("prizes")):
        edition = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"].index(
            row["edition"].partition(",")[0]
        )
        ids = f"{row['took_part']} {row['awarded']}".split()
        assert {entities[id] for id in ids} <= {f"lalla-moutaawina/ed{edition + 1}"}
