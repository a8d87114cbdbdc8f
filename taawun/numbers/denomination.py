"""In what a figure is printed: its unit, what an abbreviation such as MDH multiplies it by, and the
conversion into another currency that may follow in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from taawun.numbers.caution import CONNECTING
from taawun.numbers.grammar import MAGNITUDES, NUMERIC, ONE, Number
from taawun.numbers.lexer import Token
from taawun.numbers.refusal import Refusal

#: A remark in brackets or quotation marks; the last may be left open.
_ASIDE = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\"[^\"]*\"?")
_QUOTING = frozenset('(["')


def may_be_another(tokens: Sequence[Token]) -> bool:
    """Whether a word or sign may be a currency that is not known, or the name of one that is known
    go on in a word that is not.
    """
    for at, token in enumerate(tokens):
        meanings = token.meanings
        if "unknown" in meanings:
            found = meanings.get("suspect") == "currency" or (
                "short" in meanings
                and any(_goes_on(token, after) for after in tokens[at + 1 :][:1])
            )
        elif "namesake" in meanings:
            beside = tokens[max(at - 1, 0) : at + 2]
            found = any("unknown" in other.meanings for other in beside)
        else:
            found = "stray" in meanings and unicodedata.category(token.text[0]) == "Sc"
        if found:
            return True
    return False


def _goes_on(token: Token, after: Token) -> bool:
    """Whether an unknown short word goes on: after a point, as «د.ت», or in a sign, as «CA$»."""
    glued = after.start == token.end and "unit" in after.meanings
    return glued or (after.start == token.end + 1 and "short" in after.meanings)


def unit(tokens: Sequence[Token]) -> tuple[str, Decimal]:
    """The unit of the figure, and what it multiplies the number beside it by."""
    units = [token.meanings["unit"] for token in tokens if "unit" in token.meanings]
    if len(units) == 1 and " " not in units[0]:
        return units[0], ONE
    codes = _codes(tokens)
    if len(codes) > 1:
        raise Refusal("it has two units: " + " and ".join(sorted(codes)), accepted="one unit")
    scale = ONE
    for at, token in enumerate(tokens):
        factor, _, _ = token.meanings.get("unit", "").rpartition(" ")
        if factor and _multiplies(at, factor, tokens):
            scale = Decimal(factor)
    return codes.pop(), scale


def _multiplies(at: int, factor: str, tokens: Sequence[Token]) -> bool:
    """Whether the unit at a place multiplies the number; not if it only explains its magnitude
    word, as in «2 milliards de dirhams (MMDH)».
    """
    if any(factor == token.meanings.get(kind) for token in tokens for kind in MAGNITUDES):
        return False
    if _has_number(tokens[max(at - 1, 0) : at + 2]):
        return True
    raise Refusal("«{}» stands apart from the number", tokens[at])


def without_conversion(tokens: list[Token], text: str) -> list[Token]:
    """The tokens without a conversion in brackets or quotation marks into another currency."""
    if not _QUOTING.intersection(text) or len(_money(tokens)) != 2:
        return tokens
    asides = [match.span() for match in _ASIDE.finditer(text)]
    inside: list[Token] = []
    outside: list[Token] = []
    for token in tokens:
        aside = any(start < token.start < end for start, end in asides)
        (inside if aside else outside).append(token)
    amounts = [(_money(part), _has_number(part)) for part in (inside, outside)]
    converted = all(len(codes) == 1 and number for codes, number in amounts)
    return outside if converted and "percent" not in _money(tokens) else tokens


def _codes(tokens: Sequence[Token]) -> set[str]:
    return {
        token.meanings["unit"].rpartition(" ")[2] for token in tokens if "unit" in token.meanings
    }


def _money(tokens: Sequence[Token]) -> set[str]:
    """The units of some tokens; a currency that is not known counts as one."""
    unknown = any(token.meanings.get("suspect") == "currency" for token in tokens)
    return _codes(tokens) | ({"XXX"} if unknown else set())


def _has_number(tokens: Sequence[Token]) -> bool:
    return any(token.means(NUMERIC) for token in tokens)


def extent(tokens: Sequence[Token], numbers: Sequence[Number]) -> tuple[int, int]:
    """The first and last token of the numbers with the units and measures beside them."""
    return _reach(tokens, numbers[0].first, -1), _reach(tokens, numbers[-1].last, 1)


def _reach(tokens: Sequence[Token], start: int, step: int) -> int:
    """The last unit or measure in one direction, with only connecting words on the way."""
    reached, at = start, start + step
    while 0 <= at < len(tokens):
        if tokens[at].means(("unit", "measure")):
            reached = at
        elif not tokens[at].means(CONNECTING):
            break
        at += step
    return reached


def place_of_unit(tokens: Sequence[Token], last: int) -> int:
    """The last connecting word behind `last`, as «de» in «2 milliards de»: a unit follows it."""
    while last + 1 < len(tokens) and tokens[last + 1].means(CONNECTING):
        last += 1
    return last
