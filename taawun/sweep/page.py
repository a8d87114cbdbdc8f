"""A page on which the numbers of a sweep can be seen moving."""

from __future__ import annotations

from pathlib import Path

import jinja2

from taawun.sweep.table import Rows, spans


def page(found: Rows, names: list[str], labels: dict[str, str]) -> str:
    """The page: of each number its span over all runs, and with each value of each parameter."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    source = Path(__file__).with_name("sweep.html").read_text(encoding="utf-8")
    runs = len({row["run"] for row in found})
    units = {row["id"]: row["unit"] for row in found}
    numbers = [(name, labels.get(name, name), units[name], _bars(found, name)) for name in names]
    return environment.from_string(source).render(runs=runs, numbers=numbers)


def _bars(found: Rows, name: str) -> list[tuple[str, str, str, float, float]]:
    """What is varied, how it is set, the span in digits, and begin and length of its bar in per
    cent of the whole.
    """
    (_, _, least, greatest), *parts = spans(found, name)
    width = (greatest - least) or 1
    return [
        (
            parameter or "all runs",
            value,
            _short(low) if low == high else f"{_short(low)} to {_short(high)}",
            100 * (low - least) / width,
            max(1.0, 100 * (high - low) / width),
        )
        for parameter, value, low, high in [("", "", least, greatest), *parts]
    ]


def _short(number: float) -> str:
    """A number for people: whole from a thousand on, else with four digits."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"
