"""Courses in time: years along the bottom, values above; time runs from the left in every
language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from taawun.charts import annotations as notes
from taawun.charts import layout, room
from taawun.charts.layout import WIDE, Number, with_commas


def timeline(
    data: pd.DataFrame,
    *,
    breaks: Iterable[tuple[str, str, str]] = (),
    slopes: pd.DataFrame | None = None,
    log: bool = False,
    step: bool = False,
    floor: float = 0,
    number: Number = with_commas,
    width: float = WIDE,
    height: float = 84,
) -> str:
    """Dated points with their bounds, joined by a line for each `series`; a `contested` point is
    hollow and not joined.

    One row is a point at `date`; `at` (optional) is the side of its label (n, ne, e, se, s, sw, w,
    nw) if that is free, else the free side of the line. `breaks` are (start, end, text): shaded, or
    one dashed line where start and end are the same. One row of `slopes` is a straight line from
    `start` and `start_value` to `end` and `end_value` with its `label`, such as a pace, and `id`.
    Values begin at `floor`.
    """
    data = notes.label_sides(layout.dated(data, series="", contested=False))
    narrow = width < 120
    names = [name for name in data.series.unique() if name]
    late = data[(data.x > data.x.max() - 2) & data["at"].isin(["e", "ne", "se"])]
    right = max(notes.label_room(late.label), 12 if narrow else notes.label_room(names, 600))
    top = 8 + (13 * len(names) if narrow else 0)
    with layout.sheet(width, height, right=right, top=top) as (figure, axes):
        values = layout.plane(axes, data, number, log, floor)
        rows = _breaks(axes, list(breaks))
        inks = dict(zip(data.series.unique(), cycle(layout.colours()), strict=False))
        taken = _lines(axes, data, inks, step)
        for line in layout.each(pd.DataFrame() if slopes is None else slopes):
            taken += _slope(axes, line, taken)
        for place, name in enumerate(names):
            _series_name(axes, data[data.series == name], inks[name], place + rows)
        for name, colour in inks.items():
            notes.labelled_points(axes, data[data.series == name], colour, taken)
        room.lines_between_words(axes, values)
        return layout.svg(figure)


def _lines(axes: Axes, data: pd.DataFrame, inks: dict[str, str], step: bool) -> list[Bbox]:
    """Each series: a line through what is not contested, and its points; gives their room."""
    taken: list[Bbox] = []
    for name, colour in inks.items():
        series = data[data.series == name]
        sure = series[~series.contested.astype(bool)]
        style = "steps-post" if step else "default"
        axes.plot(sure.x, sure.value, "o-", color=colour, drawstyle=style, clip_on=False)
        notes.bounds(axes, series, colour)
        taken += room.points_along(axes, sure.x, sure.value)
        apart = series.contested.astype(bool) | ~series.high.map(math.isfinite)
        for row in layout.each(series[apart]):
            taken.append(room.around(axes, row.x, row.value, 16 if math.isinf(row.high) else 5))
    return taken


def _slope(axes: Axes, line: Any, taken: list[Bbox]) -> list[Bbox]:
    """A straight line in the second colour, its label on a free side of its middle."""
    colour = layout.colours()[1]
    ends = layout.years([line.start, line.end]).tolist()
    heights = [line.start_value, line.end_value]
    style: Any = {"linestyle": (0, (4, 1.5)), "linewidth": 1.4}
    axes.plot(ends, heights, color=colour, clip_on=False, **style)
    along = room.points_along(axes, ends, heights)
    (x, y) = axes.transData.inverted().transform(
        axes.transData.transform([*zip(ends, heights, strict=True)]).mean(axis=0)
    )
    row = SimpleNamespace(label=line.label, id=line.id, at="se")
    notes.placed_label(axes, (x, y), row, [*taken, *along, *room.boxes(axes)], color=colour)
    return along


def _series_name(axes: Axes, series: pd.DataFrame, colour: str, place: int) -> None:
    """The name of a series behind its line; on a telephone above the plane, one below another."""
    name: str = series.series.iloc[0]
    style: Any = {"color": layout.ink(colour), "weight": 600}
    if layout.is_narrow(axes):
        above = layout.size(axes)[1] + 2 + 13 * place
        layout.write(axes, name, (0, 0), (0, above), "axes fraction", va="bottom", **style)
        return
    sure = series[~series.contested.astype(bool)]
    last = (series if sure.empty else sure).iloc[-1]
    notes.label(axes, (last.x, last.value), name, "e", **style)


def _breaks(axes: Axes, breaks: list[tuple[str, str, str]]) -> int:
    """Where the series is not comparable with itself: a pale band or a dashed line, and why; a text
    that would touch its neighbour stands above it. Gives how many rows of texts there are.
    """
    spans = [layout.years([start, end]).tolist() for start, end, _ in breaks]
    middles = [axes.transData.transform((sum(span) / 2, 1))[0] for span in spans]
    rows = _rows_of([text for *_, text in breaks], middles)
    count = 1 + max(rows, default=-1)
    layout.make_head(axes, 13 * count)
    for (first, last), (*_, text), row in zip(spans, breaks, rows, strict=True):
        notes.mark(axes, first, last, text, 13 * row)
    return count


def _rows_of(texts: list[str], middles: list[float]) -> list[int]:
    """In which row above the plane each text stands clear of those that stand there."""
    ends: list[float] = []
    rows: list[int] = []
    for text, middle in zip(texts, middles, strict=True):
        half = room.wide(layout.printable(text)) / 2 + 4
        row = next((i for i, end in enumerate(ends) if middle - half > end), len(ends))
        ends[row : row + 1] = [middle + half]
        rows.append(row)
    return rows


def spells(
    data: pd.DataFrame, *, day: Callable[[str], str] = str, rtl: bool = False, width: float = WIDE
) -> str:
    """Spans of time, the one that ends first above: a row is a `name` with its `note`, from `start`
    (a hollow dot; none where no day is known) to `date` (a full one), such as from the day that a
    count describes to the day when it was told, with its `label` behind it. `day` is how the axis
    writes the first day of a month.
    """
    data = layout.dated(data)
    data["begin"] = layout.years(data.start).fillna(data.x)
    with layout.lanes(data, width, rtl, foot=16) as (figure, axes, places):
        accent, *_ = layout.colours()
        span = data.x.max() - data.begin.min() or 1
        share = min(0.7, (notes.label_room(data.label) + 8) / layout.size(axes)[0])
        axes.set_xlim(data.begin.min() - 0.03 * span, data.x.max() + span * share / (1 - share))
        _months(axes, data, day)
        for row, y in zip(layout.each(data), places, strict=True):
            if row.begin < row.x:
                axes.plot([row.begin, row.x], [y, y], color=accent, linewidth=1.4)
                notes.dot(axes, row.begin, y, accent, True, markeredgewidth=1.4)
            notes.dot(axes, row.x, y, accent)
            notes.label(axes, (row.x, y), row.label, "e", row.id)
        return layout.svg(figure)


def _months(axes: Axes, data: pd.DataFrame, day: Callable[[str], str]) -> None:
    """The axis of time: first days of months, as many as have room side by side."""
    ends = pd.to_datetime(pd.concat([data.start.dropna(), data.date]))
    firsts = pd.date_range(ends.min(), ends.max(), freq="MS").strftime("%Y-%m-%d")
    names = [layout.printable(day(first)) for first in firsts]
    half, end = max(map(room.wide, names), default=0) / 2 + 4, 0.0
    shown: dict[float, str] = {}
    for x, name in zip(layout.years(firsts), names, strict=True):
        across = axes.transData.transform((x, 0))[0]
        if end + half < across < axes.figure.bbox.width - half:
            shown[x] = name
            end = across + half
    axes.set_xticks(list(shown), list(shown.values()))


def fan(
    history: pd.DataFrame,
    scenarios: pd.DataFrame,
    *,
    number: Number = with_commas,
    width: float = WIDE,
    height: float = 84,
) -> str:
    """What was counted, then the range of each scenario: one row of `scenarios` is a `date` of a
    `scenario`.

    The last label of a scenario stands at its end, with the scenario's name.
    """
    history = notes.label_sides(layout.dated(history, series="", contested=False))
    scenarios = layout.dated(scenarios)
    ends = scenarios.groupby("scenario", sort=False).tail(1)
    labels = ends.label + " " + ends.scenario
    if width < 120:
        labels = labels.map(lambda text: "\n".join(room.wrapped(text, 70, 600)))
    top = 6 if width > 120 else 26  # labels of several lines spread beyond the plane
    with layout.sheet(width, height, right=notes.label_room(labels, 600), top=top) as (
        figure,
        axes,
    ):
        values = layout.plane(axes, pd.concat([history, scenarios]), number)
        first, *others = layout.colours()
        inks = dict(zip(scenarios.scenario.unique(), cycle(others), strict=False))
        start = history.tail(1).assign(low=lambda row: row.value, high=lambda row: row.value)
        for name, ahead in scenarios.groupby("scenario", sort=False):
            _cone(axes, pd.concat([start, ahead]), inks[name])
        lines = labels.str.count("\n").max() + 1
        rises = notes.spread(axes, list(ends.value), 13 * lines)
        for row, text, rise in zip(layout.each(ends), labels, rises, strict=True):
            style = {"color": inks[row.scenario], "weight": 600, "rise": rise}
            notes.label(axes, (row.x, row.value), text, "e", row.id, **style)
        taken = _lines(axes, history, {"": first}, False)
        notes.labelled_points(axes, history, first, taken)
        room.lines_between_words(axes, values)
        return layout.svg(figure)


def _cone(axes: Axes, ahead: pd.DataFrame, colour: str) -> None:
    """The range of one scenario from the last count on, and its middle as a broken line."""
    axes.fill_between(ahead.x, ahead.low, ahead.high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(ahead.x, ahead.value, color=colour, linestyle=(0, (4, 1.5)), linewidth=1.4)
