"""The tables of an edition as a Frictionless Data Package (version 2).

What the columns mean, which tell the rows apart and which refer to another table is said in
`data/dictionary.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from taawun.build.files import digest
from taawun.metadata.citation import LICENCE, citation
from taawun.metadata.nodes import Node, given
from taawun.paths import RAW, ROOT
from taawun.tables import Row, csv_files, read_cells, read_rows

FOLDERS = {
    "raw": "As published; never edited by code.",
    "hand": "Decided by people, each row with its reason.",
    "processed": "Made by the notebook whose number it carries.",
    "": "What the columns of all tables mean.",
}
# The type of a column by the dictionary's unit; any other unit is that of a number.
TYPES = {
    "": "string",
    "date": "date",
    "ISO 8601 date": "date",
    "year": "year",
    "persons": "integer",
}
PROFILES = "https://datapackage.org/profiles/2.0"
DAY = r"\d{4}-\d{2}-\d{2}"
PART_OF_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
BOOLEANS = [("True", "False"), ("yes", "no")]

#: The rows of the dictionary by table and column.
Dictionary = Mapping[tuple[str, str], Row]


def package(folder: Path) -> Node:
    """The data package of all tables under a folder; references to tables that are elsewhere are
    left out, as a package has to stand alone.
    """
    cited = citation()
    rows = read_rows(ROOT / "data" / "dictionary.csv")
    dictionary = {(row["table"], row["column"]): row for row in rows}
    paths = csv_files(folder)
    names = {path.stem for path in paths}
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "taawun",
        "title": cited.title,
        "description": cited.abstract,
        "version": cited.version,
        "licenses": [LICENCE],
        "contributors": [{"title": name, "roles": ["author"]} for name in cited.authors],
        "sources": [
            {"title": row["title"]} | given(path=row["url"])
            for row in read_rows(RAW / "sources.csv")
        ],
        "resources": [
            _resource(path, path.relative_to(folder).as_posix(), dictionary, names)
            for path in paths
        ],
    }


def _resource(path: Path, name: str, dictionary: Dictionary, names: Collection[str]) -> Node:
    """One table of the package; `names` are those of the tables that it may refer to."""
    columns, rows = read_cells(path)
    explained = [dictionary.get((name, column), {}) for column in columns]
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "type": "table",
        "name": path.stem,
        "path": name,
        "title": name,
        "description": FOLDERS[name.rpartition("/")[0]],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest(path)}",
        "schema": {
            "$schema": f"{PROFILES}/tableschema.json",
            "fields": [
                _field(column, {row[i] for row in rows} - {""}, explained[i])
                for i, column in enumerate(columns)
            ],
            "missingValues": [""],
            "primaryKey": [row["column"] for row in explained if row.get("key")],
            **given(foreignKeys=_references(path.stem, explained, names)),
        },
    }


def _references(table: str, explained: list[Row], names: Collection[str]) -> list[Node]:
    """The foreign keys of a table; that of a column to its own table has no name in it."""
    found = []
    for row in explained:
        other, _, column = row.get("refers_to", "").partition(".")
        if other in names:
            place = given(resource=other if other != table else "") | {"fields": [column]}
            found.append({"fields": [row["column"]], "reference": place})
    return found


def _field(column: str, filled: set[str], explained: Row) -> Node:
    """One column: the dictionary's unit tells numbers, the `filled` cells dates and yes and no."""
    unit, missing = explained.get("unit", ""), explained.get("missing", "")
    says = [explained.get("meaning", "")]
    says += [f"unit: {unit}"] if unit else []
    says += [f"empty: {missing}"] if missing not in ("", "never") else []
    kind = TYPES.get(unit, "number")
    partial = kind == "date" and not all(re.fullmatch(DAY, cell) for cell in filled)
    field: Node = {
        "name": column,
        "title": column.replace("_", " "),
        "description": "; ".join(filter(None, says)),
        "type": "string" if partial else kind,
    }
    for true, false in BOOLEANS:
        if not unit and filled and filled <= {true, false}:
            field |= {"type": "boolean", "trueValues": [true], "falseValues": [false]}
    limits = given(required=missing == "never", pattern=PART_OF_DATE if partial else "")
    return field | given(constraints=limits)
