"""The built brief: what a reader of `reports/05-brief.en` may rely on.

`make test` builds it first.
"""

import re
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from taawun.paths import HAND, PROCESSED, ROOT
from taawun.report.translation import interface
from taawun.steps import audit
from taawun.tables import read_table
from taawun.verify import pdf as paper
from taawun.verify import usage
from taawun.verify.html import Page, blocks, masked
from taawun.verify.recompute import recomputed

PATHS = sorted((ROOT / "reports").glob("05-brief.*.html"))
ENGLISH = ROOT / "reports" / "05-brief.en.html"
FIGURES, ROWS, FOUND, _ = recomputed(PROCESSED)
PRINTED = {row["name"]: row for row in FIGURES}
ARTICLE = [f"A{number:02}" for number in range(1, 34)]


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.name.split(".")[1])
def path(request) -> Path:
    return request.param


@pytest.fixture(scope="module")
def page(path) -> Page:
    return Page(path, FOUND, PRINTED)


@pytest.fixture(scope="module")
def english() -> Page:
    return Page(ENGLISH, FOUND, PRINTED)


@pytest.fixture(scope="module")
def reader(path) -> PdfReader:
    return PdfReader(path.with_suffix(".pdf"))


@pytest.fixture(scope="module")
def used(english) -> pd.DataFrame:
    used = pd.DataFrame(usage.figures(FIGURES, ROWS, PROCESSED, set(english.entries)))
    return used.set_index("figure_id", drop=False)


def test_english_brief_is_built():
    for path in (ENGLISH, ENGLISH.with_suffix(".pdf")):
        assert path.exists(), "make report builds reports/05-brief.en.html and .pdf"


# ---- numbers


def test_every_number_of_the_page_is_accounted_for(page):
    found = page.read()
    assert found.orphans == []
    assert found.problems == []
    assert len(found.numbers) > 200


@pytest.mark.slow
def test_every_number_of_the_pdf_is_accounted_for(path, page):
    found = paper.compare(paper.Paper(path.with_suffix(".pdf")), page)
    assert found.orphans == []
    assert found.problems == []


@pytest.mark.slow
def test_number_typed_into_a_sentence_is_an_orphan(tmp_path):
    text = ENGLISH.read_text(encoding="utf-8")
    for i, sentence in enumerate(
        ["which, is not published", "Every number links to the annex", "Tie the budget to targets"]
    ):
        assert sentence in text
        copy = tmp_path / f"05-brief.{i}.html"
        copy.write_text(text.replace(sentence, f"{sentence} in 1,234 cases", 1), encoding="utf-8")
        found = Page(copy, FOUND, PRINTED).read()
        assert [orphan["numeral"] for orphan in found.orphans] == ["1,234"]


def test_drawings_hold_outlines_and_no_text(page):
    assert page.soup.select("figure svg")
    assert not page.soup.select("svg text, svg tspan")


def test_every_drawn_label_has_its_entry(page):
    assert page.soup.select("figure svg a[href^='#n-']")
    assert all(
        link["href"][3:] in page.entries for link in page.soup.select("figure svg a[href^='#n-']")
    )


def test_every_entry_of_the_page_resolves_to_printed_words(page):
    """Read from the page alone: from formula to formula by its links, down to words that are
    printed there.
    """
    inputs = {
        article["id"][2:]: [link["href"][3:] for link in article.select(".formula a[href^='#n-']")]
        for article in page.soup.select("#ledger article")
    }
    words_of = {
        article["id"][2:]: article.blockquote.get_text().strip()
        for article in page.soup.select("#ledger article")
        if article.blockquote
    }
    settled = {id for id, below in inputs.items() if not below and words_of.get(id)}
    while more := {id for id, below in inputs.items() if below and set(below) <= settled} - settled:
        settled |= more
    assert settled == set(page.entries), "entries that end nowhere or lead in a circle"


def test_every_entry_says_who(page):
    printed = [
        article for article in page.soup.select("#ledger article") if not article.select(".formula")
    ]
    assert printed
    assert all(
        article.select_one("blockquote[lang] p") and article.select_one("cite")
        for article in printed
    )


def test_languages_have_the_same_numbers():
    ids = {
        path.name: sorted(
            link["href"]
            for link in BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select(
                "a[href^='#n-']"
            )
        )
        for path in PATHS
    }
    assert len({tuple(found) for found in ids.values()}) == 1, (
        "the briefs do not state the same facts"
    )


@pytest.mark.parametrize("figure", ARTICLE)
def test_figure_of_the_article_is_used_or_listed_with_its_reason(figure, used):
    """Used by a result, by a table of steps 02 to 04, by a judgement on programmes (which has its
    reason), or in the brief.
    """
    rows = used[used.index.str.fullmatch(f"{figure}[a-z]?")]
    assert len(rows)
    assert all(
        row.results or row.tables or row.in_brief if row.used else row.reason
        for row in rows.itertuples()
    )


def test_only_the_date_of_the_speech_is_unused_in_the_article(used):
    assert list(used.loc[used.index.str.startswith("A") & ~used["used"], "figure_id"]) == ["A02"]


def test_judgements_on_programmes_have_their_reasons():
    assert (read_table(HAND / "programmes.csv")["reason"] != "").all()


# ---- links


def test_every_link_resolves(path, page):
    known = {element["id"] for element in page.soup.select("[id]")}
    assert len(known) == len(page.soup.select("[id]"))
    for link in page.soup.select("a[href]"):
        place, _, anchor = link["href"].partition("#")
        if not place:
            assert unquote(anchor) in known, link["href"]
        elif not re.match("https?://|data:text/csv;", place):
            assert (path.parent / place).exists(), link["href"]


def test_page_asks_nobody_for_anything(path, page):
    assert path.stat().st_size < 1_000_000
    asks = "iframe, object, embed, script[src], img:not([src^='data:'])"
    assert not page.soup.select(f"link:not([rel=alternate]), {asks}")
    html = path.read_text(encoding="utf-8")
    # What describes the report for machines names its vocabulary, and no browser reads it.
    html = re.sub(r'<script type="application/ld\+json">.*?</script>', "", html)
    outside = {match[1] for match in re.finditer(r'(\S{0,8})["\'(]https?://', html)} - {
        "href=",
        "xmlns=",
        "xmlns:xlink=",
    }
    assert not outside
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\(\s*[\"']?(?!data:|#)", html)


def test_links_outside_are_addresses_of_sources(page):
    """An address may end in the printed words, at which a browser opens the page."""
    listed = set(read_table(ROOT / "data" / "raw" / "sources.csv")["url"])
    said = set(read_table(ROOT / "data" / "raw" / "figures.csv")["as_printed"])
    outside = {
        link["href"] for link in page.soup.select("a[href^=http]") if not link.find_parent("footer")
    }
    assert outside
    parts = [link.partition("#:~:text=") for link in outside]
    assert {address for address, _, _ in parts} <= listed
    assert {unquote(words) for _, _, words in parts if words} <= said


# ---- length and parts


def test_brief_is_short(english):
    """Words of the body, its tables and captions among them; the data under the figures, what can
    be taken away and the annex are not the brief.
    """
    said = " ".join(
        masked(block)[1]
        for block in blocks(
            english.soup.select_one("#text"), without=english.soup.select("details, svg, .get")
        )
    )
    assert 700 < len([word for word in said.split() if re.search(r"\w", word)]) < 1500


def test_paper_is_for_archives_and_has_the_tables_that_it_rests_on(page, reader):
    said = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in said
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in said
    assert b"<pdfuaid:part>1</pdfuaid:part>" in said
    assert {"01-figures.csv", "01-ledger.csv", "03-ledger.csv"} <= set(reader.attachments)


@pytest.mark.slow
def test_body_has_at_most_four_pages(page, reader):
    annex = interface("Annex", page.language)
    (first,) = [
        reader.get_destination_page_number(mark)
        for mark in reader.outline
        if not isinstance(mark, list) and mark.title == annex
    ]
    assert first <= 4


def test_three_to_five_key_messages_and_at_most_three_recommendations(page):
    assert 3 <= len(page.soup.select(".panel.key li")) <= 5
    steps = [
        bold for bold in page.soup.select(".panel.box strong") if re.match(r"\d\.", bold.get_text())
    ]
    assert 1 <= len(steps) <= 3


def test_recommendations_rest_on_linked_results_and_say_what_would_change_them(english):
    for panel in english.soup.select(".panel.box"):
        for step in (part for part in panel.select("p") if re.match(r"\d\.", part.get_text())):
            for part in ("Cost:", "Precedent:", "Under way:", "Why:", "No longer needed if"):
                assert part in step.get_text()
    assert len(english.soup.select(".panel.box a.n")) >= 6


def test_audit_table_has_both_sides_and_verdict(english):
    rows = [
        row
        for table in english.soup.select("table")
        if "Finding" in table.get_text()
        for row in table.select("tbody tr")
    ]
    assert len(rows) >= 5
    assert all(
        len({link["href"] for link in row.select("a.n")}) >= 2
        and any(verdict in row.get_text() for verdict in audit.VERDICTS)
        for row in rows
    )


def test_figures_have_a_table_and_an_alternative_text_with_numbers(page):
    figures = page.soup.select("#text figure")
    assert figures
    for figure in figures:
        assert figure.select("details table a.n")
        assert re.search(r"\d", figure.select_one(".chart")["aria-label"])


# ---- PDF


def test_pdf_is_tagged_and_says_what_it_is(page, reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"].split("-")[0] == page.language
    assert reader.metadata.title == page.soup.title.get_text()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode("utf-8")


def test_every_link_of_the_pdf_leads_somewhere(reader):
    sheets = [sheet.indirect_reference.idnum for sheet in reader.pages]
    for sheet in reader.pages:
        for mark in (mark.get_object() for mark in sheet.get("/Annots", [])):
            target = (
                mark["/Dest"].get_object()[0].idnum in sheets
                if "/Dest" in mark
                else mark["/A"]["/URI"].startswith("http")
            )
            assert target
            assert mark["/Contents"]
