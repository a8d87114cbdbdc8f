"""How full the printed pages of the brief are, and what stands at their ends."""

import pypdfium2
import pytest
from PIL import ImageChops

from taawun.paths import ROOT

SCALE = 2
#: Points from the edges of a page to its text.
TOP, BOTTOM = 68, 62
#: What a page of the body has to reach, and how much of it may be empty in one piece.
FULL, GAP = 0.85, 1 / 5
ANNEX = {"Annex", "Annexe", "ملحق"}


def body(language):
    """The pages before the annex: (which lines of their room have ink, the lines of their text),
    and all headings.
    """
    pages = []
    with pypdfium2.PdfDocument(ROOT / f"reports/05-brief.{language}.pdf") as brief:
        marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in brief.get_toc()]
        for number in range(min(page for title, page in marks if title in ANNEX)):
            page = brief[number]
            wide, high = page.get_size()
            picture = ImageChops.invert(page.render(scale=SCALE, grayscale=True).to_pil())
            room = picture.crop((0, TOP * SCALE, picture.width, int((high - BOTTOM) * SCALE)))
            inked = [
                room.crop((0, y, room.width, y + 1)).getextrema()[1] > 40
                for y in range(room.height)
            ]
            text = page.get_textpage().get_text_bounded(0, BOTTOM, wide, high - TOP)
            pages.append((inked, [line.strip() for line in text.splitlines() if line.strip()]))
    return pages, {title for title, _ in marks}


def fill(inked):
    """How far down a page there is ink, and its largest empty piece above that, as shares of it."""
    last = max(y for y, ink in enumerate(inked) if ink)
    gap = run = 0
    for ink in inked[:last]:
        run = 0 if ink else run + 1
        gap = max(gap, run)
    return last / len(inked), gap / len(inked)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_of_the_body_are_full(language):
    pages, _ = body(language)
    measured = [fill(inked) for inked, _ in pages]
    assert 3 <= len(pages) <= 4
    assert min(full for full, _ in measured[:-1]) >= FULL, measured
    assert max(gap for _, gap in measured) <= GAP, measured


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_heading_stands_at_the_foot_and_no_sentence_goes_over_the_page(language):
    pages, headings = body(language)
    assert len(headings) > 8
    for _, lines in pages:
        assert lines[-1] not in headings
        assert not lines[0][0].islower(), lines[0]


def test_an_empty_piece_is_measured():
    assert fill([True] * 10 + [False] * 5 + [True] * 5 + [False] * 20) == (19 / 40, 5 / 40)
