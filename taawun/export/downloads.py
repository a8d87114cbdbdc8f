"""What readers take away from a page: a table as CSV in the link itself, the drawing of a figure as
SVG and PNG in files of a folder. Links do without script.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import quote

import typst

#: The folder of drawings, beside the page.
FIGURES = "figures"
#: A drawing on white with a margin, two dots to each of its pixels.
_PAPER = '#set page(width: auto, height: auto, margin: 9pt, fill: white)\n#image("drawing.svg")'
#: What an address may hold as it is; other letters than these browsers encode themselves.
_KEPT = "".join(map(chr, range(33, 127))).translate(dict.fromkeys(map(ord, "\"#%<>&'")))


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """The address, for an attribute of HTML, of a table of words that spreadsheets open."""
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    text = re.sub(r"[\x00-\x7f]+", lambda part: quote(part[0], safe=_KEPT), table.getvalue())
    return f"data:text/csv;charset=utf-8,%EF%BB%BF{text}"


def as_files(name: str, svg: str) -> dict[str, bytes]:
    """The files of a drawing, (name and kind): content; no picture where Typst cannot draw it."""
    drawing = re.sub(r"</?a\b[^>]*>", "", svg).replace("<svg ", '<svg style="background:#fff" ', 1)
    made = {f"{name}.svg": drawing.encode("utf-8")}
    try:
        sources: Any = {"main": _PAPER.encode(), "drawing.svg": made[f"{name}.svg"]}
        made[f"{name}.png"] = bytes(typst.compile(sources, format="png", ppi=144.0))
    except typst.TypstError:
        pass
    return made


def offered(word: str, what: str, ways: Iterable[tuple[str, str, str]]) -> str:
    """The line under a table or a figure that leads to its files: each kind, address and name."""
    links = (
        f'<a href="{address}" download="{escape(name)}" aria-label="{escape(f"{kind}: {what}")}">'
        f"{kind}</a>"
        for kind, address, name in ways
    )
    return f'<p class="get">{word} {" ".join(links)}</p>\n'
