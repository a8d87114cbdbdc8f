"""Templates: every form of a field prints what it says, and the grammar is in one place."""

import math

import pytest

from taawun.quantity import Quantity
from taawun.report.template import Field, asked, fields, filled, has_words, worded

RISE = Quantity(5, 4, 6, "percent", id="rise", date="2025-06-30")
SPAN = Quantity(5, 4, 6, id="span", start="2020-12-31", date="2025-11")
FALL = Quantity(-5, -6, -4, "percent", id="fall")
FLAT = Quantity(0.2, -1, 1, "percent", id="flat")


def printed(form: str, quantity: Quantity = RISE, language: str = "en") -> str:
    def number(q, form=""):
        return f"<{form} {q.id}>" if form else f"<{q.id}>"

    return Field(quantity.id, form).printed(quantity, language, number)


@pytest.mark.parametrize(
    ("form", "quantity", "words"),
    [
        ("", RISE, "<rise>"),
        ("about", RISE, "<about rise>"),
        ("least", RISE, "<least rise>"),
        ("if", RISE, ""),
        ("date", RISE, "June 2025"),
        ("since", RISE, "June 2025"),
        ("since", SPAN, "December 2020"),
        ("date", SPAN, "November 2025"),
        ("rose|fell", RISE, "rose"),
        ("rose|fell", FALL, "fell"),
        ("rose|did not change|fell", FLAT, "did not change"),
        ("rose|did not change|fell", FALL, "fell"),
        ("one=day;other=days", RISE, "days"),
        ("many=x;other=days", Quantity(1, 1, 1, id="one"), "days"),
        ("one=day;other=days", Quantity(1, 1, 1, id="one"), "day"),
    ],
)
def test_every_form_prints_what_it_says(form, quantity, words):
    assert printed(form, quantity) == words


def test_a_direction_that_is_not_sure_says_what_would_be_accepted():
    with pytest.raises(ValueError, match=r"flat may be zero.*accepted: \{flat:rose\|a word"):
        printed("rose|fell", FLAT)


@pytest.mark.parametrize(
    ("form", "states"),
    [
        ("", True),
        ("about", True),
        ("least", True),
        ("rose|fell", True),
        ("if", False),
        ("date", False),
        ("since", False),
        ("one=a;other=b", False),
    ],
)
def test_only_a_number_or_a_direction_states_the_quantity(form, states):
    assert Field("rise", form).states is states


@pytest.mark.parametrize(
    "form", ["foo", "rose", "a|b|c|d", "one=day", "few=x;one=y", "date ", "of=x"]
)
def test_a_form_that_is_none_says_what_would_be_accepted(form):
    with pytest.raises(
        ValueError,
        match=r"there is no form «.*»; accepted: if, date, since, about, least, loosest, two",
    ):
        fields(f"It {{rise:{form}}} much.")


@pytest.mark.parametrize(
    ("template", "braces"),
    [
        ("It is {rise } now", "{rise }"),
        ("It is { rise } now", "{ rise }"),
        ("It is {rise now", "{rise now"),
        ("It is rise} now", "}"),
        ("It is {{rise}} now", "{…}"),
        ("It is {0.__class__} now", "{0.__class__}"),
        ("{rise:} now", "{rise:}"),
    ],
)
def test_braces_that_are_no_field_are_refused_and_not_printed(template, braces):
    for use in (fields, lambda text: filled(text, lambda field: field.name)):
        with pytest.raises(ValueError, match="looks like a field and is none") as refused:
            use(template)
        assert f"«{braces}»" in str(refused.value)


def test_fields_are_found_in_order_with_their_forms():
    assert fields("{a} of {b:date}, {c:rose|fell} and {a:one=x;other=y}; {} {:few=z}") == [
        Field("a"),
        Field("b", "date"),
        Field("c", "rose|fell"),
        Field("a", "one=x;other=y"),
    ]
    assert filled("{a} of {b:date}", lambda field: f"[{field.name}/{field.form}]") == (
        "[a/] of [b/date]"
    )


def test_a_template_of_fields_alone_has_no_words():
    assert not has_words("{a}, {b:rose|fell}: 5 (2021)")
    assert has_words("{a} or {b}")


GAPS = {
    q.id: q
    for q in (
        RISE,
        FALL,
        FLAT,
        Quantity(100, 100, 100, "members", id="hundred"),
        Quantity(40, 35, 45, "members", id="forty"),
        Quantity(44, 42, 50, "members", id="nearby"),
    )
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("hundred > forty", True),
        ("forty > hundred", False),
        ("nearby > forty", False),  # it may be less
        ("forty < nearby", False),
        ("forty < hundred", True),
        ("hundred > 2 * forty", True),
        ("hundred > 2.3 * forty", False),
        ("hundred - forty > 54", True),
        ("hundred - forty >= 55", True),
        ("hundred - forty > 55", False),
        ("hundred <= 100", True),
        ("hundred < 100", False),
        ("hundred == 100", True),
        ("forty == 40", False),
        ("forty ~ nearby", True),
        ("forty !~ nearby", False),
        ("hundred !~ forty", True),
        ("hundred ~ forty", False),
        ("rise > 0", True),
        ("flat > 0", False),
        ("fall < 0", True),
    ],
)
def test_a_comparison_holds_only_over_the_whole_bounds_of_both_sides(condition, holds):
    (field,) = fields(f"It is so.{{{condition}:if}}")
    assert field.is_condition
    assert field.holds(GAPS) is holds
    assert field.printed(field.quantity(GAPS), "en", str) == ""


@pytest.mark.parametrize(
    ("comparison", "word"),
    [("hundred ? forty", "more"), ("forty ? hundred", "fewer"), ("forty ? nearby", "as many")],
)
def test_a_word_is_chosen_by_comparing_two_quantities(comparison, word):
    (field,) = fields(f"{{{comparison}:more|as many|fewer}}")
    assert field.printed(field.quantity(GAPS), "en", str) == word
    assert field.names == tuple(comparison.split(" ? "))


@pytest.mark.parametrize("text", ["{a > b}", "{a > b:rose|fell}", "{a ? b:if}", "{a ? b}"])
def test_a_comparison_is_a_condition_or_a_choice_and_nothing_else(text):
    with pytest.raises(ValueError, match="is no comparison; accepted"):
        fields(text)


def test_conditions_are_no_part_of_what_is_translated():
    assert worded("It fell{a < b:if}{c:if}.") == "It fell{c:if}."


def test_a_translation_chooses_words_by_the_same_quantity():
    assert asked("It {a:rose|fell} to {b}.") == asked("Il {a:a crû|a chuté}, {b}.")
    assert asked("It {a:rose|fell} to {b}.") != asked("Il est à {b}, {a}.")


def test_a_number_without_an_end_is_above_what_its_other_end_is_above():
    more = Quantity(60, 60, math.inf, "percent", id="more")
    less = Quantity(60, -math.inf, 60, "percent", id="less")
    quantities = {"more": more, "less": less}
    assert held("{more > 50:if}", quantities)
    assert not held("{more > 60:if}", quantities)
    assert not held("{more < 1000:if}", quantities)
    assert held("{less < 70:if}", quantities)
    assert not held("{more == 60:if}", quantities)
    assert held("{more ~ less:if}", quantities)


def held(template, quantities):
    (condition,) = fields(template)
    return condition.holds(quantities)
