"""The question "and if that number were another?", put to the page in a browser: it says what a
build with other words says, in every language, without a request, with the keyboard alone.
"""

import csv
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "fr", "ar")
#: Printed figures with other digits: one under a headline, a share, one of few members.
EDITS = {
    "register_womens_coops_2025_06": "17891",
    "register_stock_2025_11": "64000",
    "register_women_share_2020_12": "27%",
}
#: The texts that may move, without those that fell silent; and every number of a table.
SAID = """() => ({
  blocks: [...document.querySelectorAll("header [data-w], main [data-w]")].map(e => {
    const whole = e.cloneNode(true);
    whole.querySelectorAll("del, #card").forEach(gone => gone.remove());
    return whole.textContent.replace(/\\s+/g, " ").trim();
  }).filter(Boolean),
  numbers: [...document.querySelectorAll("main table a.n")]
    .map(a => a.getAttribute("href") + " " + a.textContent).sort(),
})"""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        options = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda message: page.faults.append(message.text))
    page.on(
        "request",
        lambda request: (
            request.url.startswith("file:") or page.faults.append(f"asked for {request.url}")
        ),
    )
    yield page
    page.close()
    assert page.faults == []


def address(language="en", root=ROOT, **edits):
    asked = ",".join(f"{name}:{typed}" for name, typed in edits.items())
    brief = (root / "reports" / f"05-brief.{language}.html").as_uri()
    return f"{brief}#what-if={asked}" if asked else brief


def said(browser, where):
    page = browser.new_page()
    page.goto(where)
    found = page.evaluate(SAID)
    page.close()
    return found


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The project in another folder, whose figures may be changed."""
    place = tmp_path_factory.mktemp("elsewhere") / "taawun"
    made = [ROOT / name for name in ("build", ".git", ".lab", ".dask")]
    shutil.copytree(
        ROOT,
        place,
        symlinks=True,
        ignore=lambda folder, names: [name for name in names if Path(folder, name) in made],
    )
    return place


@pytest.mark.parametrize(("name", "typed"), EDITS.items())
def test_page_says_what_a_build_says(browser, elsewhere, name, typed):
    table = elsewhere / "data/raw/figures.csv"
    whole = table.read_text(encoding="utf-8")
    with (elsewhere / "data/hand/names.csv").open(encoding="utf-8", newline="") as file:
        figure_id = next(row["figure_id"] for row in csv.DictReader(file) if row["name"] == name)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["as_printed"] = typed if row["figure_id"] == figure_id else row["as_printed"]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    env = {key: value for key, value in os.environ.items() if not re.match("MAKE|MFLAGS", key)}
    built = subprocess.run(["make", "report"], cwd=elsewhere, env=env, capture_output=True)
    table.write_text(whole, encoding="utf-8", newline="")
    assert built.returncode == 0, built.stderr.decode()
    for language in LANGUAGES:
        before = said(browser, address(language))
        asked = said(browser, address(language, **{name: typed.strip("%")}))
        assert asked == said(browser, address(language, elsewhere)), language
        assert asked != before, "something moved"


@pytest.mark.parametrize("language", LANGUAGES)
def test_card_asks_and_the_page_answers(page, language):
    page.goto(address(language))
    before = page.evaluate(SAID)
    number = page.locator("main a.n[href='#n-register_stock_2025_11']:visible").first
    number.focus()
    field = page.locator("#card input")
    assert field.get_attribute("inputmode") == "decimal"
    name = page.locator("#card label").inner_text().strip()
    assert page.get_by_label(name, exact=False).count(), "a screen reader says what it asks"
    field.focus()
    page.keyboard.type("64000")
    status = page.locator("#what-if-banner")
    assert status.get_attribute("role") == "status"
    assert re.search(r"64.000", status.inner_text())
    assert page.evaluate(SAID) != before
    assert page.locator("main .moved, main del, main ins").count()
    assert page.url.endswith("#what-if=register_stock_2025_11:64000")
    page.keyboard.press("Escape")
    status.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(SAID) == before, "Reset gives back what was printed"
    assert "#what-if" not in page.url
    assert not page.locator("main del, main ins, .moved, #what-if-banner").count()


@pytest.mark.parametrize("typed", ["many", "1e9", "-5", "12.5", "<b>", "1" * 40])
def test_what_is_no_such_number_changes_nothing(page, typed):
    page.goto(address())
    before = page.evaluate(SAID)
    page.locator("main a.n[href='#n-register_stock_2025_11']:visible").first.focus()
    page.locator("#card input").fill(typed)
    assert page.locator("#card input").get_attribute("aria-invalid") == "true"
    assert page.evaluate(SAID) == before


def test_address_of_a_stranger_runs_nothing(page):
    page.goto(address(**{"constructor": "1", "stock_change": "5", "nothing": "<img onerror=x()>"}))
    assert not page.locator("#what-if-banner").count()
    page.goto(address(register_stock_2025_11="%3Cimg src=x onerror=alert(1)%3E"))
    assert not page.locator("#what-if-banner").count()


def test_other_printed_number_is_one_press_away(page):
    page.goto(address())
    page.locator("main a.n[href='#n-speech_members']:visible").first.focus()
    button = page.locator("#card .what-if-field button")
    button.click()
    assert page.url.endswith("#what-if=speech_members:778000")


def test_printing_shows_the_original(page):
    page.goto(address(register_stock_2025_11="64000"))
    assert page.locator("#what-if-banner").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("main ins, main del, .moved, #what-if-banner").count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#what-if-banner").count()


def test_without_script_nothing_asks(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address())
    assert not page.locator(".what-if-field").count()
    assert page.locator("#ledger article").count()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_carries_little_for_it(language):
    html = (ROOT / f"reports/05-brief.{language}.html").read_text(encoding="utf-8")
    [data] = re.findall(r'<script type="application/json" id="what-if">(.*?)</script>', html)
    [script] = re.findall(r"<script>(.*?)</script>", html, re.S)
    assert set(json.loads(data)) == {"blocks", "numbers", "others", "readings", "signs"}
    assert len(data.encode()) < 60_000
    own = script[script.index('getElementById("what-if")') :]
    assert len(own.encode()) <= 10_240
