"""Which numbers of a text only say when: years, days of a month, spans of years."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taawun.numbers.grammar import Number
from taawun.numbers.lexer import Token

YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"[12]?\d|3[01]")
_SPAN = re.compile(r" ?[-–/] ?")
_COUNTED = ("unknown", "unit", "measure", "magnitude", "multiple")
_BLANK = re.compile(r"[ ,]*")


def figures(numbers: Sequence[Number], tokens: Sequence[Token], text: str) -> list[Number]:
    """The numbers that are not dates, nor ordinals («the third edition») if there is any other."""
    dates = Dates(numbers, tokens, text)
    counts = [number for i, number in enumerate(numbers) if not dates.is_date(i)]
    return [number for number in counts if not number.ordinal] or counts


class Dates:
    """The numbers of one text and what is known of them so far."""

    def __init__(self, numbers: Sequence[Number], tokens: Sequence[Token], text: str) -> None:
        self.numbers, self.tokens, self.text = numbers, tokens, text
        self.years: set[int] = set()
        self.days: set[int] = set()

    def is_date(self, i: int) -> bool:
        """Whether number `i` is a date; asked in order, for a year can join the one before."""
        if self.is_day(i):
            self.days.add(i)
            return True
        if not self.looks_like_a_year(i):
            return self.ends_a_span(i)
        if not self.is_certain(i) and (
            self.counts(i) or not (self.spans(i) or self.is_dated(i) or self.joins_a_year(i))
        ):
            return False
        self.years.add(i)
        return True

    def is_day(self, i: int) -> bool:
        """Whether it is a day beside its month: «30 juin», «January 20, 2016»."""
        if not self.matches(i, _DAY):
            return False
        number = self.numbers[i]
        before, after = self.beside(number.first, -1), self.beside(number.last, 1)
        if after and "month" in after.meanings:
            return True
        ends = number.last + 1 == len(self.tokens)
        return bool(before and "month" in before.meanings) and (
            ends or (i + 1 < len(self.numbers) and self.looks_like_a_year(i + 1))
        )

    def looks_like_a_year(self, i: int) -> bool:
        return self.matches(i, YEAR)

    def counts(self, i: int) -> bool:
        """Whether a noun or a unit follows at once: «2025 projets», «2000 dirhams»."""
        after = self.beside(self.numbers[i].last, 1)
        return after is not None and after.means(_COUNTED)

    def is_certain(self, i: int) -> bool:
        """Whether it is a year whatever follows: after a month, or in «between 2019 and 2020»."""
        before = self.beside(self.numbers[i].first, -1)
        if i - 1 in self.days or (before and "month" in before.meanings):
            return True
        for start, end in ((i, i + 1), (i - 1, i)):
            if start >= 0 and self.joined(start, end):
                opener = self.beside(self.numbers[start].first, -1)
                pair = self.looks_like_a_year(start) and self.looks_like_a_year(end)
                if pair and opener and "range" in opener.meanings:
                    return True
        return False

    def is_dated(self, i: int) -> bool:
        """Whether a date word or bracket stands before it, but not in «between 2000 and 3000»."""
        first = self.numbers[i].first
        if self.text[: self.tokens[first].start].endswith("("):
            return True
        before = self.beside(first, -1)
        if not before or not before.means(("date", "month")):
            return False
        partner = "range" in before.meanings and self.joined(i, i + 1)
        return not partner or (self.looks_like_a_year(i + 1) and not self.counts(i + 1))

    def joins_a_year(self, i: int) -> bool:
        """Whether it follows another year and «and» or «to»: «2020 et 2021»."""
        return i - 1 in self.years and self.joined(i - 1, i)

    def spans(self, i: int) -> bool:
        """Whether it begins or ends a span of years: «2021-2025», «2019-20»."""
        return any(
            self.is_span(first, first + 1)
            for first in (i - 1, i)
            if 0 <= first < len(self.numbers) - 1
        )

    def ends_a_span(self, i: int) -> bool:
        """Whether it is the «20» of «2019-20»."""
        return i - 1 in self.years and self.is_span(i - 1, i)

    def is_span(self, i: int, j: int) -> bool:
        if not self.looks_like_a_year(i) or self.counts(j):
            return False
        start, end = self.token(i), self.token(j)
        if not _SPAN.fullmatch(self.text, start.end, end.start):
            return False
        return self.looks_like_a_year(j) or end.text == f"{(int(start.text) + 1) % 100:02}"

    def joined(self, i: int, j: int) -> bool:
        """Whether only a word such as «and» or «to» stands between two numbers."""
        if j >= len(self.numbers):
            return False
        between = self.tokens[self.numbers[i].last + 1 : self.numbers[j].first]
        return len(between) == 1 and between[0].means(("and", "to"))

    def matches(self, i: int, pattern: re.Pattern[str]) -> bool:
        number = self.numbers[i]
        return number.first == number.last and bool(pattern.fullmatch(self.token(i).text))

    def token(self, i: int) -> Token:
        return self.tokens[self.numbers[i].first]

    def beside(self, at: int, step: int) -> Token | None:
        """The token before or after the one at a place, if only blanks stand between."""
        other = at + step
        if not 0 <= other < len(self.tokens):
            return None
        first, second = sorted((self.tokens[at], self.tokens[other]), key=lambda token: token.start)
        blank = _BLANK.fullmatch(self.text, first.end, second.start)
        return self.tokens[other] if blank else None
