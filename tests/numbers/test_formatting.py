"""Numbers as a sentence prints them: in the language's own digits and marks, and none more certain
than its bounds.
"""

import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taawun.numbers.formatting import (
    approximate,
    day,
    digits,
    fraction_digits,
    least,
    month,
    plural,
    written,
)
from taawun.quantity import Quantity

PART = Quantity(1, 1, 1, "1", id="part")
NARROW, WIDE = "\u202f", "\u00a0"


def q(value, low=None, high=None, unit="cooperatives", computed=False, **more) -> Quantity:
    lineage = {"inputs": (PART,), "formula": "2 * part"} if computed else {}
    return Quantity(
        value,
        value if low is None else low,
        value if high is None else high,
        unit,
        **lineage | more,
    )


@pytest.mark.parametrize(
    ("quantity", "en", "fr", "ar"),
    [
        (q(63_445), "63,445", f"63{NARROW}445", "63.445"),
        (q(388), "388", "388", "388"),
        (q(1_234_567), "1,234,567", f"1{NARROW}234{NARROW}567", "1.234.567"),
        (q(-914), "-914", "-914", "-914"),
        (q(34, 33.5, 34.5, "percent"), "34%", f"34{WIDE}%", "34%"),
        (q(20.57, 20.565, 20.575, "percent"), "20.57%", f"20,57{WIDE}%", "20,57%"),
        (q(12.215, 12.214, 12.216, "percent", computed=True), "12.2%", f"12,2{WIDE}%", "12,2%"),
        (q(0.12215, 0.1221, 0.1222, "1", computed=True), "0.12", "0,12", "0,12"),
        (q(13.84, 13.83, 13.841, "members/cooperatives", computed=True), "13.8", "13,8", "13,8"),
        (
            q(1_234.4, 1_234.3, 1_234.45, "MAD/members", computed=True),
            "1,234",
            f"1{NARROW}234",
            "1.234",
        ),
        (q(368e6, 367.5e6, 368.5e6, "MAD"), "368 million", f"368{WIDE}millions", f"368{WIDE}مليون"),
        (
            q(2.6e6, 2.55e6, 2.65e6, "persons"),
            "2.6 million",
            f"2,6{WIDE}millions",
            f"2,6{WIDE}مليون",
        ),
        (
            q(1.23e9, 1.225e9, 1.235e9, "MAD"),
            "1.23 billion",
            f"1,23{WIDE}milliard",
            f"1,23{WIDE}مليار",
        ),
        (
            q(1.597e12, 1.5965e12, 1.5975e12, "MAD"),
            "1.597 trillion",
            f"1{NARROW}597{WIDE}milliards",
            f"1,597{WIDE}ترليون",
        ),
        (q(50_000, unit="MAD"), "50,000", f"50{NARROW}000", "50.000"),
        (q(1e6, unit="MAD"), "1 million", f"1{WIDE}million", f"1{WIDE}مليون"),
        (q(1_999_999.9999, unit="MAD"), "2 million", f"2{WIDE}millions", f"2{WIDE}مليون"),
        (q(-2_999_999.9999, unit="MAD"), "-3 million", f"-3{WIDE}millions", f"-3{WIDE}ملايين"),
        (
            q(1.2e15, unit="MAD"),
            "1,200 trillion",
            f"1{NARROW}200{NARROW}000{WIDE}milliards",
            f"1.200{WIDE}ترليون",
        ),
    ],
)
def test_numbers_are_written_as_the_locale_writes_them(quantity, en, fr, ar):
    got = [
        re.sub("[\u200e\u200f]", "", written(quantity, language)) for language in ("en", "fr", "ar")
    ]
    plain = (
        [text.replace(WIDE, " ") for text in got],
        [text.replace(WIDE, " ") for text in (en, fr, ar)],
    )
    assert plain[0] == plain[1]


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (q(878_000, 878_000, 879_000, "members", qualifier="at_least"), "more than 878,000"),
        (q(200e6, 190e6, 200e6, "MAD", qualifier="nearly"), "nearly 200 million"),
        (q(50_000, 49_000, 50_000, "MAD", qualifier="at_most"), "at most 50,000"),
        (q(15, 14.5, 15.5, "percent", qualifier="about"), "about 15%"),
        (q(25, 20, 30, "percent", qualifier="range"), "between 20% and 30%"),
        (q(12.3, 12.2, 12.4, "percent", computed=True), "between 12.2% and 12.4%"),
        (q(12.3, 12.211, 12.389, "percent", computed=True), "between 12.2% and 12.4%"),
        (q(12.3, 10.3, 14.4, "percent", computed=True), "between 10% and 15%"),
        (q(63_445, 63_394, 63_495, computed=True), "between 63,390 and 63,500"),
        (q(-5, -6.2, -4.1, "percent", computed=True), "between -7% and -4%"),
        (q(5, 4.99, 5.01, "percent", computed=True), "5.0%"),
        (q(22_914, 22_914, 22_914, computed=True), "22,914"),
    ],
)
def test_hedges_and_bounds_are_put_in_words(quantity, words):
    assert written(quantity) == words


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (q(2_506, 2_505, 2_506, computed=True), "about 2,500"),
        (q(5_124.6, 5_124.6, 5_124.6, computed=True), "about 5,100"),
        (q(-313, -313, -313, computed=True), "about -310"),
        (q(72.8, 72.4, 72.8, "percent", computed=True), "about 73%"),
        (q(7.24, 7.24, 7.24, "percent", computed=True), "about 7.2%"),
        (q(15.7, 15.6, 16.2, "percent", computed=True), "about 16%"),
        (q(12.5, 10.4, 12.9, "percent", computed=True), "between 10% and 13%"),
        (q(5_000, 5_000, 5_000, computed=True), "5,000"),
        (q(0, 0, 0, computed=True), "0"),
        (q(63_445, 63_444, 63_445, qualifier="nearly"), "about 63,000"),
        (q(878_000, 878_000, 879_000, "members", qualifier="at_least"), "more than 878,000"),
        (q(30_000, 30_000, math.inf, qualifier="at_least"), "more than 30,000"),
        (q(368e6, 367.5e6, 368.5e6, "MAD", qualifier="about"), "about 370 million"),
    ],
)
def test_what_a_number_is_about_has_two_digits_unless_its_bounds_are_far(quantity, words):
    assert approximate(quantity) == words


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (q(5.67, 5.67, 5.83, "percent", computed=True), "at least 5.6%"),
        (q(180.36, 180.36, 185, "organisations/editions", computed=True), "at least 180.3"),
        (q(3_600, 3_600, 3_700, qualifier="at_least"), "at least 3,600"),
        (q(30_000, 30_000, math.inf, qualifier="at_least"), "at least 30,000"),
        (q(14.06, 14.06, 14.06, "percent", computed=True), "14.1%"),
    ],
)
def test_the_least_that_a_number_can_be_is_rounded_down(quantity, words):
    assert least(quantity) == words


def test_a_figure_under_another_name_keeps_its_hedge():
    printed = q(878_000, 878_000, 879_000, "members", qualifier="at_least", id="A05")
    assert (
        written(
            Quantity(
                878_000,
                878_000,
                879_000,
                "members",
                "at_least",
                "members_2025",
                "",
                "A05",
                (printed,),
            )
        )
        == "more than 878,000"
    )


def test_the_wording_can_be_given_in_another_language():
    assert (
        written(
            q(25, 20, 30, "percent", qualifier="range"), "fr", between="entre {} et {}"
        ).replace(WIDE, " ")
        == "entre 20 % et 30 %"
    )
    assert (
        written(
            q(878_000, 878_000, 879_000, qualifier="at_least"),
            "fr",
            hedges={"at_least": "plus de {}"},
        )
        == f"plus de 878{NARROW}000"
    )


def test_what_was_not_published_cannot_be_written():
    with pytest.raises(ValueError, match=r"late.*not been published"):
        written(q(math.nan, id="late"))


SCALES = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
NUMERAL = re.compile(r"(-?[\d,]+(?:\.(\d+))?)(%?)(?: (million|billion|trillion))?")


def claim(text: str) -> tuple[float, float]:
    """What an English text claims: the interval it states, or what its digits can stand for."""
    ends = []
    for number, decimals, _, scale in NUMERAL.findall(text):
        factor = SCALES.get(scale, 1)
        value, half = float(number.replace(",", "")) * factor, factor * 0.5 * 10.0 ** -len(decimals)
        ends.append((value - half, value + half, value))
    if text.startswith("between"):
        return ends[0][2], ends[1][2]
    [(low, high, value)] = ends
    return {
        "more": (value, math.inf),
        "at": (-math.inf, value),
        "nearly": (-math.inf, value),
        "about": (-math.inf, math.inf),
    }.get(text.split()[0], (low, high))


UNITS = ["cooperatives", "MAD", "percent", "1", "members/cooperatives", "MAD/members"]


@st.composite
def computed(draw) -> Quantity:
    """A computed result of any size, with bounds from none to half its size."""
    value = (
        draw(st.floats(1, 10))
        * 10.0 ** draw(st.integers(-2, 10))
        * draw(st.sampled_from([1, 1, 1, -1]))
    )
    below, above = (
        abs(value)
        * draw(st.sampled_from([0, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.5]))
        * draw(st.floats(0, 1))
        for _ in "lh"
    )
    return q(value, value - below, value + above, draw(st.sampled_from(UNITS)), computed=True)


@given(computed())
@example(q(1_234_567, 1_226_000, 1_241_000, "MAD", computed=True))
@example(q(999_600, 999_000, 1_000_400, "MAD", computed=True))
@example(q(12.35, 12.34, 12.36, "percent", computed=True))
def test_a_number_is_never_printed_as_more_certain_than_its_bounds(quantity):
    low, high = claim(written(quantity))
    slack = 1e-8 * max(abs(quantity.low), abs(quantity.high))
    assert low - slack <= quantity.low
    assert quantity.high <= high + slack


@given(computed().filter(lambda quantity: written(quantity).startswith("between")))
def test_nor_are_its_bounds_made_much_wider(quantity):
    low, high = claim(written(quantity))
    size = max(abs(quantity.low), abs(quantity.high))
    digit = max(
        10.0 ** -fraction_digits(quantity),
        10.0 ** (math.floor(math.log10(size) / 3) * 3 - 2) if size >= 1e6 else 0,
    )
    width = quantity.high - quantity.low
    assert high - low <= width + 2.01 * max(width / 2, digit)


@given(
    st.integers(0, 10**9),
    st.sampled_from([1, 10, 1000]),
    st.sampled_from(["exact", "at_least", "at_most", "nearly"]),
)
def test_a_printed_figure_is_written_no_more_certain_than_its_hedge(number, place, qualifier):
    low, high = {
        "exact": (number, number),
        "at_least": (number, number + place),
        "at_most": (number - place, number),
        "nearly": (number - place, number),
    }[qualifier]
    said = claim(written(q(number, low, high, qualifier=qualifier)))
    slack = (
        5e-4 * number if number >= 1e6 and low != high else 0
    )  # a rounded million is written with three decimals
    assert said[0] - slack <= low
    assert high <= said[1] + slack


def test_the_claim_test_would_notice_a_number_that_is_too_sure():
    """Negative control: the best value alone claims more than the bounds allow."""
    wide = q(12.35, 12.0, 12.9, "percent", computed=True)
    low, high = claim(digits(wide, wide.value, "en", 1))
    assert not (low <= wide.low and wide.high <= high)


@pytest.mark.parametrize(
    ("date", "language", "words"),
    [
        ("2025-11-23", "en", "November 2025"),
        ("2025-11", "fr", "novembre 2025"),
        ("2025-11", "ar", "نونبر 2025"),
        ("2025", "en", "2025"),
    ],
)
def test_a_date_is_written_as_month_and_year(date, language, words):
    assert month(date, language) == words


@pytest.mark.parametrize(
    ("date", "language", "words"),
    [
        ("2025-12-19", "en", "19 December 2025"),
        ("2025-12-09", "fr", "9 décembre 2025"),
        ("2025-12-19", "ar", "19 دجنبر 2025"),
        ("2025-12", "en", "December 2025"),
        ("2025", "en", "2025"),
    ],
)
def test_a_day_is_written_with_its_month_and_year(date, language, words):
    assert day(date, language) == words


@pytest.mark.parametrize(
    ("value", "language", "category"),
    [
        (1, "en", "one"),
        (2, "en", "other"),
        (0, "fr", "one"),
        (1.5, "fr", "one"),
        (2, "fr", "other"),
        (2, "ar", "two"),
        (3, "ar", "few"),
        (11, "ar", "many"),
        (100, "ar", "other"),
    ],
)
def test_a_noun_takes_the_plural_category_of_its_number(value, language, category):
    assert plural(q(value), language) == category


def test_a_second_name_is_written_as_the_first():
    half = (q(1, id="a") / q(3, id="b")).named("third", "a third")
    assert written(half.named("again", "the same")) == written(half) == "0.33"
    figure = q(20000, 20000, 21000, qualifier="at_least", id="c")
    assert written(figure.named("again", "the same")) == written(figure)


@pytest.mark.parametrize("day", ["2022-12-31", "2022-12"])
def test_a_second_name_is_written_as_its_figure_whichever_day_a_person_gave_it(day):
    figure = q(47_000, 47_000, 48_000, qualifier="at_least", id="stock", start="2022", date="2022")
    latest = figure.on(day).named("latest", "latest count")
    assert latest.formula == f"on(stock, '{day}')"
    assert written(latest, "en", hedges={"at_least": "more than {}"}) == "more than 47,000"
    half = (figure.on(day) / figure.on(day).undated).named("half", "")
    assert written(half, "en") != written(figure, "en")
