"""The pages in a real browser: every number answers by mouse, keyboard and finger; nothing is asked
of anyone; everybody can read them at any width.

Run by .ci/run, after `make report`, with Debian's Chromium. The layout is guarded by measured
facts, not by pixels: a browser's version moves.
"""

import contextlib
import csv
import json
import subprocess
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BRIEFS = [f"05-brief.{language}" for language in ("en", "fr", "ar")]
ANALYSES = ["01-clean", "02-audit", "03-growth", "04-coverage"]
PAGES = [*BRIEFS, *ANALYSES, "06-readings", "verification"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Width in CSS pixels and how many device pixels each has; 640 at 2 is a screen of 1280 at 200 %
# zoom.
WIDTHS = [(320, 1), (360, 1), (768, 1), (1280, 1), (640, 2)]
NUMBERS = "body > :not(#ledger) a[href^='#n-']"
INK = 2  # pixels by which the ink of two labels may touch

MEASURE = (Path(__file__).with_name("measure.js")).read_text(encoding="utf-8")


def table(folder, name):
    """The rows of a table of data/."""
    with open(ROOT / "data" / folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PRINTED = {row["figure_id"]: row["as_printed"] for row in table("raw", "figures")}
INPUTS = {
    row["id"]: row["inputs"].split()
    for step in ("01", "02", "03", "04")
    for row in table("processed", f"{step}-ledger")
}


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser):
    """Opens a page of the report; at the end it must have asked for nothing but itself and
    complained of nothing.
    """
    asked, complaints = set(), []
    with contextlib.ExitStack() as contexts:

        def open_page(name, width=1280, scale=1, media="screen", **settings):
            address = (ROOT / "reports" / f"{name}.html").as_uri()
            context = contexts.enter_context(
                contextlib.closing(
                    browser.new_context(
                        viewport={"width": width, "height": 800},
                        device_scale_factor=scale,
                        reduced_motion="reduce",
                        **settings,
                    )
                )
            )
            page = context.new_page()
            page.on(
                "request",
                lambda request: (
                    asked.add(request.url.split("#")[0])
                    if request.url.split("#")[0] != address
                    else None
                ),
            )
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.emulate_media(media=media)
            page.goto(address)
            if settings.get("java_script_enabled", True):
                page.evaluate(MEASURE)
            return page

        yield open_page
    assert not asked, "a page asks nobody for anything"
    assert not complaints, "the console stays empty"


def first_links(page):
    """For each number of the brief the first link to it that can be seen: (id, handle)."""
    links = {}
    for link in page.locator(NUMBERS).element_handles():
        if link.is_visible():
            links.setdefault(link.get_attribute("href")[3:], link)
    assert len(links) > 50
    return links.items()


def check_card(page, number):
    """The open card has the words as printed or the arithmetic of this number, and is wholly on the
    screen.
    """
    card = page.evaluate("measure.card()")
    assert card, f"{number}: no card"
    assert card["number"] == number
    assert card["expanded"]
    if number in PRINTED:
        assert PRINTED[number] in card["text"], f"{number}: the words as printed"
    else:
        assert set(INPUTS[number]) <= set(card["inputs"]), f"{number}: the figures that went in"
    assert card["faults"] == [], number


def spot(link):
    """A point in the middle of a link's first line, scrolled into view; a link may go over two
    lines and its middle lie on another.
    """
    return link.evaluate(
        """e => {
            e.scrollIntoView({block: "center"});
            const r = e.getClientRects()[0];
            return [r.x + r.width / 2, r.y + r.height / 2];
        }"""
    )


def no_card(page):
    return page.locator("#card").count() == 0


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", BRIEFS)
def test_hover_opens_the_card(visit, name, width):
    page = visit(name, width)
    for number, link in first_links(page):
        page.keyboard.press("Escape")  # the card may lie over the next number
        page.mouse.move(*spot(link))
        check_card(page, number)
    page.locator("#card").hover()
    page.wait_for_timeout(400)
    check_card(page, number)  # the pointer may go onto the card
    page.keyboard.press("Escape")
    assert no_card(page)
    page.mouse.move(*spot(link))
    page.mouse.move(1, 1)
    page.wait_for_timeout(400)
    assert no_card(page), "the card goes with the pointer"


@pytest.mark.parametrize("name", BRIEFS)
def test_tab_and_arrows_go_from_number_to_number_and_down_into_a_card(visit, name):
    page = visit(name)
    links, seen, stops = page.evaluate(f"measure.visible({json.dumps(NUMBERS)})"), [], 0
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate("measure.focus()")
        if at["ledger"]:
            break
        stops += 1
        assert not at["card"], "who goes through the text does not go through its cards"
        while at["number"]:
            check_card(page, at["number"])
            seen.append(at["number"])
            if len(seen) % 20 == 1:
                go_through_card(page, at["number"])
            if not at["more"]:
                break
            page.keyboard.press(at["more"])
            at = page.evaluate("measure.focus()")
    assert seen == links, "Tab comes to every number, in drawings and tables the arrows, in order"
    assert stops <= 150, f"{stops} stops before the annex"


def go_through_card(page, number):
    """From a number into its card, through its links, and back to the number."""
    count = page.locator("#card :is(a, input, button)").count()
    page.keyboard.press("ArrowDown")
    for _ in range(count):
        assert page.evaluate("measure.focus().card") == number, "the links of the card in turn"
        page.keyboard.press("Tab")
    assert page.evaluate("measure.focus().number") == number
    check_card(page, number)


@pytest.mark.parametrize("name", BRIEFS[::2])
def test_a_resting_mouse_closes_no_card_of_the_keyboard(visit, name):
    page = visit(name)
    page.mouse.move(640, 400)
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        if number := page.evaluate("measure.focus().number"):
            page.wait_for_timeout(320)
            check_card(page, number)
            seen += 1
    assert seen > 30


@pytest.mark.parametrize("name", BRIEFS)
def test_a_card_begins_where_its_number_does_and_leaves_its_line_in_sight(visit, name):
    page = visit(name)
    for number, link in list(first_links(page))[:25]:
        page.keyboard.press("Escape")
        page.mouse.move(*spot(link))
        check_card(page, number)
        assert page.evaluate("measure.besides()") == [], number


@pytest.mark.parametrize("where", ["main p a.n", ".annex table a.n", "main svg a[href^='#n-']"])
@pytest.mark.parametrize("name", BRIEFS)
def test_escape_closes_and_focus_stays(visit, name, where):
    page = visit(name)
    link = page.locator(where).first
    number = link.get_attribute("href")[3:]
    link.focus()
    check_card(page, number)
    page.keyboard.press("Escape")
    assert no_card(page)
    assert page.evaluate("measure.focus().number") == number
    link.blur()
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("measure.focus().card") == number, "Enter goes into the card"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("measure.focus().number") == number, "and back"
    assert not no_card(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert no_card(page)
    assert page.evaluate("measure.focus().number") == number


@pytest.mark.parametrize("name", BRIEFS)
def test_tap_opens_the_card(visit, name):
    page = visit(name, 360, has_touch=True, is_mobile=True)
    for number, link in first_links(page):
        page.keyboard.press("Escape")
        page.touchscreen.tap(*spot(link))
        check_card(page, number)
        assert "#" not in page.url, "a tap does not lead away"
    page.locator("#card a").last.tap()
    assert page.url.endswith(f"#n-{number}"), "the card leads to the entry"
    assert no_card(page)
    page.locator("a.n").first.tap()
    page.locator("h1").tap()
    assert no_card(page), "a tap beside the card closes it"


@pytest.mark.parametrize("name", BRIEFS)
def test_links_work_without_script(visit, name):
    page = visit(name, java_script_enabled=False)
    for where in ("main p a.n", ".annex table a.n", "main svg a[href^='#n-']"):
        number = page.locator(where).first.get_attribute("href")[3:]
        page.locator(where).first.focus()
        page.keyboard.press("Enter")
        box = page.locator("article:target").bounding_box()
        assert page.locator("article:target").get_attribute("id") == f"n-{number}"
        assert page.url.endswith(f"#n-{number}")
        assert -1 <= box["y"] < 800, "the entry is in view"
        assert no_card(page)
        back = page.locator("article:target .uses a").first
        back.click()
        box = page.locator(":target").bounding_box()
        assert -1 <= box["y"] < 800, "and the entry leads back"


@pytest.mark.parametrize(("width", "scale"), WIDTHS)
@pytest.mark.parametrize("name", BRIEFS + ANALYSES)
def test_nothing_is_cut_off_or_overlaps(visit, name, width, scale):
    page = visit(name, width, scale)
    assert page.evaluate("measure.layout()") == []
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert page.evaluate("measure.layout()") == [], "with the tables behind the charts"


@pytest.mark.parametrize("width", [320, 375, 640])
@pytest.mark.parametrize("name", PAGES)
def test_no_table_goes_on_beside_a_small_screen(visit, name, width):
    page = visit(name, width)
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert page.evaluate("measure.tables()") == []


@pytest.mark.parametrize("name", ["05-brief.ar", "03-growth"])
def test_tables_and_figures_are_taken_away_without_script(visit, name):
    page = visit(name, java_script_enabled=False)
    links = page.locator(".get a")
    assert links.count() > page.locator("main figure").count() * 3
    for link in links.all():
        kind, address = link.inner_text(), link.get_attribute("href")
        if kind != "CSV":
            file = (ROOT / "reports" / address).read_bytes()
            assert file.startswith(b"\x89PNG" if kind == "PNG" else b"<?xml"), address
    link = page.locator(".annex .get a, main > .get a").first
    with page.expect_download() as taken:
        link.click()
    assert taken.value.suggested_filename == link.get_attribute("download")
    rows = list(csv.reader(taken.value.path().read_text(encoding="utf-8-sig").splitlines()))
    table = page.locator(".scroll:has(+ .get) table").first
    assert rows == [
        [cell.strip() for cell in row.locator("th, td").all_text_contents()]
        for row in table.locator("tr").all()
    ]


def heard(page):
    """The parts of tables that a program that reads aloud is told of: role and name of each."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    parts = {"table", "row", "columnheader", "rowheader", "cell", "gridcell"}
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if not node["ignored"] and node["role"]["value"] in parts
    ]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("name", ["05-brief.ar", "04-coverage"])
def test_a_table_that_is_cards_is_heard_as_the_table_that_it_is(visit, name, script):
    wide, narrow = (visit(name, width, java_script_enabled=script) for width in (1280, 320))
    told = heard(narrow)
    assert told == heard(wide)
    assert len([1 for role, _ in told if role == "columnheader"]) > 8


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", BRIEFS)
def test_labels_of_drawings(visit, name, width):
    page = visit(name, width)
    found = page.evaluate(f"measure.labels({INK})")
    assert found["labels"] > 20
    assert not found["faults"], "\n".join(found["faults"])


def violations(page):
    """What axe finds against WCAG, AAA and best practice included: rule, places, the first."""
    page.evaluate(AXE)
    results = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: "
        "['violations']})",
        WCAG,
    )
    assert len(results["passes"]) > 15
    return [
        (found["id"], len(found["nodes"]), found["nodes"][0]["html"][:200])
        for found in results["violations"]
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_wcag(visit, name, scheme, width):
    page = visit(name, width, color_scheme=scheme)
    folds = "details:not(:has(.stacks tr:nth-child(99)))"  # the longest of them are alike
    page.evaluate(f"document.querySelectorAll('{folds}').forEach(e => e.open = true)")
    if name in BRIEFS:
        page.locator("main a.n").first.focus()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", BRIEFS)
def test_wcag_while_a_question_is_asked(visit, name, scheme):
    page = visit(name, 320, color_scheme=scheme)
    page.goto(f"{page.url}#what-if=speech_members:800000")
    page.locator("#what-if-banner").wait_for()
    page.locator("main a.n").first.focus()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", BRIEFS)
def test_print(visit, name, scheme):
    page = visit(name, 794, color_scheme=scheme)  # A4 at 96 dots an inch
    page.locator("main a.n").first.focus()
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "measure.visible('#card, nav, .skip, summary', e => e.className || e.id || e.tagName)"
    )
    assert hidden == [], "what is only for a screen is not printed"
    assert page.evaluate("measure.layout()") == []
    page.evaluate(AXE)
    results = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")
    assert [(found["id"], found["nodes"][0]["html"][:200]) for found in results["violations"]] == []
    assert page.pdf().count(b"/Type /Page\n") > 4


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", BRIEFS)
def test_direction(visit, name, width):
    page = visit(name, width)
    language = name.rpartition(".")[2]
    side = "right" if language == "ar" else "left"
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        "rtl" if language == "ar" else "ltr",
    ]
    facts = page.evaluate("measure.sides()")
    assert set(facts["tables"]) == {side}, "the first column is where reading begins"
    assert set(facts["lists"]) == {side}, "and so are the bullets"
    item = page.locator("main :not(.numbers) > ul li").first.bounding_box()
    strips = {"left": item["x"] - 24, "right": item["x"] + item["width"]}

    def shots():
        return {
            at: page.screenshot(
                full_page=True, clip={"x": x, "y": item["y"], "width": 24, "height": 40}
            )
            for at, x in strips.items()
        }

    before = shots()
    page.add_style_tag(content="li::marker{color:transparent}")
    after = shots()
    assert {at for at in strips if before[at] != after[at]} == {side}, "a bullet is drawn there"


CODE = "main details.code pre"


def shown(page, where=CODE):
    """How many elements of a kind can be seen, and how many there are."""
    elements = page.locator(where)
    return sum(element.is_visible() for element in elements.all()), elements.count()


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("name", ANALYSES)
def test_answer_comes_first_and_code_is_folded(visit, name, width):
    page = visit(name, width)
    assert page.locator("main h2").first.inner_text() == "In short"
    answer = page.locator("main > :first-child")
    assert answer.get_attribute("class") == "panel box"
    assert answer.locator("p").first.is_visible()
    seen, cells = shown(page)
    assert (seen, cells > 10) == (0, True)
    fold = page.locator("details.code").nth(1)
    fold.locator("summary").click()
    assert shown(page)[0] == fold.locator("pre").count(), "one click opens one fold"
    fold.locator("summary").click()
    assert shown(page)[0] == 0


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("name", ANALYSES)
def test_one_switch_shows_all_code(visit, name, script):
    page = visit(name, java_script_enabled=script)
    switch = page.get_by_role("checkbox", name="Show all code", exact=True)
    switch.focus()
    page.keyboard.press("Space")
    seen, cells = shown(page)
    assert seen == cells
    page.keyboard.press("Space")
    assert shown(page)[0] == 0
    page.locator("label[for=all-code]").click()
    assert shown(page)[0] == cells, "its name can be clicked, too"


@pytest.mark.parametrize("name", ANALYSES)
def test_folds_have_names_of_their_own(visit, name):
    page = visit(name)
    names = page.locator("details.code summary").all_inner_texts()
    assert len(set(names)) == len(names) > 5
    numbers = [int(part) for name in names for part in name.removeprefix("Code ").split("–")]
    assert sorted(set(numbers))[0] == 1
    for fold in page.locator("details.code").all():
        first, *_, last = fold.locator("summary").inner_text().removeprefix("Code ").split("–") * 2
        assert int(last) - int(first) + 1 == fold.locator("pre").count()


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("name", ANALYSES)
def test_no_line_of_code_is_cut_off(visit, name, width):
    page = visit(name, width)
    page.locator("#all-code").check()
    assert page.evaluate("measure.layout()") == []
    faults = page.locator(CODE).evaluate_all(
        """cells => cells.filter(cell => {
            const frame = cell.getBoundingClientRect(), range = document.createRange();
            range.selectNodeContents(cell);
            return [...range.getClientRects()].some(r => r.width && r.right > frame.right + 1);
        }).map(cell => cell.textContent.slice(0, 80))"""
    )
    assert faults == []


@pytest.mark.parametrize("name", ANALYSES)
def test_code_is_copied_as_it_was_written(visit, name):
    page = visit(name, 375)
    page.locator("#all-code").check()
    copied = page.locator(CODE).evaluate_all(
        """cells => cells.map(cell => {
            getSelection().selectAllChildren(cell);
            return [getSelection().toString(), cell.textContent];
        })"""
    )
    assert len(copied) > 10
    assert [one for one, _ in copied] == [other for _, other in copied]
    for _, source in copied:
        compile(source, name, "exec")


@pytest.mark.parametrize("name", ANALYSES)
def test_code_is_printed_as_it_is_shown(visit, name):
    page = visit(name, 794)
    page.emulate_media(media="print")
    assert shown(page)[0] == 0, "folded code is not printed"
    assert shown(page, "summary, .all-code")[0] == 0
    page.emulate_media(media="screen")
    page.locator("#all-code").check()
    page.emulate_media(media="print")
    seen, cells = shown(page)
    assert seen == cells, "what the switch shows is"
    assert shown(page, "summary, .all-code")[0] == 0
    page.emulate_media(media="screen")
    page.locator("#all-code").uncheck()
    fold = page.locator("details.code").nth(1)
    fold.locator("summary").click()
    page.emulate_media(media="print")
    assert shown(page)[0] == fold.locator("pre").count(), "and so is what was opened"


HOSTILE = """
import sys
sys.path.insert(0, "tests/export")
from test_any_notebook import ACTIVE, LINKS, hostile
sys.stdout.buffer.write(hostile(*ACTIVE, *LINKS).html.encode())
"""


def test_nothing_in_a_hostile_notebook_runs_leads_away_or_is_fetched(visit, tmp_path):
    """All texts that would, wherever a notebook can have one; see tests/export."""
    python = ROOT / ".venv" / "bin" / "python"
    made = subprocess.run([python, "-E", "-s", "-c", HOSTILE], cwd=ROOT, stdout=subprocess.PIPE)
    assert made.returncode == 0
    path = tmp_path / "hostile.html"
    path.write_bytes(made.stdout)
    page, happened = visit(path.with_suffix("")), []
    page.on("dialog", lambda dialog: happened.append(dialog.message) or dialog.dismiss())
    page.on("framenavigated", lambda frame: happened.append(frame.url))
    page.reload()
    page.evaluate(
        """() => document.querySelectorAll("body *").forEach(element => {
            for (const kind of ["focus", "mouseover", "error", "load"])
                element.dispatchEvent(new Event(kind));
        })"""
    )
    page.wait_for_timeout(1000)
    assert happened == [path.as_uri()], "it was loaded again, and that is all"
    assert len(page.locator("main").inner_text()) > 5000
