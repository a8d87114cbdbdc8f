"""Formulas: arithmetic on known names, in order, and written as people write it."""

import pytest
from simpleeval import InvalidExpression

from taawun.formula import FUNCTIONS, Typeset, evaluate, needs, numbers, order
from taawun.quantity import Quantity
from taawun.units import RATIO

COOPS = Quantity(63_445, 63_444, 63_445, "cooperatives", id="coops")
WOMEN = Quantity(7_750, 7_700, 7_800, "cooperatives", id="women")
LEDGER = {"coops": COOPS, "women": WOMEN}


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


def test_a_formula_needs_its_names_once_and_not_its_functions():
    assert needs("percent((a - b) / a)") == ("a", "b")
    assert needs("constant(4, 'year')") == ()


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("a - (b + c) * 2", "a − (b + c) × 2"),
        ("a + (b + c)", "a + b + c"),
        ("a - (b - c)", "a − (b − c)"),
        ("a / (b * c)", "a ÷ (b × c)"),
        ("a * b / c", "a × b ÷ c"),
        ("(a / b) ** (1 / 3) - 1", "(a ÷ b)^(1 ÷ 3) − 1"),
        ("(a / b) ** 0.25", "(a ÷ b)^0.25"),
        ("(-2) * a", "(-2) × a"),
        ("percent(a / b - 1)", "a ÷ b − 1 (in per cent)"),
        ("percent(a / b) - c", "(a ÷ b (in per cent)) − c"),
        ("rounded(a, 100) / b", "(a ± 50) ÷ b"),
        ("a + b * constant(4.5, 'year')", "a + b × 4.5 years"),
        ("a - constant(500, 'jobs')", "a − 500 jobs"),
        ("counted_as(a, 'jobs/year')", "a"),
        ("counted_as(a / constant(5, 'year'), 'jobs/year') / b", "a ÷ 5 years ÷ b"),
        ("counted_as(a - b, 'jobs') / c", "(a − b) ÷ c"),
        ("hull(a, b, a / c)", "a; b; a ÷ c"),
    ],
)
def test_a_formula_is_written_as_people_write_it(formula, written):
    assert Typeset().write(formula) == written


def test_names_numbers_and_words_are_written_as_asked():
    typeset = Typeset(name="<{}>".format, number="[{}]".format, word=str.upper)
    assert typeset.write("percent(rounded(a, 3) / constant(0.5, 'year'))") == (
        "(<a> ± [1.5]) ÷ [0.5] YEARS (IN PER CENT)"
    )


def test_the_plain_numbers_of_a_formula_are_those_that_it_prints():
    assert numbers("(rounded(a2, 100) + 10000 * b) ** 0.25 / constant(5, 'year3')") == [
        "50",
        "10000",
        "0.25",
        "5",
    ]


def test_every_function_of_formulas_is_typeset():
    assert [name for name in FUNCTIONS if not hasattr(Typeset, name)] == []


def test_brackets_that_are_needed_stay():
    """Negative control: formulas that differ in their brackets alone are written differently."""
    assert Typeset().write("a - (b - c)") != Typeset().write("a - b - c")
    units = {"a": COOPS, "b": WOMEN, "c": WOMEN}
    assert evaluate("a - (b - c)", units).value != evaluate("a - b - c", units).value
    assert evaluate("a / b", units).unit == RATIO
