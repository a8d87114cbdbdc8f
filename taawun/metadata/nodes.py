"""What the documents are written with: things without empty values, typed dates, lines of JSON."""

from __future__ import annotations

import json
from typing import Any

#: One thing that a document describes: a name and its value.
Node = dict[str, Any]


def given(**values: object) -> Node:
    """What there is of the values."""
    return {name: value for name, value in values.items() if value}


def dated(text: str) -> Node:
    """A day, month or year with its type; nothing for none."""
    kinds = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
    return {"@type": kinds[len(text)], "@value": text} if text else {}


def to_lines(document: Node, depth: int) -> bytes:
    """JSON with a line for each thing down to a depth, so that a change can be read as a diff."""
    return (_written(document, depth) + "\n").encode()


def _written(part: Any, depth: int) -> str:
    """A part of a document; what lies deeper stands on one line, without blanks."""
    if not depth or not part or not isinstance(part, dict | list):
        return json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    if isinstance(part, list):
        begin, end, lines = "[", "]", [_written(item, depth - 1) for item in part]
    else:
        begin, end = "{", "}"
        lines = [
            f"{json.dumps(name, ensure_ascii=False)}:{_written(item, depth - 1)}"
            for name, item in part.items()
        ]
    return "\n".join([begin, ",\n".join(lines), end])
