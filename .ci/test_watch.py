"""The watch in a real browser: a saved file is seen at the place where the reader was, a fault in
plain words, under the page's own policy.

Run by .ci/run, after `make report`, with Debian's Chromium.
"""

import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from test_browser import FLAGS

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [ROOT / ".venv/bin/python", "-E", "-s", "-m", "taawun.build"]
PATIENCE = 60_000  # milliseconds
MADE = shutil.ignore_patterns("build", "reports", "processed")


@pytest.fixture
def project(tmp_path):
    place = tmp_path / "lighthouses"
    shutil.copytree(ROOT / "tests/lighthouses", place, ignore=MADE)
    subprocess.run([*PROGRAM, "report"], cwd=place, check=True, stdout=subprocess.DEVNULL)
    return place


@pytest.fixture
def address(project):
    watch = [*PROGRAM, "watch"]
    with subprocess.Popen(watch, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http://\S+", process.stdout.readline())[0]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def edit(project, old, new):
    path = project / "data/raw/figures.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_saved_file_is_seen_where_the_reader_was(project, address):
    complaints = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport={"width": 800, "height": 300})
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(address)
        page.locator("details > summary").first.click()
        place = page.locator("#ledger article").nth(2)
        place.scroll_into_view_if_needed()
        before = place.bounding_box()["y"]
        edit(project, "198 lighthouses in service", "197 lighthouses in service")
        number = page.locator("a[href='#n-lights_2025']").first
        expect(number).to_have_text("197", timeout=PATIENCE)
        page.wait_for_timeout(2000)
        assert abs(place.bounding_box()["y"] - before) < 40
        expect(page.locator("details").first).to_have_attribute("open", "")
        edit(project, "197 lighthouses in service", "some lighthouses")
        expect(page.get_by_role("alert")).to_contain_text("holds no number", timeout=PATIENCE)
        edit(project, "some lighthouses", "196 lighthouses in service")
        expect(number).to_have_text("196", timeout=PATIENCE)
        expect(page.get_by_role("alert")).to_have_count(0)
        chromium.close()
    assert complaints == []
