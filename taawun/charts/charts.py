"""One function a figure: tidy rows in, a finished SVG out. All looks are in `report.mplstyle`.

Every row has `value`, `low`, `high` (bounds; the same as `value` if exact, infinite if open),
`label` (its printed form, "" for none) and `id` (its ledger id, "" for none). Each label is a link
to `#n-<id>`. `width` is in millimetres: WIDE is the text width of the page, NARROW a telephone.
`number` says how an axis prints a number; `rtl` mirrors names and bars, never time.
"""

import math

import pandas as pd
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from taawun.charts.annotations import (
    beyond,
    bounds,
    interval,
    note,
    overhang,
    points,
    reach,
    spread,
)
from taawun.charts.layout import (
    NARROW,
    PALE,
    QUIET,
    WIDE,
    beside,
    colours,
    lanes,
    plane,
    printable,
    rows,
    sheet,
    small,
    svg,
    years,
)

__all__ = ["NARROW", "WIDE", "bars", "draw", "fan", "pairs", "ranges", "timeline"]


def plain(value):
    """A number for an axis: thousands with commas, no needless decimals."""
    return f"{value:,.10g}"


def draw(chart, data, *more, **options):
    """The chart twice, for the page and for a telephone, as a pair of SVG texts; both empty if a
    table has no row to draw.
    """
    if any(table.empty for table in (data, *more)):
        return "", ""
    return tuple(chart(data, *more, width=width, **options) for width in (WIDE, NARROW))


def timeline(data, *, breaks=(), log=False, step=False, number=plain, width=WIDE, height=84):
    """Dated points with their bounds, joined by a line for each `series`; a `contested` point is
    hollow and not joined.

    One row is a point at `date`; `at` (optional) is the side of its label (n, ne, e, se, s, sw, w,
    nw), else the free side of the line. `breaks` are (start, end, text): shaded, or one dashed line
    where start and end are the same.
    """
    data = beside(years(data, series="", contested=False))
    names = data.series.unique()
    ends = data[data.x > data.x.max() - 2]
    right = overhang([*names, *ends.label[ends["at"].isin(["e", "ne", "se"])]])
    with sheet(width, height, right=right, top=(26 if width < 120 else 16) if breaks else 6) as (
        figure,
        axes,
    ):
        plane(axes, data, number, log)
        _breaks(axes, breaks)
        for name, colour in zip(names, colours()):
            series = data[data.series == name]
            sure = series[~series.contested.astype(bool)]
            axes.plot(
                sure.x,
                sure.value,
                "o-",
                color=colour,
                drawstyle="steps-post" if step else "default",
                clip_on=False,
            )
            bounds(axes, series, colour)
            points(axes, series, colour)
            note(axes, sure.x.iloc[-1], sure.value.iloc[-1], name, "e", color=colour, weight=600)
        return svg(figure)


def _breaks(axes, breaks):
    """Where the series is not comparable with itself: a pale band or a dashed line, and why."""
    for place, (start, end, text) in enumerate(breaks):
        lift = 3 + 9 * (place % 2 if small(axes) else 0)  # on a telephone neighbours would touch
        first, last = years(pd.DataFrame({"date": [start, end]})).x
        if last > first:
            axes.axvspan(first, last, color=PALE, linewidth=0, zorder=0)
        else:
            axes.axvline(first, color=QUIET, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)
        axes.annotate(
            text,
            ((first + last) / 2, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, lift),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=QUIET,
            fontsize=7.5,
        )


def fan(history, scenarios, *, number=plain, width=WIDE, height=84):
    """What was counted, then the range of each scenario: one row of `scenarios` is a `date` of a
    `scenario`.

    The last label of a scenario stands at its end, with the scenario's name.
    """
    history, scenarios = beside(years(history, series="", contested=False)), years(scenarios)
    ends = scenarios.groupby("scenario", sort=False).tail(1)
    labels = ends.label + " " + ends.scenario
    with sheet(width, height, right=overhang(labels)) as (figure, axes):
        plane(axes, pd.concat([history, scenarios]), number)
        first, *others = colours()
        inks = dict(zip(scenarios.scenario.unique(), others))
        last = history.tail(1)
        for name, ahead in scenarios.groupby("scenario", sort=False):
            _cone(
                axes, pd.concat([last.assign(low=last.value, high=last.value), ahead]), inks[name]
            )
        for row, label, rise in zip(ends.itertuples(), labels, spread(axes, list(ends.value))):
            note(
                axes,
                row.x,
                row.value,
                label,
                "e",
                row.id,
                color=inks[row.scenario],
                weight=600,
                rise=rise,
            )
        axes.plot(history.x, history.value, "o-", color=first, clip_on=False)
        bounds(axes, history, first)
        points(axes, history, first)
        return svg(figure)


def _cone(axes, ahead, colour):
    """The range of one scenario from the last count on, and its middle as a broken line."""
    axes.fill_between(ahead.x, ahead.low, ahead.high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(ahead.x, ahead.value, color=colour, linestyle=(0, (4, 1.5)), linewidth=1.4)


def bars(data, *, rtl=False, width=WIDE):
    """Horizontal bars: one row is a `name` with its value at the bar's end; `highlight` (optional)
    marks the row that matters.
    """
    data = rows(data, highlight=True)
    with lanes(data, width, rtl) as (figure, axes, places):
        axes.set_xlim(*_ends(0, reach(axes, data.value, data.label), rtl))
        for row, y in zip(data.itertuples(), places):
            axes.barh(y, row.value, height=11, color=colours()[0] if row.highlight else "#9db8b3")
            interval(axes, row, y, "#1b2a2f", 0.9)
            place, away = beyond(row, "high")
            note(axes, place, y, row.label, "e", row.id, rtl=rtl, away=away)
        return svg(figure)


def ranges(data, *, log=False, number=plain, rtl=False, width=WIDE, missing="not reported"):
    """One row is a `name` with a dot between its bounds; an open bound is an arrow; a row without a
    value says `missing`.
    """
    data = rows(data)
    with lanes(data, width, rtl, foot=16) as (figure, axes, places):
        start = _scale(axes, data, log, number, rtl)
        for row, y in zip(data.itertuples(), places):
            if math.isnan(row.value):
                note(axes, start, y, missing, "e", row.id, color=QUIET, rtl=rtl)
                continue
            interval(axes, row, y, colours()[0], 5)
            axes.plot(row.value, y, "o", color=colours()[0], clip_on=False)
            place, away = beyond(row, "high")
            note(axes, place, y, row.label, "e", row.id, rtl=rtl, away=away)
        return svg(figure)


def _scale(axes, data, log, number, rtl):
    """Set the value axis of `ranges` so that all bounds and labels fit; gives its beginning."""
    axes.set_xscale("log" if log else "linear")
    known = [
        end
        for end in (*data.value, *data.low, *data.high)
        if math.isfinite(end) and (end > 0 or not log)
    ]
    start = min(known) / 1.6 if log else min(0, *known)
    axes.set_xlim(*_ends(start, reach(axes, [start, *known], data.label, log), rtl))
    end = max(known)
    locator = (
        LogLocator(subs=(1,) if end > 200 * start else (1, 2, 5), numticks=9)
        if log
        else MaxNLocator(5)
    )
    ticks = [
        tick for tick in locator.tick_values(start, end) if start <= tick <= 1.2 * end
    ]  # none in the room for labels
    axes.set_xticks(ticks, [printable(number(tick)) for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.grid(axis="x")
    return start


def _ends(start, end, rtl):
    """The two ends of a value axis: mirrored where people read from the right."""
    return (end, start) if rtl else (start, end)


def pairs(data, *, headers=("Printed", "Record"), rtl=False, width=WIDE):
    """A printed claim beside the record, drawn as its ratio to the record, so that rows of
    different units stand together.

    One row is a `name`, and `value`, `low`, `high`, `label`, `id` each with the prefix `claim_` and
    `record_`.
    """
    data = rows(data)
    ratio = data.claim_value / data.record_value
    with lanes(data, width, rtl, head=24) as (figure, axes, places):
        record, claim = colours()[:2]
        low, high = min(ratio.min(), 1), max(ratio.max(), 1)
        room = overhang([*data.claim_label, *data.record_label]) + 8
        each = (high - low or 0.1) / (
            axes.get_window_extent().width / axes.figure.dpi * 72 - 2 * room
        )
        axes.set_xlim(*_ends(low - room * each, high + room * each, rtl))
        _key(axes, headers, (claim, record), rtl)
        for (_, row), x, y in zip(data.iterrows(), ratio, places):
            _pair(axes, row, x, y, (claim, record), rtl)
        return svg(figure)


def _pair(axes, row, x, y, inks, rtl):
    """One dumbbell: the record full, the claim hollow, each label on its outer side."""
    claim, record = inks
    axes.plot([1, 1], [y - 9, y + 9], color=PALE, linewidth=7, zorder=0, solid_capstyle="butt")
    axes.plot([1, x], [y, y], color="#b9c4c7", linewidth=1.2, zorder=1)
    for side, ink in (("record", record), ("claim", claim)):
        place = rows(
            {end: [row[f"{side}_{end}"] / row.record_value] for end in ("value", "low", "high")}
        ).iloc[0]
        interval(axes, place, y, ink, 5)
        axes.plot(
            place.value,
            y,
            "o",
            markerfacecolor="white" if side == "claim" else ink,
            markeredgecolor=ink,
            markeredgewidth=1.5,
        )
        upper = (x >= 1) == (side == "claim")
        start, away = beyond(place, "high" if upper else "low")
        note(
            axes,
            start,
            y,
            row[f"{side}_label"],
            "e" if upper else "w",
            row[f"{side}_id"],
            color=ink,
            rtl=rtl,
            away=away,
        )


def _key(axes, headers, inks, rtl):
    """The two words that say which dot is which, in the dots' colours, above the lanes."""
    high = 1 + 9 / (axes.get_window_extent().height / axes.figure.dpi * 72)
    for share, text, ink, fill in zip((0.2, 0.6), headers, inks, ("white", inks[1])):
        place = 1 - share if rtl else share
        axes.plot(
            place,
            high,
            "o",
            transform=axes.transAxes,
            markerfacecolor=fill,
            markeredgecolor=ink,
            markeredgewidth=1.5,
            clip_on=False,
        )
        axes.annotate(
            text,
            (place, high),
            xycoords="axes fraction",
            xytext=(-7 if rtl else 7, 0),
            textcoords="offset points",
            ha="right" if rtl else "left",
            va="center",
            color=ink,
            weight=600,
            annotation_clip=False,
        )
