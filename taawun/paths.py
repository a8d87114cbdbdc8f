"""Where the folders are: the same for a kernel started by papermill, by JupyterLab or by a test."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT / "data" / "raw"
HAND = ROOT / "data" / "hand"
PROCESSED = Path(os.environ.get("TAAWUN_PROCESSED") or ROOT / "data" / "processed")
TRANSLATIONS = ROOT / "translations"
