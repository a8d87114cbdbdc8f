"""Step 04: reach of the programmes, against shares reckoned by hand (`expected/coverage.csv`)."""

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


def one(**cells):
    """A table of one measure: 30 fairs of a group of 200."""
    blank = dict.fromkeys(
        [
            "slug",
            "programme",
            "measure",
            "reported",
            "counts",
            "period_start",
            "period_end",
            "period_note",
            "years",
            "group",
            "denominator",
            "denominator_note",
            "women_share",
            "money",
            "money_units",
            "money_is",
            "other",
            "upper_bound",
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
    columns = ["reported", "women_share", "money", "money_units", "other"]
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
def test_arithmetic_by_hand(results, id):
    result, expected = results[id], EXPECTED.loc[id]
    assert (result.value, result.low, result.high) == pytest.approx(
        (expected["value"], expected["low"], expected["high"]), rel=1e-9
    )


def test_results_say_their_units(results):
    assert {
        results[f"{slug}_coverage"].unit
        for slug in ("mouazara_equipped", "fair_trained", "coop_in")
    } == {"percent"}
    assert results["fair_organisations_per_year"].unit == "cooperatives/year"
    assert results["fair_organisations_years_to_all"].unit == "year"
    assert results["fair_editions_per_year"].unit == "editions/year"
    assert results["fair_sales_per_unit"].unit == "MAD/organisations"


def test_every_formula_can_be_evaluated_again(results, known):
    everything = dict(known) | results
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
        assert not row["per_year"]
        assert not row["dates"]
    assert rows.loc["tahfiz_niswa", "group_id"] == "register_womens_coops_2025_06"
    assert rows.loc["structure_fes", "group_id"] == "F24"


def test_participations_and_projects_are_upper_bounds(reached):
    rows = reached[0]
    shared = rows[
        (rows["coverage"] != "") & rows["counts"].isin(["participations", "people"])
        | (rows["slug"] == "jil_moutadamin")
    ]
    assert len(shared) == 5
    assert (shared["upper_bound"] == "yes").all()
    assert shared["definitions"].str.startswith("differ: ").all()


def test_rate_is_a_year_and_is_not_divided_again(reached, results):
    rows = reached[0].set_index("slug")
    assert rows.loc["mourafaka", "per_year"] == "speech_mourafaka_pace"
    assert "mourafaka_per_year" not in results
    assert results["coop_in_per_year"].value == 25000
    assert results["coop_in_per_year"].unit == "members/year"


def test_rate_without_a_group_keeps_its_unit():
    rows, made = coverage.measures(one(reported="Y", denominator="", group=""), quantities())
    assert rows.loc[0, "per_year"] == "Y"
    assert made == []


def test_share_is_dated_like_its_group_and_one_year_is_told_once(reached, results):
    assert results["jil_moutadamin_coverage"].date == "2023"
    assert reached[0].set_index("slug").loc["lalla_moutaawina", "period"].startswith("2025; ")


def test_without_a_period_there_is_no_pace(reached):
    rows = reached[0].set_index("slug")
    assert rows.loc["market_organisations", "coverage"]
    assert not rows.loc["market_organisations", "per_year"]
    assert not rows.loc["market_organisations", "years_to_all"]


def test_unpublished_figures_leave_their_results_unknown(as_ledger, programmes, cleaned, results):
    early = as_ledger(cleaned("2025-12-31"))  # before the article
    rows, unknown = coverage.measures(programmes, early)
    assert [result.id for result in unknown] == list(results)
    known = {result.id for result in unknown if result.known}
    assert known == {
        "mouazara_equipped_per_unit",
        "mouazara_new_group",
        "mourafaka_group",
        "mourafaka_per_unit",
    }
    assert rows["slug"].tolist() == programmes["slug"].tolist()


@pytest.mark.parametrize(
    ("figure", "words", "changed"),
    [
        ("A13", "326 تعاونية", {"mouazara_equipped_coverage"}),
        (
            "Q73",
            "1.600 coopératives jeunes",
            {"jil_moutadamin_coverage", "jil_moutadamin_years_to_all"},
        ),
        ("G02", "415 projets cofinancés", {"mouazara_equipped_per_unit"}),
        (
            "A32",
            "26.000 مستفيد سنويا",
            {"coop_in_coverage", "coop_in_per_year", "coop_in_years_to_all"},
        ),
        (
            "D39",
            "40.530 coopératives",
            {
                "mouazara_new_group",
                "mouazara_new_coverage",
                "mourafaka_group",
                "mourafaka_coverage",
                "mourafaka_years_to_all",
            },
        ),
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
    rows, made = coverage.measures(
        one(years="2", money="M", money_units="R", money_is="budget"), quantities()
    )
    share, pace, years, cost = made
    assert (
        rows.loc[0, coverage.RESULTS].tolist()
        == ["G", share.id, pace.id, years.id, cost.id]
        == ["G", "x_coverage", "x_per_year", "x_years_to_all", "x_per_unit"]
    )
    assert (share.value, share.low, share.high) == (15, 15, 20)
    assert share.date == "2024-06-30"
    assert (pace.value, pace.low, pace.high, pace.unit) == (15, 15, 20, "cooperatives/year")
    assert years.value == pytest.approx(200 / 15)
    assert years.low == 10
    assert years.unit == "year"
    assert cost.low == pytest.approx(900 / 40)
    assert cost.high == pytest.approx(1000 / 30)
    assert cost.label == "X: budget divided by cooperatives"
    assert share.label == "X, things: share of the all"


def test_bad_rows_are_told_at_once():
    bad = pd.concat(
        [
            one(reported="A99", counts="visits", reason=" "),
            one(upper_bound="maybe", other="R Z1", money="G"),
        ]
    )
    found = faults(bad, {"R", "G"})
    assert len(found) == 8
    for words in (
        "row 2 (x), column reported: «A99» is not accepted; accepted: a figure_id of data/raw/",
        "column reason: « » is not accepted; accepted: some words",
        "«visits» is not accepted; accepted: one of cooperatives, organisations",
        "row 3 (x), column other: «Z1» is not accepted; accepted: a figure_id of data/raw/figures",
        "column upper_bound: «maybe»",
        "row 3 (x), money «G», money_units «», money_is «»: one is empty and another is not",
        "row 2 (x), column slug: the slug «x» is used twice",
        "row 3 (x), column slug: the slug «x» is used twice",
    ):
        assert any(words in problem for problem in found)


@pytest.mark.parametrize(("formula", "said"), [("R + M", "MAD"), ("R +", "R +"), ("Q999", "Q999")])
def test_denominator_that_cannot_be_computed_is_named(formula, said):
    with pytest.raises(ValueError, match="x, column denominator") as fault:
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
    assert set(rows["kind"]) == {"target", "statement"}
    assert (rows["reason"] != "").all()


def test_a_measure_carries_what_a_table_of_it_needs():
    rows, _ = coverage.measures(one(), quantities())
    columns = ["name", "number", "group_unit", "share"]
    assert rows.loc[0, columns].tolist() == ["X, things", "R", "cooperatives", 15]
    silent, _ = coverage.measures(one(reported="", denominator="", group=""), quantities())
    assert silent.loc[0, columns[:3]].tolist() == ["X, things", "", ""]
    assert pd.isna(silent.loc[0, "share"])


def test_measures_are_drawn_from_the_greatest_share_on_and_open_below_an_upper_bound():
    rows = pd.DataFrame({"coverage": ["a", "", "b"], "upper_bound": ["no", "", "yes"]})
    shares = pd.DataFrame({"id": ["a", "b"], "value": [1.0, 2.0], "low": [0.9, 1.9]})
    drawn = coverage.drawn(rows, shares)
    assert drawn["coverage"].tolist() == ["b", "a", ""]
    assert drawn["low"].tolist()[:2] == [float("-inf"), 0.9]
    assert drawn["value"].isna().tolist() == [False, False, True]
    assert coverage.drawn(rows, shares[:0]).empty


def test_editions_of_a_prize_name_their_figures(known):
    cells = pd.DataFrame({"took_part": ["G21", ""], "awarded": ["G20 G20c", "Q18"]})
    assert coverage.editions(cells, known).to_numpy().tolist() == [
        ["{lalla_took_part_2021}", "{lalla_awarded_2021} or {lalla_awarded_2021_rni}"],
        ["–", "{lalla_awarded_2022}"],
    ]


def test_every_figure_of_an_edition_is_one_of_its_prize(read, figures):
    entities = figures.set_index("figure_id")["entity"]
    for row in records(read("prizes")):
        edition = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"].index(
            row["edition"].partition(",")[0]
        )
        ids = f"{row['took_part']} {row['awarded']}".split()
        assert {entities[id] for id in ids} <= {f"lalla-moutaawina/ed{edition + 1}"}
