"""Files written whole or not at all, and their content as a hash. Standard library only."""

from __future__ import annotations

import csv
import hashlib
import os
from functools import cache
from pathlib import Path
from stat import S_ISREG

from taawun.paths import ROOT

MISSING = "missing"


def write_atomically(files: dict[Path, bytes]) -> list[Path]:
    """Write files, those that it changes and each whole or not at all, and none if there is no room
    for all; the paths of those that changed.
    """
    parts = {
        path: path.with_name(path.name + ".part")
        for path, content in files.items()
        if not path.is_file() or path.read_bytes() != content
    }
    try:
        for path, part in parts.items():
            part.write_bytes(files[path])
    except OSError:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise
    for path, part in parts.items():
        os.replace(part, path)
    return list(parts)


def digest(path: Path) -> str:
    """The hash of a file's content; MISSING if there is none."""
    try:
        now = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    if not S_ISREG(now.st_mode):
        return MISSING
    return _hash(path, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)


@cache
def _hash(path: Path, *state: int) -> str:
    """The hash of a file in a state that this process has seen."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table by column, as they stand there; none if there is no such table."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def in_project(path: Path) -> str:
    """A file as people find it: in the project, or wherever it is."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
