"""The brief as a document for Word: the same text, whose numbers lead into the page."""

import io
import re
import zipfile

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from taawun.export import TaawunDocxExporter, TaawunHTMLExporter
from taawun.mime import DOCUMENT, FIGURE, LEDGER, TABLE

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80pt" height="40pt" viewBox="0 0 80 40">'
    '<rect width="80" height="40" fill="#00594f"/></svg>'
)
ENTRY = {"id": "stock", "label": "Cooperatives", "value": "65,315", "words": "65.315 تعاونية"}
TABLE_OF = {
    "caption": "Counts",
    "columns": ["When", "Cooperatives on the register"],
    "numbers": [False, True],
    "rows": [["2025", "[65,315](#n-stock)"]],
}


def shown(data):
    return new_code_cell("secret()", outputs=[new_output("display_data", data=data)])


def manuscript(language="en", svg=SVG, text="It *is* [65,315](#n-stock) & 1 < 2."):
    figure = {"id": "f", "svg": svg, "title": "A line", "alt": 'A "line" <rises>', "caption": "S"}
    notebook = new_notebook(
        cells=[
            shown({DOCUMENT: {"title": "A brief", "language": language, "authors": ["Us"]}}),
            new_markdown_cell(f"## Heading\n\n{text}"),
            shown({TABLE: TABLE_OF}),
            shown({FIGURE: figure}),
            shown({LEDGER: {"heading": "Annex", "entries": [ENTRY]}}),
        ]
    )
    resources = {"metadata": {"name": f"05-brief.{language}"}}
    page = TaawunHTMLExporter().from_notebook_node(notebook, resources)[0]
    made = TaawunDocxExporter().from_notebook_node(notebook, resources)[0]
    again = TaawunDocxExporter().from_notebook_node(notebook, resources)[0]
    assert made == again, "the same notebook gives the same bytes"
    return made, page


def parts(docx):
    """The text of the document with its markup, and the targets of its links."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
        return (
            archive.read("word/document.xml").decode(),
            re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"', relations),
            archive.namelist(),
        )


def words(markup):
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def test_text_table_and_figure_are_in_it():
    text, _, names = parts(manuscript()[0])
    said = words(text)
    for part in ("A brief", "Us", "Heading", "65,315", "&amp; 1 &lt; 2", "Counts", "When", "2025"):
        assert part in said
    assert "secret" not in said
    assert {"Title", "Heading2"} <= set(re.findall(r'<w:pStyle w:val="(\w+)"', text))
    assert "<w:tblHeader" in text, "the head of a table is repeated on each page"
    first, second = map(int, re.findall(r'<w:gridCol w:w="(\d+)"', text))
    assert first < second, "a column is as wide as its longest cell asks for"
    assert 'descr="A &quot;line&quot; &lt;rises&gt;"' in text
    assert [name for name in names if name.endswith(".png")]


def test_numbers_lead_to_their_entry_in_the_page():
    docx, page = manuscript()
    _, targets, _ = parts(docx)
    assert set(targets) == {"05-brief.en.html#n-stock"}
    assert 'id="n-stock"' in page


def test_arabic_runs_from_right_to_left_tables_included():
    text, targets, _ = parts(manuscript("ar", text="عدد [65.315](#n-stock)")[0])
    assert text.count("<w:bidiVisual") == text.count("<w:tbl>") == 1
    assert "<w:bidi" in text
    assert "<w:rtl" in text
    assert set(targets) == {"05-brief.ar.html#n-stock"}
    assert "<w:bidiVisual" not in parts(manuscript("fr")[0])[0]


def test_drawing_that_is_none_is_named():
    text, _, names = parts(manuscript(svg="<svg")[0])
    assert "A &quot;line&quot;" in text or 'A "line"' in text
    assert not [name for name in names if name.endswith(".png")]


@pytest.mark.parametrize(
    "text",
    [
        "![hidden](/etc/hostname)",
        "![hidden](http://127.0.0.1:9/x.png)",
        "[x](file:///etc/hostname)",
    ],
)
def test_nothing_is_read_or_fetched_for_it(text):
    made, _, names = parts(manuscript(text=text)[0])
    assert [name for name in names if "media" in name] == [
        name for name in names if name.endswith(".png")
    ]
    assert len([name for name in names if name.endswith(".png")]) == 1, "the figure's alone"
    assert "hidden" in made or "x" in made
