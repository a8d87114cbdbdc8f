"""The look of the printed pages, held against small references: `python tests/test_layout.py`
writes them anew after a change that is meant.
"""

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from taawun.paths import ROOT

REFERENCES = ROOT / "tests" / "expected" / "pages"
BODY, WIDTH = 4, 200  # pages of the brief before the annex; pixels


def pages(language):
    """The first pages of a brief as small grey pictures, drawn by PDFium."""
    with pypdfium2.PdfDocument(ROOT / f"reports/05-brief.{language}.pdf") as brief:
        return [
            brief[number].render(scale=WIDTH / brief[number].get_width(), grayscale=True).to_pil()
            for number in range(BODY)
        ]


def distance(page, reference):
    """Mean difference in shades of grey of 255, after a slight blur by halving, so that the edge of
    a letter does not count.
    """
    small = [
        picture.convert("L").resize((WIDTH // 4, WIDTH * 297 // 210 // 4))
        for picture in (page, reference)
    ]
    return ImageStat.Stat(ImageChops.difference(*small)).mean[0]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_look_as_they_did(language):
    for number, page in enumerate(pages(language), 1):
        with Image.open(REFERENCES / f"{language}-{number}.png") as reference:
            assert distance(page, reference) < 2, (
                f"page {number} of the {language} brief looks different; look at it, and if it "
                f"is meant run: python tests/test_layout.py"
            )


def test_another_page_is_noticed():
    first, second, *_ = pages("en")
    assert distance(first, second) > 4
    assert distance(first, first) == 0
    moved = ImageChops.offset(first, 0, 12)
    assert distance(moved, first) > 2


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_page_of_the_body_is_nearly_empty_and_margins_are_white(language):
    for page in pages(language):
        ink = ImageChops.invert(page.convert("L")).getbbox()
        left, top, right, bottom = ink
        assert left > WIDTH * 0.05
        assert right < WIDTH * 0.95
        assert bottom - top > page.height / 2


if __name__ == "__main__":
    REFERENCES.mkdir(exist_ok=True)
    for language in ("en", "fr", "ar"):
        for number, page in enumerate(pages(language), 1):
            page.quantize(16).save(REFERENCES / f"{language}-{number}.png", optimize=True)
