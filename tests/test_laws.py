"""The laws of the arithmetic, on random maps: what must not change a result, and which way a change must go."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from random_strategies import make

from scorecard.analysis.explanation import explain
from scorecard.api import Scorecard, load
from scorecard.model.period import Period
from scorecard.render.json_result import explanation, result

PARTS = ("lagging", "leading", "outlook")
OF_THE_USE = ("kpi", "weight", "role", "delay", "why", "evidence")


# What must not change a result


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_goals_and_kpis_and_the_split_into_files_do_not_matter(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    before = result(load(tmp_path).evaluate(period))
    rng = random.Random(seed)
    document = _take(tmp_path)
    for name in ("perspectives", "goals", "kpis", "metrics"):
        document[name] = _shuffled(rng, document.get(name, {}))
    for goal in document["goals"].values():
        for name in ("lagging", "leading"):
            rng.shuffle(goal.get(name, []))
    _write(tmp_path, _split(rng, document))
    after = result(load(tmp_path).evaluate(period))
    for name in ("perspectives", "goals", "kpis"):
        before[name], after[name] = _by_id(before[name]), _by_id(after[name])
    assert _changes(before, after) == []


@pytest.mark.parametrize("seed", range(25))
def test_many_periods_at_once_equal_one_at_a_time(seed: int, tmp_path: Path) -> None:
    scorecard, period = _made(seed, tmp_path)
    calendar = scorecard.strategy.calendar
    last = calendar.ordinal(period) + 1
    at_once = scorecard.evaluate(calendar.period(scorecard.strategy.rhythm, last), periods=5)
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
    rng, ids = random.Random(seed), _ids_by_name(_take(tmp_path, remove=False))
    for path in [*tmp_path.rglob("*.csv"), *tmp_path.rglob("*.tsv")]:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        head, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=delimiter)
        fixed = [n for n, name in enumerate(head) if name not in ("kpi", "value", "target", "note", "by")]
        fixed = fixed if head[1] == "period" else []  # in a wide table a row holds all periods
        rows = _reordered(rng, rows, lambda row, fixed=fixed: (ids[_fold(row[0])], *(row[n] for n in fixed)))  # type: ignore[misc]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n", delimiter=delimiter).writerows([head, *rows])
    assert _bytes(load(tmp_path), period) == before


def test_sums_of_awkward_decimals_have_one_total(tmp_path: Path) -> None:
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
    surroundings = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
        {"PYTHONHASHSEED": "4711", "TZ": "Asia/Kolkata", "LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
    ]
    seen = {_run(["show", str(tmp_path), "--json"], around) for around in surroundings}
    assert len(seen) == 1
    assert len(json.loads(seen.pop())["strategies"]) == 6
    tables = {_run(["show", str(tmp_path / "s3")], around) for around in surroundings[2:]}
    assert len(tables) == 1


# Explanations


@pytest.mark.parametrize("seed", range(40))
def test_the_parts_of_an_explanation_add_up(seed: int, tmp_path: Path) -> None:
    scorecard, period = _made(seed, tmp_path)
    evaluation = scorecard.evaluate(period)
    for goal in scorecard.strategy.goals:
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


def test_paths_that_no_one_could_list_are_counted(tmp_path: Path) -> None:
    layers = 60
    goals = [f"  base: {{perspective: all, lagging: [{_kpi('k', 0.25)}]}}"]
    for layer in range(layers):
        below = "base" if layer == 0 else f"top{layer - 1}"
        goals += [f"  {side}{layer}: {{perspective: all, leading: [{{goal: {below}}}]}}" for side in ("left", "right")]
        sides = f"{{goal: left{layer}}}, {{goal: right{layer}, weight: 3}}"
        goals.append(f"  top{layer}: {{perspective: all, leading: [{sides}]}}")
    (tmp_path / "s.yaml").write_text("\n".join(["strategy: diamonds\nperspectives: {all: All}\ngoals:", *goals]))
    (line,) = explain(load(tmp_path).evaluate("2026-05"), f"top{layers - 1}").lines
    assert (line.share, line.score, line.path_count) == (pytest.approx(1), 0.25, 2**layers)
    assert 0 < len(line.paths) < 100


# Which way a change must go


@pytest.mark.parametrize("seed", range(60))
def test_an_unknown_kpi_changes_the_coverage_and_no_score(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    before = result(load(tmp_path).evaluate(period))
    unknown = {kpi["id"] for kpi in before["kpis"] if kpi["score"] is None}
    document = _take(tmp_path)
    _remove_uses(document, unknown)
    _write(tmp_path, [document])
    after = result(load(tmp_path).evaluate(period))
    for name in ("goals", "perspectives"):
        for one, other in zip(before[name], after[name], strict=True):
            for of in PARTS:
                assert other[of]["score"] == pytest.approx(one[of]["score"], abs=1e-12)
                assert other[of]["status"] == one[of]["status"]
                if name == "goals" and of != "outlook":  # in an outlook, a list that is gone moves weight to the other
                    assert other[of]["coverage"] >= one[of]["coverage"] - 1e-12 or not _has_weight(document, other, of)
    assert after["index"]["score"] == pytest.approx(before["index"]["score"], abs=1e-12)


@st.composite
def maps(draw: st.DrawFn) -> dict[str, Any]:
    """A small map: for each goal its KPIs' scores in percent (None is unknown) and its links to goals before it."""
    goals = []
    for number in range(draw(st.integers(1, 5))):
        scores = draw(st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=2))
        causes = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        links = [(cause, draw(st.sampled_from([1, 2, 0.5])), draw(st.booleans())) for cause in sorted(causes)]
        goals.append({"scores": scores, "links": links})
    return {"goals": goals, "lead_share": draw(st.sampled_from([0, 0.3, 0.5, 1]))}


@settings(max_examples=60, deadline=None)
@given(drawn=maps(), data=st.data())
def test_raising_a_score_never_lowers_a_goal_it_supports(
    drawn: dict[str, Any], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("map")
    known = [(g, k) for g, goal in enumerate(drawn["goals"]) for k, s in enumerate(goal["scores"]) if s is not None]
    if not known:
        return
    number, kpi = data.draw(st.sampled_from(known))
    scores = drawn["goals"][number]["scores"]
    before = _numbers(folder, drawn)
    scores[kpi] = data.draw(st.integers(scores[kpi], 100))
    after = _numbers(folder, drawn)
    for goal, signs in enumerate(_signs(drawn, number)):
        for of in PARTS:
            one, other = before[goal][of], after[goal][of]
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                assert other >= one - 1e-12 or -1 in signs
                assert other <= one + 1e-12 or 1 in signs


# Reading and writing strategies


def _made(seed: int, folder: Path) -> tuple[Scorecard, Period]:
    text = make(seed, folder)
    scorecard = load(folder)
    return scorecard, scorecard.read_period(text)


def _take(folder: Path, remove: bool = True) -> dict[str, Any]:
    """A folder's strategy as one mapping of texts; its files are taken away."""
    whole: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        part = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for key, value in part.items():
            whole[key] = {**whole.get(key, {}), **value} if isinstance(value, dict) else value
        if remove:
            path.unlink()
    return whole


def _write(folder: Path, parts: list[dict[str, Any]]) -> None:
    for number, part in enumerate(parts):
        (folder / f"{number}.yaml").write_text(yaml.safe_dump(part, sort_keys=False), encoding="utf-8")


def _split(rng: random.Random, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Keys and goals dealt out over three files."""
    parts: list[dict[str, Any]] = [{}, {}, {}]
    for key in rng.sample(list(document), len(document)):
        if key == "goals":
            for goal, fields in document["goals"].items():
                rng.choice(parts).setdefault("goals", {})[goal] = fields
        elif document[key]:
            rng.choice(parts)[key] = document[key]
    return [part for part in parts if part]


def _shuffled(rng: random.Random, mapping: dict[str, Any]) -> dict[str, Any]:
    return {key: mapping[key] for key in rng.sample(list(mapping), len(mapping))}


def _reordered(rng: random.Random, rows: list[list[str]], key: Any) -> list[list[str]]:
    """The rows shuffled, those of one key still in their order."""
    waiting: dict[Any, list[list[str]]] = {}
    for row in rows:
        waiting.setdefault(key(row), []).append(row)
    return [waiting[key(row)].pop(0) for row in rng.sample(rows, len(rows))]


def _ids_by_name(document: dict[str, Any]) -> dict[str, str]:
    """Every way to name a measure."""
    measures = {**document.get("kpis", {}), **document.get("metrics", {})}
    for goal in document["goals"].values():
        for entry in [*goal.get("lagging", []), *goal.get("leading", [])]:
            if isinstance(entry, dict) and set(entry) - set(OF_THE_USE) - {"goal", "effect"}:
                measures[entry["kpi"]] = entry
    names = {_fold(ident): ident for ident in measures}
    for ident, fields in measures.items():
        names.update({_fold(name): ident for name in [fields.get("name", ident), *fields.get("aliases", [])]})
    return names


def _fold(name: str) -> str:
    return "".join(name.split()).casefold()


def _remove_uses(document: dict[str, Any], unknown: set[str]) -> None:
    """Take unknown KPIs out of the lists, except where initiatives would then stand in for the results."""
    document.setdefault("kpis", {})
    for goal in document["goals"].values():
        for name in ("lagging", "leading"):
            entries = [{"kpi": entry} if isinstance(entry, str) else entry for entry in goal.get(name, [])]
            kept = [entry for entry in entries if entry.get("kpi") not in unknown]
            if name == "lagging" and goal.get("initiatives") and entries:
                continue
            for entry in entries:
                fields = {key: value for key, value in entry.items() if key not in OF_THE_USE}
                if entry not in kept and fields:
                    document["kpis"][entry["kpi"]] = fields
            goal[name] = kept
