"""One function a figure: tidy rows in, a finished SVG out. All looks are in `report.mplstyle`.

Every row has `value`, `low`, `high` (bounds; the same as `value` if exact, infinite if open),
`label` (its printed form, "" for none) and `id` (its ledger id, "" for none). Each label is a link
to `#n-<id>`. `width` is in millimetres: WIDE is the text width of the page, NARROW a telephone.
`number` says how an axis prints a number; `rtl` mirrors names and bars, never time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from taawun.charts import annotations as notes
from taawun.charts import layout
from taawun.charts.layout import NARROW, PALE, QUIET, WIDE, Number

__all__ = ["NARROW", "WIDE", "bars", "draw", "fan", "pairs", "ranges", "timeline"]


def with_commas(value: float) -> str:
    """A number for an axis: thousands with commas, no needless decimals."""
    return f"{value:,.10g}"


def draw(
    chart: Callable[..., str], data: pd.DataFrame, *more: pd.DataFrame, **options: Any
) -> tuple[str, str]:
    """The chart for the page and for a telephone, as two SVG texts; both empty without a row."""
    if any(table.empty for table in (data, *more)):
        return "", ""
    wide, narrow = (chart(data, *more, width=width, **options) for width in (WIDE, NARROW))
    return wide, narrow


def timeline(
    data: pd.DataFrame,
    *,
    breaks: Iterable[tuple[str, str, str]] = (),
    log: bool = False,
    step: bool = False,
    number: Number = with_commas,
    width: float = WIDE,
    height: float = 84,
) -> str:
    """Dated points with their bounds, joined by a line for each `series`; a `contested` point is
    hollow and not joined.

    One row is a point at `date`; `at` (optional) is the side of its label (n, ne, e, se, s, sw, w,
    nw), else the free side of the line. `breaks` are (start, end, text): shaded, or one dashed line
    where start and end are the same.
    """
    data = notes.label_sides(layout.dated(data, series="", contested=False))
    breaks = list(breaks)
    names = data.series.unique()
    late = data[(data.x > data.x.max() - 2) & data["at"].isin(["e", "ne", "se"])]
    right = notes.label_room([*names, *late.label])
    top = (26 if width < 120 else 16) if breaks else 6
    with layout.sheet(width, height, right=right, top=top) as (figure, axes):
        layout.plane(axes, data, number, log)
        _breaks(axes, breaks)
        for name, colour in zip(names, cycle(layout.colours()), strict=False):
            _line(axes, data[data.series == name], colour, step)
        return layout.svg(figure)


def _line(axes: Axes, series: pd.DataFrame, colour: str, step: bool) -> None:
    """One series: its line through what is not contested, its points, and its name at the end."""
    sure = series[~series.contested.astype(bool)]
    style = "steps-post" if step else "default"
    axes.plot(sure.x, sure.value, "o-", color=colour, drawstyle=style, clip_on=False)
    notes.bounds(axes, series, colour)
    notes.labelled_points(axes, series, colour)
    last = (sure.x.iloc[-1], sure.value.iloc[-1])
    notes.label(axes, last, series.series.iloc[0], "e", color=colour, weight=600)


def _breaks(axes: Axes, breaks: list[tuple[str, str, str]]) -> None:
    """Where the series is not comparable with itself: a pale band or a dashed line, and why."""
    for place, (start, end, text) in enumerate(breaks):
        first, last = layout.dated({"date": [start, end]}).x
        if last > first:
            axes.axvspan(first, last, color=PALE, linewidth=0, zorder=0)
        else:
            axes.axvline(first, color=QUIET, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)
        lift = 3 + 9 * (place % 2 if layout.is_narrow(axes) else 0)  # neighbours would touch there
        above, middle = ("data", "axes fraction"), ((first + last) / 2, 1)
        style = {"ha": "center", "va": "bottom", "color": QUIET, "fontsize": 7.5}
        layout.write(axes, text, middle, (0, lift), above, **style)


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
    with layout.sheet(width, height, right=notes.label_room(labels)) as (figure, axes):
        layout.plane(axes, pd.concat([history, scenarios]), number)
        first, *others = layout.colours()
        inks = dict(zip(scenarios.scenario.unique(), cycle(others), strict=False))
        start = history.tail(1).assign(low=lambda row: row.value, high=lambda row: row.value)
        for name, ahead in scenarios.groupby("scenario", sort=False):
            _cone(axes, pd.concat([start, ahead]), inks[name])
        rises = notes.spread(axes, list(ends.value))
        for row, text, rise in zip(layout.each(ends), labels, rises, strict=True):
            style = {"color": inks[row.scenario], "weight": 600, "rise": rise}
            notes.label(axes, (row.x, row.value), text, "e", row.id, **style)
        axes.plot(history.x, history.value, "o-", color=first, clip_on=False)
        notes.bounds(axes, history, first)
        notes.labelled_points(axes, history, first)
        return layout.svg(figure)


def _cone(axes: Axes, ahead: pd.DataFrame, colour: str) -> None:
    """The range of one scenario from the last count on, and its middle as a broken line."""
    axes.fill_between(ahead.x, ahead.low, ahead.high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(ahead.x, ahead.value, color=colour, linestyle=(0, (4, 1.5)), linewidth=1.4)


def bars(data: pd.DataFrame, *, rtl: bool = False, width: float = WIDE) -> str:
    """Horizontal bars: one row is a `name` and its value; `highlight` (optional) marks a row."""
    data = layout.completed(data, highlight=True)
    with layout.lanes(data, width, rtl) as (figure, axes, places):
        accent, *_ = layout.colours()
        axes.set_xlim(*_ends(0, notes.axis_limit(axes, data.value, data.label), rtl))
        for row, y in zip(layout.each(data), places, strict=True):
            axes.barh(y, row.value, height=11, color=accent if row.highlight else "#9db8b3")
            notes.labelled_interval(axes, row, y, "#1b2a2f", 0.9, rtl)
        return layout.svg(figure)


def ranges(
    data: pd.DataFrame,
    *,
    log: bool = False,
    number: Number = with_commas,
    rtl: bool = False,
    width: float = WIDE,
    missing: str = "not reported",
) -> str:
    """One row is a `name` with a dot between its bounds (open: an arrow), or says `missing`."""
    data = layout.completed(data)
    with layout.lanes(data, width, rtl, foot=16) as (figure, axes, places):
        accent, *_ = layout.colours()
        beginning = _scale(axes, data, log, number, rtl)
        for row, y in zip(layout.each(data), places, strict=True):
            if math.isnan(row.value):
                notes.label(axes, (beginning, y), missing, "e", row.id, color=QUIET, rtl=rtl)
                continue
            notes.labelled_interval(axes, row, y, accent, 5, rtl)
            axes.plot(row.value, y, "o", color=accent, clip_on=False)
        return layout.svg(figure)


def _scale(axes: Axes, data: pd.DataFrame, log: bool, number: Number, rtl: bool) -> float:
    """Set the value axis of `ranges` so that all bounds and labels fit; gives its beginning."""
    axes.set_xscale("log" if log else "linear")
    known = layout.ends_of(data, log)
    start, end = min(known) / 1.6 if log else min(0, *known), max(known)
    axes.set_xlim(*_ends(start, notes.axis_limit(axes, [start, *known], data.label, log), rtl))
    steps = (1,) if end > 200 * start else (1, 2, 5)
    locator = LogLocator(subs=steps, numticks=9) if log else MaxNLocator(5)
    # None in the room for labels.
    ticks = [tick for tick in locator.tick_values(start, end) if start <= tick <= 1.2 * end]
    axes.set_xticks(ticks, [layout.printable(number(tick)) for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.grid(axis="x")
    return start


def _ends(start: float, end: float, rtl: bool) -> tuple[float, float]:
    """The two ends of a value axis: mirrored where people read from the right."""
    return (end, start) if rtl else (start, end)


def pairs(
    data: pd.DataFrame,
    *,
    headers: tuple[str, str] = ("Printed", "Record"),
    rtl: bool = False,
    width: float = WIDE,
) -> str:
    """A printed claim beside the record, drawn as its ratio to the record, so that rows of
    different units stand together.

    One row is a `name`, and `value`, `low`, `high`, `label`, `id` each with the prefix `claim_` and
    `record_`.
    """
    data = layout.completed(data)
    ratio = data.claim_value / data.record_value
    with layout.lanes(data, width, rtl, head=24) as (figure, axes, places):
        record, claim = layout.colours()[:2]
        low, high = min(ratio.min(), 1), max(ratio.max(), 1)
        room = notes.label_room([*data.claim_label, *data.record_label]) + 8
        each = (high - low or 0.1) / (layout.size(axes)[0] - 2 * room)
        axes.set_xlim(*_ends(low - room * each, high + room * each, rtl))
        _key(axes, headers, (claim, record), rtl)
        for (_, row), x, y in zip(data.iterrows(), ratio, places, strict=True):
            axes.plot(
                [1, 1], [y - 9, y + 9], color=PALE, linewidth=7, zorder=0, solid_capstyle="butt"
            )
            axes.plot([1, x], [y, y], color="#b9c4c7", linewidth=1.2, zorder=1)
            _half(axes, row, y, "record", record, x < 1, rtl)
            _half(axes, row, y, "claim", claim, x >= 1, rtl)
        return layout.svg(figure)


def _half(
    axes: Axes, row: pd.Series, y: float, side: str, ink: str, upper: bool, rtl: bool
) -> None:
    """One dot of a pair: the record full, the claim hollow, its label on its outer side."""
    ends = {end: [row[f"{side}_{end}"] / row.record_value] for end in ("value", "low", "high")}
    place = layout.completed(ends).iloc[0]
    notes.interval(axes, place, y, ink, 5)
    notes.dot(axes, place.value, y, ink, side == "claim", markeredgewidth=1.5)
    start, away = notes.label_start(place, "high" if upper else "low")
    text, number, outer = row[f"{side}_label"], row[f"{side}_id"], "e" if upper else "w"
    notes.label(axes, (start, y), text, outer, number, color=ink, rtl=rtl, away=away)


def _key(axes: Axes, headers: tuple[str, str], inks: tuple[str, str], rtl: bool) -> None:
    """The two words that say which dot is which, in the dots' colours, above the lanes."""
    above = 1 + 9 / layout.size(axes)[1]
    for share, text, ink in zip((0.2, 0.6), headers, inks, strict=True):
        place = 1 - share if rtl else share
        style = {"transform": axes.transAxes, "markeredgewidth": 1.5, "clip_on": False}
        notes.dot(axes, place, above, ink, text == headers[0], **style)
        shift, style = (-7 if rtl else 7, 0), {"ha": "right" if rtl else "left", "va": "center"}
        layout.write(
            axes, text, (place, above), shift, "axes fraction", color=ink, weight=600, **style
        )
