"""Choose the versions anew: `make lock` writes all locks and environment.yml from pyproject.toml."""

import re
import subprocess
import sys

from taawun.paths import ROOT

COMPILE = [
    sys.executable,
    "-m",
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--upgrade",
    "--universal",
    "--python-version",
    "3.11",
    "--fork-strategy",
    "fewest",
    "--only-binary",
    ":all:",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--custom-compile-command",
    "make lock",
]
#: What .ci/run installs apart from the report: groups of pyproject.toml, a lock each in .ci/.
CHECKS = ("lint", "browser", "provenance")
HEAD = """\
# Written by `make lock` from requirements.txt and requirements-lab.txt. To use it: conda env create -f environment.yml
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
    pins = sorted(
        {
            line.rstrip(" \\")
            for text in locks
            for line in text.splitlines()
            if re.match(r"\w", line)
        }
    )
    return HEAD + "".join("      - {}\n".format(f'"{pin}"' if ";" in pin else pin) for pin in pins)


def main() -> None:
    """Write the report's lock, then JupyterLab's and the checks' so that they agree with it, then
    environment.yml.

    One version serves every Python and system where one can.
    """
    report, lab = ROOT / "requirements.txt", ROOT / "requirements-lab.txt"
    subprocess.run(
        [*COMPILE, "--extra", "test", "pyproject.toml", "-o", report.name], cwd=ROOT, check=True
    )
    subprocess.run(
        [*COMPILE, "--constraint", report.name, "--group", "lab", "-o", lab.name],
        cwd=ROOT,
        check=True,
    )
    for group in CHECKS:
        subprocess.run(
            [*COMPILE, "--constraint", report.name, "--group", group, "-o", f".ci/{group}.txt"],
            cwd=ROOT,
            check=True,
        )
    (ROOT / "environment.yml").write_text(
        conda(report.read_text(), lab.read_text()), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
