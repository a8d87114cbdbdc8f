"""A number in all readings of what it rests on, and which options each of them takes."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from taawun.charts import layout
from taawun.charts.layout import PALE, QUIET, WIDE, Number, ends, with_commas

#: The height of the curve above the rows of options, and the room above and below it, in points.
CURVE, ROOM = 110, 22
PASSED = "#9db8b3"


def specification(
    data: pd.DataFrame,
    options: pd.DataFrame,
    *,
    number: Number = with_commas,
    rtl: bool = False,
    width: float = WIDE,
) -> str:
    """A specification curve (U. Simonsohn, J. Simmons, L. Nelson, *Nature Human Behaviour* 4,
    2020): readings from the least value to the greatest, each a dot with its bounds; full if what
    is claimed `holds` in it, dark if it is the one that is `used`. Below, one row an option
    (`name`, and `note` for the choice) with a mark under each reading that takes it (`at`: rows of
    `data`).
    """
    data = layout.completed(data).sort_values("value", kind="stable")
    place = {row: count for count, row in enumerate(data.index)}
    with layout.lanes(options, width, rtl, head=CURVE) as (figure, axes, lanes):
        axes.set_xlim(*ends(-0.7, len(data) - 0.3, rtl))
        _curve(axes, data, number, rtl)
        for option, y in zip(layout.each(options), lanes, strict=True):
            axes.axhline(y, color=PALE, linewidth=0.5, zorder=0)
            marks = [place[row] for row in option.at]
            axes.plot(marks, [y] * len(marks), "s", color=QUIET, markersize=2.6)
        return layout.svg(figure)


def _curve(axes: Axes, data: pd.DataFrame, number: Number, rtl: bool) -> None:
    """The dots above the rows; lines at the least and the greatest value, and at zero between."""
    accent, rust, *_ = layout.colours()
    least, most = data.value.min(), data.value.max()
    scale = (CURVE - 2 * ROOM) / (most - least or 1)

    def up(value: float) -> float:
        return ROOM + (min(max(value, least), most) - least) * scale

    begin, end = sorted(axes.get_xlim())
    for value in dict.fromkeys([least, *([0.0] if least < 0 < most else []), most]):
        line: Any = {"color": "#d5dcde", "linewidth": 0.5, "zorder": 0, "clip_on": False}
        axes.plot([begin, end], [up(value)] * 2, **line)
        below = value == least and least < most
        text = {"ha": "right" if rtl else "left", "va": "top" if below else "bottom"}
        shift = (0, -2 if below else 2)
        layout.write(
            axes, number(float(f"{value:.4g}")), (begin, up(value)), shift, color=QUIET, **text
        )
    flags = data[["holds", "used"]].astype(bool)
    places = data.assign(**flags, at=range(len(data)), y=data.value.map(up))
    places["ink"] = places.holds.map({True: PASSED, False: rust}).mask(places.used, accent)
    known = places[places.value.map(math.isfinite)]
    ends_of = (known.low.map(up), known.high.map(up))
    axes.vlines(known["at"], *ends_of, colors=list(known.ink), linewidth=1, zorder=2, clip_on=False)
    for (ink, holds, used), some in places.groupby(["ink", "holds", "used"], sort=False):
        look: Any = {"mfc": ink if holds else "white", "markersize": 5 if used else 3.2}
        axes.plot(some["at"], some.y, "o", color=ink, zorder=3, clip_on=False, **look)
