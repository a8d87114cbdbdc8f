"""Another report, built by the same package from its own folder: the package knows no subject."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

EXAMPLE = Path(__file__).with_name("lighthouses")
MADE = shutil.ignore_patterns("build", "reports", "processed")
#: Words of the report that the package comes with.
FOREIGN = re.compile(r"(?i)cooperativ|co-operativ|coopérati|تعاون|morocc|maroc|ODCO|mouazara")
LANGUAGES = ("en", "fr")

pytestmark = pytest.mark.slow


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-E", "-s", "-m", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The example in a folder that has nothing else of this project, built."""
    place = tmp_path_factory.mktemp("example") / "lighthouses"
    shutil.copytree(EXAMPLE, place, ignore=MADE)
    built = run(place, "taawun.build", "report")
    assert built.returncode == 0, built.stdout + built.stderr
    return place


@pytest.fixture(scope="module")
def pages(project):
    return {
        language: BeautifulSoup(
            (project / f"reports/02-brief.{language}.html").read_text(encoding="utf-8"),
            "html.parser",
        )
        for language in LANGUAGES
    }


def test_both_languages_are_printed_as_page_and_pdf(project):
    made = {path.name for path in (project / "reports").iterdir()}
    assert {"01-read.html", "SHA256SUMS"} <= made
    for language in LANGUAGES:
        assert f"02-brief.{language}.html" in made
        pdf = (project / f"reports/02-brief.{language}.pdf").read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert len(pdf) > 20_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_leads_to_its_words_or_its_arithmetic(project, pages, language):
    figures, ledger = (
        pd.read_csv(project / f"data/processed/01-{name}.csv", dtype=str, keep_default_na=False)
        for name in ("figures", "ledger")
    )
    words = dict(zip(figures["figure_id"], figures["as_printed"], strict=True))
    rows = ledger.set_index("id").to_dict("index")
    page = pages[language]
    linked = {link["href"][1:] for link in page.select('a[href^="#n-"]')}
    assert len(linked) >= 15
    for anchor in linked:
        name, entry = anchor.removeprefix("n-"), page.find(id=anchor)
        assert entry is not None, f"{anchor} leads nowhere"
        if figure_id := rows[name]["figure_id"]:
            assert words[figure_id] in entry.get_text()
        else:
            assert entry.select('a[href^="#n-"]'), f"{name} shows no arithmetic"


def test_the_french_brief_is_all_french_and_writes_numbers_so(pages):
    text = pages["fr"].get_text()
    assert not re.search(r"[⟦{}]", text)
    assert "Vell compte ses phares deux fois" in text
    assert re.search(r"\b1,2\smillion\b", text)
    assert re.search(r"\b30,8\s%", text)


def test_verify_accounts_for_every_number(project):
    verified = run(project, "taawun.verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "Every number is accounted for." in verified.stdout
    assert "02-brief.fr.pdf" in verified.stdout


def test_the_edition_is_described_for_machines(project):
    described = run(project, "taawun.metadata")
    assert described.returncode == 0, described.stdout + described.stderr
    package = json.loads((project / "data/datapackage.json").read_text(encoding="utf-8"))
    tables = {resource["path"] for resource in package["resources"]}
    assert {"raw/figures.csv", "hand/comparisons.csv", "processed/01-ledger.csv"} <= tables


def test_verify_finds_a_number_that_was_typed(project, tmp_path):
    place = tmp_path / "lighthouses"
    shutil.copytree(project, place)
    page = place / "reports/02-brief.en.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(
        text.replace("Nothing here is true.", "Nothing here is true: 17."), encoding="utf-8"
    )
    verified = run(place, "taawun.verify")
    assert verified.returncode == 1
    assert "17" in verified.stderr


def test_nothing_of_the_other_report_appears(project):
    for path in sorted((project / "reports").iterdir()):
        if path.suffix in (".html", ".json", ".jsonld"):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".html":
                text = BeautifulSoup(text, "html.parser").get_text(" ")
            assert not FOREIGN.search(text), path.name
    for path in (project / "data").rglob("*.*"):
        assert not FOREIGN.search(path.read_text(encoding="utf-8")), path.name


def test_taking_in_the_messages_leaves_complete_catalogues_as_they_are(project):
    notebook = "build/published/notebooks/02-brief.en.ipynb"
    taken = run(project, "taawun.report.translation", notebook)
    assert taken.returncode == 0, taken.stderr
    assert ", 0 to translate" in taken.stdout
    for folder in (project, EXAMPLE):
        assert [path.name for path in (folder / "translations").iterdir()] == ["fr.po"]
    catalogues = [folder / "translations/fr.po" for folder in (project, EXAMPLE)]
    assert len({path.read_bytes() for path in catalogues}) == 1


def test_nothing_is_built_twice(project):
    again = run(project, "taawun.build", "report")
    assert again.returncode == 0
    assert again.stdout.startswith("Nothing to do.")
