"""Sentences that turned: what stood and does not, what fell silent, which word is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from taawun.build import graph, sources
from taawun.changes.edition import Edition
from taawun.locales import SOURCE
from taawun.quantity import Quantity
from taawun.report.template import fields, stray_braces

FAILS, SILENT, WORD, STANDS = (
    "holds no longer",
    "falls silent: a number is not there",
    "says another word",
    "stands now",
)


@dataclass(frozen=True)
class Turned:
    """A sentence of a notebook in both editions, how it turned, and the conditions or the words
    that made it; `is_spoken` if the notebook is the brief.
    """

    notebook: str
    template: str
    how: str
    why: str
    is_spoken: bool


def turned(old: Edition, new: Edition) -> Iterator[Turned]:
    """The sentences that turned, those of the brief first."""
    was, now = (_undated(edition.quantities) for edition in (old, new))
    paths = sorted(graph.notebooks(), key=lambda path: (graph.language_of(path) is None, path.name))
    for path in paths:
        before = old.project / "notebooks" / path.name
        after = new.project / "notebooks" / path.name
        for template in _said(after):
            if template not in _said(before):
                continue
            one, other = _state(template, was), _state(template, now)
            if one != other:
                yield Turned(
                    path.stem,
                    template,
                    WORD if one[0] == other[0] == STANDS else other[0],
                    "; ".join(other[1]) if other[0] != STANDS else " → ".join(_words(one, other)),
                    graph.language_of(path) is not None,
                )


def _undated(quantities: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Quantities without their periods, which an edition before had no rule for."""
    return {name: replace(found, start="", date="") for name, found in quantities.items()}


def _said(notebook: Path) -> tuple[str, ...]:
    """What a notebook says; not the formats of axes."""
    said = sources.said(notebook) if notebook.is_file() else ()
    return tuple(text for text in said if not stray_braces(text) and fields(text))


def _state(template: str, quantities: Mapping[str, Quantity]) -> tuple[str, tuple[str, ...]]:
    """Whether a sentence stands, with the words that it chooses, or what it fails by."""
    said = fields(template)
    names = dict.fromkeys(name for field in said for name in field.names)
    if gone := [name for name in names if name not in quantities or not quantities[name].known]:
        return SILENT, tuple(gone)
    if failed := [field.name for field in said if not field.holds(quantities)]:
        return FAILS, tuple(failed)
    return STANDS, tuple(
        field.printed(field.quantity(quantities), SOURCE, str) for field in said if field.is_choice
    )


def _words(one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]) -> list[str]:
    """The words before and after, where both stand."""
    both = zip(one[1], other[1], strict=True) if one[0] == other[0] else ()
    pairs = [pair for pair in both if pair[0] != pair[1]]
    return [", ".join(words) for words in zip(*pairs, strict=True)]
