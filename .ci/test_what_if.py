"""The question "and if that number were another?", put to the page in a browser: it says what a
build with other words says, in every language, without a request, with the keyboard alone.
"""

import json
import re
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from what_if import LANGUAGES, SAID, builder, differences  # noqa: E402

#: Printed figures with other words: digits under a headline, a share; what is measured from one
#: day only; vaguer words in each language; several at once; another measure of a programme that is
#: the widest, and a round floor, which contradicts nothing.
EDITS = (
    {"register_womens_coops_2025_06": "17891"},
    {"register_stock_2025_11": "64000"},
    {"register_women_share_2020_12": "27%"},
    {"register_stock_2016_02": "environ 15.000", "register_stock_2020_12": "قرابة 40000"},
    {"register_stock_2020_12": "more than 45,000", "speech_members": "778000"},
    {"mourafaka_coops_2023": "4000", "speech_members": "more than 500,000"},
)


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


def address(language="en", **edits):
    asked = ",".join(f"{name}:{typed}" for name, typed in edits.items())
    brief = (ROOT / "reports" / f"05-brief.{language}.html").as_uri()
    return f"{brief}#what-if={asked}" if asked else brief


def said(browser, where):
    page = browser.new_page()
    page.goto(where)
    found = page.evaluate(SAID)
    page.close()
    return found


@pytest.fixture(scope="module")
def built():
    """What builds the page of each language with other words."""
    with builder() as build:
        yield build


@pytest.mark.parametrize("edits", EDITS)
def test_page_says_what_a_build_says(browser, built, tmp_path, edits):
    for language, page in built(edits).items():
        assert language, page
        there = tmp_path / f"{language}.html"
        there.write_text(page, encoding="utf-8")
        before = said(browser, address(language))
        asked = said(browser, address(language, **{n: quote(typed) for n, typed in edits.items()}))
        assert differences(asked, said(browser, there.as_uri())) == [], language
        assert asked != before, "something moved"


def row(page, *names):
    """The row of a table that links to these numbers and no other."""
    rows, wanted = page.locator("tr"), [f"#n-{name}" for name in names]
    links = "rows => rows.map(row => [...row.querySelectorAll('a.n')].map(a => a.hash))"
    [at] = [i for i, found in enumerate(rows.evaluate_all(links)) if found == wanted]
    return rows.nth(at)


def test_a_finding_is_found_again(page):
    members = ("speech_members", "register_members_2025_06")
    findings = {"778654": "agree", "more than 500000": "cannot tell", "more than 510000": "contra"}
    for typed, finding in findings.items():
        page.goto("about:blank")
        page.goto(address(speech_members=typed))
        cell = row(page, *members).locator("td").last
        assert cell.text_content().startswith(finding)
        assert cell.locator("ins").count() == (finding != "contra"), "it was so in print"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widest_measure_of_a_programme_stands_in_its_row(page, language):
    page.goto(address(language, mourafaka_coops_2023="4000"))
    there = row(page, "mourafaka_coops_2023", "register_created_2023", "mourafaka_2023_coverage")
    assert "80" in there.locator("td").last.text_content()
    assert "⟦" not in there.text_content(), "it is translated"


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_when_a_build_would_refuse(page, language):
    refused = page.locator("#what-if-banner em")
    for name, typed in {"register_stock_2020_12": "0", "speech_fairs": "0"}.items():
        page.goto("about:blank")
        page.goto(address(language, **{name: typed}))
        assert refused.is_visible(), "a number of the page, or of another step, is divided by it"
    page.goto(address(language, register_stock_2020_12="41000"))
    assert not refused.is_visible()


def test_question_goes_with_the_reader(page):
    page.goto(address(register_stock_2025_11="64000"))
    page.locator(".languages a[lang=ar]").click()
    assert re.search("64.000", page.locator("#what-if-banner").inner_text())
    page.goto(address(register_women_share_2020_12="27%", register_stock_2025_11="64,000"))
    told = page.locator("#what-if-banner span").inner_text()
    assert "27%" in told, "as people type it in an address"
    assert "64,000" in told
    page.locator("#what-if-banner button").press("Enter")
    assert "#what-if" not in page.locator(".languages a[lang=fr]").get_attribute("href")
    reached = page.evaluate("document.activeElement.hash")
    assert reached == "#n-register_women_share_2020_12", "the keyboard is where the question was"


def test_going_back_takes_the_question_back(page):
    page.goto(address())
    before = page.evaluate(SAID)
    page.goto(address(register_stock_2025_11="64000"))
    page.goto(f"{address()}#sources")
    assert page.locator("#what-if-banner").count(), "a section of the page keeps it"
    page.go_back()
    assert page.locator("#what-if-banner").count()
    page.go_back()
    assert page.evaluate(SAID) == before


def test_title_and_contents_of_the_page_are_those_of_the_text(page):
    page.goto(address())
    printed, contents = page.title(), page.locator(".contents a[data-w]").all_text_contents()
    page.goto(address(register_stock_2025_11="90000"))
    assert page.title() == page.locator("h1").text_content() != printed
    now = page.locator(".contents a[data-w]").all_text_contents()
    assert now == page.locator("main h2[data-w]").all_text_contents() != contents
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.title() == printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_card_asks_and_the_page_answers(page, language):
    page.goto(address(language))
    before = page.evaluate(SAID)
    number = page.locator("main a.n[href='#n-register_stock_2025_11']:visible").first
    number.focus()
    field = page.locator("#card input")
    assert field.get_attribute("inputmode") is None, "words may be typed, too"
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


WORDS = {
    "64,000": "64,000",
    "64 000": "64,000",
    "٦٤٠٠٠": "64,000",
    "more than 64.000": "more than 64,000",
    "Plus de 64 000": "more than 64,000",
    "أكثر من 64000": "more than 64,000",
    "about 64,000": "about 64,000",
    "64000 at most": "at most 64,000",
}
UNREAD = ["many", "1e9", "-5", "12.5", "<b>", "1" * 40, "64,00", "05", "5%", "64²", "1,234,56"]
UNREAD += [
    "about more than 64000",
    "64 thousand",
    "64000 dirhams",
    "أكثر من 64000 at most",
    "lots of 64000",
    "64000 or 65000",
]


def test_words_are_read_as_in_a_build(page):
    page.goto(address())
    page.locator("main a.n[href='#n-register_stock_2025_11']:visible").first.focus()
    for typed, shown in WORDS.items():
        page.locator("#card input").fill(typed)
        assert page.locator("#card input").get_attribute("aria-invalid") == "false", typed
        assert page.locator("#what-if-banner span").inner_text().endswith(f": {shown}"), typed
        assert not page.locator("#card small").is_visible()


@pytest.mark.parametrize("typed", ["140%", "101%", "more than 100%", "100% at least"])
def test_a_share_is_never_more_than_all_and_a_change_may_be(page, typed):
    page.goto(address(register_women_share_2020_12=typed))
    assert not page.locator("#what-if-banner").count()
    page.goto(address(register_women_share_2020_12="100%", R068=typed))
    asked = page.locator("#what-if-banner span").inner_text()
    assert re.search(r"\b100%", asked.split(";")[0])
    assert asked.count(";") == 1, "what is no share may more than double"


def test_money_may_have_its_currency(page):
    page.goto(address())
    page.locator("main a.n[href='#n-speech_strategy_envelope']:visible").first.focus()
    for typed in ("70000000", "70.000.000 DH", "70000000 dirhams", "70000000 درهم"):
        page.locator("#card input").fill(typed)
        assert page.locator("#what-if-banner span").inner_text().endswith(": 70 million"), typed
    page.locator("#card input").fill("plus de 70,000 DH")
    assert not page.locator("#what-if-banner").count(), "French would have 70 dirhams there"


@pytest.mark.parametrize("typed", UNREAD)
def test_what_is_no_such_number_changes_nothing(page, typed):
    page.goto(address())
    before = page.evaluate(SAID)
    page.locator("main a.n[href='#n-register_stock_2025_11']:visible").first.focus()
    page.locator("#card input").fill(typed)
    assert page.locator("#card input").get_attribute("aria-invalid") == "true"
    assert page.locator("#card small[role=alert]").is_visible(), "it says what is understood"
    assert page.evaluate(SAID) == before
    assert not page.locator("#what-if-banner").count()


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
    parts = {"blocks", "divided", "numbers", "others", "readings", "rows", "signs"}
    assert set(json.loads(data)) == parts
    assert len(data.encode()) < 60_000
    own = script[script.index('getElementById("what-if")') :]
    assert len(own.encode()) <= 10_240
