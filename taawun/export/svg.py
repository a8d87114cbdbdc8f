"""An SVG of matplotlib made fit to stand in a page: small, without ids that could meet, its links
named.
"""

import re
from html import escape

_GLYPH = re.compile(r'<path id="(IBMPlex[^"]+)" d="([^"]*)"([^>]*)/>')
_LINK = re.compile(r'<a xlink:href="#n-([^"]+)"[^>]*>\s*(?:<!--(.*?)-->)?(.*?)</a>', re.S)


class Sprite:
    """The letters of all drawings of a page, kept once: matplotlib names an outline after its font
    and glyph.
    """

    def __init__(self):
        self.glyphs = {}

    def __str__(self):
        paths = "".join(
            f'<path id="{name}" d="{d}"{rest}/>' for name, (d, rest) in sorted(self.glyphs.items())
        )
        return (
            f'<svg width="0" height="0" aria-hidden="true" '
            f'class="sprite"><defs>{paths}</defs></svg>'
            if paths
            else ""
        )

    def inline(self, svg, prefix, name_of):
        """The SVG element of a document; ids get the prefix, a link is named by its text and
        `name_of(ledger id)`, or unlinked.
        """
        svg = svg[svg.index("<svg") :]
        svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.S)
        svg = re.sub(r'\bd="([^"]*)"', _short, svg)
        svg = _GLYPH.sub(self._keep, svg)
        svg = _links(svg, name_of)
        svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
        svg = _own_ids(svg, prefix)
        svg = re.sub(r"<defs>\s*</defs>|<g\s*/>|<g>\s*</g>", "", svg)
        svg = re.sub(
            r'<svg [^>]*?(viewBox="[^"]*")[^>]*>',
            r'<svg xmlns="http://www.w3.org/2000/svg" \1>',
            svg,
            count=1,
        )
        return re.sub(r">\s+<", "><", svg).replace("xlink:href", "href").strip()

    def _keep(self, match):
        self.glyphs[match[1]] = (match[2], match[3].rstrip())
        return ""


def _short(match):
    """A path without needless white space."""
    return 'd="' + re.sub(r"[ \n]*([A-Za-z])[ \n]*", r"\1", match[1]) + '"'


def _links(svg, name_of):
    """Give each link a name that can be read aloud; a link that leads nowhere on this page becomes
    plain drawing.
    """

    def link(match):
        name, words = name_of(match[1]), (match[2] or "").strip()
        if name is None:
            return match[3]
        label = escape(f"{words}: {name}" if words else name)
        return f'<a xlink:href="#n-{match[1]}" aria-label="{label}">{match[3]}</a>'

    return _LINK.sub(link, svg)


def _own_ids(svg, prefix):
    """Drop the ids that nothing refers to and put the prefix before the others; the letters keep
    theirs.
    """
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
    svg = re.sub(
        r' id="([^"]*)"',
        lambda match: f' id="{prefix}-{match[1]}"' if match[1] in used else "",
        svg,
    )
    return re.sub(r'((?:xlink:href="|url\()#)(?!n-|IBMPlex)', rf"\g<1>{prefix}-", svg)
