"""How much room words take on a drawing, and where some is left: labels are measured, so that none
touches another, leaves the sheet or is crossed by a line.

Sizes are in points from the lower left corner of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import fontpkg
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox

RULER, SHEET = RendererBase(), Figure(figsize=(1, 1), dpi=72)
FAMILY = "IBM Plex Sans Arabic"
#: The share of a line's height above and below its letters.
AIR = 0.2


@lru_cache(maxsize=4096)
def wide(text: str, weight: int = 400, size: float = 8.5) -> float:
    """How wide a text is in the report's font, its longest line if it has several."""
    note = SHEET.text(0, 0, text, fontproperties=FontProperties(fname=font(weight), size=size))
    extent = note.get_window_extent(RULER)
    note.remove()
    return float(extent.width)


@cache
def font(weight: int) -> str:
    """The file of the report's font in a weight."""
    return str(fontpkg.path(FAMILY, weight))


def wrapped(text: str, width: float, weight: int = 400) -> list[str]:
    """The text in lines of at most this width, broken between words."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and wide(f"{lines[-1]} {word}", weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def rows_of(widths: Sequence[float], across: float) -> list[list[float]]:
    """Things of these widths in rows that are at most so wide: for each row where each begins."""
    rows: list[list[float]] = []
    end = 0.0
    for width in widths:
        if not rows or end + width > across:
            rows.append([])
            end = 0.0
        rows[-1].append(end)
        end += width
    return rows


def box(note: Any) -> Bbox:
    """The room that the letters of a text take on the sheet."""
    extent = note.get_window_extent(RULER)
    air = AIR * extent.height / (note.get_text().count("\n") + 1)
    return Bbox.from_extents(extent.x0, extent.y0 + air, extent.x1, extent.y1 - air)


def boxes(axes: Axes) -> list[Bbox]:
    """The room of all words on the axes, its own ticks apart."""
    return [box(note) for note in axes.texts if note.get_text()]


def points_along(axes: Axes, xs: Iterable[float], ys: Iterable[float]) -> list[Bbox]:
    """The room that a line takes: a small square every four points."""
    squares: list[Bbox] = []
    points = [*zip(xs, ys, strict=True)]
    if not points:
        return squares
    places = axes.transData.transform(points)
    for (x0, y0), (x1, y1) in zip(places, [*places[1:], places[-1]], strict=True):
        steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) // 4))
        for step in range(steps):
            x, y = (start + (end - start) * step / steps for start, end in ((x0, x1), (y0, y1)))
            squares.append(Bbox.from_extents(x - 2, y - 2, x + 2, y + 2))
    return squares


def around(axes: Axes, x: float, y: float, above: float) -> Bbox:
    """The room of a point and of what reaches so far above it."""
    across, up = axes.transData.transform((x, y))
    return Bbox.from_extents(across - 5, up - 5, across + 5, up + above)


def is_free(place: Bbox, taken: Sequence[Bbox], axes: Axes) -> bool:
    """Whether a place lies on the sheet above the axis, and touches nothing that is there."""
    sheet = axes.figure.bbox
    inside = sheet.x0 <= place.x0 and place.x1 <= sheet.x1 and place.y1 <= sheet.y1
    inside = inside and place.y0 > axes.get_window_extent().y0
    return inside and not any(place.overlaps(other) for other in taken)


def lines_between_words(axes: Axes, heights: Iterable[float]) -> None:
    """Thin lines at these values across the axes, each with a gap where words stand."""
    (left, _), (right, _) = axes.get_window_extent().get_points()
    words = boxes(axes)
    for value in heights:
        y = axes.transData.transform((0, value))[1]
        near = [(word.x0, word.x1) for word in words if word.y0 - 1 < y < word.y1 + 1]
        for start, end in _between(near, left, right):
            look: Any = {"color": "#d5dcde", "linewidth": 0.5, "zorder": 0, "clip_on": False}
            _line(axes, (start, y), (end, y), **look)


def upright_between_words(axes: Axes, value: float, **look: Any) -> None:
    """A line up the axes at a value, with a gap where words stand."""
    (_, bottom), (_, top) = axes.get_window_extent().get_points()
    x = axes.transData.transform((value, 0))[0]
    near = [(word.y0, word.y1) for word in boxes(axes) if word.x0 - 2 < x < word.x1 + 2]
    for start, end in _between(near, bottom, top):
        _line(axes, (x, start), (x, end), **look)


def _between(words: Iterable[tuple[float, float]], start: float, end: float) -> Iterator[Any]:
    """The pieces of a span that words leave, each longer than two points."""
    for low, high in [*sorted(words), (end + 3, end + 3)]:
        if low - 3 - start > 2:
            yield start, min(low - 3, end)
        start = max(start, high + 3)


def _line(axes: Axes, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
    """A straight line between two places of the sheet."""
    places = axes.transData.inverted().transform([start, end])
    axes.plot(places[:, 0], places[:, 1], **look)
