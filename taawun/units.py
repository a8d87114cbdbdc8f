"""Units as text and what arithmetic makes of them: "members", "MAD/members", "percent", "1"."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from taawun.messages import Refused

RATIO = "1"
PERCENT = "percent"

#: What a unit is made of: the names over the line and those under it.
_Parts = tuple[Counter[str], Counter[str]]


class UnitError(Refused):
    """Two quantities whose units do not fit the operation."""


@cache
def multiply(left: str, right: str) -> str:
    """The unit of a product: equal names over and under the line cancel, per cent counts as a
    fraction; but per cent times a plain number stays per cent.
    """
    if {left, right} == {PERCENT, RATIO}:
        return PERCENT
    (over, under), (over_right, under_right) = _parts(left), _parts(right)
    return _cancelled(over + over_right, under + under_right)


@cache
def divide(left: str, right: str) -> str:
    """The unit of a quotient, as `multiply` has it of a product."""
    if (left, right) == (PERCENT, RATIO):
        return PERCENT
    (over, under), (over_right, under_right) = _parts(left), _parts(right)
    return _cancelled(over + under_right, under + over_right)


def factor(unit: str, into: str) -> float | None:
    """What turns a number in `unit` into one in `into`; none if they count different things."""
    return {(PERCENT, RATIO): 0.01, (RATIO, PERCENT): 100.0}.get((unit, into))


def in_words(unit: str) -> str:
    """A unit as English says it behind a number, with the forms that it takes behind one and behind
    others: «{:one=light;other=lights} per keeper».
    """
    over, _, under = unit.partition("/")
    one, other = over.removesuffix("s"), over
    if re.fullmatch("[A-Z]{3}", over):
        # here, as make reads the words of a figure without the packages of the environment
        from babel.numbers import get_currency_name

        one, other = (get_currency_name(over, count, "en") for count in (1, 2))
    singular = " and ".join(name.removesuffix("s") for name in under.split("*"))
    each = "a year" if under == "year" else f"per {singular}" if under else ""
    return f"{{:one={one};other={other}}} {each}".strip()


def _parts(unit: str) -> _Parts:
    over, _, under = unit.partition("/")
    return _names(over), _names(under)


def _names(product: str) -> Counter[str]:
    return Counter(name for name in product.split("*") if name not in ("", RATIO, PERCENT))


def _cancelled(over: Counter[str], under: Counter[str]) -> str:
    over, under = over - under, under - over
    text = "*".join(sorted(over.elements())) or RATIO
    return f"{text}/{'*'.join(sorted(under.elements()))}" if under else text


def printed_unit(unit: str) -> str:
    """The unit that printed words state: MAD for «MAD/year», and else a plain count."""
    over = unit.partition("/")[0]
    return over if unit == PERCENT or re.fullmatch("[A-Z]{3}", over) else "count"
