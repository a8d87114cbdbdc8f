"""What a hedge or a rounded digit leaves open: the rule of `precision.bounds`, as properties."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from taawun.numbers.precision import bounds

whole = st.integers(1, 10**9).map(Decimal)
qualifiers = st.sampled_from(["exact", "at_least", "at_most", "nearly", "about"])


@given(whole, qualifiers, st.booleans(), st.booleans())
def test_bounds_hold_the_value_and_hedges_keep_to_their_side(value, qualifier, rounded, expanded):
    low, high = bounds(value, Decimal(1), qualifier, rounded, expanded)
    assert low <= value <= high
    assert (low == value) == (qualifier == "at_least" or (qualifier == "exact" and not rounded))
    assert (high == value) == (
        qualifier in ("nearly", "at_most") or (qualifier == "exact" and not rounded)
    )
    if qualifier == "about":
        assert value - low == high - value


@given(whole, st.sampled_from(["at_least", "at_most", "nearly", "about"]))
def test_a_hedge_is_as_wide_as_the_last_non_zero_place_or_the_second_digit(value, qualifier):
    digits = str(value)
    zeros = len(digits) - len(digits.rstrip("0"))
    place = 10 ** max(min(zeros, len(digits) - 2), 0)
    low, high = bounds(value, Decimal(1), qualifier)
    assert high - low == place
    assert len(digits) < 2 or high - low <= value / 10


@given(
    whole.filter(lambda value: value >= 10),
    st.sampled_from(["at_least", "at_most", "nearly", "about"]),
    st.integers(1, 6),
)
def test_bounds_scale_with_powers_of_ten(value, qualifier, power):
    scaled = bounds(value.scaleb(power), Decimal(1), qualifier)
    assert scaled == tuple(end.scaleb(power) for end in bounds(value, Decimal(1), qualifier))


@given(st.integers(10**6, 10**7 - 1), st.integers(1, 6), st.sampled_from(["at_least", "about"]))
def test_a_rounder_number_is_never_bounded_more_tightly(number, zeros, qualifier):
    rounder = number // 10**zeros * 10**zeros
    widths = [
        high - low
        for low, high in (bounds(Decimal(n), Decimal(1), qualifier) for n in (number, rounder))
    ]
    assert widths[0] <= widths[1]


def test_the_bounds_test_would_notice_a_claim_that_is_too_sure():
    """Negative control: exact bounds for a hedged number break the properties above."""
    low, high = bounds(Decimal(878_000), Decimal(1), "at_least")
    assert (low, high) != bounds(Decimal(878_000), Decimal(1), "exact")
    assert high == 879_000
