"""When two numbers are a range, and when they are a change from one value to another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from taawun.numbers.grammar import ONE, Number
from taawun.numbers.lexer import Token
from taawun.numbers.refusal import Refusal

_HYPHENS = ("-", "–")
#: A range from one value to another is printed in round numbers.
_ROUND = 2


def is_range(numbers: Sequence[Number], tokens: Sequence[Token], text: str) -> bool:
    """Whether the numbers are two, the ends of a range: «20-30», «between 20 and 30».

    Raises Refusal for «from ... to ...» where it may be a change.
    """
    if len(numbers) != 2:
        return False
    first, second = numbers
    if not 0 <= first.value * shared(first, second) < second.value:
        return False
    if text[tokens[first.last].end : tokens[second.first].start].strip() in _HYPHENS:
        return True
    opener = tokens[first.first - 1].meanings.get("range") if first.first else None
    *units, joiner = tokens[first.last + 1 : second.first] or [Token({}, "", 0, 0)]
    if opener is None or not joiner.means(("to", "and")):
        return False
    if any("unit" not in token.meanings for token in units):
        return False
    if opener == "from" and not _is_round(first, second, tokens):
        raise Refusal(
            "«{}» may begin a change from one value to another",
            tokens[first.first - 1],
            "one of the two numbers, in a row of its own, or «between ... and ...»",
        )
    return True


def _is_round(first: Number, second: Number, tokens: Sequence[Token]) -> bool:
    """Whether nothing says that the two numbers are the values before and after a change."""
    if any(token.meanings.get("suspect") == "change" for token in tokens):
        return False
    return all(
        len(number.value.normalize().as_tuple().digits) <= _ROUND and number.value % 1 == 0
        for number in (first, second)
    )


def shared(first: Number, second: Number) -> Decimal:
    """The magnitude that a first number borrows from the second: «between 20 and 30 million»."""
    return second.magnitude if first.magnitude == 1 else ONE
