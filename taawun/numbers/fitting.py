"""Whether what words state is what their indicator counts: its unit, and no share above all."""

from __future__ import annotations

from taawun.numbers.parser import UnreadableFigure
from taawun.quantity import Quantity
from taawun.units import printed_unit


def fitting(quantity: Quantity, printed: str, indicator: str, unit: str, measure: str) -> Quantity:
    """The quantity, as an indicator of this unit and measure counts it. Raises UnreadableFigure for
    another unit, and for a share of more than the whole.
    """
    asked = printed_unit(unit)
    if quantity.unit != asked:
        why = f"it reads as {quantity.unit}, but {indicator} is counted in {unit}"
        raise UnreadableFigure(printed, why, f"words whose unit is {asked}")
    beyond = quantity.low >= 100 or (quantity.qualifier == "range" and quantity.high > 100)
    if measure == "share" and (beyond or quantity.value > 100):
        why = f"it is more than all, and {indicator} is a share"
        raise UnreadableFigure(printed, why, "at most 100%, or an indicator that counts a change")
    return quantity
