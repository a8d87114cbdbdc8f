"""Run one step of the report: `python -m taawun.build.run STEP` in the edition's folder, as long as
its standard input is open.

The schedule has prepared everything. The notebook sees copies of the tables that it reads and
writes its own beside them; only what a whole run wrote is kept, and only where it differs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import source_from_cache
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat

from taawun.build import BuildError, graph, opened
from taawun.build.edition import record_of
from taawun.build.execution import execute
from taawun.build.files import digest, in_project, write_atomically
from taawun.locales import SOURCE
from taawun.mime import LEDGER, shown
from taawun.paths import PACKAGE, ROOT

# Folders at the top of a machine that belong to its system.
SYSTEMS = {"usr", "etc", "lib", "lib64", "proc", "sys", "dev", "nix", "opt"}
SYSTEMS |= {"System", "Library", "Windows"}
ATTACHED = 1_000_000  # bytes of a table that a PDF carries; a larger one is named in its imprint
WATCHED = Path("watched")  # in an edition of which one step is shown as HTML, and no other
FONTS = (".ttf", ".otf", ".ttc", ".pfb", ".afm")


def run(step: str, edition: Path) -> dict[str, str]:
    """Execute, keep the tables, print the pages; the outputs by name, with their hashes."""
    notebook = graph.notebook_of(step)
    own = f"{notebook.name[:3]}*"  # its tables carry its number
    tables = _tables(step, edition)
    os.environ["TAAWUN_PROCESSED"] = str(tables)
    if (edition / "data").is_dir():
        os.environ["TAAWUN_TYPED"] = str(edition / "data")
    if not _has_page(step):
        os.environ["TAAWUN_PAGE"] = "no"
    executed = execute(step, edition)
    _refuse_what_nobody_names(step, edition, tables)
    if _watched() != "":
        _tell_of_claims(step, executed, is_default=not graph.chosen(edition))
    languages = graph.choices(edition)["languages"]
    together: dict[str, object] = {
        "pages": _belonging_together(step, languages),
        "languages": list(languages),
    }
    written = [path.name for path in sorted(tables.glob(own))]
    place = "processed" if graph.chosen(edition) else "../data/processed"  # seen from its page
    read = [Path(name).name for name in graph.reads(notebook)]
    together["csv"] = {name: f"{place}/{name}" for name in written or read}
    if graph.language_of(notebook):  # its PDF has the tables that it rests on
        together["tables"] = _carried(tables)
    executed.metadata["taawun"] = together
    outputs = {f"notebooks/{step}.ipynb": (nbformat.writes(executed) + "\n").encode()}
    outputs |= {f"processed/{path.name}": path.read_bytes() for path in tables.glob(own)}
    outputs |= {f"reports/{name}": page for name, page in _pages(step, executed)}
    for name in outputs:
        (edition / name).parent.mkdir(exist_ok=True)
    write_atomically({edition / name: content for name, content in outputs.items()})
    for path in edition.glob(f"processed/{own}"):
        if f"processed/{path.name}" not in outputs:
            path.unlink()
    shutil.rmtree(tables, ignore_errors=True)
    return {name: digest(edition / name) for name in sorted(outputs)}


def _belonging_together(step: str, languages: Sequence[str]) -> list[str]:
    """The names of the pages of the report: those in one of several languages in the step's, or
    else in the source language, or in the first that is printed.
    """
    own = step.partition(".")[2]
    language = own or (SOURCE if SOURCE in languages else [*languages, SOURCE][0])
    suffixed = {
        path: f".{language}" if graph.language_of(path) else "" for path in graph.notebooks()
    }
    return [path.stem + suffix for path, suffix in suffixed.items()]


def _carried(tables: Path) -> dict[str, str]:
    """What a PDF has of the tables in a folder, by name; empty for one that is too large for it."""
    return {
        path.name: path.read_text("utf-8") if path.stat().st_size <= ATTACHED else ""
        for path in sorted(tables.glob("*.csv"))
    }


def _tables(step: str, edition: Path) -> Path:
    """A folder of its own with the tables that the step reads."""
    (edition / "scratch").mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=step + ".", dir=edition / "scratch"))
    for name in graph.reads(graph.notebook_of(step)):
        shutil.copyfile(edition / name, place / Path(name).name)
    return place


def _refuse_what_nobody_names(step: str, edition: Path, tables: Path) -> None:
    """Fail if the notebook has read a file that does not count for it: a change of it would not be
    seen, and an old page taken for a new one.
    """
    names, homes = graph.inputs(step, edition), (ROOT, PACKAGE.parent, edition)
    counted = {os.path.realpath(home / name) for name in names for home in homes}
    for path in map(Path, opened.read_log(str(tables))):
        source = source_from_cache(path) if path.parent.name == "__pycache__" else path
        is_systems = path.parts[1] in SYSTEMS or path.suffix in FONTS or ".cache" in path.parts
        if not (is_systems or str(source) in counted or path.is_relative_to(tables)):
            raise BuildError(
                f"it has read {in_project(path)}, which no source names, so that a change of it "
                f'would not be seen; write RAW / "{path.name}" (or HAND, or ROOT)'
            )


def _tell_of_claims(step: str, executed: nbformat.NotebookNode, is_default: bool) -> None:
    """Tell of the sentences that fell silent. BuildError for a headline that does not hold in an
    equivalent reading, in the edition with nothing chosen; in others it is told.
    """
    claims = [
        claim for _, ledger in shown(executed.cells, LEDGER) for claim in ledger.get("claims", ())
    ]
    for claim in claims:
        if claim["failed"]:
            failed = " and ".join(claim["failed"])
            print(f"  {step:<14} not said, for {failed} does not hold: «{claim['id']}»", flush=True)
        if hangs := _hangs(claim):
            if is_default:
                raise BuildError(f"{hangs}; accepted: other words, or none of it in a headline")
            print(f"  {step:<14} {hangs}", flush=True)


def _hangs(claim: Mapping[str, Any]) -> str:
    """That a headline does not hold in an equivalent reading, and with which options."""
    if not (claim["headline"] and claim["readings"]):
        return ""
    holds, of = claim["readings"]["equivalent"]
    options = ", ".join(claim["readings"]["fails_with"]) or "several options together"
    said = f"the headline «{claim['id']}» holds in {holds} of {of} equivalent readings"
    return f"{said} (not with {options})" if holds < of else ""


def _watched() -> str | None:
    """The step that is watched; empty if the tables alone are wanted, None if all pages are."""
    return WATCHED.read_text(encoding="utf-8") if WATCHED.is_file() else None


def _has_page(step: str) -> bool:
    """Whether a page of a step is made: not if another one is watched."""
    return _watched() in (None, step)


def _pages(step: str, executed: nbformat.NotebookNode) -> Iterator[tuple[str, bytes]]:
    """What is printed of a step, (file name, content): a page and the drawings that it links to; if
    it speaks a language a PDF and a document for Word, too.
    """
    if not _has_page(step):
        return
    parameter = None if WATCHED.is_file() else graph.language_of(graph.notebook_of(step))
    from taawun.export import TaawunDocxExporter, TaawunHTMLExporter, TaawunPDFExporter

    kinds: dict[str, type] = {".html": TaawunHTMLExporter}
    if parameter:
        kinds |= {".pdf": TaawunPDFExporter, ".docx": TaawunDocxExporter}

    def export(exporter: type) -> tuple[Any, dict[str, Any]]:
        made: tuple[Any, dict[str, Any]] = exporter().from_notebook_node(
            executed, {"metadata": {"name": step}}
        )
        return made

    with ThreadPoolExecutor() as together:  # the PDF mostly waits for programs that are not Python
        printed = list(together.map(export, kinds.values()))
    for suffix, (page, resources) in zip(kinds, printed, strict=True):
        yield f"{step}{suffix}", page if isinstance(page, bytes) else page.encode("utf-8")
        yield from (resources.get("outputs") or {}).items()


def main(step: str, loaded: Mapping[str, str] | None = None) -> int:
    """Run a step and record it, with hashes of code `loaded` before; 0, or 1 after a message."""
    edition = Path.cwd()
    for left in (record_of(step, edition), _log_of(step, edition)):
        left.unlink(missing_ok=True)
    try:
        inputs = graph.inputs(step, edition)
        inputs |= {name: checksum for name, checksum in (loaded or {}).items() if name in inputs}
        record = {"inputs": inputs, "outputs": run(step, edition)}
        write_atomically({record_of(step, edition): json.dumps(record, indent=1).encode()})
        return 0
    except Exception as error:
        message = error if isinstance(error, BuildError) else _unexpected(error, step, edition)
        print(f"{step} failed: {message}", file=sys.stderr, flush=True)
        return 1


def end_with(wait: Callable[[], object]) -> None:
    """End this process, whatever it is at, when `wait` returns: as soon as the build is gone."""

    def end() -> None:
        wait()
        os._exit(1)

    Thread(target=end, daemon=True).start()


def _unexpected(error: Exception, step: str, edition: Path) -> str:
    """A fault that nobody wrote a message for: its kind and words, and where to read the rest."""
    if isinstance(error, OSError) and error.errno == 28:
        return "the disk is full"
    log = _log_of(step, edition)
    log.write_text(traceback.format_exc(), encoding="utf-8")
    return f"{type(error).__name__}: {error}\n(all of it: {in_project(log)})"


def _log_of(step: str, edition: Path) -> Path:
    """Where the whole of such a fault stands."""
    return edition / "notebooks" / f"{step}.error.txt"


if __name__ == "__main__":
    end_with(sys.stdin.buffer.read)
    exit_code = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(exit_code)  # taking the libraries down in order would cost a third of a second
