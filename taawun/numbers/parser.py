"""From the printed words of one figure to its quantity, or to a refusal that says what is wrong.

Every word that the reader knows (hedges, magnitudes, units, number words, words before a year)
stands in `data/hand/words.csv`; words that it may not pass over, in `data/hand/stems.csv`. What
cannot be read safely is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from taawun.messages import Refused
from taawun.numbers import caution, dates, denomination, hedges, lexer
from taawun.numbers.folding import fold, printed_words
from taawun.numbers.grammar import ONE, SIGNS, Grammar, Number
from taawun.numbers.lexer import Token
from taawun.numbers.precision import bounds
from taawun.numbers.ranges import is_range, shared
from taawun.numbers.refusal import Refusal
from taawun.numbers.vocabulary import Vocabulary, vocabulary
from taawun.quantity import Quantity

LONGEST = 1000
REMEMBERED = 10_000
#: Kinds of tokens without which a part of the reading has nothing to do.
_MONEY = ("suspect", "stray", "short", "namesake")
_REFUSED = ("stray", "refuse")
_DATED = ("month", "ordinal")
_HEDGING = ("hedge", "verb")
_BESIDE = ("unit", "unknown")
_GLUED = re.compile(r"\d(?:(?=[^\W\d_])|(?<=[^\W\d_]\d))")
_DAMAGE = re.compile(
    r"\de[+-]?\d+|\d{4}-\d{2}-\d{2}|(?<![\d.,' ٬٫])0\d+|#(?:ref|value|n/a|name|num|div|#)\S*"
)


class UnreadableFigure(Refused):
    """Printed words that cannot be read safely; the message says why and what would be accepted."""

    def __init__(self, printed: str, why: str, accepted: str):
        self.printed, self.why, self.accepted = printed, why, accepted
        super().__init__(f"cannot read «{printed}»: {why}; accepted: {accepted}")


def parse_figure(as_printed: str, language: str, mean: bool = False) -> Quantity:
    """The quantity that the printed words state: value, low, high, unit (`count`, `percent` or an
    ISO 4217 code) and qualifier (`exact`, `at_least`, `at_most`, `nearly`, `about`, `range`).
    A count is whole unless it is a `mean` of several.

    Raises UnreadableFigure for no number, several numbers, a number that two readers could read
    differently, or words that could change it and are not known.
    """
    return _parsed(as_printed, vocabulary(language), mean)[0]


def passed_over(as_printed: str, language: str, mean: bool = False) -> Sequence[str]:
    """The words that are not known where `parse_figure` reads a quantity, as they are printed."""
    return _parsed(as_printed, vocabulary(language), mean)[1]


@lru_cache(maxsize=REMEMBERED)
def _parsed(printed: str, words: Vocabulary, mean: bool) -> tuple[Quantity, Sequence[str]]:
    """The same words are read once, as long as the tables of words are not read anew."""
    reader = Reader(printed, words.language, mean)
    return reader.quantity(), tuple(reader.not_understood())


class Reader:
    """One printed figure while it is read: its text, its tokens, and what they turn out to be."""

    tokens: Sequence[Token] = ()
    numbers: Sequence[Number] = ()
    unit, scale, qualifier = "count", ONE, "exact"

    def __init__(self, printed: str, language: str, mean: bool = False) -> None:
        self.printed, self.language, self.mean = printed, language, mean
        self.letters = fold(printed)
        self.text = self.letters.lower()

    def quantity(self) -> Quantity:
        """The one quantity that the text states; UnreadableFigure if it does not state one."""
        try:
            return self.read()
        except Refusal as refusal:
            words = self.as_printed(refusal.token) if refusal.token else ""
            why, accepted = (part.format(words) for part in (refusal.why, refusal.accepted))
            raise UnreadableFigure(self.printed, why, accepted) from None

    def not_understood(self) -> list[str]:
        """The words that were passed over, as they are printed."""
        return [self.as_printed(token) for token in self.tokens if "unknown" in token.meanings]

    def as_printed(self, token: Token) -> str:
        return printed_words(self.printed, token.start, token.end)

    def read(self) -> Quantity:
        self.refuse_too_long()
        tokens = lexer.tokens(self.letters, self.text, vocabulary(self.language))
        kinds = set().union(*[token.meanings for token in tokens])
        if not kinds.isdisjoint(_MONEY) and denomination.may_be_another(tokens):
            tokens = lexer.tokens(self.letters, self.text, vocabulary(self.language, True))
            kinds = set().union(*[token.meanings for token in tokens])
        if "unit" in kinds:
            tokens = denomination.without_conversion(tokens, self.text)
            self.unit, self.scale = denomination.unit(tokens)
        self.tokens = tokens
        if not kinds.isdisjoint(_REFUSED) or _GLUED.search(self.text):
            self.refuse_strays()
        numbers = Grammar(self.text, tokens, self.language, self.unit, self.scale).numbers()
        if not kinds.isdisjoint(_DATED) or dates.YEAR.search(self.text):
            numbers = dates.figures(numbers, tokens, self.text)
        self.numbers = numbers
        ranged = is_range(numbers, tokens, self.text)
        if ranged or not kinds.isdisjoint(_HEDGING):
            self.qualifier = hedges.qualifier(tokens, numbers, ranged)
        self.refuse_number_of_numbers(2 if ranged else 1)
        if "suspect" in kinds:
            caution.refuse_suspects(tokens)
        if "out of" in kinds:
            caution.refuse_share(tokens, numbers[0].first)
        if not kinds.isdisjoint(_BESIDE):
            self.refuse_apart()
        return self.range(*numbers) if ranged else self.single(*numbers)

    def single(self, number: Number) -> Quantity:
        if self.tokens[number.first].text[0] in SIGNS:
            self.refuse_change(number)
        value, place = number.value, number.place
        if self.scale != 1:
            value, place = value * self.scale, place * self.scale
        if self.unit == "count" and value % 1 and not (self.mean or self.measured(number)):
            raise Refusal(
                f"a count has no fraction, and {value} has no unit or magnitude word",
                accepted="a whole number, or a number with %, a currency or a word such as million",
            )
        rounded = number.rounded or self.unit == "percent" or self.scale != 1
        expanded = number.magnitude > 1 or self.scale != 1
        low, high = bounds(value, place, self.qualifier, rounded, expanded)
        return Quantity(float(value), float(low), float(high), self.unit, self.qualifier)

    def range(self, first: Number, second: Number) -> Quantity:
        """A printed range is its own bounds; its value is the middle."""
        low = first.value * shared(first, second) * self.scale
        high = second.value * self.scale
        return Quantity(float((low + high) / 2), float(low), float(high), self.unit, "range")

    def measured(self, number: Number) -> bool:
        """Whether a measure such as km follows, of which there can be a fraction."""
        after = self.tokens[number.last + 1 : number.last + 2]
        return any("measure" in token.meanings for token in after)

    def refuse_too_long(self) -> None:
        if len(self.text) > LONGEST:
            raise Refusal(
                f"it is {len(self.text)} characters long",
                accepted="the number and its nearest words",
            )

    def refuse_damage(self) -> None:
        if found := _DAMAGE.search(self.text):
            start = self.text.rfind(" ", 0, found.start()) + 1
            raise Refusal(
                "«{}» looks like a spreadsheet's rewriting",
                Token({}, "", start, found.end()),
                "the number as the source prints it, such as 63,445",
            )

    def refuse_strays(self) -> None:
        """Refuse what is neither a number nor a word, and words that change the number."""
        self.refuse_damage()
        before = Token({}, "", -1, -1)
        for token in self.tokens:
            if "stray" in token.meanings or (token.start == before.end and _glued(before, token)):
                raise Refusal(
                    "«{}» is not written as a number is",
                    token,
                    "digits such as 63.445, 63 445, 63,445 or 2.6 million",
                )
            if "refuse" in token.meanings:
                raise Refusal("«{}» makes another number of the one beside it, or may", token)
            before = token

    def refuse_number_of_numbers(self, expected: int) -> None:
        if len(self.numbers) != expected:
            raise Refusal(
                f"it holds {len(self.numbers)} numbers"
                if self.numbers
                else "it holds no number (a year that dates one is none)",
                accepted="one number and its nearest words (another number goes in a row of its "
                "own)",
            )

    def refuse_change(self, number: Number) -> None:
        """Refuse a sign, but for a minus before money that is not hedged: a balance."""
        token = self.tokens[number.first]
        balance = self.unit not in ("count", "percent") and self.qualifier == "exact"
        if token.text[0] == "+" or (number.value < 0 and not balance):
            raise Refusal(
                "«{}» is a change and has its sign, it is not written as a number is",
                token,
                "the number without its sign, for an indicator that counts a change",
            )

    def refuse_apart(self) -> None:
        """Refuse a unit away from the number, and an unknown abbreviation beside the two."""
        first, last = denomination.extent(self.tokens, self.numbers)
        if self.unit == "count" and self.numbers[-1].magnitude > 1:
            last = denomination.place_of_unit(self.tokens, last)
        for at, token in enumerate(self.tokens):
            if "unit" in token.meanings and not first <= at <= last:
                raise Refusal("«{}» stands apart from the number", token, "its unit beside it")
        caution.refuse_abbreviations(self.tokens, first, last, self.letters, self.text)


def _glued(before: Token, after: Token) -> bool:
    """Whether digits and a word that is not known are printed as one."""
    digits = [token.means(("digits", "ordinal")) for token in (before, after)]
    unknown = ["unknown" in token.meanings for token in (before, after)]
    return (digits[0] and unknown[1]) or (unknown[0] and digits[1])
