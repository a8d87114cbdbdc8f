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
BOOLEANS = ({"True", "False"}, {"yes", "no"})
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
    for words in BOOLEANS:
        if not unit and filled and filled <= words:
            field |= {"type": "boolean", "trueValues": [max(words)], "falseValues": [min(words)]}
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
    made = {name: step for step, record in records.items() for name in record["outputs"] if not name.startswith("notebooks/")}
    used = {step: [name for name in record["inputs"] if name != "Python" and not name.startswith("parameter ")] for step, record in records.items()}
    chosen = {name.partition(" ")[2]: value for record in records.values() for name, value in record["inputs"].items() if name.startswith("parameter ")}
    hashes = {name: value for record in records.values() for name, value in (record["inputs"] | record["outputs"]).items() if name in made or name in used[next(iter(used))] or "/" in name}
    raise NotImplementedError
