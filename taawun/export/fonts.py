"""The report's font, IBM Plex Sans Arabic, from its package: as files for the PDF, as small embedded faces for a page."""

import base64
import io
import re
from functools import lru_cache

import fontpkg

FAMILY = "IBM Plex Sans Arabic"
ARABIC = re.compile(r"[\u0600-\u06ff]")
#: Characters of the two faces: Latin with French, typographic marks and arithmetic; Arabic.
RANGES = {"latin": ("U+20-17F", "U+2009-2026", "U+2190-2193", "U+21A9", "U+2212", "U+2248", "U+2264-2265"),
          "arabic": ("U+600-6FF",)}


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
    return (f'@font-face{{font-family:"Plex";font-weight:{weight};font-display:swap;'
            f"src:url(data:font/woff;base64,{data}) format('woff');unicode-range:{','.join(RANGES[script])}}}")


def _subset(script, weight):
    """The font cut down to one script as WOFF. Latin goes without layout tables: five times faster, and only kerning is lost."""
    from fontTools import subset  # a tenth of a second, and only a page needs it
    from fontTools.ttLib import TTFont
    font = TTFont(fontpkg.path(FAMILY, weight), lazy=True, recalcTimestamp=False)
    for table in ("meta", "DSIG", *(("GSUB", "GPOS", "GDEF") if script == "latin" else ())):
        if table in font:
            del font[table]
    options = subset.Options(hinting=False, name_IDs=[], layout_features=["mark", "mkmk", "ccmp", "rlig", "init", "medi", "fina"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for span in RANGES[script] for code in _span(span)])
    cutter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _span(text):
    """The code points of a CSS range such as U+20-17F."""
    first, _, last = text.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)
