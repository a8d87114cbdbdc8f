"""What may not be passed over: words that are not known and could change the figure.

The vocabulary is open for nouns and closed for four classes. Beside a number or its unit no unknown
abbreviation may stand; anywhere, no word that looks like a number, a hedge or negation, or a
currency; and a hedge that is known has to stand where it can only mean the figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from taawun.numbers.lexer import Token
from taawun.numbers.refusal import Refusal
from taawun.numbers.vocabulary import LONGEST_ABBREVIATION

#: What may stand between a number and a word that counts as beside it.
_BESIDE = re.compile(r"[\s()\[\]\"'–—-]*")
#: Tokens that may stand between a number and its unit, or a hedge and its number.
CONNECTING = frozenset({"plain", "range", "date", "to", "and", "unit"})
_CLASSES = {
    "number": (
        "«{}» looks like a number or a part of one, and is not known",
        "words of data/hand/words.csv, such as million, or a decision in data/hand/readings.csv",
    ),
    "hedge": (
        "«{}» may hedge or limit the number or turn it round, and is not part of a hedge that is "
        "known",
        "a hedge of data/hand/words.csv, or a decision in data/hand/readings.csv",
    ),
    "currency": (
        "«{}» is a currency that has to be told from others",
        "its full name, such as Tunisian dinars, or its code, such as TND",
    ),
}


def refuse_suspects(tokens: Sequence[Token]) -> None:
    """Refuse a word that looks like a number, a hedge or a currency and is none that is known."""
    for token in tokens:
        looks_like = token.meanings.get("suspect")
        if looks_like in _CLASSES:
            why, accepted = _CLASSES[looks_like]
            raise Refusal(why, token, accepted)


def refuse_share(tokens: Sequence[Token], first: int) -> None:
    """Refuse the whole of a share: «une femme sur cinq», «one in five»."""
    if first and "out of" in tokens[first - 1].meanings:
        for token in tokens[: first - 1]:
            if token.meanings.get("number") == "1" and "plain" not in token.meanings:
                raise Refusal("«{}» and the number after it may be a share", tokens[first - 1])


def refuse_abbreviations(
    tokens: Sequence[Token], first: int, last: int, letters: str, text: str
) -> None:
    """Refuse an unknown abbreviation beside the tokens `first` to `last`, a number and its unit."""
    for at, neighbour in ((first - 1, first), (last + 1, last)):
        if not 0 <= at < len(tokens) or "unknown" not in tokens[at].meanings:
            continue
        if not _abbreviates(tokens[at], letters):
            continue
        start, end = sorted((tokens[at], tokens[neighbour]), key=lambda token: token.start)
        if _BESIDE.fullmatch(text, start.end, end.start):
            raise Refusal(
                "«{}» beside the number looks like an abbreviation, and is not known",
                tokens[at],
                "a unit or a word such as MDH or million, or «{}» among the plain words of "
                "data/hand/words.csv",
            )


def _abbreviates(token: Token, letters: str) -> bool:
    """Whether an unknown word is short, without vowels, or in capitals where not all is."""
    printed = letters[token.start : token.end]
    if "short" in token.meanings:
        return letters[token.end : token.end + 1] != "'"  # an article, as in «l'an»
    if printed == token.text or len(printed) > LONGEST_ABBREVIATION:
        return False
    return sum(char.isupper() for char in printed) > 1 and not letters.isupper()
