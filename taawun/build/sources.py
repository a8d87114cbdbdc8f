"""What stands in the sources: notebooks are opened here and nowhere else. Standard library only."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path


@cache
def cells(notebook: Path) -> list[dict]:
    """The cells of a notebook in order, as nbformat has them, each source in one piece."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return [cell | {"source": "".join(cell["source"])} for cell in content["cells"]]


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
