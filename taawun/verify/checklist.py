"""What auditors ask for: which list asks for what is `data/hand/checklist.csv`; how a program
answers is a function of `checks`.
"""

from __future__ import annotations

from inspect import getmembers, isfunction

import pandas as pd

from taawun.paths import HAND
from taawun.tables import BadTable, read_table
from taawun.verify import repository as checks

PERSON = "person"


def answers() -> pd.DataFrame:
    """One row an item of a checklist: list, level, item, check, answer (yes, no, or person where a
    program cannot tell), and the fact. BadTable if a check does not exist.
    """
    listed = read_table(HAND / "checklist.csv")
    functions = {
        name: function
        for name, function in getmembers(checks, isfunction)
        if function.__module__ == checks.__name__ and not name.startswith("_")
    }
    accepted = ", ".join([PERSON, *functions])
    unknown = [
        f"data/hand/checklist.csv, row {i} ({row.item}), column check: there is no check "
        f"«{row.check}»; accepted: {accepted}"
        for i, row in enumerate(listed.itertuples(), start=2)
        if row.check not in {PERSON, *functions}
    ]
    if unknown:
        raise BadTable(unknown)
    found = {name: functions[name]() for name in listed["check"].unique() if name != PERSON}
    said = [
        ("yes" if found[name][0] else "no") if name in found else PERSON for name in listed["check"]
    ]
    return listed.assign(
        answer=said,
        fact=[
            found[name][1] if name in found else "a person has to judge" for name in listed["check"]
        ],
    )
