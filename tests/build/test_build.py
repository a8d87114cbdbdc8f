"""The build, on a copy of the project with two tiny notebooks: what runs when, what is published,
and what is said when something is wrong.
"""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from functools import partialmethod
from pathlib import Path

import nbformat
import pytest

from taawun.build import __main__ as command
from taawun.build import edition as editions
from taawun.paths import ROOT

pytestmark = pytest.mark.slow
CLEAN = [
    'as_of: str = "2026-01-31"  # only what was published by then; an ISO date',
    "import pandas as pd\nfrom taawun.paths import PROCESSED, RAW\nfrom taawun import words",
    'numbers = pd.read_csv(RAW / "numbers.csv")',
    'numbers.to_csv(PROCESSED / "01-numbers.csv", index=False, lineterminator="\\n")',
]
BRIEF = [
    'horizon: int = 2030  # last year; from 2026 to 2060\nlanguage: str = "en"  # language of '
    "the brief; one of: en, fr",
    "import pandas as pd\nfrom taawun.paths import HAND, PROCESSED",
    'total = pd.read_csv(PROCESSED / "01-numbers.csv")["value"].sum()',
    'print(total, language, horizon, (HAND / "reason.csv").read_text(encoding="utf-8"))',
]
EXPORT = """
class TaawunHTMLExporter:
    def from_notebook_node(self, nb, resources):
        outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
        said = "".join(output.get("text", "") for output in outputs)
        return f"<p>{resources['metadata']['name']}: {said}</p>", resources


class TaawunPDFExporter(TaawunHTMLExporter):
    def from_notebook_node(self, nb, resources):
        return super().from_notebook_node(nb, resources)[0].encode(), resources


class TaawunDocxExporter(TaawunPDFExporter):
    pass
"""
# `make test` runs these tests: they must not take its make's settings for their own.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not re.match("MAKE|MFLAGS|TAAWUN_", name)
} | {"PYTHON": "true"}
EVERYTHING = {"01-clean", "05-brief.en", "05-brief.fr"}


class Project:
    """A copy of the project that a test may change and build."""

    def __init__(self, path):
        self.path = path

    def make(self, *arguments, **env):
        """The steps that ran, what was said, and the exit code of make.

        The environment that runs the tests stands in for the project's own.
        """
        done = subprocess.run(
            ["make", *arguments],
            cwd=self.path,
            env=ENVIRONMENT | env,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        ran = set(re.findall(r"(?m)^  (\d\d-\S+) ", done.stdout))
        return ran, done.stdout + done.stderr, done.returncode

    def files(self, *folders):
        """The content of all files under the folders, by path."""
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for folder in folders
            for path in sorted((self.path / folder).rglob("*"))
            if path.is_file()
        }

    def published(self):
        return self.files("reports", "data/processed")

    def edit(self, name, old, new):
        path = self.path / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def notebook(path, title, sources):
    parameters, *others = sources
    cells = [
        nbformat.v4.new_markdown_cell(f"# {title}", id="title"),
        nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
    ]
    cells += [
        nbformat.v4.new_code_cell(source, id=f"cell-{number}")
        for number, source in enumerate(others)
    ]
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), path)


def create(path):
    """The project with its build as it is, and notebooks, data and exporters that are quick."""
    for folder in ("notebooks", "taawun/export", "data/raw", "data/hand", "reports"):
        (path / folder).mkdir(parents=True)
    for name in ("__init__.py", "paths.py", "locales.py", "mime.py", "build"):
        copy = shutil.copytree if (ROOT / "taawun" / name).is_dir() else shutil.copy
        copy(ROOT / "taawun" / name, path / "taawun" / name)
    shutil.copytree(ROOT / "tools", path / "tools")
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, path)
    (path / "taawun/export/__init__.py").write_text(EXPORT)
    (path / "taawun/words.py").write_text("KNOWN = 1\n")
    (path / "taawun/unused.py").write_text("")
    for name in ("check", "changes", "judgements"):
        (path / f"taawun/{name}.py").write_text("")
    (path / "data/raw/numbers.csv").write_text("name,value\none,1\ntwo,2\n")
    (path / "data/hand/reason.csv").write_text("because\n")
    notebook(path / "notebooks/01-clean.ipynb", "What was said?", CLEAN)
    notebook(path / "notebooks/05-brief.ipynb", "What to do?", BRIEF)
    (path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return Project(path)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A project built once, from nothing: (project, steps that ran, what was said)."""
    project = create(tmp_path_factory.mktemp("first") / "a folder")
    project.path.joinpath("reports/05-brief.en.html").write_text("committed, but nothing is built")
    ran, said, code = project.make("report")
    assert code == 0, said
    return project, ran, said


@pytest.fixture
def project(first, tmp_path):
    """A fresh copy of the built project."""
    shutil.copytree(first[0].path, tmp_path / "copy", symlinks=True)
    return Project(tmp_path / "copy")


def test_a_fresh_clone_builds_everything_though_reports_are_there(first):
    project, ran, said = first
    assert ran == EVERYTHING
    assert set(project.published()) == {
        "data/processed/01-numbers.csv",
        "reports/SHA256SUMS",
        "reports/01-clean.html",
        *(
            f"reports/05-brief.{language}.{kind}"
            for language in ("en", "fr")
            for kind in ("html", "pdf", "docx")
        ),
    }
    assert b"05-brief.fr: 3 fr 2030 because" in project.published()["reports/05-brief.fr.html"]
    assert "What was said?" in said
    assert "reports/05-brief.en.html" in said.splitlines()[-1]


def test_touch_runs_nothing(project):
    for path in project.path.rglob("*"):
        if path.is_file() and ".venv" not in path.parts:
            path.touch()
    before = {path: path.stat().st_mtime_ns for path in (project.path / "reports").iterdir()}
    ran, said, code = project.make("report")
    assert (ran, code) == (set(), 0)
    assert "Nothing to do" in said
    assert before == {
        path: path.stat().st_mtime_ns for path in (project.path / "reports").iterdir()
    }


def test_a_comment_in_a_notebook_runs_that_notebook_only(project):
    project.edit("notebooks/01-clean.ipynb", "numbers = pd", "# a comment\\nnumbers = pd")
    before = (project.path / "data/processed/01-numbers.csv").stat().st_mtime_ns
    assert project.make("report")[0] == {"01-clean"}
    assert (project.path / "data/processed/01-numbers.csv").stat().st_mtime_ns == before
    assert project.make("report")[0] == set()


def test_the_log_names_the_typed_tables_that_changed(project):
    project.edit("data/hand/reason.csv", "because", "therefore")
    assert "\n  data/hand/reason.csv is changed\n" in project.make("report")[1]
    project.edit("notebooks/01-clean.ipynb", "numbers = pd", "# a comment\\nnumbers = pd")
    assert "changed\n" not in project.make("report")[1]


def test_a_figure_runs_what_depends_on_it(project):
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    assert project.make("report")[0] == EVERYTHING
    assert b"21 en" in project.published()["reports/05-brief.en.html"]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("data/hand/reason.csv", "because", "therefore", {"05-brief.en", "05-brief.fr"}),
        ("taawun/words.py", "1", "2", {"01-clean"}),
        ("taawun/unused.py", "", "x = 1", set()),
        ("requirements.txt", "make lock", "make  lock", EVERYTHING),
    ],
)
def test_a_change_runs_what_reads_it(project, name, old, new, expected):
    project.edit(name, old, new)
    assert project.make("report")[0] == expected


def test_a_translation_runs_what_speaks_a_language_only(project):
    for folder in ("translations", "taawun/translations"):
        (project.path / folder).mkdir(exist_ok=True)
        (project.path / folder / "fr.po").write_text("msgid")
        assert project.make("report")[0] == {"05-brief.en", "05-brief.fr"}


def test_what_was_lost_is_made_again(project):
    (project.path / "reports/01-clean.html").unlink()
    assert project.make("report")[0] == set()
    assert "reports/01-clean.html" in project.published()
    (project.path / "build/published/processed/01-numbers.csv").write_text("spoiled")
    assert "01-clean" in project.make("report")[0]
    assert project.published()["data/processed/01-numbers.csv"] == b"name,value\none,1\ntwo,2\n"


def test_what_only_the_last_build_made_goes_and_what_people_put_there_stays(project):
    ours = {"data/processed/03-old.csv": b"x\n", "reports/04-old.html": b"<p>"}
    ours["reports/figures/04-old.lights.svg"] = b"<svg/>"
    theirs = {
        "data/processed/01-numbers-my-notes.csv": b"mine",
        "reports/05-brief.en reviewed by X.pdf": b"mine",
        "reports/04-changed.html": b"changed by hand since",
        "reports/cover.png": b"mine",
        "reports/figures/mine.svg": b"mine",
        "reports/mine.part": b"mine",
    }
    listed = ours | {"reports/04-changed.html": b"as it was made", "Makefile": b"", "../above": b""}
    lines = (project.path / "reports/SHA256SUMS").read_text().splitlines()
    for name, content in listed.items():
        place = os.path.relpath(name, "reports")
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {place}")
    (project.path / "reports/SHA256SUMS").write_text("\n".join(lines) + "\n")
    made_by_a_killed_build = {"reports/05-brief.en.html.part": b"<p>ha"}
    for name, content in (ours | theirs | made_by_a_killed_build | {"../above": b""}).items():
        (project.path / name).parent.mkdir(exist_ok=True)
        (project.path / name).write_bytes(content)
    _, said, code = project.make("report")
    assert code == 0
    assert "4 published files changed" in said
    published = project.published()
    assert ours.keys() & published.keys() == set()
    assert {name: published.get(name) for name in theirs} == theirs
    assert "reports/05-brief.en.html.part" not in published
    assert (project.path / "../above").exists()
    assert "04-" not in (project.path / "reports/SHA256SUMS").read_text()


def test_a_step_by_name_publishes_nothing(project):
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    before = project.published()
    ran, said, code = project.make("01-clean")
    assert (ran, code) == ({"01-clean"}, 0)
    assert "build/published/reports/01-clean.html" in said
    assert project.published() == before


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("HORIZN=2035", "There is no parameter HORIZN (did you mean HORIZON?)."),
        ("HORIZON=2100", "HORIZON=2100 is not accepted; accepted: from 2026 to 2060."),
        ("HORIZON=", "accepted: from 2026 to 2060."),
        ("HORIZON=$$(boom) ;'", "accepted: from 2026 to 2060."),
        ("AS_OF=31/01/2026", "AS_OF=31/01/2026 is not accepted; accepted: an ISO date."),
        ("AS_OF=20260131", "accepted: an ISO date."),
        ("LANGUAGES=en,de", "LANGUAGES=en,de is not accepted; accepted: one of: en, fr."),
    ],
)
def test_an_unknown_parameter_or_a_wrong_value_is_an_error_before_anything_runs(
    project, choice, words
):
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    ran, said, code = project.make("report", choice)
    assert (ran, code) == (set(), 2)
    assert words in said
    assert "Traceback" not in said
    assert all(f"  {name}=" in said for name in ("AS_OF", "HORIZON", "LANGUAGES"))
    assert not [
        path
        for path in (project.path / "build").iterdir()
        if path.is_dir() and path.name != "published"
    ]


@pytest.mark.parametrize("value", ["$(shell touch made)", "$(boom)", "${HOME}", "a$b", "$"])
def test_make_computes_no_part_of_a_value(project, value):
    ran, said, code = project.make("report", f"HORIZON={value}")
    assert (ran, code) == (set(), 2)
    assert f"HORIZON={value} is not accepted; accepted: text, with $$ for a dollar sign" in said
    assert not (project.path / "made").exists()


@pytest.mark.parametrize("target", ["lab", "test", "test-all", "bench", "lock", "clean", "help"])
def test_what_takes_no_parameters_refuses_them(project, target):
    _, said, code = project.make(target, "HORIZON=2035")
    assert code == 2
    assert (
        f"make {target} takes no parameters, and was given HORIZON; accepted: make report" in said
    )


def test_a_step_in_one_language_is_built_by_its_name(project):
    project.edit("notebooks/05-brief.ipynb", "What", "Whatever")
    ran, said, code = project.make("05-brief.fr")
    assert (ran, code) == ({"05-brief.fr"}, 0)
    assert "build/published/reports/05-brief.fr.html" in said
    _, said, code = project.make("05-brief.xx")
    assert code == 2
    assert "There is no step 05-brief.xx; there are: 01-clean, 05-brief.en, 05-brief.fr." in said


def test_an_experiment_has_a_folder_of_its_own(project):
    before = project.published()
    ran, _, code = project.make("report", "HORIZON=2035", "LANGUAGES=fr")
    assert (ran, code) == ({"01-clean", "05-brief.fr"}, 0), (
        "the page of 01 leads to the brief, which is not printed in English"
    )
    made = project.files("reports/horizon=2035,languages=fr")
    assert {name.split("/", 2)[2] for name in made} == {
        "SHA256SUMS",
        "01-clean.html",
        "05-brief.fr.html",
        "05-brief.fr.docx",
        "05-brief.fr.pdf",
        "processed/01-numbers.csv",
    }
    assert b"fr 2035" in made["reports/horizon=2035,languages=fr/05-brief.fr.html"]
    assert {
        name: content for name, content in project.published().items() if "=" not in name
    } == before
    assert project.make("report", "HORIZON=2035", "LANGUAGES=fr")[0] == set()
    for name, page in made.items():
        if name.endswith(".html"):
            assert b"05-brief.en.html" not in page
    assert project.make("report", "HORIZON=2035")[0] == {"05-brief.en", "05-brief.fr"}, (
        "01 does not read HORIZON: it is taken over from the published edition"
    )


def test_the_defaults_by_name_are_the_published_edition(project):
    ran, said, code = project.make("report", "HORIZON=2030", "LANGUAGES=fr en")
    assert (ran, code) == (set(), 0)
    assert "reports/05-brief.en.html" in said
    assert not [path for path in (project.path / "reports").iterdir() if path.is_dir()]


@pytest.mark.parametrize("jobs", ["0", "abc", "-1", "1.5", ""])
def test_a_number_of_jobs_that_is_none_is_refused_before_anything_runs(project, jobs):
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    ran, said, code = project.make("report", f"JOBS={jobs}")
    assert (ran, code) == (set(), 2)
    assert f"JOBS={jobs} is not accepted; accepted: a whole number from 1 on." in said
    assert "Traceback" not in said


def test_forking_is_wanted_or_not(project):
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    ran, said, code = project.make("report", "FORK=maybe")
    assert (ran, code) == (set(), 2)
    assert "FORK=maybe is not accepted; accepted: yes or no" in said


def test_a_step_that_is_none_is_refused_with_those_that_there_are(project):
    command = [sys.executable, "-E", "-s", "-m", "taawun.build", "09-none"]
    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "There is no step 09-none; there are: 01-clean, 05-brief.en, 05-brief.fr." in done.stderr


def test_a_parameter_in_the_environment_is_not_meant(project):
    assert project.make("report", HORIZON="2035", LANGUAGE="ar")[0] == set()


def test_what_is_typed_wrong_is_told_before_any_step_runs(project):
    before = project.published()
    project.edit("data/raw/numbers.csv", "two,2", "two,3")
    (project.path / "taawun/check.py").write_text("raise SystemExit('numbers.csv, row 3: no')\n")
    ran, said, code = project.make("report")
    assert code != 0
    assert ran == set()
    assert "numbers.csv, row 3: no" in said
    assert "Stopped. The reports of the last complete build are as they were." in said
    assert project.published() == before


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            "raise ValueError('row 3: words, not a number')",
            "cell 4, In [3]:\nrow 3: words, not a number\n",
        ),
        ("numbers['nothing']", "cell 4, In [3]:\nKeyError: 'nothing'\n    numbers['nothing']\n"),
    ],
)
def test_a_failed_notebook_leaves_the_reports_and_says_where(project, fault, words):
    before = project.published()
    project.edit(
        "notebooks/01-clean.ipynb",
        'numbers = pd.read_csv(RAW / \\"numbers.csv\\")',
        f'numbers = pd.read_csv(RAW / \\"numbers.csv\\")\\n{fault}',
    )
    for _ in range(2):  # the second must not take the half-run notebook for a result
        ran, said, code = project.make("report")
        assert (ran, code) == (set(), 2)
        assert f"01-clean failed: {words}" in said
        assert "Traceback" not in said
        assert said.count("***") == 1
        half_run = re.search(r"The half-run notebook: (\S+)", said)[1]
        assert "papermill-error-cell-tag" in (project.path / half_run).read_text(encoding="utf-8")
        assert project.published() == before
    shutil.copy(ROOT / "requirements.txt", project.path)
    notebook(project.path / "notebooks/01-clean.ipynb", "What was said?", CLEAN)
    assert project.make("report")[2] == 0
    assert project.published() == before


@pytest.mark.parametrize(
    ("left", "place"),
    [
        ("import sys\nsys.exit()", "cell 4, In [3]:"),
        ("import sys\nsys.exit(0)", "cell 4, In [3]:"),
        ("raise SystemExit", "cell 4, In [3]:"),
        ("import sys\nsys.exit('enough')", "cell 4, In [3]:"),
        ("import sys\nif True:\n    sys.exit(3)", "cell 4, In [3]:"),
        ("exit()", "cell 4, In [3]:"),
        ("quit", "cell 4, In [3]:"),
        ("import os\nos._exit(0)", "cell 4:"),
    ],
)
@pytest.mark.parametrize("fork", ["yes", "no"])
def test_a_step_is_done_only_if_its_last_cell_ran(project, left, place, fork):
    before = project.published()
    notebook(
        project.path / "notebooks/05-brief.ipynb", "What to do?", [*BRIEF[:2], left, *BRIEF[2:]]
    )
    for _ in range(2):
        ran, said, code = project.make("report", f"FORK={fork}")
        assert (ran, code) == (set(), 2)
        assert re.search(rf"05-brief\.(en|fr) failed: {re.escape(place)}\n", said)
        assert re.search("the notebook was left here|SystemExit: (enough|3)|the kernel died", said)
        assert "Traceback" not in said
        assert project.published() == before


def test_a_cell_that_is_not_to_be_run_is_no_fault(project):
    path = project.path / "notebooks/01-clean.ipynb"
    read = nbformat.read(path, 4)
    skipped = {"metadata": {"tags": ["skip-execution"]}}
    read.cells += [
        nbformat.v4.new_code_cell("raise KeyError", **skipped),
        nbformat.v4.new_code_cell(""),
        nbformat.v4.new_code_cell("# nothing"),
    ]
    nbformat.write(read, path)
    assert project.make("report")[::2] == ({"01-clean"}, 0)


@pytest.mark.parametrize("fork", ["yes", "no"])
@pytest.mark.parametrize(
    ("reading", "place"),
    [
        ("from pathlib import Path\nPath('../../notes.csv').read_text()", "notes.csv"),
        ("import os\nos.chdir('/')\nopen(os.environ['TAAWUN_ROOT'] + '/notes.csv')", "notes.csv"),
        ("pd.read_csv('../../data/raw/other.csv')", "data/raw/other.csv"),
        ("import os\nos.close(os.open('OUTSIDE', os.O_RDONLY))", "OUTSIDE"),
        ("link = 'x'\nimport os\nos.symlink('OUTSIDE', link)\nopen(link).close()", "OUTSIDE"),
        ("from importlib import import_module\nimport_module('taawun.unused')", "unused.py"),
        ("open('reports/01-clean.html').close()", "build/published/reports/01-clean.html"),
    ],
)
def test_a_file_that_no_source_names_is_refused(project, tmp_path, reading, place, fork):
    outside = tmp_path / "outside.csv"
    for path in (outside, project.path / "notes.csv", project.path / "data/raw/other.csv"):
        path.write_text("name,value\n")
    cells = [*CLEAN[:2], reading.replace("OUTSIDE", str(outside)), *CLEAN[2:]]
    notebook(project.path / "notebooks/01-clean.ipynb", "What was said?", cells)
    before = project.published()
    ran, said, code = project.make("report", f"FORK={fork}")
    assert (ran, code) == (set(), 2)
    place = place.replace("OUTSIDE", str(outside))
    assert re.search(rf"01-clean failed: it has read \S*{re.escape(place)}, which no source", said)
    assert project.published() == before


def test_what_a_notebook_makes_itself_and_what_python_needs_it_may_read(project):
    reading = """
import os, shutil, sqlite3, tempfile, zoneinfo
from pathlib import Path
with tempfile.TemporaryDirectory() as place:
    Path(place, "own.txt").write_text("own")
    Path(place, "own.txt").read_text()
    os.open(place, os.O_RDONLY)
Path("/etc/hostname").exists() and Path("/etc/hostname").read_text()
Path("/proc/self/stat").read_text()
zoneinfo.ZoneInfo("Africa/Casablanca")
import matplotlib.pyplot as plt
plt.title("a font");
"""
    cells = [*CLEAN[:2], reading, *CLEAN[2:]]
    notebook(project.path / "notebooks/01-clean.ipynb", "What was said?", cells)
    ran, said, code = project.make("report")
    assert (ran, code) == ({"01-clean"}, 0), said


@pytest.mark.parametrize("fork", ["yes", "no"])
def test_an_unforeseen_fault_is_told_and_its_log_goes_when_it_is_mended(project, fork):
    exporter = project.path / "taawun/export/__init__.py"
    good = exporter.read_text()
    exporter.write_text(good.replace("        said =", "        1 / 0\n        said ="))
    ran, said, code = project.make("01-clean", f"FORK={fork}")
    assert (ran, code) == (set(), 2)
    assert "01-clean failed: ZeroDivisionError: division by zero\n(all of it: " in said
    assert "Traceback" not in said
    log = project.path / re.search(r"\(all of it: (\S+)\)", said)[1]
    assert "1 / 0" in log.read_text()
    exporter.write_text(good)
    assert project.make("01-clean", f"FORK={fork}")[::2] == ({"01-clean"}, 0)
    assert not log.exists()


@pytest.mark.parametrize(
    "record", ["", "{", "null", "[]", '{"inputs": {}}', '{"inputs": 1, "outputs": 2}', "\x00\xff"]
)
def test_a_damaged_record_is_made_anew(project, record):
    path = project.path / "build/published/01-clean.done"
    good = path.read_bytes()
    path.write_bytes(record.encode("latin-1"))
    ran, said, code = project.make("report")
    assert (ran, code) == ({"01-clean"}, 0)
    assert "Traceback" not in said
    assert path.read_bytes() == good


@pytest.mark.parametrize("target", ["report", "why", "01-clean"])
def test_a_merge_conflict_in_a_notebook_is_one_sentence(project, target):
    path = project.path / "notebooks/05-brief.ipynb"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:9], "<<<<<<< HEAD", *lines[9:]]), encoding="utf-8")
    ran, said, code = project.make(target)
    assert (ran, code) == (set(), 2)
    assert "notebooks/05-brief.ipynb: line 10 is a mark of a merge conflict" in said
    assert len(said.splitlines()) == 2, "the sentence, and make's own"


def test_a_reader_who_reads_no_further_stops_the_build(project):
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    before = project.published()
    build = subprocess.run(
        "make report | head -1",
        shell=True,
        cwd=project.path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert "Nobody reads on. Stopped. The reports of the last complete build" in build.stderr
    assert "Traceback" not in build.stderr
    assert "Exception" not in build.stderr
    assert project.published() == before


def test_a_missing_edge_is_an_error(project):
    project.edit("notebooks/05-brief.ipynb", "01-numbers.csv", "01-forgotten.csv")
    ran, said, code = project.make("report")
    assert (ran, code) == (set(), 2)
    assert "reads processed/01-forgotten.csv, which no earlier step has written" in said


def test_two_builds_elsewhere_are_equal_to_the_byte(tmp_path):
    """Even of a notebook that tells where it runs."""
    telling = [
        "import os, shutil, time",
        "print({'one', 'two', 'three'}, time.tzname, time.strftime('%A %c', time.gmtime(0)), "
        "shutil.get_terminal_size(), os.environ.get('PYTHONPATH') == os.path.realpath('../..'))",
        "import warnings\nwarnings.warn('in a file of a random name')",
        "import matplotlib\nmatplotlib.get_backend(), matplotlib.rcParams['figure.dpi'], f'{0.1 "
        "+ 0.2:n}'",
    ]
    surroundings = {
        "one": (
            ["JOBS=1"],
            {
                "TZ": "Asia/Tokyo",
                "LC_ALL": "C",
                "PYTHONHASHSEED": "7",
                "PYTHONPATH": "/nowhere",
                "MPLBACKEND": "pdf",
            },
        ),
        "the other": (
            ["JOBS=4"],
            {
                "TZ": "America/Bogota",
                "LC_ALL": "ar_MA.UTF-8",
                "LANGUAGE": "fr",
                "PYTHONHASHSEED": "8",
                "MPLCONFIGDIR": str(tmp_path),
            },
        ),
    }
    made = []
    for name, (arguments, env) in surroundings.items():
        project = create(tmp_path / name)
        notebook(
            project.path / "notebooks/01-clean.ipynb",
            "What was said?",
            [CLEAN[0], *telling, *CLEAN[1:]],
        )
        _, said, code = project.make("report", *arguments, **env)
        assert code == 0, said
        made.append(project.files("build/published/notebooks", "reports", "data/processed"))
    assert made[0] == made[1]
    assert len(made[0]) == 12


def test_a_project_elsewhere_is_built_by_the_package_where_it_is(tmp_path):
    """A folder with notebooks and data of its own, and neither the package nor a lock in it."""
    for folder in ("notebooks", "data/raw"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/raw/numbers.csv").write_text("name,value\none,1\ntwo,2\n")
    (tmp_path / "doubled.py").write_text("def twice(number):\n    return 2 * number\n")
    count = [CLEAN[0], CLEAN[1].replace("from taawun import words", ""), *CLEAN[2:]]
    tell = [
        BRIEF[0],
        "import doubled, pandas as pd\nfrom taawun.paths import PROCESSED",
        BRIEF[2],
        "print(doubled.twice(total), language)",
    ]
    notebook(tmp_path / "notebooks/01-count.ipynb", "How many?", count)
    notebook(tmp_path / "notebooks/02-tell.ipynb", "So what?", tell)

    def report(place, *arguments):
        command = [sys.executable, "-m", "taawun.build", *arguments]
        env = {name: value for name, value in ENVIRONMENT.items() if name != "PYTHONPATH"}
        done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return set(re.findall(r"(?m)^  (\d\d-\S+) ", done.stdout)), done.stdout

    assert report(tmp_path, "report")[0] == {"01-count", "02-tell.en", "02-tell.fr"}
    project = Project(tmp_path)
    kinds = ("html", "pdf", "docx")
    pages = [f"02-tell.{language}.{kind}" for language in ("en", "fr") for kind in kinds]
    assert set(project.published()) == {
        "data/processed/01-numbers.csv",
        *(f"reports/{name}" for name in ("SHA256SUMS", "01-count.html", *pages)),
    }
    assert "6 fr" in project.published()["reports/02-tell.fr.html"].decode()
    assert report(tmp_path / "data/raw", "report")[0] == set(), "from any folder in it"
    assert report(tmp_path, "why")[1].startswith("01 count -> 02 tell x en, fr\n")
    project.edit("doubled.py", "2 *", "3 *")
    assert report(tmp_path, "report")[0] == {"02-tell.en", "02-tell.fr"}
    assert "9 fr" in project.published()["reports/02-tell.fr.html"].decode()


def test_executed_notebooks_are_real_ones_without_times_or_paths(first):
    for path in (first[0].path / "build/published/notebooks").glob("*.ipynb"):
        executed = nbformat.read(path, 4)
        nbformat.validate(executed)
        assert not re.search(
            r"start_time|duration|output_path|iopub|" + re.escape(str(first[0].path)),
            path.read_text(encoding="utf-8"),
        )
        assert all(cell.execution_count for cell in executed.cells if cell.cell_type == "code")
    french = json.loads(
        (first[0].path / "build/published/notebooks/05-brief.fr.ipynb").read_text(encoding="utf-8")
    )
    assert [
        cell["id"]
        for cell in french["cells"]
        if "injected-parameters" in cell["metadata"].get("tags", [])
    ] == ["injected-parameters"]


@pytest.mark.parametrize("fork", ["yes", "no"])
@pytest.mark.parametrize("name", ["build", "reports", "data/raw"])
def test_a_folder_may_be_a_link_to_another_place(project, tmp_path, name, fork):
    place = tmp_path / "elsewhere"
    (project.path / name).rename(place)
    (project.path / name).symlink_to(place, target_is_directory=True)
    (
        place / "numbers.csv" if name == "data/raw" else project.path / "data/raw/numbers.csv"
    ).write_text("name,value\none,1\ntwo,20\n")
    ran, said, code = project.make("report", f"FORK={fork}")
    assert (ran, code) == (EVERYTHING, 0), said
    assert b"21 en" in (project.path / "reports/05-brief.en.html").read_bytes()
    assert project.make("report")[::2] == (set(), 0)
    project.edit("notebooks/01-clean.ipynb", "numbers = pd", "1 / 0\\nnumbers = pd")
    assert "01-clean failed: cell 4, In [3]:\nZeroDivisionError" in project.make("report")[1]


@pytest.mark.parametrize("fork", ["yes", "no"])
def test_any_folder_for_temporary_files_will_do(project, tmp_path, fork):
    place = tmp_path / ("t m'p é" + 100 * "x")
    place.mkdir()
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    ran, said, code = project.make("report", f"FORK={fork}", TMPDIR=str(place))
    assert (ran, code) == (EVERYTHING, 0), said
    assert project.make("report", TMPDIR=str(tmp_path / "missing"))[::2] == (set(), 0)


def test_a_second_build_in_the_same_folder_waits(project):
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    command = {"cwd": project.path, "env": ENVIRONMENT, "stdout": subprocess.PIPE, "text": True}
    with (
        subprocess.Popen(["make", "report"], **command) as one,
        subprocess.Popen(["make", "report"], **command) as two,
    ):
        said = [one.communicate()[0], two.communicate()[0]]
    assert sorted("waiting" in words for words in said) == [False, True]
    assert sorted("Nothing to do" in words for words in said) == [False, True]


@pytest.mark.exhaustive
def test_a_build_killed_at_any_moment_is_made_good(project):
    """kill -9 at 20 moments, spread by chance over the time that a build takes: of all its
    processes, or of the one that leads it, whose children then go on.
    """
    started, states, values = time.monotonic(), [project.published()], ["two,2", "two,20"]
    project.edit("data/raw/numbers.csv", *values)
    assert project.make("report")[2] == 0
    lasts, states, now = time.monotonic() - started, [*states, project.published()], 1
    for number in range(20):
        project.edit("data/raw/numbers.csv", *(values[::-1] if now else values))
        command = (
            ["make", "report"]
            if number % 4 < 2
            else [sys.executable, "-E", "-s", "-m", "taawun.build", "report"]
        )
        running = subprocess.Popen(
            command,
            cwd=project.path,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        moment = lasts * (number + random.random()) / 20
        time.sleep(moment)
        os.killpg(running.pid, signal.SIGKILL) if number % 4 < 2 else running.kill()
        running.wait()
        left = {
            name: content
            for name, content in project.published().items()
            if not name.endswith(".part")
        }
        half_written = f"killed after {moment:.2f} s: a half-written report"
        assert left.keys() == states[0].keys(), half_written
        for name, content in left.items():
            assert content in (states[0][name], states[1][name]), half_written
        if number % 3:
            now = 1 - now
        else:  # the change is taken back: what the killed build made of it must be gone
            project.edit("data/raw/numbers.csv", *(values if now else values[::-1]))
        _, said, code = project.make("report")
        assert code == 0, f"killed after {moment:.2f} s: {said}"
        assert project.published() == states[now], f"killed after {moment:.2f} s: {said}"


def until_full(path, room, written, content, write=Path.write_bytes):
    """Write as long as there is room for another file."""
    written.append(path)
    if len(written) > room:
        write(path, content[:10])
        raise OSError(28, "No space left on device")
    write(path, content)


def test_a_folder_that_is_removed_while_it_is_used_is_told(tmp_path, monkeypatch, capsys):
    def clean(*_):
        shutil.rmtree(tmp_path / "build")
        (tmp_path / "build" / "page").read_bytes()

    monkeypatch.setattr(editions, "EDITIONS", tmp_path / "build")
    monkeypatch.setattr(command, "build", clean)
    assert command.main("report") == 1
    assert capsys.readouterr().err.startswith("build/ was removed while it was in use, as make cl")


def test_a_full_disk_leaves_the_reports_as_they_were(first, tmp_path, monkeypatch):
    """However much of it there is still room for."""
    edition, (tables, reports) = (
        first[0].path / "build/published",
        (tmp_path / name for name in ("processed", "reports")),
    )
    monkeypatch.setattr(editions, "steps", lambda edition: sorted(EVERYTHING))
    count = len(editions.publish(edition, tables, reports))
    for path in (*tables.iterdir(), *reports.iterdir()):
        path.write_bytes(b"of the last build")
    for room in range(count):
        written = []
        with monkeypatch.context() as full:
            full.setattr(Path, "write_bytes", partialmethod(until_full, room, written))
            with pytest.raises(OSError, match="No space left"):
                editions.publish(edition, tables, reports)
        assert len(written) == room + 1
        assert {path.read_bytes() for path in (*tables.iterdir(), *reports.iterdir())} == {
            b"of the last build"
        }
    assert len(editions.publish(edition, tables, reports)) == count
    assert not editions.verify_checksums(reports)


def test_a_file_that_people_changed_is_named_and_made_again(project):
    page = project.path / "reports/05-brief.fr.html"
    good = page.read_bytes()
    page.write_bytes(good + b"<p>and more")
    _, said, code = project.make("verify")
    assert code == 2
    assert "05-brief.fr.html is not what the build made (SHA256SUMS)" in said
    assert page.read_bytes() != good
    ran, said, code = project.make("report")
    assert (ran, code) == (set(), 0)
    assert "1 published file changed" in said
    assert page.read_bytes() == good


def test_help_lists_the_targets_and_the_parameters(project):
    _, said, code = project.make(PYTHON=sys.executable)
    assert code == 0
    assert "  report " in said
    assert "HORIZON=2030" in said


def test_sums_are_those_of_the_files(project):
    listed = dict(
        reversed(line.split("  "))
        for line in (project.path / "reports/SHA256SUMS").read_text().splitlines()
    )
    assert (
        listed["05-brief.fr.pdf"]
        == hashlib.sha256((project.path / "reports/05-brief.fr.pdf").read_bytes()).hexdigest()
    )
    assert "../data/processed/01-numbers.csv" in listed


def test_why_names_what_changed_and_builds_nothing(project):
    assert "05-brief.en    is done" in project.make("why")[1]
    project.edit("notebooks/05-brief.ipynb", "What", "Whatever")
    before = project.files("build")
    _, said, code = project.make("why")
    assert project.files("build") == before
    assert code == 0
    assert "01-clean       is done" in said
    assert "05-brief.en    runs: notebooks/05-brief.ipynb is changed" in said
    project.edit("data/raw/numbers.csv", "two,2", "two,20")
    project.edit("notebooks/05-brief.ipynb", "Whatever", "What")
    lines = project.make("why")[1].splitlines()
    assert lines[0] == "01 clean -> 05 brief x en, fr"
    assert lines[2] == "  01-clean       runs: data/raw/numbers.csv is changed"
    assert lines[3] == "  05-brief.en    runs if 01-clean changes a table"
