"""Printed words to numbers and numbers to printed words, in three languages.

`from taawun.numbers import parse_figure` works; the parser is imported only when it is asked for,
so that whoever writes numbers does not depend on how they are read.
"""

from importlib import import_module
from typing import Any

_HOME = {"parse_figure": "parser", "UnreadableFigure": "parser"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
