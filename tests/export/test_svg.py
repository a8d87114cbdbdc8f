"""Drawings made fit for a page."""

import re

import pytest

from taawun.charts import charts as plots
from taawun.export.svg import Sprite, _relative

ROWS = {"name": ["Rabat"], "value": [5.7], "label": ["5.7%"], "id": ["c1"]}
LETTER = (
    r'<path id="(?:IBMPlexSansArabic-Regular-|pR)(\w+)" d="([^"]*)" '
    r'transform="scale\(([\d.]+)\)"/>'
)


def points(shape):
    """The numbers of an outline as they are told from its origin."""
    found, at, start = [], (0, 0), (0, 0)
    for sign, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", shape):
        numbers = [int(number) for number in re.findall(r"-?\d+", rest)]
        told = list(zip(numbers[::2], numbers[1::2], strict=True))
        if sign.islower():
            told = [(at[0] + x, at[1] + y) for x, y in told]
        start = told[0] if sign in "Mm" else start
        at = told[-1] if told else start
        found += [number for point in told for number in point]
    return found


def outlines(text):
    """The numbers of each letter's outline, in points of a letter of one point."""
    return {
        name: [number * float(scale) for number in points(shape)]
        for name, shape, scale in re.findall(LETTER, text)
    }


def test_letters_are_drawn_with_fewer_digits_and_look_the_same():
    svg = plots.bars(ROWS)
    sprite = Sprite()
    page = sprite.inline(svg, "f", lambda name: name)
    before, after = outlines(svg), outlines(str(sprite))
    assert before.keys() == after.keys()
    assert len(after) > 6
    for letter, shape in after.items():
        assert shape == pytest.approx(before[letter], abs=0.126), "an eight-hundredth of its height"
    assert len(str(sprite)) < 0.8 * sum(
        len(path) for path in re.findall(r"<path id=.IBM[^>]*>", svg)
    )
    assert page.count("<use") > 8


def test_a_contour_that_does_not_return_by_itself_is_followed_by_one_in_its_place():
    outline = "M0 0L10 0L10 10zM2 2L3 3L2 3z"
    assert _relative(outline) != outline
    assert points(_relative(outline)) == points(outline)
