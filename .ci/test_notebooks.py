"""Every notebook in a real JupyterLab: run from top to bottom without an error; each exercise
refuses what is handed out in a sentence, and takes its solution.

Run by .ci/run, after `make report`, with Debian's Chromium and the JupyterLab of `make lab`.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest
from playwright.sync_api import expect, sync_playwright
from test_browser import FLAGS, ROOT, table

EXERCISES = ROOT / "notebooks/exercises"
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)
#: All cells of a page are drawn, names are waited for on a slow machine, too, and nothing is saved
#: by itself.
SETTINGS = {
    "completer-extension/manager": {"providerTimeout": PATIENCE},
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}
SOLUTION = re.compile(r"(?s)^## (\S+)\n.*?```python\n(.*?)\n```")
#: Whether each code cell has run since the count was `last`, or one has failed.
IS_DONE = """last => {
    const counts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
        .map(prompt => Number(prompt.textContent.match(/[0-9]+/)))
    const failed = document.querySelector("[data-mime-type='application/vnd.jupyter.error']")
    return failed || (counts.length && counts.every(count => count > last))
}"""


def cells(path):
    """The cells of a notebook as it is committed."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


SOLUTIONS = dict(
    SOLUTION.search("".join(cell["source"])).groups()
    for cell in cells(EXERCISES / "solutions.ipynb")[1:]
)


def state():
    """What git says of the working tree, and which folders of checkpoints it holds."""
    git = ["git", "status", "--porcelain"]
    said = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return said, set((ROOT / "notebooks").rglob(".ipynb_checkpoints"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address and token of a JupyterLab as `make lab` starts it, with SETTINGS and no others;
    at the end the working tree is as it was.
    """
    own = tmp_path_factory.mktemp("jupyter")
    env = os.environ | {"BROWSER": "true", "JUPYTER_PORT": "0", "IPYTHONDIR": f"{own}/ipython"}
    for kind in ("config", "data", "runtime"):
        env[f"JUPYTER_{kind.upper()}_DIR"] = f"{own}/{kind}"
    for name, setting in SETTINGS.items():
        path = own / f"config/lab/user-settings/@jupyterlab/{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(setting), encoding="utf-8")
    before, checkpoints = state()
    log = open(own / "log", "w")  # noqa: SIM115  # as long as the process lives
    process = subprocess.Popen(
        ["make", "lab"], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
    )
    try:
        while not (found := list(own.glob("runtime/jpserver-*.json"))):
            assert process.poll() is None, (own / "log").read_text()
            time.sleep(0.2)
        yield json.loads(found[0].read_text(encoding="utf-8"))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)
        log.close()
        shutil.rmtree(ROOT / "build/lab", ignore_errors=True)
        after, more = state()
        for folder in more - checkpoints:
            shutil.rmtree(folder)
    assert after == before


@pytest.fixture(scope="session")
def context(server):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        context = chromium.new_context(viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(PATIENCE)
        yield context
        chromium.close()


@pytest.fixture
def lab(server, context):
    """Opens a notebook and waits for its kernel, which ends with the test; nobody but this machine
    is asked for anything.
    """
    asked = set()
    page = context.new_page()
    page.on("request", lambda request: asked.add(request.url))

    def open_notebook(path):
        page.goto(f"{server['url']}lab/tree/{path.relative_to(ROOT)}?reset&token={server['token']}")
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
        return page

    yield open_notebook
    sessions, token = f"{server['url']}api/sessions", {"Authorization": f"token {server['token']}"}
    page.close()
    for session in context.request.get(sessions, headers=token).json():
        context.request.delete(f"{sessions}/{session['id']}", headers=token)
    assert all(url.startswith((server["url"], "data:", "blob:")) for url in asked), asked


def run_all(page, last=0):
    """Run All from the menu, and wait for its end; the highest count of the cells."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(IS_DONE, arg=last)
    faults = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type$='.stderr']"
    assert page.locator(faults).all_inner_texts() == []
    return max(
        int(re.sub(r"\D", "", text))
        for text in page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    )


def cell_of(page, path, tag):
    """The cell of an open notebook that has a tag."""
    (place,) = (i for i, cell in enumerate(cells(path)) if tag in cell["metadata"].get("tags", []))
    return page.locator(".jp-Notebook .jp-Cell").nth(place)


def write(page, cell, code):
    """Put code into a cell, in the place of what it holds."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code)


def stem(path):
    return path.stem


@pytest.mark.parametrize("path", sorted(ROOT.glob("notebooks/0*.ipynb")), ids=stem)
def test_a_notebook_of_the_report_runs_to_its_end(lab, path):
    run_all(lab(path))


def test_the_first_notebook_opens_runs_and_is_saved_as_it_was(lab):
    path = EXERCISES / "00-start.ipynb"
    before = path.read_bytes()
    page = lab(path)
    run_all(page)
    with page.expect_response(
        lambda answer: answer.request.method == "PUT" and path.name in answer.url
    ):
        page.keyboard.press("Control+S")
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", SOLUTIONS)
def test_an_exercise_refuses_what_is_handed_out_and_takes_its_solution(lab, name):
    path = EXERCISES / f"{name}.ipynb"
    page = lab(path)
    last = run_all(page)
    answer = cell_of(page, path, "check").locator(".jp-OutputArea-output")
    expect(answer).to_have_text(re.compile(r"^\s*Not yet: .{20,}\.\s*$"))
    write(page, cell_of(page, path, "change"), SOLUTIONS[name])
    run_all(page, last)
    expect(answer).to_have_text(re.compile(r"^\s*Right: .{20,}"))


def test_a_name_completes_and_tells_its_words_and_a_wrong_one_the_nearest(lab):
    (figure_id,) = (
        row["figure_id"] for row in table("hand", "names") if row["name"] == "speech_members"
    )
    (words,) = (
        row["as_printed"] for row in table("raw", "figures") if row["figure_id"] == figure_id
    )
    page = lab(EXERCISES / "00-start.ipynb")
    run_all(page)
    cell = page.locator(".jp-CodeCell").nth(1)
    write(page, cell, 'ledger["speech_mem')
    page.keyboard.press("Tab")
    offered = page.locator(".jp-Completer-item")
    expect(offered.first).to_contain_text("speech_members")
    page.keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_have_text('ledger["speech_members')
    for code, said in [
        ('ledger["speech_members"]?', words),
        ('ledger["speech_member"]', "the nearest are speech_members"),
        (
            'ledger["speech_members"] + ledger["register_stock_2025_11"]',
            "is in cooperatives, not in members",
        ),
    ]:
        write(page, cell, code)
        page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-OutputArea")).to_contain_text(said)


def test_jupyterlab_speaks_french_and_offers_arabic(server, context, lab):
    page = lab(EXERCISES / "00-start.ipynb")
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    label = page.locator(".lm-Menu-itemLabel")
    label.filter(has_text="Language").hover()
    expect(label.filter(has_text="العربية")).to_be_visible()
    label.filter(has_text="Français").click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Inactif")
    expect(page.get_by_role("menuitem", name="Exécution", exact=True)).to_be_visible()
    setting = f"{server['url']}lab/api/settings/@jupyterlab/translation-extension:plugin"
    token = {"Authorization": f"token {server['token']}"}
    assert context.request.put(setting, data={"raw": "{}"}, headers=token).ok
