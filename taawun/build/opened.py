"""Which files a notebook reads: an extension of IPython that the build loads into every kernel."""

from __future__ import annotations

import os
import sys

LOG = ".opened"  # in the folder of the step's tables


def load_ipython_extension(shell: object) -> None:
    """Note the files that this process opens to read them, but for its own and for Python's."""
    log = os.open(os.path.join(os.environ["TAAWUN_PROCESSED"], LOG), os.O_WRONLY | os.O_CREAT)
    pythons = tuple(os.path.realpath(path) + os.sep for path in (sys.prefix, sys.base_prefix))
    known = set()

    def note(event: str, arguments: tuple) -> None:
        if event != "open" or isinstance(arguments[0], int):
            return
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if path in known or path.startswith(pythons):
            return
        known.add(path)
        if not arguments[2] & (os.O_WRONLY | os.O_RDWR) and os.path.isfile(path):
            os.write(log, os.fsencode(path) + b"\0")

    sys.addaudithook(note)


def read_log(folder: str) -> list[str]:
    """The files that were noted, in order."""
    with open(os.path.join(folder, LOG), "rb") as file:
        return [os.fsdecode(name) for name in file.read().split(b"\0") if name]
