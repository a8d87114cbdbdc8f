"""What may be chosen in `make report NAME=value`: the cells tagged `parameters` of the notebooks
are the only list of it.

The comment behind a parameter is its help, and its last words are the rule: `one of: a, b`, `from
2026 to 2060`, `an ISO date`.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from taawun.build import BuildError, sources

PER_LANGUAGE = "language"  # a notebook with this parameter runs once for each of the LANGUAGES
SAFE = re.compile(r"[\w.+-]{1,40}")  # a value becomes part of a folder's name
YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
RULES = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a word of letters, digits, . + -",
}


class Parameter:
    """One choice: its name in the notebooks, default, help, and the first that declares it."""

    def __init__(self, name: str, default: object, help: str, notebook: str) -> None:
        self.name, self.default, self.help, self.notebook = name, default, help, notebook

    @property
    def rule(self) -> str:
        """What is accepted, in words."""
        told = re.search(r"(one of: .*|from \S+ to \S+|an ISO date.*)$", self.help)
        return told[1] if told else RULES[type(self.default)]

    @property
    def options(self) -> list[str]:
        """The accepted words, if the rule lists them."""
        _, listed, words = self.rule.partition("one of: ")
        return words.split(", ") if listed else []

    def parse(self, text: str) -> object:
        """The value that a text stands for. Raises BuildError if the rule does not accept it."""
        try:
            return self._value(text.strip())
        except (ValueError, KeyError):
            raise BuildError(
                f"{self.name.upper()}={text} is not accepted; accepted: {self.rule}."
            ) from None

    def _value(self, text: str) -> object:
        if (self.options and text not in self.options) or not SAFE.fullmatch(text):
            raise ValueError
        if "an ISO date" in self.rule:
            from datetime import date  # here, as few builds are given one

            if date.fromisoformat(text).isoformat() != text:
                raise ValueError
        if isinstance(self.default, bool):
            return YES_NO[text.lower()]
        kind: type = type(self.default)
        value = kind(text)
        bounds = re.search(r"from (\S+) to (\S+)", self.rule)
        if bounds and not kind(bounds[1]) <= value <= kind(bounds[2]):
            raise ValueError
        return value

    def __str__(self) -> str:
        default = f"{self.name.upper()}={as_typed(self.default)}"
        rule = "" if self.help.endswith(self.rule) else f"; {self.rule}"
        return f"  {default:<22} {self.help}{rule}"


class Languages(Parameter):
    """The languages that a report is printed in: some of those that its notebook knows."""

    def _value(self, text: str) -> tuple[str, ...]:
        chosen = set(re.split(r"[\s,+]+", text))
        if not chosen <= set(self.options):
            raise ValueError
        return tuple(language for language in self.options if language in chosen)


@cache
def declared(notebook: Path) -> list[Parameter]:
    """The parameters of one notebook, in order. Raises BuildError if their cell is not one."""
    code = sources.tagged(notebook, "parameters")
    try:
        return [parameter(line, code, notebook.stem) for line in ast.parse(code).body]
    except (SyntaxError, ValueError):
        raise BuildError(
            f"notebooks/{notebook.name}: the cell tagged parameters has lines such as: horizon: "
            f"int = 2030  # last year; from 2026 to 2060"
        ) from None


def parameter(line: ast.stmt, code: str, notebook: str) -> Parameter:
    """The parameter that a line such as `horizon: int = 2030  # last year` declares."""
    if not (isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value):
        raise ValueError
    default = ast.literal_eval(line.value)
    if type(default) not in RULES:
        raise ValueError
    last = code.splitlines()[(line.end_lineno or line.lineno) - 1]
    behind = last.encode()[line.end_col_offset :].decode()
    return Parameter(line.target.id, default, behind.strip(" #"), notebook)


def available(notebooks: list[Path]) -> dict[str, Parameter]:
    """All choices by name; a notebook's `language` becomes the list `languages`."""
    found: dict[str, Parameter] = {}
    for parameter in [parameter for notebook in notebooks for parameter in declared(notebook)]:
        earlier = found.setdefault(parameter.name, parameter)
        if earlier.default != parameter.default:
            raise BuildError(
                f"{parameter.name} has two defaults: {earlier.default} in {earlier.notebook} "
                f"and {parameter.default} in {parameter.notebook}"
            )
    if language := found.pop(PER_LANGUAGE, None):
        every = tuple(language.options or [str(language.default)])
        told = f"languages of the report; one of: {', '.join(every)}"
        found["languages"] = Languages("languages", every, told, language.notebook)
    return found


def choose(available: dict[str, Parameter], typed: dict[str, str]) -> dict[str, object]:
    """What differs from the published edition, by name, from the texts that were given. Raises
    BuildError with all that is wrong and what there is.
    """
    problems, values = [], {}
    for name, text in typed.items():
        if parameter := available.get(name.lower()):
            try:
                values[parameter.name] = parameter.parse(text)
            except BuildError as error:
                problems.append(str(error))
        else:
            problems.append(f"There is no parameter {name}{_nearest(name, available)}.")
    if problems:
        there = ["The parameters are, with their defaults:", *map(str, available.values())]
        raise BuildError("\n".join([*problems, *there]))
    return {
        name: values[name]
        for name, parameter in available.items()
        if name in values and values[name] != parameter.default
    }


def _nearest(name: str, available: dict[str, Parameter]) -> str:
    """What was perhaps meant by a name that is none."""
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), available, 1)
    return f" (did you mean {near[0].upper()}?)" if near else ""


def as_typed(value: object) -> str:
    """A value as it is typed and as it stands in a folder's name."""
    return "+".join(value) if isinstance(value, tuple) else str(value)


def folder_name(different: dict[str, object]) -> str:
    """What an experiment's folder is called: what differs from the published edition."""
    return ",".join(f"{name}={as_typed(value)}" for name, value in different.items())
