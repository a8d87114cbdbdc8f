"""A brief of an earlier day: it is built, each heading has text, and nothing in it is younger."""

import re
import shutil
import subprocess
from contextlib import suppress
from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from taawun.build import parameters
from taawun.paths import RAW, ROOT
from taawun.periods import day
from taawun.tables import read_rows

SOURCES = read_rows(RAW / "sources.csv")
DAYS = sorted({day(row["published"]).isoformat() for row in SOURCES if row["published"]})
#: The day of the reader if none is chosen.
DEFAULT = parameters.available([ROOT / "notebooks/01-clean.ipynb"])["as_of"].default
#: Ten of them, evenly spread, the first and the last among them.
TEN = [DAYS[round(i * (len(DAYS) - 1) / 9)] for i in range(10)]
#: Years that a brief names although they lie ahead: of its recommendations and projections.
AHEAD = {"2027", "2030"}
#: The law's own day: a brief of 2018 names it, too.
DEADLINE = "until the end of 2019 to adapt to the law"


def report(as_of):
    """What `make report` says, and the English brief of a day; it leaves nothing."""
    day_of_reader = "" if as_of == DEFAULT else f"as_of={as_of},"
    folder = f"{day_of_reader}languages=en"
    command = ["make", "report", f"AS_OF={as_of}", "LANGUAGES=en"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    page = ROOT / "reports" / folder / "05-brief.en.html"
    html = page.read_text(encoding="utf-8") if made.returncode == 0 else ""
    for place in ("reports", "build"):
        shutil.rmtree(ROOT / place / folder, ignore_errors=True)
    return made, BeautifulSoup(html, "html.parser")


def numbered(text):
    """A day, month or year in English words as in ISO 8601; one in digits as it is."""
    for words, digits in (("%d %B %Y", "%Y-%m-%d"), ("%B %Y", "%Y-%m")):
        with suppress(ValueError):
            return datetime.strptime(text, words).strftime(digits)
    return text


def faults(page, as_of):
    text = page.select_one("#text")
    found = [
        f"empty {part.name}" for part in text.select("li, p, td") if not part.get_text().strip()
    ]
    headings = text.select("h2, h3")
    for heading in headings:
        behind = heading.find_next(["h2", "h3", "p", "li", "table", "figure"])
        inside = behind is not None and text in behind.parents
        if not inside or (behind.name in ("h2", "h3") and behind.name <= heading.name):
            found.append(f"nothing under «{heading.get_text()}»")
    words = text.get_text(" ").replace(DEADLINE, "")
    years = set(re.findall(r"\b(?:19|20)\d\d\b", words)) - AHEAD
    found += [f"the year {year}" for year in sorted(years) if year > as_of[:4]]
    published = page.select("#ledger .from > bdi:last-child")
    found += [
        f"a source of {one.get_text()}"
        for one in published
        if str(day(numbered(one.get_text()))) > as_of
    ]
    return found


def check(as_of):
    made, page = report(as_of)
    assert made.returncode == 0, made.stderr
    assert faults(page, as_of) == []


@pytest.mark.slow
@pytest.mark.parametrize("as_of", TEN)
def test_the_brief_of_one_of_ten_days(as_of):
    check(as_of)


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("as_of", [one for one in DAYS if one not in TEN])
def test_the_brief_of_any_other_day_of_publication(as_of):
    check(as_of)


def test_before_the_first_publication_the_build_says_so():
    made, _ = report("1990-01-01")
    assert made.returncode
    assert f"nothing had been published; accepted: {DAYS[0]} or later" in made.stdout + made.stderr


def test_what_is_empty_or_younger_is_found():
    page = BeautifulSoup(
        "<div id='text'><h2>One</h2><h2>Two</h2><p></p>"
        f"<p>In 2026, {DEADLINE}.</p><h2>Three</h2></div>"
        "<div id='ledger'><p class='from'><bdi>A</bdi> <bdi>2026-01-19</bdi></p></div>",
        "html.parser",
    )
    assert faults(page, "2025-12-31") == [
        "empty p",
        "nothing under «One»",
        "nothing under «Three»",
        "the year 2026",
        "a source of 2026-01-19",
    ]
    assert faults(page, "2026-01-19")[3:] == []
