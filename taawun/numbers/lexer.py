"""The words that printed numbers are made of: one lexer for `data/hand/words.csv`, in every
language of the sources.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pandas as pd

from taawun.paths import HAND

DIGITS = r"\d{1,3}(?P<group>[., '٬])\d{3}(?:(?P=group)\d{3})*(?:[.,٫]\d+)?(?![\d.,]*\d)|\d+(?:[.,٫]\d+)?(?![\d.,]*\d)"
ORDINAL = r"(?:ème|eme|ère|er|e|nd|rd|th|st)(?!\w)"
_PLAIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪،’ʼ", "01234567890123456789%,''")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0640\u064b-\u0652\ufeff]")


class Token(NamedTuple):
    """One word or number of the printed text: `meanings` by kind, and its place."""

    meanings: dict[str, str]
    text: str
    start: int
    end: int


def normalise(printed: str) -> str:
    """The text in small letters, with Western digits, plain spaces and no vowel signs or invisible
    marks.
    """
    return re.sub(r"\s", " ", _INVISIBLE.sub("", printed.translate(_PLAIN)).lower())


@cache
def _lexicon(language: str) -> tuple[re.Pattern, dict[str, dict[str, str]]]:
    """The words of one language as one pattern, longest first, and what each can mean."""
    words = pd.read_csv(HAND / "words.csv", dtype=str, keep_default_na=False)
    words = words[words["language"] == language]
    if words.empty:
        raise ValueError(f"data/hand/words.csv has no words of the language {language!r}")
    meanings: dict[str, dict[str, str]] = {}
    for row in words.itertuples():
        meanings.setdefault(row.words.lower(), {})[row.kind] = row.meaning
    prefix = "(?:[وفبكل]?(?:ال)?)??" if language == "ar" else ""
    alternatives = "|".join(
        re.escape(word) for word in sorted(meanings, key=len, reverse=True) if word != "و"
    )
    joined = r"|(?P<joined>و)(?=\s*\d)" if language in ("ar", "fa") else ""
    number = rf"(?<![^\W_و])(?P<digits>{DIGITS})(?:{ORDINAL})?(?=(?:{alternatives})(?!\w)|[\W_]|$)"
    return re.compile(
        rf"{number}|(?<![^\W\d]){prefix}(?P<word>{alternatives})(?:(?<=[%€$'])|(?!\w)){joined}"
    ), meanings


def tokens(text: str, language: str) -> list[Token]:
    """The numbers and known words of a normalised text, in order."""
    pattern, meanings = _lexicon(language)
    found = [
        (match["digits"] or match["word"] or "و", bool(match["digits"]), match.span())
        for match in pattern.finditer(text)
    ]
    return [
        Token({"digits": ""} if digits else meanings[word], word, *span)
        for word, digits, span in found
    ]


def outside(text: str, tokens: list[Token]) -> str:
    """The text without its tokens: no digit may be left in it unread."""
    for token in reversed(tokens):
        text = text[: token.start] + " " + text[token.end :]
    return text


def adjacent(text: str, *places: int) -> bool:
    """Whether only spaces, hyphens and joining words stand between the places."""
    return not re.search(r"\w", re.sub(r"\b(?:et|and)\b|و", "", text[places[0] : places[-1]]))
