"""The words that printed numbers are made of: one lexer for `data/hand/words.csv`, in every
language of the sources.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from taawun.paths import HAND
from taawun.tables import read_rows

_SIMPLE = r"\d+(?:[.,٫]\d+)?(?![\d.,]*\d)"
_GROUPED = r"\d{1,3}(?P<group>[., '٬])\d{3}(?:(?P=group)\d{3})*(?:[.,٫]\d+)?(?![\d.,]*\d)"
_ORDINAL = r"(?:ème|eme|ère|er|e|nd|rd|th|st)(?!\w)"
_PLAIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪،’ʼ", "01234567890123456789%,''")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0640\u064b-\u0652\ufeff]")
#: The letter «and» that stands glued before the next number.
_AND = "و"

Meanings = Mapping[str, str]


class Token(NamedTuple):
    """One word or number of the printed text: `meanings` by kind, and its place."""

    meanings: Meanings
    text: str
    start: int
    end: int


def normalise(printed: str) -> str:
    """The text in small letters, with Western digits, plain spaces and no vowel signs or invisible
    marks.
    """
    return re.sub(r"\s", " ", _INVISIBLE.sub("", printed.translate(_PLAIN)).lower())


@cache
def _lexicon(language: str) -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    """The words of one language as one pattern, longest first, and what each can mean."""
    meanings: dict[str, dict[str, str]] = {}
    for row in read_rows(HAND / "words.csv"):
        if row["language"] == language:
            meanings.setdefault(row["words"].lower(), {})[row["kind"]] = row["meaning"]
    if not meanings:
        raise ValueError(f"data/hand/words.csv has no words of the language {language!r}")
    longest_first = sorted(meanings.keys() - {_AND}, key=lambda word: (-len(word), word))
    words = "|".join(map(re.escape, longest_first))
    number = (
        rf"(?<![^\W_{_AND}])(?P<digits>{_GROUPED}|{_SIMPLE})"
        rf"(?:{_ORDINAL})?(?=(?:{words})(?!\w)|[\W_]|$)"
    )
    prefix = "(?:[وفبكل]?(?:ال)?)??" if language == "ar" else ""
    word = rf"(?<![^\W\d_]){prefix}(?P<word>{words})(?:(?<=[%€$'])|(?!\w))"
    joined = rf"|(?P<joined>{_AND})(?=\s*\d)" if language in ("ar", "fa") else ""
    return re.compile(f"{number}|{word}{joined}"), meanings


def tokens(text: str, language: str) -> list[Token]:
    """The numbers and known words of a normalised text, in order."""
    pattern, meanings = _lexicon(language)
    found = []
    for match in pattern.finditer(text):
        word = match["digits"] or match["word"] or _AND
        known = {"digits": ""} if match["digits"] else meanings[word]
        found.append(Token(known, word, *match.span()))
    return found


def outside(text: str, tokens: list[Token]) -> str:
    """The text without its tokens: no digit may be left in it unread."""
    for token in reversed(tokens):
        text = text[: token.start] + " " + text[token.end :]
    return text
