"""Random strategies that mix every feature: the result and all explanations agree with the reference implementation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import reference
from random_strategies import make

from scorecard.analysis.explanation import explain
from scorecard.api import check, load
from scorecard.model.finding import Severity
from scorecard.render.json_result import explanation, result

SEEDS = range(60)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_strategy_agrees_with_the_reference(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    findings = check(tmp_path)
    assert [str(f) for f in findings if f.severity == Severity.ERROR] == []

    evaluation = load(tmp_path).evaluate(period)
    assert reference.differences(reference.evaluate(tmp_path, period), result(evaluation)) == []
    for goal in evaluation.strategy.goals:
        for of in ("lagging", "leading", "outlook"):
            expected = reference.explain(tmp_path, period, goal, of)
            assert _differences(expected, explanation(evaluation, explain(evaluation, goal, of))) == [], (goal, of)


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """As for results; a line may say more than is asked for."""
    assert len(expected["lines"]) == len(found["lines"])
    lines = zip(expected["lines"], found["lines"], strict=True)
    pairs = [({**expected, "lines": []}, {**found, "lines": []}), *lines]
    return [text for one, other in pairs for text in reference.differences(one, other)]
