"""Which experiments a sweep makes, from what was typed: a list, a span, all that there are, or
other words of a printed figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from math import prod

from taawun.build import BuildError, words
from taawun.build.parameters import PER_LANGUAGE, Parameter

MOST = 10_000


def values(parameter: Parameter, text: str) -> list[object]:
    """The values that a text stands for: `2026..2035`, `slow,fast`, `all`, or one. Raises
    BuildError if the rule of the parameter does not accept one of them.
    """
    if text == "all":
        if isinstance(parameter.default, bool):
            return [False, True]
        if parameter.options:
            return [parameter.parse(word) for word in parameter.options]
    found = []
    for part in text.split(","):
        span = re.fullmatch(r"\s*(-?\d+)\.\.(-?\d+)\s*", part)
        each = range(int(span[1]), int(span[2]) + 1) if span else [part]
        found += [parameter.parse(str(one)) for one in each]
    if not found:
        raise BuildError(
            f"{parameter.name.upper()}={text} is not accepted; accepted: a span from the lower to "
            f"the higher such as 1..9, all, or a list, with commas between, of {parameter.rule}."
        )
    return list(dict.fromkeys(found))


def wordings(name: str, text: str) -> list[object]:
    """The words of a figure that a text stands for, with semicolons between, as words have commas.
    Raises BuildError for those that cannot be read.
    """
    found = dict.fromkeys(part.strip() for part in text.split(";"))
    for one in found:
        words.choose({}, {name: one})
    return list(found)


def combinations(
    available: dict[str, Parameter], typed: dict[str, str], sure: bool = False
) -> list[dict[str, object]]:
    """Every combination of the values of what was typed, one a run, by name: parameters, then
    figures. Raises BuildError for a name that there is not, and for more than MOST runs unless one
    is `sure`.
    """
    can_vary = {name: p for name, p in available.items() if name != f"{PER_LANGUAGE}s"}
    figures = {name.lower(): name for name in words.figure_ids()}
    unknown = [name for name in typed if name.lower() not in can_vary | figures]
    if unknown or not typed:
        said = f"There is no parameter {', '.join(unknown)} to vary." if unknown else "Vary what?"
        told = ["The parameters are, with their defaults:", *map(str, can_vary.values())]
        raise BuildError("\n".join([said, *told, *words.nearest(unknown, figures)]))
    varied = {
        name: values(parameter, typed[given])
        for name, parameter in can_vary.items()
        for given in typed
        if given.lower() == name
    }
    others = [name for name in typed if name.lower() not in can_vary]
    printed = {(name := figures[given.lower()]): wordings(name, typed[given]) for given in others}
    words.choose({}, {name: str(found[0]) for name, found in printed.items()})
    varied |= printed
    runs = prod(map(len, varied.values()))
    if runs > MOST and not sure:
        raise BuildError(f"These are {runs:,} runs, more than {MOST:,}; add YES=1 if you mean it.")
    return list(_products(varied))


def _products(varied: dict[str, list[object]]) -> Iterator[dict[str, object]]:
    """One run after the other, the last parameter changing the fastest."""
    for chosen in product(*varied.values()):
        yield dict(zip(varied, chosen, strict=True))
