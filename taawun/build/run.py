"""Run one step of the report in the edition's folder: `python -m taawun.build.run 05-brief.en`.

Called by make; `taawun.build` has prepared everything.

The notebook sees copies of the tables that it reads and writes its own beside them; only what a
whole run wrote is kept, and only where it differs.
"""

from __future__ import annotations

import builtins
import json
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from taawun.build.files import digest, write_atomically
from taawun.build.graph import NOTEBOOKS, arguments, has_language, inputs, notebooks, reads
from taawun.locales import SOURCE
from taawun.mime import FIGURE

VOLATILE = ("papermill", "execution")  # when and where a cell ran: differs from run to run


class StepFailed(Exception):
    """A step that could not be finished; the message is for people."""


def run(step: str, edition: Path) -> dict[str, str]:
    """Execute, keep the tables, print the pages; the outputs' names in the edition's folder with
    their hashes.
    """
    stem, _, language = step.partition(".")
    notebook, tables = NOTEBOOKS / f"{stem}.ipynb", _tables(step, edition)
    os.environ["TAAWUN_PROCESSED"] = str(tables)
    executed = _execute(step, notebook, edition)
    executed.metadata["taawun"] = {"pages": _belonging_together(language or SOURCE)}
    outputs = {f"notebooks/{step}.ipynb": (nbformat.writes(executed) + "\n").encode()}
    outputs |= {f"processed/{path.name}": path.read_bytes() for path in tables.glob(stem[:3] + "*")}
    outputs |= {
        f"reports/{step}{suffix}": page for suffix, page in _pages(step, executed, bool(language))
    }
    write_atomically({edition / name: content for name, content in outputs.items()})
    for path in edition.glob(f"processed/{stem[:3]}*"):
        if f"processed/{path.name}" not in outputs:
            path.unlink()
    shutil.rmtree(tables, ignore_errors=True)
    return {name: digest(edition / name) for name in sorted(outputs)}


def _belonging_together(language: str) -> list[str]:
    """The names of the pages of the report, in this language where there are several."""
    return [
        f"{path.stem}.{language}" if has_language(path) else path.stem for path in notebooks()
    ]


def _tables(step: str, edition: Path) -> Path:
    """A folder of its own with the tables that the step reads."""
    (edition / "scratch").mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=step + ".", dir=edition / "scratch"))
    for name in reads(NOTEBOOKS / f"{step.partition('.')[0]}.ipynb"):
        if not (edition / name).is_file():
            raise StepFailed(
                f"it reads {name}, which no earlier step has written (is it on the step's line "
                f"in the Makefile?)"
            )
        shutil.copyfile(edition / name, place / Path(name).name)
    return place


def _execute(step: str, notebook: Path, edition: Path) -> nbformat.NotebookNode:
    """The executed notebook without what differs from run to run."""
    half_run = Path(
        "notebooks", f"{step}.ipynb"
    )  # relative, as papermill reads braces in a path as a template
    try:
        with tempfile.TemporaryDirectory(prefix="taawun-") as sockets:
            executed = execute_notebook(
                os.path.relpath(notebook),
                str(half_run),
                arguments(step, edition),
                kernel_name="python3",
                progress_bar=False,
                config=_wires(sockets),
                request_save_on_cell_execute=False,
                shutdown_kernel="immediate",
                extra_arguments=["--IPKernelApp.log_level=40"],
            )
    except PapermillExecutionError as error:
        where = f"\nThe half-run notebook: {(edition / half_run).relative_to(edition.parents[1]).as_posix()}"
        raise StepFailed(f"{_place(notebook, error)}\n{_words(error)}{where}") from None
    return settled(executed)


def _wires(folder: str) -> Config:
    """How to talk to the kernel: through sockets in a folder of its own, since kernels that start
    at one time may choose one TCP port; Windows has TCP only.
    """
    return (
        Config()
        if os.name == "nt"
        else Config(KernelManager={"transport": "ipc", "ip": str(Path(folder, "kernel"))})
    )


def settled(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without times, paths, random ids, the kernel's number and the Python's version:
    two runs of the same are the same to the byte.
    """
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
    """The outputs without the number of the kernel's process, after which the file of a warning is
    named, and each text in one piece: where it is cut is a matter of time.
    """
    whole = []
    for output in outputs:
        if output.get("name") == "stderr":
            output.text = re.sub(r"\S*ipykernel_\d+", "ipykernel", output.text)
        if whole and output.output_type == "stream" and whole[-1].get("name") == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def _place(notebook: Path, error: PapermillExecutionError) -> str:
    """Which cell failed, counted as in the notebook that people edit."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    number = next(
        (place for place, cell in enumerate(cells, 1) if "".join(cell["source"]) == error.source),
        None,
    )
    return (
        f"cell {number}, In [{error.exec_count}]:"
        if number
        else f"the cell of injected parameters, In [{error.exec_count}]:"
    )


def _words(error: PapermillExecutionError) -> str:
    """The error as a person would put it: a message written for people as it is, any other with its
    kind and its line.
    """
    own = error.ename == "ValueError" or not hasattr(builtins, error.ename)
    in_cell = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback)).rpartition("Cell In[")[2]
    line = re.search(r"(?m)^-+> *\d+ (.*)$", in_cell)
    return (
        error.evalue
        if own and error.evalue
        else f"{error.ename}: {error.evalue}" + (f"\n    {line[1].strip()}" if line else "")
    )


def _pages(step: str, executed: nbformat.NotebookNode, is_brief: bool):
    """What is printed of a step: (suffix, content); of the brief also its first figure, for the
    README.
    """
    from taawun.export import TaawunHTMLExporter, TaawunPDFExporter

    kinds = (
        {".html": TaawunHTMLExporter, ".pdf": TaawunPDFExporter}
        if is_brief
        else {".html": TaawunHTMLExporter}
    )
    with ThreadPoolExecutor() as together:  # the PDF mostly waits for programs that are not Python
        pages = together.map(
            lambda exporter: exporter().from_notebook_node(executed, {"metadata": {"name": step}})[
                0
            ],
            kinds.values(),
        )
    yield from (
        (suffix, page if isinstance(page, bytes) else page.encode("utf-8"))
        for suffix, page in zip(kinds, pages)
    )
    figures = [
        output["data"][FIGURE]["svg"]
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if FIGURE in output.get("data", {})
    ]
    if step.endswith(".en") and figures:
        yield (
            ".svg",
            figures[0].replace("<svg ", '<svg style="background:#fff" ', 1).encode("utf-8"),
        )


def _question(notebook: Path) -> str:
    """A notebook's title."""
    return next(
        (
            found[1]
            for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            if (found := re.match(r"#\s+(.*)", "".join(cell["source"])))
        ),
        "",
    )


def main(step: str, read: Mapping[str, str] = {}) -> int:
    """Run a step and note what it was made from; 0, or 1 after a message.

    `read` holds the hashes of code that had been read before.
    """
    started, edition = time.monotonic(), Path.cwd()
    done, notebook = edition / f"{step}.done", NOTEBOOKS / f"{step.partition('.')[0]}.ipynb"
    done.unlink(missing_ok=True)
    noted = inputs(step, edition)
    noted |= {name: read[name] for name in noted.keys() & read.keys()}
    try:
        outputs = run(step, edition)
    except Exception as error:
        print(
            f"{step} failed: "
            f"{error if isinstance(error, StepFailed) else _unexpected(error, step, edition)}",
            file=sys.stderr,
            flush=True,
        )
        return 1
    write_atomically({done: json.dumps({"inputs": noted, "outputs": outputs}, indent=1).encode()})
    print(f"  {step:<14} {_question(notebook):<36} {time.monotonic() - started:5.1f} s", flush=True)
    return 0


def _unexpected(error: Exception, step: str, edition: Path) -> str:
    """A fault that nobody wrote a message for: its kind and words, and where the rest can be read."""
    if isinstance(error, OSError) and error.errno == 28:
        return "the disk is full"
    log = edition / "notebooks" / f"{step}.error.txt"
    log.write_text(traceback.format_exc(), encoding="utf-8")
    return f"{type(error).__name__}: {error}\n(all of it: {log.relative_to(edition.parents[1]).as_posix()})"


if __name__ == "__main__":
    code_of_exit = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(code_of_exit)  # taking the libraries down in order would cost a third of a second
