"""Reference periods: the day, month, year or span that a number is about."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NamedTuple

from taawun.messages import Refused

ISO_DATE = "a date such as 2025, 2025-06 or 2025-06-30"


class PeriodError(Refused):
    """Two quantities of two periods, and nobody has said how these belong together."""


class Period(NamedTuple):
    """The first and the last day that a number is about."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.last}" if self.first == self.last else f"{self.first} to {self.last}"


@cache
def period(start: str, end: str) -> Period | None:
    """From the first day that `start` can mean to the last of `end`; without a start the last day
    alone, and none without an end. ValueError if one is no partial ISO date.
    """
    if not end:
        return None
    last = day(end)
    return Period(day(start, last=False) if start else last, last)


def dated(label: str, start: str, date: str, write: Callable[[str], str] = str) -> str:
    """A label in which {start}, {date} and {year} stand for the days of what it names, each as
    `write` writes it, the year in digits; so a message stays the same whatever the days are.
    """
    days = {"{start}": start, "{date}": date, "{year}": date[:4]}
    return re.sub(r"\{(?:start|date|year)\}", lambda field: _day_in(days[field[0]], write), label)


def _day_in(text: str, write: Callable[[str], str]) -> str:
    return write(text) if text else "…"


@cache
def day(text: str, last: bool = True) -> date:
    """The last (or first) day that a partial ISO date can mean; ValueError for anything else."""
    if not re.fullmatch(r"(?:19|20)[0-9]{2}(?:-[0-9]{2}(?:-[0-9]{2})?)?", text):
        raise Refused(f"«{text}» is not {ISO_DATE}")
    year, *rest = (int(part) for part in text.split("-"))
    month = rest[0] if rest else (12 if last else 1)
    if not 1 <= month <= 12:
        raise Refused(f"«{text}»: there is no month {month}; accepted: {ISO_DATE}")
    days = monthrange(year, month)[1]
    number = rest[1] if len(rest) == 2 else (days if last else 1)
    if not 1 <= number <= days:
        raise Refused(f"«{text}»: there is no day {number} in that month; accepted: {ISO_DATE}")
    return date(year, month, number)
