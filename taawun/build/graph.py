"""What a step of the report depends on: the notebook, the code and data that it names, its
parameters, the lock and the Python; each by its content.

Nothing is run to find out: names are read from the source, and where a source does not say which
file, its whole folder counts. Standard library only.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path

from taawun.build import parameters
from taawun.build.files import digest
from taawun.build.parameters import PER_LANGUAGE

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS, PACKAGE = ROOT / "notebooks", ROOT / "taawun"
BUILD = PACKAGE / "build"  # how a step is run counts for every step
FOLDERS = {"RAW": ["data/raw"], "HAND": ["data/hand"], "ROOT": []}
_IMPORT = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+(taawun[\w.]*)(?:[ \t]+import[ \t]+(\([^)]*\)|.*))?", re.M
)
PATHS = PACKAGE / "paths.py"  # it and the build name the folders, and no table in them


def notebooks() -> list[Path]:
    """The notebooks in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))


def steps(edition: Path) -> list[str]:
    """The steps of an edition: a notebook each, and the brief once for each language
    (`05-brief.en`).
    """
    languages = choices(edition)["languages"]
    return [
        f"{path.stem}{suffix}"
        for path in notebooks()
        for suffix in ([f".{language}" for language in languages] if has_language(path) else [""])
    ]


@cache
def has_language(notebook: Path) -> bool:
    """Whether a notebook speaks several languages, and so is a step in each."""
    return any(parameter.name == PER_LANGUAGE for parameter in parameters.declared(notebook))


@cache
def choices(edition: Path) -> dict[str, object]:
    """All parameters of an edition by name: the defaults and what its `edition.json` says."""
    different = json.loads((edition / "edition.json").read_text(encoding="utf-8"))
    known = parameters.known(notebooks())
    return (
        {"languages": ()}
        | {name: parameter.default for name, parameter in known.items()}
        | different
    )


def arguments(step: str, edition: Path) -> dict[str, object]:
    """What papermill is given for a step: only what differs from the notebook's defaults."""
    stem, _, language = step.partition(".")
    chosen = choices(edition) | {PER_LANGUAGE: language}
    return {
        p.name: chosen[p.name]
        for p in parameters.declared(NOTEBOOKS / f"{stem}.ipynb")
        if chosen[p.name] != p.default
    }


def inputs(step: str, edition: Path) -> dict[str, str]:
    """Everything that a step's outputs depend on, by name, with its content's hash or its value."""
    stem, _, language = step.partition(".")
    notebook = NOTEBOOKS / f"{stem}.ipynb"
    sources = {notebook, *_modules(notebook), ROOT / "requirements.txt", ROOT / "pyproject.toml"}
    sources |= {
        path
        for source in list(sources)
        if source.suffix in (".py", ".ipynb") and source != PATHS and source.parent != BUILD
        for path in _data(source)
    }
    found = {
        path.relative_to(ROOT).as_posix(): digest(path)
        for path in sources | {up / "translations" / f"{language}.po" for up in (ROOT, PACKAGE)}
        if path.is_file()
    }
    found |= {name: digest(edition / name) for name in reads(notebook)}
    found |= {
        f"parameter {name}": json.dumps(value) for name, value in arguments(step, edition).items()
    }
    return dict(sorted(found.items())) | {"Python": sys.version.split()[0]}


@cache
def code(source: Path) -> str:
    """The code of a module or a notebook."""
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".ipynb":
        return text
    return "\n".join(
        "".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"
    )


def forget() -> None:
    """Read the sources anew."""
    for function in (code, _beside, _imported, _named, has_language, choices):
        function.cache_clear()


def _modules(notebook: Path) -> set[Path]:
    """The files of the package behind a notebook: modules that it or the build imports, those that
    these import, and what is not Python in their folders.

    A name too many costs a run, one too few would be a stale report.
    """
    found: set[Path] = set()
    new = {notebook, *BUILD.glob("*.py")}
    while new:
        found |= new
        new = set().union(*map(_imported, new)) - found
    folders = {path.parent for path in found - {notebook}}
    return found - {notebook} | {path for folder in folders for path in _beside(folder)}


@cache
def _beside(folder: Path) -> set[Path]:
    """The files of a folder of the package, and below it, that are not Python: templates, styles."""
    every = folder.iterdir() if folder == PACKAGE else folder.rglob("*")
    return {p for p in every if p.is_file() and p.suffix not in (".py", ".pyc")}


@cache
def _imported(source: Path) -> set[Path]:
    """The modules of the package that a module or a notebook imports, each with the packages that
    it is in; all of a package if what is imported from it is no module.
    """
    found: set[Path] = set()
    for module, names in _IMPORT.findall(code(source)):
        place = PACKAGE.joinpath(*module.split(".")[1:])
        names = re.sub(r"#.*| as \w+", "", names)
        inside = [place / name for name in re.findall(r"\w+", names)]
        for path in [place, *inside]:
            found |= {
                path.with_suffix(".py"),
                *(up / "__init__.py" for up in (path, *path.parents)),
            }
        if place.is_dir() and not all(map(_is_module, inside)):
            found |= set(place.rglob("*.py"))
    return {path for path in found if path.is_relative_to(PACKAGE) and path.is_file()}


def _is_module(path: Path) -> bool:
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _data(source: Path) -> set[Path]:
    """The files under RAW, HAND or ROOT that a source names; a whole folder if it does not say
    which file.
    """
    found = set()
    for name, path in _named(source):
        if name != "PROCESSED" and (path or name != "ROOT"):
            place = ROOT.joinpath(*FOLDERS[name], path)
            found |= set(place.rglob("*")) if place.is_dir() else {place}
    return found


@cache
def _named(source: Path) -> list[tuple[str, str]]:
    """The places that a source names: RAW / "figures.csv" is ("RAW", "figures.csv")."""
    lines = re.sub(r"^\s*(?:from|import)\s.*", "", code(source), flags=re.M)
    found = re.findall(r"""\b(RAW|HAND|PROCESSED|ROOT)\b((?:\s*/\s*["'][^"'{}]+["'])*)""", lines)
    return [(name, "/".join(re.findall(r"""["']([^"']+)["']""", path))) for name, path in found]


def writes(notebook: Path) -> list[str]:
    """The tables that a notebook writes: those that carry its number."""
    return sorted(
        {
            f"processed/{path}"
            for name, path in _named(notebook)
            if name == "PROCESSED" and path[:3] == notebook.name[:3]
        }
    )


def reads(notebook: Path) -> list[str]:
    """The tables that a notebook reads: those of other steps."""
    return sorted(
        {
            f"processed/{path}"
            for name, path in _named(notebook)
            if name == "PROCESSED" and path[:3] != notebook.name[:3]
        }
    )
