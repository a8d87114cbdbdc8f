"""Where everything comes from, for machines: `python -m taawun.metadata` describes the edition that
was built last. The same edition gives the same bytes.

`datapackage.json` explains the tables, `provenance.jsonld` leads from each number to its words,
`ro-crate-metadata.json` lists the reports, and `claims.json` is what they claim, with words and
sources, in one small file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from taawun.build.files import write_atomically
from taawun.build.graph import steps
from taawun.metadata.claims import claims
from taawun.metadata.datapackage import package
from taawun.metadata.nodes import to_lines
from taawun.metadata.prov import lineage, record
from taawun.metadata.rocrate import crate
from taawun.paths import ROOT


def documents(edition: Path, tables: Path, reports: Path) -> dict[Path, bytes]:
    """The files that describe an edition published in `tables` and `reports`, by place."""
    records = {step: record(edition / f"{step}.done") for step in steps(edition)}
    return {
        tables.parent / "datapackage.json": to_lines(package(tables.parent), 5),
        reports / "provenance.jsonld": to_lines(lineage(records, tables, reports), 2),
        reports / "claims.json": to_lines(claims(edition), 2),
        reports / "ro-crate-metadata.json": to_lines(crate(records), 2),
    }


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
