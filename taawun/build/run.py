"""Run one step of the report: `python -m taawun.build.run STEP` in the edition's folder.

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
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from taawun.build import graph, sources
from taawun.build.edition import record_of
from taawun.build.files import digest, write_atomically
from taawun.locales import SOURCE
from taawun.mime import FIGURE, shown

VOLATILE = ("papermill", "execution")  # when and where a cell ran


class StepFailed(Exception):
    """A step that could not be finished; the message is for people."""


def run(step: str, edition: Path) -> dict[str, str]:
    """Execute, keep the tables, print the pages; the outputs by name, with their hashes."""
    notebook = graph.notebook_of(step)
    own = f"{notebook.name[:3]}*"  # its tables carry its number
    tables = _tables(step, edition)
    os.environ["TAAWUN_PROCESSED"] = str(tables)
    executed = normalise(_execute(step, edition))
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
    """The executed notebook, and the half-run one in the edition's folder if a cell fails."""
    notebook = graph.notebook_of(step)
    # relative, as papermill reads braces in a path as a template
    half_run = Path("notebooks", f"{step}.ipynb")
    try:
        with tempfile.TemporaryDirectory(prefix="taawun-") as sockets:
            # kernels that start at one time may choose one TCP port; Windows has TCP only
            wires = {"transport": "ipc", "ip": str(Path(sockets, "kernel"))}
            return execute_notebook(
                os.path.relpath(notebook),
                str(half_run),
                graph.arguments(step, edition),
                kernel_name="python3",
                progress_bar=False,
                config=Config(KernelManager=wires if os.name != "nt" else {}),
                request_save_on_cell_execute=False,
                shutdown_kernel="immediate",
                extra_arguments=["--IPKernelApp.log_level=40"],
            )
    except PapermillExecutionError as error:
        where = f"The half-run notebook: {_in_project(edition / half_run)}"
        raise StepFailed(f"{_cell(notebook, error)}\n{_told(error)}\n{where}") from None


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


def _cell(notebook: Path, error: PapermillExecutionError) -> str:
    """Which cell failed, counted as in the notebook that people edit."""
    texts = [cell["source"] for cell in sources.cells(notebook)]
    if error.source in texts:
        return f"cell {texts.index(error.source) + 1}, In [{error.exec_count}]:"
    return f"the cell of injected parameters, In [{error.exec_count}]:"


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
    if parameter and step.endswith(f".{parameter.default}") and (drawings := _drawings(executed)):
        drawing = drawings[0].replace("<svg ", '<svg style="background:#fff" ', 1)
        yield ".svg", drawing.encode("utf-8")


def _drawings(executed: nbformat.NotebookNode) -> list[str]:
    """The figures of a notebook, as SVG."""
    return [figure["svg"] for _, figure in shown(executed.cells, FIGURE)]


def main(step: str, loaded: Mapping[str, str] | None = None) -> int:
    """Run a step and record what it was made from; 0, or 1 after a message.

    `loaded` holds the hashes of code that had been read before.
    """
    edition = Path.cwd()
    record_of(step, edition).unlink(missing_ok=True)
    inputs = graph.inputs(step, edition)
    inputs |= {name: checksum for name, checksum in (loaded or {}).items() if name in inputs}
    try:
        record = {"inputs": inputs, "outputs": run(step, edition)}
    except Exception as error:
        message = error if isinstance(error, StepFailed) else _unexpected(error, step, edition)
        print(f"{step} failed: {message}", file=sys.stderr, flush=True)
        return 1
    write_atomically({record_of(step, edition): json.dumps(record, indent=1).encode()})
    return 0


def _unexpected(error: Exception, step: str, edition: Path) -> str:
    """A fault that nobody wrote a message for: its kind and words, and where to read the rest."""
    if isinstance(error, OSError) and error.errno == 28:
        return "the disk is full"
    log = edition / "notebooks" / f"{step}.error.txt"
    log.write_text(traceback.format_exc(), encoding="utf-8")
    return f"{type(error).__name__}: {error}\n(all of it: {_in_project(log)})"


def _in_project(path: Path) -> str:
    """A file in an edition's folder as people find it."""
    return path.relative_to(graph.ROOT).as_posix()


if __name__ == "__main__":
    exit_code = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(exit_code)  # taking the libraries down in order would cost a third of a second
