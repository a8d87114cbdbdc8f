"""Step 02: the checks find what the documents contradict, and nothing else."""

import re
from collections import ChainMap
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from simpleeval import SimpleEval

from taawun import quantity
from taawun.paths import ROOT
from taawun.quantity import Quantity
from taawun.steps import audit

EXPECTED = pd.read_csv(ROOT / "tests" / "expected" / "checks.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def checks(figures, known, read):
    return audit.compare(audit.pairs(read("checks"), figures), known)[0].set_index("check_id")


@pytest.mark.parametrize(
    ("check_id", "verdict"), list(EXPECTED[["check_id", "verdict"]].itertuples(index=False))
)
def test_verdict(checks, check_id, verdict):
    assert checks.loc[check_id, "verdict"] == verdict


def test_every_check_by_hand_has_an_expected_verdict(read):
    assert set(EXPECTED["check_id"]) >= set(read("checks")["check_id"])


def test_no_contradiction_that_nobody_expects(checks):
    assert {*checks.index[checks["verdict"] == audit.CONTRADICT]} == {
        *EXPECTED.loc[EXPECTED["verdict"] == audit.CONTRADICT, "check_id"]
    }


@pytest.mark.parametrize(
    ("check_id", "because"), list(EXPECTED[["check_id", "because"]].itertuples(index=False))
)
def test_expected_verdict_rests_on_printed_digits(checks, figures, known, check_id, because):
    """Each number of four digits or more, of which the reason of an expected verdict is made,
    stands in printed words of its check, or comes out of such by the sum that is written there.
    """
    printed = {re.sub(r"\D", "", words) for words in figures["as_printed"]}
    printed |= {str(int(value)) for value in figures["value"].dropna() if value == int(value)}
    for parts, result in re.findall(r"([\d,. +/-]+) = ([\d,]*\d)", because):
        result = result.replace(",", "")
        assert round(SimpleEval().eval(parts.replace(",", "").strip())) == int(result)
        printed.add(result)
    numbers = re.findall(r"\d{1,3}(?:,\d{3})+", because)
    assert {number.replace(",", "") for number in numbers} <= printed


@pytest.mark.parametrize(
    ("figure", "words", "verdict"),
    [("Q03", "267.953 امرأة", audit.AGREE), ("Q03", "207.953 امرأة", audit.CONTRADICT)],
)
def test_a_changed_digit_changes_the_verdict(as_ledger, cleaned, read, figure, words, verdict):
    known = as_ledger(cleaned(changes={figure: {"as_printed": words}}))
    row = read("checks").query("check_id == 'speech_women_share_778'")
    assert audit.compare(row, known)[0]["verdict"].item() == verdict


def counted(value: float, date: str = "", **cells) -> Quantity:
    return Quantity(value, value, value, "cooperatives", date=date, **cells)


MAY, JUNE = counted(100, "2025-05-31"), counted(120, "2025-06")
FLOOR = Quantity(100, 100, 101, "cooperatives", qualifier="at_least")


@pytest.mark.parametrize(
    ("kind", "left", "right", "older", "verdict"),
    [
        ("same", MAY, JUNE, "", audit.CONTRADICT),
        ("parts", MAY, JUNE, "", audit.CONTRADICT),
        ("flow", MAY, JUNE, "", audit.UNEXPLAINED),
        ("flow", MAY, MAY, "", audit.AGREE),
        ("limit", MAY, JUNE, "", audit.AGREE),
        ("limit", JUNE, MAY, "", audit.CONTRADICT),
        ("stale", MAY, JUNE, "", audit.OUT_OF_DATE),
        ("stale", JUNE, MAY, "", audit.CONTRADICT),
        ("stale", MAY, JUNE.on("2025-05"), "", audit.CONTRADICT),
        ("stale", MAY, counted(120), "", audit.CONTRADICT),
        ("stale", MAY.on("2025-07"), JUNE, "may", audit.OUT_OF_DATE),
        ("stale", MAY.on("2025-07"), JUNE, "", audit.CONTRADICT),
        ("stale", counted(101, "2025-07"), JUNE, "may", audit.CONTRADICT),
        ("same", FLOOR, JUNE, "", audit.CANNOT),
        ("same", FLOOR, counted(90), "", audit.CONTRADICT),
        ("same", replace(FLOOR, value=128, low=128, high=129), JUNE, "", audit.CONTRADICT),
        ("same", replace(FLOOR, value=110, low=110, high=111), JUNE, "", audit.CONTRADICT),
        ("same", replace(FLOOR, qualifier="exact"), JUNE, "", audit.CONTRADICT),
        ("same", replace(FLOOR, qualifier="about"), JUNE, "", audit.CONTRADICT),
        ("same", replace(FLOOR, formula="half + half"), JUNE, "", audit.CONTRADICT),
    ],
)
def test_kind_and_dates_decide_what_it_means_if_nothing_fits_both(
    kind, left, right, older, verdict
):
    check = SimpleNamespace(check_id="x", kind=kind, comparable="yes", older=older, question="?")
    assert audit.verdict(check, left, right, {"may": MAY}) == verdict
    check.comparable = "no"
    assert audit.verdict(check, left, right, {"may": MAY}) == audit.CANNOT


def test_prints_of_two_statements_are_one_line(checks):
    disputed = checks[checks["verdict"] == audit.CONTRADICT].reset_index()
    lines = audit.statements(disputed)
    stock = lines[lines["question"].str.startswith("cooperatives registered, 2026-01-19")]
    assert list(stock["prints"]) == ["5 and 5"]
    assert sorted([*stock["left_value"], *stock["right_value"]]) == [63445, 63545]
    assert set(lines["question"]) == set(disputed["question"])


def test_same_quantity_pairs_only_other_witnesses(figures):
    pairs = audit.same_quantity(figures)
    witness = figures.set_index("figure_id")["witness"]
    assert len(pairs)
    assert all(witness[row.left] != witness[row.right] for row in pairs.itertuples())


def stated(**cells) -> dict:
    """One printed figure as step 01 reads it: 100 cooperatives at the end of 2025."""
    cells = {"value": 100.0, "period": "2025-12-31", "source_id": "a"} | cells
    period = cells.pop("period")
    given = {
        "low": cells["value"],
        "high": cells["value"],
        "witness": cells.get("repeats") or cells["source_id"],
        "period_start": period,
        "period_end": period,
    }
    texts = {"indicator": "stock", "entity": "all", "geo": "here", "measure": "stock"}
    shown = {"repeats": "", "label": "a count", "publisher": "somebody"}
    return texts | shown | given | cells


def figures_of(*rows) -> pd.DataFrame:
    return pd.DataFrame([stated(figure_id=f"X{i:02}", **row) for i, row in enumerate(rows)])


def paired(figures: pd.DataFrame) -> set[tuple[str, str]]:
    pairs = audit.same_quantity(figures)
    assert pairs["check_id"].is_unique
    return set(zip(pairs["left"], pairs["right"], strict=True))


def test_a_vague_figure_with_a_low_id_hides_no_conflict(figures, checks):
    vague = figures[figures["figure_id"] == "A05"].assign(
        figure_id="A00", source_id="another", witness="another", low=700_000.0, high=900_000.0
    )
    before = {*checks.index[checks["verdict"] == audit.CONTRADICT]}
    after = {*audit.same_quantity(pd.concat([figures, vague]))["check_id"]}
    assert {name for name in before if name.startswith("same_")} <= after
    assert {"same_A00_A05", "same_A05_B02", "same_A05_B03", "same_A05_B04"} <= after


def test_every_two_statements_that_contradict_are_compared_and_every_figure_of_them():
    ours, theirs = ({"value": value} for value in (100.0, 200.0))
    wide = {"value": 150.0, "low": 50.0, "high": 250.0, "source_id": "w"}
    sources = [{**side, "source_id": name} for side in (ours, theirs) for name in "abc"]
    pairs = paired(figures_of(wide, *sources))
    assert {("X00", f"X0{i}") for i in range(1, 7)} <= pairs
    crossing = {pair for pair in pairs if "X00" not in pair}
    assert {name for pair in crossing for name in pair} == {f"X0{i}" for i in range(1, 7)}
    assert all(one < "X04" <= other for one, other in crossing)


def test_places_that_are_joined_in_another_order_are_one_place():
    sides = [{"geo": "here+there"}, {"geo": "there+here", "value": 90.0, "source_id": "b"}]
    assert paired(figures_of(*sides)) == {("X00", "X01")}


def test_one_witness_does_not_contradict_itself():
    assert (
        paired(figures_of({"value": 1.0}, {"value": 2.0}, {"value": 3.0, "repeats": "a"})) == set()
    )


@pytest.mark.parametrize(
    ("measure", "one", "other", "same"),
    [
        ("stock", "2025-11", "2025-11-30", True),
        ("stock", "2025-02", "2025-02-28", True),
        ("stock", "2025-11", "2025-11-29", False),
        ("stock", "2025", "2025-12-31", False),
        ("stock", "2025", "2025", True),
        ("share", "2025-11", "2025-11-30", True),
        ("flow", "2025-11", "2025-11-30", False),
        ("flow", "2025-11", "2025-11", True),
    ],
)
def test_periods_are_compared_by_what_they_mean(measure, one, other, same):
    rows = [{"period": period, "source_id": period, "measure": measure} for period in (one, other)]
    assert (
        bool(
            paired(
                figures_of(
                    *[row | {"source_id": name} for row, name in zip(rows, "ab", strict=True)]
                )
            )
        )
        == same
    )


def test_a_flow_is_compared_by_its_first_and_last_day():
    one = {"measure": "flow", "period_start": "2025-01", "period_end": "2025-06"}
    other = {"measure": "flow", "period_start": "2025-01-01", "period_end": "2025-06-30"}
    assert paired(figures_of(one, {**other, "source_id": "b"}))
    assert not paired(figures_of(one, {**other, "period_end": "2025-06-29", "source_id": "b"}))


def test_a_count_that_was_only_said_is_not_one_that_is_dated():
    said = {"period_start": "", "period_end": "2025-12-31", "source_id": "b"}
    assert not paired(figures_of({}, said))


def test_a_reprint_is_set_beside_the_same_period_only():
    years = [{"period": year, "value": value} for year, value in (("2024", 1.0), ("2025", 2.0))]
    copies = [{**row, "source_id": "b", "repeats": "a"} for row in years]
    undated = {"value": 1.0, "source_id": "b", "repeats": "a", "period": ""}
    pairs = audit.reprints(figures_of(*years, *copies, undated))
    assert set(zip(pairs["left"], pairs["right"], strict=True)) == {
        ("X00", "X02"),
        ("X01", "X03"),
        ("X00", "X04"),
        ("X01", "X04"),
    }


def test_a_hundred_times_the_figures_are_a_hundred_times_the_pairs():
    rows = [{"value": float(i % 3), "source_id": f"s{i}"} for i in range(3000)]
    assert len(audit.same_quantity(figures_of(*rows))) < 5 * len(rows)


def test_reprint_differs_from_what_it_reprints(figures):
    pairs = audit.reprints(figures)
    assert ("B13", "B12") in set(zip(pairs["left"], pairs["right"], strict=True))


def test_of_two_checks_with_the_same_sides_the_one_by_hand_is_kept(figures, read):
    by_hand = read("checks")
    pairs = audit.pairs(by_hand, figures)
    assert list(pairs["check_id"][: len(by_hand)]) == list(by_hand["check_id"])
    assert not pairs.duplicated(["left", "right"]).any()
    found = pd.concat([audit.same_quantity(figures), audit.reprints(figures)])
    assert len(by_hand) < len(pairs) < len(by_hand) + len(found)


def test_every_check_has_one_verdict_that_is_counted(checks):
    tally = {q.id: q for q in audit.tally(checks)}
    assert list(tally) == ["checks_all", *audit.VERDICTS.values(), "statements_contradict"]
    assert tally["checks_all"].value == len(checks)
    assert sum(tally[name].value for name in audit.VERDICTS.values()) == len(checks)
    assert tally["statements_contradict"].value == tally["checks_contradict"].value - 34 + 2
    assert tally["checks_contradict"].value == (EXPECTED["verdict"] == audit.CONTRADICT).sum()
    assert tally["checks_cannot"].unit == "checks"


def test_what_could_be_found_is_in_the_order_of_the_verdict(figures, known, read):
    """The first finding whose comparisons hold is the verdict, of every check by hand."""
    by_hand = read("checks")
    told, made = audit.compare(by_hand, known)
    every = ChainMap({q.id: q for q in made}, known)
    whole = told.merge(by_hand[["check_id", "comparable", "older"]])

    def side(given):
        if isinstance(given, list):
            return audit._open_ended(*map(side, given[1:]))
        return audit.evaluate(given, every)

    def holds(sign, one, other):
        one, other = side(one), side(other)
        if sign == ">":
            return one.low > other.high
        return (quantity.agree(one, other) == audit.AGREE) == (sign == "~")

    for verdict, possible in audit.findings(whole, every):
        assert next(word for tests, word in possible if all(holds(*t) for t in tests)) == verdict
    assert {word for _, possible in audit.findings(whole, every) for _, word in possible} == {
        *audit.VERDICTS
    }


def test_unpublished_side_cannot_be_told(as_ledger, cleaned, read):
    known = as_ledger(cleaned("2025-12-31"))
    verdicts = audit.compare(read("checks"), known)[0].set_index("check_id")
    assert verdicts.loc["speech_members_is_june", "verdict"] == "cannot tell"
    assert not verdicts.loc["speech_members_is_june", "published"]
    assert verdicts.loc["stock_2021", "verdict"] == audit.UNEXPLAINED


def test_formula_of_unknown_figure_names_the_check(known):
    row = pd.DataFrame(
        [
            {
                "check_id": "odd",
                "kind": "same",
                "question": "?",
                "left": "A03",
                "right": "Z99 + 1",
                "older": "",
                "comparable": "yes",
                "note": "",
            }
        ]
    )
    with pytest.raises(
        ValueError, match=r"checks.csv, odd, column right: cannot compute «Z99 \+ 1»"
    ):
        audit.compare(row, known)


def test_sides_of_two_units_name_the_check(known):
    row = pd.DataFrame(
        [
            {
                "check_id": "odd",
                "kind": "same",
                "question": "?",
                "left": "A03",
                "right": "A05",
                "older": "",
                "comparable": "yes",
                "note": "",
            }
        ]
    )
    with pytest.raises(ValueError, match=r"odd: the two sides cannot be compared.*counted_as"):
        audit.compare(row, known)


def test_series_rest_on_no_disputed_figure_without_a_reason(checks, read, known):
    published, used = checks.reset_index(), set(read("series")["figure_id"])
    assert audit.unsettled(published, read("choices"), used, known) == []
    assert "D39" in audit.unsettled(published, read("choices").query("used != 'D39'"), used, known)
    unexplained = read("choices").query("used != 'B13'")
    assert audit.unsettled(published, unexplained, {"B13"}, known) == ["B13"]


def test_choices_name_figures_that_exist(known, read):
    ids = {
        id
        for column in ("used", "not_used")
        for cell in read("choices")[column]
        for id in cell.split()
    }
    assert all(figure_id in known for figure_id in ids)


def test_questions_hold_no_figure(read):
    """A number in a question would be a number without a source; years, dates and edition numbers
    are not figures.
    """
    text = read("checks")["question"].str.replace(
        r"editions? [\d-]+( and \d+)?|editions [\d-]+|\b(19|20)\d\d\b(-(19|20)\d\d)?",
        "",
        regex=True,
    )
    assert not text.str.contains(r"\d").any(), text[text.str.contains(r"\d")].tolist()


def test_agree_uses_bounds():
    exact, hedged = Quantity(63445, 63445, 63445), Quantity(63445, 63444, 63445, qualifier="nearly")
    assert quantity.agree(exact, hedged) == "agree"
    assert quantity.agree(Quantity(63446, 63446, 63446), hedged) == "conflict"


def test_a_number_told_later_is_of_the_day_of_the_count_that_it_repeats(figures, known, read):
    told = audit.tellings(read("told"), figures, known).set_index("figure_id")
    assert told.loc["A03", ["start", "date"]].tolist() == ["2025-06-30", "2026-01-19"]
    assert told.loc["Q06", ["start", "date"]].tolist() == ["2025-11-30", "2025-12-19"]
    assert told.loc["D59", "start"] == ""


def test_a_number_that_fits_no_count_has_no_day_of_one(figures, known, read):
    other = {"A03": replace(known["A03"], value=63_000, low=63_000, high=63_000)}
    told = audit.tellings(read("told"), figures, ChainMap(other, known)).set_index("figure_id")
    assert told.loc["A03", "start"] == ""
    assert told.loc["Q01", "start"] == "2025-06-30"
