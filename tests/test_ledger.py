"""The ledger: results are kept under names of their own, and what is written is read back as it
was.
"""

import math

import pytest

from taawun import tables
from taawun.formula import evaluate
from taawun.ledger import Ledger, UnknownName, table
from taawun.quantity import Quantity
from taawun.units import RATIO


def q(value, low=None, high=None, unit=RATIO, id="", **more) -> Quantity:
    return Quantity(
        value,
        value if low is None else low,
        value if high is None else high,
        unit,
        id=id,
        label=id,
        **more,
    )


COOPS = q(63_445, 63_444, 63_445, "cooperatives", "coops")
WOMEN = q(7_750, 7_700, 7_800, "cooperatives", "women")
SHARE = q(34, 33.5, 34.5, "percent", "share")
FOUND = {quantity.id: quantity for quantity in (COOPS, WOMEN, SHARE)}
UNKNOWN = q(math.nan, unit="cooperatives", id="unknown")


def near(left: float, right: float) -> bool:
    return left == pytest.approx(right, rel=1e-9, abs=1e-9)


def same(left: Quantity, right: Quantity) -> bool:
    return left.unit == right.unit and all(
        near(getattr(left, end), getattr(right, end)) for end in ("value", "low", "high")
    )


def ledger_of() -> list[Quantity]:
    share = (WOMEN / COOPS).percent.named("women_share", "women's cooperatives", "2025-12-31")
    gap = (share - SHARE).named("gap", "gap")
    return [COOPS, WOMEN, SHARE, UNKNOWN, share, gap, (UNKNOWN / COOPS).named("later", "not yet")]


@pytest.mark.parametrize("through_csv", [False, True])
def test_a_table_is_loaded_back_as_the_same_quantities(through_csv, tmp_path):
    made = table(ledger_of(), "03")
    assert list(made.columns) == [
        "id",
        "label",
        "value",
        "low",
        "high",
        "unit",
        "qualifier",
        "formula",
        "inputs",
        "start",
        "date",
        "source",
        "step",
    ]
    assert set(made["step"]) == {"03"}
    assert made.set_index("id").loc["gap", "inputs"] == "women_share share"
    assert made.set_index("id").loc["coops", "formula"] == ""
    tables.write_table(made, tmp_path / "made.csv")
    back = Ledger.read(tmp_path / "made.csv") if through_csv else Ledger.load(made)
    assert list(back) == [quantity.id for quantity in ledger_of()]
    for quantity in ledger_of():
        again = back[quantity.id]
        assert all(
            near(x, y) or (math.isnan(x) and math.isnan(y))
            for x, y in [
                (again.value, quantity.value),
                (again.low, quantity.low),
                (again.high, quantity.high),
            ]
        )
        assert (
            again.unit,
            again.qualifier,
            again.label,
            again.date,
            [part.id for part in again.inputs],
        ) == (
            quantity.unit,
            quantity.qualifier,
            quantity.label,
            quantity.date,
            [part.id for part in quantity.inputs],
        )
        assert (
            not quantity.inputs
            or not quantity.known
            or same(evaluate(again.formula, back), quantity)
        )


def test_inputs_are_looked_up_in_the_tables_before():
    first, later = table([COOPS, WOMEN], "01"), table([(WOMEN / COOPS).named("share_of", "")], "03")
    assert Ledger.load(first, later)["share_of"].inputs[0].id == "women"
    with pytest.raises(KeyError):
        Ledger.load(later)


def test_years_survive_a_csv_in_which_some_dates_are_empty(tmp_path):
    made = table([q(1, id="x", date="2025"), q(2, id="y")], "03")
    tables.write_table(made, tmp_path / "made.csv")
    assert Ledger.read(tmp_path / "made.csv")["x"].date == "2025"


def test_an_id_is_used_once():
    with pytest.raises(ValueError, match="two quantities are called 'coops'"):
        table([COOPS, COOPS])


# ---- the ledger of a step
# ------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(FOUND, step="03")


def test_a_result_is_kept_under_its_name_and_returned(ledger):
    made = ledger.add("others", ledger["coops"] - ledger["women"], "the others", "2025")
    assert (made.id, made.label, made.date, made.formula) == (
        "others",
        "the others",
        "2025",
        "coops - women",
    )
    assert ledger["others"] is made
    assert list(ledger) == ["coops", "women", "share", "others"]
    assert len(ledger) == 4
    assert (made / ledger["coops"]).formula == "others / coops"


def test_a_name_used_twice_is_an_error_that_says_so(ledger):
    ledger.add("others", COOPS - WOMEN, "the others")
    for name, label in [("others", "the others"), ("coops", "coops")]:
        with pytest.raises(ValueError, match=f"already holds «{name}», {label}; accepted: a name"):
            ledger.add(name, COOPS, "again")
    assert ledger["others"].formula == "coops - women"
    with pytest.raises(ValueError, match="already holds «share»"):
        ledger.extend([SHARE])


@pytest.mark.parametrize("name", ["unknown", "since", "counted_as", "lambda", "2020_coops", "a b"])
def test_a_name_that_no_formula_could_name_is_refused(ledger, name):
    with pytest.raises(ValueError, match=f"«{name}» cannot stand in a formula for the others"):
        ledger.add(name, COOPS - WOMEN, "the others")
    assert name not in ledger


def test_an_unknown_name_is_a_key_error_that_suggests_the_nearest(ledger):
    with pytest.raises(KeyError) as error:
        ledger["womn"]
    assert isinstance(error.value, UnknownName)
    assert str(error.value) == "there is no {womn} in the ledger; the nearest are women"
    assert "womn" not in ledger
    assert ledger.get("womn") is None


@pytest.fixture
def printed(tmp_path) -> Ledger:
    frame = table(FOUND.values(), "01").assign(figure_id=["A03", "A09", "share"])
    tables.write_table(frame, tmp_path / "01.csv")
    return Ledger.read(tmp_path / "01.csv", step="03")


def test_a_figure_is_found_by_its_printed_id_too(printed):
    assert printed["A03"] is printed["coops"]
    assert "A09" in printed
    assert printed.get("A09") is printed["women"]
    assert printed.evaluate("A09 / A03").formula == "women / coops"
    assert list(printed) == ["coops", "women", "share"]
    assert [printed.figure_id(name) for name in ("coops", "share")] == ["A03", "share"]
    made = printed.add("others", printed["A03"] - printed["A09"], "the others")
    assert printed.figure_id(made.id) == "others"
    with pytest.raises(ValueError, match="already holds «A03», coops"):
        printed.add("A03", COOPS, "again")


def test_a_ledger_shows_what_was_added_one_line_each(ledger):
    assert repr(ledger) == "3 quantities, 0 of them added in this step"
    ledger.add("others", COOPS - WOMEN, "the others", "2025")
    assert repr(ledger).splitlines() == [
        "4 quantities, 1 of them added in this step",
        "55,695 (55,644 to 55,745) cooperatives: the others (others, 2025) = coops - women",
    ]


def test_a_formula_is_evaluated_on_the_names_of_the_ledger(ledger):
    assert same(ledger.evaluate("percent(women / coops)"), (WOMEN / COOPS).percent)


def test_only_what_was_added_is_written_and_in_its_order(ledger, tmp_path):
    named = (WOMEN + COOPS).named("sum", "the sum")
    ledger.add("others", COOPS - WOMEN, "the others")
    ledger.extend([named])
    ledger.write(tmp_path / "03.csv")
    assert (tmp_path / "03.csv").read_bytes().decode() == (
        "id,label,value,low,high,unit,qualifier,formula,inputs,start,date,source,step\n"
        "others,the others,55695,55644,55745,cooperatives,exact,coops - women,coops women,,,,03\n"
        "sum,the sum,71195,71144,71245,cooperatives,exact,women + coops,women coops,,,,03\n"
    )
    Ledger(FOUND, step="04").write(tmp_path / "04.csv")
    assert len((tmp_path / "04.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_a_step_that_reads_figures_writes_its_results_behind_them(tmp_path):
    figures = table([COOPS, WOMEN], "01").assign(figure_id=["A03", "A09"])
    ledger = Ledger.load(figures, step="01")
    ledger.add("others", ledger["A03"] - ledger["A09"], "the others")
    ledger.write(tmp_path / "01.csv", figures)
    again = Ledger.read(tmp_path / "01.csv", step="02")
    assert list(again) == ["coops", "women", "others"]
    assert again["A03"].id == "coops"
    assert again.figure_id("others") == "others"
    assert "" not in again


def test_later_tables_rest_on_earlier_ones(ledger, tmp_path):
    tables.write_table(table(FOUND.values(), "01"), tmp_path / "01.csv")
    ledger.add("others", COOPS - WOMEN, "the others")
    ledger.write(tmp_path / "03.csv")
    again = Ledger.read(tmp_path / "01.csv", tmp_path / "03.csv", step="04")
    assert again["others"].inputs == (again["coops"], again["women"])
    assert again.step == "04"
