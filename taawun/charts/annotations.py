"""What is drawn on a figure: labels that are links, bounds, arrows for open bounds.

Distances are in points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox, offset_copy

from taawun.charts import room
from taawun.charts.layout import PALE, QUIET, each, figure_of, ink, printable, size, write

#: Where a label stands beside its point: shift to the right and up, its own anchor.
SIDES = {
    "n": (0, 6, "center", "bottom"),
    "s": (0, -6, "center", "top"),
    "e": (7, 0, "left", "center"),
    "w": (-7, 0, "right", "center"),
    "ne": (3, 4, "left", "bottom"),
    "nw": (-3, 4, "right", "bottom"),
    "se": (3, -5, "left", "top"),
    "sw": (-3, -5, "right", "top"),
}
#: The looks of an arrow. Nothing is shrunk: the search for the end turns on a processor's last bit.
ARROW = {"arrowstyle": "<-", "linewidth": 1, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 7}
MIRROR = str.maketrans("ew", "we")


def label(
    axes: Axes,
    place: tuple[float, float],
    text: Any,
    side: str = "n",
    number: Any = "",
    *,
    rtl: bool = False,
    away: float = 0,
    rise: float = 0,
    **style: Any,
) -> None:
    """A text beside a point, on one side of it; with the id of a number it is a link to its entry
    in the ledger. Nothing if the text is empty or missing.

    `away` moves it further out along its lane and `rise` up, in points.
    """
    if not isinstance(text, str) or not text:
        return
    dx, dy, ha, va = SIDES[side.translate(MIRROR) if rtl else side]
    shift = (dx + (away if dx > 0 else -away), dy + rise)
    if "color" in style:
        style["color"] = ink(style["color"])
    note = write(axes, text, place, shift, ha=ha, va=va, linespacing=1.15, **style)
    note.set_url(f"#n-{number}" if isinstance(number, str) and number else None)


def placed_label(
    axes: Axes, place: tuple[float, float], row: Any, taken: list[Bbox], **style: Any
) -> list[Bbox]:
    """The label of a row at its side of a point, or at the next one where nothing is `taken`; gives
    its own room.
    """
    if not isinstance(row.label, str) or not row.label:
        return []
    near = [(side, 0) for side in dict.fromkeys([row.at, *SIDES])]
    far = [(side, rise) for rise in (11, 22) for side in SIDES if side[0] in "ns"]
    for side, rise in [*near, *far]:
        up = rise if side[0] == "n" else -rise
        label(axes, place, row.label, side, row.id, rise=up, **style)
        own = room.box(axes.texts[-1])
        if room.is_free(own, taken, axes):
            return [own]
        axes.texts[-1].remove()
    label(axes, place, row.label, row.at, row.id, **style)
    return [room.box(axes.texts[-1])]


def interval(axes: Axes, row: Any, y: float, colour: str, thickness: float) -> None:
    """The bounds of a row as a bar along its lane; an open bound is an arrow."""
    low, high = finite(row.low, row.value), finite(row.high, row.value)
    if low < high:
        alpha = 0.3 if thickness > 2 else 1
        axes.plot([low, high], [y, y], color=colour, linewidth=thickness, alpha=alpha)
    for end, step in ((row.low, -16), (row.high, 16)):
        if math.isinf(end):
            arrow(axes, row.value, y, -step if axes.xaxis_inverted() else step, 0, colour)


def labelled_interval(
    axes: Axes, row: Any, y: float, colour: str, thickness: float, rtl: bool
) -> None:
    """The bounds of a row as a bar along its lane, and its label behind them."""
    interval(axes, row, y, colour, thickness)
    start, away = label_start(row, "high")
    label(axes, (start, y), row.label, "e", row.id, rtl=rtl, away=away)


def bounds(axes: Axes, data: pd.DataFrame, colour: str) -> None:
    """The bounds of each point as an upright bar; an open bound is an arrow."""
    for row in each(data):
        low, high = finite(row.low, row.value), finite(row.high, row.value)
        if low < high:
            bar: dict[str, Any] = {"linewidth": 4, "alpha": 0.3, "clip_on": False}
            axes.plot([row.x, row.x], [low, high], color=colour, **bar)
        for end, step in ((row.low, -14), (row.high, 14)):
            if math.isinf(end):
                arrow(axes, row.x, row.value, 0, step, colour)


def arrow(axes: Axes, x: float, y: float, dx: float, dy: float, colour: str) -> None:
    """A short arrow from two points beside a point: as printed, or beyond."""
    across, up = (math.copysign(2, step) if step else 0 for step in (dx, dy))
    axes.annotate(
        "",
        (x, y),
        xycoords=offset_copy(axes.transData, figure_of(axes), across, up, units="points"),
        xytext=(dx - across, dy - up),
        textcoords="offset points",
        arrowprops={**ARROW, "color": colour},
    )


def dot(axes: Axes, x: float, y: float, colour: str, hollow: bool = False, **style: Any) -> None:
    """A point in a colour, or in white with a rim of the colour."""
    fill = "white" if hollow else colour
    axes.plot(x, y, "o", markerfacecolor=fill, markeredgecolor=colour, **style)


def labelled_points(axes: Axes, data: pd.DataFrame, colour: str, taken: list[Bbox]) -> None:
    """The labels of the points where nothing is `taken`, and the contested ones drawn hollow."""
    taken = [*taken, *room.boxes(axes)]
    for row in each(data):
        if row.contested:
            dot(axes, row.x, row.value, colour, True, markeredgewidth=1.4, clip_on=False)
        taken += placed_label(axes, (row.x, row.value), row, taken, color=colour)


def mark(axes: Axes, first: float, last: float, text: str, rise: float = 0) -> None:
    """A pale band between two places of the axis, or where they are the same a dashed line with
    gaps for the words that stand; and what it is above it, so many points higher.
    """
    if last > first:
        axes.axvspan(first, last, color=PALE, linewidth=0, zorder=-1)
    else:
        look: Any = {"linewidth": 0.7, "linestyle": (0, (3, 2)), "zorder": -1}
        room.upright_between_words(axes, first, color=QUIET, **look)
    above, style = ("data", "axes fraction"), {"ha": "center", "va": "bottom", "color": QUIET}
    write(axes, text, ((first + last) / 2, 1), (0, 2 + rise), above, **style)


def label_sides(data: pd.DataFrame) -> pd.DataFrame:
    """The dated rows with `at`, each label's side: above the line, where that leaves room."""
    if "at" in data:
        return data
    first, last = (data.groupby("series").value.transform(which) for which in ("first", "last"))
    rising = ["nw" if up else "ne" for up in last >= first]
    return data.assign(at=pd.Series(rising, data.index).where(data.x != data.x.min(), "n"))


def label_start(row: Any, end: str) -> tuple[float, float]:
    """Where a row's label starts, behind its `low` or `high`, and the points an arrow takes."""
    bound = getattr(row, end)
    farther = min if end == "low" else max
    return farther(row.value, finite(bound, row.value)), 12 if math.isinf(bound) else 0


def spread(axes: Axes, values: Sequence[float], gap: float = 12) -> list[float]:
    """How far, in points, labels at these values must rise so that none covers another."""
    bottom, top = axes.get_ylim()
    scale = size(axes)[1] / (top - bottom)
    placed: dict[int, float] = {}
    for place in sorted(range(len(values)), key=values.__getitem__):
        placed[place] = max([values[place] * scale, *(other + gap for other in placed.values())])
    rises = {place: height - values[place] * scale for place, height in placed.items()}
    drop = sum(rises.values()) / len(values)
    return [rises[place] - drop for place in range(len(values))]


def label_room(labels: Iterable[Any], weight: int = 400) -> float:
    """A margin in points that holds the longest of these labels and an arrow before it."""
    texts = [printable(text) for text in labels if isinstance(text, str) and text]
    return 12 + max((room.wide(text, weight) for text in texts), default=0)


def finite(end: float, value: float) -> float:
    """The bound, or the value where the bound is open."""
    return end if math.isfinite(end) else value


def axis_limit(
    axes: Axes, values: Iterable[float], labels: Iterable[Any], log: bool = False
) -> float:
    """The far end of an axis that leaves room for the longest label after the largest value."""
    share = 1 - min(0.7, (label_room(labels) + 12) / size(axes)[0])
    known = [value for value in values if math.isfinite(value) and (value > 0 or not log)]
    return min(known) * (max(known) / min(known)) ** (1 / share) if log else max(known) / share
