"""What a program can see of the project: each check answers whether all is well, with the fact that
it looked at.
"""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pandas as pd

from taawun.paths import HAND, ROOT
from taawun.tables import read_table

Answer = tuple[bool, str]
_FOREIGN = re.compile(r"""["'](?:/(?:home|Users|tmp|mnt|opt|root|usr|var|work)/|[A-Z]:\\)""")
_WRITES = re.compile(r"\b(?:to_csv|write\w*)\((?:[^()]|\([^()]*\))*")
_RANDOM = re.compile(
    r"(?m)^\s*(?:import|from) (?:random|secrets|numpy\.random)\b|np\.random|\.sample\("
)


def code_is_python() -> Answer:
    """No file of a closed program stands among the code."""
    others = [
        path.name
        for path in (ROOT / "taawun").rglob("*")
        if path.suffix in (".r", ".do", ".sas", ".sps", ".xlsx", ".xlsm")
    ]
    return (
        not others,
        f"taawun/ is Python, notebooks/ is Jupyter; other programs: {', '.join(others) or 'none'}",
    )


def under_version_control() -> Answer:
    """What is made on the way is kept out of the history."""
    ignored = _text(".gitignore").split()
    return (
        {"/build/", "/.venv/"} <= set(ignored),
        f".gitignore keeps out {len([line for line in ignored if line.startswith('/')])} "
        f"folders of things made on the way",
    )


def readme_says_how() -> Answer:
    """The README names the command that builds the report."""
    commands = re.findall(r"make [a-z]+", _text("README.md"))
    return "make report" in commands, f"README.md names {', '.join(dict.fromkeys(commands))}"


def readme_maps_outputs() -> Answer:
    """The README has a line for every notebook."""
    missing = [
        path.name for path in _notebooks() if f"notebooks/{path.name}" not in _text("README.md")
    ]
    return (
        not missing,
        f"README.md has a line for "
        f"{'every notebook' if not missing else 'all but ' + ', '.join(missing)}: question, "
        f"code, what it reads, what it prints",
    )


def one_command() -> Answer:
    """The Makefile has one command to build and one to test."""
    targets = re.findall(r"(?m)^([a-z]+):.*##", _text("Makefile"))
    return {"report", "test"} <= set(targets), f"the Makefile has {', '.join(targets)}"


def nothing_by_hand() -> Answer:
    """Every table in data/processed is written by a line of a notebook, and every such line has its
    table.
    """
    written = {
        name
        for path in _notebooks()
        for call in _WRITES.findall(_code(path))
        for name in re.findall(r'PROCESSED / "([\w.-]+\.csv)"', call)
    }
    there = {path.name for path in (ROOT / "data" / "processed").glob("*.csv")}
    return (
        there == written,
        f"{len(there)} tables in data/processed, {len(there & written)} of them written by a "
        f"line of a notebook",
    )


def raw_is_not_written() -> Answer:
    """No line of code that writes a file names the received or the decided tables."""
    calls = [call for path in [*_notebooks(), *_modules()] for call in _WRITES.findall(_code(path))]
    bad = [call for call in calls if re.search(r"\b(?:RAW|HAND)\b", call)]
    return not bad and bool(
        calls
    ), f"lines of code that write into data/raw or data/hand: {'; '.join(bad) or 'none'}"


def no_outputs_committed() -> Answer:
    """The notebooks hold no outputs."""
    held = [
        path.name
        for path in _notebooks()
        if any(
            cell.get("outputs") or cell.get("execution_count")
            for cell in json.loads(_text(path))["cells"]
        )
    ]
    return not held, f"{len(_notebooks())} notebooks, {len(held)} with outputs"


def public_things_explained() -> Answer:
    """Every public function and class has a docstring."""
    nodes = [
        node
        for path in _modules()
        for node in ast.parse(_text(path)).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    ]
    silent = [node.name for node in nodes if not ast.get_docstring(node)]
    return (
        not silent,
        f"public functions and classes without a docstring: {', '.join(silent) or 'none'}",
    )


def logic_is_in_functions() -> Answer:
    """No notebook defines a function or class."""
    defined = [
        path.name for path in _notebooks() if re.search(r"(?m)^\s*(?:def|class) ", _code(path))
    ]
    return (
        not defined,
        f"notebooks that define a function of their own: {', '.join(defined) or 'none'}",
    )


def folders_follow_a_plan() -> Answer:
    """The folders are those that the README names."""
    names = ["data/raw", "data/hand", "data/processed", "notebooks", "taawun", "tests", "reports"]
    there = [name for name in names if (ROOT / name).is_dir()]
    return there == names, f"there are {', '.join(there)}"


def tests_cover_steps() -> Answer:
    """Every step and both modules under them have a file of tests; the report has one, too."""
    wanted = [
        f"test_{name}.py"
        for name in (
            "clean",
            "audit",
            "growth",
            "coverage",
            "brief",
            "quantity",
            "prose",
            "export",
            "data",
        )
    ]
    there = [name for name in wanted if "def test_" in _text(f"tests/{name}")]
    return there == wanted, f"tests/ has {', '.join(there)}"


def versions_are_locked() -> Answer:
    """Every package of the lock has its exact version and its hashes."""
    packages = re.split(r"(?m)^(?=[\w-]+==)", _text("requirements.txt"))[1:]
    bare = [package.split("==")[0] for package in packages if "--hash=sha256:" not in package]
    return (
        bool(packages) and not bare and "environment.yml" in {path.name for path in ROOT.iterdir()},
        f"{len(packages)} packages with exact version, {len(packages) - len(bare)} with hashes; "
        f"environment.yml for conda",
    )


def python_is_stated() -> Answer:
    """The Python that is needed is stated, for tools and for people."""
    wanted = re.search(r'requires-python = "(.*)"', _text("pyproject.toml"))
    return bool(wanted) and "Python 3" in _text(
        "README.md"
    ), f"pyproject.toml asks for Python {wanted[1] if wanted else '(nothing)'}, README.md says so"


def steps_are_recorded() -> Answer:
    """The executed notebooks are kept with the report."""
    missing = [
        path.stem
        for path in _notebooks()[:-1]
        if not (ROOT / "reports" / f"{path.stem}.html").exists()
    ]
    return (
        not missing,
        f"{len(_notebooks()) - 1 - len(missing)} executed notebooks are kept in reports/ with "
        f"code and results",
    )


def data_are_tidy() -> Answer:
    """Every table has one heading line of different names."""
    tables = sorted((ROOT / "data").rglob("*.csv"))
    headers = {
        path.relative_to(ROOT / "data").as_posix(): list(pd.read_csv(path, nrows=0).columns)
        for path in tables
    }
    odd = [
        name
        for name, columns in headers.items()
        if len(set(columns)) < len(columns)
        or any(column.startswith("Unnamed") for column in columns)
    ]
    return (
        not odd,
        f"{len(tables)} CSV files with one heading line; odd ones: {', '.join(odd) or 'none'}",
    )


def every_column_explained() -> Answer:
    """The dictionary has a row for every column of every table."""
    told = read_table(ROOT / "data" / "dictionary.csv")
    explained = set(zip(told["table"], told["column"]))
    real = {
        (path.relative_to(ROOT / "data").as_posix(), column)
        for path in sorted((ROOT / "data").rglob("*.csv"))
        for column in pd.read_csv(path, nrows=0).columns
    }
    return (
        real <= explained,
        f"data/dictionary.csv explains {len(real & explained)} of {len(real)} columns",
    )


def is_a_package() -> Answer:
    """The code can be installed."""
    text = _text("pyproject.toml")
    return (
        "[build-system]" in text and "[project]" in text,
        "pyproject.toml builds the package taawun",
    )


def checked_automatically() -> Answer:
    """One script builds and tests from a clean checkout."""
    path = ROOT / ".ci" / "run"
    return (
        path.exists() and "make test" in _text(path),
        ".ci/run sets up, builds and tests from a clean checkout"
        if path.exists()
        else "there is no .ci/run",
    )


def changes_are_listed() -> Answer:
    """The edition has its entry in the list of changes."""
    version = re.search(r"(?m)^version: (.*)", _text("CITATION.cff"))[1]
    return version in _text(
        "CHANGELOG.md"
    ), f"CHANGELOG.md has {'the' if version in _text('CHANGELOG.md') else 'no'} edition {version}"


def licence_is_there() -> Answer:
    """Code and data have a licence."""
    text = _text("LICENSE")
    return "MIT" in text and "CC BY 4.0" in text + _text(
        "README.md"
    ), "LICENSE: MIT for code; text and data CC BY 4.0"


def can_be_cited() -> Answer:
    """There is a file that says how to cite."""
    fields = [
        name
        for name in ("title", "version", "date-released", "authors")
        if re.search(rf"(?m)^{name}:", _text("CITATION.cff"))
    ]
    return len(fields) == 4, f"CITATION.cff has {', '.join(fields)}"


def sources_are_cited() -> Answer:
    """Every publication has publisher, title and date."""
    sources = read_table(ROOT / "data" / "raw" / "sources.csv")
    cited = (
        (sources["publisher"] != "")
        & (sources["title"] != "")
        & ((sources["published"] != "") | (sources["accessed"] != ""))
    )
    return (
        bool(cited.all()),
        f"{int(cited.sum())} of {len(sources)} publications have publisher, title and date; "
        f"{int((sources['url'] != '').sum())} an address",
    )


def rights_are_stated() -> Answer:
    """Every publication has its terms of use."""
    sources = read_table(ROOT / "data" / "raw" / "sources.csv")
    return (
        bool((sources["rights"] != "").all()),
        f"sources.csv states the rights of {int((sources['rights'] != '').sum())} of "
        f"{len(sources)} publications",
    )


def raw_data_are_included() -> Answer:
    """The tables that everything starts from are there."""
    rows = {
        name: len(read_table(ROOT / "data" / "raw" / f"{name}.csv"))
        for name in ("figures", "sources", "population")
    }
    return all(rows.values()), "data/raw holds " + ", ".join(
        f"{name}.csv ({count} rows)" for name, count in rows.items()
    )


def judgements_have_reasons() -> Answer:
    """Every judgement has its reason beside it."""
    tables = {
        name: read_table(HAND / f"{name}.csv")
        for name in ("choices", "readings", "programmes", "comparisons", "scenarios", "breaks")
    }
    bare = {name: int((table["reason"] == "").sum()) for name, table in tables.items()}
    return (
        not any(bare.values()),
        f"{sum(map(len, tables.values()))} judgements in {len(tables)} tables of data/hand, "
        f"{sum(bare.values())} without a reason",
    )


def no_foreign_paths() -> Answer:
    """No string in the code begins with a folder of some machine."""
    found = [path.name for path in [*_notebooks(), *_modules()] if _FOREIGN.search(_code(path))]
    return (
        not found,
        f"code that names a folder of a machine: {', '.join(found) or 'none'}; the folders "
        f"stand in taawun/paths.py",
    )


def nothing_is_random() -> Answer:
    """Nothing draws random numbers, and figures are salted with a fixed word."""
    found = [path.name for path in [*_notebooks(), *_modules()] if _RANDOM.search(_code(path))]
    return not found and "svg.hashsalt" in _text(
        "taawun/charts/report.mplstyle"
    ), f"code that draws random numbers: {', '.join(found) or 'none'}; figures have a fixed salt"


def time_is_stated() -> Answer:
    """The README says how long a run takes."""
    told = re.search(r"(?:about|in) (?:a|one|two|\d+) (?:minutes?|seconds?)", _text("README.md"))
    return bool(
        told
    ), f"README.md: {told[0]}" if told else "README.md does not say how long it takes"


def outputs_come_from_code() -> Answer:
    """Every report is named after a notebook."""
    pages = sorted(
        path.name
        for path in (ROOT / "reports").glob("0[1-5]-*.*")
        if path.suffix in (".html", ".pdf")
    )
    strange = [name for name in pages if name[:2] not in {path.name[:2] for path in _notebooks()}]
    return bool(
        pages
    ) and not strange, f"{len(pages)} reports, each named after the notebook that makes it"


def _text(path: Path | str) -> str:
    path = ROOT / path
    return path.read_text(encoding="utf-8") if path.exists() else ""


@cache
def _modules() -> list[Path]:
    return sorted((ROOT / "taawun").rglob("*.py"))


@cache
def _notebooks() -> list[Path]:
    return sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def _code(path: Path) -> str:
    """The code of a module or a notebook."""
    if path.suffix == ".py":
        return _text(path)
    return "\n".join(
        "".join(cell["source"])
        for cell in json.loads(_text(path))["cells"]
        if cell["cell_type"] == "code"
    )
