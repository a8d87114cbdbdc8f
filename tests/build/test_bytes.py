"""The same bytes: the whole report, built anew in other folders and surroundings, and as it is
committed. `make test` has built it before.
"""

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from test_build import ENVIRONMENT, Project

from taawun.build import graph
from taawun.build.execution import normalise
from taawun.export import TaawunDocxExporter, TaawunHTMLExporter, TaawunPDFExporter
from taawun.paths import ROOT

pytestmark = pytest.mark.slow
MADE = [
    "build/published/notebooks",
    "build/published/processed",
    "build/published/reports",
    "reports",
    "data/processed",
]
OTHERS = {  # name, arguments of make, umask, environment
    "an old processor, four jobs": (
        ["JOBS=4"],
        0o077,
        {
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": "/nowhere",
            "MPLBACKEND": "pdf",
            "COLUMNS": "40",
            "TMPDIR": "tmp",
            "NPY_DISABLE_CPU_FEATURES": " ".join(
                name for name in __cpu_dispatch__ if __cpu_features__.get(name)
            ),
            "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX,-FMA,-FMA4,-BMI2,-ERMS,-SSE4_1,-SSE4_2",
        },
    ),
    "no fork, one job": (
        ["JOBS=1", "FORK=no"],
        0o002,
        {
            "TZ": "America/Bogota",
            "LC_ALL": "ar_MA.UTF-8",
            "LANGUAGE": "fr",
            "HOME": "home",
            "LINES": "7",
        },
    ),
}


def made(folder, names):
    """What make makes; the room of the build has the name of its folder."""
    everywhere = shutil.ignore_patterns(".*", "reports", "processed", "__pycache__")(folder, names)
    return everywhere | ({"build"} if Path(folder) == ROOT else set())


@pytest.fixture(scope="module")
def here():
    """What make made here, and what was published."""
    return Project(ROOT)


@pytest.fixture(scope="module", params=OTHERS)
def elsewhere(request, tmp_path_factory):
    """The project as it is here, built in another folder and other surroundings."""
    arguments, umask, env = OTHERS[request.param]
    path = tmp_path_factory.mktemp("elsewhere") / "تعاون"
    shutil.copytree(ROOT, path, ignore=made)
    (path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    env = env | {name: str(path.parent / env[name]) for name in ("HOME", "TMPDIR") if name in env}
    for name in ("HOME", "TMPDIR"):
        os.makedirs(env.get(name, path), exist_ok=True)
    done = subprocess.run(
        ["make", "report", *arguments],
        cwd=path,
        env=ENVIRONMENT | env,
        umask=umask,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    return Project(path)


def git(*arguments):
    return subprocess.run(
        ["git", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        encoding="utf-8",
    ).stdout


def differing(one, other):
    """The files that are not the same, with the first lines in which they differ."""
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            texts = [
                files.get(name, b"").decode("utf-8", "replace").splitlines()
                for files in (one, other)
            ]
            lines = (
                [line[:200] for line in difflib.unified_diff(*texts, n=0, lineterm="")][2:8]
                if not name.endswith((".pdf", ".docx"))
                else []
            )
            yield "\n".join([name, *lines])


def of_steps(files):
    """What the steps made: the pages, tables and sums; not what describes and verifies the whole,
    which `make test` and `make verify` write.
    """
    return {
        name: content
        for name, content in files.items()
        if re.match(r"build/|data/processed/\d|reports/(\d\d-[^/]*|SHA256SUMS)$", name)
    }


@pytest.mark.exhaustive
def test_every_page_table_and_executed_notebook_is_the_same_elsewhere(here, elsewhere):
    one, other = (of_steps(project.files(*MADE)) for project in (here, elsewhere))
    found = list(differing(one, other))
    assert not found, "\n".join(found)
    assert len(one) > 40


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "build/published/notebooks").glob("0*.ipynb")),
    ids=lambda path: path.stem,
)
def test_an_executed_notebook_prints_the_page_that_was_published(path):
    """`jupyter nbconvert --to taawun-html` of the file, by anyone who has it."""
    kinds = {".html": TaawunHTMLExporter}
    if path.stem.startswith("05"):
        kinds |= {".pdf": TaawunPDFExporter, ".docx": TaawunDocxExporter}
    for suffix, exporter in kinds.items():
        page, _ = exporter().from_filename(str(path))
        assert (page if isinstance(page, bytes) else page.encode()) == (
            ROOT / "reports" / path.stem
        ).with_name(path.stem + suffix).read_bytes()


def test_what_is_committed_is_what_the_build_makes(here):
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("there is no history, or no git, to compare with")
    changed = [line[3:] for line in git("status", "--porcelain", "-uall").splitlines()]
    if sources := [
        name
        for name in changed
        if not re.match(r"reports/|data/(processed/|datapackage\.json)", name)
    ]:
        pytest.skip(
            f"the sources differ from what is committed, and so may what is made: "
            f"{', '.join(sources[:5])}"
        )
    names = git(
        "ls-tree", "-r", "--name-only", "HEAD", "reports", "data/processed", "data/datapackage.json"
    ).splitlines()
    committed = {
        name: subprocess.run(
            ["git", "show", f"HEAD:{name}"], cwd=ROOT, stdout=subprocess.PIPE, check=True
        ).stdout
        for name in names
        if "/verification." not in name
    }
    made = {
        name: content
        for name, content in here.files("reports", "data").items()
        if name in committed or name in of_steps({name: content})
    }
    found = list(differing(committed, made))
    assert not found, "commit what make report and make verify made:\n" + "\n".join(found)


def test_papermill_by_hand_gives_the_same(tmp_path, here):
    """The command of the README, in an ordinary kernel; and the experiment with its parameter."""
    out = tmp_path / "out.ipynb"
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TAAWUN_", "JUPYTER_DEFAULT"))
    }
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--no-progress-bar",
        "notebooks/03-growth.ipynb",
        str(out),
        "-p",
        "base_year",
        "2015",
    ]
    tables = {"TAAWUN_PROCESSED": str(tmp_path / "tables")}
    (tmp_path / "tables").mkdir()
    for name in graph.reads(graph.NOTEBOOKS / "03-growth.ipynb"):
        (tmp_path / "tables" / Path(name).name).write_bytes(
            (ROOT / "build/published" / name).read_bytes()
        )
    subprocess.run(
        command,
        cwd=ROOT,
        env=env | tables | {"PYTHONPATH": str(ROOT)},
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    by_hand = normalise(nbformat.read(out, 4))
    _, said, code = here.make("03-growth", "BASE_YEAR=2015")
    assert code == 0, said
    made = nbformat.read(ROOT / "build/base_year=2015/notebooks/03-growth.ipynb", 4)
    assert json.dumps(by_hand.cells) == json.dumps(made.cells)
    shown = [made.metadata, [(cell.metadata, cell.get("outputs")) for cell in made.cells]]
    assert "BASE_YEAR" not in json.dumps(shown), "what make was called with reaches no notebook"
    assert any(
        "2015" in json.dumps(cell.outputs) for cell in made.cells if cell.cell_type == "code"
    )
    for path in (tmp_path / "tables").glob("03-*.csv"):
        assert (
            path.read_bytes() == (ROOT / "build/base_year=2015/processed" / path.name).read_bytes()
        )
