"""A straight line and an exponential curve through the counts of step 03, by least squares, and the
chord from the first count to the last.

Line and exponential have two parameters, and both are fitted to the counts themselves and not to
their logarithms, so that their errors can be set beside each other. How far a count lies off a
curve is reckoned from the printed count; the curve's value stands there as a plain number.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import numpy as np
import pandas as pd

from taawun.quantity import Quantity, constant
from taawun.steps.growth import years

#: Fewer counts than two parameters and one leave no error.
FEWEST = 3
#: The yearly growth of the exponential is looked for between 0 and 1, in logarithms.
GROWTHS = np.linspace(0, 1, 10_001)

#: The fitted values at times in years, given times and counts.
Curve = Callable[[np.ndarray, np.ndarray], np.ndarray]


def line(times: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The straight line with the least sum of squared distances to the counts."""
    slope, start = np.polyfit(times, counts, 1)
    return start + slope * times


def exponential(times: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The same for start * exp(growth * time). The best start for a growth has a closed form,
    (counts . shape) / (shape . shape); the growth is the best of GROWTHS.
    """
    shapes = np.exp(np.outer(GROWTHS, times))
    starts = shapes @ counts / (shapes**2).sum(axis=1)
    fitted = shapes * starts[:, np.newaxis]
    return fitted[((counts - fitted) ** 2).sum(axis=1).argmin()]


def chord(times: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The straight line from the first count to the last."""
    return counts[0] + (counts[-1] - counts[0]) * times / times[-1]


CURVES: dict[str, Curve] = {"line": line, "exponential": exponential, "chord": chord}


def fits(points: list[Quantity]) -> tuple[pd.DataFrame, list[Quantity]]:
    """One row a known count: its day and name, and the names of how far it lies above each of the
    CURVES; and for the ledger these distances and the error of each curve, such as `line_error`,
    which is the root of their mean square.
    """
    known = [count for count in points if count.known]
    if len(known) < FEWEST:
        gap = constant(nan, points[0].unit)
        return pd.DataFrame(columns=["date", "count", *CURVES]), [
            gap.named(f"{name}_error", _error_label(name)) for name in CURVES
        ]
    times = np.array([years(known[0], count) for count in known[1:]], dtype=float)
    times = np.concatenate([[0.0], times])
    values = np.array([count.value for count in known])
    table = {"date": [count.date for count in known], "count": [count.id for count in known]}
    made: list[Quantity] = []
    for name, curve in CURVES.items():
        gaps = [_gap(*pair, name) for pair in zip(known, curve(times, values), strict=True)]
        table[name] = [gap.id for gap in gaps]
        error = _root_mean_square(gaps).named(f"{name}_error", _error_label(name))
        made += [*gaps, error]
    return pd.DataFrame(table), made


def _gap(count: Quantity, fitted: float, name: str) -> Quantity:
    """How far a count lies above a fitted value, to the whole number."""
    gap = count - constant(float(round(fitted)), count.unit)
    stamp = count.date[:7].replace("-", "")
    label = f"count of {{date}} less the value of the {name}"
    return gap.named(f"{name}_gap_{stamp}", label, count.date)


def _root_mean_square(gaps: list[Quantity]) -> Quantity:
    """The size of gaps, whatever their sign, in their unit."""
    unit = gaps[0].unit
    squares = sum((gap * gap for gap in gaps), start=constant(0.0, f"{unit}*{unit}"))
    mean = squares / constant(float(len(gaps)), f"{unit}*{unit}")
    return mean**0.5 * constant(1.0, unit)


def _error_label(name: str) -> str:
    return f"typical distance of the counts from the {name} (root of the mean square)"
