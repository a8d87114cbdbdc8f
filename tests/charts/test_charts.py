"""The figures: well-formed, the same every time, every label a link, Arabic letters joined."""

import json
import math
import re
import warnings
from itertools import combinations, pairwise
from xml.etree import ElementTree

import ink
import numpy as np
import pandas as pd
import pytest

from taawun.charts import charts as plots
from taawun.charts import layout, room
from taawun.charts.layout import hundredths
from taawun.mime import FIGURE, shown
from taawun.paths import ROOT

DATES = ["1998-12-31", "2015-12-31", "2018-12-31", "2025-06-30"]
POINTS = pd.DataFrame(
    {
        "date": DATES,
        "value": [2986, 15735, 20000, 63445],
        "low": [2986, 15000, 20000, 63445],
        "high": [2986, 16000, math.inf, 63445],
        "label": ["2,986", "15,735", "more than 20,000", "63\u202f445"],
        "id": ["D01", "D05", "D06", "Q01"],
        "contested": [False, False, True, False],
    }
)
AHEAD = pd.DataFrame(
    {
        "date": ["2027-12-31", "2030-12-31"] * 2,
        "scenario": ["slow", "slow", "fast", "fast"],
        "value": [65000, 70000, 70000, 71000],
        "low": [64000, 68000, 69000, 70500],
        "high": [66000, 72000, 71000, 71500],
        "label": ["", "70,000", "", "71,000"],
        "id": ["", "p1", "", "p2"],
    }
)
ROWS = pd.DataFrame(
    {
        "name": ["Mouazara", "Tahfiz Niswa", "Regional fairs"],
        "value": [0.5, math.nan, 5.7],
        "low": [0.5, math.nan, 1.2],
        "high": [0.5, math.nan, math.inf],
        "label": ["0.5%", "", "more than 5.7%"],
        "id": ["c1", "c2", "c3"],
    }
)
CLAIMS = pd.DataFrame(
    {
        "name": ["Members"],
        "claim_value": [878000],
        "claim_low": [878000],
        "claim_high": [math.inf],
        "claim_label": ["more than 878,000"],
        "claim_id": ["A05"],
        "record_value": [778654],
        "record_low": [778654],
        "record_high": [778654],
        "record_label": ["778,654"],
        "record_id": ["Q02"],
    }
)
VINTAGES = pd.DataFrame(
    {
        "name": ["Cooperatives"] * 3 + ["Members"] * 3,
        "part": ["before 2014", "2014 to 2020", "since 2021"] * 2,
        "value": [18.4, 43.6, 37.9, 55.8, 26.2, 18.0],
        "label": ["18.4%", "43.6%", "37.9%", "55.8%", "26.2%", "18.0%"],
        "id": ["v1", "v2", "v3", "v4", "v5", "v6"],
    }
)
SLOPES = pd.DataFrame(
    {
        "start": ["1998-12-31", "2015-12-31"],
        "end": ["2015-12-31", "2025-06-30"],
        "start_value": [2986, 15735],
        "end_value": [15735, 63445],
        "label": ["750 a year", "5,084 a year"],
        "id": ["s1", "s2"],
    }
)
READINGS = pd.DataFrame(
    {
        "value": [12.3456, 12.0, -3.5],
        "low": [12.0, 12.0, -math.inf],
        "high": [13.0, 12.0, -3.5],
        "used": [True, False, False],
        "holds": [True, True, False],
    }
)
TAKEN = pd.DataFrame(
    {
        "name": ["as read", "more than 30,000"],
        "note": ["stock at end 2020"] * 2,
        "at": [[0, 1], [2]],
    }
)
TOLD = pd.DataFrame(
    {
        "name": ["Office", "Head of government", "Minister"],
        "note": ["after its board", "to parliament", "at a fair"],
        "start": ["2025-06-30", "2025-06-30", ""],
        "date": ["2025-07-25", "2026-01-19", "2025-02-27"],
        "label": ["63,445", "nearly 63,445", "60,000"],
        "id": ["t1", "t2", "t3"],
    }
)
PLACES = pd.DataFrame(
    {
        "name": ["Tanger-Tétouan-Al Hoceima", "Laâyoune-Sakia El Hamra", "Oriental", "Souss"],
        "value": [6.2, 59.5, 32.2, math.nan],
        "label": ["6.2", "at least 59.5", "32.2", ""],
        "note": ["2020", "2024", "2022", ""],
        "column": [2, 1, 4, 1],
        "row": [1, 2, 1, 3],
        "id": ["d1", "d2", "d3", ""],
    }
)
DRAWN = {
    "spells": (lambda **o: plots.spells(TOLD, **o), {"t1", "t2", "t3"}),
    "spells rtl": (lambda **o: plots.spells(TOLD, rtl=True, **o), {"t1", "t2", "t3"}),
    "tiles": (lambda **o: plots.tiles(PLACES, **o), {"d1", "d2", "d3"}),
    "ranges mark": (
        lambda **o: plots.ranges(ROWS, mark=(8, 8, "one in twelve"), **o),
        {"c1", "c2", "c3"},
    ),
    "ranges mark rtl": (
        lambda **o: plots.ranges(ROWS, mark=(3, 4, "printed"), rtl=True, **o),
        {"c1", "c2", "c3"},
    ),
    "timeline": (
        lambda **o: plots.timeline(POINTS, breaks=[("2015-01-01", "2016-12-31", "new law")], **o),
        {"D01", "D05", "D06", "Q01"},
    ),
    "timeline log": (
        lambda **o: plots.timeline(POINTS, log=True, step=True, **o),
        {"D01", "D05", "D06", "Q01"},
    ),
    "timeline floor": (
        lambda **o: plots.timeline(
            POINTS.assign(series=["coops", "coops", "told", "coops"]), floor=2000, **o
        ),
        {"D01", "D05", "D06", "Q01"},
    ),
    "timeline slopes": (
        lambda **o: plots.timeline(POINTS, slopes=SLOPES, **o),
        {"D01", "D05", "D06", "Q01", "s1", "s2"},
    ),
    "timeline crowded": (
        lambda **o: plots.timeline(
            POINTS.assign(
                date=["1998-12-31", "2025-02-28", "2025-04-30", "2025-06-30"],
                value=[2986, 60000, 62000, 63445],
                low=[2986, 60000, 62000, 63445],
            ),
            **o,
        ),
        {"D01", "D05", "D06", "Q01"},
    ),
    "stacked": (lambda **o: plots.stacked(VINTAGES, **o), set(VINTAGES["id"])),
    "stacked rtl": (lambda **o: plots.stacked(VINTAGES, rtl=True, **o), set(VINTAGES["id"])),
    "fan": (lambda **o: plots.fan(POINTS, AHEAD, **o), {"D01", "D05", "D06", "Q01", "p1", "p2"}),
    "bars": (lambda **o: plots.bars(ROWS.dropna(), **o), {"c1", "c3"}),
    "bars rtl": (lambda **o: plots.bars(ROWS.dropna(), rtl=True, **o), {"c1", "c3"}),
    "ranges": (lambda **o: plots.ranges(ROWS, **o), {"c1", "c2", "c3"}),
    "ranges log rtl": (lambda **o: plots.ranges(ROWS, log=True, rtl=True, **o), {"c1", "c2", "c3"}),
    "pairs": (lambda **o: plots.pairs(CLAIMS, **o), {"A05", "Q02"}),
    "specification": (lambda **o: plots.specification(READINGS, TAKEN, **o), set()),
    "specification rtl": (lambda **o: plots.specification(READINGS, TAKEN, rtl=True, **o), set()),
    "pairs rtl": (lambda **o: plots.pairs(CLAIMS, rtl=True, **o), {"A05", "Q02"}),
}


@pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW])
@pytest.mark.parametrize("name", DRAWN)
def test_figure(name, width):
    draw, ids = DRAWN[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter that the font does not have is only a warning
        svg = draw(width=width)
    assert svg == draw(width=width), "the same rows must give the same bytes"
    root = ElementTree.fromstring(svg)
    assert float(root.get("width").removesuffix("pt")) == pytest.approx(width / 25.4 * 72, abs=0.01)
    assert set(re.findall(r'xlink:href="#n-([^"]+)"', svg)) == ids
    assert not root.findall(".//{http://www.w3.org/2000/svg}text"), "text must be outlines"
    assert not re.search(r"20\d\d-\d\d-\d\dT|<dc:date>|matplotlib\.org", svg)
    assert not re.search(r"\d\.\d{3,}", re.sub(r"(?s)<!--.*?-->|scale\([^)]*\)", "", svg)), (
        "the last bits of a number are the processor's"
    )
    assert "nan" not in re.sub(r"<!--.*?-->", "", svg)


@pytest.mark.parametrize("name", DRAWN)
def test_labels_are_inside_the_sheet(name):
    for width in (plots.WIDE, plots.NARROW):
        svg = DRAWN[name][0](width=width)
        edge = width / 25.4 * 72
        for x, size in re.findall(r"translate\((-?[\d.]+) -?[\d.]+\) scale\(([\d.]+)", svg):
            assert -1 <= float(x) <= edge - 30 * float(size), (
                f"{name} at {width} mm: a label starts at {x} of {edge:.0f}"
            )


@pytest.mark.parametrize("width", [plots.WIDE, plots.NARROW])
@pytest.mark.parametrize("name", DRAWN)
def test_labels_touch_nothing(name, width):
    assert ink.faults(DRAWN[name][0](width=width)) == []


def test_labels_that_touch_or_are_crossed_are_noticed():
    svg = plots.timeline(POINTS.assign(series="cooperatives"))
    moved = re.sub(r"translate\([\d.]+ [\d.]+\) scale", "translate(99 99) scale", svg)
    assert {fault.split(":")[0] for fault in ink.faults(moved)} >= {"labels touch"}
    lines = [line[1] for line in ink.thin_lines(ElementTree.fromstring(svg))]
    crossed = re.sub(r"(translate\([\d.]+) [\d.]+\) scale", rf"\1 {lines[1] + 2}) scale", svg)
    assert any(fault.startswith("a line crosses") for fault in ink.faults(crossed))


def figures():
    """Every figure of the last build: (notebook, figure, which drawing, SVG)."""
    for path in sorted((ROOT / "build/published/notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for _, figure in shown(notebook["cells"], FIGURE):
            for kind in ("svg", "svg_narrow"):
                yield f"{path.stem} {figure['id']} {kind}", figure[kind]


def test_labels_of_every_figure_touch_nothing_in_any_language():
    drawn = dict(figures())
    assert len(drawn) > 10
    assert {name: found for name, svg in drawn.items() if (found := ink.faults(svg))} == {}


def test_a_label_is_measured_in_the_font_of_the_report_outside_a_drawing_too(caplog):
    room.wide.cache_clear()
    outside = room.wide("cooperatives", 600)
    room.wide.cache_clear()
    with layout.sheet(plots.WIDE, 40):
        assert room.wide("cooperatives", 600) == outside
    assert "findfont" not in caplog.text


def glyphs(text):
    """The outlines that a label is set with, in the order of the page."""
    svg = plots.bars(ROWS.head(1).assign(name=[text], label=["1"]))
    words = re.search(rf"<!-- {text} -->(.*?)</g>\s*</g>", svg, re.S)[1]
    return re.findall(r'<use xlink:href="#([^"]+)"', words)


def test_arabic_letters_join_and_run_from_the_right():
    assert len(set(glyphs("ببب"))) == 3, "first, middle and last form of one letter"
    assert glyphs("بن")[-1] == glyphs("بب")[-1] != glyphs("بن")[0], (
        "the first letter stands furthest right"
    )


def test_a_line_with_arabic_runs_from_the_right_even_if_it_begins_in_latin():
    name, word = glyphs("AB"), glyphs("بن")
    line = glyphs("AB: بن")
    assert line.index(name[-1]) > line.index(word[-1]), "the name stands right of the word"
    assert glyphs("AB: CD")[-1] == glyphs("CD")[-1]


def test_a_percentage_among_arabic_words_keeps_its_order():
    sign = glyphs("%")[0]
    among = glyphs("بين 85%")
    assert sign in among
    assert among.index(sign) > 0, "its sign stands right of its digits"


def test_rows_of_other_numbers_look_different():
    assert plots.bars(ROWS.dropna()) != plots.bars(ROWS.dropna().assign(value=[0.6, 5.7]))


def test_words_in_a_drawing_are_not_rounded_as_its_numbers_are():
    svg = plots.bars(ROWS.dropna().assign(label=["2.986", "63.445"]))
    for text in ("2.986", "63.445"):  # Arabic and Moroccan numbers have a point for thousands
        assert f"<!-- {text} -->" in svg


def years_on(svg):
    """The years along the axis of a drawing with their places from the left."""
    return re.findall(r"<!-- (\d{4}) -->\s*<g [^>]*translate\(([\d.]+)", svg)


def test_years_stand_clear_of_one_another_where_labels_leave_little_room():
    ahead = AHEAD.assign(scenario=AHEAD["scenario"] + ", at the pace of the last five years")
    for chart, least in (
        (plots.fan(POINTS, ahead, width=plots.NARROW), 1),
        (plots.timeline(POINTS, width=plots.NARROW), 3),
        (plots.timeline(POINTS), 5),
    ):
        places = [float(place) for _, place in years_on(chart)]
        assert len(places) >= least
        assert all(later - earlier > 26 for earlier, later in pairwise(places))


def test_no_series_is_left_out_when_there_are_more_than_colours():
    many = pd.concat([POINTS.assign(series=f"series {place}") for place in range(12)])
    svg = plots.timeline(many)
    assert all(f"<!-- series {place} -->" in svg for place in range(12))


@pytest.mark.parametrize("number", [0.125, 2.505, -7.495, 144.0, 481.88499999, -0.004, 1e-17])
def test_the_last_bit_does_not_turn_a_hundredth(number):
    printed = {
        hundredths(f"{near!r}")
        for near in (math.nextafter(number, -math.inf), number, math.nextafter(number, math.inf))
    }
    assert len(printed) == 1
    assert float(printed.pop()) == pytest.approx(number, abs=0.006)


def words(svg):
    return re.findall(r"<!-- (.*?) -->", svg)


def test_a_curve_runs_from_the_least_reading_to_the_greatest():
    svg = plots.specification(READINGS, TAKEN)
    assert words(svg)[-3:] == ["-3.5", "0", "12.35"]
    marks = re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)" style="fill: #4a575c', svg)
    rows = {y: [float(x) for x, other in marks if other == y] for _, y in marks}
    (used, even), (least,) = [
        places for _, places in sorted(rows.items(), key=lambda r: float(r[0]))
    ]
    assert least < even < used, "the other option has the least value, and 12 is below 12.3456"


def test_a_curve_without_a_change_of_sign_has_no_line_at_zero():
    assert "0" not in words(plots.specification(READINGS.head(2), TAKEN.head(1)))


def test_all_readings_may_have_one_value():
    one = READINGS.head(1)
    assert words(plots.specification(one, TAKEN.head(1).assign(at=[[0]]))).count("12.35") == 1


def test_what_does_not_hold_is_hollow_and_what_is_used_dark():
    svg = plots.specification(READINGS, TAKEN)
    assert svg.count("fill: #ffffff; stroke: #b4501a") == 1
    assert svg.count("fill: #00594f; stroke: #00594f") >= 1
    assert svg.count("fill: #9db8b3; stroke: #9db8b3") >= 1


def test_the_least_of_a_curve_is_written_below_its_line_and_the_greatest_above():
    svg = plots.specification(READINGS, TAKEN)
    found = re.findall(r"<!-- (.*?) -->.*?translate\([\d.]+ ([\d.]+)\)", svg, re.S)
    heights = {words: float(height) for words, height in found}
    lines = 110 - 2 * 22
    assert heights["-3.5"] - heights["12.35"] == pytest.approx(lines + 16.75, abs=0.3)
    assert heights["12.35"] < heights["0"] < heights["-3.5"]
    clipped = re.findall(r'clip-path="[^"]*" style="fill: none; stroke: (#\w+)', svg)
    assert set(clipped) == {"#e6ebec"}, "the curve stands above the axes"


def dots(svg, fill):
    """The places of the dots of a fill, from the left."""
    found = re.findall(rf'<use [^>]*x="([\d.]+)" y="([\d.]+)" style="fill: {fill}', svg)
    return [(float(x), float(y)) for x, y in found]


def test_a_number_was_told_after_it_was_counted_and_one_of_no_known_day_has_one_dot():
    svg = plots.spells(TOLD)
    counted, told = dots(svg, "#ffffff"), dots(svg, "#00594f")
    assert [len(counted), len(told)] == [2, 3]
    assert [y for _, y in told] == sorted(y for _, y in told), "the one told first is above"
    assert [x for x, _ in told] == sorted(x for x, _ in told)
    assert counted[0][0] == counted[1][0], "one count, told twice"
    assert counted[0][0] < told[1][0] < told[2][0]


def test_tiles_stand_where_they_belong_and_are_darker_for_more():
    svg = plots.tiles(PLACES)
    found = dict(re.findall(r"<!-- (.*?) -->.*?translate\(([\d. ]+)\)", svg, re.S))
    place = {name: [*map(float, at.split())] for name, at in found.items()}
    assert place["Laâyoune-Sakia El Hamra"][0] < place["6.2"][0] < place["Oriental"][0]
    assert place["6.2"][1] == place["32.2"][1] < place["at least 59.5"][1] < place["Souss"][1]
    assert [svg.count(f'style="fill: {fill}') > 0 for fill, _ in layout.PARTS] == [True] * 3
    assert "stroke-dasharray" in svg, "a place without a count is an empty frame"
    assert "<!-- not reported -->" in svg


def test_a_value_axis_may_begin_above_zero():
    def heights(**how):
        return [y for _, y in dots(plots.timeline(POINTS, **how), "#00594f")]

    low, high = heights(), heights(floor=2900)
    assert max(low) - min(low) < max(high) - min(high)


def test_a_contested_dot_of_a_row_is_hollow():
    assert not dots(plots.ranges(ROWS), "#ffffff")
    assert len(dots(plots.ranges(ROWS.assign(contested=[True, False, False])), "#ffffff")) == 1


def seen(colour, matrix):
    """A colour in CIELAB, as an eye sees it that mixes red, green and blue by a matrix."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ratio = to_xyz @ np.clip(matrix @ linear, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


#: G. Machado, M. Oliveira, L. Fernandes, IEEE Transactions on Visualization 15 (6), 2009.
EYES = {
    "usual": np.eye(3),
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
}


@pytest.mark.parametrize("eye", EYES)
def test_colours_of_series_differ_for_every_eye_and_in_grey(eye):
    with layout.sheet(plots.WIDE, 40):
        palette = [colour.lstrip("#") for colour in layout.colours()]
    for one, other in combinations(palette, 2):
        first, second = (seen(colour, np.array(EYES[eye])) for colour in (one, other))
        assert np.linalg.norm(first - second) > 20, f"{one} and {other}"
        grey = [seen(colour, np.eye(3))[0] for colour in (one, other)]
        assert abs(grey[0] - grey[1]) > 10, f"{one} and {other}"


def test_a_colour_that_another_eye_confuses_is_noticed():
    rust, olive = (seen(colour, np.array(EYES["protanopia"])) for colour in ("b4501a", "7a6a2f"))
    assert np.linalg.norm(rust - olive) < 10


def test_values_of_one_size_leave_the_axis_readable():
    svg = plots.ranges(ROWS.head(1).assign(value=42_000, low=42_000, high=42_000), log=True)
    ticks = re.findall(r"<!-- ([\d,]+) -->\s*<g [^>]*translate\(([\d.]+)", svg)
    places = [float(place) for _, place in ticks]
    assert len(places) > 1
    assert all(later - earlier > 28 for earlier, later in pairwise(places))


def test_nothing_is_drawn_of_places_that_nobody_counted():
    nowhere = PLACES.assign(value=math.nan)
    assert plots.draw(plots.tiles, nowhere) == ("", "")
    assert plots.draw(plots.tiles, PLACES).wide


def test_where_no_page_is_made_sheets_stay_blank(monkeypatch):
    drawn = plots.draw(plots.tiles, PLACES)
    monkeypatch.setenv("TAAWUN_PAGE", "no")
    blank = plots.draw(plots.tiles, PLACES)
    assert all(blank)
    assert max(map(len, blank)) < min(map(len, drawn)) / 100
