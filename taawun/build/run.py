"""Run one step of the report: `python -m taawun.build.run STEP` in the edition's folder, as long as
its standard input is open.

The schedule has prepared everything. The notebook sees copies of the tables that it reads and
writes its own beside them; only what a whole run wrote is kept, and only where it differs.
"""

from __future__ import annotations

import builtins
import json
import os
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import source_from_cache
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from taawun.build import BuildError, graph, opened, sources
from taawun.build.edition import record_of
from taawun.build.files import digest, write_atomically
from taawun.locales import SOURCE
from taawun.mime import FIGURE, shown
from taawun.paths import PACKAGE, ROOT

DIED = (
    "the kernel died: it was killed, perhaps for want of memory, or this cell or the last ended it"
)
LEFT = "the notebook was left here, and a step is done only if its last cell has run"
# Folders at the top of a machine that belong to its system.
SYSTEMS = {"usr", "etc", "lib", "lib64", "proc", "sys", "dev", "nix", "opt"}
SYSTEMS |= {"System", "Library", "Windows"}
FONTS = (".ttf", ".otf", ".ttc", ".pfb", ".afm")
VOLATILE = ("papermill", "execution")  # when and where a cell ran


def run(step: str, edition: Path) -> dict[str, str]:
    """Execute, keep the tables, print the pages; the outputs by name, with their hashes."""
    notebook = graph.notebook_of(step)
    own = f"{notebook.name[:3]}*"  # its tables carry its number
    tables = _tables(step, edition)
    os.environ["TAAWUN_PROCESSED"] = str(tables)
    executed = normalise(_execute(step, edition))
    _refuse_what_nobody_names(step, edition, tables)
    executed.metadata["taawun"] = {"pages": _belonging_together(step)}
    outputs = {f"notebooks/{step}.ipynb": (nbformat.writes(executed) + "\n").encode()}
    outputs |= {f"processed/{path.name}": path.read_bytes() for path in tables.glob(own)}
    outputs |= {f"reports/{step}{suffix}": page for suffix, page in _pages(step, executed)}
    write_atomically({edition / name: content for name, content in outputs.items()})
    for path in edition.glob(f"processed/{own}"):
        if f"processed/{path.name}" not in outputs:
            path.unlink()
    shutil.rmtree(tables, ignore_errors=True)
    return {name: digest(edition / name) for name in sorted(outputs)}


def _belonging_together(step: str) -> list[str]:
    """The names of the pages of the report, in the step's language where there are several."""
    language = step.partition(".")[2] or SOURCE
    suffixed = {
        path: f".{language}" if graph.language_of(path) else "" for path in graph.notebooks()
    }
    return [path.stem + suffix for path, suffix in suffixed.items()]


def _tables(step: str, edition: Path) -> Path:
    """A folder of its own with the tables that the step reads."""
    (edition / "scratch").mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=step + ".", dir=edition / "scratch"))
    for name in graph.reads(graph.notebook_of(step)):
        shutil.copyfile(edition / name, place / Path(name).name)
    return place


def _execute(step: str, edition: Path) -> nbformat.NotebookNode:
    """The executed notebook. If a cell fails, the half-run one is left in the edition's folder."""
    notebook = graph.notebook_of(step)
    half_run = Path("notebooks", f"{step}.ipynb")
    where = f"The half-run notebook: {_in_project(edition / half_run)}"
    begun: list[nbformat.NotebookNode] = []
    try:
        executed = _papermill(step, edition, half_run, begun)
    except PapermillExecutionError as error:
        place = _place(notebook, error.source, error.exec_count)
        raise BuildError(f"{place}\n{_told(error)}\n{where}") from None
    except RuntimeError as error:
        if not str(error).startswith("Kernel died"):
            raise
        place = _place(notebook, begun[-1].source) if begun else "before its first cell:"
        raise BuildError(f"{place}\n{DIED}") from None
    if cell := _left_at(executed):
        place = _place(notebook, cell.source, cell.execution_count)
        raise BuildError(f"{place}\n{LEFT}\n{where}")
    return executed


def _papermill(
    step: str, edition: Path, half_run: Path, begun: list[nbformat.NotebookNode]
) -> nbformat.NotebookNode:
    """What papermill makes of the step's notebook; the cells are noted as they begin."""
    is_short = len(os.fsencode(tempfile.gettempdir())) < 70  # as the path of a socket must be
    near = None if is_short else edition / "scratch"
    with tempfile.TemporaryDirectory(prefix="taawun-", dir=near) as sockets:
        # kernels that start at one time may choose one TCP port; Windows has TCP only
        place = Path(os.path.relpath(sockets) if near else sockets, "kernel")
        wires = {"transport": "ipc", "ip": str(place)}
        return _in_a_thread(
            execute_notebook,
            # relative, as papermill reads braces in a path as a template
            os.path.relpath(graph.notebook_of(step)),
            str(half_run),
            graph.arguments(step, edition),
            kernel_name="python3",
            progress_bar=False,
            config=Config(KernelManager=wires if os.name != "nt" else {}),
            request_save_on_cell_execute=False,
            shutdown_kernel="immediate",
            extra_arguments=["--IPKernelApp.log_level=40", f"--ext={opened.__name__}"],
            on_cell_start=lambda cell, cell_index: begun.append(cell),
            on_cell_executed=partial(_refuse_to_leave, graph.notebook_of(step)),
        )


def _in_a_thread(function: Callable, *arguments: object, **options: object) -> Any:
    """What a function returns. papermill answers signals only in the main thread: there Ctrl-C,
    which is for the schedule, would end the kernel and be told as its death.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments, **options).result()


def _refuse_to_leave(
    notebook: Path, cell: nbformat.NotebookNode, execute_reply: dict, **_: object
) -> None:
    """Stop at a cell that says `exit`: the kernel would end somewhere in those that follow."""
    asked = [part["source"] for part in execute_reply["content"].get("payload", [])]
    if "ask_exit" in asked:
        raise BuildError(f"{_place(notebook, cell.source, cell.execution_count)}\n{LEFT}")


def _left_at(executed: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """The code cell at which a notebook was left, say by `sys.exit()`; None if all were run."""
    for cell in executed.cells:
        is_code = cell.cell_type == "code" and cell.source.strip()
        if is_code and "skip-execution" not in cell.metadata.get("tags", []):
            has_failed = any(output.output_type == "error" for output in cell.outputs)
            if has_failed or cell.execution_count is None:
                return cell
    return None


def _refuse_what_nobody_names(step: str, edition: Path, tables: Path) -> None:
    """Fail if the notebook has read a file that does not count for it: a change of it would not be
    seen, and an old page taken for a new one.
    """
    names = graph.inputs(step, edition)
    counted = {os.path.realpath(home / name) for name in names for home in (ROOT, PACKAGE.parent)}
    for path in map(Path, opened.read_log(str(tables))):
        source = source_from_cache(path) if path.parent.name == "__pycache__" else path
        is_systems = path.parts[1] in SYSTEMS or path.suffix in FONTS
        if not (is_systems or str(source) in counted or path.is_relative_to(tables)):
            place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            raise BuildError(
                f"it has read {place.as_posix()}, which no source names, so that a change of it "
                f'would not be seen; write RAW / "{path.name}" (or HAND, or ROOT)'
            )


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without what differs from run to run: times, paths, random ids, versions."""
    for holder in (notebook, *notebook.cells):
        for name in VOLATILE:
            holder.metadata.pop(name, None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
    notebook.metadata.get("language_info", {}).pop("version", None)
    return notebook


def _joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The outputs with each text in one piece, as where it is cut is a matter of time, and without
    the number of the process, after which the file of a warning is named.
    """
    whole: list[nbformat.NotebookNode] = []
    for output in outputs:
        if output.get("name") == "stderr":
            output.text = re.sub(r"\S*ipykernel_\d+", "ipykernel", output.text)
        if whole and output.output_type == "stream" and whole[-1].get("name") == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def _place(notebook: Path, source: str, count: int | None = None) -> str:
    """Which cell it was, counted as in the notebook that people edit."""
    texts = [cell["source"] for cell in sources.cells(notebook)]
    number = texts.index(source) + 1 if source in texts else None
    cell = f"cell {number}" if number else "the cell of injected parameters"
    return f"{cell}, In [{count}]:" if count else f"{cell}:"


def _told(error: PapermillExecutionError) -> str:
    """The error: a message written for people as it is, any other with its kind and its line."""
    is_for_people = error.ename == "ValueError" or not hasattr(builtins, error.ename)
    if is_for_people and error.evalue:
        return error.evalue
    trace = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
    line = re.search(r"(?m)^-+> *\d+ (.*)$", trace.rpartition("Cell In[")[2])
    return f"{error.ename}: {error.evalue}" + (f"\n    {line[1].strip()}" if line else "")


def _pages(step: str, executed: nbformat.NotebookNode) -> Iterator[tuple[str, bytes]]:
    """What is printed of a step, (suffix, content): a page; if it speaks a language a PDF, too, and
    in the first language its first figure, for the README.
    """
    from taawun.export import TaawunHTMLExporter, TaawunPDFExporter

    parameter = graph.language_of(graph.notebook_of(step))
    kinds = {".html": TaawunHTMLExporter} | ({".pdf": TaawunPDFExporter} if parameter else {})

    def export(exporter: type) -> bytes:
        page, _ = exporter().from_notebook_node(executed, {"metadata": {"name": step}})
        return page if isinstance(page, bytes) else page.encode("utf-8")

    with ThreadPoolExecutor() as together:  # the PDF mostly waits for programs that are not Python
        yield from zip(kinds, together.map(export, kinds.values()), strict=True)
    _, figure = next(shown(executed.cells, FIGURE), (0, None))
    if figure and parameter and step.endswith(f".{parameter.default}"):
        drawing = figure["svg"].replace("<svg ", '<svg style="background:#fff" ', 1)
        yield ".svg", drawing.encode("utf-8")


def main(step: str, loaded: Mapping[str, str] | None = None) -> int:
    """Run a step and record it, with hashes of code `loaded` before; 0, or 1 after a message."""
    edition = Path.cwd()
    for left in (record_of(step, edition), _log_of(step, edition)):
        left.unlink(missing_ok=True)
    try:
        inputs = graph.inputs(step, edition)
        inputs |= {name: checksum for name, checksum in (loaded or {}).items() if name in inputs}
        record = {"inputs": inputs, "outputs": run(step, edition)}
    except BuildError as error:
        print(f"{step} failed: {error}", file=sys.stderr, flush=True)
        return 1
    except Exception as error:
        message = _unexpected(error, step, edition)
        print(f"{step} failed: {message}", file=sys.stderr, flush=True)
        return 1
    write_atomically({record_of(step, edition): json.dumps(record, indent=1).encode()})
    return 0


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
    return f"{type(error).__name__}: {error}\n(all of it: {_in_project(log)})"


def _log_of(step: str, edition: Path) -> Path:
    """Where the whole of such a fault stands."""
    return edition / "notebooks" / f"{step}.error.txt"


def _in_project(path: Path) -> str:
    """A file in an edition's folder as people find it."""
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    end_with(sys.stdin.buffer.read)
    exit_code = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(exit_code)  # taking the libraries down in order would cost a third of a second
