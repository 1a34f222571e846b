"""The laws of the arithmetic, on random maps: what must not change a result, and which way a change must go."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import strategy_documents as documents
from hypothesis import given, settings
from hypothesis import strategies as st
from random_strategies import make

from scorecard.analysis.explanation import explain
from scorecard.api import Scorecard, load
from scorecard.render.json_result import explanation, result

PARTS = ("lagging", "leading", "outlook")
SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "4711", "TZ": "Asia/Kolkata", "LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
]


# What must not change a result


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_goals_and_kpis_and_the_split_into_files_do_not_matter(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    before = result(load(tmp_path).evaluate(period))
    rng, document = random.Random(seed), documents.take(tmp_path)
    documents.shuffle(rng, document)
    documents.write(tmp_path, *documents.split(rng, document))
    after = result(load(tmp_path).evaluate(period))
    for name in ("perspectives", "goals", "kpis"):
        for whole in (before, after):
            whole[name] = sorted(whole[name], key=lambda one: one["id"])
    _assert_close(before, after)


@pytest.mark.parametrize("seed", range(25))
def test_many_periods_at_once_equal_one_at_a_time(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    scorecard = load(tmp_path)
    calendar, rhythm = scorecard.strategy.calendar, scorecard.strategy.rhythm
    last = calendar.period(rhythm, calendar.ordinal(scorecard.read_period(period)) + 1)
    at_once = scorecard.evaluate(last, periods=5)
    assert [str(one) for one in at_once.periods][-2:] == [period, str(last)]
    assert len(at_once.periods) == 5
    for one in at_once.periods:
        alone, together = scorecard.evaluate(one), at_once.at(one)
        assert result(together) == result(alone)  # to the last bit
        for goal in scorecard.strategy.goals:
            assert explanation(together, explain(together, goal)) == explanation(alone, explain(alone, goal))


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_rows_of_different_keys_changes_no_bit(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    before = _bytes(load(tmp_path), period)
    rng, document = random.Random(seed), documents.take(tmp_path)
    documents.write(tmp_path, document)
    ids = documents.ids_by_name(document)
    for path in [*tmp_path.rglob("*.csv"), *tmp_path.rglob("*.tsv")]:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file, delimiter=delimiter)
        named = [n for n, name in enumerate(head) if name in ("period", *document.get("dimensions", {}))]
        rows = documents.reorder(
            rng, rows, lambda row, named=named: (ids[documents.fold(row[0])], *(row[n] for n in named))
        )
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n", delimiter=delimiter).writerows([head, *rows])
    assert _bytes(load(tmp_path), period) == before


def test_awkward_decimals_have_one_sum_in_any_order(tmp_path: Path) -> None:
    rng = random.Random(5)
    rows = [f"k,2026-05-{day:02},{shop},{rng.uniform(0, 1e6)!r}" for day in range(1, 29) for shop in "abc"]
    (tmp_path / "strategy.yaml").write_text(
        "strategy: sums\ndimensions: {shop: [a, b, c]}\ndata: [rows.csv]\nperspectives: {all: All}\ngoals:\n  g:\n"
        "    perspective: all\n    lagging: [{kpi: k, aggregate: sum, baseline: 0, target: 1e8}]\n"
    )
    seen = set()
    for _ in range(8):
        rng.shuffle(rows)
        (tmp_path / "rows.csv").write_text("\n".join(["kpi,period,shop,value", *rows]))
        seen.add(_bytes(load(tmp_path), "2026-05"))
    assert len(seen) == 1


def test_hash_seed_time_zone_and_locale_change_no_byte(tmp_path: Path) -> None:
    for seed in range(6):
        make(seed, tmp_path / f"s{seed}")
    seeds = [{"PYTHONHASHSEED": str(seed)} for seed in range(2, 8)]  # with those of the surroundings ten
    printed = [_run(["show", str(tmp_path), "--json"], around) for around in [*SURROUNDINGS, *seeds]]
    assert len(set(printed)) == 1
    assert len(json.loads(printed[0])["strategies"]) == 6
    assert len({_run(["show", str(tmp_path / "s3")], around) for around in SURROUNDINGS}) == 1


# Explanations


@pytest.mark.parametrize("seed", range(40))
def test_the_parts_of_an_explanation_add_up(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    evaluation = load(tmp_path).evaluate(period)
    for goal in evaluation.strategy.goals:
        for of in PARTS:
            found = explain(evaluation, goal, of)  # type: ignore[arg-type]
            assert found.number == getattr(evaluation.goal(goal), of).score
            if found.number is None or found.constant is None:
                assert (found.number, found.constant, found.lines) == (None, None, ())
                continue
            parts = found.constant + sum(line.share * line.score for line in found.lines)
            assert parts == pytest.approx(found.number, abs=1e-12)
            assert sum(line.loss for line in found.lines) == pytest.approx(1 - found.number, abs=1e-12)
            assert sum(abs(line.share) for line in found.lines) == pytest.approx(1, abs=1e-12)
            assert all(line.loss >= -1e-12 for line in found.lines)


def test_paths_that_nobody_could_list_are_counted(tmp_path: Path) -> None:
    layers = 60
    goals = ["  top0: {perspective: all, lagging: [{kpi: k, baseline: 0, target: 4, values: {2026-05: 1}}]}"]
    for n in range(1, layers + 1):
        goals += [f"  {side}{n}: {{perspective: all, leading: [{{goal: top{n - 1}}}]}}" for side in ("left", "right")]
        goals.append(f"  top{n}: {{perspective: all, leading: [{{goal: left{n}}}, {{goal: right{n}, weight: 3}}]}}")
    (tmp_path / "s.yaml").write_text("\n".join(["strategy: diamonds\nperspectives: {all: All}\ngoals:", *goals]))
    (line,) = explain(load(tmp_path).evaluate("2026-05"), f"top{layers}").lines
    assert (line.share, line.score, line.path_count) == (pytest.approx(1), 0.25, 2**layers)
    assert 0 < len(line.paths) < 100


# Which way a change must go


@pytest.mark.parametrize("seed", range(60))
def test_a_kpi_without_a_score_counts_in_the_coverage_and_nowhere_else(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    before = result(load(tmp_path).evaluate(period))
    document = documents.take(tmp_path)
    documents.remove_uses(document, {kpi["id"] for kpi in before["kpis"] if kpi["score"] is None})
    documents.write(tmp_path, document)
    after = result(load(tmp_path).evaluate(period))
    assert after["index"]["score"] == pytest.approx(before["index"]["score"], abs=1e-12)
    for name in ("goals", "perspectives"):
        for one, other in zip(before[name], after[name], strict=True):
            for of in PARTS:
                assert other[of]["score"] == pytest.approx(one[of]["score"], abs=1e-12)
                assert other[of]["status"] == one[of]["status"]
    for one, other in zip(before["goals"], after["goals"], strict=True):
        for of in ("lagging", "leading"):
            assert other[of]["coverage"] >= one[of]["coverage"] - 1e-12


@st.composite
def maps(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A small map: for each goal its KPIs' scores in percent (None is unknown) and its links to goals before it."""
    goals = []
    for number in range(draw(st.integers(1, 5))):
        scores = draw(st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=2))
        causes = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        links = [(cause, draw(st.sampled_from([1, 2, 0.5])), draw(st.booleans())) for cause in sorted(causes)]
        goals.append({"scores": scores, "links": links, "lead_share": draw(st.sampled_from([0, 0.3, 0.5, 1]))})
    return goals


@settings(max_examples=80)
@given(drawn=maps(), data=st.data())
def test_raising_a_score_never_lowers_a_goal_it_supports(
    drawn: list[dict[str, Any]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    known = [(goal, k) for goal in range(len(drawn)) for k, s in enumerate(drawn[goal]["scores"]) if s is not None]
    if not known:
        return
    raised, kpi = data.draw(st.sampled_from(known))
    folder = tmp_path_factory.mktemp("map")
    before = _numbers(folder, drawn)
    drawn[raised]["scores"][kpi] = data.draw(st.integers(drawn[raised]["scores"][kpi], 100))
    after = _numbers(folder, drawn)
    for one, other, signs in zip(before, after, _signs(drawn, raised), strict=True):
        for was, now in zip(one, other, strict=True):
            assert (was is None) == (now is None)
            if was is not None and now is not None:
                assert now >= was - 1e-12 or -1 in signs
                assert now <= was + 1e-12 or 1 in signs


def _numbers(folder: Path, drawn: list[dict[str, Any]]) -> list[list[float | None]]:
    """Lagging, leading and outlook of each goal."""
    text = ["strategy: drawn\nperspectives: {all: All}\ngoals:"]
    for number, goal in enumerate(drawn):
        text.append(f"  g{number}:\n    perspective: all\n    lead_share: {goal['lead_share']}\n    lagging:")
        for k, score in enumerate(goal["scores"]):
            value = "" if score is None else f", values: {{2026-05: {score}}}"
            text.append(f"      - {{kpi: k{number}_{k}, weight: {k + 1}, baseline: 0, target: 100{value}}}")
        text.append("    leading:")
        for cause, weight, opposes in goal["links"]:
            effect = "opposes" if opposes else "supports"
            text.append(f"      - {{goal: g{cause}, weight: {weight}, effect: {effect}}}")
    (folder / "strategy.yaml").write_text("\n".join(text), encoding="utf-8")
    goals = load(folder).evaluate("2026-05").goals
    return [[getattr(goal, of).score for of in PARTS] for goal in goals]


def _signs(drawn: list[dict[str, Any]], raised: int) -> list[set[int]]:
    """For each goal: whether the raised one reaches it along an even (1) or odd (-1) number of opposing links."""
    found: list[set[int]] = []
    for number, goal in enumerate(drawn):
        own = {1} if number == raised else set()
        found.append(own.union(*({-s if opposes else s for s in found[cause]} for cause, _, opposes in goal["links"])))
    return found


def _bytes(scorecard: Scorecard, period: str) -> str:
    return json.dumps(result(scorecard.evaluate(period)), allow_nan=False)


def _run(arguments: list[str], around: dict[str, str]) -> bytes:
    command = [sys.executable, "-m", "scorecard", *arguments]
    run = subprocess.run(command, env={**os.environ, **around}, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    return run.stdout


def _assert_close(one: Any, other: Any, where: str = "") -> None:
    """Equal words, numbers within 1e-12."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            _assert_close(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), where
        for number, pair in enumerate(zip(one, other, strict=True)):
            _assert_close(*pair, f"{where}[{number}]")
    else:
        assert other == (pytest.approx(one, abs=1e-12) if isinstance(one, float) else one), where
