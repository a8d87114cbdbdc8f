"""From the printed words of one figure to its quantity, or to a refusal that says what is wrong.

Every word that the reader knows (hedges, magnitudes, units, number words, words before a year)
stands in `data/hand/words.csv`. What cannot be read safely is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from taawun.numbers import lexer
from taawun.numbers.lexer import Token
from taawun.numbers.precision import bounds
from taawun.quantity import Quantity

ONE = Decimal(1)
NUMERIC = ("digits", "number", "magnitude")
ARTICLES = ("un", "une", "one")
#: What a number word leaves room for: «soixante et onze» is 60 and less than 20 more.
_ROOM = {60: 20, 80: 20, 100: 100}
_DAMAGE = re.compile(
    r"\S*\de[+-]?\d+|\d{4}-\d{2}-\d{2}|(?<![\d.,' ٬٫])0\d+|#(?:ref|value|n/a|name|num|div|#)\S*"
)
_STRAY = re.compile(r"(?<![\w%])[-−]\d\S*|[<>~≈±≥≤‰^=+½¼¾]\S*")
_MARK = re.compile(r"[., '٬٫]")
#: Which mark stands before decimals, where the language says so; ٫ always does.
_DECIMAL_MARK = {"en": ".", "fr": ","}
#: What one mark with three digits after it means, by what is counted and what the language says
#: of the mark; what is not listed is refused.
_THREE_DIGITS = {
    ("money", "grouping"): "thousands",
    ("money", "either"): "thousands",
    ("magnitude", "decimal"): "decimal",
} | {
    (counted, mark): meaning
    for counted, meaning in (("percent", "decimal"), ("count", "thousands"))
    for mark in ("decimal", "grouping", "either")
}


class UnreadableFigure(ValueError):
    """Printed words that cannot be read safely; the message says why and what would be accepted."""

    def __init__(self, printed: str, why: str, accepted: str):
        self.printed, self.why, self.accepted = printed, why, accepted
        super().__init__(f"cannot read «{printed}»: {why}; accepted: {accepted}")


@dataclass(frozen=True)
class Number:
    """One number of the text: its value, the place of its last printed digit, whether it is rounded
    there, its largest magnitude word (1 for none), and its span.
    """

    value: Decimal
    place: Decimal
    rounded: bool
    magnitude: Decimal
    start: int
    end: int


@dataclass(frozen=True)
class Term:
    """A part of a number, such as the «63 ألفا» of «63 ألفا و445»."""

    group: Decimal
    magnitude: Decimal

    @property
    def value(self) -> Decimal:
        return self.group * self.magnitude

    @property
    def decimals(self) -> int:
        return -min(int(self.group.as_tuple().exponent), 0)

    @property
    def place(self) -> Decimal:
        """The place of the last printed digit."""
        return Decimal(1).scaleb(self.magnitude.adjusted() - self.decimals)

    @property
    def rounded(self) -> bool:
        return self.magnitude > 1 or self.decimals > 0

    @property
    def below(self) -> Decimal:
        """What the next term must be smaller than; nothing follows plain digits."""
        return self.magnitude if self.magnitude > 1 else Decimal(0)


def parse_figure(as_printed: str, language: str) -> Quantity:
    """The quantity that the printed words state: value, low, high, unit (`count`, `percent` or an
    ISO 4217 code) and qualifier (`exact`, `at_least`, `at_most`, `nearly`, `about`, `range`).

    Raises UnreadableFigure for no number, several numbers, or a number that two readers could read
    differently.
    """
    return Reader(as_printed, language).quantity()


class Reader:
    """One printed figure while it is read: its text and tokens, and the next token to look at.

    The grammar: a number is a row of terms, each smaller than the one before («63 ألفا و445»); a
    term is a group with or without a magnitude word («vingt-cinq mille»); a group is digits, or
    number words that follow one another («trente et une»).
    """

    def __init__(self, printed: str, language: str) -> None:
        self.printed, self.language = printed, language
        self.text = lexer.normalise(printed)
        self.refuse_damage()
        self.tokens = lexer.tokens(self.text, language)
        self.refuse_unread()
        self.next = 0
        self.unit, self.scale = self.find_unit()

    def quantity(self) -> Quantity:
        """The one quantity that the text states."""
        numbers = self.numbers()
        hedges = {token.meanings["hedge"] for token in self.tokens if "hedge" in token.meanings}
        ranged = len(numbers) == 2 and self.is_range(*numbers)
        if ranged:
            hedges.add("range")
        if len(hedges) > 1:
            self.refuse("it is hedged in two ways: " + " and ".join(sorted(hedges)), "one hedge")
        if ranged:
            return self.range(*numbers)
        if len(numbers) == 1:
            return self.single(numbers[0], hedges.pop() if hedges else "exact")
        self.refuse(
            f"it holds {len(numbers)} numbers"
            if numbers
            else "it holds no number (a year that dates one is none)",
            "one number and its nearest words (another number goes in a row of its own)",
        )

    def single(self, number: Number, qualifier: str) -> Quantity:
        value, place = number.value * self.scale, number.place * self.scale
        if value % 1 and self.unit == "count":
            self.refuse(
                f"a count has no fraction, and {value} has no unit or magnitude word",
                "a whole number, or a number with %, a currency or a word such as million",
            )
        rounded = number.rounded or self.unit == "percent" or self.scale != 1
        expanded = number.magnitude > 1 or self.scale != 1
        low, high = bounds(value, place, qualifier, rounded, expanded)
        return Quantity(float(value), float(low), float(high), self.unit, qualifier)

    def range(self, first: Number, second: Number) -> Quantity:
        """A printed range is its own bounds; its value is the middle."""
        low = first.value * _shared(first, second) * self.scale
        high = second.value * self.scale
        return Quantity(float((low + high) / 2), float(low), float(high), self.unit, "range")

    def is_range(self, first: Number, second: Number) -> bool:
        if first.value * _shared(first, second) >= second.value:
            return False
        between = self.text[first.end : second.start].strip()
        opened = any(
            "range" in token.meanings and self.beside(token.end, first.start)
            for token in self.tokens
            if token.end <= first.start
        )
        joined = any(
            "to" in token.meanings or "and" in token.meanings
            for token in self.tokens
            if first.end <= token.start and token.end <= second.start
        )
        return between in ("-", "–") or (opened and joined and len(between.split()) == 1)

    def find_unit(self) -> tuple[str, Decimal]:
        """The unit, and what an abbreviation such as MDH multiplies the number beside it by."""
        units = [
            (i, *token.meanings["unit"].rpartition(" ")[::2])
            for i, token in enumerate(self.tokens)
            if "unit" in token.meanings
        ]
        names = sorted({name for *_, name in units})
        if len(names) > 1:
            self.refuse("it has two units: " + " and ".join(names), "one unit")
        scales = [
            Decimal(scale)
            for i, scale, _ in units
            if scale and any(map(_is_numeric, self.tokens[max(i - 1, 0) : i + 2]))
        ]
        return names[0] if names else "count", scales[0] if scales else ONE

    def numbers(self) -> list[Number]:
        """The numbers of the text, without the years that only date it."""
        numbers: list[Number] = []
        years: list[Number] = []
        while self.next < len(self.tokens):
            if not _is_numeric(self.tokens[self.next]):
                self.next += 1
                continue
            before = self.tokens[self.next - 1] if self.next else None
            number = self.number()
            if number:
                (years if self.is_year(number, before, years) else numbers).append(number)
        return numbers

    def is_year(self, number: Number, before: Token | None, years: list[Number]) -> bool:
        """Whether a number is a year that dates another: after a word such as «in», a bracket or
        another year, or at the start of a span of years.
        """
        if not re.fullmatch(r"(?:19|20)\d\d", self.text[number.start : number.end]):
            return False
        dated = (
            before and "date" in before.meanings and self.beside(before.end, number.start)
        ) or self.text[: number.start].endswith("(")
        joined = years and not re.search(
            r"\w", re.sub("و|et|and", "", self.text[years[-1].end : number.start])
        )
        spans = re.match(r" ?[-–/] ?(?:19|20)\d\d(?!\d)", self.text[number.end :])
        return bool(dated or joined or spans)

    def number(self) -> Number | None:
        """The number that begins at the next token, such as «63 ألفا و445»; none for a lone
        article.
        """
        first = self.tokens[self.next]
        terms = [self.term()]
        while (at := self.peek(*NUMERIC)) is not None:
            back, self.next = self.next, at
            term = self.term()
            if term.value >= terms[-1].below:
                self.next = back
                break
            terms.append(term)
        last = self.tokens[self.next - 1]
        if first is last and first.text in ARTICLES:
            return None
        return Number(
            sum((term.value for term in terms), Decimal(0)),
            terms[-1].place,
            terms[-1].rounded,
            max(term.magnitude for term in terms),
            first.start,
            last.end,
        )

    def term(self) -> Term:
        """A group and its magnitude word, such as «2.6 مليون»; «مليون» alone is one million."""
        group = self.group()
        at = self.next if group is None else self.peek("magnitude", joined=False)
        group = ONE if group is None else group
        if at is None:
            return Term(group, ONE)
        self.next = at + 1
        return Term(group, Decimal(self.tokens[at].meanings["magnitude"]))

    def group(self) -> Decimal | None:
        """One group of digits, or the number words that follow one another («trente et une»); none
        for a magnitude word that stands alone, as in «more than a thousand».
        """
        token = self.tokens[self.next]
        if "digits" in token.meanings:
            self.next += 1
            return self.digits(token.text)
        if "number" in token.meanings:
            return self.words()
        before = self.tokens[self.next - 1].end if self.next else 0
        if not self.beside(before, token.start):
            self.refuse(
                f"«{token.text}» has no number before it",
                f"a number before «{token.text}», or a hedge, as in «more than a thousand»",
            )
        return None

    def words(self) -> Decimal:
        """The number words that follow one another, each smaller than the one before lets it be."""
        number = int(self.tokens[self.next].meanings["number"])
        below = _ROOM.get(number, 10 if number >= 20 else 0)
        self.next += 1
        while (at := self.peek("number")) is not None:
            word = int(self.tokens[at].meanings["number"])
            if word >= below:
                break
            number, below = number + word, 10 if word >= 20 else 0
            self.next = at + 1
        return Decimal(number)

    def digits(self, printed: str) -> Decimal:
        """Printed digits as a number. Three digits after a single mark are thousands in a plain
        count and a decimal in a percentage; elsewhere the language decides, or nobody does.
        """
        marks = _MARK.findall(printed)
        whole = Decimal(re.sub(r"\D", "", printed))
        after = len(_MARK.split(printed)[-1])
        if len(set(marks)) == 2:
            return whole.scaleb(-after)
        if len(marks) > 1 or (marks and marks[0] in " '٬"):
            return whole
        if not marks or after != 3 or marks[0] == "٫" or printed.startswith("0"):
            return whole.scaleb(-after) if marks else whole
        meaning = _THREE_DIGITS.get((self.counted(), self.role(marks[0])))
        if meaning is None:
            self.refuse(
                f"«{printed}» may be thousands or a decimal",
                "digits grouped by spaces, or one, two or four decimals",
            )
        return whole.scaleb(-3) if meaning == "decimal" else whole

    def counted(self) -> str:
        """What the digits just read count: percent, money, a plain count, or thousands, millions
        and so on of either.
        """
        if self.unit == "percent":
            return "percent"
        if self.next < len(self.tokens) and "magnitude" in self.tokens[self.next].meanings:
            return "magnitude"
        return "count" if self.unit == "count" else "money"

    def role(self, mark: str) -> str:
        """What a mark in digits is in this language: `decimal`, `grouping` or `either`."""
        decimal = _DECIMAL_MARK.get(self.language)
        return "either" if decimal is None else "decimal" if mark == decimal else "grouping"

    def peek(self, *kinds: str, joined: bool = True) -> int | None:
        """The place of the next token if it is of one of the kinds and beside the last one read; a
        joining word such as «et» may stand between.
        """
        at = self.next
        if joined and at + 1 < len(self.tokens) and "and" in self.tokens[at].meanings:
            at += 1
        if at >= len(self.tokens) or self.tokens[at].meanings.keys().isdisjoint(kinds):
            return None
        return at if self.beside(self.tokens[self.next - 1].end, self.tokens[at].start) else None

    def beside(self, start: int, end: int) -> bool:
        """Whether only spaces, signs and joining words stand between two places of the text."""
        return not re.search(r"\w", re.sub(r"\b(?:et|and)\b|و", "", self.text[start:end]))

    def refuse_damage(self) -> None:
        if found := _DAMAGE.search(self.text):
            self.refuse(
                f"«{found[0]}» looks like a spreadsheet's rewriting",
                "the number as the source prints it, such as 63,445",
            )

    def refuse_unread(self) -> None:
        """No digit may be left unread, nor a sign or word that changes the number beside it."""
        left = _STRAY.search(self.text) or re.search(
            r"\S*\d\S*", lexer.outside(self.text, self.tokens)
        )
        if left:
            self.refuse(
                f"«{left[0]}» is not written as a number is",
                "digits such as 63.445, 63 445, 63,445 or 2.6 million",
            )
        for token in self.tokens:
            if "refuse" in token.meanings:
                self.refuse(
                    f"«{token.text}» makes another number of the one beside it",
                    "the number itself, or a decision in data/hand/readings.csv",
                )

    def refuse(self, why: str, accepted: str) -> NoReturn:
        raise UnreadableFigure(self.printed, why, accepted)


def _is_numeric(token: Token) -> bool:
    return not token.meanings.keys().isdisjoint(NUMERIC)


def _shared(first: Number, second: Number) -> Decimal:
    """The magnitude that a range's first number borrows from the second, as in «between 20 and 30
    million».
    """
    return second.magnitude if first.magnitude == 1 else ONE
