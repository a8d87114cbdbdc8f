"""Does the verification find what is wrong?"""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from pypdf import PdfReader

from taawun.paths import PROCESSED, RAW, ROOT
from taawun.tables import read_rows
from taawun.verify import pdf
from taawun.verify.__main__ import main, verify, write

REPORTS = ROOT / "reports"


@pytest.fixture
def built(tmp_path):
    """A copy of the English page, to be spoilt."""
    shutil.copy(REPORTS / "05-brief.en.html", tmp_path)
    return tmp_path


def spoil(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.slow
def test_present_report_is_accounted_for(tmp_path, capsys):
    assert main(["--out", str(tmp_path)]) == 0, capsys.readouterr().err
    assert "Every number is accounted for." in capsys.readouterr().out
    said = json.loads((tmp_path / "verification.json").read_text(encoding="utf-8"))
    assert said["accounted_for"]
    figures = verify(REPORTS)["figures"]
    assert {row["figure_id"] for row in figures} == {
        row["figure_id"] for row in read_rows(RAW / "figures.csv")
    }
    assert all(row["used"] or row["reason"] for row in figures)
    assert said["unused"] == {row["name"]: row["reason"] for row in figures if not row["used"]}


def test_a_long_table_of_the_page_is_cut_and_leads_to_all_of_it(tmp_path):
    figure = dict.fromkeys(["figure_id", "source_id", "as_printed", "reason"], "x") | {
        "name": "x",
        "used": False,
    }
    lists = ["briefs", "accepted_numerals", "ledger", "claims", "sources", "checklists", "problems"]
    result = {name: [] for name in lists} | {
        "figures": [figure] * 61_723,
        "in_text": pd.DataFrame(),
    }
    write(result, tmp_path)
    page = (tmp_path / "verification.html").read_text(encoding="utf-8")
    assert page.count('<th scope="row">x</th>') == 1000
    assert "[60723 more rows are left out here] <a " in page
    leads = os.path.relpath(RAW / "figures.csv", tmp_path)
    assert f'<a href="{leads}">figures.csv</a>, <a href="verification.json">' in page
    assert len(page) < 2_000_000


@pytest.mark.slow
def test_each_number_of_the_text_has_its_page_its_cell_and_its_notebook(tmp_path):
    assert main(["--out", str(tmp_path)]) == 0
    rows = [
        row
        for row in read_rows(tmp_path / "in-text-numbers.csv")
        if row["brief"] == "05-brief.en" and not row["place"].startswith("Figure")
    ]
    assert len(rows) > 80
    notebook = nbformat.read(ROOT / "notebooks" / "05-brief.ipynb", 4)
    cells = {cell.id for cell in notebook.cells}
    paper = PdfReader(REPORTS / "05-brief.en.pdf")
    said = ("".join(page.extract_text().split()) for page in paper.pages)
    texts = dict(zip(paper.page_labels, said, strict=True))
    for row in rows:
        assert row["pages"], row
        assert row["cells"], row
        assert set(row["cells"].split()) <= cells
        assert (ROOT / "notebooks").glob(f"{row['notebook']}-*.ipynb")
        if row["place"] != "drawing":
            printed = "".join(row["printed"].split())
            assert any(printed in texts[page] for page in row["pages"].split()), row


@pytest.mark.slow
def test_a_pdf_is_read_once(built, monkeypatch):
    shutil.copy(REPORTS / "05-brief.en.pdf", built)
    opened = []
    monkeypatch.setattr(pdf, "PdfReader", lambda path: opened.append(path) or PdfReader(path))
    found = verify(built)
    assert opened == [built / "05-brief.en.pdf"]
    assert found["in_text"]["pages"].any()


@pytest.mark.slow
def test_other_surroundings_write_the_same_bytes(built):
    assert main(["--reports", str(built), "--out", str(built / "one")]) == 0
    elsewhere = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-m", "taawun.verify", "--reports", built, "--out", built / "two"],
        cwd=ROOT,
        env=elsewhere,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for file in ("verification.json", "verification.html", "in-text-numbers.csv"):
        assert (built / "one" / file).read_bytes() == (built / "two" / file).read_bytes()


@pytest.mark.parametrize(
    ("column", "broken"),
    [
        ("value", "24785,24784,24784,cooperatives"),
        ("low", "24784,24783,24784,cooperatives"),
        ("high", "24784,24784,24784.001,cooperatives"),
        ("unit", "24784,24784,24784,members"),
    ],
)
def test_tampered_ledger_is_found(built, column, broken):
    path = shutil.copytree(PROCESSED, built / "processed") / "03-ledger.csv"
    line = next(
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("stock_change,")
    )
    spoil(path, line, line.replace("24784,24784,24784,cooperatives", broken))
    problems = verify(built, path.parent)["problems"]
    assert len(problems) == 1
    assert f"03-ledger.csv: {column} of «stock_change»" in problems[0]


def test_tampered_printed_number_is_found(built):
    spoil(
        built / "05-brief.en.html",
        'href="#n-register_stock_2020_12">40,531<',
        'href="#n-register_stock_2020_12">41,531<',
    )
    problems = verify(built)["problems"]
    assert any(
        "«41,531» is printed for «register_stock_2020_12», which reckoned again is «40,531»"
        in problem
        for problem in problems
    )


@pytest.mark.parametrize(("about", "found"), [("about 41,000", False), ("about 42,000", True)])
def test_what_a_number_is_about_is_reckoned_again(built, about, found):
    link = 'href="#n-register_stock_2020_12">'
    page = built / "05-brief.en.html"
    page.write_text(page.read_text(encoding="utf-8").replace(f"{link}40,531<", f"{link}{about}<"))
    problems = [problem for problem in verify(built)["problems"] if "about 4" in problem]
    assert bool(problems) is found


def test_number_typed_into_a_sentence_is_found(built):
    typed = ["40,531", "17", "12.4%", "2021 cooperatives", "1999 of them", "٤٥"]
    spoil(
        built / "05-brief.en.html",
        "which, is not published.",
        " ".join(f"They were {number} then." for number in typed),
    )
    problems = verify(built)["problems"]
    assert len(problems) == len(typed)
    assert all(
        f"They were {number} then." in problem and "belongs to no entry of the ledger" in problem
        for number, problem in zip(typed, problems, strict=True)
    )


@pytest.mark.slow
def test_number_typed_into_the_pdf_only_is_found(built):
    """The page without a sentence stands for a PDF with one more."""
    shutil.copy(REPORTS / "05-brief.en.pdf", built)
    spoil(built / "05-brief.en.html", "the speech of 19 January 2026, and", "the speech, and")
    problems = verify(built)["problems"]
    assert any(problem.startswith("05-brief.en.pdf") and "«19»" in problem for problem in problems)


@pytest.mark.slow
def test_what_the_page_has_and_the_pdf_does_not_is_found(built):
    shutil.copy(REPORTS / "05-brief.en.pdf", built)
    page = built / "05-brief.en.html"
    spoil(
        page,
        '<article id="n-speech_stock"',
        '<article id="n-A999"></article><article id="n-speech_stock"',
    )
    spoil(page, 'aria-label="A line of counts', 'aria-label="A line of sums')
    spoil(page, "which, is not published.", "No trend can be claimed in 1987.")
    paper = [said for said in verify(built)["problems"] if said.startswith("05-brief.en.pdf")]
    assert sorted(paper) == [
        "05-brief.en.pdf: the alternative texts of the figures are not those of 05-brief.en.html",
        "05-brief.en.pdf: the annex has no entry «A999»",
        "05-brief.en.pdf: «1987» stands there 0 times, not 1 as in 05-brief.en.html",
    ]


def test_number_in_alternative_text_annex_and_link_is_found(built):
    page = built / "05-brief.en.html"
    spoil(
        page,
        'aria-label="A line of counts in order of date, from 2,986',
        'aria-label="A line of counts in order of date, from 3,986',
    )
    spoil(page, "<p>40.531 coopératives</p>", "<p>40.532 coopératives</p>")
    spoil(page, 'href="#n-register_stock_2020_12">40,531<', 'href="#n-D99">40,531<')
    problems = verify(built)["problems"]
    assert all(
        any(named in problem for problem in problems)
        for named in (
            "«3,986»",
            "«40.532 coopératives» stands where",
            "«D99», which is not in the ledger",
        )
    )


def test_failure_is_told_plainly(built, capsys):
    spoil(
        built / "05-brief.en.html",
        'href="#n-register_stock_2020_12">40,531<',
        'href="#n-register_stock_2020_12">41,531<',
    )
    assert main(["--reports", str(built), "--out", str(built / "out")]) == 1
    assert "41,531" in capsys.readouterr().err
    page = (built / "out" / "verification.html").read_text(encoding="utf-8")
    assert "41,531" in page
    assert "@font-face" in page
    assert '<a href="05-brief.en.html">' in page, "it leads back, and looks like the others"


def test_no_brief_and_no_ledger_are_told_plainly(tmp_path, capsys):
    assert main(["--reports", str(tmp_path)]) == 1
    assert "make report" in capsys.readouterr().err
