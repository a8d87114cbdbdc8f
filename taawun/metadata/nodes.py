"""What the documents are written with: things without empty values, typed dates, lines of JSON."""

from __future__ import annotations

import json
import re
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
    text = json.dumps(document, ensure_ascii=False, indent=1)
    deeper = rf"\n(?: {{{depth + 1},}}| {{{depth}}}(?=[\]}}]))"
    return (re.sub(deeper, " ", text) + "\n").encode()
