"""Choose the versions: `make lock` writes all locks and environment.yml from pyproject.toml."""

from __future__ import annotations

import re
import subprocess
import sys

from taawun.paths import ROOT
from tools.environment import CHECKS

COMPILE = (
    "-m uv pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest "
    "--only-binary :all: --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate"
)
HEAD = """\
# Written by `make lock` from requirements.txt and requirements-lab.txt.
# To use it: conda env create -f environment.yml
name: taawun
channels:
  - conda-forge
dependencies:
  - python>=3.11,<3.15
  - pip
  - pip:
      - --editable .
"""


def conda(*locks: str) -> str:
    """The text of environment.yml: every version that the texts of the locks name, JupyterLab's
    included.
    """
    lines = {line.rstrip(" \\") for text in locks for line in text.splitlines()}
    pins = sorted(line for line in lines if re.match(r"\w", line))
    return HEAD + "".join(
        f'      - "{pin}"\n' if ";" in pin else f"      - {pin}\n" for pin in pins
    )


def write_lock(name: str, *wanted: str) -> None:
    """Write the lock `name` of what is wanted. One version serves every Python and system where one
    can.
    """
    command = [sys.executable, *COMPILE.split(), "--custom-compile-command", "make lock"]
    subprocess.run([*command, *wanted, "-o", name], cwd=ROOT, check=True)


def main() -> None:
    """Write the report's lock, then JupyterLab's, Dask's and the checks' so that they agree with
    it, then environment.yml.
    """
    report, lab, dask = (f"requirements{suffix}.txt" for suffix in ("", "-lab", "-dask"))
    write_lock(report, "--extra", "test", "pyproject.toml")
    write_lock(lab, "--constraint", report, "--group", "lab")
    write_lock(dask, "--constraint", report, "--extra", "dask", "pyproject.toml")
    for group in CHECKS:
        write_lock(f".ci/{group}.txt", "--constraint", report, "--group", group)
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in (report, lab)]
    (ROOT / "environment.yml").write_text(conda(*texts), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
