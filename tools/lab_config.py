"""JupyterLab saves notebooks as they are committed: without outputs, and with the metadata that
they had.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any


def as_committed(model: dict[str, Any], path: str, contents_manager: Any) -> None:
    """Take out of a notebook that is about to be saved what running it has put there."""
    if model["type"] != "notebook":
        return
    content = model["content"]
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    saved = Path(contents_manager.root_dir, path)
    if saved.is_file():
        content["metadata"] = json.loads(saved.read_text(encoding="utf-8"))["metadata"]


c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.FileContentsManager.pre_save_hook = as_committed
# JupyterLab reads this file twice, and would warn that the hook takes the place of itself
warnings.filterwarnings("ignore", r"Overriding existing pre_save_hook")
# only the address where it can be seen, and what goes wrong
c.ServerApp.log_level = "WARN"
c.ServerApp.root_dir = "."
c.LabApp.default_url = "/lab/tree/notebooks/exercises/00-start.ipynb"
