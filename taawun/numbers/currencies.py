"""The currencies of today, as the Unicode CLDR lists and names them (through Babel).

Loaded only when a text holds a currency that `data/hand/words.csv` does not: most figures never
need it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_symbol

from taawun.numbers.folding import fold

#: Counts that bring out every plural form of the languages: one, two, a few, many, others.
_COUNTS = (1, 2, 3, 11, 100)


@cache
def codes() -> frozenset[str]:
    """The ISO 4217 codes of the currencies that are legal tender somewhere today."""
    tenders = get_global("territory_currencies").values()
    return frozenset(
        code for rows in tenders for code, _, end, tender in rows if tender and end is None
    )


@cache
def names(language: str) -> dict[str, str]:
    """The names and signs of currencies in a language, folded and in small letters, each with the
    code of the one currency that it means.

    Names of two currencies are left out, and so are abbreviations in letters, for they mean
    different things in different countries.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for code in codes():
        for name in _names(code, language):
            found[fold(name).lower()].add(code)
    return {name: code for name, (code, *others) in found.items() if not others}


def _names(code: str, language: str) -> set[str]:
    full = {get_currency_name(code, count, language).partition(" (")[0] for count in _COUNTS}
    if language == "ar":
        full |= {" ".join(f"ال{word}" for word in name.split()) for name in full}
    symbol = get_currency_symbol(code, language)
    if any(unicodedata.category(char) == "Sc" or char == "." for char in symbol):
        full.add(symbol)
    return full
