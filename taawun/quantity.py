"""A number that knows its bounds, its unit and where it came from.

A quantity is closed interval plus best value. Arithmetic follows Moore's interval arithmetic (R. E.
Moore, *Interval Analysis*, 1966): a result's bounds hold every value that the inputs' bounds allow.
Doing the arithmetic records it: the formula is an expression over the ids of the inputs and can be
evaluated again. A value that was not yet published is NaN; whatever is computed from it is NaN too.

A quantity knows its reference period, and what is divided or subtracted has to be of one period,
unless the author says how two belong together: `later.since(earlier)` and `later.times(earlier)`,
`count.on(day)`, or `count.undated`. What has no date, such as a constant, goes with any.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from taawun import units
from taawun.messages import ForPeople, Refused
from taawun.periods import Period, PeriodError, dated, period
from taawun.units import PERCENT, RATIO, UnitError

_SUM, _PRODUCT, _POWER, _ATOM = range(4)


class MayBeZero(ForPeople, ZeroDivisionError):
    """A quantity whose bounds hold zero, under the line."""


class Undecided(Refused):
    """Two quantities whose bounds do not tell which is the greater."""


@dataclass(frozen=True, eq=False)
class Quantity:
    """One number: best `value` inside [`low`, `high`] in `unit` ("members", "MAD",
    "jobs/projects", "percent", "1" for a ratio). ValueError for a value outside its bounds.

    `qualifier` is how the source hedges it, `id` its address in the ledger, `formula` and `inputs`
    its arithmetic, `source` who printed it, when, in which words. Its reference period ends on
    `date` (partial ISO) and begins on `start`; without a start it is the last day of `date`.
    `redated` is whether a person gave it another period.

    Two are compared by their bounds, whatever their periods; Undecided where these do not tell.
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
    start: str = ""
    date: str = ""
    source: str = ""
    redated: bool = False
    binding: int = _ATOM

    def __post_init__(self) -> None:
        try:
            is_inside = self.low <= self.value <= self.high or math.isnan(self.value)
        except TypeError:
            ends = f"{self.low!r}, {self.value!r} and {self.high!r}"
            raise Refused(
                f"{self.id or 'a quantity'} cannot have {ends} as least, value and most; accepted: "
                f"numbers in digits, without quotation marks"
            ) from None
        if not is_inside:
            raise Refused(
                f"{self.id or 'a quantity'} cannot be {in_short(self.value)}: its bounds are "
                f"{_interval(self)}; accepted: a value inside them"
            )

    def __repr__(self) -> str:
        return self._line()

    def _repr_markdown_(self) -> str:
        return self._line(code="`")

    def _line(self, code: str = "") -> str:
        """What it comes to, and who printed it or how it was made; names and formulas stand between
        two `code`.
        """
        ends = f" ({in_short(self.low)} to {in_short(self.high)})" if self.low < self.high else ""
        unit = "" if self.unit in (RATIO, "count") else f" {self.unit}"
        value = f"{in_short(self.value)}{ends}{unit}" if self.known else "not yet published"
        name = f"{code}{self.id or self.formula}{code}" if self.id or self.formula else ""
        if self.source:
            return f"{value} ({self.source})"
        if not self.id:
            return f"{value} = {name}" if name else value
        label = dated(self.label, self.start, self.date)
        made = f" = {code}{self.formula}{code}" if self.inputs else ""
        return f"{value}: {label} ({', '.join(filter(None, (name, self.date)))}){made}"

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
        formula = f"percent({self.id or self.formula})"
        return _result(_corners(lambda x: 100 * x, self), PERCENT, formula, _ATOM, self)

    @property
    def period(self) -> Period | None:
        """The first and the last day that it is about; none if it has no date."""
        return period(self.start, self.date)

    @property
    def undated(self) -> Quantity:
        """The same quantity without its period, where the author says that it does not matter."""
        same = _result(_corners(lambda x: x, self), self.unit, "", _ATOM, self)
        return replace(same, formula=f"undated({self.term()})", start="", date="")

    def named(self, id: str, label: str, date: str = "") -> Quantity:
        """The same quantity under its ledger id and label, of the day `date` or of its own period
        or its latest input's; a second name for one that has an id already. In the label {start},
        {date} and {year} stand for those of the period.
        """
        timed = self
        if not self.date:
            timed = max(self.inputs, key=lambda part: part.date, default=self)
        start = timed.start if date in ("", timed.date) else ""
        renamed = replace(
            self,
            id=id,
            label=label,
            start=start,
            date=date or timed.date,
            redated=False,
            binding=_ATOM,
        )
        if not self.id:
            return renamed
        return replace(renamed, formula=self.term(), inputs=(self,), source="")

    def on(self, date: str, start: str = "") -> Quantity:
        """The same quantity on another day, or over another span, where a person says that it holds
        for that.
        """
        same = self.period == period(start, date)
        moved = replace(self, start=start, date=date, redated=self.redated or not same)
        if self.id or same:
            return moved
        return replace(moved, formula=moved.term(), redated=False, binding=_ATOM)

    def since(self, earlier: Quantity) -> Quantity:
        """The net change from an earlier count to this one; its period is what lies between."""
        return _over_time(_SUBTRACT, "since", self, earlier)

    def times(self, earlier: Quantity) -> Quantity:
        """How many times an earlier count this one is; its period is what lies between."""
        return _over_time(_DIVIDE, "times", self, earlier)

    def term(self, binding: int = _SUM) -> str:
        """How it stands in a formula: its id, or its own formula, in brackets where needed."""
        text = self.id or self.formula or repr(self.value)
        if self.redated:
            return f"on({text}, {_days(self)})"
        return f"({text})" if not self.id and self.binding < binding else text

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Quantity, int, float)):
            return NotImplemented
        return self is other or _decided("==", self, other)

    def __lt__(self, other: Quantity | float) -> bool:
        return _decided("<", self, other)

    def __le__(self, other: Quantity | float) -> bool:
        return _decided("<=", self, other)

    def __gt__(self, other: Quantity | float) -> bool:
        return _decided(">", self, other)

    def __ge__(self, other: Quantity | float) -> bool:
        return _decided(">=", self, other)

    def __add__(self, other: Quantity | float) -> Quantity:
        return _combined(_ADD, self, other)

    def __radd__(self, other: Quantity | float) -> Quantity:
        return self if other == 0 else _combined(_ADD, other, self)

    def __sub__(self, other: Quantity | float) -> Quantity:
        return _combined(_SUBTRACT, self, other)

    def __rsub__(self, other: Quantity | float) -> Quantity:
        return _combined(_SUBTRACT, other, self)

    def __mul__(self, other: Quantity | float) -> Quantity:
        return _combined(_MULTIPLY, self, other)

    def __rmul__(self, other: Quantity | float) -> Quantity:
        return _combined(_MULTIPLY, other, self)

    def __truediv__(self, other: Quantity | float) -> Quantity:
        return _combined(_DIVIDE, self, other)

    def __rtruediv__(self, other: Quantity | float) -> Quantity:
        return _combined(_DIVIDE, other, self)

    def __pow__(self, exponent: Quantity | float) -> Quantity:
        """A ratio above zero to a plain power, as a compound rate needs; zero to one above zero."""
        exponent = constant(exponent)
        if not exponent.known:
            return exponent
        if self.unit != RATIO or self.low < 0 or (self.low == 0 and exponent.low <= 0):
            raise UnitError(
                f"only a positive ratio can be raised to a power, not {self.term()} in {self.unit}"
            )
        formula = f"{self.term(_ATOM)} ** {exponent.term(_ATOM)}"
        bounds = _corners(operator.pow, self, exponent)
        return _result(bounds, RATIO, formula, _POWER, self, exponent)


def _days(quantity: Quantity) -> str:
    """Its date and start as `on` takes them."""
    return ", ".join(repr(text) for text in (quantity.date, quantity.start) if text)


def _interval(quantity: Quantity) -> str:
    """Its bounds for people; one number where they are the same."""
    low, high = in_short(quantity.low), in_short(quantity.high)
    return low if low == high else f"{low} to {high}"


def in_short(number: float) -> str:
    """A number for people: whole from a thousand on, else with four digits."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"


class _Operation(NamedTuple):
    """An operation between two quantities, its sign in a formula, and how tightly it binds."""

    apply: Callable[[float, float], float]
    sign: str
    binding: int


_ADD = _Operation(operator.add, "+", _SUM)
_SUBTRACT = _Operation(operator.sub, "-", _SUM)
_MULTIPLY = _Operation(operator.mul, "*", _PRODUCT)
_DIVIDE = _Operation(operator.truediv, "/", _PRODUCT)


class _Bounds(NamedTuple):
    value: float
    low: float
    high: float


_UNKNOWN = _Bounds(math.nan, math.nan, math.nan)


def constant(value: float | Quantity, unit: str = RATIO) -> Quantity:
    """A plain number as an exact quantity; its formula is the number, with its unit if any.
    ValueError for what is no number.
    """
    if isinstance(value, Quantity):
        return value
    try:
        is_known = not math.isnan(value)
    except TypeError:
        raise Refused(
            f"{value!r} is no number; accepted: one in digits, without quotation marks"
        ) from None
    if not is_known:
        return unknown(unit)
    # str, for the repr of a numpy number is no formula
    formula = f"{value}" if unit == RATIO else f"constant({value}, {unit!r})"
    binding = _SUM if value < 0 and unit == RATIO else _ATOM
    return Quantity(value, value, value, unit, formula=formula, binding=binding)


def unknown(unit: str) -> Quantity:
    """A number that nobody had published."""
    return Quantity(*_UNKNOWN, unit, formula=f"unknown({unit!r})")


def percent(ratio: Quantity | float) -> Quantity:
    """`ratio.percent`, as formulas write it."""
    return constant(ratio).percent


def rounded(quantity: Quantity, place: float) -> Quantity:
    """A figure that a person judges to be rounded to `place` although it is printed in full, such
    as 53,800 to the hundred: half a place wider on either side.
    """
    half = abs(place) / 2
    wide = _Bounds(quantity.value, quantity.low - half, quantity.high + half)
    formula = f"rounded({quantity.term()}, {place})"
    return _result(wide, quantity.unit, formula, _ATOM, quantity)


def hull(best: Quantity, *others: Quantity) -> Quantity:
    """The span of several answers to one question: the value of the first, bounds that hold all."""
    answers = (best, *others)
    ends = [_in_unit(answer, best.unit) for answer in answers]
    span = _Bounds(best.value, min(q.low for q in ends), max(q.high for q in ends))
    span = span if all(q.known for q in answers) else _UNKNOWN
    formula = f"hull({', '.join(q.term() for q in answers)})"
    result = _result(span, best.unit, formula, _ATOM, *answers)
    return replace(result, start=best.start, date=best.date)


def counted_as(quantity: Quantity, unit: str) -> Quantity:
    """A figure that a person judges to count what another does: the same number in `unit`."""
    formula = f"counted_as({quantity.term()}, {unit!r})"
    return _result(_corners(lambda x: x, quantity), unit, formula, _ATOM, quantity)


def since(later: Quantity, earlier: Quantity) -> Quantity:
    """`later.since(earlier)`, as formulas write it."""
    return later.since(earlier)


def times(later: Quantity, earlier: Quantity) -> Quantity:
    """`later.times(earlier)`, as formulas write it."""
    return later.times(earlier)


def undated(quantity: Quantity) -> Quantity:
    """`quantity.undated`, as formulas write it."""
    return quantity.undated


def on(quantity: Quantity, date: str, start: str = "") -> Quantity:
    """`quantity.on(date, start)`, as formulas write it."""
    return quantity.on(date, start)


def difference(left: Quantity, right: Quantity) -> Quantity:
    """How far one is above the other, whatever their periods; without one itself."""
    return replace(_computed(_SUBTRACT, left, right), start="", date="")


def agree(left: Quantity, right: Quantity) -> str:
    """`agree` if one true value can lie in both, `conflict` if none can, else `cannot tell`."""
    if not (left.known and right.known):
        return "cannot tell"
    low, high = _gap(left, right)
    return "agree" if low <= 0 <= high else "conflict"


def _gap(left: Quantity, right: Quantity) -> tuple[float, float]:
    """The least and the most that left can be above right; what rounding makes of zero is zero."""
    right = _in_unit(right, left.unit)
    slack = 1e-9 * max(abs(left.high), abs(right.high))
    low, high = left.low - right.high, left.high - right.low
    return (0.0 if abs(low) <= slack else low), (0.0 if abs(high) <= slack else high)


def _decided(sign: str, left: Quantity, other: Quantity | float) -> bool:
    """Whether a comparison holds wherever the true values lie in their bounds."""
    right = other if isinstance(other, Quantity) else constant(other, left.unit)
    low, high = _gap(left, right)
    always, never = {
        "==": (low == high == 0, not low <= 0 <= high),
        "<": (high < 0, low >= 0),
        "<=": (high <= 0, low > 0),
        ">": (low > 0, high <= 0),
        ">=": (low >= 0, high < 0),
    }[sign]
    if not (left.known and right.known) or not (always or never):
        ends = [_interval(side) if side.known else "not yet published" for side in (left, right)]
        raise Undecided(
            f"whether {left.term()} ({ends[0]}) {sign} {right.term()} ({ends[1]}) cannot be told; "
            f"accepted: agree(a, b), which answers agree, conflict or cannot tell, or a field "
            f"{{a ? b:more|not sure|less}}"
        )
    return always


def _over_time(operation: _Operation, name: str, later: Quantity, earlier: Quantity) -> Quantity:
    """An operation between two counts of one thing whose second is the earlier one."""
    begin, end = earlier.period, later.period
    if begin and end and end.last < begin.last:
        raise PeriodError(
            f"{later.term()} is of {end}, before {earlier.term()} of {begin}; accepted: "
            f"later.{name}(earlier)"
        )
    result = _computed(operation, later, earlier)
    return replace(
        result,
        formula=f"{name}({later.term()}, {earlier.term()})",
        start=str(begin.last) if begin and end else "",
        date=later.date,
        binding=_ATOM,
    )


def _combined(operation: _Operation, left: Quantity | float, right: Quantity | float) -> Quantity:
    left, right = constant(left), constant(right)
    if operation in (_SUBTRACT, _DIVIDE) and left.date and right.date:
        _need_one_period(operation, left, right)
    return _computed(operation, left, right)


def _need_one_period(operation: _Operation, left: Quantity, right: Quantity) -> None:
    """Raise PeriodError, with what the author may say, if two quantities are of two periods."""
    if left.period == right.period:
        return
    raise PeriodError(
        f"a {left.term()} is of {left.period}, b {right.term()} of {right.period}: "
        f"a {operation.sign} b needs one period; accepted: two of one period, a.since(b) or "
        f"a.times(b) for what lies between two counts, b.on({_days(left)}) if b holds then, too, "
        f"or b.undated if its day does not matter (in a formula since(a, b), times(a, b), "
        f"on(b, {_days(left)}), undated(b))"
    )


def _computed(operation: _Operation, left: Quantity, right: Quantity) -> Quantity:
    """The operation on two quantities, whatever their periods."""
    unit = _unit(operation, left.unit, right.unit)
    if operation is _DIVIDE and right.low <= 0 <= right.high:
        raise MayBeZero(f"{right.term()} may be zero: nothing can be divided by it")
    bounds = _corners(operation.apply, *_operands(operation, unit, left, right))
    if operation is _MULTIPLY and left is right and bounds.low < 0:
        bounds = bounds._replace(low=0.0)  # a square, of a quantity that may be zero
    tighter = operation.binding if operation is _ADD else operation.binding + 1
    formula = f"{left.term(operation.binding)} {operation.sign} {right.term(tighter)}"
    return _result(bounds, unit, formula, operation.binding, left, right)


def _unit(operation: _Operation, left: str, right: str) -> str:
    if operation is _MULTIPLY:
        return units.multiply(left, right)
    return units.divide(left, right) if operation is _DIVIDE else left


def _operands(operation: _Operation, unit: str, left: Quantity, right: Quantity) -> list[Quantity]:
    """The two sides as they take part: in one unit in a sum; per cent as its fraction in a product
    or quotient, unless the result is itself in per cent.
    """
    if operation.binding == _SUM:
        return [left, _in_unit(right, unit)]
    if unit == PERCENT:
        return [left, right]
    return [_in_unit(side, RATIO) if side.unit == PERCENT else side for side in (left, right)]


def _corners(operation: Callable[..., float], *operands: Quantity) -> _Bounds:
    """The operation on the values, and the least and greatest of it on the corners of the bounds
    (all operations here are monotonic in each argument); not known if an operand is not.
    """
    ends = [operation(*corner) for corner in product(*((q.low, q.high) for q in operands))]
    value = operation(*(operand.value for operand in operands))
    known = all(operand.known for operand in operands)
    return _Bounds(value, min(value, *ends), max(value, *ends)) if known else _UNKNOWN


def _result(
    bounds: _Bounds, unit: str, formula: str, binding: int, *operands: Quantity
) -> Quantity:
    """A computed quantity: its inputs are the operands with an id, and the inputs of the others;
    its period holds theirs.
    """
    leaves = {leaf.id: leaf for q in operands for leaf in ((q,) if q.id else q.inputs)}
    start, date = _joint(operands)
    inputs = tuple(leaves.values())
    return Quantity(*bounds, unit, "exact", "", "", formula, inputs, start, date, binding=binding)


def _joint(operands: Iterable[Quantity]) -> tuple[str, str]:
    """Start and date of the period that holds those of all operands."""
    spans = [(q.period, q.date, q.start) for q in operands if q.period]
    if not spans:
        return "", ""
    last = max(spans, key=lambda span: (span[0].last, span[1]))
    if len({span for span, _, _ in spans}) == 1:
        return last[2], last[1]
    return str(min(span.first for span, _, _ in spans)), last[1]


def _unlike(quantity: Quantity, unit: str) -> str:
    """Why a quantity does not go with one in `unit`, and what would."""
    which = "they cannot be added, subtracted or compared; accepted"
    if unit == RATIO:
        return (
            f"{quantity.term()} is in {quantity.unit}, and the other a plain number: {which}: "
            f"constant(number, {quantity.unit!r}), from taawun.quantity"
        )
    if quantity.unit == RATIO:
        return (
            f"{quantity.term()} is a plain number, not in {unit}: {which}: "
            f"constant({quantity.term()}, {unit!r}), from taawun.quantity"
        )
    return (
        f"{quantity.term()} is in {quantity.unit}, not in {unit}: {which}: two that count the same"
    )


def _in_unit(quantity: Quantity, unit: str) -> Quantity:
    """The quantity in `unit`, where that is a matter of per cent against ratio."""
    if quantity.unit == unit:
        return quantity
    factor = units.factor(quantity.unit, unit)
    if factor is None:
        raise UnitError(_unlike(quantity, unit))
    value, low, high = (end * factor for end in (quantity.value, quantity.low, quantity.high))
    return replace(quantity, value=value, low=low, high=high, unit=unit)
