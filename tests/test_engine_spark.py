"""The evaluation on Spark, or any other engine named in SCORECARD_ENGINE: see docs/engines.md."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from scorecard.api import load
from scorecard.engine.connection import Engine
from scorecard.engine.reading import gather
from scorecard.engine.run import Asked, run

ADDRESS = os.environ.get("SCORECARD_ENGINE", "")
CASES = Path(__file__).parent / "conformance"
NAMES = ["dimensions", "formula_edges", "outlook_chain", "ratios", "scoring_rules", "time_and_carry", "random_03"]
NUMBERS = ("lagging", "lagging_coverage", "leading", "leading_coverage", "outlook", "outlook_coverage")
pytestmark = pytest.mark.skipif(not ADDRESS, reason="SCORECARD_ENGINE names no engine")


@pytest.mark.parametrize(("name", "by"), [*((name, "") for name in NAMES), ("dimensions", "region")])
def test_the_goals_are_those_of_numpy(name: str, by: str) -> None:
    period = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))["period"]
    card = load(CASES / name)
    theirs = card.evaluate_by(by, period).numbers if by else card.evaluate(period).numbers
    with Engine(ADDRESS) as engine:
        tasks = gather(str(CASES / name), engine).linked_with(card.strategy.id)
        sliced = run(tasks, engine, Asked(card.read_period(period), by=by or None)).sliced
    ours = sliced.numbers if by else sliced.part(0).numbers
    for of in NUMBERS:
        np.testing.assert_allclose(getattr(ours, of), getattr(theirs, of), rtol=0, atol=1e-9, err_msg=of)
