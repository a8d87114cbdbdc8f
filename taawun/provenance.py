"""Where everything comes from, for machines: `python -m taawun.provenance` describes the edition that was built last.

`datapackage.json` (Frictionless Data Package 1) explains the tables. `provenance.jsonld` (W3C PROV-O) leads from each entry of the ledger to printed words and their publication, and from each
file to the step that wrote it. `ro-crate-metadata.json` (RO-Crate 1.1) lists the reports. The same edition gives the same bytes: no time, no version of Python. Standard library only.
"""
from __future__ import annotations

import csv
import json
import os
import re
import sys
from pathlib import Path

from taawun.inputs import ROOT, digest, steps

LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0 International", "path": "https://creativecommons.org/licenses/by/4.0/"}
FOLDERS = {"": "What every column of every table means.", "raw": "As published; never edited by code.", "hand": "Decided by people, each row with its reason.", "processed": "Made by notebook {}."}
# The primary key is the first column, except here.
KEYS = {"dictionary": "table column", "words": "language words kind", "checklist": "list item", "series": "series date", "03-series": "series date", "03-growth": "series start", "03-projection": "scenario year"}
# What a column refers to, by its name or by table and name; NN stands for the step of the table.
REFERS = {"source_id": "sources.source_id", "repeats": "sources.source_id", "witness": "sources.source_id", "indicator": "indicators.indicator", "scenario": "scenarios.scenario",
          "figure_id": "figures.figure_id", "population_id": "figures.figure_id", "earlier": "figures.figure_id", "later": "figures.figure_id", "reported": "figures.figure_id",
          "women_share": "figures.figure_id", "money": "figures.figure_id", "money_units": "figures.figure_id", "01-ledger.id": "figures.figure_id",
          "regions.region": "population.geo", "03-regions.region": "regions.region", "04-coverage.slug": "programmes.slug", "04-comparisons.slug": "comparisons.slug",
          "change": "NN-ledger.id", "rate": "NN-ledger.id", "stock_id": "NN-ledger.id", "density_id": "NN-ledger.id",
          "coverage": "NN-ledger.id", "per_year": "NN-ledger.id", "years_to_all": "NN-ledger.id", "per_unit": "NN-ledger.id", "ratio": "NN-ledger.id"}
TYPES = {"": "string", "year": "year", "persons": "integer"}  # by the dictionary's unit; any other unit is that of a number
BOOLEANS = [("True", "False"), ("yes", "no")]
DAY, PART_OF_DATE = r"\d{4}-\d{2}-\d{2}", r"\d{4}(-\d{2}(-\d{2})?)?"
FORMATS = {".html": "text/html", ".pdf": "application/pdf", ".svg": "image/svg+xml", ".jsonld": "application/ld+json"}
LINKS = "agent actedOnBehalfOf hadPlan hadPrimarySource used wasAssociatedWith wasAttributedTo wasDerivedFrom wasGeneratedBy wasQuotedFrom"
CONTEXT = {"@vocab": "http://www.w3.org/ns/prov#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#", "dcterms": "http://purl.org/dc/terms/",
           "pav": "http://purl.org/pav/", "schema": "http://schema.org/", **{name: {"@type": "@id"} for name in LINKS.split()},
           "label": {"@id": "rdfs:label", "@language": "en"}, "comment": {"@id": "rdfs:comment", "@language": "en"}, "title": "dcterms:title", "rights": "dcterms:rights",
           "issued": "dcterms:issued", "licence": {"@id": "dcterms:license", "@type": "@id"}, "url": {"@id": "schema:url", "@type": "@id"}, "accessed": {"@id": "pav:sourceAccessedOn", "@type": "xsd:date"},
           "words": "value", "value": {"@id": "value", "@type": "xsd:double"}, "low": {"@id": "schema:minValue", "@type": "xsd:double"}, "high": {"@id": "schema:maxValue", "@type": "xsd:double"},
           "unit": "schema:unitText", "qualifier": "schema:measurementQualifier", "formula": "schema:mathExpression", "date": "schema:observationDate", "position": "schema:position",
           "sha256": "schema:sha256", "version": "schema:version"}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table as text; none if there is no such table."""
    with path.open(encoding="utf-8", newline="") if path.is_file() else open(os.devnull) as file:
        return list(csv.DictReader(file))


def citation() -> dict[str, object]:
    """Title, abstract, version, date-released and authors of the edition, as CITATION.cff has them."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    found = {name: re.search(rf"(?m)^{name}: *(.*)$", text) for name in ("title", "abstract", "version", "date-released")}
    if missing := [name for name, line in found.items() if not line]:
        raise ValueError(f"CITATION.cff: there is no line {missing[0]}: ...")
    return {name: line[1].strip("\"'") for name, line in found.items()} | {"authors": re.findall(r"(?m)^ +- name: *(.*)$", text)}


def package(folder: Path) -> dict:
    """The data package of all tables under a folder; references to tables that are elsewhere are left out, as a package has to stand alone."""
    told, cite = {(row["table"], row["column"]): row for row in rows(ROOT / "data" / "dictionary.csv")}, citation()
    tables = {path: rows(path) for path in sorted(folder.rglob("*.csv"))}
    sources = [{"title": row["title"]} | _given(path=row["url"]) for row in rows(folder / "raw" / "sources.csv")]
    return {"profile": "tabular-data-package", "name": "taawun", "title": cite["title"], "description": cite["abstract"], "version": cite["version"], "licenses": [LICENCE],
            "contributors": [{"title": name, "role": "author"} for name in cite["authors"]], **_given(sources=sources),
            "resources": [_resource(path, path.relative_to(folder).as_posix(), table, told, {path.stem for path in tables}) for path, table in tables.items()]}


def _resource(path: Path, name: str, table: list[dict], told: dict, there: set[str]) -> dict:
    """One table of the package."""
    columns = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    stem, kind = path.stem, name.rpartition("/")[0]
    notebook = next((found.stem for found in (ROOT / "notebooks").glob(f"{stem[:2]}-*.ipynb")), "")
    key = KEYS.get(stem, columns[0]).split()
    schema = {"fields": [_field(column, [row[column] for row in table], told.get((name, column), {})) for column in columns], "missingValues": [""], "primaryKey": key}
    return {"profile": "tabular-data-resource", "name": stem, "path": name, "title": name, "description": FOLDERS[kind].format(notebook), "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "bytes": path.stat().st_size, "hash": "sha256:" + digest(path), "schema": schema | _given(foreignKeys=[key for column in columns for key in _reference(stem, column, there)])}


def _field(column: str, cells: list[str], told: dict[str, str]) -> dict:
    """One column: its type comes from the unit that the dictionary gives, of words and dates from the cells."""
    unit, missing, filled = told.get("unit", ""), told.get("missing", ""), {cell for cell in cells if cell}
    says = [told.get("meaning", ""), unit and f"unit: {unit}", missing not in ("", "never") and f"empty: {missing}"]
    field = {"name": column, "title": column.replace("_", " "), "description": "; ".join(filter(None, says)), "type": TYPES.get(unit, "number")}
    needed = {"required": True} if missing == "never" else {}
    if unit.endswith("date"):
        whole = all(re.fullmatch(DAY, cell) for cell in filled)
        field, needed = field | {"type": "date" if whole else "string"}, needed | ({} if whole else {"pattern": PART_OF_DATE})
    for true, false in BOOLEANS:
        if not unit and filled and filled <= {true, false}:
            field |= {"type": "boolean", "trueValues": [true], "falseValues": [false]}
    return field | _given(constraints=needed)


def _reference(stem: str, column: str, there: set[str]) -> list[dict]:
    """The foreign key of a column, if it has one."""
    table, _, key = REFERS.get(f"{stem}.{column}", REFERS.get(column, "")).replace("NN", stem[:2]).partition(".")
    if table not in there or (table, key) == (stem, column):
        return []
    return [{"fields": [column], "reference": {"resource": "" if table == stem else table, "fields": [key]}}]


def lineage(records: dict[str, dict], tables: Path, reports: Path) -> dict:
    """The provenance of an edition, from what its steps noted (`<step>.done`), its ledgers and the raw tables; files are named relative to the reports."""
    def address(name: str) -> str:
        folder, _, rest = name.partition("/")
        return Path(os.path.relpath({"processed": tables, "reports": reports}.get(folder, ROOT / folder) / rest, reports)).as_posix()

    cite = citation()
    about = {"@id": "provenance.jsonld", "@type": "Entity", "title": cite["title"], "version": cite["version"], "issued": _day(cite["date-released"]), "licence": LICENCE["path"], "wasAttributedTo": "#authors",
             "comment": "#words-X is the figure X of data/raw/figures.csv as it is printed, #n-X the entry X of the ledger, #source-X the publication X of data/raw/sources.csv, #step-X a run of notebook X."}
    authors = {"@id": "#authors", "@type": "Agent", "label": ", ".join(cite["authors"])}
    software = {"@id": "#taawun", "@type": "SoftwareAgent", "label": "taawun", "version": cite["version"], "actedOnBehalfOf": "#authors"}
    return {"@context": CONTEXT, "@graph": [about, authors, software, *_publications(), *_words(), *_entries(records, tables, address), *_steps(records, address), *_files(records, address)]}


def _publications():
    """An entity a publication, and an agent a publisher."""
    agents = {}
    for row in rows(ROOT / "data" / "raw" / "sources.csv"):
        agent = agents.setdefault(row["publisher"], "#publisher-" + "-".join(re.findall(r"\w+", row["publisher"])))
        yield {"@id": f"#source-{row['source_id']}", "@type": "Entity", "title": {"@value": row["title"], "@language": row["language"]}, "wasAttributedTo": agent,
               **_given(issued=_day(row["published"]), url=row["url"], wasQuotedFrom=row["repeats"] and f"#source-{row['repeats']}"), "accessed": row["accessed"], "rights": row["rights"]}
    yield from ({"@id": agent, "@type": "Agent", "label": {"@value": name}} for name, agent in agents.items())


def _words():
    """An entity a printed figure: its words, and who printed them. The primary source is named where they are the register's or the institution's own."""
    sources = {row["source_id"]: row for row in rows(ROOT / "data" / "raw" / "sources.csv")}
    for row in rows(ROOT / "data" / "raw" / "figures.csv"):
        source, link = sources[row["source_id"]], f"#source-{row['source_id']}"
        own = source["kind"] in ("register", "statement") and not source["repeats"]
        yield {"@id": f"#words-{row['figure_id']}", "@type": "Entity", "words": {"@value": row["as_printed"], "@language": source["language"]}, "wasQuotedFrom": link,
               **_given(hadPrimarySource=own and link, position=row["locator"])}


def _entries(records: dict[str, dict], tables: Path, address):
    """An entity a ledger entry: derived from the entries of its formula, or from printed words and the decision how to read them, or, a mere count of rows, from the tables that its step read."""
    figures, readings = ({row["figure_id"] for row in rows(ROOT / "data" / place)} for place in ("raw/figures.csv", "hand/readings.csv"))
    made = {name: step for step, record in records.items() for name in record["outputs"]}
    for ledger in sorted(tables.glob("*-ledger.csv")):
        step = made[f"processed/{ledger.name}"]
        read = [address(name) for name in records[step]["inputs"] if name.endswith(".csv")]
        for row in rows(ledger):
            words = [f"#words-{row['id']}"] * (row["id"] in figures) + [address("data/hand/readings.csv")] * (row["id"] in readings)
            parts = {name: row[name] for name in ("value", "low", "high", "unit", "qualifier", "formula")}
            yield {"@id": f"#n-{row['id']}", "@type": "Entity", "label": row["label"], **_given(**parts, date=_day(row["date"])),
                   "wasDerivedFrom": [f"#n-{id}" for id in row["inputs"].split()] or words or read, "wasGeneratedBy": f"#step-{step}"}


def _steps(records: dict[str, dict], address):
    """An activity a step, with all that it used: notebook, code, tables, the lock, and the parameters that were not left at their default."""
    for step, record in records.items():
        chosen = {name.partition(" ")[2]: value for name, value in record["inputs"].items() if name.startswith("parameter ")}
        used = [address(name) for name in record["inputs"] if _is_file(name)] + [f"#parameter-{name}" for name in chosen]
        plan = {"@type": "Association", "agent": "#taawun", "hadPlan": address(f"notebooks/{step.partition('.')[0]}.ipynb")}
        yield {"@id": f"#step-{step}", "@type": "Activity", "label": step, "used": used, "wasAssociatedWith": "#taawun", "qualifiedAssociation": plan}
        yield from ({"@id": f"#parameter-{name}", "@type": "Entity", "value": {"@value": value}, "wasAttributedTo": "#authors"} for name, value in chosen.items())


def _files(records: dict[str, dict], address):
    """An entity a file, with its hash: what the steps read, and what they wrote and is published."""
    made = {name: step for step, record in records.items() for name in record["outputs"] if not name.startswith("notebooks/")}
    hashes = {name: value for record in records.values() for name, value in (record["inputs"] | record["outputs"]).items() if name in made or name in record["inputs"] and _is_file(name)}
    for name, value in sorted(hashes.items()):
        whence = {"wasGeneratedBy": f"#step-{made[name]}"} if name in made else {"wasAttributedTo": "#authors"}
        yield {"@id": address(name), "@type": ["Entity", "Plan"] if name.endswith(".ipynb") else "Entity", "sha256": value, **whence}


def crate(records: dict[str, dict]) -> dict:
    """The RO-Crate of the reports: every page that a step printed, and the provenance."""
    cite, author = citation(), {"@id": "#authors"}
    names = sorted(name.partition("/")[2] for record in records.values() for name in record["outputs"] if name.startswith("reports/")) + ["provenance.jsonld"]
    languages = {name: name.split(".")[1] for name in names if name.count(".") == 2}
    files = [{"@id": name, "@type": "File", "name": name, "encodingFormat": FORMATS[Path(name).suffix], **_given(inLanguage=languages.get(name))} for name in names]
    root = {"@id": "./", "@type": "Dataset", "name": cite["title"], "description": cite["abstract"], "version": cite["version"], "datePublished": cite["date-released"],
            "license": {"@id": LICENCE["path"]}, "author": author, "hasPart": [{"@id": name} for name in names]}
    about = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}
    licence = {"@id": LICENCE["path"], "@type": "CreativeWork", "name": LICENCE["title"], "description": LICENCE["name"]}
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, *files, author | {"@type": "Organization", "name": ", ".join(cite["authors"])}, licence]}


def documents(edition: Path, tables: Path, reports: Path) -> dict[Path, bytes]:
    """The three files that describe a published edition, by their place; `edition` is the folder in which it was built."""
    records = {step: json.loads((edition / f"{step}.done").read_text(encoding="utf-8")) for step in steps(edition)}
    found = {tables.parent / "datapackage.json": package(tables.parent), reports / "provenance.jsonld": lineage(records, tables, reports), reports / "ro-crate-metadata.json": crate(records)}
    return {path: _lines(document) for path, document in found.items()}


def _lines(document: dict) -> bytes:
    """JSON with a line for each resource, source or node, so that a change can be read as a diff."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return (re.sub(r"\n {3,}", " ", text) + "\n").encode()  # deeper levels go on the line that they begin on


def _is_file(name: str) -> bool:
    return name != "Python" and not name.startswith("parameter ")


def _given(**values) -> dict:
    """What there is of the values."""
    return {name: value for name, value in values.items() if value}


def _day(text: str) -> dict[str, str] | str:
    """A date, month or year with its type."""
    return text and {"@type": {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}[len(text)], "@value": text}


def main(edition: Path = ROOT / "build" / "published", tables: Path = ROOT / "data" / "processed", reports: Path = ROOT / "reports") -> int:
    """Describe an edition that was built in `edition` and published in `tables` and `reports`; 0, or 1 after a message."""
    from taawun.build import put  # here, so that the build may call this module
    try:
        for path, content in documents(edition, tables, reports).items():
            put(path, content)
    except FileNotFoundError as error:
        print(f"{error.filename}: there is no such file; run make report first", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
