"""What may be chosen in `make report NAME=value`: the cells tagged `parameters` of the notebooks
are the only list of it.

The comment behind a parameter is its help, and its last words are the rule: `one of: a, b`, `from
2026 to 2060`, `an ISO date`.
"""

from __future__ import annotations

import ast
import json
import re
from collections import namedtuple
from datetime import date
from difflib import get_close_matches
from pathlib import Path

PER_LANGUAGE = "language"  # a notebook with this parameter runs once for each of the LANGUAGES
SAFE = re.compile(r"[\w.+-]{1,40}")  # a value becomes part of a folder's name
YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class BadChoice(ValueError):
    """A parameter that does not exist or a value that is not accepted; the message lists what would
    be.
    """


class Parameter(namedtuple("Parameter", "name default help notebooks")):
    """One choice: its name in the notebook, default, help, and the stems of the notebooks that
    declare it.
    """

    @property
    def rule(self) -> str:
        """What is accepted, in words."""
        found = re.search(r"(one of: .*|from \S+ to \S+|an ISO date.*)$", self.help)
        return (
            found[1]
            if found
            else {bool: "True or False", int: "a whole number", float: "a number"}.get(
                type(self.default), "a word of letters, digits, . + -"
            )
        )

    @property
    def options(self) -> list[str]:
        """The accepted words, if the rule lists them."""
        return (
            self.rule.removeprefix("one of: ").split(", ")
            if self.rule.startswith("one of: ")
            else []
        )

    def read(self, text: str) -> object:
        """The value that a text stands for. Raises BadChoice if the rule does not accept it."""
        try:
            value = self._value(text.strip())
        except (ValueError, KeyError):
            raise BadChoice(
                f"{self.name.upper()}={text} is not accepted; accepted: {self.rule}"
            ) from None
        return value

    def _value(self, text: str) -> object:
        value = YES_NO[text.lower()] if isinstance(self.default, bool) else type(self.default)(text)
        if "an ISO date" in self.rule and date.fromisoformat(text).isoformat() != text:
            raise ValueError
        bounds = re.search(r"from (\S+) to (\S+)", self.rule)
        if bounds and not type(value)(bounds[1]) <= value <= type(value)(bounds[2]):
            raise ValueError
        if (self.options and text not in self.options) or not SAFE.fullmatch(text):
            raise ValueError
        return value

    def __str__(self) -> str:
        default = f"{self.name.upper()}={shown(self.default)}"
        return f"  {default:<22} {self.help}" + (
            "" if self.help.endswith(self.rule) else f"; {self.rule}"
        )


class Languages(Parameter):
    """The languages that the brief is printed in: some of those that its notebook knows."""

    def _value(self, text: str) -> tuple[str, ...]:
        chosen = set(re.split(r"[\s,+]+", text))
        if not chosen <= set(self.options):
            raise ValueError
        return tuple(language for language in self.options if language in chosen)


def declared(notebook: Path) -> list[Parameter]:
    """The parameters of one notebook, in order.

    Raises BadChoice if the cell cannot be understood.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join(
        "".join(cell["source"])
        for cell in cells
        if "parameters" in cell["metadata"].get("tags", [])
    )
    try:
        lines = ast.parse(code).body
        values = [(line.target.id, ast.literal_eval(line.value)) for line in lines]
    except (SyntaxError, ValueError, AttributeError):
        raise BadChoice(
            f"notebooks/{notebook.name}: the cell tagged parameters has lines such as: horizon: "
            f"int = 2030  # last year; from 2026 to 2060"
        ) from None
    comments = [
        code.splitlines()[line.end_lineno - 1].encode()[line.end_col_offset :].decode().strip(" #")
        for line in lines
    ]
    return [
        Parameter(name, value, comment, (notebook.stem,))
        for (name, value), comment in zip(values, comments)
    ]


def known(notebooks: list[Path]) -> dict[str, Parameter]:
    """All choices by name; the brief's `language` becomes the list `languages`."""
    found: dict[str, Parameter] = {}
    for parameter in (parameter for notebook in notebooks for parameter in declared(notebook)):
        earlier = found.get(parameter.name)
        if earlier and earlier.default != parameter.default:
            raise BadChoice(
                f"{parameter.name} has two defaults: {earlier.default} in "
                f"{earlier.notebooks[0]} and {parameter.default} in {parameter.notebooks[0]}"
            )
        together = (earlier.notebooks if earlier else ()) + parameter.notebooks
        found[parameter.name] = Parameter(
            parameter.name, parameter.default, parameter.help, together
        )
    if language := found.pop(PER_LANGUAGE, None):
        every = tuple(language.options) or (language.default,)
        found["languages"] = Languages(
            "languages",
            every,
            f"languages of the brief; one of: {', '.join(every)}",
            language.notebooks,
        )
    return found


def choose(known: dict[str, Parameter], chosen: dict[str, str]) -> dict[str, object]:
    """What differs from the published edition, by name, from the texts that were given.

    Raises BadChoice with all that is wrong and what there is.
    """
    problems, values = [], {}
    for name, text in chosen.items():
        if name.lower() not in known:
            near = get_close_matches(name.lower(), known, 1)
            problems.append(
                f"There is no parameter {name}"
                + (f" (did you mean {near[0].upper()}?)" if near else "")
                + "."
            )
            continue
        try:
            values[name.lower()] = known[name.lower()].read(text)
        except BadChoice as bad:
            problems.append(f"{bad}.")
    if problems:
        raise BadChoice(
            "\n".join(
                [*problems, "The parameters are, with their defaults:", *map(str, known.values())]
            )
        )
    return {
        name: values[name]
        for name, parameter in known.items()
        if name in values and values[name] != parameter.default
    }


def shown(value: object) -> str:
    """A value as it is typed and as it stands in a folder's name."""
    return "+".join(value) if isinstance(value, tuple) else str(value)


def name(different: dict[str, object]) -> str:
    """What an experiment's folder is called: what differs from the published edition."""
    return ",".join(f"{name}={shown(value)}" for name, value in different.items())
