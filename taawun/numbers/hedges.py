"""How a figure is hedged, and whether the hedge can mean anything else in its sentence."""

from __future__ import annotations

from collections.abc import Sequence

from taawun.numbers.grammar import NUMERIC, Number
from taawun.numbers.lexer import Token
from taawun.numbers.refusal import Refusal


def qualifier(tokens: Sequence[Token], numbers: Sequence[Number], ranged: bool) -> str:
    """The one hedge that the figure is printed with, `range` or `exact`.

    A hedge stands before its number with no word between that is not known, or ends the phrase; an
    Arabic verb («تجاوزت قيمة صادراتها ...») may have its subject after it, and a word that is also
    a plain one («sous») hedges nothing elsewhere.
    """
    heard = {"range": "range"} if ranged else {}
    for at, token in enumerate(tokens):
        meaning = token.meanings.get("hedge") or token.meanings.get("verb")
        if meaning is None or _says_until_when(at, tokens, numbers):
            continue
        if (len(numbers) == 1 or ranged) and _is_apart(at, tokens, numbers):
            if "plain" in token.meanings:
                continue
            raise Refusal(
                "«{}» does not stand beside the number that it would hedge",
                token,
                "a hedge directly before its number, or at the end",
            )
        heard[meaning] = "verb" if "verb" in token.meanings else "hedge"
    if len(heard) == 2 and heard.get("about") == "verb":
        del heard["about"]  # «estimated at more than»
    if len(heard) > 1:
        raise Refusal(
            "it is hedged in two ways: " + " and ".join(sorted(heard)), accepted="one hedge"
        )
    return next(iter(heard), "exact")


def _says_until_when(at: int, tokens: Sequence[Token], numbers: Sequence[Number]) -> bool:
    """Whether a word such as «until» stands before a date."""
    if "date" not in tokens[at].meanings or at + 1 == len(tokens):
        return False
    after = tokens[at + 1]
    if after.means(("date", "month")):
        return True
    counted = {place for number in numbers for place in range(number.first, number.last + 1)}
    return after.means(NUMERIC) and at + 1 not in counted


def _is_apart(at: int, tokens: Sequence[Token], numbers: Sequence[Number]) -> bool:
    """Whether a hedge could belong to another word than the number."""
    first, last = numbers[0].first, numbers[-1].last
    if at > last:
        return at + 1 < len(tokens)
    return "verb" not in tokens[at].meanings and any(
        "unknown" in token.meanings and "plain" not in token.meanings
        for token in tokens[at + 1 : first]
    )
