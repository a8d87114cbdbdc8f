"""Where the folders are: the same for a kernel started by papermill, by JupyterLab or by a test.

The project is the folder that TAAWUN_ROOT names, or else the nearest one, from the current folder
up, that holds `notebooks/` and `data/raw/`, or else the folder that this package lies in.
"""

import os
import sys
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent


def _project() -> Path:
    """The folder of the project."""
    if named := os.environ.get("TAAWUN_ROOT"):
        return Path(named).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and (folder / "data" / "raw").is_dir():
            return folder
    return PACKAGE.parent


ROOT = _project()
#: What people typed; an experiment with other words of a figure has tables of its own.
TYPED = Path(os.environ.get("TAAWUN_TYPED") or ROOT / "data")
RAW = TYPED / "raw"
HAND = TYPED / "hand"
PROCESSED = Path(os.environ.get("TAAWUN_PROCESSED") or ROOT / "data" / "processed")
#: Where a notebook that a person runs writes its tables: not over the published ones.
BY_HAND = ROOT / "build" / "lab"
TRANSLATIONS = ROOT / "translations"
#: What begins the names of files that editors and systems lay beside others.
BESIDE = (".", "~$")


def shell_of_a_person() -> Any:
    """The shell of a kernel that no build has started; None anywhere else."""
    if "TAAWUN_PROCESSED" in os.environ or "ipykernel" not in sys.modules:
        return None
    return sys.modules["IPython"].get_ipython()
