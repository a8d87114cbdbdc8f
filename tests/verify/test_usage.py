"""Which publications the results rest on."""

from taawun.paths import RAW
from taawun.tables import read_rows
from taawun.verify import usage


def test_figures_are_gone_through_once_for_all_publications():
    last = read_rows(RAW / "sources.csv")[-1]["source_id"]
    rows = [
        {"source_id": last, "used": True, "in_brief": False},
        {"source_id": last, "used": False, "in_brief": False},
    ]
    (*others, found) = usage.sources(iter(rows))  # which can be gone through once
    assert (found["source_id"], found["figures"], found["used"]) == (last, 2, 1)
    assert {row["figures"] for row in others} == {0}
