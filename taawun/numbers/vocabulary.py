"""What the reader knows: the words of `data/hand/words.csv`, and the stems of words in
`data/hand/stems.csv` that it may not pass over.

A language without stems is read as if all unknown words were nouns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from taawun.numbers.folding import fold
from taawun.paths import HAND
from taawun.tables import BadTable, read_rows, shown

Meanings = Mapping[str, str]
#: A run of digits or letters, or a sign that can mean something.
_PIECES = re.compile(r"\d+|[^\W\d_]+(?:(?<=n)'t(?![^\W\d_]))?|[^\w\s.,;:!?()'\"/-]")
#: What Arabic writes glued before a word: «and», «with», «for», «as», the article, and pairs.
_PREFIXES = (
    *("و", "ف", "ب", "ك", "ل", "ال", "لل", "وال", "فال", "بال", "كال"),
    *("وب", "وك", "ول", "فب", "فك", "فل", "ولل", "فلل", "وبال", "فبال", "وكال"),
)
#: Categories of signs that have to be known; all others are read over.
_SIGNS_THAT_COUNT = {"Sc", "Sm", "Sk", "No", "Nl"}
_SIGNS = "‰‱#"
LONGEST_ABBREVIATION = 6
_LATIN = re.compile("[a-zà-ÿœ]")
_VOWEL = re.compile("[aeiouyàâäéèêëîïôöùûüœæ]")


class Entry(NamedTuple):
    """What a word means together with the pieces that follow it."""

    rest: list[str]
    meanings: dict[str, str]


class Vocabulary:
    """The words of one language, by their first piece: a run of letters or digits, or a sign."""

    def __init__(self, language: str, more: Mapping[str, str]) -> None:
        """`more` are names of currencies beside those of words.csv, with their codes."""
        self.language = language
        self.entries: dict[str, list[Entry]] = {}
        self.capitals: dict[str, dict[str, str]] = {}
        rows = [row for row in read_words() if row["language"] == language]
        if not rows:
            raise ValueError(f"data/hand/words.csv has no words of the language {language!r}")
        for row in rows:
            self._add(fold(row["words"]), row["kind"], row["meaning"])
        for name, code in more.items():
            self._add(name, "unit", code)
        for entries in self.entries.values():
            entries.sort(key=lambda entry: -len(entry.rest))
        self._stems = [
            (re.compile(fold(row["stem"]).replace("*", r"\w*")), row["looks_like"])
            for row in read_stems()
            if row["language"] == language
        ]
        for first, entries in self.entries.items():
            units = [entry.meanings for entry in entries if "unit" in entry.meanings]
            if units and self._looks_like([first]) == "currency":
                for meanings in units:
                    meanings["namesake"] = ""
        self._found: dict[str, Sequence[Entry]] = {}

    def _add(self, words: str, kind: str, meaning: str) -> None:
        if words != words.lower():
            self.capitals.setdefault(words, {})[kind] = meaning
            return
        first, *rest = _PIECES.findall(words)
        entries = self.entries.setdefault(first, [])
        entry = next((entry for entry in entries if entry.rest == rest), None)
        if entry is None:
            entry = Entry(rest, {})
            entries.append(entry)
        entry.meanings[kind] = meaning

    def find(self, printed: str) -> Sequence[Entry]:
        """What a piece can mean alone or with the pieces that follow it, longest first; if it is
        not known, what it looks like (see Token).
        """
        entries = self._found.get(printed)
        if entries is None:
            entries = self._found[printed] = self._look_up(printed)
        return entries

    def _look_up(self, printed: str) -> Sequence[Entry]:
        if printed in self.capitals:
            return [Entry([], self.capitals[printed])]
        piece = printed.lower()
        forms = [piece, *_without_prefix(piece)] if self.language == "ar" else [piece]
        entries = next((self.entries[form] for form in forms if form in self.entries), [])
        if entries and not entries[-1].rest:
            return entries
        return [*entries, Entry([], self._unknown(piece, printed, forms))]

    def _unknown(self, piece: str, printed: str, forms: list[str]) -> dict[str, str]:
        """What a piece that is not known looks like; nothing for a sign that is read over."""
        if not piece[0].isalnum():
            counts = unicodedata.category(piece) in _SIGNS_THAT_COUNT or piece in _SIGNS
            return {"stray": ""} if counts else {}
        if len(piece) == 3 and printed.isupper() and printed.isascii():
            from taawun.numbers import currencies

            if printed in currencies.codes():
                return {"unit": printed}
        meanings = {"unknown": ""}
        if looks_like := self._looks_like(forms):
            meanings["suspect"] = looks_like
        if not self._stems:
            meanings["plain"] = ""
        elif _is_short(piece):
            meanings["short"] = ""
        return meanings

    def _looks_like(self, forms: list[str]) -> str:
        """The class of the first stem that a word in one of its forms has; empty if none."""
        return next((like for stem, like in self._stems if any(map(stem.fullmatch, forms))), "")


@cache
def vocabulary(language: str, every_currency: bool = False) -> Vocabulary:
    """The words of a language; with the names of all currencies if asked."""
    if not every_currency:
        return Vocabulary(language, {})
    from taawun.numbers import currencies

    return Vocabulary(language, currencies.names(language))


@cache
def read_words() -> list[dict[str, str]]:
    """One row a meaning of some words; BadTable for words that cannot be looked up, or are given
    two meanings of one kind.
    """
    path = HAND / "words.csv"
    name = shown(path)
    rows = read_rows(path)
    first: dict[tuple[str, ...], tuple[int, str]] = {}
    problems = []
    for i, row in enumerate(rows, start=2):
        key = row["language"], fold(row["words"]), row["kind"]
        before, meaning = first.setdefault(key, (i, row["meaning"]))
        fault = ""
        if not _PIECES.search(key[1]):
            fault = "there is nothing to look up; accepted: letters or a sign"
        elif meaning != row["meaning"]:
            here = f"they mean «{row['meaning']}» here and «{meaning}» in row {before}"
            fault = f"{here}; accepted: one meaning"
        if fault:
            problems.append(f"{name}, row {i} ({key[0]}), words «{row['words']}»: {fault}")
    if problems:
        raise BadTable(problems)
    return rows


@cache
def read_stems() -> list[dict[str, str]]:
    """One row a stem; none where the project has no such table."""
    path = HAND / "stems.csv"
    return read_rows(path) if path.is_file() else []


def clear_caches() -> None:
    """Read the tables anew."""
    for function in (vocabulary, read_words, read_stems):
        function.cache_clear()


def _is_short(word: str) -> bool:
    """Whether a word in small letters is as short as abbreviations are, or has no vowel."""
    if not _LATIN.match(word):
        return len(word) < 3
    return len(word) <= 3 or (len(word) <= LONGEST_ABBREVIATION and not _VOWEL.search(word))


def _without_prefix(piece: str) -> Iterator[str]:
    """A word without each Arabic prefix that it can have, the shortest prefix first."""
    for prefix in _PREFIXES:
        if piece.startswith(prefix) and len(piece) - len(prefix) > 1:
            yield piece[len(prefix) :]
