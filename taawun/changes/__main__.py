"""`python -m taawun.changes OLD [NEW]`: which numbers moved between two editions, and why.

Writes a page in each language, lines for the changelog and the same as data into `build/changes`,
and prints the lines; nothing for editions that state the same. `--experiment NAMES` compares the
experiment of these parameters, which are in the environment, with the published edition, and writes
into its own folder.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from taawun.build import BuildError, edition, graph, parameters, words
from taawun.build.files import in_project, write_atomically
from taawun.changes.causes import Difference
from taawun.changes.edition import aligned, open_edition
from taawun.changes.moves import moves
from taawun.changes.page import Changes, Teller, data, languages
from taawun.changes.sentences import turned
from taawun.paths import ROOT

#: So many lines are printed of an experiment; the page has all.
SHOWN = 20


def compare(old: str, new: str = str(ROOT)) -> Changes:
    """What differs between two editions. Raises BadTable if one cannot be read."""
    edition.open_edition("", {})
    with TemporaryDirectory() as scratch:
        places = [Path(scratch, name) for name in ("old", "new")]
        for place in places:
            place.mkdir()
        now = open_edition(new, places[1])
        was = aligned(open_edition(old, places[0]), now)
        shown = now.shown | was.shown
        moved = sorted(
            moves(Difference(was, now)),
            key=lambda move: (not shown.get(move.name), move.name not in shown),
        )
        return Changes(was, now, list(turned(was, now)), moved)


def tell(changes: Changes, folder: Path) -> list[str]:
    """Write all that is told of changes into a folder; the lines for the changelog."""
    lines = list(Teller(changes).lines())
    pages = {folder / f"changes.{own}.html": Teller(changes, own).page() for own in languages()}
    pages[folder / "changes.md"] = "\n".join([*lines, ""])
    pages[folder / "changes.json"] = json.dumps(data(changes), ensure_ascii=False, indent=1) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically({path: text.encode() for path, text in pages.items()})
    return lines


def experiment(names: str) -> str:
    """The folder's name of the experiment whose parameters are in the environment; empty if all are
    as published.
    """
    typed = {name: os.environ.get(name, "") for name in names.split()}
    return words.folder_name(words.choose(parameters.available(graph.notebooks()), typed))


def main(*arguments: str) -> int:
    """0, or 1 after a sentence that says what cannot be compared."""
    try:
        editions, folder, most = arguments, ROOT / "build" / "changes", None
        if arguments[:1] == ("--experiment",):
            if not (title := experiment(arguments[1])):
                return 0
            editions, most = (str(ROOT), str(ROOT / "reports" / title)), SHOWN
            folder = ROOT / "build" / title / "changes"
        if not 0 < len(editions) < 3 or not editions[0]:
            raise BuildError("Say which: make changes OLD=<folder, archive, revision or tag>.")
        changes = compare(*editions)
    except (BuildError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if not changes.turned and not changes.moves:
        if most:
            print("No sentence turned, and no number moved.")
        return 0
    lines = tell(changes, folder)
    print(*lines[:most], sep="\n")
    rest = len(changes.moves) - len(changes.stated)
    print(
        f"Sentences that turned: {len(changes.turned)}; numbers that moved: {len(changes.stated)} "
        f"of the brief, and {rest} that it does not state: {in_project(folder)}/changes.en.html"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
