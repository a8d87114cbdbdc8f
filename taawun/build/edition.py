"""An edition is built in `build/<edition>/`, where each step leaves a record of what it was made
from and has made; only a complete one is published. Standard library only.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from taawun.build.files import digest, write_atomically
from taawun.build.graph import steps
from taawun.paths import ROOT

EDITIONS = ROOT / "build"
PUBLISHED = EDITIONS / "published"
CHECKSUMS = "SHA256SUMS"
OURS = {"processed": r"\d\d-.*\.csv", "reports": r"\d\d-.*\.(html|pdf|svg)"}  # not what people add


def open_edition(name: str, different: dict[str, object]) -> Path:
    """The folder in which an edition is built; an experiment, which has a name, begins as a copy of
    the published edition.
    """
    edition = EDITIONS / name if name else PUBLISHED
    if not edition.exists() and PUBLISHED.exists():
        import shutil

        shutil.rmtree(EDITIONS / "new", ignore_errors=True)
        shutil.copytree(PUBLISHED, EDITIONS / "new").rename(edition)
    for folder in ("notebooks", "processed", "reports"):
        (edition / folder).mkdir(parents=True, exist_ok=True)
    write_atomically({edition / "edition.json": json.dumps(different).encode()})
    return edition


def record_of(step: str, edition: Path) -> Path:
    """The file that is there if a step is done."""
    return edition / f"{step}.done"


def read_record(step: str, edition: Path) -> dict[str, dict[str, str]]:
    """What a step was made from (`inputs`) and has made (`outputs`), by name with hashes."""
    path = record_of(step, edition)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def publish(edition: Path, tables: Path, reports: Path) -> list[Path]:
    """Copy what differs, and remove the tables and pages of steps that no longer are; the files
    that changed. All are written before the first takes its place.
    """
    folders = {"processed": tables, "reports": reports}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
        for part in folder.glob("*.part"):  # a killed build left it
            part.unlink()
    files, lines = {}, []
    for step in steps(edition):
        for name, checksum in read_record(step, edition)["outputs"].items():
            kind, _, rest = name.partition("/")
            if kind in folders:
                path = folders[kind] / rest
                files[path] = (edition / name).read_bytes()
                lines.append((Path(os.path.relpath(path, reports)).as_posix(), checksum))
    listed = "".join(f"{checksum}  {name}\n" for name, checksum in sorted(lines))
    files[reports / CHECKSUMS] = listed.encode()
    gone = [
        path
        for kind, folder in folders.items()
        for path in sorted(folder.iterdir())
        if re.fullmatch(OURS[kind], path.name) and path not in files
    ]
    changed = write_atomically(files)
    for path in gone:
        path.unlink()
    return changed + gone


def verify_checksums(reports: Path) -> list[str]:
    """A sentence for each page and table that is no longer what the build made."""
    if not (reports / CHECKSUMS).is_file():
        return [f"{CHECKSUMS} is missing"]
    lines = (reports / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    return [
        f"{name} is not what the build made ({CHECKSUMS})"
        for checksum, _, name in (line.partition("  ") for line in lines)
        if digest(reports / name) != checksum
    ]
