"""The reports of an edition as an RO-Crate (version 1.3) that says by which runs they were made, as
the profile Process Run Crate does: a run is an action of papermill on a notebook and tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version as installed
from pathlib import Path

from taawun.locales import LOCALES
from taawun.metadata.citation import LICENCE, citation
from taawun.metadata.nodes import Node, given
from taawun.metadata.prov import Record

VERSION = "https://w3id.org/ro/crate/1.3"
RUNS = "https://w3id.org/ro/wfrun/process/0.5"
PAPERMILL = {"@id": "https://papermill.readthedocs.io"}

FORMATS = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
}
#: What is described beside the reports, and made with this description.
DESCRIBED = ("provenance.jsonld", "claims.json")


def crate(records: Mapping[str, Record]) -> Node:
    """The crate: the reports that the steps printed, the provenance, and a run a step."""
    cited, licence, author = citation(), {"@id": LICENCE["path"]}, {"@id": "#authors"}
    names = [*sorted(map(_place, _printed(records))), *DESCRIBED]
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": VERSION},
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
        "conformsTo": {"@id": RUNS},
        "hasPart": [{"@id": name} for name in names],
        "mentions": [{"@id": f"#run-{step}"} for step in records],
    }
    named = [
        author | {"@type": "Organization", "name": ", ".join(cited.authors)},
        licence
        | {"@type": "CreativeWork", "name": LICENCE["title"], "description": LICENCE["name"]},
        PAPERMILL
        | {"@type": "SoftwareApplication", "name": "papermill", "url": PAPERMILL["@id"]}
        | {"version": installed("papermill")},
        {"@id": RUNS, "@type": ["CreativeWork", "Profile"], "name": "Process Run Crate"},
    ]
    return {
        "@context": f"{VERSION}/context",
        "@graph": [about, root, *map(_file, names), *named, *_runs(records)],
    }


def _runs(records: Mapping[str, Record]) -> Iterator[Node]:
    """An action a step; its notebook, the tables between the steps and what was chosen as things
    that are not in the crate.
    """
    tables = {name for noted in records.values() for name in noted.made} - set(_printed(records))
    notebooks = {f"notebooks/{step.partition('.')[0]}.ipynb" for step in records}
    for name in sorted(tables | notebooks):
        yield {"@id": f"#{name}", "@type": "CreativeWork", "name": name}
    for step, noted in records.items():
        chosen = {f"#{step}-{name}": (name, value) for name, value in noted.chosen.items()}
        read = [f"#{name}" for name in noted.read if name in tables | notebooks]
        made = [f"#{name}" if name in tables else _place(name) for name in noted.made]
        yield {
            "@id": f"#run-{step}",
            "@type": "CreateAction",
            "name": f"papermill runs {step}",
            "instrument": PAPERMILL,
            "agent": {"@id": "#authors"},
            "object": [{"@id": name} for name in [*read, *chosen]],
            "result": [{"@id": name} for name in made],
        }
        for place, (name, value) in chosen.items():
            yield {"@id": place, "@type": "PropertyValue", "name": name, "value": value}


def _printed(records: Mapping[str, Record]) -> list[str]:
    """The reports that the steps printed."""
    made = [name for noted in records.values() for name in noted.made]
    return [name for name in made if name.startswith("reports/")]


def _place(name: str) -> str:
    """Where a report lies, seen from the crate."""
    return name.removeprefix("reports/")


def _file(name: str) -> Node:
    """One file; a language may be the part of its name between two points."""
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "encodingFormat": FORMATS[Path(name).suffix],
        **given(inLanguage="".join(part for part in name.split(".")[1:-1] if part in LOCALES)),
    }
