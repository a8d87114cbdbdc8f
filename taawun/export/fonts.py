"""The report's font, IBM Plex Sans Arabic, from its package: as files for the PDF, as small
embedded faces for a page.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache

import fontpkg
import uharfbuzz

FAMILY = "IBM Plex Sans Arabic"
ARABIC = re.compile(r"[\u0600-\u06ff]")
# Characters of the two faces. Latin: with French, typographic marks, arrows, arithmetic.
_LATIN = "U+20-17F U+2009-2026 U+2190-2193 U+21A9 U+2212 U+2248 U+2264-2265"
# Arabic, with the letters that the Maghreb adds.
_ARABIC = (
    "U+60C U+61B U+61F U+621-63A U+640-652 U+660-66C U+670-671 U+67E U+6A4 U+6A9 U+6AD U+6AF U+6CC"
)
RANGES = {"latin": _LATIN.split(), "arabic": _ARABIC.split()}


def folder() -> str:
    """The folder of the font files, as typst wants it."""
    return str(fontpkg.path(FAMILY, 400).parent)


def faces(text: str, language: str) -> str:
    """The CSS @font-face rules that a page with this text needs: Arabic only if there is some."""
    wanted = [("latin", 400), ("latin", 600)]
    if ARABIC.search(text):
        wanted.append(("arabic", 400))
        if language.startswith("ar"):
            wanted.append(("arabic", 600))
    return "\n".join(_face(script, weight) for script, weight in wanted)


@lru_cache
def _face(script: str, weight: int) -> str:
    """One @font-face rule with the font inside."""
    data = base64.b64encode(_subset(script, weight)).decode()
    return (
        f'@font-face{{font-family:"Plex";font-weight:{weight};font-display:swap;'
        f"src:url(data:font/ttf;base64,{data}) "
        f"format('truetype');unicode-range:{','.join(RANGES[script])}}}"
    )


def _subset(script: str, weight: int) -> bytes:
    """The font cut down to one script, not compressed, since zlib's bytes differ from system to
    system. Latin goes without layout tables: half as large, and only kerning is lost.
    """
    chosen = uharfbuzz.SubsetInput()
    chosen.flags = uharfbuzz.SubsetFlags.NO_HINTING
    chosen.name_id_set.clear()
    for span in RANGES[script]:
        chosen.unicode_set.update(_code_points(span))
    if script == "latin":
        for table in (b"GSUB", b"GPOS", b"GDEF"):
            chosen.drop_table_tag_set.add(int.from_bytes(table, "big"))
    font = uharfbuzz.Blob.from_file_path(str(fontpkg.path(FAMILY, weight)))
    return uharfbuzz.subset(uharfbuzz.Face(font), chosen).blob.data


def _code_points(span: str) -> range:
    """The code points of a CSS range such as U+20-17F."""
    first, _, last = span.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)
