"""What a finished PDF says its glyphs mean (ToUnicode), so that readers find the words of a text
that runs from the right.

PDFium, Poppler and MuPDF turn such a text round glyph by glyph, and within a ligature letter by
letter; so the letters of its ligatures have to stand from the left. Uncompressed, since zlib's
bytes differ from system to system.
"""

from __future__ import annotations

import re
import zlib
from itertools import accumulate

_REFERENCE = re.compile(rb"/ToUnicode (\d+) 0 R")
_LIGATURE = re.compile(rb"(<[0-9A-F]{4}> <)((?:0[67][0-9A-F]{2}){2,})(>)")
_OBJECT = r"\n{} 0 obj\n<<(.*?)>>\nstream\n"
_ENTRY = re.compile(rb"(\d{10}) (\d{5} n)")


def with_findable_ligatures(pdf: bytes) -> bytes:
    """The PDF of Typst whose ligatures of Arabic letters mean their letters from the left."""
    changes = [_turned(pdf, int(number)) for number in sorted(set(_REFERENCE.findall(pdf)))]
    changes.sort()
    # What stands behind a change moves by the difference in length.
    moves = accumulate(len(new) - (end - start) for start, end, new in changes)
    behind = list(zip([end for _, end, _ in changes], moves, strict=True))

    def moved(place: int) -> int:
        return place + next((by for end, by in reversed(behind) if place >= end), 0)

    body, table = pdf[: (at := pdf.rindex(b"\nxref\n") + 1)], pdf[at:]
    for start, end, new in reversed(changes):
        body = body[:start] + new + body[end:]
    table = _ENTRY.sub(lambda found: b"%010d %b" % (moved(int(found[1])), found[2]), table)
    return body + table.replace(b"startxref\n%d\n" % at, b"startxref\n%d\n" % moved(at))


def _turned(pdf: bytes, number: int) -> tuple[int, int, bytes]:
    """From where to where a ToUnicode stream stands, and what is to stand there."""
    found = re.compile(_OBJECT.format(number).encode(), re.S).search(pdf)
    if not found:
        raise ValueError(f"the PDF has no stream {number}, which a font names as its ToUnicode")
    end = pdf.index(b"\nendstream", found.end())
    if b"FlateDecode" not in found[1]:
        raise ValueError(f"stream {number} is not compressed: its ligatures were turned before")
    words = zlib.decompress(pdf[found.end() : end])
    words = _LIGATURE.sub(lambda code: code[1] + _from_the_left(code[2]) + code[3], words)
    head = b"\n%d 0 obj\n<</Length %d/Type/CMap/WMode 0>>\nstream\n" % (number, len(words))
    return found.start(), end, head + words


def _from_the_left(letters: bytes) -> bytes:
    """The letters of a ligature, four digits each, in the order of the page."""
    return b"".join(re.findall(rb"....", letters)[::-1])
