"""Where the folders are: the same for a kernel started by papermill, by JupyterLab or by a test.

The project is the folder that TAAWUN_ROOT names, or else the nearest one, from the current folder
up, that holds `notebooks/` and `data/raw/`, or else the folder that this package lies in.
"""

import os
from pathlib import Path

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
TRANSLATIONS = ROOT / "translations"
