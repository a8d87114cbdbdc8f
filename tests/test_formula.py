"""Formulas: arithmetic on known names, in order, and written as people write it."""

import pytest
from simpleeval import InvalidExpression

from taawun.formula import FUNCTIONS, NoFormula, Typeset, evaluate, lineage, needs, numbers, order
from taawun.quantity import Quantity
from taawun.units import RATIO

COOPS = Quantity(63_445, 63_444, 63_445, "cooperatives", id="coops")
WOMEN = Quantity(7_750, 7_700, 7_800, "cooperatives", id="women")
LEDGER = {"coops": COOPS, "women": WOMEN}


@pytest.mark.parametrize(
    "formula", ["nobody / coops", "__import__('os')", "coops.__class__", "open('x')"]
)
def test_a_formula_of_anything_but_arithmetic_on_known_ids_is_refused(formula):
    with pytest.raises((InvalidExpression, NoFormula)):
        evaluate(formula, LEDGER)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("9**9**9", "«9 ** 9 ** 9» is no part of one"),
        ("constant(9**9**9, 'jobs')", "is no part of one"),
        ("2 ** 101", "is no part of one"),
        ("coops ** women", "is no part of one"),
        ("(2 ** 100) ** 100", "is no part of one"),
        ("((coops ** 20) ** 20) ** 20", "is no part of one"),
        ("'a' * 10 ** 10", "«'a'» is no part of one"),
        ("coops + 'a'", "«'a'» is no part of one"),
        ("1e300 * coops", "«1e+300» is no part of one"),
        ("True * coops", "«True» is no part of one"),
        ("coops; women", "it cannot be read"),
        ("coops, women", "is no part of one"),
        ("coops.value", "«coops.value» is no part of one"),
        ("coops if women else 1", "is no part of one"),
        ("[x for x in coops]", "is no part of one"),
        ("lambda: 1", "is no part of one"),
        ("coops < women", "is no part of one"),
        ("coops // women", "is no part of one"),
        ("percent(ratio=coops)", "is no part of one"),
        ("abs(coops)", "«abs(coops)» is no part of one"),
        ("percent.__class__(coops)", "is no part of one"),
        ("f'{coops}'", "is no part of one"),
        ("-coops", "«-coops» is no part of one"),
        ("", "it cannot be read"),
        ("coops +", "it cannot be read"),
        ("coops\x00", "it cannot be read"),
        ("(" * 300 + "coops" + ")" * 300, "it cannot be read"),
        ("coops + " * 200 + "coops", "it is longer than 1000 characters"),
    ],
)
def test_what_is_no_formula_is_told_before_any_of_it_is_computed(formula, why):
    for use in (needs, lambda text: evaluate(text, LEDGER)):
        with pytest.raises(NoFormula) as refused:
            use(formula)
        assert str(refused.value).endswith(why)
        assert str(refused.value).startswith(f"«{formula[:60]}")


@pytest.mark.parametrize(
    "formula",
    [
        "coops / women - 1",
        "(coops / women) ** 0.2",
        "(coops / women) ** (1 / 3)",
        "((coops / women) ** 2) ** 2",
        "coops * -2",
    ],
)
def test_arithmetic_with_plain_exponents_is_a_formula(formula):
    assert evaluate(formula, LEDGER).known


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


def test_a_lineage_has_each_name_once_in_the_order_in_which_it_is_met():
    parts = {"a": ("b", "c", "b"), "b": ("d",), "c": ("d", "a"), "e": ("c",)}
    assert lineage(["a", "e", "a"], lambda name: parts.get(name, ())) == ["a", "e", "b", "c", "d"]
    assert lineage([], parts.__getitem__) == []
