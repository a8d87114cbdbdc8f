"""The words of an Arabic PDF are found: by PDFium here, by others in .ci/test_readers.py."""

import io
import re

import nbformat
import pikepdf
import pypdfium2
import pytest

from taawun.export import TaawunPDFExporter
from taawun.export.finish import finished
from taawun.mime import DOCUMENT
from taawun.paths import ROOT

WORDS = ["البرلمان", "نونبر", "المنخرطين", "نشر", "يحصي", "في", "إلى", "أكثر", "مشروع", "الأرقام"]


@pytest.fixture(scope="module")
def printed():
    """The words above in a PDF of their own, one of them with a sign above a letter."""
    cells = [
        nbformat.v4.new_code_cell(
            outputs=[
                nbformat.v4.new_output(
                    "display_data", {DOCUMENT: {"title": "عنوان", "language": "ar"}}
                )
            ]
        ),
        nbformat.v4.new_markdown_cell(" ".join(WORDS).replace("نشر", "نُشر")),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    return TaawunPDFExporter().from_notebook_node(notebook)[0]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_with_ligatures_is_found(printed, word):
    with pypdfium2.PdfDocument(printed) as pdf:
        assert pdf[0].get_textpage().search(word).get_next()


def test_every_object_is_where_the_table_says(printed):
    body, start = printed, int(re.search(rb"startxref\n(\d+)\n", printed)[1])
    assert body[start : start + 5] == b"xref\n"
    places = re.findall(rb"(\d{10}) \d{5} n", body[start:])
    assert len(places) > 20
    for number, place in enumerate(map(int, places), 1):
        assert re.match(rb"%d 0 obj" % number, body[place:])
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_turned_round_twice_a_pdf_is_refused_and_not_turned_back(printed):
    with pytest.raises(ValueError, match="compressed"):
        finished(printed)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_ligature_of_a_brief_stands_from_the_right(language):
    with pikepdf.open(ROOT / f"reports/05-brief.{language}.pdf") as pdf:
        fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
        maps = [font.ToUnicode.read_bytes() for font in fonts if "/ToUnicode" in font]
    assert maps
    assert any(b"<06270644>" in words for words in maps)  # lam-alef: all quote Arabic
    assert not any(b"<06440627>" in words for words in maps)
