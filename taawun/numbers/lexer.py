"""The pieces that a printed figure is made of: digits, words that are known, words that are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from taawun.numbers.vocabulary import Entry, Meanings, Vocabulary

_SIMPLE = r"(?!0\d)\d+(?:[.,٫]\d+)?(?![\d.,]*\d)"
_GROUPS = r"(?!0\d)\d{1,3}(?P<group>[., '٬])\d{3}(?:(?P=group)\d{3})*"
_GROUPED = rf"{_GROUPS}(?:(?!(?P=group))[.,٫]\d+)?(?![\d.,]*\d)"
_ORDINAL = r"(?:ème|eme|ère|er|e|nd|rd|th|st)(?![^\W_])"
_SIGN = r"(?:(?<![\w%)\]])[-–+])?"
_DASH = r"(?<![\w%)\]])(?<!\d )(?<![%)\]] )[-–+](?= ?[\d$€£])"
_PIECES = re.compile(
    r"(?P<word>[^\W\d_]+(?:(?<=n)'t(?![^\W\d_]))?)"
    rf"|(?P<ordinal>\d{{1,3}}{_ORDINAL})"
    rf"|(?P<digits>{_SIGN}(?:{_GROUPED}|{_SIMPLE}))"
    rf"|(?P<dash>{_DASH})"
    r"|(?P<sign>[^\w\s.,;:!?()\[\]{}\"'…/\\&*•|@–—_-])"
    r"|(?P<stray>\d\S*)"
)
#: What pieces that are no words mean.
_KINDS: dict[str | None, Meanings] = {
    "digits": {"digits": ""},
    "ordinal": {"ordinal": ""},
    "dash": {"stray": ""},
    "stray": {"stray": ""},
}


class Token(NamedTuple):
    """One word or number of the text: what it means by kind, and its place.

    Beside the kinds of words.csv: `digits`; `stray`, neither word nor number; `namesake`, a
    currency that has others of its name; `unknown`, a word that is not known, and then `suspect`
    with the class that it looks like, and `short` if it may be an abbreviation.
    """

    meanings: Meanings
    text: str
    start: int
    end: int

    def means(self, kinds: Iterable[str]) -> bool:
        """Whether it has a meaning of one of the kinds."""
        return not self.meanings.keys().isdisjoint(kinds)


def tokens(letters: str, text: str, words: Vocabulary) -> list[Token]:
    """The words and numbers of a folded text in order; `letters` is the text with its capitals."""
    pieces = list(_PIECES.finditer(text))
    texts = [piece[0] for piece in pieces]
    printed = texts if letters == text else [letters[slice(*piece.span())] for piece in pieces]
    found = []
    at = 0
    while at < len(pieces):
        start, end = pieces[at].span()
        after = at + 1
        meanings = _KINDS.get(pieces[at].lastgroup)
        if meanings is None:
            entries = words.find(printed[at])
            rest, meanings = entries[0]
            if rest:
                rest, meanings = _longest(entries, texts, after)
                after += len(rest)
                end = pieces[after - 1].end()
        if meanings:
            found.append(Token(meanings, text[start:end], start, end))
        at = after
    return found


def _longest(entries: Sequence[Entry], texts: list[str], at: int) -> Entry:
    """The longest entry whose other pieces stand at a place; the last one has no others."""
    for entry in entries[:-1]:
        if texts[at : at + len(entry.rest)] == entry.rest:
            return entry
    return entries[-1]
