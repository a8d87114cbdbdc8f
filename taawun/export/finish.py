"""What Typst cannot be told to write into a PDF, written into it afterwards: which cells are
headers of their rows, what links into the web lead to, and the letters of ligatures in the order in
which readers of PDFs look for them.

Its objects stand uncompressed, and stay as they are but for these places.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate

#: The alternative text of what Typst takes for a figure so that links to it can have a name.
NAMED = "taawun:named"
#: From where to where something else is to stand, and what.
Change = tuple[int, int, bytes]

_TO_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
_LIGATURE = re.compile(rb"(<[0-9A-F]{4}> <)((?:0[67][0-9A-F]{2}){2,})(>)")
_CELL = re.compile(
    rb"(?<=/Type/StructElem)/S/TD(/P (\d+) 0 R/A\[<</O/Table)/Headers\[\(U\d+x\d+y\d+\)\]"
)
_NAMED = re.compile(rb"(?<=/Type/StructElem)/S/Figure(/P \d+ 0 R(?:/[^\n]*?)?)/Alt\(taawun:named\)")
_TO_WEB = re.compile(rb"/URI\(((?:\\.|[^\\)])*)\)([^\n]*?)/Contents\((?:\\.|[^\\)])*\)")
_UNLABELLED = re.compile(rb"(?<=<</Type/PageLabel)(?=>>)")
_ENTRY = re.compile(rb"(\d{10}) (\d{5} n)")


def finished(pdf: bytes, titles: Mapping[str, str] | None = None, annex: str = "A") -> bytes:
    """The PDF with its rows' headers, links named by the `titles` of their addresses, pages behind
    the text called `annex` and their number, and ligatures of Arabic letters that mean their
    letters from the left.
    """
    changes = [*_cells(pdf), *_names(pdf), *_web_links(pdf, titles or {})]
    changes += [*_labels(pdf, annex), *_ligatures(pdf)]
    changes.sort()
    # What stands behind a change moves by the difference in length.
    moves = list(accumulate(len(new) - (end - start) for start, end, new in changes))
    ends = [end for _, end, _ in changes]

    def moved(place: int) -> int:
        before = bisect_right(ends, place)
        return place + (moves[before - 1] if before else 0)

    body, table = pdf[: (at := pdf.rindex(b"\nxref\n") + 1)], pdf[at:]
    pieces, done = [], 0
    for start, end, new in changes:
        pieces += [body[done:start], new]
        done = end
    table = _ENTRY.sub(lambda found: b"%010d %b" % (moved(int(found[1])), found[2]), table)
    table = table.replace(b"startxref\n%d\n" % at, b"startxref\n%d\n" % moved(at))
    return b"".join([*pieces, body[done:], table])


def _cells(pdf: bytes) -> Iterator[Change]:
    """The first cell of each row of a table with a head is the row's header."""
    rows: set[bytes] = set()
    for cell in _CELL.finditer(pdf):
        is_first = cell[2] not in rows
        rows.add(cell[2])
        scope = b"/Scope/Row" if is_first else b""
        yield *cell.span(), (b"/S/TH" if is_first else b"/S/TD") + cell[1] + scope


def _names(pdf: bytes) -> Iterator[Change]:
    """What is named for its links is no figure."""
    for figure in _NAMED.finditer(pdf):
        yield *figure.span(), b"/S/NonStruct" + figure[1]


def _web_links(pdf: bytes, titles: Mapping[str, str]) -> Iterator[Change]:
    """A link into the web says the title of the publication that it leads to."""
    for link in _TO_WEB.finditer(pdf):
        address = re.sub(rb"\\(.)", rb"\1", link[1]).decode("utf-8", "replace")
        if title := titles.get(address):
            yield *link.span(), b"/URI(%b)%b/Contents%b" % (link[1], link[2], _text(title))


def _labels(pdf: bytes, annex: str) -> Iterator[Change]:
    """Pages that Typst counts by a function have a prefix and a number."""
    for label in _UNLABELLED.finditer(pdf):
        yield *label.span(), b"/S/D/P" + _text(annex)


def _text(text: str) -> bytes:
    """A text as PDFs write it in any script."""
    return b"<FEFF%b>" % text.encode("utf-16-be").hex().upper().encode()


def _ligatures(pdf: bytes) -> Iterator[Change]:
    """The maps from glyphs to letters. PDFium, Poppler and MuPDF turn a text from the right round
    glyph by glyph, and within a ligature letter by letter. Uncompressed, since zlib's bytes differ
    from system to system.
    """
    for number in sorted(set(_TO_UNICODE.findall(pdf))):
        found = re.search(rb"\n%b 0 obj\n<<([^\n]*)>>\nstream\n" % number, pdf)
        if not found or b"FlateDecode" not in found[1]:
            raise ValueError(
                f"stream {int(number)}, the ToUnicode of a font, is missing or not compressed: the "
                "PDF is not as Typst writes it"
            )
        end = pdf.index(b"\nendstream", found.end())
        words = zlib.decompress(pdf[found.end() : end])
        words = _LIGATURE.sub(lambda code: code[1] + _from_the_left(code[2]) + code[3], words)
        head = b"\n%b 0 obj\n<</Length %d/Type/CMap/WMode 0>>\nstream\n" % (number, len(words))
        yield found.start(), end, head + words


def _from_the_left(letters: bytes) -> bytes:
    """The letters of a ligature, four digits each, in the order of the page."""
    return b"".join(re.findall(rb"....", letters)[::-1])
