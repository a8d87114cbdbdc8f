"""Where everything comes from, for machines: `python -m taawun.metadata` describes the edition
that was built last. The same edition gives the same bytes. Standard library only.

`datapackage.json` (Frictionless Data Package 1) explains the tables. `provenance.jsonld` (W3C
PROV-O) leads from each entry of the ledger to printed words and their publication, and from each
file to the step that wrote it. `ro-crate-metadata.json` (RO-Crate 1.1) lists the reports.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from pathlib import Path

from taawun.build.files import digest, write_atomically
from taawun.build.graph import ROOT, steps

RAW, HAND = ROOT / "data" / "raw", ROOT / "data" / "hand"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
FOLDERS = {
    "raw": "As published; never edited by code.",
    "hand": "Decided by people, each row with its reason.",
    "processed": "Made by the notebook whose number it carries.",
    "": "What the columns of all tables mean.",
}
# The primary key is the first column, except here.
KEYS = {
    "dictionary": "table column",
    "words": "language words kind",
    "checklist": "list item",
    "series": "series date",
    "03-series": "series date",
    "03-growth": "series start",
    "03-projection": "scenario year",
}
# What a column refers to, by its name or by table and name; NN stands for the step of the table. A
# column that may name an entry of any ledger has no foreign key.
REFERS = {
    **dict.fromkeys(["source_id", "repeats", "witness"], "sources.source_id"),
    "indicator": "indicators.indicator",
    "scenario": "scenarios.scenario",
    **dict.fromkeys(
        [
            "figure_id",
            "population_id",
            "earlier",
            "later",
            "reported",
            "women_share",
            "money",
            "money_units",
            "01-ledger.id",
        ],
        "figures.figure_id",
    ),
    "regions.region": "population.geo",
    "03-regions.region": "regions.region",
    "04-coverage.slug": "programmes.slug",
    "04-comparisons.slug": "comparisons.slug",
    **dict.fromkeys(
        [
            "change",
            "rate",
            "stock_id",
            "density_id",
            "coverage",
            "years_to_all",
            "per_unit",
            "ratio",
        ],
        "NN-ledger.id",
    ),
}
TYPES = {
    "": "string",
    "date": "date",
    "ISO 8601 date": "date",
    "year": "year",
    "persons": "integer",
}  # by the dictionary's unit; any other unit is that of a number
DAY, PART_OF_DATE, BOOLEANS = (
    r"\d{4}-\d{2}-\d{2}",
    r"\d{4}(-\d{2}(-\d{2})?)?",
    [("True", "False"), ("yes", "no")],
)
FORMATS = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".jsonld": "application/ld+json",
}
LINKS = "agent actedOnBehalfOf hadPlan hadPrimarySource used wasAssociatedWith wasAttributedTo wasDerivedFrom wasGeneratedBy wasQuotedFrom"
CONTEXT = {
    "@vocab": "http://www.w3.org/ns/prov#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "pav": "http://purl.org/pav/",
    "schema": "http://schema.org/",
    **{name: {"@type": "@id"} for name in LINKS.split()},
    **{
        name: {"@id": term, "@language": "en"}
        for name, term in {"label": "rdfs:label", "comment": "rdfs:comment"}.items()
    },
    **{
        name: {"@id": term, "@type": "@id"}
        for name, term in {"licence": "dcterms:license", "url": "schema:url"}.items()
    },
    **{
        name: {"@id": term, "@type": "xsd:double"}
        for name, term in {
            "value": "prov:value",
            "low": "schema:minValue",
            "high": "schema:maxValue",
        }.items()
    },
    "words": "prov:value",
    "unit": "schema:unitText",
    "qualifier": "schema:measurementQualifier",
    "formula": "schema:mathExpression",
    "date": "schema:observationDate",
    "title": "dcterms:title",
    "rights": "dcterms:rights",
    "issued": "dcterms:issued",
    "accessed": {"@id": "pav:sourceAccessedOn", "@type": "xsd:date"},
    "position": "schema:position",
    "sha256": "schema:sha256",
    "version": "schema:version",
}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def citation() -> dict[str, object]:
    """Title, abstract, version, date-released and authors of the edition, as CITATION.cff has them;
    a ValueError if a line is missing.
    """
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = {
        name: re.search(rf"(?m)^{name}: *(.*)$", text)
        for name in ("title", "abstract", "version", "date-released")
    }
    if missing := [name for name, line in found.items() if not line]:
        raise ValueError(f"CITATION.cff: there is no line «{missing[0]}: ...»")
    return {name: line[1].strip("\"'") for name, line in found.items()} | {
        "authors": re.findall(r"(?m)^ +- name: *(.*)$", text)
    }


def package(folder: Path) -> dict:
    """The data package of all tables under a folder; references to tables that are elsewhere are
    left out, as a package has to stand alone.
    """
    cite, told = (
        citation(),
        {(row["table"], row["column"]): row for row in rows(ROOT / "data" / "dictionary.csv")},
    )
    tables, sources = (
        sorted(folder.rglob("*.csv")),
        [{"title": row["title"]} | _given(path=row["url"]) for row in rows(RAW / "sources.csv")],
    )
    return {
        "profile": "tabular-data-package",
        "name": "taawun",
        "title": cite["title"],
        "description": cite["abstract"],
        "version": cite["version"],
        "licenses": [LICENCE],
        "contributors": [{"title": name, "role": "author"} for name in cite["authors"]],
        "sources": sources,
        "resources": [
            _resource(
                path, path.relative_to(folder).as_posix(), told, {other.stem for other in tables}
            )
            for path in tables
        ],
    }


def _resource(path: Path, name: str, told: dict, there: set[str]) -> dict:
    """One table of the package; `there` are the tables that it may refer to."""
    with path.open(encoding="utf-8", newline="") as file:
        columns, *cells = csv.reader(file)
    fields, foreign = (
        [
            _field(column, {row[i] for row in cells} - {""}, told.get((name, column), {}))
            for i, column in enumerate(columns)
        ],
        [],
    )
    for column in columns:
        table, _, key = (
            REFERS.get(f"{path.stem}.{column}", REFERS.get(column, ""))
            .replace("NN", path.stem[:2])
            .partition(".")
        )
        if table in there and (table, key) != (path.stem, column):
            foreign.append(
                {
                    "fields": [column],
                    "reference": {"resource": "" if table == path.stem else table, "fields": [key]},
                }
            )
    schema = {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": KEYS.get(path.stem, columns[0]).split(),
        **_given(foreignKeys=foreign),
    }
    return {
        "profile": "tabular-data-resource",
        "name": path.stem,
        "path": name,
        "title": name,
        "description": FOLDERS[name.rpartition("/")[0]],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest(path)}",
        "schema": schema,
    }


def _field(column: str, filled: set[str], told: dict[str, str]) -> dict:
    """One column: the type of numbers comes from the unit that the dictionary gives, that of dates
    and of yes and no from the cells.
    """
    unit, missing = told.get("unit", ""), told.get("missing", "")
    says = [
        told.get("meaning"),
        unit and f"unit: {unit}",
        missing not in ("", "never") and f"empty: {missing}",
    ]
    kind = TYPES.get(unit, "number")
    pattern = (
        PART_OF_DATE
        if kind == "date" and not all(re.fullmatch(DAY, cell) for cell in filled)
        else ""
    )
    field = {
        "name": column,
        "title": column.replace("_", " "),
        "description": "; ".join(filter(None, says)),
        "type": "string" if pattern else kind,
    }
    for true, false in [
        words for words in BOOLEANS if not unit and filled and filled <= set(words)
    ]:
        field |= {"type": "boolean", "trueValues": [true], "falseValues": [false]}
    return field | _given(constraints=_given(required=missing == "never", pattern=pattern))


def lineage(records: dict[str, dict], tables: Path, reports: Path) -> dict:
    """The provenance of an edition, from what its steps noted, its ledgers and the raw tables;
    files are named relative to the reports.
    """

    def address(name: str) -> str:
        folder, _, rest = name.partition("/")
        return Path(
            os.path.relpath(
                {"processed": tables, "reports": reports}.get(folder, ROOT / folder) / rest, reports
            )
        ).as_posix()

    cite = citation()
    about = {
        "@id": "provenance.jsonld",
        "@type": "Entity",
        "title": cite["title"],
        "version": cite["version"],
        "issued": _day(cite["date-released"]),
        "licence": LICENCE["path"],
        "wasAttributedTo": "#authors",
        "comment": "#words-X is the figure X of data/raw/figures.csv as it is printed, #n-X the "
        "entry X of the ledger, #source-X the publication X of data/raw/sources.csv, "
        "#step-X a run of notebook X.",
    }
    agents = [
        {"@id": "#authors", "@type": "Agent", "label": ", ".join(cite["authors"])},
        {
            "@id": "#taawun",
            "@type": "SoftwareAgent",
            "label": "taawun",
            "version": cite["version"],
            "actedOnBehalfOf": "#authors",
        },
    ]
    return {
        "@context": CONTEXT,
        "@graph": [
            about,
            *agents,
            *_printed(),
            *_entries(records, tables, address),
            *_runs(records, address),
        ],
    }


def _printed():
    """An entity a publication, an agent a publisher, and an entity a printed figure; its primary
    source is named where that is the register or the institution itself.
    """
    agents, sources = {}, {row["source_id"]: row for row in rows(RAW / "sources.csv")}
    for id, row in sources.items():
        agent = agents.setdefault(
            row["publisher"], "#publisher-" + "-".join(re.findall(r"\w+", row["publisher"]))
        )
        yield {
            "@id": f"#source-{id}",
            "@type": "Entity",
            "title": {"@value": row["title"], "@language": row["language"]},
            "wasAttributedTo": agent,
            **_given(
                issued=_day(row["published"]),
                url=row["url"],
                wasQuotedFrom=row["repeats"] and f"#source-{row['repeats']}",
            ),
            "accessed": row["accessed"],
            "rights": row["rights"],
        }
    yield from (
        {"@id": agent, "@type": "Agent", "label": {"@value": name}}
        for name, agent in agents.items()
    )
    for row in rows(RAW / "figures.csv"):
        source, link = sources[row["source_id"]], f"#source-{row['source_id']}"
        primary = source["kind"] in ("register", "statement") and not source["repeats"] and link
        yield {
            "@id": f"#words-{row['figure_id']}",
            "@type": "Entity",
            "words": {"@value": row["as_printed"], "@language": source["language"]},
            "wasQuotedFrom": link,
            **_given(hadPrimarySource=primary, position=row["locator"]),
        }


def _entries(records: dict[str, dict], tables: Path, address):
    """An entity a ledger entry: derived from the entries of its formula, or from printed words and
    the decision how to read them, or, a mere count of rows, from the tables that its step read.
    """
    figures, readings = (
        {row["figure_id"] for row in rows(path)}
        for path in (RAW / "figures.csv", HAND / "readings.csv")
    )
    for step, record in records.items():
        read = [address(name) for name in record["inputs"] if name.endswith(".csv")]
        for row in [
            row
            for name in record["outputs"]
            if name.endswith("-ledger.csv")
            for row in rows(tables / Path(name).name)
        ]:
            words = [f"#words-{row['id']}"] * (row["id"] in figures) + [
                address("data/hand/readings.csv")
            ] * (row["id"] in readings)
            said = {
                name: row[name] for name in ("value", "low", "high", "unit", "qualifier", "formula")
            } | {"date": _day(row["date"])}
            yield {
                "@id": f"#n-{row['id']}",
                "@type": "Entity",
                "label": row["label"],
                **_given(**said),
                "wasDerivedFrom": [f"#n-{id}" for id in row["inputs"].split()] or words or read,
                "wasGeneratedBy": f"#step-{step}",
            }


def _runs(records: dict[str, dict], address):
    """An activity a step, with all that it used: notebook, code, tables, the lock, and the
    parameters that were not left at their default; and an entity a file that a step read or wrote.
    """
    made, hashes = {}, {}
    for step, record in records.items():
        made, hashes = (
            made | dict.fromkeys(record["outputs"], step),
            hashes | record["inputs"] | record["outputs"],
        )
        plan = {
            "@type": "Association",
            "agent": "#taawun",
            "hadPlan": address(f"notebooks/{step.partition('.')[0]}.ipynb"),
        }
        used = [address(name) for name in record["inputs"]] + [
            f"#{step}-{name}" for name in record["chosen"]
        ]
        yield {
            "@id": f"#step-{step}",
            "@type": "Activity",
            "label": step,
            "used": used,
            "wasAssociatedWith": "#taawun",
            "qualifiedAssociation": plan,
        }
        yield from (
            {
                "@id": f"#{step}-{name}",
                "@type": "Entity",
                "label": name,
                "value": {"@value": value},
                "wasAttributedTo": "#authors",
            }
            for name, value in record["chosen"].items()
        )
    for name, value in sorted(hashes.items()):
        whence = (
            {"wasGeneratedBy": f"#step-{made[name]}"}
            if name in made
            else {"wasAttributedTo": "#authors"}
        )
        yield {
            "@id": address(name),
            "@type": ["Entity", "Plan"] if name.endswith(".ipynb") else "Entity",
            "sha256": value,
            **whence,
        }


def crate(records: dict[str, dict]) -> dict:
    """The RO-Crate of the reports: every page that a step printed, and the provenance."""
    cite, licence, author = citation(), {"@id": LICENCE["path"]}, {"@id": "#authors"}
    names = [
        *sorted(
            name.partition("/")[2]
            for record in records.values()
            for name in record["outputs"]
            if name.startswith("reports/")
        ),
        "provenance.jsonld",
    ]
    files = [
        {
            "@id": name,
            "@type": "File",
            "name": name,
            "encodingFormat": FORMATS[Path(name).suffix],
            **_given(inLanguage="".join(re.findall(r"\.(\w+)\.", name))),
        }
        for name in names
    ]
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": cite["title"],
        "description": cite["abstract"],
        "version": cite["version"],
        "datePublished": cite["date-released"],
        "license": licence,
        "author": author,
        "publisher": author,
        "hasPart": [{"@id": name} for name in names],
    }
    named = [
        author | {"@type": "Organization", "name": ", ".join(cite["authors"])},
        licence
        | {"@type": "CreativeWork", "name": LICENCE["title"], "description": LICENCE["name"]},
    ]
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [about, root, *files, *named],
    }


def documents(edition: Path, tables: Path, reports: Path) -> dict[Path, bytes]:
    """The three files that describe an edition built in `edition` and published in `tables` and
    `reports`, by their place.
    """
    records = {
        step: _noted(**json.loads((edition / f"{step}.done").read_text(encoding="utf-8")))
        for step in steps(edition)
    }
    return {
        tables.parent / "datapackage.json": _lines(package(tables.parent), 5),
        reports / "provenance.jsonld": _lines(lineage(records, tables, reports), 2),
        reports / "ro-crate-metadata.json": _lines(crate(records), 2),
    }


def _noted(inputs: dict[str, str], outputs: dict[str, str]) -> dict[str, dict]:
    """What a step noted: hashes of the files that it read and of those that are published, and the
    parameters `chosen`; not the version of Python.
    """
    return {
        "inputs": {name: value for name, value in inputs.items() if "." in name},
        "outputs": {
            name: value for name, value in outputs.items() if not name.startswith("notebooks/")
        },
        "chosen": {
            name.removeprefix("parameter "): value
            for name, value in inputs.items()
            if name.startswith("parameter ")
        },
    }


def _lines(document: dict, depth: int) -> bytes:
    """JSON with a line for each thing down to a depth, so that a change can be read as a diff."""
    return (
        re.sub(
            rf"\n(?: {{{depth + 1},}}| {{{depth}}}(?=[\]}}]))",
            " ",
            json.dumps(document, ensure_ascii=False, indent=1),
        )
        + "\n"
    ).encode()


def _given(**values) -> dict:
    """What there is of the values."""
    return {name: value for name, value in values.items() if value}


def _day(text: str) -> dict[str, str]:
    """A day, month or year with its type."""
    return (
        {"@type": {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}[len(text)], "@value": text}
        if text
        else {}
    )


def main(
    edition: Path = ROOT / "build" / "published",
    tables: Path = ROOT / "data" / "processed",
    reports: Path = ROOT / "reports",
) -> int:
    """Describe an edition (see `documents`); 0, or 1 after a message."""
    try:
        write_atomically(documents(edition, tables, reports))
    except FileNotFoundError as error:
        print(f"{error.filename}: there is no such file; run make report first", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
