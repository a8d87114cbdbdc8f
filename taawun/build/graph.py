"""What a step of the report depends on: the notebook, the code and data that it names, its
parameters, the lock and the Python, each by its content; and the steps whose tables it reads.

Nothing is run to find out: names are read from the source, and where a source does not say which
file, its whole folder counts. Standard library only.
"""

from __future__ import annotations

import json
import os
import re
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

from taawun.build import BuildError, parameters, sources
from taawun.build.files import MISSING, digest
from taawun.build.parameters import PER_LANGUAGE, Parameter
from taawun.locales import TRANSLATED
from taawun.paths import BESIDE, PACKAGE, ROOT

NOTEBOOKS = ROOT / "notebooks"
BUILD = PACKAGE / "build"  # how a step is run counts for every step
PATHS = PACKAGE / "paths.py"  # it and the build name the folders, and no table in them
# As they are called in a source, and as in a record.
FOLDERS = {"RAW": "data/raw/", "HAND": "data/hand/", "PROCESSED": "processed/", "ROOT": ""}
# They look for line ends, which is three times as fast as to look for the beginnings of lines.
_IMPORT = re.compile(
    r"\n[ \t]*(?:from|import)[ \t]+(taawun[\w.]*)(?:[ \t]+import[ \t]+(\([^)]*\)|.*))?"
)
_COPY = re.compile(r"(?i)[-_ ]copy[ _-]?\d*$|\(\d+\)$")
_TOP = re.compile(r"\n[ \t]*(?:from|import)[ \t]+(\w+)")
_PLACE = re.compile(r"""\b(RAW|HAND|PROCESSED|ROOT)\b((?:\s*/\s*["'][^"'{}]+["'])*)""")


def notebooks() -> list[Path]:
    """The notebooks in order, without copies. Raises BuildError if two have one number."""
    found = [path for path in _numbered() if not _COPY.search(path.stem)]
    for one, other in pairwise(found):
        if one.name[:2] == other.name[:2]:
            raise BuildError(
                f"notebooks/{one.name} and notebooks/{other.name} have one number, by which their "
                f"tables are known; accepted: a number each"
            )
    return found


def copies() -> list[Path]:
    """The notebooks that are copies of others by their names, such as NN-name-Copy1."""
    return [path for path in _numbered() if _COPY.search(path.stem)]


def _numbered() -> list[Path]:
    return sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))


def notebook_of(step: str) -> Path:
    """The notebook that a step runs."""
    return NOTEBOOKS / f"{step.partition('.')[0]}.ipynb"


def language_of(notebook: Path) -> Parameter | None:
    """The parameter for which a notebook runs once in each language, if it has it."""
    found = (p for p in parameters.declared(notebook) if p.name == PER_LANGUAGE)
    return next(found, None)


def steps(edition: Path) -> list[str]:
    """The steps of an edition: a notebook each, and one that speaks once for each language."""
    languages = [f".{language}" for language in choices(edition)["languages"]]
    return [
        notebook.stem + suffix
        for notebook in notebooks()
        for suffix in (languages if language_of(notebook) else [""])
    ]


@cache
def choices(edition: Path) -> dict:
    """All parameters of an edition by name: the defaults and what its `edition.json` says."""
    available = parameters.available(notebooks()).values()
    return {"languages": ()} | {p.name: p.default for p in available} | chosen(edition)


def chosen(edition: Path) -> dict:
    """The parameters of an edition that differ from the defaults, by name."""
    return json.loads((edition / "edition.json").read_text(encoding="utf-8"))


def arguments(step: str, edition: Path) -> dict[str, object]:
    """What papermill is given for a step: only what differs from the notebook's defaults."""
    chosen = choices(edition) | {PER_LANGUAGE: step.partition(".")[2]}
    declared = parameters.declared(notebook_of(step))
    return {p.name: chosen[p.name] for p in declared if chosen[p.name] != p.default}


def flow(edition: Path) -> dict[str, list[str]]:
    """Each step with those whose tables it reads; BuildError if a table or an order is missing."""
    written = {step: set(writes(notebook_of(step))) for step in steps(edition)}
    edges = {}
    for step in written:
        tables = set(reads(notebook_of(step)))
        if unwritten := tables.difference(*written.values()):
            raise BuildError(f"{step} reads {min(unwritten)}, which no earlier step has written.")
        edges[step] = [other for other, made in written.items() if tables & made]
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        raise BuildError(f"Steps wait for one another: {' <- '.join(error.args[1])}.") from None
    return edges


def with_upstream(goals: list[str], edges: dict[str, list[str]]) -> dict[str, list[str]]:
    """The part of a flow that leads to the goals, each step behind those that it waits for."""
    order = list(TopologicalSorter(edges).static_order())
    needed = set(goals)
    for step in reversed(order):
        needed.update(edges[step] if step in needed else ())
    return {step: edges[step] for step in order if step in needed}


def diagram(edition: Path) -> str:
    """The flow in a line, each notebook behind all that it reads:
    `01 read -> 02 check, 03 count -> 04 tell x en, fr`.
    """
    edges, languages = flow(edition), " x " + ", ".join(choices(edition)["languages"])
    sorter = TopologicalSorter(edges)
    sorter.prepare()
    stages = []
    while ready := sorter.get_ready():
        sorter.done(*ready)
        stage = dict.fromkeys(notebook_of(step) for step in edges if step in ready)
        names = [path.stem.replace("-", " ", 1) for path in stage]
        suffixes = [languages if language_of(path) else "" for path in stage]
        stages.append(", ".join(map("".join, zip(names, suffixes, strict=True))))
    return " -> ".join(stages)


def inputs(step: str, edition: Path) -> dict[str, str]:
    """Everything that a step's outputs depend on, by name, with its content's hash or its value."""
    notebook = notebook_of(step)
    # Whether a name of a table has a translation at all is looked up in every language.
    spoken = TRANSLATED if step.partition(".")[2] else ()
    homes = (ROOT, PACKAGE)
    catalogues = {home / "translations" / f"{one}.po" for home in homes for one in spoken}
    files = _files(notebook) | catalogues | {_lock("requirements.txt"), _lock("pyproject.toml")}
    found = {
        name_of(path): checksum
        for path in files
        if (checksum := digest(in_edition(path, edition))) != MISSING
    }
    found |= {name: digest(edition / name) for name in reads(notebook)}
    given = arguments(step, edition)
    if languages := chosen(edition).get("languages"):  # pages lead to those in other languages
        given["languages"] = languages
    found |= {f"parameter {name}": json.dumps(value) for name, value in given.items()}
    return dict(sorted(found.items())) | {"Python": sys.version.split()[0]}


def in_edition(path: Path, edition: Path) -> Path:
    """The edition's own file in the place of one of the project, where it has one."""
    name = name_of(path)
    is_typed = name.startswith("data/")
    return edition / name if is_typed and (edition / name).is_file() else path


def _lock(name: str) -> Path:
    """The project's file, or if it has none that of the project that this package lies in."""
    return ROOT / name if (ROOT / name).is_file() else PACKAGE.parent / name


@cache
def name_of(path: Path) -> str:
    """A file as it is called in a record: its path in the project, or where the package lies."""
    home = ROOT if path.is_relative_to(ROOT) else PACKAGE.parent
    return path.relative_to(home).as_posix()


def clear_caches() -> None:
    """Read the sources anew."""
    cached: list = [sources.cells, sources.code, parameters.declared, choices]
    cached += [_files, _beside, _imported, _package, _own, _top_level, _data, _named]
    for function in cached:
        function.cache_clear()


@cache
def _files(notebook: Path) -> set[Path]:
    """A notebook, the code behind it, and the data that these name."""
    code = {notebook, *_modules(notebook)}
    read = (
        _data(source)
        for source in code
        if source.suffix in (".py", ".ipynb") and source != PATHS and source.parent != BUILD
    )
    return code.union(*read)


def _modules(notebook: Path) -> set[Path]:
    """The files of code behind a notebook: modules that it or the build imports, those that these
    import, and what is not Python beside them. One too few would be a stale report.
    """
    found: set[Path] = set()
    new = {notebook, *BUILD.glob("*.py")}
    while new:
        found |= new
        new = set().union(*map(_imported, new)) - found
    found.remove(notebook)
    rooms = {path.parent for path in found if path.is_relative_to(PACKAGE)}
    return found.union(*map(_beside, rooms))


@cache
def _beside(folder: Path) -> set[Path]:
    """The files in and below a folder of the package that are not Python: templates, styles."""
    every = folder.iterdir() if folder == PACKAGE else folder.rglob("*")
    return {
        path
        for path in every
        if path.is_file()
        and path.suffix not in (".py", ".pyc")
        and not path.name.startswith(BESIDE)
    }


@cache
def _imported(source: Path) -> set[Path]:
    """The modules that a source imports: the project's own, and of the package each with the rooms
    that it is in, and a whole room if what is imported from it is no module.
    """
    files, found, code = _package(), set(), f"\n{sources.code(source)}"
    for module, names in _IMPORT.findall(code):
        inside = re.findall(r"\w+", re.sub(r"#.*| as \w+", "", names))
        for name in [module, *(f"{module}.{name}" for name in inside)]:
            found |= {name[: dot.start()] for dot in re.finditer(r"\.|$", name)}
        if any(f"{module}.{name}" not in files for name in inside):
            found |= {name for name in files if name.startswith(f"{module}.")}
    tops = set(_TOP.findall(code))
    return {files[name] for name in found & files.keys()}.union(*map(_own, tops))


@cache
def _package() -> dict[str, Path]:
    """The modules of the package by name."""
    files = PACKAGE.rglob("*.py")
    names = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in files
    }
    return {name.removesuffix(".__init__"): path for name, path in names.items()}


@cache
def _own(name: str) -> set[Path]:
    """The project's own module, or all modules of its own package, that has a name."""
    found = {ROOT / f"{name}.py"} if f"{name}.py" in _top_level() else set()
    return found | (set((ROOT / name).rglob("*.py")) if name in _top_level() else set())


@cache
def _top_level() -> set[str]:
    """What the folder of the project holds, but for this package."""
    return set(os.listdir(ROOT)) - {PACKAGE.name}


@cache
def _data(source: Path) -> set[Path]:
    """The files that a source names, but for tables that steps write; if none, all of a folder."""
    places = [ROOT / name for name in _named(source) if name and not name.startswith("processed/")]
    return {file for place in places for file in (place.rglob("*") if place.is_dir() else [place])}


@cache
def _named(source: Path) -> list[str]:
    """The places that a source names: RAW / "figures.csv" is data/raw/figures.csv."""
    code = sources.code(source)
    if not any(name in code for name in FOLDERS):
        return []
    lines = re.sub(r"^\s*(?:from|import)\s.*", "", code, flags=re.M)
    return [
        FOLDERS[name] + "/".join(re.findall(r"""["']([^"']+)["']""", path))
        for name, path in _PLACE.findall(lines)
    ]


def reads(notebook: Path) -> list[str]:
    """The tables that a notebook reads: those of other steps."""
    tables = {name for name in _named(notebook) if name.startswith("processed/")}
    return sorted(tables.difference(writes(notebook)))


def writes(notebook: Path) -> list[str]:
    """The tables that a notebook writes: those that carry its number."""
    own = f"processed/{notebook.name[:3]}"
    return sorted({name for name in _named(notebook) if name.startswith(own)})
