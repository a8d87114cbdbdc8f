"""What every figure is drawn on: fonts, margins, axes, and the way out to SVG.

Sizes are in points, widths in millimetres. No pyplot: no window system, no state shared between
figures.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import matplotlib
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from taawun.charts import room

#: The text width of a page, and a telephone's: its letters are 12 pixels on a screen of 320.
WIDE, NARROW = 170, 70
STYLE = Path(__file__).with_name("report.mplstyle")
INK, QUIET, PALE = "#1b2a2f", "#4a575c", "#e6ebec"
#: Text in a colour is darker than lines in it, 7 : 1 on white.
INKS = {"#b4501a": "#8f3d10", "#6a92cf": "#3a5a8c"}
#: The fills of parts of a whole or of steps of a scale, from dark to pale, so that they differ in
#: grey, too; and the text on each.
PARTS = (("#00594f", "white"), ("#8fb8b0", INK), ("#dce8e5", INK))
ROW, LINE = 20, 12  # least height of a row, and height of a line in it
YEAR = 34  # the room that a year takes below an axis
_ARABIC = re.compile("[\u0600-\u06ff]")
_PERCENTAGE = re.compile(r"[-−]?\d[\d.,]*\s?%")
_BEGINS_LATIN = re.compile("[^\u0600-\u06ff]*?[A-Za-z].*[\u0600-\u06ff]")
#: How an axis prints a number.
Number = Callable[[float], str]


def points(millimetres: float) -> float:
    """A length in points."""
    return millimetres / 25.4 * 72


@contextmanager
def sheet(
    width: float,
    height: float,
    *,
    left: float = 2,
    right: float = 10,
    top: float = 6,
    bottom: float = 16,
) -> Iterator[tuple[Figure, Axes]]:
    """A figure of `width` x `height` mm with one axes; the margins are points.

    The style holds inside the block only.
    """
    with matplotlib.rc_context(_looks()):
        figure = Figure(figsize=(width / 25.4, height / 25.4), dpi=72)
        wide, high = points(width), points(height)
        across, up = 1 - (left + right) / wide, 1 - (top + bottom) / high
        yield figure, figure.add_axes((left / wide, bottom / high, across, up))


@cache
def _looks() -> matplotlib.RcParams:
    """The style, with the fonts that it names made known, each once: a font added twice is searched
    twice.
    """
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in map(room.font, (400, 600)):
        if path not in known:
            font_manager.fontManager.addfont(path)
    return matplotlib.rc_params_from_file(STYLE, use_default_template=False)


class Svg(str):
    """An SVG document as text, which JupyterLab shows as the drawing that it is."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return "a drawing"


def svg(figure: Figure) -> Svg:
    """The figure as one SVG document: text as outlines with its words in a comment, no date, no
    name of the program, hundredths of a point.
    """
    out = io.StringIO()
    metadata = dict.fromkeys(["Date", "Creator", "Format", "Type"])
    FigureCanvasSVG(figure).print_svg(out, metadata=metadata)
    text = re.sub(
        r"(?s)(<!--.*?-->|scale\([^)]*\))|-?\d+\.\d{3,}",
        lambda found: found[1] or hundredths(found[0]),
        re.sub("[\u200f\u2066\u2069]", "", out.getvalue()),
    )
    return Svg(text)


def hundredths(number: str) -> str:
    """A number with two decimals.

    Processors differ in the last bit and even places often end in a half, so that the turn is not
    there but beside it.
    """
    return f"{math.floor(float(number) * 100 + 0.5037) / 100:.2f}".rstrip("0").rstrip(".")


def colours() -> list[str]:
    """The palette of the style, first the accent."""
    return [entry["color"] for entry in matplotlib.rcParams["axes.prop_cycle"]]


def size(axes: Axes) -> tuple[float, float]:
    """The width and the height of the axes in points."""
    box, scale = axes.get_window_extent(), 72 / figure_of(axes).dpi
    return box.width * scale, box.height * scale


def is_narrow(axes: Axes) -> bool:
    """Whether the figure is for a telephone."""
    return figure_of(axes).get_figwidth() * 25.4 < 120


def figure_of(axes: Axes) -> Figure:
    """The figure that the axes belong to."""
    return cast(Figure, axes.get_figure(root=True))


def write(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    shift: tuple[float, float] = (0, 0),
    coordinates: Any = "data",
    **style: Any,
) -> Any:
    """A text at a place, shifted by points; it may stand outside the axes."""
    return axes.annotate(
        printable(text),
        place,
        xycoords=coordinates,
        xytext=shift,
        textcoords="offset points",
        annotation_clip=False,
        **style,
    )


def printable(text: str) -> str:
    """The text as the font can set it, which has no narrow no-break space, only the wide one; with
    Arabic letters in it, it runs from the right even if it begins with a name in Latin, and a
    percentage keeps its order.
    """
    text = text.replace("\u202f", "\u00a0")
    if _ARABIC.search(text):
        text = _PERCENTAGE.sub("\u2066\\g<0>\u2069", text)
    lines = text.split("\n")
    return "\n".join(f"\u200f{line}" if _BEGINS_LATIN.match(line) else line for line in lines)


def ink(colour: str) -> str:
    """The colour of text that belongs to what is drawn in a colour."""
    return INKS.get(colour if colour.startswith("#") else f"#{colour}", colour)


def completed(data: Any, **defaults: Any) -> pd.DataFrame:
    """The rows with numbers as floats, missing bounds as the value, optional columns filled in."""
    data = pd.DataFrame(data)
    data = data.assign(**{name: value for name, value in defaults.items() if name not in data})
    for name in [name for name in data if name.endswith(("value", "low", "high"))]:
        data[name] = pd.to_numeric(data[name]).astype(float)
    if "value" in data:
        data["low"] = data.get("low", data.value).fillna(data.value)
        data["high"] = data.get("high", data.value).fillna(data.value)
    return data


def dated(data: Any, **defaults: Any) -> pd.DataFrame:
    """The completed rows in order of `date`, with `x`, the date as a decimal year."""
    data = completed(data, **defaults)
    return data.assign(x=years(data["date"])).sort_values("x", kind="stable")


def years(dates: Iterable[Any]) -> pd.Series:
    """Days as decimal years, of a month or a year its last; nothing where there is none."""
    periods = pd.Series(dates, dtype=object).map(lambda date: pd.Period(str(date)[:10]))
    day = pd.to_datetime(periods.map(lambda period: getattr(period, "end_time", None)))
    return day.dt.year + (day.dt.day_of_year - 1) / 366


def each(data: pd.DataFrame) -> Iterator[Any]:
    """The rows, each with its cells as attributes."""
    yield from data.itertuples()


def ends_of(data: pd.DataFrame, log: bool = False) -> list[float]:
    """All finite values and bounds of the rows; on a logarithmic axis only those above zero."""
    ends = [*data.value, *data.low, *data.high]
    return [end for end in ends if math.isfinite(end) and (end > 0 or not log)]


def with_commas(value: float) -> str:
    """A number for an axis: thousands with commas, no needless decimals."""
    return f"{value:,.10g}"


def ends(start: float, end: float, rtl: bool) -> tuple[float, float]:
    """The two ends of a value axis: mirrored where people read from the right."""
    return (end, start) if rtl else (start, end)


def make_head(axes: Axes, height: float) -> None:
    """Leave so many points above the axes, which become as much lower."""
    place = axes.get_position()
    share = height / points(figure_of(axes).get_figheight() * 25.4)
    axes.set_position((place.x0, place.y0, place.width, place.height - share))


def plane(
    axes: Axes, data: pd.DataFrame, number: Number, log: bool = False, floor: float = 0
) -> list[float]:
    """Years along the bottom, and where lines for values from `floor` on belong, each with its
    label above where it begins; gives these values. `room.lines_between_words` draws the lines,
    once all words stand.
    """
    ends = ends_of(data, log)
    low, high = min(floor, *ends), max(ends) + 0.08 * (max(ends) - floor)
    if log:
        low, high = min(ends) / 1.5, max(ends) * 1.5
    axes.set_yscale("log" if log else "linear")
    axes.set_ylim(low, high)
    if not log:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    elif max(ends) < 200 * min(ends):
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    up = axes.transData.transform
    top = up((0, high))[1] - LINE  # the label of a line stands above it
    ticks = [tick for tick in axes.get_yticks() if low <= tick and up((0, tick))[1] <= top]
    axes.set_yticks(ticks, [""] * len(ticks))
    labels = [printable(number(tick)) for tick in ticks]
    _years(axes, data, max(map(room.wide, labels), default=0) + 12)
    for tick, label in zip(ticks, labels, strict=True):
        write(axes, label, (0, tick), (0, 2), ("axes fraction", "data"), color=QUIET)
    return ticks


def _years(axes: Axes, data: pd.DataFrame, left: float) -> None:
    """The axis of time: whole years; so many points are left for the labels of the values."""
    first, last = data.x.min(), data.x.max()
    span, share = last - first, left / size(axes)[0]
    axes.set_xlim(first - share / (0.98 - share) * span, last + 0.02 * span)
    most = min(5 if is_narrow(axes) else 9, max(1, int(size(axes)[0] / YEAR)))
    locator = MaxNLocator(integer=True, steps=[1, 2, 5, 10], nbins=most)
    turns = locator.tick_values(first, last)
    turns = [turn for turn in turns if first - 0.05 * span <= turn <= last]
    axes.set_xticks(turns, [f"{turn:.0f}" for turn in turns])


@contextmanager
def lanes(
    data: pd.DataFrame,
    width: float,
    rtl: bool,
    *,
    foot: float = 4,
    head: float = 4,
    below: float = 0,
) -> Iterator[tuple[Figure, Axes, list[float]]]:
    """A sheet with one lane a row, its `name` and in grey its `note` at the start side, or above it
    on a narrow one, and so many points of room below each; with the figure and its axes the height
    at which each lane runs.
    """
    narrow = width < 120
    column = 4 if narrow else points(width) * 0.44
    across = points(width) - 6 if narrow else column - 12
    blocks = [_lines(row, across) for row in each(data.assign(note=data.get("note", "")))]
    least = ROW - LINE
    heights = [
        LINE * len(lines) + 22 + below if narrow else max(LINE * len(lines), LINE + below) + least
        for lines in blocks
    ]
    left, right = (2, column) if rtl else (column, 2)
    height = (sum(heights) + foot + head) / 72 * 25.4
    with sheet(width, height, top=head, bottom=foot, left=left, right=right) as (figure, axes):
        axes.set_ylim(-sum(heights), 0)
        axes.set_yticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="x", length=0)
        if foot < 10:
            axes.xaxis.set_visible(False)
        places: list[float] = []
        top = 0.0
        for lines, high in zip(blocks, heights, strict=True):
            middle = LINE * len(lines) / 2
            places.append(top - (high - below - 11 if narrow else (high - below) / 2))
            begin = top - 2 - middle if narrow else top - high / 2
            _name(axes, lines, begin + middle, 2 if narrow else column - 2, rtl)
            top -= high
        yield figure, axes, places


def _lines(row: Any, across: float) -> list[tuple[str, str]]:
    """The lines of a row's name and of its note, each with its colour."""
    note = room.wrapped(row.note, across) if isinstance(row.note, str) and row.note else []
    name = room.wrapped(str(row.name), across)
    return [*((line, INK) for line in name), *((line, QUIET) for line in note)]


def _name(axes: Axes, lines: list[tuple[str, str]], top: float, away: float, rtl: bool) -> None:
    """The lines of a lane's name, so far away from where it begins, from a height downwards."""
    place, shift = (1, away) if rtl else (0, -away)
    for count, (line, colour) in enumerate(lines):
        at = (place, top - LINE * (count + 0.5))
        style = {"ha": "right" if rtl else "left", "va": "center", "color": colour}
        write(axes, line, at, (shift, 0), ("axes fraction", "data"), **style)
