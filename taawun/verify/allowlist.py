"""Which numerals may stand in the brief without an entry of the ledger: one short table, each kind
with its reason.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from babel.dates import get_month_names

from taawun.build.graph import notebooks
from taawun.locales import LOCALES
from taawun.paths import HAND
from taawun.report.holding import HOLDS
from taawun.report.translation import translate
from taawun.tables import read_rows

#: Digits that begin a number: not those inside an id or a name (A03, stock_2021, le12.ma).
NUMERAL = re.compile(r"(?<![A-Za-z_\d])(?<!\d[.,])\d+(?:[.,٫٬]\d+)*")
#: What a number linked to the ledger leaves behind when it is taken out of a text.
TAKEN = "\ufffc"
#: Numbers in words, which no program can weigh: they are listed for a person.
IN_WORDS = re.compile(
    r"(?i)\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|half|thirds?"
    r"|quarters?|twice|hundreds?|thousands?|millions?)\b"
)
#: As far as a sentence is quoted on either side of a numeral, in characters.
CONTEXT = 160

_YEAR = r"(?:19|20)\d\d"
_YEARS = (
    rf"{_YEAR}(?:\s?(?:[-–/]|\band\b|\bor\b|\bto\b|\bet\b|\bou\b|\bà\b|و)\s?{_YEAR})*(?![\d.,]*\d)"
)
_DATING = {
    "en": "in|of|since|after|before|until|by|from|to|end|late|early|mid|during|for|between|census"
    "|year-end|each year since",
    "fr": "en|de|depuis|après|avant|fin|début|mi|pour|entre|à|au|du|dès|année|années|l’année"
    "|recensement|semestre|trimestre",
    "ar": "سنة|عام|عامي|سنتي|منذ|متم|نهاية|بين|إلى|حتى|في|من|خلال|منتصف|مطلع",
}
_EDITIONS = {
    "en": r"\b\d+(?:st|nd|rd|th)\sedition\b|\beditions\s\d+\s(?:to|and)\s\d+\b",
    "fr": r"\b\d+(?:re|e)\sédition\b|\béditions\s\d+\s(?:à|et)\s\d+\b",
    "ar": r"(?:الدورة|الدورات|النسخة|النسخ)\s(?:من\s)?\d+(?:\s(?:إلى|الى)\s\d+)?",
}


#: Why a kind of numeral needs no entry, in the order in which the kinds are taken out.
_REASONS = {
    "step of the report": "the name of a page or of a table, not a quantity",
    "date": "the reference date of a number, printed beside it; dates are in the ledger's column "
    "of that name",
    "day or month of a year": "tells when, not how many",
    "year": "tells when: it stands after a word of time and counts nothing",
    "year alone": "the date of a line: the whole of a cell, or its end or the beginning of a "
    "period after a comma",
    "year of publication": "the citation",
    "figure": "the number of a figure",
    "place in a list": "the number of a recommendation",
    "readings": "in how many readings a sentence holds: counted again for each claim",
    "law": "the name of a law",
    "editions": "the name of what is counted: which editions of a programme",
    "version or licence": "the name of an edition or of a licence",
}


class Accepted(NamedTuple):
    """One kind of numeral that needs no entry: its name, its pattern, and why."""

    name: str
    pattern: re.Pattern[str]
    reason: str


@cache
def accepted(language: str) -> list[Accepted]:
    """The kinds of numerals that need no entry in a language, in the order of taking them out."""
    patterns = _patterns(language)
    return [Accepted(name, re.compile(patterns[name]), reason) for name, reason in _REASONS.items()]


def _patterns(language: str) -> dict[str, str]:
    """The pattern of each kind. The names of pages are those of the notebooks; the nouns before
    which a year is a count are the rows of `data/hand/nouns.csv`.
    """
    pages = "|".join(re.escape(path.stem).replace(r"\-", r"\s", 1) for path in notebooks())
    names = get_month_names("wide", locale=LOCALES[language]).values()
    months = "|".join(re.escape(name) for name in names)
    month = rf"(?:{months})\s{_YEAR}"
    first = r"(?<![\d.,])\d{1,2}(?:er)?"
    cells = (cell for row in read_rows(HAND / "nouns.csv") for cell in row.items())
    nouns = "|".join(form for column, form in cells if form and column != "language")
    return {
        "step of the report": rf"\b(?:{pages})\b|\b\d\d-[a-z-]+\.csv\b",
        "date": rf"\b{_YEAR}-\d\d(?:-\d\d)?\b",
        "day or month of a year": rf"(?:{first}\s)?{month}\b"
        rf"|{first}(?:\s(?:{months}))?(?=\s(?:and|to|et|au|إلى|و)\s?\d{{1,2}}\s{month})",
        "year": rf"(?i)(?<!\w)[وبلف]?(?:{_DATING[language]})[\s-]{_YEARS}(?!\s(?:{nouns})\b)",
        "year alone": rf"(?m)(?:^|[,،]\s){_YEARS}(?=$|\sto\s)",
        "year of publication": rf"\({_YEAR}\)",
        "figure": r"\b(?:Figure|الشكل)\s\d+\b",
        "place in a list": r"(?m)^\d\.(?=\s)",
        "readings": "|".join(_counted(words, language) for words in HOLDS),
        "law": r"\b(?:[Ll]aw|[Oo]rder|loi|arrêté|القانون|قانون|للقانون|القرار)[\s-]"
        r"(?:n°\s?|رقم\s)?\d+[-.]\d+\b",
        "editions": _EDITIONS[language],
        "version or licence": r"\b(?:[Vv]ersion|الإصدار|CC\sBY)\s?:?\s*\d+(?:\.\d+)+\b",
    }


def _counted(words: str, language: str) -> str:
    """The pattern of a message of the package whose places in braces are filled with counts."""
    message = " ".join(translate(words, language).split())
    return re.escape(message).replace(r"\{\}", r"\d+").replace(r"\ ", r"\s")


def take_out(text: str, language: str) -> tuple[str, dict[str, int]]:
    """The text with accepted numerals blanked in their places, and how many of each kind."""
    counts = {}
    for kind in accepted(language):
        text, counts[kind.name] = kind.pattern.subn(lambda found: TAKEN * len(found[0]), text)
    return text, counts


def numerals(text: str) -> list[str]:
    """The numerals of a text, in order."""
    return [found[0] for found in NUMERAL.finditer(text)]


def sentence(text: str, start: int, end: int) -> str:
    """The sentence around a place in a text, or as much of it as CONTEXT says on either side."""
    before = [found.end() for found in re.finditer(r"\. |\n|\? ", text[:start])]
    after = re.search(r"[.?!](?:\s|$)|\n", text[end:])
    first = max([0, *before[-1:], start - CONTEXT])
    last = min(end + (after.end() if after else len(text)), end + CONTEXT)
    return " ".join(text[first:last].split())
