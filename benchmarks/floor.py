"""The floor: the cells of all notebooks as one plain script, without kernels, and their pages made
in the same process.

`python benchmarks/floor.py FOLDER` in a copy of the project. A cell is compiled and run; what it
displays, and the value of its last line, is shown as Jupyter would show it, so that the exporters
get the same outputs. Standard error and magics are not caught: these notebooks have none.
"""

import ast
import contextlib
import io
import sys
from pathlib import Path

import nbformat
from IPython.core.formatters import DisplayFormatter
from nbformat.v4 import new_output

from taawun.export import TaawunDocxExporter, TaawunHTMLExporter, TaawunPDFExporter

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
    """The outputs of one cell: what it printed, what it displayed, and its last value."""
    body, value, said = ast.parse(source).body, None, io.StringIO()
    shown: list[nbformat.NotebookNode] = []
    names["display"] = lambda value: shown.append(output("display_data", value))
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
    yield from shown
    if value is not None:
        yield output("execute_result", value, execution_count=count)


def output(kind: str, value: object, **more: object) -> nbformat.NotebookNode:
    """A value as an output of a cell."""
    data, metadata = SHOW(value)
    return new_output(kind, data=data, metadata=metadata, **more)


def main(folder: Path) -> None:
    """Everything that `make report` makes but the executed notebooks; the tables go to
    data/processed.
    """
    html, pdf, docx = TaawunHTMLExporter(), TaawunPDFExporter(), TaawunDocxExporter()
    for path in sorted(Path("notebooks").glob("0*.ipynb")):
        for language in ("en", "fr", "ar") if path.stem == "05-brief" else ("",):
            name = f"{path.stem}.{language}" if language else path.stem
            given = {"language": language} if language else {}
            executed = execute(nbformat.read(path, as_version=4), given)
            executed.metadata["taawun"] = {"pages": [name]}
            for exporter in (html, pdf, docx) if language else (html,):
                page, resources = exporter.from_notebook_node(
                    executed, {"metadata": {"name": name}}
                )
                made = {f"{name}{exporter.file_extension}": page, **resources.get("outputs", {})}
                for place, content in made.items():
                    (folder / place).parent.mkdir(parents=True, exist_ok=True)
                    whole = content if isinstance(content, bytes) else content.encode()
                    (folder / place).write_bytes(whole)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
