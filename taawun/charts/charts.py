"""One function a figure: tidy rows in, a finished SVG out. All looks are in `report.mplstyle`.

Every row has `value`, `low`, `high` (bounds; the same as `value` if exact, infinite if open),
`label` (its printed form, "" for none) and `id` (its ledger id, "" for none). Each label is a link
to `#n-<id>`. `width` is in millimetres: WIDE is the text width of the page, NARROW a telephone.
`number` says how an axis prints a number; `rtl` mirrors names and bars, never time.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from taawun.charts import annotations as notes
from taawun.charts import layout, room
from taawun.charts.comparisons import pairs
from taawun.charts.courses import fan, spells, timeline
from taawun.charts.layout import NARROW, PARTS, QUIET, WIDE, Number, ends, with_commas
from taawun.charts.specification import specification
from taawun.charts.tiles import tiles

__all__ = [
    "NARROW",
    "WIDE",
    "bars",
    "draw",
    "fan",
    "pairs",
    "ranges",
    "specification",
    "spells",
    "stacked",
    "tiles",
    "timeline",
]


class Drawing(NamedTuple):
    """A chart for the page and for a telephone, as two SVG texts; JupyterLab shows the first."""

    wide: str
    narrow: str

    def _repr_svg_(self) -> str | None:
        return self.wide or None

    def __repr__(self) -> str:
        return "a drawing" if self.wide else "nothing to draw"


def draw(
    chart: Callable[..., str], data: pd.DataFrame, *more: pd.DataFrame, **options: Any
) -> Drawing:
    """The chart for the page and for a telephone; both empty without a row or without any value,
    and sheets with nothing on them where no page is made: `TAAWUN_PAGE=no`.
    """
    if any(table.empty for table in (data, *more)) or data.get("value", data.index).isna().all():
        return Drawing("", "")
    if os.environ.get("TAAWUN_PAGE") == "no":
        return Drawing("<svg/>", "<svg/>")
    wide, narrow = (chart(data, *more, width=width, **options) for width in (WIDE, NARROW))
    return Drawing(wide, narrow)


def bars(data: pd.DataFrame, *, rtl: bool = False, width: float = WIDE) -> str:
    """Horizontal bars: one row is a `name` and its value; `note` (optional) says in grey what it is
    a part of, `highlight` (optional) marks a row.
    """
    data = layout.completed(data, highlight=True)
    with layout.lanes(data, width, rtl) as (figure, axes, places):
        accent, *_ = layout.colours()
        axes.set_xlim(*ends(0, notes.axis_limit(axes, data.value, data.label), rtl))
        for row, y in zip(layout.each(data), places, strict=True):
            axes.barh(y, row.value, height=11, color=accent if row.highlight else "#9db8b3")
            notes.labelled_interval(axes, row, y, layout.INK, 0.9, rtl)
        return layout.svg(figure)


def stacked(data: pd.DataFrame, *, rtl: bool = False, width: float = WIDE) -> str:
    """Horizontal bars of equal length, each a whole in up to three parts: one row is a part, with
    the bar's `name`, its own `part`, `value` and `label`. The parts are named above the first bar.
    """
    data = layout.completed(data)
    shares = data.value / data.groupby("name", sort=False).value.transform("sum")
    parts = dict(zip(data.part.unique(), PARTS, strict=False))
    if len(parts) < data.part.nunique():
        raise ValueError(f"a bar has at most {len(PARTS)} parts; {data.part.nunique()} were given")
    wholes = data.drop_duplicates("name")
    across = layout.points(width) * (0.56 if width > 120 else 1) - 6
    lines = room.rows_of([20 + room.wide(layout.printable(part)) for part in parts], across)
    with layout.lanes(wholes, width, rtl, head=8 + 13 * len(lines)) as (figure, axes, places):
        axes.set_xlim(*ends(0, 1, rtl))
        _key(axes, list(parts), lines, rtl)
        lanes = dict(zip(wholes.name, places, strict=True))
        start = (shares.groupby(data.name, sort=False).cumsum() - shares).tolist()
        for row, share, begin in zip(layout.each(data), shares, start, strict=True):
            fill, ink = parts[row.part]
            axes.barh(lanes[row.name], share, left=begin, height=15, color=fill, edgecolor="white")
            _within(axes, row, (begin, share), lanes[row.name], ink)
        return layout.svg(figure)


def _key(axes: Axes, parts: list[str], lines: list[list[float]], rtl: bool) -> None:
    """The parts' names above the bars, each behind a small field in its fill."""
    across, high = layout.size(axes)
    style: Any = {"transform": axes.transAxes, "markersize": 7, "clip_on": False}
    named = iter(zip(parts, PARTS, strict=False))
    for row, starts in enumerate(lines):
        up = high + 9 + 13 * (len(lines) - 1 - row)
        for start, (part, (fill, _)) in zip(starts, named, strict=False):
            at = (across - start if rtl else start, -1 if rtl else 1)
            axes.plot((at[0] + 5 * at[1]) / across, up / high, "s", color=fill, **style)
            beside = (at[0] + 12 * at[1], up)
            side = {"ha": "right" if rtl else "left", "va": "center"}
            layout.write(axes, part, (0, 0), beside, "axes fraction", **side)


def _within(axes: Axes, row: Any, span: tuple[float, float], y: float, ink: str) -> None:
    """The label of a part in the middle of its field, if the field is wide enough for it."""
    begin, share = span
    text = layout.printable(row.label)
    if room.wide(text) + 4 > share * layout.size(axes)[0]:
        return
    note = layout.write(axes, text, (begin + share / 2, y), ha="center", va="center", color=ink)
    note.set_url(f"#n-{row.id}" if row.id else None)


def ranges(
    data: pd.DataFrame,
    *,
    log: bool = False,
    number: Number = with_commas,
    rtl: bool = False,
    width: float = WIDE,
    missing: str = "not reported",
    mark: tuple[float, float, str] | None = None,
) -> str:
    """One row is a `name` with a dot between its bounds (open: an arrow), or says `missing`; `note`
    (optional) says in grey what it is a part of, and a dot that is `contested` (optional) is
    hollow. A thin line leads from the axis to the dot. `mark` is a span of values to compare with,
    and what it is.
    """
    data = layout.completed(data, contested=False)
    foot, head = 16 if width > 120 else 4, 18 if mark else 4
    with layout.lanes(data, width, rtl, foot=foot, head=head) as (figure, axes, places):
        accent, *_ = layout.colours()
        beginning = _scale(axes, data, mark[:2] if mark else (), log, number, rtl)
        for row, y in zip(layout.each(data), places, strict=True):
            if math.isnan(row.value):
                notes.label(axes, (beginning, y), missing, "e", row.id, color=QUIET, rtl=rtl)
                continue
            axes.plot([beginning, row.value], [y, y], color="#b9c4c7", linewidth=0.8, zorder=0)
            notes.labelled_interval(axes, row, y, accent, 5, rtl)
            notes.dot(axes, row.value, y, accent, row.contested, clip_on=False)
        if mark:
            notes.mark(axes, *mark)
        return layout.svg(figure)


def _scale(
    axes: Axes,
    data: pd.DataFrame,
    more: tuple[float, ...],
    log: bool,
    number: Number,
    rtl: bool,
) -> float:
    """Set the value axis of `ranges` so that all bounds, labels and what `more` there is fit; gives
    its beginning.
    """
    axes.set_xscale("log" if log else "linear")
    known = [*layout.ends_of(data, log), *more]
    start, end = min(known) / 1.6 if log else min(0, *known), max(known)
    axes.set_xlim(*ends(start, notes.axis_limit(axes, [start, *known], data.label, log), rtl))
    steps = (1,) if end > 200 * start else (1, 2, 5)
    locator = LogLocator(subs=steps, numticks=9) if log else MaxNLocator(5)
    # None in the room for labels.
    ticks = [tick for tick in locator.tick_values(start, end) if start <= tick <= 1.2 * end]
    needed = sum(room.wide(layout.printable(number(tick))) + 8 for tick in ticks)
    ticks = ticks[:: math.ceil(needed / layout.size(axes)[0]) or 1]
    axes.set_xticks(ticks, [layout.printable(number(tick)) for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    return start
