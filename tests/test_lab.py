"""A notebook that a person runs: rules of parameters, tables beside the published ones, errors and
numbers on a line each.
"""

import json
import os
import runpy
import subprocess
from types import SimpleNamespace

import nbclient
import nbformat
import pytest

from taawun.paths import ROOT

RULES = """
horizon: int = 2030  # last year of the projection; from 2026 to 2060
scenario: str = "steady"  # one of: slow, steady, fast
as_of: str = "2026-11-23"  # only what was published by this day counts; an ISO date
show: bool = False  # also print the rest
"""
QUANTITIES = """
from taawun.quantity import Quantity
stock = Quantity(65315, 65315, 65315, "cooperatives", id="stock", date="2025-11-30",
                 source="ODCO, 19 December 2025: «65,315 cooperatives»")
members = Quantity(9, 8, 10, "members", id="members", date="2025-06-30")
"""
LEDGER = "from taawun.ledger import Ledger\nledger = Ledger({'stock': stock, 'members': members})"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs cells in a project of its own: the outputs of the last cell, and what was printed."""
    for folder in ("notebooks", "data/raw", "data/processed"):
        (tmp_path / folder).mkdir(parents=True)
    for name in [name for name in os.environ if name.startswith("TAAWUN_")]:
        monkeypatch.delenv(name)

    def outputs(*cells):
        notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
        client = nbclient.NotebookClient(
            notebook,
            kernel_name="python3",
            allow_errors=True,
            timeout=60,
            resources={"metadata": {"path": str(tmp_path)}},
        )
        client.execute()
        return [output for cell in notebook.cells for output in cell.outputs]

    outputs.project = tmp_path
    return outputs


def shown(outputs):
    return [output.get("text") or output.get("data", {}).get("text/plain") for output in outputs]


def told(outputs):
    """The text of errors as JupyterLab prints it."""
    return ["\n".join(output.traceback) for output in outputs if output.output_type == "error"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("horizon = 1990", "horizon = 1990 is not accepted; accepted: from 2026 to 2060"),
        ("horizon = '2030'", "horizon = '2030' is not accepted; accepted: from 2026 to 2060"),
        (
            "scenario = 'quick'",
            "scenario = 'quick' is not accepted; accepted: one of: slow",
        ),
        ("as_of = '31/12/2025'", "as_of = '31/12/2025' is not accepted; accepted: an ISO date"),
        ("show = 1", "show = 1 is not accepted; accepted: True or False"),
    ],
)
def test_the_rule_of_a_parameter_holds_in_one_sentence(run, line, words):
    (error,) = told(run(RULES, line, "from taawun import tables"))
    assert words in error
    assert len(error.splitlines()) == 2
    later = run(RULES, "from taawun import tables", line)
    assert words in later[-1].text


@pytest.mark.slow
def test_a_name_that_no_line_declares_has_no_rule(run):
    assert not run("horizon = 1990", "from taawun import tables", "scenario = 'quick'")


@pytest.mark.slow
def test_tables_are_written_beside_the_published_ones_and_read_from_there(run):
    published = run.project / "data/processed/03-a.csv"
    published.write_text("value\n1\n", encoding="utf-8")
    read = "print(tables.read_made(PROCESSED / '03-a.csv')['value'].sum())"
    found = run(
        "from taawun import tables\nfrom taawun.paths import PROCESSED\nimport pandas as pd",
        read,
        "tables.write_table(pd.DataFrame({'value': [2.0]}), PROCESSED / '03-a.csv')",
        read,
    )
    assert published.read_text(encoding="utf-8") == "value\n1\n"
    assert (run.project / "build/lab/03-a.csv").read_text(encoding="utf-8") == "value\n2\n"
    assert "".join(shown(found)) == (
        "1.0\n"
        "Written: build/lab/03-a.csv. The published data/processed/03-a.csv stays as it is.\n"
        "Read: build/lab/03-a.csv, which a notebook has written here since the last make.\n2.0\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("stock + members", "UnitError: members is in members, not in cooperatives"),
        ("members / stock", "PeriodError: a members is of 2025-06-30, b stock of 2025-11-30"),
        ("members > 9", "Undecided: whether members (8 to 10) > "),
        ("ledger['stok']", "UnknownName: there is no {stok} in the ledger; the nearest are stock"),
        ("ledger[0]", "UnknownName: there is no {0} in the ledger; the nearest are stock"),
        ("stock + '2'", "Refused: '2' is no number; accepted: one in digits, without quotation"),
        ("members / (members - members)", "MayBeZero: members - members may be zero"),
    ],
)
def test_an_error_for_people_stands_without_its_frames(run, line, words):
    (error,) = told(run(QUANTITIES, LEDGER, line))
    first, second = error.splitlines()
    assert first == f"line 1: {line}"
    assert second.startswith(words)


@pytest.mark.slow
def test_a_number_shows_its_source_and_its_links_lead_to_an_entry(run):
    figure = "65,315 cooperatives (ODCO, 19 December 2025: «65,315 cooperatives»)"
    *_, before, asked, one, said, keys = run(
        QUANTITIES,
        LEDGER,
        "?ledger['stock']\nledger['stock']?\n1;",
        "ledger['stock']",
        "from taawun.report.prose import Prose\nProse(ledger)('There are {stock}.')",
        "get_ipython().complete('', 'ledger[\"st', 10)[1]",
    )
    assert before.data == asked.data == one.data
    assert one.data["text/plain"] == figure
    assert one.data["text/markdown"] == figure
    markdown = said.data["text/markdown"]
    assert markdown.startswith("There are [65,315](#n-stock).")
    assert f'<li id="n-stock">{figure}</li>' in markdown
    assert "stock" in keys.data["text/plain"]
    assert "members" not in keys.data["text/plain"]


@pytest.mark.slow
def test_a_drawing_shows_itself(run):
    (drawn,) = run(
        "from taawun.charts import charts as plots\nimport pandas as pd\n"
        "row = {'name': 'a', 'value': 1.0, 'low': 1.0, 'high': 1.0, 'label': '1', 'id': 'a'}\n"
        "plots.draw(plots.bars, pd.DataFrame([row]))"
    )
    assert drawn.data["text/plain"] == "a drawing"
    assert "<svg" in drawn.data["image/svg+xml"]


def test_jupyterlab_saves_notebooks_as_they_are_committed(tmp_path):
    names = ("FileContentsManager", "ServerApp", "LabApp")
    config = SimpleNamespace(**{name: SimpleNamespace() for name in names})
    runpy.run_path(str(ROOT / "tools/lab_config.py"), init_globals={"get_config": lambda: config})
    save = config.FileContentsManager.pre_save_hook
    committed = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}})
    nbformat.write(committed, tmp_path / "01-a.ipynb")
    run = nbformat.v4.new_code_cell("1", execution_count=3)
    run.outputs = [nbformat.v4.new_output("stream", text="1")]
    content = nbformat.v4.new_notebook(
        cells=[run], metadata={"language_info": {"name": "python", "version": "3.11"}}
    )
    save({"type": "notebook", "content": content}, "01-a.ipynb", SimpleNamespace(root_dir=tmp_path))
    assert content.cells[0].outputs == []
    assert content.cells[0].execution_count is None
    assert content.metadata == json.loads((tmp_path / "01-a.ipynb").read_text())["metadata"]
    save({"type": "file", "content": "text"}, "a.txt", SimpleNamespace(root_dir=tmp_path))


def test_settings_are_kept_at_home_or_here_where_home_cannot_be_written(tmp_path):
    show = "include tools/settings.mk\nshow:\n\t@$(HOMED); echo $$HOME\n"
    kept = [
        subprocess.run(
            ["make", "-f", "-", "show"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(home)},
            input=show,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for home in (tmp_path, tmp_path / "gone")
    ]
    assert kept == [str(tmp_path), str(ROOT / "build/home")]
