"""The two exporters: a page that asks nobody and links every number, a PDF with tags; both the same
every time.
"""

import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pikepdf
import pypdf
import pytest
import typst
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from taawun.export import TaawunHTMLExporter, TaawunPDFExporter
from taawun.export.fonts import faces
from taawun.export.svg import _relative
from taawun.export.typeset import literal
from taawun.paths import ROOT

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="100pt" height="50pt" viewBox="0 0 100 50">'
    '<g id="text_1"><a xlink:href="#n-Q01" target="_blank"><!-- 63,445 --><path id="p" d="M 1 1 '
    '\nL 9.123456 9" style="fill: #00594f"/></a>'
    "</g></svg>"
)
DOCUMENT = {
    "title": "The count is [63,445](#n-Q01)",
    "subtitle": "As printed",
    "language": "en",
    "edition": "23 November 2026",
    "version": "1.0.0",
    "authors": ["Taawun project"],
    "licence": "CC BY 4.0",
    "cite": "Taawun (2026)",
    "repository": "https://example.org/taawun",
}
ENTRIES = [
    {
        "id": "Q01",
        "label": "Cooperatives",
        "value": "63,445",
        "formula": "",
        "inputs": [],
        "date": "June 2025",
        "step": "01",
        "words": "63\u202f445 coopératives",
        "words_language": "fr",
        "publisher": "ODCO",
        "title": "Chiffres clés",
        "published": "2025-07-25",
        "url": "https://example.org/odco",
        "note": "A <note> & more",
    },
    {
        "id": "A03",
        "label": "Cooperatives, as printed",
        "value": "about 63,445",
        "formula": "",
        "inputs": [],
        "date": "",
        "step": "01",
        "words": "قرابة 63.445 تعاونية",
        "words_language": "ar",
        "publisher": "Press",
        "title": "أخنوش",
        "published": "2026-01-19",
        "url": "",
        "note": "",
    },
    {
        "id": "w1",
        "label": "Ratio",
        "value": "1",
        "formula": "[63,445](#n-Q01) ÷ [63,445](#n-A03)",
        "inputs": ["Q01", "A03"],
        "date": "",
        "step": "03",
        "words": "",
        "words_language": "",
        "publisher": "",
        "title": "",
        "published": "",
        "url": "",
        "note": "",
    },
]
TABLE = {
    "caption": "Claims and records",
    "columns": ["Claim", "Printed"],
    "numbers": [False, True],
    "rows": [["Count (تعاونية)", "[63,445](#n-A03)"]],
}
FIGURE = {
    "id": "growth",
    "title": "It [grew](#n-Q01)",
    "subtitle": "Cooperatives",
    "caption": "Source: ODCO",
    "alt": "A line & a dot.",
    "svg": SVG,
    "svg_narrow": SVG,
    "table": TABLE,
}


def said(data, *tags):
    return new_code_cell(
        "secret_code()",
        id=f"c{len(str(data))}",
        metadata={"tags": list(tags)},
        execution_count=1,
        outputs=[new_output("display_data", data=data)],
    )


def cells(document=True):
    yield new_markdown_cell("# What should be done?\n\nWhy ask.", id="a1")
    if document:
        yield said({"application/vnd.taawun.document+json": DOCUMENT})
    yield new_markdown_cell("## Key messages\n\n#### Too deep", id="a2")
    yield said(
        {
            "text/markdown": "1. It is [63,445](#n-Q01), *or* [63,445](#n-A03)\n2. The ratio is "
            "[1](#n-w1) & 5 < 6 $x_y$"
        },
        "key",
    )
    yield said({"text/markdown": "Table: for Jupyter", "application/vnd.taawun.table+json": TABLE})
    yield said(
        {"text/html": "<figure>for Jupyter</figure>", "application/vnd.taawun.figure+json": FIGURE}
    )
    yield new_markdown_cell("## Limits", id="a3", metadata={"tags": ["box"]})
    yield said({"text/markdown": "Not [63,445](#n-Q01)."}, "box")
    if document:
        yield said(
            {
                "text/markdown": "x",
                "application/vnd.taawun.ledger+json": {
                    "heading": "Every number",
                    "entries": ENTRIES,
                },
            }
        )
    else:
        yield said(
            {
                "text/html": '<script src="https://cdn.example/x.js"></script><table border="1" '
                'class="dataframe"><thead>'
                "<tr><th></th><th>a</th></tr></thead><tbody><tr><th>0</th><td>1</td></tr></tbody></table>"
            }
        )


PAGES = ["01-clean", "02-audit", "05-brief.en"]


def export(exporter, *made, name="05-brief.en", pages=PAGES):
    notebook = new_notebook(cells=list(made), metadata={"taawun": {"pages": pages}})
    return exporter().from_notebook_node(notebook, {"metadata": {"name": name}})[0]


class Tags(HTMLParser):
    """All start tags of a page as (name, attributes)."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def named(self, *names):
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def page():
    return export(TaawunHTMLExporter, *cells())


@pytest.fixture(scope="module")
def appendix():
    return export(TaawunHTMLExporter, *cells(document=False), name="01-clean")


@pytest.fixture(scope="module")
def printed():
    return export(TaawunPDFExporter, *cells())


@pytest.mark.parametrize("which", ["page", "appendix"])
def test_page_is_sound(which, request):
    html = request.getfixturevalue(which)
    tags = Tags(html)
    ids = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    assert len(ids) == len(set(ids)), "ids are unique"
    assert len(tags.named("h1")) == len(tags.named("main")) == len(tags.named("title")) == 1
    inner = [
        attributes["href"][1:]
        for attributes in tags.named("a", "use")
        if attributes["href"].startswith("#")
    ]
    assert inner
    assert not set(inner) - set(ids), "links inside the page lead somewhere"
    assert tags.named("html")[0] == {"lang": "en", "dir": "ltr"}
    levels = [int(tag[1]) for tag, _ in tags.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), (
        "no level of heading is left out"
    )
    assert all("scope" in attributes for attributes in tags.named("th"))
    assert tags.named("th")


@pytest.mark.parametrize("which", ["page", "appendix"])
def test_page_asks_nobody(which, request):
    html = request.getfixturevalue(which)
    tags = Tags(html)
    assert not tags.named("iframe", "object", "embed", "base")
    assert {tag["rel"] for tag in tags.named("link")} <= {"alternate"}, "which no browser fetches"
    assert all(attributes.get("src", "data:").startswith("data:") for _, attributes in tags.tags)
    assert not re.search(r"url\((?!data:|#)|@import|cdn\.example", html)
    [policy] = [tag for tag in tags.named("meta") if "http-equiv" in tag]
    assert policy["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.split(" ", 1) for rule in policy["content"].split("; "))
    assert {rules[name] for name in ("default-src", "base-uri", "form-action")} == {"'none'"}
    assert len(html.encode()) < 1_000_000


def test_brief_says_what_it_is(page):
    assert "<title>The count is 63,445</title>" in page
    assert "secret_code" not in page
    assert "for Jupyter" not in page
    assert "What should be done?" not in page
    assert "Why ask." not in page
    for words in (
        "23 November 2026",
        "CC BY 4.0",
        "Taawun (2026)",
        "https://example.org/taawun",
        "A &lt;note&gt; &amp; more",
    ):
        assert words in page
    assert len(re.search("<script>(.*?)</script>", page, re.S)[1].encode()) < 6000


def test_figures_and_tables_speak(page):
    tags = Tags(page)
    charts = [
        attributes
        for attributes in tags.named("div")
        if attributes.get("class", "").startswith("chart")
    ]
    assert [chart["aria-label"] for chart in charts] == ["A line & a dot."] * 2
    assert page.count('aria-label="63,445: Cooperatives"') == 2, (
        "a label in a drawing is a link with a name"
    )
    assert "<caption>Claims and records</caption>" in page
    assert "Table:" not in page
    assert '<bdi lang="ar" dir="rtl">تعاونية</bdi>' in page
    assert '<blockquote lang="ar" dir="rtl">' in page
    assert '<section class="panel box" aria-labelledby="limits">' in page
    assert page.count('class="panel') == 2


def test_a_table_that_is_only_markdown_is_printed_with_header_cells():
    made = [new_markdown_cell("| a | b |\n|---|--:|\n| x | 1 |\n| `y` | 2 |", id="a1")]
    page = export(TaawunHTMLExporter, *made)
    assert '<tr><th scope="row">x</th><td class="end">1</td></tr>' in page
    assert '<tr><th scope="row"><code>y</code></th><td class="end">2</td></tr>' in page
    text = pypdf.PdfReader(io.BytesIO(export(TaawunPDFExporter, *made))).pages[0].extract_text()
    assert re.search(r"x\s+1\s+y\s+2", text)


@pytest.mark.parametrize("exporter", [TaawunHTMLExporter, TaawunPDFExporter])
@pytest.mark.parametrize("place", ["caption", "columns", "rows"])
def test_a_number_without_entry_is_found_in_every_part_of_a_table(exporter, place):
    stray = "[7](#n-nowhere)"
    table = TABLE | {"caption": stray, "columns": [stray, "b"], "rows": [["a", stray]]}
    table = TABLE | {place: table[place]}
    for made in (
        said({"application/vnd.taawun.table+json": table}),
        said({"application/vnd.taawun.figure+json": FIGURE | {"table": table}}),
    ):
        with pytest.raises(KeyError, match="nowhere"):
            export(exporter, *cells(), made)


def test_cells_of_a_table_stay_cells_whatever_they_hold():
    rows = [["a | b", "`c|d`"], ["1. x", "# y"], ["- z", "> w"]]
    made = said({"application/vnd.taawun.table+json": TABLE | {"rows": rows}})
    page = export(TaawunHTMLExporter, made)
    body = re.search("<tbody>(.*?)</tbody>", page, re.S)[1]
    cell = r"<t[hd][^>]*>(.*?)</t[hd]>"
    assert re.findall(cell, body) == [
        *("a | b", "<code>c|d</code>"),
        *("1. x", "# y"),
        *("- z", "&gt; w"),
    ]
    text = pypdf.PdfReader(io.BytesIO(export(TaawunPDFExporter, made))).pages[0].extract_text()
    for cell in ("a | b", "c|d", "1. x", "# y", "- z", "> w"):
        assert cell in text


def test_numbers_lead_to_the_ledger_and_back(page):
    tags = Tags(page)
    uses = {
        attributes["id"]: attributes["href"][3:]
        for attributes in tags.named("a")
        if attributes.get("class") == "n" and "id" in attributes
    }
    for article in re.findall(r"<article.*?</article>", page, re.S):
        number = re.search(r'id="n-([^"]+)"', article)[1]
        back = set(re.findall(r'href="#([^"]+)"', article[article.index('class="uses"') :]))
        assert {place for place in back if place.startswith("n-")} == (
            set() if number == "w1" else {"n-w1"}
        ), "the result into which it goes"
        back.discard("n-w1")
        assert back == {anchor for anchor, target in uses.items() if target == number} | (
            {"fig-growth"} if number == "Q01" else set()
        )
    assert "u-Q01-1" in uses
    assert set(uses.values()) == {"Q01", "A03", "w1"}


def test_appendix_page(appendix):
    assert "<h1>What should be done?</h1>" in appendix
    assert "secret_code" in appendix
    assert "<script" not in appendix
    assert '<data value="Q01">63,445</data>' in appendix, (
        "a number without an entry on this page is no link"
    )
    assert '<a href="01-clean.html" aria-current="page">' in appendix
    assert 'href="05-brief.en.html"' in appendix


def technical(*cells):
    """A page whose Markdown stands in strings and whose code in pairs of (source, what it says)."""
    made = []
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            made.append(new_markdown_cell(cell, id=f"c{place}"))
        else:
            source, text = cell
            outputs = [new_output("display_data", {"text/markdown": text})] if text else []
            made.append(new_code_cell(source, id=f"c{place}", outputs=outputs))
    return BeautifulSoup(export(TaawunHTMLExporter, *made, name="01-clean"), "html.parser")


def test_a_technical_page_leads_with_its_answer_and_the_code_stands_below_it():
    page = technical(
        "# Why?\n\nWhy ask.",
        ("a = 1", ""),
        "## In short",
        ("say(a)", "It is *one*."),
        "More.",
        "## How?\n\n### In detail",
        ("b = 2", "two"),
    )
    assert page.h1.get_text() == "Why?"
    answer, *rest = page.main.find_all(recursive=False)
    assert answer.attrs == {"class": ["panel", "box"], "aria-labelledby": "in-short"}
    assert [tag.name for tag in answer.find_all(recursive=False)] == ["h2", "p", "p", "details"]
    assert [tag.name for tag in rest] == ["p", "details", "h2", "h3", "details", "p"]
    assert [fold.summary.get_text() for fold in page("details")] == ["Code 2", "Code 1", "Code 3"]
    links = [link.get_text() for link in page.select(".contents a")]
    assert links == ["In short", "How?"]


def test_a_page_without_an_answer_stays_in_order():
    page = technical("# Why?", "## How?", ("a = 1", "one"), "## What is in short supply?")
    assert [heading.get_text() for heading in page.main("h2")] == [
        "How?",
        "What is in short supply?",
    ]
    assert not page.select("main section")


def test_cells_of_code_that_follow_one_another_share_a_fold():
    page = technical("# Why?", ("a = 1", ""), ("b = 2", ""), ("c = 3", "three"), ("d = 4", ""))
    folds = [(fold.summary.get_text(), len(fold("pre"))) for fold in page("details")]
    assert folds == [("Code 1–3", 3), ("Code 4", 1)]


@pytest.mark.parametrize(
    "source",
    ["if x:\n    y[1]\n\n        z", 'a = """\n  <b>&amp;\n"""', "    f(\n  1,\n)", "%magic\n!ls"],
)
def test_code_reads_as_it_was_written(source):
    [cell] = technical("# Why?", (source, "")).select("details.code code")
    assert cell.get_text() == source
    indents = [len(line) - len(line.lstrip(" ")) for line in source.split("\n")]
    lines = cell.find_all("span", recursive=False)
    assert [int(line.get("style", "--in:0")[5:]) for line in lines] == indents


def test_only_a_page_with_code_has_the_switch_and_only_technical_pages_its_looks(page, appendix):
    assert appendix.count('type="checkbox"') == 1
    assert "details.code" in appendix
    assert "checkbox" not in page
    assert "details.code" not in page
    assert not technical("# Why?", "No code.").select("input")


def test_only_a_page_that_belongs_to_a_report_has_a_navigation(appendix):
    links = re.findall(r'<a href="([^"#]*)"[^>]*><bdi>(.*?)</bdi>', appendix)
    assert links == [
        ("01-clean.html", "01 clean"),
        ("02-audit.html", "02 audit"),
        ("05-brief.en.html", "05 brief"),
    ]
    for name, pages in (("copy", PAGES), ("01-clean", [])):
        page = export(TaawunHTMLExporter, *cells(document=False), name=name, pages=pages)
        assert "Pages of this report" not in page


def test_number_without_entry_stops_both():
    stray = new_markdown_cell("So [7](#n-nowhere).", id="a9")
    for exporter in (TaawunHTMLExporter, TaawunPDFExporter):
        with pytest.raises(KeyError, match="nowhere"):
            export(exporter, *cells(), stray)


def test_arabic_page_runs_from_the_right():
    page = export(
        TaawunHTMLExporter,
        said(
            {
                "application/vnd.taawun.document+json": DOCUMENT
                | {"language": "ar", "title": "العنوان"}
            }
        ),
        new_markdown_cell("## رسائل\n\nنص", id="a1"),
        new_markdown_cell("## حدود", id="a2"),
    )
    assert '<html lang="ar" dir="rtl">' in page
    assert "المحتويات" in page
    assert not re.search(r"(?:margin|padding|border)-(?:left|right)|float:(?!inline-)", page)


def test_same_notebook_same_bytes(page, printed):
    assert export(TaawunHTMLExporter, *cells()) == page
    assert export(TaawunPDFExporter, *cells()) == printed


def walk(element):
    """All structure elements of a tagged PDF."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from walk(child)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        yield from walk(element.get("/K", pikepdf.Array()))


def test_pdf_is_tagged(printed):
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]) == "The count is 63,445"
        assert "/CreationDate" not in pdf.docinfo
        assert b"pdfuaid:part" in root.Metadata.read_bytes()
        tags = list(walk(root.StructTreeRoot.K))
        names = {str(tag.S) for tag in tags}
        assert {"/Table", "/TH", "/TD", "/Figure", "/Link", "/H1"} <= names
        assert [str(tag.Alt) for tag in tags if tag.S == "/Figure"] == ["A line & a dot."]
        drawn = b"".join(sheet.Contents.read_bytes() for sheet in pdf.pages)
        languages = {str(tag.Lang) for tag in tags if "/Lang" in tag} | {
            found.decode() for found in re.findall(rb"/Lang\((..)\)", drawn)
        }
        assert languages >= {"ar", "fr"}, "words of another language say so"
        assert "/Outlines" in root
        links = [
            note
            for sheet in pdf.pages
            for note in sheet.get("/Annots", [])
            if note.Subtype == "/Link"
        ]
        assert links
        assert all(str(link.get("/Contents", "")) for link in links)
        fonts = [font for sheet in pdf.pages for font in sheet.Resources.Font.values()]
        assert all("IBMPlexSansArabic" in str(font.BaseFont) for font in fonts)


def test_what_the_script_computes_with_ends_no_element_of_the_page():
    hostile = "</script><script>x()</script><!-- <b>"
    what_if = {
        "blocks": [["p", "It is [63,445](#n-Q01).", [[[[hostile], []]]]]],
        "numbers": {"Q01": [[63445.0], "", ""]},
        "others": {},
        "readings": [],
        "rows": [],
        "divided": [],
        "signs": {"between": hostile},
    }
    annex = {"heading": "N", "entries": ENTRIES[:1], "what_if": what_if}
    page = export(
        TaawunHTMLExporter,
        said({"application/vnd.taawun.document+json": DOCUMENT}),
        said({"text/markdown": "It is [63,445](#n-Q01)."}),
        said({"application/vnd.taawun.ledger+json": annex}),
    )
    [data] = BeautifulSoup(page, "html.parser").select("script#what-if")
    assert json.loads(data.string)["signs"]["between"] == hostile
    assert "x()" not in "".join(
        script.string for script in BeautifulSoup(page, "html.parser").select("script:not([type])")
    )
    assert page.count('data-w="0"') == 1


def test_who_else_prints_a_number_is_named_with_a_link_to_the_words():
    other = {"publisher": "Atlas", "words": "63 445", "words_language": "fr"}
    entry = ENTRIES[1] | {
        "also": [other | {"url": "https://a.ma/x"}, other | {"url": "javascript:x"}]
    }
    annex = {"application/vnd.taawun.ledger+json": {"heading": "N", "entries": [ENTRIES[0], entry]}}
    text = [
        said({"application/vnd.taawun.document+json": DOCUMENT}),
        said({"text/markdown": "[63,445](#n-Q01) or [63,445](#n-A03)"}),
        said(annex),
    ]
    [line] = re.findall(r"<p[^>]*>Also printed by .*?</p>", export(TaawunHTMLExporter, *text))
    assert 'href="https://a.ma/x#:~:text=63%20445"' in line
    assert "63 445</bdi></q>" in line
    pdf = pypdf.PdfReader(io.BytesIO(export(TaawunPDFExporter, *text)))
    assert "Also printed by Atlas" in " ".join(
        "".join(page.extract_text() for page in pdf.pages).split()
    )


def test_dated_text_is_for_archives_with_the_tables_it_rests_on():
    dated = said({"application/vnd.taawun.document+json": {**DOCUMENT, "date": "2026-11-23"}})
    text = [dated, *cells(document=False)]
    table = "id,words\nA,«63 445»\n"
    given = {"01-ledger.csv": table, "../hidden.csv": "x", "01-figures.csv": ""}
    place = {"01-figures.csv": "../data/processed/01-figures.csv"}
    notebook = new_notebook(cells=text, metadata={"taawun": {"tables": given, "csv": place}})
    made, again = (
        TaawunPDFExporter().from_notebook_node(notebook, {"metadata": {"name": "05-brief.en"}})[0]
        for _ in range(2)
    )
    assert made == again
    with pikepdf.open(io.BytesIO(made)) as pdf:
        stated = pdf.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>3</pdfaid:part>" in stated
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in stated
        assert b"pdfuaid:part" in stated
        assert list(pdf.attachments) == ["01-ledger.csv"]
        assert pdf.attachments["01-ledger.csv"].get_file().read_bytes().decode() == table
        assert [str(file.AFRelationship) for file in pdf.Root.AF] == ["/Source"]
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261123")
    told = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert "be attached to the PDF: ../data/processed/01-figures.csv" in " ".join(told.split())


def test_pdf_reads_back(printed):
    reader = pypdf.PdfReader(io.BytesIO(printed))
    text = " ".join("\n".join(sheet.extract_text() for sheet in reader.pages).split())
    for words in (
        "The count is 63,445",
        "Key messages",
        "Claims and records",
        "Figure 1",
        "Every number",
        "CC BY 4.0",
        "5 < 6 $x_y$",
        "63 445 coopératives",
        "تعاونية",
        "Page 1 of 1",
        "Annex A1",
        "· p. 1",
    ):
        assert words in text, words
    assert "secret_code" not in text
    assert "Table:" not in text
    assert "What should be done?" not in text
    assert not re.search("[\ufb50-\ufdff\ufe70-\ufeff\u202a-\u202e]", text), (
        "no presentation forms, no marks of direction"
    )


def with_strip_and_annex():
    given = list(cells())
    given.insert(
        2, said({"text/markdown": "- **[63,445](#n-Q01)** cooperatives\n- **1** more"}, "numbers")
    )
    behind = said({"application/vnd.taawun.table+json": TABLE | {"caption": "Behind"}}, "annex")
    return [*given[:-1], behind, given[-1]]


def test_a_strip_of_numbers_and_an_annex_stand_before_and_behind_the_text():
    page = export(TaawunHTMLExporter, *with_strip_and_annex())
    strip = re.search(r'<section class="panel numbers">(.*?)</section>', page, re.S)[1]
    assert strip.count("<li>") == 2
    assert page.index("panel numbers") < page.index(">Key messages</h2>")
    assert page.index("</main>") < page.index("<caption>Behind") < page.index('id="ledger"')
    printed = export(TaawunPDFExporter, *with_strip_and_annex())
    text = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(printed)).pages]
    assert "Behind" in text[1]
    assert "Behind" not in text[0]
    assert text[0].index("more") < text[0].index("Key messages")


def test_rows_have_headers_links_names_and_the_title_is_the_first_heading(printed):
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        tags = list(walk(pdf.Root.StructTreeRoot.K))
        headers = [tag for tag in tags if tag.S == "/TH" and "Row" in str(tag.A)]
        assert len(headers) == 1 + len(ENTRIES) + 2, "a table, entries, publications"
        rows = [[str(cell.S) for cell in tag.K] for tag in tags if tag.S == "/TR"]
        assert rows.count(["/TH", "/TD"]) == len(headers), "the first cell of a row"
        assert [str(tag.S) for tag in tags if re.fullmatch("/H\\d", str(tag.S))][:2] == [
            "/H1",
            "/H2",
        ]
        names = [
            str(note.Contents)
            for sheet in pdf.pages
            for note in sheet.get("/Annots", [])
            if "/Dest" in note
        ]
    assert "63,445: cooperatives registered, ODCO" in " ".join(names) or "63,445: " in " ".join(
        names
    )
    assert sum(re.fullmatch(r"page \d+", name) is None for name in names) > 4


@pytest.mark.parametrize(
    ("outline", "shorter"),
    [
        ("M10 20L30 20Q30 -5 7 -9L10 20zM1 1L2 1z", "m10 20l20 0q0-25-23-29l3 29zm-9-19l1 0z"),
        ("M10 20C30 20 30 -5 7 -9z", "m10 20c20 0 20-25-3-29z"),
        ("M1.5 2L3 4", "M1.5 2L3 4"),
        ("M1 2L3 4 5 6", "M1 2L3 4 5 6"),
        ("M1 2A3 4 0 0 1 5 6", "M1 2A3 4 0 0 1 5 6"),
    ],
)
def test_an_outline_of_whole_numbers_is_told_from_point_to_point(outline, shorter):
    assert _relative(outline) == shorter


def test_a_page_carries_the_letters_that_it_uses_and_what_people_type():
    (small, _), (large, _) = (
        re.findall(r"base64,([^)]*)", faces(text, "en")) for text in ("a", "a «é» ≈ œ Ž")
    )
    assert len(small) < len(large)
    assert faces("a", "en") == faces("Quite another text.", "en"), "ASCII is always there"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_page_of_the_report_weighs_less_than_600_kilobytes(language):
    assert (ROOT / f"reports/05-brief.{language}.html").stat().st_size < 600_000


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({}, "https://example.org/taawun/issues"),
        ({"institution": "An office", "address": "https://a.ma/brief"}, "https://a.ma/brief"),
        ({"repository": "", "date": "2026-11-23"}, "This copy names no address"),
        ({"repository": "javascript:x", "date": "2026-11-23"}, "“repository-code” of CITATION.cff"),
        ({"repository": ""}, None),
    ],
)
def test_the_imprint_says_where_to_report_an_error_or_that_no_address_is_set(about, words):
    given = said({"application/vnd.taawun.document+json": DOCUMENT | about})
    for exporter in (TaawunHTMLExporter, TaawunPDFExporter):
        made = export(exporter, given)
        text = (
            made
            if isinstance(made, str)
            else " ".join(pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
        )
        assert (words or "How to cite") in text
        assert ("Where to report an error" in text) is bool(words)
        assert ("An office" in text) is ("institution" in about), "none is invented"
        assert 'href="javascript' not in text


def test_the_annex_on_paper_has_pages_of_its_own_count_in_the_language():
    for language, first in (("en", "A1"), ("fr", "A1"), ("ar", "م1")):
        about = {"application/vnd.taawun.document+json": DOCUMENT | {"language": language}}
        reader = pypdf.PdfReader(io.BytesIO(export(TaawunPDFExporter, said(about), *SUMS)))
        assert reader.page_labels == ["1", first]


#: A result that is said, of a figure that is said, one that is not, and a result that is not; and
#: a number that is a printed figure under another name.
SUMS = [
    new_markdown_cell("It is [7](#n-sum), and [65](#n-latest).", id="s1"),
    said(
        {
            "application/vnd.taawun.figure+json": FIGURE
            | {"title": "", "svg": SVG.replace("#n-Q01", "#n-sum")}
        }
    ),
    said(
        {
            "application/vnd.taawun.ledger+json": {
                "heading": "N",
                "entries": [
                    ENTRIES[0],
                    ENTRIES[1],
                    ENTRIES[2]
                    | {"id": "sum", "formula": "[63](#n-Q01) − [2](#n-diff)", "label": "Rest"},
                    ENTRIES[2]
                    | {"id": "diff", "formula": "[4](#n-Q01) ÷ [5](#n-Q01)", "label": "Between"},
                    ENTRIES[2] | {"id": "latest", "formula": "[65](#n-Q01)", "label": "Latest"},
                ],
            }
        }
    ),
]


def test_the_annex_on_paper_prints_what_the_text_says_and_the_results_below_it():
    about = said({"application/vnd.taawun.document+json": DOCUMENT | {"title": "Sums"}})
    made = pypdf.PdfReader(io.BytesIO(export(TaawunPDFExporter, about, *SUMS)))
    annex = " ".join(made.pages[1].extract_text().split())
    assert "Rest = 63 [1] − 2 · p. 1" in annex, "a figure that is not said has its publication"
    assert "Between = 4 [1] ÷ 5 [1]" in annex, "a result is followed down"
    assert "Latest “63 445 coopératives” [1] · p. 1" in annex, "no arithmetic, so the words"
    assert "= 65" not in annex
    assert "[1] ODCO, 25 July 2025" in annex
    assert "Cooperatives" not in annex, "the figure has no entry of its own"
    assert "Press" not in annex
    assert "as printed" not in annex, "data behind a figure is not on paper"


def test_dates_are_in_words_of_the_language():
    given = TABLE | {"rows": [["2025-06-30", "[63,445](#n-A03)"]]}
    table = said({"application/vnd.taawun.table+json": given})
    french = said({"application/vnd.taawun.document+json": DOCUMENT | {"language": "fr"}})
    page = export(TaawunHTMLExporter, french, table, *list(cells())[-1:])
    assert "30 juin 2025" in page
    assert "19 janvier 2026" in page
    assert "2026-01-19" not in page


def test_percentages_keep_their_order_on_a_page_from_the_right():
    arabic = said({"application/vnd.taawun.document+json": DOCUMENT | {"language": "ar"}})
    page = export(TaawunHTMLExporter, arabic, new_markdown_cell("بين 8,5% و8,6%"))
    assert page.count('<bdi dir="ltr">8,5%</bdi>') == page.count('<bdi dir="ltr">8,6%</bdi>') == 1


MARKS = [
    *("# heading", "= heading", "- item", "+ item", "/ term: x", "1. item", "> quote"),
    *("*strong*", "_emph_", "$x^2$", "@label", "<label>", "#panic()", "`raw`", "\\", '"', "// no"),
    *("[x]", "a ~ b", "https://example.org", "/* no */", "{=typst}", "&amp;", "'quoted'", "--"),
]


@pytest.mark.parametrize("text", MARKS)
def test_text_stays_text_in_typst(text):
    source = f"#metadata({literal(text)})<it>\n#{literal(text)}"
    assert json.loads(typst.query(source.encode(), "<it>", field="value", one=True)) == text


def test_markdown_is_typeset_as_what_it_is():
    made = new_markdown_cell(
        "## Two *words*\n\n**bold** ~~gone~~ `a#b` <https://example.org>  \nnext\n\n"
        "3. three\n4. four\n\n- a\n\n  more\n- b\n\n> said\n\n```\n#code = 1\n  x\n```\n\n---\n",
        id="a1",
    )
    text = pypdf.PdfReader(io.BytesIO(export(TaawunPDFExporter, made))).pages[0].extract_text()
    for words in ("Two words", "bold", "gone", "a#b", "3. three", "4. four", "• a", "#code = 1"):
        assert words in text, text


def test_a_table_too_wide_for_a_telephone_names_its_columns_once():
    wide = 'Said | | A "so" name\n---|---|---\nthirteen | letters | incomprehensibility'
    narrow = "| Year | Count |\n|---|--:|\n| 2021 | 5,127 |"
    notebook = new_notebook(cells=[new_markdown_cell(wide), new_markdown_cell(narrow)])
    page, _ = TaawunHTMLExporter().from_notebook_node(notebook)
    one, other = BeautifulSoup(page, "html.parser").select("main table")
    assert one["class"] == ["stacks"]
    assert one["style"] == r'--c1:"Said";--c3:"A \"so\" name";'
    assert not other.has_attr("class")
