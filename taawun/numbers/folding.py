"""One form for each letter, digit, space and sign, before anything is read.

Printed Arabic writes one word with several codes: presentation forms out of old PDFs, the yeh and
kaf of a Persian keyboard, hamza and madda left out, vowel signs, tatweel. Accents come composed or
not, spaces in many widths, hyphens soft or hard. None of that changes what a figure says. What
would change it (½, m², ‰) is left as it is printed.
"""

from __future__ import annotations

import unicodedata

#: Letters and signs that are read as another; Arabic letters as most people type them.
_SAME = {
    "أإآٱ": "ا",
    "ىیېے": "ي",
    "ڪک": "ك",
    "ةہھەۃ": "ه",
    "‐‑‒−": "-",
    "’ʼ‘′`´": "'",
    "“”„«»": '"',
    "\t\n\r\v\f": " ",
    "٪": "%",
    "،": ",",
    "؛": ";",
    "İ": "I",
}
#: Blocks whose letters are other forms of common ones: ligatures, Arabic presentation forms, full
#: and half width. Elsewhere a compatible form can be another number, as 2 is of ².
_FORMS = ((0xFB00, 0xFB06), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0xFF01, 0xFFEE))
#: Marks that are only shown or heard: Arabic vowel signs, tatweel, variation selectors.
_MARKS = ((0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED))


class _Folding(dict[int, str]):
    """What each character is read as, by its code; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _folded(chr(code))
        return self[code]


def _folded(char: str) -> str:
    code, category = ord(char), unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Zs" or char.isspace():
        return " "
    if category == "Cf" or _within(code, _MARKS) or 0xFE00 <= code <= 0xFE0F:
        return ""
    if _within(code, _FORMS):
        form = unicodedata.normalize("NFKC", char)
        return form if form == char else form.translate(_LETTERS)
    return char


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


_LETTERS = _Folding({ord(char): same for chars, same in _SAME.items() for char in chars})


def fold(printed: str) -> str:
    """The text with one form a letter and sign, single spaces, Western digits, its own capitals."""
    if not printed.isascii():
        printed = unicodedata.normalize("NFC", printed).translate(_LETTERS)
    return " ".join(printed.replace("`", "'").split())


def printed_words(printed: str, start: int, end: int) -> str:
    """The words of `printed` that stand at `start` to `end` of its folded text."""
    if fold(printed) == printed:
        return printed[start:end]
    composed = unicodedata.normalize("NFC", printed)
    places: list[int] = []
    blank = True
    for place, char in enumerate(composed):
        for form in _LETTERS[ord(char)]:
            if form != " " or not blank:
                places.append(place)
            blank = form == " "
    after = places[end] if end < len(places) else len(composed)
    return composed[places[start] : after].strip()
