"""Places as equal tiles, so that a small one with few people is seen as well as a large one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from taawun.charts import layout, room
from taawun.charts.layout import LINE, PARTS, QUIET, WIDE

GAP = 2  # points between two tiles, and twice as much around the words of one


def tiles(data: pd.DataFrame, *, width: float = WIDE, missing: str = "not reported") -> str:
    """A map of tiles: a row is a place, its `name`, its value and a `note` below it, at `column`
    and `row` of the grid, counted from the north-west corner in every language. A tile is the
    darker, the nearer its value is to the greatest, in thirds of it; a place without a value is an
    empty frame that says `missing`.
    """
    data = layout.completed(data, note="").astype({"column": int, "row": int})
    across = layout.points(width) / data.column.max()
    lines = [[*_lines(row, across - 2 * GAP, missing)] for row in layout.each(data)]
    high = LINE * max(map(len, lines)) + 4 * GAP
    tall = high * data.row.max()
    margins = dict.fromkeys(("left", "right", "top", "bottom"), 0.0)
    with layout.sheet(width, tall / 72 * 25.4, **margins) as (figure, axes):
        axes.set_axis_off()
        axes.set_xlim(0, layout.points(width))
        axes.set_ylim(tall, 0)
        for row, words in zip(layout.each(data), lines, strict=True):
            fill, ink = _fill(row.value, data.value.max())
            corner = (row.column - 1) * across + GAP / 2, (row.row - 1) * high + GAP / 2
            look: Any = {"facecolor": fill, "edgecolor": "none"}
            if pd.isna(row.value):
                look |= {"edgecolor": QUIET, "linewidth": 0.8, "linestyle": (0, (2, 2))}
            axes.add_patch(Rectangle(corner, across - GAP, high - GAP, **look))
            top = corner[1] + (high - GAP - LINE * len(words)) / 2
            for count, (text, number) in enumerate(words):
                middle = (corner[0] + (across - GAP) / 2, top + LINE * (count + 0.5))
                style: Any = {"ha": "center", "va": "center", "color": ink}
                note = layout.write(axes, text, middle, weight=600 if number else 400, **style)
                note.set_url(f"#n-{number}" if number else None)
        return layout.svg(figure)


def _lines(row: Any, across: float, missing: str) -> Iterator[tuple[str, str]]:
    """The lines of a tile, each with the id of the number that it writes: the name, which may be
    broken after a hyphen, the value and the note.
    """
    for line in room.wrapped(row.name.replace("-", "- "), across):
        yield line.replace("- ", "-"), ""
    for line in room.wrapped(missing if pd.isna(row.value) else row.label, across, 600):
        yield line, "" if pd.isna(row.value) else row.id
    if isinstance(row.note, str) and row.note:
        yield row.note, ""


def _fill(value: float, most: float) -> tuple[str, str]:
    """The fill of a tile, and the colour of the words on it."""
    return ("none", QUIET) if pd.isna(value) else PARTS[2 - min(2, int(3 * value / most))]
