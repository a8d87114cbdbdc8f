"""A number that knows its bounds, its unit and where it came from.

A quantity is closed interval plus best value. Arithmetic follows Moore's interval arithmetic (R. E.
Moore, *Interval Analysis*, 1966): a result's bounds hold every value that the inputs' bounds allow.
Doing the arithmetic records it: the formula is an expression over the ids of the inputs and can be
evaluated again. A value that was not yet published is NaN; whatever is computed from it is NaN too.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from dataclasses import dataclass, replace

RATIO = "1"
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


class UnitError(ValueError):
    """Two quantities whose units do not fit the operation."""


@dataclass(frozen=True)
class Quantity:
    """One number: best `value` inside [`low`, `high`] in `unit` ("members", "MAD",
    "members/cooperatives", "percent", "1" for a ratio).

    `qualifier` is how the source hedges it, `id` its address in the ledger, `formula` and `inputs`
    its arithmetic, `date` its reference date (ISO).
    """

    value: float
    low: float
    high: float
    unit: str = "count"
    qualifier: str = "exact"
    id: str = ""
    label: str = ""
    formula: str = ""
    inputs: tuple[Quantity, ...] = ()
    date: str = ""
    binding: int = _ATOM

    @property
    def known(self) -> bool:
        """Whether it had been published (by the `as_of` date of the run)."""
        return not math.isnan(self.value)

    @property
    def percent(self) -> Quantity:
        """The ratio in per cent; a UnitError for anything but a ratio."""
        if self.unit != RATIO:
            raise UnitError(
                f"{self.term()} is in {self.unit}: only a ratio can be turned into per cent"
            )
        return _result(
            lambda x: 100 * x, [self], "percent", f"percent({self.id or self.formula})", _ATOM
        )

    def named(self, id: str, label: str, date: str = "") -> Quantity:
        """The same quantity under its ledger id and label, dated `date` or like its latest input; a
        second name for one that has an id already.
        """
        date = date or self.date or max((part.date for part in self.inputs), default="")
        lineage = {"formula": self.id, "inputs": (self,)} if self.id else {}
        return replace(self, id=id, label=label, date=date, binding=_ATOM, **lineage)

    def on(self, date: str) -> Quantity:
        """The same quantity with another reference date."""
        return replace(self, date=date)

    def term(self, binding: int = _SUM) -> str:
        """How it stands in a formula: its id, or its own formula, in brackets where needed."""
        text = self.id or self.formula or repr(self.value)
        return f"({text})" if not self.id and self.binding < binding else text

    def __add__(self, other):
        return _binary(operator.add, self, other, "+", _SUM)

    def __radd__(self, other):
        return self if other == 0 else _binary(operator.add, other, self, "+", _SUM)

    def __sub__(self, other):
        return _binary(operator.sub, self, other, "-", _SUM)

    def __rsub__(self, other):
        return _binary(operator.sub, other, self, "-", _SUM)

    def __mul__(self, other):
        return _binary(operator.mul, self, other, "*", _PRODUCT)

    def __rmul__(self, other):
        return _binary(operator.mul, other, self, "*", _PRODUCT)

    def __truediv__(self, other):
        return _binary(operator.truediv, self, other, "/", _PRODUCT)

    def __rtruediv__(self, other):
        return _binary(operator.truediv, other, self, "/", _PRODUCT)

    def __pow__(self, exponent):
        """A positive ratio to a plain power, as a compound rate needs."""
        exponent = constant(exponent)
        if self.unit != RATIO or self.low <= 0:
            raise UnitError(
                f"only a positive ratio can be raised to a power, not {self.term()} in {self.unit}"
            )
        formula = f"{self.term(_ATOM)} ** {exponent.term(_ATOM)}"
        return _result(lambda x, y: x**y, [self, exponent], RATIO, formula, _POWER)


def constant(value: float | Quantity, unit: str = RATIO) -> Quantity:
    """A plain number as an exact quantity; its formula is the number as written, with its unit if
    it has one.
    """
    if isinstance(value, Quantity):
        return value
    formula = (
        f"{value}" if unit == RATIO else f"constant({value}, {unit!r})"
    )  # str, for the repr of a numpy number is no formula
    return Quantity(
        value,
        value,
        value,
        unit,
        formula=formula,
        binding=_SUM if value < 0 and unit == RATIO else _ATOM,
    )


def percent(ratio: Quantity | float) -> Quantity:
    """`ratio.percent`, as formulas write it."""
    return constant(ratio).percent


def rounded(quantity: Quantity, place: float) -> Quantity:
    """A figure that a person judges to be rounded to `place` although it is printed in full, such
    as 53,800 to the hundred: half a place wider on either side.
    """
    wide = replace(quantity, low=quantity.low - place / 2, high=quantity.high + place / 2)
    return replace(
        _result(lambda x: x, [wide], quantity.unit, f"rounded({quantity.term()}, {place})", _ATOM),
        inputs=(quantity,) if quantity.id else quantity.inputs,
    )


def hull(best: Quantity, *others: Quantity) -> Quantity:
    """The span of several answers to one question, such as scenarios: the value of the first,
    bounds that hold all.
    """
    ends = [_in_unit(other, best.unit) for other in (best, *others)]
    if not all(q.known for q in ends):
        best, ends = replace(best, value=math.nan), [replace(best, low=math.nan, high=math.nan)]
    inputs = dict.fromkeys(leaf for q in (best, *others) for leaf in ([q] if q.id else q.inputs))
    formula = f"hull({', '.join(q.term() for q in (best, *others))})"
    return replace(
        best,
        low=min(q.low for q in ends),
        high=max(q.high for q in ends),
        id="",
        label="",
        formula=formula,
        inputs=tuple(inputs),
        binding=_ATOM,
        qualifier="exact",
    )


def counted_as(quantity: Quantity, unit: str) -> Quantity:
    """A figure that a person judges to count what another one counts, such as jobs that are new
    members: the same number in `unit`.
    """
    return _result(lambda x: x, [quantity], unit, f"counted_as({quantity.term()}, {unit!r})", _ATOM)


def agree(left: Quantity, right: Quantity) -> str:
    """`agree` if one true value can lie in both bounds, `conflict` if none can, `cannot tell` if
    one is not known.
    """
    if not (left.known and right.known):
        return "cannot tell"
    right = _in_unit(right, left.unit)
    slack = 1e-9 * max(abs(left.high), abs(right.high))
    return (
        "agree" if left.low <= right.high + slack and right.low <= left.high + slack else "conflict"
    )


def _binary(operation, left, right, sign: str, binding: int) -> Quantity:
    left, right = constant(left), constant(right)
    if sign in "+-":
        right_in = _in_unit(right, left.unit)
        unit, operands = left.unit, [left, right_in]
    else:
        unit = _unit_of(left.unit, right.unit, sign)
        operands = (
            [_fraction(left, unit), _fraction(right, unit)]
            if "percent" in (left.unit, right.unit)
            else [left, right]
        )
    if sign == "/" and right.low <= 0 <= right.high:
        raise ZeroDivisionError(f"{right.term()} may be zero: nothing can be divided by it")
    tight = binding if sign == "+" else binding + 1
    formula = f"{left.term(binding)} {sign} {right.term(tight)}"
    return _result(operation, operands, unit, formula, binding, named=[left, right])


def _result(
    operation, operands: list[Quantity], unit: str, formula: str, binding: int, named=None
) -> Quantity:
    """The operation on the values, and the least and greatest of it on the corners of the bounds
    (all operations here are monotonic in each argument).
    """
    corners = [[]]
    for operand in operands:
        corners = [[*corner, end] for corner in corners for end in (operand.low, operand.high)]
    ends = [operation(*corner) for corner in corners]
    inputs = dict.fromkeys(leaf for q in named or operands for leaf in ([q] if q.id else q.inputs))
    value, low, high = operation(*(operand.value for operand in operands)), min(ends), max(ends)
    if not all(operand.known for operand in operands):
        value = low = high = math.nan
    return Quantity(value, low, high, unit, formula=formula, inputs=tuple(inputs), binding=binding)


def _in_unit(quantity: Quantity, unit: str) -> Quantity:
    """The quantity in `unit`, where that is a matter of per cent against ratio."""
    if quantity.unit == unit:
        return quantity
    factor = {("percent", RATIO): 0.01, (RATIO, "percent"): 100.0}.get((quantity.unit, unit))
    if factor is None:
        raise UnitError(
            f"{quantity.term()} is in {quantity.unit}, not in {unit}: they cannot be added, "
            f"subtracted or compared"
        )
    return replace(
        quantity,
        value=quantity.value * factor,
        low=quantity.low * factor,
        high=quantity.high * factor,
        unit=unit,
    )


def _fraction(quantity: Quantity, unit: str) -> Quantity:
    """A per cent counts as its fraction in a product or quotient, unless the result is itself in
    per cent.
    """
    return (
        quantity if quantity.unit != "percent" or unit == "percent" else _in_unit(quantity, RATIO)
    )


def _unit_of(left: str, right: str, sign: str) -> str:
    """The unit of a product or quotient: equal parts cancel; per cent times a plain number stays
    per cent.
    """
    if (
        "percent" in (left, right)
        and {left, right} <= {"percent", RATIO}
        and (sign, left) != ("/", RATIO)
        and left != right
    ):
        return "percent"
    (over, under), (over_right, under_right) = _parts(left), _parts(right)
    if sign == "/":
        over_right, under_right = under_right, over_right
    over, under = over + over_right, under + under_right
    over, under = over - under, under - over
    text = "*".join(sorted(over.elements())) or RATIO
    return f"{text}/{'*'.join(sorted(under.elements()))}" if under else text


def _parts(unit: str) -> tuple[Counter, Counter]:
    over, _, under = unit.partition("/")
    return tuple(
        Counter(name for name in part.split("*") if name not in ("", RATIO, "percent"))
        for part in (over, under)
    )
