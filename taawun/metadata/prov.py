"""Where everything in an edition comes from, as W3C PROV-O: from each entry of the ledger to
printed words and their publication, and from each file to the step that wrote it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from taawun import periods
from taawun.metadata.citation import LICENCE, Citation, citation
from taawun.metadata.nodes import Node, dated, given
from taawun.paths import HAND, RAW, ROOT
from taawun.tables import read_rows

COMMENT = (
    "#words-X is the figure X of data/raw/figures.csv as it is printed, #n-X the entry X of the "
    "ledger, #source-X the publication X of data/raw/sources.csv, #step-X a run of notebook X."
)
#: The kinds of publications that state their own numbers.
PRIMARY = ("register", "statement")
NUMBER = ("value", "low", "high", "unit", "qualifier", "formula")

#: The name of a file in the project to its address from the reports.
Address = Callable[[str], str]


@dataclass(frozen=True)
class Record:
    """What one step noted: the hashes of the files that it read and of those that it published, and
    the parameters that were not left at their default.
    """

    read: dict[str, str]
    made: dict[str, str]
    chosen: dict[str, str]


def record(done: Path) -> Record:
    """What is noted in the file that a step leaves when it is done."""
    noted = json.loads(done.read_text(encoding="utf-8"))
    inputs, outputs = noted["inputs"], noted["outputs"]
    return Record(
        {name: value for name, value in inputs.items() if "." in name},
        {name: value for name, value in outputs.items() if not name.startswith("notebooks/")},
        {
            name.removeprefix("parameter "): value
            for name, value in inputs.items()
            if name.startswith("parameter ")
        },
    )


def lineage(records: dict[str, Record], tables: Path, reports: Path) -> Node:
    """The provenance of an edition, from the records of its steps, its ledgers in `tables` and the
    raw tables; files are named relative to `reports`.
    """
    folders = {"processed": tables, "reports": reports}

    def address(name: str) -> str:
        folder, _, rest = name.partition("/")
        place = folders.get(folder, ROOT / folder) / rest
        return Path(os.path.relpath(place, reports)).as_posix()

    context = json.loads(Path(__file__).with_name("context.jsonld").read_text(encoding="utf-8"))
    return context | {
        "@graph": [
            *_edition(citation()),
            *_publications(),
            *_words(),
            *_entries(records, tables, address),
            *_activities(records, address),
            *_files(records, address),
        ]
    }


def _edition(cited: Citation) -> Iterator[Node]:
    """The edition itself, its authors, and the program that acts for them."""
    yield {
        "@id": "provenance.jsonld",
        "@type": "Entity",
        "title": cited.title,
        "version": cited.version,
        "issued": dated(cited.released),
        "licence": LICENCE["path"],
        "wasAttributedTo": "#authors",
        "comment": COMMENT,
    }
    yield {"@id": "#authors", "@type": "Agent", "label": ", ".join(cited.authors)}
    yield {
        "@id": "#taawun",
        "@type": "SoftwareAgent",
        "label": "taawun",
        "version": cited.version,
        "actedOnBehalfOf": "#authors",
    }


def _publications() -> Iterator[Node]:
    """An entity a publication, and then an agent a publisher."""
    agents: dict[str, str] = {}
    for row in read_rows(RAW / "sources.csv"):
        publisher = row["publisher"]
        agents.setdefault(publisher, "#publisher-" + "-".join(re.findall(r"\w+", publisher)))
        yield {
            "@id": f"#source-{row['source_id']}",
            "@type": "Entity",
            "title": {"@value": row["title"], "@language": row["language"]},
            "wasAttributedTo": agents[publisher],
            **given(issued=dated(row["published"]), url=row["url"]),
            **given(wasQuotedFrom=row["repeats"] and f"#source-{row['repeats']}"),
            "accessed": row["accessed"],
            "rights": row["rights"],
        }
    for publisher, agent in agents.items():
        yield {"@id": agent, "@type": "Agent", "label": {"@value": publisher}}


def _words() -> Iterator[Node]:
    """An entity a printed figure; register or institution itself are its primary source."""
    sources = {row["source_id"]: row for row in read_rows(RAW / "sources.csv")}
    for row in read_rows(RAW / "figures.csv"):
        source, link = sources[row["source_id"]], f"#source-{row['source_id']}"
        primary = source["kind"] in PRIMARY and not source["repeats"]
        yield {
            "@id": f"#words-{row['figure_id']}",
            "@type": "Entity",
            "words": {"@value": row["as_printed"], "@language": source["language"]},
            "wasQuotedFrom": link,
            **given(hadPrimarySource=primary and link, position=row["locator"]),
        }


def _entries(records: dict[str, Record], tables: Path, address: Address) -> Iterator[Node]:
    """An entity a ledger entry: derived from the entries of its formula, or from printed words and
    the decision how to read them, or, a mere count of rows, from the tables that its step read.
    """
    readings = {row["figure_id"] for row in read_rows(HAND / "readings.csv")}
    for step, noted in records.items():
        read = [address(name) for name in noted.read if name.endswith(".csv")]
        ledgers = [Path(name).name for name in noted.made if name.endswith("-ledger.csv")]
        for row in [row for name in ledgers for row in read_rows(tables / name)]:
            figure_id = row.get("figure_id", "")
            words = [f"#words-{figure_id}"] if figure_id else []
            words += [address("data/hand/readings.csv")] if figure_id in readings else []
            yield {
                "@id": f"#n-{row['id']}",
                "@type": "Entity",
                "label": periods.dated(row["label"], row["start"], row["date"]),
                **given(**{name: row[name] for name in NUMBER}, date=dated(row["date"])),
                "wasDerivedFrom": [f"#n-{name}" for name in row["inputs"].split()] or words or read,
                "wasGeneratedBy": f"#step-{step}",
            }


def _activities(records: dict[str, Record], address: Address) -> Iterator[Node]:
    """An activity a step, with all that it used; its chosen parameters follow as entities."""
    for step, noted in records.items():
        chosen = {name: f"#{step}-{name}" for name in noted.chosen}
        yield {
            "@id": f"#step-{step}",
            "@type": "Activity",
            "label": step,
            "used": [*(address(name) for name in noted.read), *chosen.values()],
            "wasAssociatedWith": "#taawun",
            "qualifiedAssociation": {
                "@type": "Association",
                "agent": "#taawun",
                "hadPlan": address(f"notebooks/{step.partition('.')[0]}.ipynb"),
            },
        }
        for name, value in noted.chosen.items():
            yield {
                "@id": chosen[name],
                "@type": "Entity",
                "label": name,
                "value": {"@value": value},
                "wasAttributedTo": "#authors",
            }


def _files(records: dict[str, Record], address: Address) -> Iterator[Node]:
    """An entity a file that a step read or wrote, with its hash."""
    makers = {name: step for step, noted in records.items() for name in noted.made}
    hashes: dict[str, str] = {}
    for noted in records.values():
        hashes |= noted.read | noted.made
    for name, value in sorted(hashes.items()):
        made = name in makers
        yield {
            "@id": address(name),
            "@type": ["Entity", "Plan"] if name.endswith(".ipynb") else "Entity",
            "sha256": value,
            **given(wasGeneratedBy=made and f"#step-{makers.get(name)}"),
            **given(wasAttributedTo=not made and "#authors"),
        }
