"""A page on which the numbers of a sweep can be seen moving."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from math import inf, isfinite
from operator import itemgetter
from pathlib import Path

import jinja2

from taawun.quantity import in_short
from taawun.sweep.table import Moves, Span


def page(moves: Moves, names: list[str]) -> str:
    """The page: of each number its span over all runs, and with each value of each parameter."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    source = Path(__file__).with_name("sweep.html").read_text(encoding="utf-8")
    numbers = [
        (name, moves.labels[name], moves.units[name], [*_bars(moves.spans(name))]) for name in names
    ]
    return environment.from_string(source).render(runs=len(moves.runs), numbers=numbers)


def _bars(spans: list[Span]) -> Iterator[tuple[str, str, str, float, float]]:
    """What is varied, how it is set, the span in digits, and begin and length of its bar in per
    cent of the whole; one line without a bar for what makes no difference.
    """
    known = [end for *_, low, high in spans for end in (low, high) if isfinite(end)]
    least, greatest = min(known, default=0), max(known, default=0)
    width = (greatest - least) or 1
    for parameter, group in groupby(spans, key=itemgetter(0)):
        lines = [*group]
        if len(lines) > 1 and len({(low, high) for *_, low, high in lines}) == 1:
            yield parameter, "makes no difference", "", 0, 0
            continue
        for _, value, low, high in lines:
            begin, end = (min(max(one, least), greatest) for one in (low, high))
            length = max(1.0, 100 * (end - begin) / width)
            yield (
                parameter or "all runs",
                value,
                _written(low, high),
                100 * (begin - least) / width,
                length,
            )


def _written(low: float, high: float) -> str:
    """Bounds for people; the end that is not known is left open."""
    if in_short(low) == in_short(high):
        return in_short(low)
    if high == inf:
        return f"at least {in_short(low)}"
    return f"at most {in_short(high)}" if low == -inf else f"{in_short(low)} to {in_short(high)}"
