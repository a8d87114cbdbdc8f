"""Printed claims beside the record."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from taawun.charts import annotations as notes
from taawun.charts import layout, room
from taawun.charts.layout import PALE, WIDE


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
    sides = [*zip(data.claim_label, data.record_label, strict=True)]
    across = layout.points(width) * (0.42 if width > 120 else 0.9)
    stacked = any(sum(map(room.wide, pair)) + 20 > across for pair in sides)
    below = 26 if stacked else 13
    with layout.lanes(data, width, rtl, head=24, below=below) as (figure, axes, places):
        record, claim = layout.colours()[:2]
        parts = [
            data[f"{side}_{end}"] / data.record_value
            for side in ("claim", "record")
            for end in ("value", "low", "high")
        ]
        known = [end for ends in parts for end in ends if math.isfinite(end)]
        low, high = min(known), max(known)
        aside = 12 * (high - low or 0.1) / (layout.size(axes)[0] - 24)
        axes.set_xlim(*layout.ends(low - aside, high + aside, rtl))
        _key(axes, headers, (claim, record), rtl)
        for (_, row), x, y in zip(data.iterrows(), ratio, places, strict=True):
            bar: Any = {"color": PALE, "linewidth": 7, "zorder": 0, "solid_capstyle": "butt"}
            axes.plot([1, 1], [y - 9, y + 9], **bar)
            axes.plot([1, x], [y, y], color="#b9c4c7", linewidth=1.2, zorder=1)
            for side, colour in (("record", record), ("claim", claim)):
                _half(axes, row, y, side, colour)
            _below(axes, row, (1, x), y, (record, claim), stacked)
        return layout.svg(figure)


def _half(axes: Axes, row: pd.Series, y: float, side: str, colour: str) -> None:
    """One dot of a pair: the record full, the claim hollow."""
    value, *ends = (row[f"{side}_{end}"] / row.record_value for end in ("value", "low", "high"))
    low, high = (value if math.isnan(end) else end for end in ends)
    place = SimpleNamespace(value=value, low=low, high=high)
    notes.interval(axes, place, y, colour, 5)
    notes.dot(axes, place.value, y, colour, side == "claim", markeredgewidth=1.5)


def _below(
    axes: Axes,
    row: pd.Series,
    ratios: tuple[float, float],
    y: float,
    inks: tuple[str, str],
    stacked: bool,
) -> None:
    """The two labels of a pair under its dots, beside one another as these are, or one below the
    other.
    """
    (left, right), width = axes.get_window_extent().intervalx, room.wide
    at = {
        side: axes.transData.transform((ratio, y))[0]
        for side, ratio in zip(("record", "claim"), ratios, strict=True)
    }
    texts = {side: layout.printable(row[f"{side}_label"]) for side in at}
    first, second = sorted(at, key=lambda side: at[side])
    half = {side: width(texts[side]) / 2 for side in at}
    places = {side: min(max(at[side], left + half[side]), right - half[side]) for side in at}
    overlap = places[first] + half[first] + 12 - (places[second] - half[second])
    if overlap > 0 and not stacked:  # apart, but within the sheet
        back = min(overlap / 2, places[first] - half[first] - left)
        ahead = min(overlap - back, right - places[second] - half[second])
        places[first] -= overlap - ahead
        places[second] += ahead
    for side, ink in zip(("record", "claim"), inks, strict=True):
        place = (axes.transData.inverted().transform((places[side], 0))[0], y)
        drop = -8.0 - 13 * (stacked and overlap > 0 and side == "claim")
        style = {"color": layout.ink(ink), "ha": "center", "va": "top"}
        note = layout.write(axes, texts[side], place, (0, drop), **style)
        note.set_url(f"#n-{row[f'{side}_id']}" if row[f"{side}_id"] else None)


def _key(axes: Axes, headers: tuple[str, str], inks: tuple[str, str], rtl: bool) -> None:
    """The two words that say which dot is which, in the dots' colours, above the lanes."""
    above = 1 + 9 / layout.size(axes)[1]
    for share, text, ink in zip((0.2, 0.6), headers, inks, strict=True):
        place = 1 - share if rtl else share
        style = {"transform": axes.transAxes, "markeredgewidth": 1.5, "clip_on": False}
        notes.dot(axes, place, above, ink, text == headers[0], **style)
        shift, style = (-7 if rtl else 7, 0), {"ha": "right" if rtl else "left", "va": "center"}
        layout.write(
            axes,
            text,
            (place, above),
            shift,
            "axes fraction",
            color=layout.ink(ink),
            weight=600,
            **style,
        )
