"""What the documents for people say is true of the project: links, paths, columns, fields,
parameters, versions.
"""

import os
import re
import shlex
import subprocess
import tomllib
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import yaml

from taawun.build import graph, parameters
from taawun.numbers import parse_figure
from taawun.paths import RAW, ROOT
from taawun.quantity import Quantity
from taawun.report.prose import Prose

MADE = (".venv", ".lab", ".dask", "build", ".git", ".pytest_cache")
DOCUMENTS = sorted(
    path for path in ROOT.rglob("*.md") if path.relative_to(ROOT).parts[0] not in MADE
)
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
each = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)


def prose(document: Path) -> str:
    """The text without blocks of code."""
    text = document.read_text(encoding="utf-8")
    return re.sub(r"(?ms)^```.*?^```|^    .*?$", "", text)


def commands() -> list[str]:
    """What documents tell people to type: lines of code, and code in a sentence; without remarks,
    and without what has something to be filled in.
    """
    start = r"(?:make|python3|\.\w+/bin/\w+)"
    typed = set()
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        typed |= set(re.findall(rf"(?m)^ {{4,}}({start}(?: .*)?)$", text))
        typed |= set(re.findall(rf"`({start}(?:\s[^`]*)?)`", text))
    return sorted({re.sub(r"\s+", " ", re.sub(r"\s+#.*", "", line)) for line in typed})


def anchors(document: Path) -> set[str]:
    """What GitHub calls the headings of a document."""
    headings = re.findall(r"(?m)^#+ (.*)$", prose(document))
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_the_documents_that_people_look_for_are_there():
    names = {path.relative_to(ROOT).as_posix() for path in DOCUMENTS}
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"} <= names
    assert "docs/decisions/README.md" in names


@each
def test_every_relative_link_leads_somewhere(document):
    links = re.findall(r"\]\(([^()\s]+)\)", prose(document))
    broken = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if re.match(r"[a-z]+:", link):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@each
def test_every_path_that_is_named_exists(document):
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", prose(document))
    top = {path.name for path in ROOT.iterdir()} - set(MADE)
    missing = [
        name
        for name in named
        if name.split("/")[0] in top and "/" in name and not (ROOT / name).exists()
    ]
    assert not missing


@pytest.mark.parametrize("command", commands())
def test_every_command_that_is_named_can_be_given(command):
    tool, *words = shlex.split(re.sub(r"<[^>]*>", "HEAD", command))
    if tool == "make":
        env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        dry = ["make", "--dry-run", *words]
        tried = subprocess.run(dry, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
    for module in (after for before, after in pairwise(words) if before == "-m"):
        assert " " in module or find_spec(module), module
    top = {path.name for path in ROOT.iterdir()} - set(MADE)
    paths = [word for word in words if "=" not in word and word.split("/")[0] in top]
    assert not [path for path in paths if not (ROOT / path).exists()]


@each
def test_no_document_knows_a_machine_or_an_index(document):
    text = document.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users|opt|mnt)/", text)
    assert not re.search(r"localhost|127\.0\.0\.1|/simple\b|index-url|file://", text)


@each
def test_lines_are_short_enough_to_review(document):
    long = [
        number
        for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 100 and not line.lstrip().startswith("|") and "](" not in line
    ]
    assert not long


def test_the_index_of_decisions_has_every_page():
    pages = {path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md")}
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([^)]+)\)", index)) == pages


@pytest.mark.parametrize("name", ["sources", "figures"])
def test_the_recipe_for_a_source_names_every_column(name):
    named = re.findall(r"(?m)^   \| (`.*?) \|", CONTRIBUTING)
    columns = {column for cell in named for column in re.findall(r"`(\w+)`", cell)}
    assert set(pd.read_csv(RAW / f"{name}.csv", nrows=0).columns) <= columns


def test_every_table_of_judgements_is_told():
    told = re.search(r"(?s)## A judgement\n(.*?)\n## ", CONTRIBUTING)[1]
    names = {path.stem for path in (ROOT / "data/hand").glob("*.csv")}
    assert names <= set(re.findall(r"`(\w+)`", told))


def test_every_form_of_a_field_that_is_told_can_be_printed():
    table = re.search(r"(?s)\| field \|.*?\n\n", CONTRIBUTING)[0].replace("\\|", "|")
    forms = re.findall(r"(?m)^\| `(\{name.*?\})` \|", table)
    assert len(forms) >= 6
    number = Quantity(3.0, 2.0, 4.0, "cooperatives", id="name", label="Three", date="2025-06-30")
    say = Prose({"name": number})
    printed = {form: say.plain(form) for form in forms}
    assert printed["{name}"] == "3"
    assert printed["{name:date}"] == "June 2025"
    assert printed["{name:loosest}"] == "Three, June 2025"
    assert printed["{name:if}"] == ""
    assert printed["{name:rose|fell}"] == printed["{name:rose|stayed|fell}"] == "rose"
    assert printed["{name:one=day;other=days}"] == "days"


def test_the_bounds_that_are_told_are_those_that_are_read():
    text = (ROOT / "docs/decisions/05-bounds.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([^|]*\d[^|]*) \| ([\d,]+) \| ([\d,]+) \|$", text)
    assert len(rows) >= 6
    for words, low, high in rows:
        read = parse_figure(words, "en")
        ends = (float(low.replace(",", "")), float(high.replace(",", "")))
        assert (read.low, read.high) == ends, words


def test_the_readme_has_every_parameter_with_its_default():
    told = dict(
        re.findall(r"(?m)^  \| `(\w+)` \| (.*?) \|", (ROOT / "README.md").read_text("utf-8"))
    )
    known = parameters.available(graph.notebooks())
    shown = {
        name.upper(): parameters.as_typed(parameter.default) for name, parameter in known.items()
    }
    assert told == shown


def test_the_workflow_tries_the_oldest_and_the_newest_python():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    conda = (ROOT / "environment.yml").read_text(encoding="utf-8")
    above = int(re.search(r"python>=3\.\d+,<3\.(\d+)", conda)[1])
    assert matrix["python"][0] == project["project"]["requires-python"].removeprefix(">=")
    assert matrix["python"][-1] == f"3.{above - 1}"
    assert {system.split("-")[0] for system in matrix["os"]} == {"ubuntu", "macos"}


def test_hooks_are_local_pinned_and_use_the_ruff_of_the_lock():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    pins = {
        hook["id"]: hook["additional_dependencies"]
        for repository in hooks["repos"]
        for hook in repository["hooks"]
    }
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", pin) for pinned in pins.values() for pin in pinned)
    lock = (ROOT / ".ci/lint.txt").read_text(encoding="utf-8")
    assert pins["ruff-check"] == pins["ruff-format"] == re.findall(r"(?m)^(ruff==\S+)", lock)
