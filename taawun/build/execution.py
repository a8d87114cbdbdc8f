"""What papermill makes of the notebook of a step, or the sentence why it is not done."""

from __future__ import annotations

import builtins
import os
import re
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from taawun.build import BuildError, client, graph, opened, sources
from taawun.build.files import in_project

DIED = "the kernel died: it was killed, perhaps for want of memory, or the cell ended it"
LEFT = "the notebook was left here, and a step is done only if its last cell has run"
VOLATILE = ("papermill", "execution")  # when and where a cell ran


def execute(step: str, edition: Path) -> nbformat.NotebookNode:
    """The executed notebook of a step, without what differs from run to run. Raises BuildError with
    the cell that failed; the half-run notebook is left in the edition's folder.
    """
    notebook = graph.notebook_of(step)
    half_run = Path("notebooks", f"{step}.ipynb")
    where = f"The half-run notebook: {in_project(edition / half_run)}"
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
    return normalise(executed)


def _papermill(
    step: str, edition: Path, half_run: Path, begun: list[nbformat.NotebookNode]
) -> nbformat.NotebookNode:
    """What papermill makes of the step's notebook; the cells are noted as they begin."""
    is_short = len(os.fsencode(tempfile.gettempdir())) < 70  # as the path of a socket must be
    near = None if is_short else edition / "scratch"
    with tempfile.TemporaryDirectory(prefix="taawun-", dir=near) as sockets:
        # kernels that start at one time may choose one TCP port; Windows has TCP only
        place = Path(os.path.relpath(sockets) if near else sockets, "kernel")
        wires = {"transport": "ipc", "ip": str(place)} if os.name != "nt" else {}
        wires |= {"client_class": f"{client.__name__}.Client"}
        return _in_a_thread(
            execute_notebook,
            # relative, as papermill reads braces in a path as a template
            os.path.relpath(graph.notebook_of(step)),
            str(half_run),
            graph.arguments(step, edition),
            kernel_name="python3",
            progress_bar=False,
            config=Config(KernelManager=wires),
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
    value = re.sub(r" \(\d+\.py, (line \d+)\)$", r" (\1)", error.evalue)  # of a cell
    return f"{error.ename}: {value}" + (f"\n    {line[1].strip()}" if line else "")
