"""The reports of an edition as an RO-Crate (version 1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from taawun.metadata.citation import LICENCE, citation
from taawun.metadata.nodes import Node, given

FORMATS = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".jsonld": "application/ld+json",
}


def crate(reports: Iterable[str]) -> Node:
    """The crate: the files of the names `reports`, which the steps printed, and the provenance."""
    cited, licence, author = citation(), {"@id": LICENCE["path"]}, {"@id": "#authors"}
    names = [*sorted(reports), "provenance.jsonld"]
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": cited.title,
        "description": cited.abstract,
        "version": cited.version,
        "datePublished": cited.released,
        "license": licence,
        "author": author,
        "publisher": author,
        "hasPart": [{"@id": name} for name in names],
    }
    named = [
        author | {"@type": "Organization", "name": ", ".join(cited.authors)},
        licence
        | {"@type": "CreativeWork", "name": LICENCE["title"], "description": LICENCE["name"]},
    ]
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [about, root, *map(_file, names), *named],
    }


def _file(name: str) -> Node:
    """One file; a language is the part of its name between two points."""
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "encodingFormat": FORMATS[Path(name).suffix],
        **given(inLanguage="".join(re.findall(r"\.(\w+)\.", name))),
    }
