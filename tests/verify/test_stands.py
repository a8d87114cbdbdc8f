"""The words of the report: what stands on a page or on paper, what method and labels may say."""

import json
from dataclasses import replace

import pytest

from taawun.paths import PROCESSED, ROOT
from taawun.verify import claims, pdf
from taawun.verify.claims import Text
from taawun.verify.html import Page
from taawun.verify.recompute import recomputed

REPORTS = ROOT / "reports"
KNOWN = recomputed(PROCESSED).quantities
ROWS, FAULTS = claims.table(KNOWN)
BRIEF = [row for row in ROWS if row["step"].startswith("05")]


def notebook(path, *cells):
    made = [{"cell_type": kind, "source": text, "metadata": {}} for kind, text in cells]
    cells = [{"cell_type": "markdown", "source": "# What?", "metadata": {}}, *made]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    return path


def test_nothing_is_at_fault():
    assert FAULTS == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The register grew. Nothing else is computed.", "grew"),
        ("## Heads?\n\nIt *fell* by a third.", "fell"),
        ("First a sentence.\n\nIf so, good. The share halved since.", "halved"),
    ],
)
def test_a_paragraph_of_method_that_states_a_direction_is_found(tmp_path, text, word):
    (fault,) = claims.faults(notebook(tmp_path / "03-x.ipynb", ("markdown", text)))
    assert fault.startswith("notebooks/03-x.ipynb: «")
    assert f"«{word}» states a direction; accepted: " in fault


@pytest.mark.parametrize(
    "text",
    [
        "If the register grew, it did.",
        "## Which fell?",
        "Whether it fell is asked.",
        "It may have halved.",
        "*Members gained / cooperatives gained* is computed for each rise.",
        "A gain is what the register gains, *gained − lost*, and a rise its sum.",
        "The largest is the most.",
    ],
)
def test_a_paragraph_that_asks_supposes_or_names_states_nothing(tmp_path, text):
    assert list(claims.faults(notebook(tmp_path / "03-x.ipynb", ("markdown", text)))) == []


def test_words_that_code_puts_together_need_a_condition(tmp_path):
    code = 'say(f"{n} of them are the largest.")\nother = f"{a}{b}"'
    (fault,) = claims.faults(notebook(tmp_path / "03-x.ipynb", ("code", code)))
    assert "«largest» states a direction, a degree or a rank" in fault


@pytest.mark.parametrize("column", ["label", "name", "measure", "question"])
def test_a_label_that_states_a_direction_is_found(monkeypatch, tmp_path, column):
    rows = [{column: "fell since 2020", "reason": "it fell"}, {column: "rise of the stock"}]
    tables = {"indicators": rows, "figures": [{"label": "it fell"}]}
    paths = {"indicators": tmp_path / "hand" / "i.csv", "figures": tmp_path / "raw" / "f.csv"}
    monkeypatch.setattr(claims, "read_typed", lambda: (paths, tables, []))
    assert list(claims.table_faults()) == [
        f"data/hand/indicators.csv, column {column}: «fell since 2020»: «fell» states a direction; "
        "accepted: words without one, or a question"
    ]


SILENT = {"template": "**The register** shrinks fast and ends soon.{a < b:if}", "holds": False}
SILENT["conditions"] = ("a < b",)


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("So the register shrinks fast and\nends soon.", True),
        ("So the register shrinks fast, and soon it ends.", False),
        ("ends soon and shrinks fast", False),
        ("", False),
    ],
)
def test_a_claim_that_does_not_hold_is_found_by_its_pairs_of_words(words, stands):
    text = Text("05-brief.en.pdf", "en", words)
    assert bool(claims.strays([SILENT], [text])) is stands
    assert claims.strays([SILENT | {"holds": True}, SILENT | {"holds": None}], [text]) == []


def test_the_words_of_a_page_are_apart_where_its_marks_are(tmp_path):
    path = tmp_path / "05-brief.en.html"
    path.write_text("<html lang='en'><b>It</b><i>shrinks</i>fast", encoding="utf-8")
    text = Text.of(Page(path, {}, {}))
    assert (text.name, text.language, text.words.split()) == (
        "05-brief.en.html",
        "en",
        ["It", "shrinks", "fast"],
    )
    assert text.says("It shrinks fast")


def test_one_line_break_in_a_long_sentence_changes_nothing():
    assert (
        Text("x", "en", "shrinks fast and Figure 3 ends soon").says(
            "It {a} shrinks fast and ends soon, and that is all that it does.{a < b:if}"
        )
        is False
    )
    long = "It shrinks fast and ends soon, and that is all that it ever does in the end."
    assert Text("x", "en", long.replace("and that", "and 7 that")).says(long)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_stands_on_a_page_stands_in_its_pdf(language):
    path = REPORTS / f"05-brief.{language}.html"
    page = Text.of(Page(path, {}, {}))
    (paper,) = [Text(*one) for one in pdf.texts([pdf.Paper(path.with_suffix(".pdf"))])]
    assert (paper.name, paper.language) == (f"05-brief.{language}.pdf", language)
    said = [row["template"] for row in BRIEF if page.says(row["template"])]
    assert len(said) > 10
    assert [template for template in said if not paper.says(template)] == []


def test_the_words_of_an_arabic_pdf_are_not_read():
    assert list(pdf.texts([pdf.Paper(REPORTS / "05-brief.ar.pdf")])) == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_notes_on_readings_are_counted_again(language, tmp_path):
    path = REPORTS / f"05-brief.{language}.html"
    page = Page(path, {}, {})
    assert claims.notes(BRIEF, [page], KNOWN) == []
    kind = next(kind for kind in claims.accepted(language) if kind.name == "readings")
    notes = [li.get_text() for li in page.soup.select("li") if kind.pattern.search(li.get_text())]
    assert notes
    for count, li in enumerate(page.soup.select("li")):
        if kind.pattern.search(li.get_text()):
            mark = li.select_one("em")
            mark.string = mark.get_text().replace(" 2", " 3").replace(" 4", " 5").replace("8", "9")
            assert len(claims.notes(BRIEF, [page], KNOWN)) >= 1, count
            break


def test_a_note_behind_a_sentence_that_is_no_claim_is_found(tmp_path):
    path = tmp_path / "05-brief.en.html"
    path.write_text(
        "<html lang='en'><body><ul><li>Nothing. <em>Holds in 2 of 2 readings.</em></li>"
        "<li>Nothing.</li></ul></body></html>",
        encoding="utf-8",
    )
    assert claims.notes(BRIEF, [Page(path, {}, {})], KNOWN) == [
        "05-brief.en.html: «Holds in 2 of 2 readings.» is not what is counted again: Nothing. "
        "Holds in 2 of 2 readings."
    ]


def test_a_claim_that_is_not_published_has_no_answer():
    unknown = {name: replace(q, value=float("nan")) for name, q in KNOWN.items()}
    assert {row["holds"] for row in claims.table(unknown)[0]} == {None}


@pytest.mark.slow
def test_the_readings_in_a_card_are_counted_again():
    raw = {row["name"]: row for row in recomputed(PROCESSED).figures}
    page = Page(REPORTS / "05-brief.fr.html", KNOWN, raw)
    card = page.soup.select_one("#ledger .readings")
    right = card.get_text()
    assert right.startswith("Selon ")
    card.string = "Selon 7 lectures des sources : entre 1 et 2."
    problems = [claims.spaced(problem) for problem in page.read().problems]
    assert [problem for problem in problems if "Selon" in problem] == [
        f"05-brief.fr.html, annex, {card.find_parent('article')['id'].removeprefix('n-')}: "
        f"«Selon 7 lectures des sources : entre 1 et 2.» stands where «{claims.spaced(right)}» is "
        f"expected"
    ]
