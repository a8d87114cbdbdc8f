"""What holds in a notebook that a person runs: the rules of its parameters, as make has them.

A line such as `horizon: int = 2030  # last year; from 2026 to 2060` is a rule wherever it is run.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from taawun.build import BuildError, parameters
from taawun.messages import Refused

#: A line that asks for what a name holds, as IPython lets one ask for a variable.
ASKED = re.compile(r"""^(?=\?|.*\?\s*$)\?{0,2}(\w+\[(["'])[^"']+\2\])\?{0,2}\s*$""")


def begin(shell: Any) -> None:
    """Check what was run so far, and each cell that is run from now on, in which `ledger["..."]?`
    shows the number. Raises Refused with all values that are not accepted.
    """
    shell.input_transformers_cleanup.append(_show)
    if problems := list(faults(shell.user_ns)):
        raise Refused("\n".join(problems))
    shell.events.register("post_run_cell", lambda result: _tell(shell.user_ns))


def faults(namespace: dict[str, Any]) -> Iterator[str]:
    """A sentence for each parameter that the cells declare and whose value its rule refuses."""
    rules: dict[str, parameters.Parameter] = {}
    for code in namespace.get("In", []):
        with suppress(SyntaxError, ValueError):
            found = [parameters.parameter(line, code, "") for line in ast.parse(code).body]
            rules |= {one.name: one for one in found}
    for name, rule in rules.items():
        value = namespace.get(name, rule.default)
        try:
            if type(value) is not type(rule.default):
                raise BuildError(f"it is {type(value).__name__}, not {type(rule.default).__name__}")
            rule.parse(parameters.as_typed(value))
        except BuildError:
            yield f"{name} = {value!r} is not accepted; accepted: {rule.rule}"


def _show(lines: list[str]) -> list[str]:
    """Lines of a cell, those that ask for what a name holds as calls that show it."""
    return [ASKED.sub(r"display(\1)\n", line) for line in lines]


def _tell(namespace: dict[str, Any]) -> None:
    """Print what is not accepted."""
    for fault in faults(namespace):
        print(fault, file=sys.stderr)
