"""What every figure is drawn on: fonts, margins, axes, and the way out to SVG.

Sizes are in points, widths in millimetres. No pyplot: no window system, no state shared between
figures.
"""

import io
import math
import re
import textwrap
from contextlib import contextmanager
from pathlib import Path

import fontpkg
import matplotlib
import pandas as pd
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

WIDE, NARROW = 170, 92
STYLE = Path(__file__).with_name("report.mplstyle")
FAMILY = "IBM Plex Sans Arabic"
QUIET, PALE = "#5a686e", "#e6ebec"
ROW, LINE = 22, 12  # height of a row of one line, and of each further line


@contextmanager
def sheet(width, height, *, left=2, right=10, top=6, bottom=16):
    """A figure of `width` x `height` mm with one axes; the margins are points.

    The style holds inside the block only.
    """
    for weight in (400, 600):
        _register(str(fontpkg.path(FAMILY, weight)))
    with matplotlib.rc_context(fname=STYLE):
        figure = Figure(figsize=(width / 25.4, height / 25.4))
        wide, high = width / 25.4 * 72, height / 25.4 * 72
        axes = figure.add_axes(
            [left / wide, bottom / high, 1 - (left + right) / wide, 1 - (top + bottom) / high]
        )
        yield figure, axes


def _register(path):
    """Matplotlib keeps a list, not a set: a font added twice is searched twice."""
    if all(font.fname != path for font in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(path)


def svg(figure):
    """The figure as one SVG document: text as outlines with its words in a comment, no date, no
    name of the program, hundredths of a point.
    """
    out = io.StringIO()
    FigureCanvasSVG(figure).print_svg(
        out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    return re.sub(
        r"(?s)(<!--.*?-->|scale\([^)]*\))|-?\d+\.\d{3,}",
        lambda found: found[1] or _hundredths(found[0]),
        out.getvalue(),
    )


def _hundredths(number):
    """A number with two decimals.

    Processors differ in the last bit and even places often end in a half, so that the turn is not
    there but beside it.
    """
    return f"{math.floor(float(number) * 100 + 0.5037) / 100:.2f}".rstrip("0").rstrip(".")


def colours():
    """The palette of the style, first the accent."""
    return [entry["color"] for entry in matplotlib.rcParams["axes.prop_cycle"]]


def rows(data, **defaults):
    """The data with numbers as floats, bounds never missing where a value is there, and the
    optional columns filled in.
    """
    data = pd.DataFrame(data)
    data = data.assign(**{name: value for name, value in defaults.items() if name not in data})
    for name in [name for name in data if name.endswith(("value", "low", "high"))]:
        data[name] = pd.to_numeric(data[name]).astype(float)
    if "value" in data:
        data["low"] = data.get("low", data.value).fillna(data.value)
        data["high"] = data.get("high", data.value).fillna(data.value)
    return data


def years(data, **defaults):
    """The rows in order of `date`, with `x`, the date as a decimal year."""
    data = rows(data, **defaults)
    date = pd.to_datetime(data["date"])
    start = pd.to_datetime(date.dt.year.astype(str) + "-01-01")
    return data.assign(x=date.dt.year + (date - start).dt.days / 366).sort_values(
        "x", kind="stable"
    )


def beside(data):
    """The dated rows with `at`, the side of each label: where a rising line leaves room, up and
    back; a falling one, up and on.
    """
    if "at" in data:
        return data
    first, last = (data.groupby("series").value.transform(which) for which in ("first", "last"))
    sides = [
        "n" if x == data.x.min() else "nw" if up else "ne" for x, up in zip(data.x, last >= first)
    ]
    return data.assign(at=sides)


def plane(axes, data, number, log=False):
    """Years along the bottom, values on thin lines whose labels stand on the line at its beginning."""
    ends = [
        end
        for end in (*data.value, *data.low, *data.high)
        if math.isfinite(end) and (end > 0 or not log)
    ]
    axes.set_yscale("log" if log else "linear")
    axes.set_ylim(
        *((min(ends) / 1.5, max(ends) * 1.5) if log else (min(0, *ends), max(ends) * 1.08))
    )
    span = data.x.max() - data.x.min()
    axes.set_xlim(data.x.min() - (0.19 if small(axes) else 0.1) * span, data.x.max() + 0.02 * span)
    turns = MaxNLocator(
        integer=True, steps=[1, 2, 5, 10], nbins=5 if small(axes) else 9
    ).tick_values(data.x.min(), data.x.max())
    turns = [turn for turn in turns if data.x.min() - 0.05 * span <= turn <= data.x.max()]
    axes.set_xticks(turns, [f"{turn:.0f}" for turn in turns])
    if not log:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    elif max(ends) < 200 * min(ends):
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(axis="y")
    low, high = axes.get_ylim()
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high]
    axes.set_yticks(ticks, [""] * len(ticks))
    for tick in ticks:
        axes.annotate(
            printable(number(tick)),
            (0, tick),
            xycoords=("axes fraction", "data"),
            xytext=(0, 2.5),
            textcoords="offset points",
            color=QUIET,
            fontsize=8,
        )


def small(axes):
    """Whether the figure is for a telephone."""
    return axes.figure.get_figwidth() * 25.4 < 120


@contextmanager
def lanes(data, width, rtl, *, foot=4, head=4):
    """A sheet with one lane a row, its `name` (and `detail`) at the start side, or above the lane
    on a narrow one.
    """
    narrow = width < 120
    names = [textwrap.wrap(str(name), 44 if narrow else 36) for name in data["name"]]
    heights = [ROW + (6 + LINE * len(name) if narrow else LINE * (len(name) - 1)) for name in names]
    column = 9 if narrow else width / 25.4 * 72 * 0.38
    margins = {"left": 2, "right": column} if rtl else {"left": column, "right": 2}
    with sheet(
        width, (sum(heights) + foot + head) / 72 * 25.4, top=head, bottom=foot, **margins
    ) as (figure, axes):
        axes.set_ylim(-sum(heights), 0)
        axes.set_yticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="x", length=0)
        if foot < 10:
            axes.xaxis.set_visible(False)
        places, top = [], 0
        for name, height in zip(names, heights):
            places.append(top - (height - ROW / 2 + 1 if narrow else height / 2))
            _name(axes, name, top - 5 if narrow else places[-1], narrow, rtl, column)
            top -= height
        yield figure, axes, places


def _name(axes, lines, y, narrow, rtl, column):
    """The name of a lane; its far edge is the sheet's edge."""
    shift = 0 if narrow else (column - 2) * (1 if rtl else -1)
    axes.annotate(
        printable("\n".join(lines)),
        (1 if rtl else 0, y),
        xycoords=("axes fraction", "data"),
        xytext=(shift, 0),
        textcoords="offset points",
        ha="right" if rtl else "left",
        va="top" if narrow else "center",
        linespacing=0.95,
        multialignment="right" if rtl else "left",
        annotation_clip=False,
    )


def printable(text):
    """The text as the font can set it: it has no narrow no-break space, so that a chart takes the
    wide one.
    """
    return text.replace("\u202f", "\u00a0")
