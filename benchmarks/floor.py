"""The floor: the cells of the seven notebooks as one plain script, without kernels, and their pages
made in the same process.

`python benchmarks/floor.py FOLDER` in a copy of the project. A cell is compiled and run; the value
of its last line is shown as Jupyter would show it, so that the exporters get the same outputs.
Standard error, `display()` and magics are not caught: these notebooks have none.
"""

import ast
import contextlib
import io
import sys
from pathlib import Path

import nbformat
from IPython.core.formatters import DisplayFormatter
from nbformat.v4 import new_output

from taawun.export import TaawunHTMLExporter, TaawunPDFExporter

SHOW = DisplayFormatter().format


def execute(notebook: nbformat.NotebookNode, given: dict) -> nbformat.NotebookNode:
    """The notebook with its outputs; `given` overrides the parameters."""
    names = {"__name__": "__main__"}
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        cell.outputs, cell.execution_count = list(run(cell.source, names, count)), count
        if "parameters" in cell.metadata.get("tags", []):
            names |= given
    return notebook


def run(source: str, names: dict, count: int):
    """The outputs of one cell: what it printed, and its last value."""
    body, value, said = ast.parse(source).body, None, io.StringIO()
    last = (
        ast.Expression(body.pop().value)
        if body and isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";")
        else None
    )
    with contextlib.redirect_stdout(said):
        exec(compile(ast.Module(body, []), f"<cell {count}>", "exec"), names)
        value = eval(compile(last, f"<cell {count}>", "eval"), names) if last else None
    if said.getvalue():
        yield new_output("stream", name="stdout", text=said.getvalue())
    if value is not None:
        data, metadata = SHOW(value)
        yield new_output("execute_result", data=data, metadata=metadata, execution_count=count)


def main(folder: Path) -> None:
    """Everything that `make report` makes but the executed notebooks; the tables go to
    data/processed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    html, pdf = TaawunHTMLExporter(), TaawunPDFExporter()
    for path in sorted(Path("notebooks").glob("0*.ipynb")):
        for language in ("en", "fr", "ar") if path.stem == "05-brief" else ("",):
            name = f"{path.stem}.{language}" if language else path.stem
            executed = execute(
                nbformat.read(path, as_version=4), {"language": language} if language else {}
            )
            resources = {"metadata": {"name": name}}
            (folder / f"{name}.html").write_text(
                html.from_notebook_node(executed, resources)[0], encoding="utf-8"
            )
            if language:
                (folder / f"{name}.pdf").write_bytes(pdf.from_notebook_node(executed, resources)[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
