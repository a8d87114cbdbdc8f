"""Templates: every form of a field prints what it says, and the grammar is in one place."""

import pytest

from taawun.quantity import Quantity
from taawun.report.template import Field, fields, filled, has_words

RISE = Quantity(5, 4, 6, "percent", id="rise", date="2025-06-30")
FALL = Quantity(-5, -6, -4, "percent", id="fall")
FLAT = Quantity(0.2, -1, 1, "percent", id="flat")


def printed(form: str, quantity: Quantity = RISE, language: str = "en") -> str:
    return Field(quantity.id, form).printed(quantity, language, lambda q: f"<{q.id}>")


@pytest.mark.parametrize(
    ("form", "quantity", "words"),
    [
        ("", RISE, "<rise>"),
        ("if", RISE, ""),
        ("date", RISE, "June 2025"),
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
    [("", True), ("rose|fell", True), ("if", False), ("date", False), ("one=a;other=b", False)],
)
def test_only_a_number_or_a_direction_states_the_quantity(form, states):
    assert Field("rise", form).states is states


@pytest.mark.parametrize(
    "form", ["foo", "rose", "a|b|c|d", "one=day", "few=x;one=y", "date ", "of=x"]
)
def test_a_form_that_is_none_says_what_would_be_accepted(form):
    with pytest.raises(
        ValueError, match=r"there is no form «.*»; accepted: if, date, two or three"
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
