"""What arithmetic makes of units: names cancel, per cent is a fraction, little converts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taawun.units import PERCENT, RATIO, divide, factor, multiply

NAMES = st.sampled_from(["members", "cooperatives", "MAD", "year"])


@pytest.mark.parametrize(
    ("left", "right", "unit"),
    [
        ("members/cooperatives", "cooperatives", "members"),
        ("MAD", "members", "MAD*members"),
        ("members", "MAD", "MAD*members"),
        ("members", "members", "members*members"),
        ("members", RATIO, "members"),
        ("cooperatives/year", "year", "cooperatives"),
        (PERCENT, "members", "members"),
        ("members", PERCENT, "members"),
        (PERCENT, RATIO, PERCENT),
        (RATIO, PERCENT, PERCENT),
        (PERCENT, PERCENT, RATIO),
        (RATIO, RATIO, RATIO),
    ],
)
def test_in_a_product_equal_names_cancel_and_per_cent_counts_as_a_fraction(left, right, unit):
    assert multiply(left, right) == unit


@pytest.mark.parametrize(
    ("left", "right", "unit"),
    [
        ("members", "cooperatives", "members/cooperatives"),
        ("members", "members", RATIO),
        ("MAD", "MAD/members", "members"),
        ("members/cooperatives", "cooperatives", "members/cooperatives*cooperatives"),
        (RATIO, "cooperatives", "1/cooperatives"),
        ("members", PERCENT, "members"),
        (PERCENT, "members", "1/members"),
        (PERCENT, RATIO, PERCENT),
        (RATIO, PERCENT, RATIO),
        (PERCENT, PERCENT, RATIO),
    ],
)
def test_in_a_quotient_equal_names_cancel_and_per_cent_counts_as_a_fraction(left, right, unit):
    assert divide(left, right) == unit


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(NAMES, max_size=3))
def test_dividing_undoes_multiplying(left, right):
    left, right = "*".join(sorted(left)), "*".join(sorted(right)) or RATIO
    assert divide(multiply(left, right), right) == left
    assert multiply(left, right) == multiply(right, left)


def test_only_per_cent_and_ratios_turn_into_one_another():
    assert factor(PERCENT, RATIO) == 0.01
    assert factor(RATIO, PERCENT) == 100
    assert factor("members", "cooperatives") is None
    assert factor("members", PERCENT) is None
