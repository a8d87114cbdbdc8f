"""The figures: well-formed, the same every time, every label a link, Arabic letters joined."""

import json
import math
import re
import warnings
from itertools import pairwise
from xml.etree import ElementTree

import ink
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
DRAWN = {
    "timeline": (
        lambda **o: plots.timeline(POINTS, breaks=[("2015-01-01", "2016-12-31", "new law")], **o),
        {"D01", "D05", "D06", "Q01"},
    ),
    "timeline log": (
        lambda **o: plots.timeline(POINTS, log=True, step=True, **o),
        {"D01", "D05", "D06", "Q01"},
    ),
    "timeline slopes": (
        lambda **o: plots.timeline(POINTS, slopes=SLOPES, **o),
        {"D01", "D05", "D06", "Q01", "s1", "s2"},
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
