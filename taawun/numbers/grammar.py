"""Numbers out of tokens. A number is a row of terms, each smaller than the one before («63 ألفا
و445»); a term is a group with or without magnitude words («vingt-cinq mille»); a group is digits,
or number words that follow one another («trente et une»).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from taawun.numbers.lexer import Token
from taawun.numbers.refusal import Refusal

ONE = Decimal(1)
LONGEST = 20
LARGEST = Decimal(10) ** 18
SIGNS = ("-", "–", "+")
NUMERIC = frozenset({"digits", "number", "ordinal", "magnitude", "multiple", "dual"})
MAGNITUDES = ("magnitude", "multiple")
_MULTIPLIERS = (*MAGNITUDES, "spelled")
_TERMS = NUMERIC - {"ordinal"}
AMBIGUOUS = "may be thousands or a decimal"
#: What parts two numbers although no word stands between them.
_BREAK = re.compile(r"[.;:()\[\]{}\"!?/+]")
_MARK = re.compile(r"[., '٬٫]")
#: The digits before a mark that may part thousands: no more than three, and no zero.
_THOUSANDS = re.compile(r"\D?(?!0)\d{1,3}\D")
#: Which mark stands before decimals, where the language says so; ٫ always does.
_DECIMAL_MARK = {"en": ".", "es": ",", "fr": ",", "tr": ","}
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


class Number(NamedTuple):
    """One number of the text: its value, the place of its last printed digit, whether it is rounded
    there, its largest magnitude (1 for none), its first and last token, and whether it is an
    ordinal.
    """

    value: Decimal
    place: Decimal
    rounded: bool
    magnitude: Decimal
    first: int
    last: int
    ordinal: bool = False


class _Term(NamedTuple):
    """A part of a number, such as the «63 ألفا» of «63 ألفا و445»."""

    group: Decimal
    magnitude: Decimal = ONE

    @property
    def value(self) -> Decimal:
        return self.group if self.magnitude is ONE else self.group * self.magnitude


class Grammar:
    """The tokens of one figure, and the next one to look at.

    `unit` is what the digits count, `scale` what a unit such as MDH multiplies them by.
    """

    def __init__(
        self, text: str, tokens: Sequence[Token], language: str, unit: str, scale: Decimal
    ) -> None:
        self.text, self.tokens, self.language = text, tokens, language
        self.unit, self.scale = unit, scale
        self.next = 0

    def numbers(self) -> list[Number]:
        """All numbers of the text, in order; a lone article is none."""
        places = [at for at, token in enumerate(self.tokens) if token.meanings.keys() & NUMERIC]
        found = []
        for at in places:
            if at >= self.next:
                self.next = at
                number = self.number()
                if number:
                    found.append(number)
        return found

    def number(self) -> Number | None:
        """The number that begins at the next token; none for an article."""
        first, token = self.next, self.tokens[self.next]
        if "ordinal" in token.meanings:
            self.next += 1
            value = token.meanings["ordinal"] or re.sub(r"\D", "", token.text)
            return Number(Decimal(value), ONE, False, ONE, first, first, ordinal=True)
        terms = self.terms()
        last = self.next - 1
        if first == last and token.meanings.get("number") == "1" and len(self.tokens) > 1:
            return None
        number = _number(terms, token.text[0] in "-–", first, last)
        if number.value > LARGEST:
            raise Refusal(
                "«{}» begins a number too large for a figure", token, f"up to {LARGEST:g}"
            )
        return number

    def terms(self) -> list[_Term]:
        """The terms of the number at the next token; one without a magnitude word ends it."""
        token = self.tokens[self.next]
        terms = [self.term()]
        while terms[-1].magnitude > 1 and (at := self.peek(_TERMS)) is not None:
            if "digits" in token.meanings and self.tokens[at].meanings.get("number") == "1":
                break  # «20 millions une année»
            back, self.next = self.next, at
            term = self.term()
            if term.value >= terms[-1].magnitude:
                self.next = back
                break
            terms.append(term)
        return terms

    def term(self) -> _Term:
        """A group and its magnitude words, such as «2.6 مليون»; «مليون» alone is one million."""
        token = self.tokens[self.next]
        if "digits" in token.meanings:
            self.next += 1
            return _Term(self.digits(token.text.lstrip("-–+")), self.magnitude())
        if "number" in token.meanings:
            return _Term(Decimal(self.words()), self.magnitude(spelled=True))
        return self.lone(token)

    def lone(self, token: Token) -> _Term:
        """A magnitude word with no number before it: one of it, or two if it is a dual."""
        before = self.tokens[self.next - 1].meanings if self.next else {}
        if "dual" in token.meanings:
            self.next += 1
            if "magnitude" in token.meanings and not self.is_counted():
                raise Refusal("«{}» may be one or two of them", token)
            return _Term(Decimal(2), Decimal(token.meanings["dual"]) / 2)
        if "multiple" in token.meanings or "unknown" in before:
            raise Refusal(
                "«{}» has no number before it",
                token,
                "a number before «{}», or a hedge, as in «more than a thousand»",
            )
        self.next += 1
        factor = Decimal(token.meanings["magnitude"])
        return _Term(ONE, self.magnitude(factor))

    def is_counted(self) -> bool:
        """Whether a noun or unit follows at once («ألفا عضو»), or the word is all there is."""
        after = self.tokens[self.next : self.next + 1]
        if not after:
            return len(self.tokens) == 1
        return after[0].means(("unknown", "unit", "measure"))

    def magnitude(self, product: Decimal = ONE, spelled: bool = False) -> Decimal:
        """The product of `product` and the magnitude words that follow, each larger than the one
        before: «mille milliards». A word of kind `spelled` counts only after number words.
        """
        if self.next == len(self.tokens) or not self.tokens[self.next].means(_MULTIPLIERS):
            return product
        last = product
        while (at := self.peek(_MULTIPLIERS, joined=False)) is not None:
            meanings = self.tokens[at].meanings
            if "spelled" in meanings and not spelled:
                raise Refusal(
                    "«{}» means one number in a dictionary and another in papers", self.tokens[at]
                )
            factor = Decimal(next(meanings[kind] for kind in _MULTIPLIERS if kind in meanings))
            if factor <= last:
                break
            product, last = product * factor, factor
            self.next = at + 1
        return product

    def words(self) -> int:
        """The number words that follow one another, as far as they make one number; in Arabic also
        «أربعمائة وألف ألف», four hundred and one thousands.
        """
        number = last = int(self.tokens[self.next].meanings["number"])
        self.next += 1
        while (at := self.peek(("number",))) is not None:
            word = int(self.tokens[at].meanings["number"])
            joined = at > self.next or self.tokens[at].text[0] == "و"
            if word == 100 and number < 100 and not joined:
                number *= 100
            elif _follows(number % 100 if number % 100 else 100, last, word, self.language):
                number += word
            else:
                break
            last, self.next = word, at + 1
        if number % 100 == 0 and (at := self.peek(MAGNITUDES)) is not None and at > self.next:
            again = self.tokens[at : at + 2]
            if len(again) == 2 and again[0].meanings is again[1].meanings:
                number, self.next = number + 1, at + 1
        return number

    def digits(self, printed: str) -> Decimal:
        """Printed digits as a number. Three digits after a single mark are thousands in a plain
        count and a decimal in a percentage; elsewhere the language decides, or nobody does.
        """
        if len(printed) > LONGEST:
            raise Refusal(
                "«{}» has too many digits for a figure",
                self.tokens[self.next - 1],
                f"at most {LONGEST} digits and marks",
            )
        if printed.isdigit():
            return Decimal(printed)
        marks = _MARK.findall(printed)
        whole = Decimal(_MARK.sub("", printed))
        after = len(printed) - 1 - printed.rfind(marks[-1])
        if len(set(marks)) == 2:
            return whole.scaleb(-after)
        if len(marks) > 1 or marks[0] in " '٬":
            return whole
        if after != 3 or marks[0] == "٫" or not _THOUSANDS.match(printed):
            return whole.scaleb(-after)
        meaning = _THREE_DIGITS.get((self.counted(), self.role(marks[0])))
        if meaning is None:
            raise Refusal(
                f"«{{}}» {AMBIGUOUS}",
                self.tokens[self.next - 1],
                "digits grouped by spaces, or one, two or four decimals",
            )
        return whole.scaleb(-3) if meaning == "decimal" else whole

    def counted(self) -> str:
        """What the digits just read count: percent, money, a count, or a magnitude of either."""
        if self.unit == "percent":
            return "percent"
        if self.scale > 1 or self.peek(MAGNITUDES, joined=False) is not None:
            return "magnitude"
        return "count" if self.unit == "count" else "money"

    def role(self, mark: str) -> str:
        """What a mark in digits is in this language: `decimal`, `grouping` or `either`."""
        decimal = _DECIMAL_MARK.get(self.language)
        return "either" if decimal is None else "decimal" if mark == decimal else "grouping"

    def peek(self, kinds: Iterable[str], joined: bool = True) -> int | None:
        """The place of the next token if it is of one of the kinds and beside the last one read; a
        joining word such as «et» may stand between.
        """
        tokens, at = self.tokens, self.next
        if joined and at + 1 < len(tokens) and "and" in tokens[at].meanings:
            at += 1
        if at >= len(tokens) or not tokens[at].means(kinds):
            return None
        if tokens[at].text[0] in SIGNS:
            return None
        parted = _BREAK.search(self.text, tokens[self.next - 1].end, tokens[at].start)
        return None if parted else at


def _number(terms: list[_Term], negative: bool, first: int, last: int) -> Number:
    """The number that terms make; it is rounded where its last term is."""
    end = terms[-1]
    value = end.value if len(terms) == 1 else sum((term.value for term in terms), Decimal(0))
    decimals = -int(end.group.as_tuple().exponent)
    if end.magnitude == 1 and decimals <= 0:
        place, rounded = ONE, False
    else:
        place, rounded = ONE.scaleb(end.magnitude.adjusted() - max(decimals, 0)), True
    largest = max(term.magnitude for term in terms) if len(terms) > 1 else end.magnitude
    return Number(-value if negative else value, place, rounded, largest, first, last)


def _follows(rest: int, last: int, word: int, language: str) -> bool:
    """Whether a word goes on with a number that ends in `rest` (100: none) and the word `last`."""
    if rest == 100:
        return last > 0 and word < 100
    if language == "ar":  # five and twenty, three ten
        return 0 < rest < 10 and (word == 10 or word in range(20, 100, 10))
    if last in (60, 80) and language == "fr":
        return 0 < word < 20
    if last == 10 and language == "fr":
        return word in (7, 8, 9)
    return last in range(20, 100, 10) and 0 < word < 10
