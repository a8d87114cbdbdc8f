"""Step 03: what entered the register, what can have left it, and who is in it.

Each function takes a table by hand; its cells are figures, or arithmetic over figures. The first
column tells its rows apart, and names of results end in it. ValueError, with table and row, for a
result that its cells do not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from taawun.formula import evaluate
from taawun.quantity import Quantity, counted_as
from taawun.tables import by_hand
from taawun.units import RATIO

#: What is reckoned of new cooperatives: its name, which column over which, and its label. A job is
#: counted as a member there, to ask how many of the founders have one.
NEW = [
    ("founders", "members", "created", "founders per new cooperative"),
    ("jobs_per_new_coop", "jobs", "created", "jobs per new cooperative"),
    ("jobs_per_founder", "jobs", "members", "jobs as a share of founders"),
    ("womens_births_share", "womens", "created", "women's cooperatives among those created"),
]
#: Which table by hand has a key.
TABLES = {"period": "newcomers", "peer": "peers"}
SECTORS = ["agriculture", "handicraft", "housing", "other"]


def findings(table: pd.DataFrame, topic: str, known: Mapping[str, Quantity]) -> list[Quantity]:
    """The result that the formula of each row of a topic states, under its name and label."""
    made: list[Quantity] = []
    row: Any
    for row in table[table["topic"] == topic].itertuples():
        with by_hand("findings", row.name):
            made.append(evaluate(row.formula, known).named(row.name, row.label))
    return made


def flows(
    table: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a period: the names of the cooperatives created in it (`births`), of the `rise` of
    the register and of births less rise (`removed`): exits net of late entries, below zero if the
    latter are more. And these quantities for the ledger.
    """
    made: list[Quantity] = []
    row: Any
    for row in table.itertuples():
        with by_hand("flows", row.period):
            births = evaluate(row.births, known)
            births = births.named(f"births_{row.period}", f"cooperatives created in {row.label}")
            rise = evaluate(row.rise, known)
            rise = rise.named(f"rise_{row.period}", f"net change of the register in {row.label}")
            removed = births.undated - rise
            label = f"exits net of late entries in {row.label}"
            made += [births, rise, removed.named(f"removed_{row.period}", label)]
    names = [quantity.id for quantity in made]
    return table.assign(births=names[::3], rise=names[1::3], removed=names[2::3]), made


def quotients(
    table: pd.DataFrame,
    over: str,
    under: str,
    name: str,
    label: str,
    known: Mapping[str, Quantity],
    share: bool = False,
) -> tuple[list[str], list[Quantity]]:
    """For each row its figure in the column `over` divided by that in `under`, in per cent where
    both count the same thing or, for a `share`, one is counted as the other: the names
    `<name>_<key>`, empty where either cell is; and these quantities for the ledger.
    """
    names: list[str] = []
    made: list[Quantity] = []
    row: Any
    for row in table.itertuples(index=False):
        figures = [getattr(row, over), getattr(row, under)]
        names.append(f"{name}_{row[0]}" if all(figures) else "")
        if not all(figures):
            continue
        with by_hand(TABLES[table.columns[0]], row[0]):
            part, whole = known[figures[0]], known[figures[1]]
            quotient = (counted_as(part, whole.unit) if share else part) / whole
            quotient = quotient.percent if quotient.unit == RATIO else quotient
            day = getattr(row, "until", "")
            made.append(quotient.named(names[-1], f"{label}, {row.label}", day))
    return names, made


def newcomers(
    table: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a period with the names of its `quotients`, those of NEW, a column each; and these
    quantities for the ledger.
    """
    made: list[Quantity] = []
    shown = table.copy()
    for name, over, under, label in NEW:
        jobs_of_founders = name == "jobs_per_founder"
        shown[name], results = quotients(table, over, under, name, label, known, jobs_of_founders)
        made += results
    return shown, made


def vintages(
    table: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a span between two days: the names of its part in the cooperatives and in the members
    of the last day, per cent. It is the net change of each in the span over its stock at the end;
    in the first row the stock of that day. And these quantities for the ledger.
    """
    made: list[Quantity] = []
    shown = table.copy()
    for column, whole in (("coops", "cooperatives"), ("members", "members")):
        with by_hand("vintages", f"column {column}"):
            stocks = [known[figure] for figure in table[column]]
            changes = [stocks[0], *(later.since(earlier) for earlier, later in pairwise(stocks))]
            shares = [
                (change.undated / stocks[-1]).percent.named(
                    f"vintage_{row.vintage}_{column}_share",
                    f"{whole} that the register had or gained {row.label}, among the latest",
                )
                for change, row in zip(changes, table.itertuples(), strict=True)
            ]
        made += shares
        shown[column] = [share.id for share in shares]
    return shown, made


def sectors(
    table: pd.DataFrame, known: Mapping[str, Quantity]
) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a day: the names of each sector's share in the cooperatives, per cent, empty where no
    number was found; and these quantities for the ledger.
    """
    made: list[Quantity] = []
    shown = table.copy()
    for sector in SECTORS:
        names = []
        for day, cell in zip(table["date"], table[sector], strict=True):
            names.append(f"sector_{sector}_{day[:7].replace('-', '')}" if cell else "")
            if not cell:
                continue
            with by_hand("sectors", day):
                label = f"share of {sector} in all cooperatives, {{date}}"
                made.append(evaluate(cell, known).named(names[-1], label, day))
        shown[sector] = names
    return shown, made
