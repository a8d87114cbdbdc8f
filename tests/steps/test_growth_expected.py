"""Step 03: results reckoned by hand from the printed words, by another route than the formulas of
the step where there is one (`expected/growth.csv`, whose column `how` has the arithmetic).
"""

import pandas as pd
import pytest

from taawun.paths import ROOT
from taawun.steps import growth, growth_entries, growth_fit

EXPECTED = pd.read_csv(ROOT / "tests" / "expected" / "growth.csv").set_index("id")


@pytest.fixture(scope="module")
def results(read, known):
    """All that the notebook takes from the step with its default parameters, by name."""
    counts = growth.counts(read("series"), known)
    stock, members = counts["stock"], counts["members"]
    paced = growth.paces(read("paces"), counts, known)[1]
    ledger = {pace.id: pace for pace in paced}
    findings, peers = read("findings"), read("peers")
    since_law = [count for count in stock if count.date >= "2016-02-29"]
    per_added = growth.added_per(members, stock, "2020-12-31")
    womens = growth.added_per(counts["womens_coops"], stock, "2020-12-31").percent
    made = [
        *paced,
        *growth.projection(read("paces"), stock, 2030, ledger)[1],
        *growth_fit.fits(since_law)[1],
        *growth.ratio(members, stock, "members_per_coop", ""),
        per_added.named("members_per_added_coop", ""),
        womens.named("womens_coops_added_share", ""),
        *growth_entries.flows(read("flows"), known)[1],
        *growth_entries.newcomers(read("newcomers"), known)[1],
        *growth_entries.vintages(read("vintages"), known)[1],
        *growth_entries.sectors(read("sectors"), known)[1],
        *growth_entries.quotients(peers, "members", "counted", "members_per_coop", "", known)[1],
    ]
    for topic in findings["topic"].unique():
        made += growth_entries.findings(findings, topic, known)
    return {quantity.id: quantity for quantity in made}


@pytest.mark.parametrize("name", EXPECTED.index)
def test_a_result_is_what_was_reckoned_by_hand(results, name):
    by_hand, found = EXPECTED.loc[name], results[name]
    assert found.value == pytest.approx(by_hand["value"], rel=2e-4)
    if name != "line_error":  # the bounds of its counts are not carried through the sums by hand
        assert found.low == pytest.approx(by_hand["low"], rel=2e-4)
        assert found.high == pytest.approx(by_hand["high"], rel=2e-4)


def test_enough_is_reckoned_by_hand_and_each_says_how():
    assert EXPECTED.index.is_unique
    assert len(EXPECTED) >= 60
    assert (EXPECTED["how"].str.len() > 10).all()
