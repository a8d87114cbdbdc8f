"""What the true value can be, given how a number is printed and hedged."""

from __future__ import annotations

from decimal import Decimal

HALF = Decimal("0.5")
#: How many places below and above the printed value a hedge reaches.
REACH = {
    "at_least": (Decimal(0), Decimal(1)),
    "nearly": (Decimal(1), Decimal(0)),
    "at_most": (Decimal(1), Decimal(0)),
    "about": (HALF, HALF),
}


def bounds(
    value: Decimal,
    place: Decimal,
    qualifier: str = "exact",
    rounded: bool = False,
    expanded: bool = False,
) -> tuple[Decimal, Decimal]:
    """The least and the greatest true value, given the printed `value` whose last printed digit
    stands at `place` (1 for 63,445; 100000 for 2.6 million).

    Plain digits are exact; a rounded number (a decimal, a percentage, a magnitude word) may be off
    by half its last place. A hedged number is bounded by its own place: that of its last non-zero
    digit, but no coarser than its second significant digit, and no finer than what is printed
    (`expanded`: a magnitude word prints all its zeros). "More than" reaches one place up, "nearly"
    and "at most" one place down, "about" half a place either side. The far end of a hedge is
    excluded in words and included here.
    """
    if qualifier == "exact":
        half = place / 2 if rounded else Decimal(0)
        return value - half, value + half
    digits = value.normalize()
    exponent = int(digits.as_tuple().exponent)
    own = Decimal(1).scaleb(min(exponent, digits.adjusted() - 1))
    step = max(own, min(place, Decimal(1)) if expanded else place)
    below, above = REACH[qualifier]
    return value - below * step, value + above * step
