"""Quantities by name: the ledger that the steps read and add to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from keyword import iskeyword
from pathlib import Path

import pandas as pd

from taawun import tables
from taawun.formula import FUNCTIONS, evaluate
from taawun.messages import ForPeople, Refused
from taawun.quantity import Quantity

COLUMNS = ["id", "label", "value", "low", "high", "unit", "qualifier", "formula", "inputs"]
COLUMNS += ["start", "date", "source"]


class UnknownName(ForPeople, KeyError):
    """A name that is not in the ledger; the message suggests the nearest ones."""

    def __init__(self, name: str, known: Iterable[str]):
        super().__init__(name)
        self.name, self.known = name, known

    def __str__(self) -> str:
        known = list(self.known)
        near = get_close_matches(str(self.name), known, 3) or known[:3]
        return f"there is no {{{self.name}}} in the ledger; the nearest are {', '.join(near)}"


class Ledger(Mapping[str, Quantity]):
    """Quantities by name, in order: those of earlier steps, and the results that `step` adds.

    A printed figure is found by its figure_id, too, for tables by hand name it so; `names` is the
    readable names by figure_id.
    """

    def __init__(
        self,
        quantities: Mapping[str, Quantity],
        step: str = "",
        names: Mapping[str, str] | None = None,
    ):
        self.step = step
        self._quantities = dict(quantities)
        self._names = dict(names or {})
        self._ids = {name: figure_id for figure_id, name in self._names.items()}
        self._added: list[Quantity] = []

    @classmethod
    def load(cls, *frames: pd.DataFrame, step: str = "") -> Ledger:
        """The quantities in tables such as `table` makes, where the ledger of `step` begins; inputs
        are looked up among all of them, in order.
        """
        found: dict[str, Quantity] = {}
        names: dict[str, str] = {}
        for frame in frames:
            for cells in tables.each(frame[COLUMNS], index=False):
                row = dict(zip(COLUMNS, cells, strict=True))
                inputs = tuple(found[name] for name in row.pop("inputs").split())
                found[row["id"]] = Quantity(**row, inputs=inputs)
            if "figure_id" in frame:
                named = frame[frame["figure_id"] != ""]
                names |= dict(zip(named["figure_id"], named["id"], strict=True))
        return cls(found, step, names)

    @classmethod
    def read(cls, *paths: Path, step: str = "") -> Ledger:
        """The quantities in the tables that earlier steps wrote, as `load` takes them."""
        return cls.load(*(tables.read_made(path) for path in paths), step=step)

    def __getitem__(self, name: str) -> Quantity:
        try:
            return self._quantities[self._names.get(name, name)]
        except KeyError:
            raise UnknownName(name, self._quantities) from None

    def _ipython_key_completions_(self) -> list[str]:
        """What JupyterLab offers behind `ledger["`."""
        return list(self._quantities)

    def __iter__(self) -> Iterator[str]:
        return iter(self._quantities)

    def __len__(self) -> int:
        return len(self._quantities)

    def __repr__(self) -> str:
        """One line a result of this step, behind how many quantities the ledger holds."""
        counted = f"{len(self)} quantities, {len(self._added)} of them added in this step"
        return "\n".join([counted, *map(repr, self._added)])

    def add(self, name: str, quantity: Quantity, label: str, date: str = "") -> Quantity:
        """The result under its name and label, kept in the ledger; dated `date` or like its latest
        input. ValueError if the name is taken.
        """
        result = quantity.named(name, label, date)
        self.extend([result])
        return result

    def extend(self, results: Iterable[Quantity]) -> None:
        """Keep results that have their names, such as a table's. ValueError if one is taken, or if
        no formula could name it.
        """
        for result in results:
            if not result.id.isidentifier() or iskeyword(result.id) or result.id in FUNCTIONS:
                raise Refused(
                    f"«{result.id}» cannot stand in a formula for {result.label}; accepted: small "
                    f"letters, digits and _, and none of {', '.join(FUNCTIONS)}"
                )
            if result.id in self:
                raise Refused(
                    f"the ledger already holds «{result.id}», {self[result.id].label}; accepted: "
                    f"a name of its own (or, in JupyterLab, a kernel that was started anew)"
                )
            self._quantities[result.id] = result
            self._added.append(result)

    def figure_id(self, name: str) -> str:
        """The id under which a figure is printed, by its name; the name itself for a result."""
        return self._ids.get(name, name)

    def evaluate(self, formula: str) -> Quantity:
        """The quantity that a formula over names of the ledger states."""
        return evaluate(formula, self)

    def write(self, path: Path, *printed: pd.DataFrame) -> None:
        """Write the results that were added here, and nothing of earlier steps, as a table; those
        of a step that reads printed figures, too, behind the rows of `printed`.
        """
        tables.write_table(pd.concat([*printed, table(self._added, self.step)]), path)


def table(quantities: Iterable[Quantity], step: str = "") -> pd.DataFrame:
    """One row a quantity: id, label, value, low, high, unit, qualifier, formula, ids of the inputs,
    start and end of its reference period, and the step that made it. ValueError if two have one id.
    """
    rows = [
        vars(q)
        | {
            "formula": q.formula if q.inputs or not q.known else "",
            "inputs": " ".join(part.id for part in q.inputs),
        }
        for q in quantities
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(step=step)
    twice = frame.loc[frame["id"].duplicated(), "id"]
    if len(twice):
        raise Refused(f"two quantities are called {twice.iloc[0]!r}")
    return frame
