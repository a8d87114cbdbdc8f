"""How a page writes and reads numbers by itself: what its script has to know of a language."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from babel import Locale

from taawun.locales import LOCALES
from taawun.numbers.folding import fold
from taawun.numbers.formatting import BETWEEN, HEDGES, PER_CENT, millions, says_number
from taawun.numbers.precision import REACH
from taawun.numbers.vocabulary import read_words
from taawun.report.holding import HOLDS, SPREAD
from taawun.report.translation import interface

if TYPE_CHECKING:
    from taawun.report.writer import Writer

#: The currency that is written in words.
CURRENCY = "MAD"
#: How a script rounds as Python does.
ROUNDING = {"roundingMode": "halfEven", "useGrouping": False}


def signs(say: Writer) -> dict[str, Any]:
    """How numbers are written: signs, hedges, words for millions, by CLDR."""
    language = say.language
    locale = Locale.parse(LOCALES[language])
    symbols, text = locale.number_symbols["latn"], say.text
    spoken = interface(PER_CENT, language)
    return {
        "decimal": symbols["decimal"],
        "group": symbols["group"],
        "percent": locale.percent_formats[None].pattern.replace("#,##0", "{}"),
        "per_cent": "" if spoken == PER_CENT else spoken,
        "alone": [number for number in "12" if says_number(number, language)],
        "between": text(BETWEEN),
        "holds": [text(words) for words in HOLDS],
        "spread": text(SPREAD),
        "hedges": {name: text(words) for name, words in HEDGES.items()},
        "hedging": _hedging(),
        "currency": [
            row["words"]
            for row in read_words()
            if row["language"] in LOCALES and row["meaning"] == CURRENCY
        ],
        "rounding": ROUNDING,
        "reach": {"": (0.5, 0.5)} | {h: tuple(map(float, ends)) for h, ends in REACH.items()},
        "compact": millions(language),
    }


def _hedging() -> dict[str, list[str]]:
    """The words of the report's languages that hedge a number and are nothing else there, by what
    they make of it.
    """
    known = [row for row in read_words() if row["language"] in LOCALES]
    kinds = Counter((row["language"], fold(row["words"])) for row in known)
    found: dict[str, set[str]] = {}
    for row in known:
        words = fold(row["words"])
        if row["kind"] == "hedge" and kinds[row["language"], words] == 1:
            found.setdefault(row["meaning"], set()).update(
                [words.lower(), row["words"].lower()]  # with and without the marks of Arabic
            )
    return {hedge: sorted(words) for hedge, words in found.items()}
