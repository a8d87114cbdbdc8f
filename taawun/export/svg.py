"""An SVG of matplotlib made fit for a page: small, without ids that could meet, its links named."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

_GLYPH = re.compile(r'<path id="(IBMPlex[^"]+)" d="([^"]*)"[^>]*/>')
#: A letter is drawn on a grid of 400 in place of matplotlib's 6,400, from which the eye cannot tell
#: it: the shapes of the letters are most of what the drawings of a page weigh.
_GRID, _SCALE = 16, 0.25
_LINK = re.compile(r'<a xlink:href="#n-([^"]+)"[^>]*>\s*(?:<!--(.*?)-->)?(.*?)</a>', re.S)
_NOT_SHOWN = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>", re.S)
_EMPTY = re.compile(r"<defs>\s*</defs>|<g\s*/>|<g>\s*</g>")
#: A letter on its line.
_PLACED = re.compile(r'<use( xlink:href="#IBMPlex[^"]+") transform="translate\((-?[\d.]+) 0\)"')
#: One step of an outline in whole numbers.
_STEPS = re.compile("[ML]P|QPP|CPPP|z".replace("P", r" ?-?\d+ -?\d+"))
_ROOT = re.compile(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>')


#: All that matplotlib draws with.
_SHAPES = {"svg", "g", "path", "use", "defs", "a", "clipPath", "rect", "style", "metadata", "image"}
_SHAPES |= {f"rdf:{name}" for name in ("RDF", "Description")} | {"cc:Work", "dc:title"}


def is_drawing(svg: str) -> bool:
    """Whether an SVG only draws: it has matplotlib's shapes, no way out of its page, no script."""
    shapes = set(re.findall(r"<([a-zA-Z][^\s/>]*)", svg))
    addresses = re.findall(r"href\s*=\s*[\"']?([^\"'>\s]*)", svg, re.I)
    runs = re.search(r"[\s/\"']on\w+\s*=", svg, re.I)
    return (
        "<svg" in svg
        and shapes <= _SHAPES
        and not runs
        and all(address.startswith(("#", "data:image/")) for address in addresses)
    )


class Sprite:
    """The letters of all drawings of a page, kept once under matplotlib's names for the glyphs."""

    def __init__(self) -> None:
        self.glyphs: dict[str, str] = {}

    def __str__(self) -> str:
        if not self.glyphs:
            return ""
        paths = "".join(glyph for _, glyph in sorted(self.glyphs.items()))
        return (
            f'<svg width="0" height="0" aria-hidden="true" '
            f'class="sprite"><defs>{_short(paths)}</defs></svg>'
        )

    def inline(self, svg: str, prefix: str, name_of: Callable[[str], str | None]) -> str:
        """The SVG element of a document; ids get the prefix, a link is named by its text and
        `name_of(ledger id)`, or unlinked where that is None.
        """
        svg = _NOT_SHOWN.sub("", svg[svg.index("<svg") :])
        svg = re.sub(r'\bd="([^"]*)"', _without_spaces, svg)
        svg = _GLYPH.sub(self._keep, svg)
        svg = _named_links(svg, name_of)
        svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
        svg = _EMPTY.sub("", _own_ids(svg, prefix))
        svg = _ROOT.sub(r'<svg xmlns="http://www.w3.org/2000/svg" \1>', svg, count=1)
        svg = re.sub(r'(?<=style=")[^"]*', lambda style: re.sub("(?<=[:;]) ", "", style[0]), svg)
        svg = _PLACED.sub(r'<use\1 x="\2"', svg)
        svg = re.sub(r">\s+<", "><", svg).replace("xlink:href", "href")
        return _short(svg).strip()

    def _keep(self, glyph: re.Match[str]) -> str:
        shape = re.sub(r"-?\d+(?:\.\d+)?", lambda n: f"{float(n[0]) / _GRID:.0f}", glyph[2])
        outline = f'd="{_relative(shape)}" transform="scale({_SCALE})"'
        self.glyphs[glyph[1]] = f'<path id="{glyph[1]}" {outline}/>'
        return ""


def _short(svg: str) -> str:
    """The same with short names for the letters, which stand there thousands of times."""
    return re.sub(r"\bIBMPlexSansArabic-(\w)\w*-", r"p\1", svg)


def _relative(outline: str) -> str:
    """An outline in whole numbers with every point told from the one before: the same shape in
    fewer signs. Any other outline stays as it is.
    """
    steps = re.findall(r"([A-Za-z])([^A-Za-z]*)", outline)
    if not all(_STEPS.fullmatch(sign + rest) for sign, rest in steps):
        return outline
    made, (x, y), start = "", (0, 0), (0, 0)
    for sign, rest in steps:
        numbers = list(map(int, rest.split()))
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        told = " ".join(f"{at - x} {up - y}" for at, up in points)
        made += sign.lower() + told.replace(" -", "-")
        x, y = points[-1] if points else start
        start = (x, y) if sign == "M" else start
    return made


def _without_spaces(path: re.Match[str]) -> str:
    """A path without needless white space."""
    return 'd="' + re.sub(r"[ \n]*([A-Za-z])[ \n]*", r"\1", path[1]) + '"'


def _named_links(svg: str, name_of: Callable[[str], str | None]) -> str:
    """Give each link a name to read aloud; one that leads nowhere on this page becomes drawing."""

    def link(found: re.Match[str]) -> str:
        number, text, drawing = found[1], (found[2] or "").strip(), found[3]
        name = name_of(number)
        if name is None:
            return drawing
        label = escape(f"{text}: {name}" if text else name)
        return f'<a xlink:href="#n-{number}" aria-label="{label}">{drawing}</a>'

    return _LINK.sub(link, svg)


def _own_ids(svg: str, prefix: str) -> str:
    """Drop the ids that nothing refers to, and put the prefix before all but those of letters."""
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))

    def kept(found: re.Match[str]) -> str:
        return f' id="{prefix}-{found[1]}"' if found[1] in used else ""

    svg = re.sub(r' id="([^"]*)"', kept, svg)
    return re.sub(r'((?:xlink:href="|url\()#)(?!n-|IBMPlex)', rf"\g<1>{prefix}-", svg)
