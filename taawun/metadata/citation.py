"""How the edition is cited: what the documents for machines take from CITATION.cff."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

from taawun.paths import ROOT

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


class Citation(NamedTuple):
    """An edition: title, abstract, version, day of release (ISO), names of the authors."""

    title: str
    abstract: str
    version: str
    released: str
    authors: list[str]


def citation(root: Path = ROOT) -> Citation:
    """The edition as CITATION.cff in the folder `root` has it; ValueError if a line is missing."""
    text = (root / "CITATION.cff").read_text(encoding="utf-8")
    cited = yaml.load(text, yaml.BaseLoader)  # every scalar as it is typed: no dates, no floats
    for name in ("title", "abstract", "version", "date-released", "authors"):
        if not cited.get(name):
            raise ValueError(f"CITATION.cff: there is no line «{name}: ...»")
    authors = [author["name"] for author in cited["authors"]]
    return Citation(
        cited["title"], cited["abstract"], cited["version"], cited["date-released"], authors
    )
