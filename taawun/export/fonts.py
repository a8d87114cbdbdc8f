"""The report's font, IBM Plex Sans Arabic, from its package: as files for the PDF, as small
embedded faces for a page.
"""

import base64
import re
from functools import lru_cache

import fontpkg
import uharfbuzz

FAMILY = "IBM Plex Sans Arabic"
ARABIC = re.compile(r"[\u0600-\u06ff]")
#: Characters of the two faces: Latin with French, typographic marks and arithmetic; Arabic as
#: Moroccans write it.
RANGES = {
    "latin": (
        "U+20-17F",
        "U+2009-2026",
        "U+2190-2193",
        "U+21A9",
        "U+2212",
        "U+2248",
        "U+2264-2265",
    ),
    "arabic": (
        "U+60C",
        "U+61B",
        "U+61F",
        "U+621-63A",
        "U+640-652",
        "U+660-66C",
        "U+670-671",
        "U+67E",
        "U+6A4",
        "U+6A9",
        "U+6AD",
        "U+6AF",
        "U+6CC",
    ),
}


def folder():
    """The folder of the font files, as typst wants it."""
    return str(fontpkg.path(FAMILY, 400).parent)


def faces(text, language):
    """The CSS @font-face rules that a page with this text needs; Arabic only where there is Arabic."""
    wanted = [("latin", 400), ("latin", 600)]
    if ARABIC.search(text):
        wanted += [("arabic", 400)] + [("arabic", 600)] * language.startswith("ar")
    return "\n".join(_face(script, weight) for script, weight in wanted)


@lru_cache
def _face(script, weight):
    """One @font-face rule with the font inside."""
    data = base64.b64encode(_subset(script, weight)).decode()
    return (
        f'@font-face{{font-family:"Plex";font-weight:{weight};font-display:swap;'
        f"src:url(data:font/ttf;base64,{data}) "
        f"format('truetype');unicode-range:{','.join(RANGES[script])}}}"
    )


def _subset(script, weight):
    """The font cut down to one script, not compressed, since zlib's bytes differ from system to
    system. Latin goes without layout tables: half as large, and only kerning is lost.
    """
    chosen = uharfbuzz.SubsetInput()
    chosen.flags = uharfbuzz.SubsetFlags.NO_HINTING
    chosen.name_id_set.clear()
    for span in RANGES[script]:
        chosen.unicode_set.update(_span(span))
    if script == "latin":
        chosen.drop_table_tag_set.update(
            int.from_bytes(table, "big") for table in (b"GSUB", b"GPOS", b"GDEF")
        )
    return uharfbuzz.subset(
        uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(fontpkg.path(FAMILY, weight)))), chosen
    ).blob.data


def _span(text):
    """The code points of a CSS range such as U+20-17F."""
    first, _, last = text.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)
