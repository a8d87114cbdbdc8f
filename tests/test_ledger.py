"""The ledger: what is written is read back as it was; formulas are arithmetic on known names."""

import io
import math

import pandas as pd
import pytest
from simpleeval import InvalidExpression

from taawun.ledger import evaluate, load, order, table
from taawun.quantity import RATIO, Quantity


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
LEDGER = {quantity.id: quantity for quantity in (COOPS, WOMEN, SHARE)}
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
def test_a_table_is_loaded_back_as_the_same_quantities(through_csv):
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
        "date",
        "step",
    ]
    assert set(made["step"]) == {"03"}
    assert made.set_index("id").loc["gap", "inputs"] == "women_share share"
    assert made.set_index("id").loc["coops", "formula"] == ""
    frame = pd.read_csv(io.StringIO(made.to_csv(index=False))) if through_csv else made
    back = load(frame)
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
    assert load(first, later)["share_of"].inputs[0].id == "women"
    with pytest.raises(KeyError):
        load(later)


def test_years_survive_a_csv_in_which_some_dates_are_empty():
    made = table([q(1, id="x", date="2025"), q(2, id="y")], "03")
    assert load(pd.read_csv(io.StringIO(made.to_csv(index=False))))["x"].date == "2025"


def test_an_id_is_used_once():
    with pytest.raises(ValueError, match="two quantities are called 'coops'"):
        table([COOPS, COOPS])


@pytest.mark.parametrize(
    "formula", ["nobody / coops", "__import__('os')", "coops.__class__", "open('x')"]
)
def test_a_formula_of_anything_but_arithmetic_on_known_ids_is_refused(formula):
    with pytest.raises((InvalidExpression, TypeError)):
        evaluate(formula, LEDGER)


def test_cycle_and_dead_end_are_named():
    assert order({"a": "b + 1", "b": "a * 2"}, [])[1] == ["«a» rests on itself: a <- b <- a"]
    assert order({"a": "percent(b / c)"}, ["b"])[1] == [
        "«a» rests on «c», which is neither a printed figure nor an entry of the ledger"
    ]
    assert order({"a": "b + c", "b": "d", "c": "b"}, ["d"]) == (["b", "c", "a"], [])
