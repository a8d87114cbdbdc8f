"""What is drawn on a figure: labels that are links, bounds, arrows for open bounds.

Distances are in points.
"""

import math

from matplotlib.transforms import offset_copy

from taawun.charts.layout import printable

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
MIRROR = str.maketrans("ew", "we")


def note(axes, x, y, text, side="n", id="", *, rtl=False, away=0, rise=0, **style):
    """A label beside a point, on one side of it; with an id it is a link to its ledger entry.

    `away` moves it further out along its lane and `rise` up, in points.
    """
    if not isinstance(text, str) or not text:
        return
    side = side.translate(MIRROR) if rtl else side
    dx, dy, ha, va = SIDES[side]
    dx, dy = dx + (away if dx > 0 else -away), dy + rise
    url = f"#n-{id}" if isinstance(id, str) and id else None
    label = axes.annotate(
        printable(text),
        (x, y),
        xytext=(dx, dy),
        textcoords="offset points",
        ha=ha,
        va=va,
        linespacing=1.15,
        annotation_clip=False,
        **style,
    )
    label.set_url(url)


def interval(axes, row, y, colour, thickness):
    """The bounds of a row as a bar along its lane; an open bound is an arrow."""
    low, high = finite(row.low, row.value), finite(row.high, row.value)
    if low < high:
        axes.plot(
            [low, high],
            [y, y],
            color=colour,
            linewidth=thickness,
            alpha=0.3 if thickness > 2 else 1,
        )
    for end, step in ((row.low, -1), (row.high, 1)):
        if math.isinf(end):
            arrow(axes, row.value, y, step * (-1 if axes.xaxis_inverted() else 1) * 16, 0, colour)


def bounds(axes, data, colour):
    """The bounds of each point as an upright bar; an open bound is an arrow."""
    for row in data.itertuples():
        low, high = finite(row.low, row.value), finite(row.high, row.value)
        if low < high:
            axes.plot(
                [row.x, row.x], [low, high], color=colour, linewidth=4, alpha=0.3, clip_on=False
            )
        for end, step in ((row.low, -1), (row.high, 1)):
            if math.isinf(end):
                arrow(axes, row.x, row.value, 0, 14 * step, colour)


def arrow(axes, x, y, dx, dy, colour):
    """A short arrow from two points beside a point: as printed, or beyond."""
    gap = [
        math.copysign(2, step) if step else 0 for step in (dx, dy)
    ]  # not shrinkB: its search for the end turns on a processor's last bit
    beside = offset_copy(axes.transData, axes.figure, *gap, units="points")
    axes.annotate(
        "",
        (x, y),
        xycoords=beside,
        xytext=(dx - gap[0], dy - gap[1]),
        textcoords="offset points",
        arrowprops={
            "arrowstyle": "<-",
            "color": colour,
            "linewidth": 1,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 7,
        },
    )


def points(axes, data, colour):
    """The labels of the points, and the contested ones drawn hollow."""
    for row in data.itertuples():
        if row.contested:
            axes.plot(
                row.x,
                row.value,
                "o",
                markerfacecolor="white",
                markeredgecolor=colour,
                markeredgewidth=1.4,
                clip_on=False,
            )
        note(axes, row.x, row.value, row.label, row.at, row.id, color=colour)


def beyond(row, end):
    """Where a label of a row starts: after its bound on that side (`low` or `high`), with room for
    the arrow of an open one.
    """
    bound = getattr(row, end)
    farther = min if end == "low" else max
    return farther(row.value, finite(bound, row.value)), 12 if math.isinf(bound) else 0


def spread(axes, heights, gap=12):
    """How far, in points, labels at these values must rise so that none covers another."""
    scale = (
        axes.get_window_extent().height
        / axes.figure.dpi
        * 72
        / (axes.get_ylim()[1] - axes.get_ylim()[0])
    )
    placed, order = {}, sorted(range(len(heights)), key=heights.__getitem__)
    for place in order:
        height = heights[place] * scale
        placed[place] = max([height] + [other + gap for other in placed.values()])
    drop = sum(placed[i] - heights[i] * scale for i in order) / len(order)
    return [placed[i] - heights[i] * scale - drop for i in range(len(heights))]


def overhang(labels):
    """A margin in points that holds the longest of these labels."""
    return 12 + 4.9 * max((len(label) for label in labels if isinstance(label, str)), default=0)


def finite(end, value):
    """The bound, or the value where the bound is open."""
    return end if math.isfinite(end) else value


def reach(axes, values, labels, log=False):
    """The far end of an axis that leaves room for the longest label after the largest value."""
    wide = axes.get_window_extent().width / axes.figure.dpi * 72
    share = 1 - min(0.7, overhang(labels) / wide)
    known = [value for value in values if math.isfinite(value) and (value > 0 or not log)]
    return min(known) * (max(known) / min(known)) ** (1 / share) if log else max(known) / share
