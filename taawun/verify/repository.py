"""What a program can see of the project: each public function is a check that answers whether all
is well, with the fact that it looked at.

Which list of auditors asks for which check is `data/hand/checklist.csv`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from inspect import getmembers, isfunction
from pathlib import Path

from taawun.build.graph import notebooks
from taawun.build.sources import cells, code
from taawun.paths import HAND, RAW, ROOT
from taawun.tables import BadTable, Row, csv_files, read_columns, read_rows

Answer = tuple[bool, str]
#: The answer to an item that no program can judge.
PERSON = "person"
#: The check of an item that a file of the project has to speak of.
SAYS = "says"
_FOREIGN = re.compile(r"""["'](?:/(?:home|Users|tmp|mnt|opt|root|usr|var|work)/|[A-Z]:\\)""")
_RANDOM = re.compile(
    r"(?m)^\s*(?:import|from) (?:random|secrets|numpy\.random)\b|np\.random|\.sample\("
)
_WRITES = re.compile(r"\b(?:to_csv|write\w*)\((?:[^()]|\([^()]*\))*")


def answers() -> list[dict[str, str]]:
    """One row an item of a checklist: its columns, answer (yes, no, or person where a program
    cannot tell), and the fact. BadTable if a check does not exist.
    """
    listed = read_rows(HAND / "checklist.csv")
    checks = _checks()
    accepted = [PERSON, SAYS, *checks]
    unknown = [
        f"data/hand/checklist.csv, row {i} ({row['item']}), column check: there is no check "
        f"«{row['check']}»; accepted: {', '.join(accepted)}"
        for i, row in enumerate(listed, start=2)
        if row["check"] not in accepted
    ]
    if unknown:
        raise BadTable(unknown)
    found = []
    for row in listed:
        answer, fact = PERSON, "a person has to judge"
        if row["check"] != PERSON:
            check = checks.get(row["check"], lambda row=row: _says(row["file"], row["words"]))
            well, fact = check()
            answer = "yes" if well else "no"
        found.append({**row, "answer": answer, "fact": fact})
    return found


def _checks() -> dict[str, Callable[[], Answer]]:
    """The checks of this module by name."""
    return {
        name: function
        for name, function in getmembers(sys.modules[__name__], isfunction)
        if function.__module__ == __name__ and not name.startswith("_") and function is not answers
    }


def _says(name: str, words: str) -> Answer:
    """A file of the project has all the words that an item asks for, separated by semicolons."""
    missing = [part for part in words.split("; ") if part not in _text(name)]
    return not missing, f"{name} says {words}" if not missing else f"{name} lacks {missing[0]}"


def code_is_python() -> Answer:
    """No file of a closed program stands among the code."""
    closed = (".r", ".do", ".sas", ".sps", ".xlsx", ".xlsm")
    others = [path.name for path in (ROOT / "taawun").rglob("*") if path.suffix in closed]
    return _none(others, "taawun/ is Python, notebooks/ is Jupyter; other programs")


def readme_maps_outputs() -> Answer:
    """The README has a line for every notebook."""
    readme = _text("README.md")
    missing = [path.name for path in notebooks() if f"notebooks/{path.name}" not in readme]
    mapped = f"all but {', '.join(missing)}" if missing else "every notebook"
    told = "question, code, what it reads, what it prints"
    return not missing, f"README.md has a line for {mapped}: {told}"


def nothing_by_hand() -> Answer:
    """Every table in data/processed is written by a notebook, and every such line has its table."""
    written = {
        name
        for notebook in notebooks()
        for call in _WRITES.findall(code(notebook))
        for name in re.findall(r'PROCESSED / "([\w.-]+\.csv)"', call)
    }
    there = {path.name for path in (ROOT / "data" / "processed").glob("*.csv")}
    made = f"{len(there & written)} of them written by a line of a notebook"
    return there == written, f"{len(there)} tables in data/processed, {made}"


def raw_is_not_written() -> Answer:
    """No line of code that writes a file names the received or the decided tables."""
    calls = (call for path in _sources() for call in _WRITES.findall(code(path)))
    bad = [call for call in calls if re.search(r"\b(?:RAW|HAND)\b", call)]
    return _none(bad, "lines of code that write into data/raw or data/hand")


def no_outputs_committed() -> Answer:
    """The notebooks hold no outputs."""
    held = [
        path.name
        for path in notebooks()
        for cell in cells(path)
        if cell.get("outputs") or cell.get("execution_count")
    ]
    return not held, f"{len(notebooks())} notebooks, {len(set(held))} with outputs"


def public_things_explained() -> Answer:
    """Every public function and class has a docstring."""
    silent = [
        node.name
        for path in _modules()
        for node in ast.parse(_text(path)).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    return _none(silent, "public functions and classes without a docstring")


def logic_is_in_functions() -> Answer:
    """No notebook defines a function or class."""
    defining = re.compile(r"(?m)^\s*(?:def|class) ")
    defined = [path.name for path in notebooks() if defining.search(code(path))]
    return _none(defined, "notebooks that define a function of their own")


def folders_follow_a_plan() -> Answer:
    """The folders are those that the README names."""
    names = ["data/raw", "data/hand", "data/processed", "notebooks", "taawun", "tests", "reports"]
    there = [name for name in names if (ROOT / name).is_dir()]
    return there == names, f"there are {', '.join(there)}"


def tests_cover_steps() -> Answer:
    """Every module of the steps has a file of tests, and every room of the package has tests."""
    steps = [path for path in _modules() if path.parent.name == "steps" and path.stem[0] != "_"]
    rooms = sorted({path.parent.name for path in _modules()} - {"taawun"})
    missing = [
        *(f"steps/{p.stem}" for p in steps if not _tests(f"steps/test_{p.stem}.py")),
        *(room for room in rooms if not _tests(f"{room}/test_*.py")),
    ]
    said = f"tests/ has tests for {len(steps)} modules of steps and {len(rooms)} rooms; without"
    return _none(missing, said)


def versions_are_locked() -> Answer:
    """Every package of the lock has its exact version and its hashes."""
    packages = re.split(r"(?m)^(?=[\w-]+==)", _text("requirements.txt"))[1:]
    hashed = [package for package in packages if "--hash=sha256:" in package]
    well = bool(packages) and hashed == packages and (ROOT / "environment.yml").exists()
    counted = f"{len(packages)} packages with exact version, {len(hashed)} with hashes"
    return well, f"{counted}; environment.yml for conda"


def steps_are_recorded() -> Answer:
    """The executed notebooks are kept with the report: their pages, and briefs in some language."""
    pages = _reports()
    recorded = [path.stem for path in notebooks() if f"{path.stem}.html" in pages]
    missing = [
        path.stem
        for path in notebooks()
        if not any(page.startswith(f"{path.stem}.") and page.endswith(".html") for page in pages)
    ]
    kept = f"{len(recorded)} executed notebooks are kept in reports/ with code and results"
    return not missing, kept


def data_are_tidy() -> Answer:
    """Every table has one heading line of different names."""
    columns = {name: read_columns(path) for name, path in _tables().items()}
    odd = [name for name, names in columns.items() if len(set(names)) < len(names) or "" in names]
    return _none(odd, f"{len(columns)} CSV files with one heading line; odd ones")


def every_column_explained() -> Answer:
    """The dictionary has a row for every column of every table."""
    explained = {(row["table"], row["column"]) for row in _dictionary()}
    real = {(name, column) for name, path in _tables().items() for column in read_columns(path)}
    counted = f"{len(real & explained)} of {len(real)} columns"
    return real <= explained, f"data/dictionary.csv explains {counted}"


def changes_are_listed() -> Answer:
    """The edition has its entry in the list of changes."""
    found = re.search(r"(?m)^version: (.*)", _text("CITATION.cff"))
    version = found[1] if found else "(none)"
    listed = version in _text("CHANGELOG.md")
    return listed, f"CHANGELOG.md has {'the' if listed else 'no'} edition {version}"


def sources_are_cited() -> Answer:
    """Every publication has publisher, title and date."""
    sources = read_rows(RAW / "sources.csv")
    cited = [
        row
        for row in sources
        if row["publisher"] and row["title"] and (row["published"] or row["accessed"])
    ]
    counted = f"{len(cited)} of {len(sources)} publications have publisher, title and date"
    return len(cited) == len(sources), f"{counted}; {_filled(sources, 'url')} an address"


def rights_are_stated() -> Answer:
    """Every publication has its terms of use."""
    sources = read_rows(RAW / "sources.csv")
    stated = _filled(sources, "rights")
    counted = f"{stated} of {len(sources)} publications"
    return stated == len(sources), f"sources.csv states the rights of {counted}"


def raw_data_are_included() -> Answer:
    """The tables that everything starts from are there."""
    counts = {path.name: len(read_rows(path)) for path in csv_files(RAW, "*.csv")}
    told = ", ".join(f"{name} ({count} rows)" for name, count in counts.items())
    return bool(counts) and all(counts.values()), f"data/raw holds {told}"


def judgements_have_reasons() -> Answer:
    """Every judgement has its reason beside it, in the tables whose dictionary asks for one."""
    tables = [
        read_rows(ROOT / "data" / row["table"])
        for row in _dictionary()
        if row["table"].startswith("hand/")
        and (row["column"], row["missing"]) == ("reason", "never")
    ]
    judgements = [row for table in tables for row in table]
    bare = len(judgements) - _filled(judgements, "reason")
    counted = f"{len(judgements)} judgements in {len(tables)} tables of data/hand"
    return bare == 0, f"{counted}, {bare} without a reason"


def no_foreign_paths() -> Answer:
    """No string in the code begins with a folder of some machine."""
    found = [path.name for path in _sources() if _FOREIGN.search(code(path))]
    stand = "the folders stand in taawun/paths.py"
    return _none(found, "code that names a folder of a machine", stand)


def nothing_is_random() -> Answer:
    """Nothing draws random numbers, and figures are salted with a fixed word."""
    found = [path.name for path in _sources() if _RANDOM.search(code(path))]
    salted = "svg.hashsalt" in _text("taawun/charts/report.mplstyle")
    salt = "figures have a fixed salt" if salted else "figures have no salt"
    well, fact = _none(found, "code that draws random numbers", salt)
    return well and salted, fact


def time_is_stated() -> Answer:
    """The README says how long a run takes."""
    told = re.search(r"(?:about|in) (?:a|one|two|\d+) (?:minutes?|seconds?)", _text("README.md"))
    if not told:
        return False, "README.md does not say how long it takes"
    return True, f"README.md: {told[0]}"


def outputs_come_from_code() -> Answer:
    """Every report is named after a notebook."""
    numbers = {path.name[:2] for path in notebooks()}
    pages = [name for name in _reports() if name.endswith((".html", ".pdf"))]
    well = bool(pages) and {name[:2] for name in pages} <= numbers
    return well, f"{len(pages)} reports, each named after the notebook that makes it"


def _none(found: Sequence[str], what: str, more: str = "") -> Answer:
    """That none of what must not be was found, or what was."""
    return not found, f"{what}: {', '.join(found) or 'none'}{more and '; ' + more}"


def _filled(rows: Iterable[Row], column: str) -> int:
    """In how many rows the column has words."""
    return sum(row[column] != "" for row in rows)


def _text(path: Path | str) -> str:
    """What a file of the project says; nothing if there is none."""
    path = ROOT / path
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _tests(pattern: str) -> bool:
    """Whether a file of tests of that name holds any."""
    return any("def test_" in _text(path) for path in (ROOT / "tests").glob(pattern))


def _reports() -> list[str]:
    """The names of what the notebooks print, in order."""
    return sorted(path.name for path in (ROOT / "reports").glob("[0-9][0-9]-*.*"))


def _modules() -> list[Path]:
    return sorted((ROOT / "taawun").rglob("*.py"))


def _sources() -> list[Path]:
    """The notebooks and the modules."""
    return [*notebooks(), *_modules()]


def _tables() -> dict[str, Path]:
    """Every table of the project by its path below data/."""
    folder = ROOT / "data"
    return {path.relative_to(folder).as_posix(): path for path in csv_files(folder)}


def _dictionary() -> list[dict[str, str]]:
    return read_rows(ROOT / "data" / "dictionary.csv")
