"""What stands in the sources: notebooks are opened here and nowhere else. Standard library only."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

from taawun.build import BuildError

CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")


@cache
def cells(notebook: Path) -> list[dict]:
    """The cells of a notebook in order, as nbformat has them, each source in one piece. Raises
    BuildError with what is wrong with the file.
    """
    name = f"{notebook.parent.name}/{notebook.name}"
    content = _content(notebook, name)
    found = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(found, list) or content.get("nbformat") != 4:
        raise BuildError(f"{name} is no notebook of format 4, as Jupyter saves it.")
    for number, cell in enumerate(found, 1):
        for field, kinds in (("cell_type", str), ("metadata", dict), ("source", (str, list))):
            if not isinstance(cell, dict) or not isinstance(cell.get(field), kinds):
                raise BuildError(f"{name}: cell {number} has no {field}, as Jupyter saves it.")
    return [cell | {"source": "".join(cell["source"])} for cell in found]


def _content(notebook: Path, name: str) -> dict:
    """What the JSON of a notebook says."""
    try:
        text = notebook.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BuildError(f"{name} is not in UTF-8 (byte {error.start + 1}).") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith(CONFLICT):
                marker = f"line {number} is a mark of a merge conflict: {line[:40]}"
                raise BuildError(f"{name}: {marker} (git checkout --ours, or mend it).") from None
        what = error if text.strip() else "it is empty"
        raise BuildError(f"{name} is not the JSON that Jupyter saves: {what}.") from None


@cache
def said(notebook: Path) -> tuple[str, ...]:
    """What the code of a notebook hands to `say` or one of its methods as text, in order; not what
    is put together there.
    """
    calls = [
        node
        for node in ast.walk(ast.parse(code(notebook)))
        if isinstance(node, ast.Call) and ast.unparse(node.func).partition(".")[0] == "say"
    ]
    parts = [part for call in calls for part in ast.walk(call)]
    joined = {id(part) for text in parts if isinstance(text, ast.JoinedStr) for part in text.values}
    return tuple(
        dict.fromkeys(
            part.value
            for part in parts
            if isinstance(part, ast.Constant)
            and isinstance(part.value, str)
            and id(part) not in joined
        )
    )


@cache
def code(source: Path) -> str:
    """The code of a module or of all cells of a notebook."""
    if source.suffix != ".ipynb":
        return source.read_text(encoding="utf-8")
    return "\n".join(cell["source"] for cell in cells(source) if cell["cell_type"] == "code")


def tagged(notebook: Path, tag: str) -> str:
    """The text of the cells that carry a tag."""
    return "\n".join(
        cell["source"] for cell in cells(notebook) if tag in cell["metadata"].get("tags", [])
    )


def title(notebook: Path) -> str:
    """The question that a notebook begins with; empty if it has no title."""
    titles = (re.match(r"#\s+(.*)", cell["source"]) for cell in cells(notebook))
    return next((found[1] for found in titles if found), "")
