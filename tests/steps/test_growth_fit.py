"""The line and the exponential of step 03, against curves that are known."""

import numpy as np
import pytest

from taawun.quantity import Quantity, constant
from taawun.steps import growth_fit

TIMES = np.array([0, 1, 2.5, 4, 7, 9.75])


def count(value, date):
    name = f"stock_{date[:4]}"
    return Quantity(value, value, value, "cooperatives", id=name, date=date)


def test_a_straight_line_is_found_again():
    assert growth_fit.line(TIMES, 16000 + 5000 * TIMES) == pytest.approx(16000 + 5000 * TIMES)


def test_an_exponential_is_found_again():
    counts = 16000 * np.exp(0.14 * TIMES)
    assert growth_fit.exponential(TIMES, counts) == pytest.approx(counts)


def test_no_other_curve_of_its_kind_is_nearer():
    counts = np.array([15735, 20000, 24000, 40531, 53800, 65315])

    def squares(fitted):
        return ((counts - fitted) ** 2).sum()

    best = squares(growth_fit.line(TIMES, counts))
    slope, start = np.polyfit(TIMES, counts, 1)
    assert all(squares(start + d + (slope + e) * TIMES) > best for d in (-9, 9) for e in (-3, 3))
    best = squares(growth_fit.exponential(TIMES, counts))
    logarithms = np.polyfit(TIMES, np.log(counts), 1)
    assert best < squares(np.exp(np.polyval(logarithms, TIMES)))


def test_the_error_is_the_root_of_the_mean_square():
    points = [count(v, f"{y}-12-31") for v, y in [(100, 2020), (160, 2021), (200, 2022)]]
    table, made = growth_fit.fits(points)
    found = {q.id: q for q in made}
    gaps = [found[name].value for name in table["line"]]
    assert gaps == [-3, 7, -3]  # the line through 103.3, 153.3, 203.3, to the whole number
    assert found["line_error"].value == pytest.approx((67 / 3) ** 0.5)
    assert found["line_error"].unit == "cooperatives"


def test_two_counts_leave_no_error():
    points = [count(100, "2020-12-31"), count(160, "2021-12-31")]
    points.append(constant(float("nan"), "cooperatives"))
    table, made = growth_fit.fits(points)
    assert table.empty
    errors = ["line_error", "exponential_error", "chord_error"]
    assert [(q.id, q.known) for q in made] == [(name, False) for name in errors]


def test_a_chord_leads_from_the_first_count_to_the_last():
    fitted = growth_fit.chord(TIMES, np.array([100, 900, 300, 400, 500, 1075]))
    assert fitted == pytest.approx(100 + 100 * TIMES)
