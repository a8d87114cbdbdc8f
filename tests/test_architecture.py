"""Who may import whom, downwards only; and the package knows nothing of its subject."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from taawun.build.graph import notebooks
from taawun.paths import ROOT

#: Rooms and modules from the ground up; none imports one of its own floor or of a higher one.
FLOORS = [
    {"messages", "locales", "mime", "paths"},
    {"units", "periods"},
    {"quantity", "tables"},
    {"formula"},
    {"forms", "numbers", "ledger", "readings"},
    {"schemas"},
    {"steps", "report", "judgements"},
    {"check", "export", "exercises"},
    {"build"},
    {"metadata", "verify", "tools", "lab"},
    {"changes", "sweep"},
]
#: Beyond the floors: charts know nobody, the build reaches the exporters where it runs a step.
APART = {("build", "report"), ("build", "steps")}
EXPORTING = {"taawun.build.run", "taawun.build.forkserver"}
SUBJECT = re.compile(r"(?i)cooperativ|coopérativ|morocc|maroc|\bodco\b|تعاوني|المغرب|مغربي")

PATHS = [*sorted((ROOT / "taawun").rglob("*.py")), *sorted((ROOT / "tools").glob("*.py"))]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in PATHS}


def imports(path: Path) -> set[str]:
    """The modules of the package that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found & MODULES.keys()


def room(module: str) -> str:
    return [*module.split("."), ""][1] if module.startswith("taawun") else "tools"


IMPORTS = {module: imports(path) for module, path in MODULES.items()}


def test_rooms_import_downwards_only():
    floor = {name: height for height, names in enumerate(FLOORS) for name in names}
    edges = {(room(a), room(b)) for a, others in IMPORTS.items() for b in others}
    edges = {(a, b) for a, b in edges if a != b and "" not in (a, b)}
    assert edges, "the package imports itself"
    assert {(a, b) for a, b in edges if "charts" in (a, b)} == set()
    assert {(a, b) for a, b in edges if floor[a] <= floor[b]} == set()
    assert edges & APART == set()


def test_only_running_a_step_reaches_the_exporters():
    building = {name for name in IMPORTS if room(name) == "build"}
    exporting = {name for name in building if "export" in map(room, IMPORTS[name])}
    assert exporting <= EXPORTING


def test_only_the_schedule_knows_the_fork_server():
    knowing = {name for name, others in IMPORTS.items() if "taawun.build.forkserver" in others}
    assert knowing == {"taawun.build.schedule"}


def test_no_modules_import_one_another_in_a_circle():
    TopologicalSorter(IMPORTS).prepare()


FILES = [
    path.relative_to(ROOT).as_posix()
    for folder in ("taawun", "tools")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and path.suffix != ".pyc" and path.parent.name != "steps"
]


@pytest.mark.parametrize("name", FILES)
def test_no_file_outside_the_steps_names_the_subject_or_a_step(name):
    steps = "|".join(path.stem.replace("-", "[- ]", 1) for path in notebooks())
    text = (ROOT / name).read_text(encoding="utf-8")
    named = SUBJECT.findall(text) + re.findall(rf"\b(?:{steps})\b|\b[Ss]tep \d\d\b", text)
    assert not named
