"""An edition is built in `build/<edition>/`, where each step leaves a record of what it was made
from and has made; only a complete one is published. Standard library only.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from taawun.build import words
from taawun.build.files import digest, write_atomically
from taawun.build.graph import steps
from taawun.paths import ROOT

EDITIONS = ROOT / "build"
PUBLISHED = EDITIONS / "published"
CHECKSUMS = "SHA256SUMS"


def open_edition(name: str, different: dict[str, object]) -> Path:
    """The folder in which an edition is built; a named one begins as a copy of the published."""
    edition = EDITIONS / name if name else PUBLISHED
    if not edition.exists() and PUBLISHED.exists():
        import shutil

        shutil.rmtree(EDITIONS / "new", ignore_errors=True)
        shutil.copytree(PUBLISHED, EDITIONS / "new").rename(edition)
    for folder in ("notebooks", "processed", "reports"):
        (edition / folder).mkdir(parents=True, exist_ok=True)
    write_atomically({edition / "edition.json": json.dumps(different).encode()})
    words.lay_out(edition, different)
    return edition


def record_of(step: str, edition: Path) -> Path:
    """The file that is there if a step is done."""
    return edition / f"{step}.done"


def read_record(step: str, edition: Path) -> dict[str, dict[str, str]]:
    """What a step was made from and has made, by name with hashes; empty if not done or damaged."""
    try:
        record = json.loads(record_of(step, edition).read_text(encoding="utf-8"))
        return {part: dict(record[part]) for part in ("inputs", "outputs")}
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return {}


def publish(edition: Path, tables: Path, reports: Path) -> list[Path]:
    """Copy what differs, and remove what only the last build made; the files that changed. All are
    written before the first takes its place, and what people put there stays.
    """
    folders = {"processed": tables, "reports": reports}
    files, checksums = {}, {}
    for step in steps(edition):
        for name, checksum in read_record(step, edition)["outputs"].items():
            kind, _, rest = name.partition("/")
            if kind in folders:
                path = folders[kind] / rest
                files[path], checksums[path] = (edition / name).read_bytes(), checksum
    gone = [
        path
        for path, checksum in read_checksums(reports).items()
        if path not in files
        and any(path.is_relative_to(folder) for folder in folders.values())
        and digest(path) == checksum
    ]
    lines = [
        f"{checksum}  {Path(os.path.relpath(path, reports)).as_posix()}\n"
        for path, checksum in sorted(checksums.items())
    ]
    files[reports / CHECKSUMS] = "".join(lines).encode()
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{path.name}.part").unlink(missing_ok=True)  # a killed build left it
    changed = write_atomically(files)
    for path in gone:
        path.unlink()
    return changed + gone


def read_checksums(reports: Path) -> dict[Path, str]:
    """The files that the last build published, with their hashes; none if nobody says."""
    path = reports / CHECKSUMS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    named = (line.partition("  ") for line in lines)
    return {Path(os.path.normpath(reports / name)): checksum for checksum, _, name in named}


def verify_checksums(reports: Path) -> list[str]:
    """A sentence for each page and table that is no longer what the build made."""
    if not (reports / CHECKSUMS).is_file():
        return [f"{CHECKSUMS} is missing"]
    checksums = read_checksums(reports)
    changed = [path for path, checksum in checksums.items() if digest(path) != checksum]
    names = [Path(os.path.relpath(path, reports)).as_posix() for path in changed]
    return [f"{name} is not what the build made ({CHECKSUMS})" for name in names]
