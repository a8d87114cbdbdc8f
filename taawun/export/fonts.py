"""The report's font, IBM Plex Sans Arabic, from its package: as files for the PDF, as small
embedded faces for a page.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

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
#: Signs without a shape that a PDF may hold: joiners, directions, soft hyphens, tags.
_SHAPELESS = {0xAD, 0x61C, *range(0x200B, 0x2070), *range(0xE0000, 0xE0080)}


def folder() -> str:
    """The folder of the font files, as typst wants it."""
    return str(fontpkg.path(FAMILY, 400).parent)


@cache
def fallbacks() -> list[Path]:
    """The files of a second font for what the first one lacks: other scripts, signs, some emoji."""
    spec = find_spec("matplotlib")  # it brings the font along, and need not be imported
    place = Path(spec.origin or "").parent / "mpl-data" / "fonts" / "ttf" if spec else Path()
    return sorted(place.glob("DejaVuSans*.ttf"))


@cache
def characters(path: Path) -> frozenset[int]:
    """The code points that a font has."""
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))).unicodes)


def is_enough(text: str) -> bool:
    """Whether the report's font has every character of a text."""
    return set(map(ord, text)) <= characters(fontpkg.path(FAMILY, 400)) | _SHAPELESS | {10}


class _Printable(dict[int, str]):
    """What stands for each code point, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        self[code] = self._shown(code)
        return self[code]

    def _shown(self, code: int) -> str:
        character = chr(code)
        fonts = [fontpkg.path(FAMILY, 400), *fallbacks()]
        if code != 0xFEFF and (
            code in _SHAPELESS | {10} or any(code in characters(font) for font in fonts)
        ):
            return character
        if unicodedata.category(character) in {"Cf", "Cc"} or 0xFE00 <= code < 0xFE10:
            return ""
        is_sign = unicodedata.category(character).startswith(("S", "P"))
        name = unicodedata.name(character, "").lower() if is_sign else ""
        return f"[{name or f'U+{code:04X}'}]"


_PRINTABLE = _Printable()


def printable(text: str) -> str:
    """The text as the two fonts can print it: what they lack is named, as «[rocket]»."""
    return re.sub(r"(?<=[0-9A-F])\]\[(?=U\+)", " ", text.translate(_PRINTABLE))


def faces(text: str, language: str) -> str:
    """The CSS @font-face rules that a page with this text needs: Arabic only if there is some."""
    wanted = [("latin", 400), ("latin", 600)]
    if ARABIC.search(text):
        wanted.append(("arabic", 400))
        if language.startswith("ar"):
            wanted.append(("arabic", 600))
    # What a script of the page may write stands in the page; ASCII is what people type.
    used = {*map(ord, text), *range(0x20, 0x7F)}
    return "\n".join(
        _face(script, weight, frozenset(used & _of(script))) for script, weight in wanted
    )


@lru_cache
def _face(script: str, weight: int, used: frozenset[int]) -> str:
    """One @font-face rule with the font inside."""
    data = base64.b64encode(_subset(script, weight, used)).decode()
    return (
        f'@font-face{{font-family:"Plex";font-weight:{weight};font-display:swap;'
        f"src:url(data:font/ttf;base64,{data}) "
        f"format('truetype');unicode-range:{','.join(RANGES[script])}}}"
    )


def _subset(script: str, weight: int, used: frozenset[int]) -> bytes:
    """The font cut down to what a page uses of one script, not compressed, since zlib's bytes
    differ from system to system. Latin goes without layout tables: half as large, and only kerning
    is lost.
    """
    chosen = uharfbuzz.SubsetInput()
    chosen.flags = uharfbuzz.SubsetFlags.NO_HINTING
    chosen.name_id_set.clear()
    chosen.unicode_set.update(used)
    if script == "latin":
        for table in (b"GSUB", b"GPOS", b"GDEF"):
            chosen.drop_table_tag_set.add(int.from_bytes(table, "big"))
    font = uharfbuzz.Blob.from_file_path(str(fontpkg.path(FAMILY, weight)))
    return uharfbuzz.subset(uharfbuzz.Face(font), chosen).blob.data


def _of(script: str) -> set[int]:
    """The code points of a script that its face may have."""
    return {code for span in RANGES[script] for code in _code_points(span)}


def _code_points(span: str) -> range:
    """The code points of a CSS range such as U+20-17F."""
    first, _, last = span.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)
