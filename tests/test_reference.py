"""The reference implementation against the conformance cases, against sums done by hand, and against its own laws."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from random_strategies import make
from reference import differences, evaluate, explain

CASES = Path(__file__).parent / "conformance"
SEEDS = range(50)


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CASES.glob("*/expected.json")))
def test_conformance_cases_give_the_expected_result(case: str) -> None:
    expected = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    assert differences(expected, evaluate(CASES / case, expected["period"])) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda result: result["index"].update(score=result["index"]["score"] + 1e-8), ".index.score"),
        (lambda result: result["goals"][0].update(status="unknown"), ".goals[0].status"),
        (lambda result: result["kpis"][1].update(reason="because"), ".kpis[1].reason"),
        (lambda result: result["kpis"][1].update(stale=0), ".kpis[1].stale"),
        (lambda result: result["kpis"].pop(), ".kpis"),
        (lambda result: result["perspectives"].reverse(), ".perspectives[0].id"),
    ],
)
def test_a_result_that_does_not_agree_is_noticed(change: Any, where: str) -> None:
    expected = json.loads((CASES / "outlook_chain" / "expected.json").read_text(encoding="utf-8"))
    changed = json.loads(json.dumps(expected))
    change(changed)
    assert where in [line.split(":")[0] for line in differences(expected, changed)]


def test_an_outlook_is_taken_apart_along_the_map() -> None:
    result = explain(CASES / "outlook_chain", "2026-Q1", "profit")
    assert result["number"] == pytest.approx(0.7)
    assert result["constant"] == pytest.approx(0.1)
    assert [(line["kpi"], line["paths"]) for line in result["lines"]] == [
        ("trained", [["skills", "service", "loyalty", "profit"]]),
        ("pipeline", [["profit"]]),
        ("margin", [["profit"]]),
        ("repeat_rate", [["loyalty", "profit"]]),
        ("discounts", [["price_cuts", "profit"]]),
    ]
    assert [line["share"] for line in result["lines"]] == pytest.approx([0.15, 0.1, 0.5, 0.15, -0.1])
    assert [line["loss"] for line in result["lines"]] == pytest.approx([0.135, 0.06, 0.05, 0.03, 0.025])
    assert [line["lever"] for line in result["lines"]] == pytest.approx([0.135, 0.06, 0.05, 0.03, -0.075])


def test_leading_stops_after_one_step_of_the_map() -> None:
    result = explain(CASES / "outlook_chain", "2026-Q1", "profit", "leading")
    assert [line["kpi"] for line in result["lines"]] == ["pipeline", "repeat_rate", "discounts"]
    assert [line["share"] for line in result["lines"]] == pytest.approx([0.2, 0.6, -0.2])


def test_initiatives_are_lines_and_an_unknown_number_has_none() -> None:
    case = CASES / "coverage_and_fallback"
    lines = explain(case, "2026-05", "train", "lagging")["lines"]
    shares = {line["initiative"]: line["share"] for line in lines}
    assert shares == pytest.approx({"handbook": 0.4, "dated": 0.2, "course": 0.2, "finished": 0.2})
    unknown = explain(case, "2026-05", "silent")
    assert (unknown["number"], unknown["constant"], unknown["lines"]) == (None, None, [])


def test_the_lever_of_a_red_flag_ends_at_its_green_line(tmp_path: Path) -> None:
    (tmp_path / "strategy.yaml").write_text(
        """
strategy: levers
perspectives: {all: All}
goals:
  g:
    perspective: all
    lagging:
      - {kpi: flag, red: 500, target: 700, bands: {amber: 0.2, green: 0.5}, values: {2026-05: 500}}
      - {kpi: past_green, red: 500, target: 700, values: {2026-05: 800}}
      - {kpi: plain, baseline: 0, target: 10, values: {2026-05: 6}}
""",
        encoding="utf-8",
    )
    lines = explain(tmp_path, "2026-05", "g")["lines"]
    levers = {line["kpi"]: line["lever"] for line in lines}
    assert levers == pytest.approx({"flag": 0.1, "past_green": 0.0, "plain": 0.4 / 3})


@pytest.mark.parametrize("seed", SEEDS)
def test_random_strategies_keep_the_laws(seed: int, tmp_path: Path) -> None:
    period = make(seed, tmp_path)
    result = evaluate(tmp_path, period)
    parts = [result["index"], *result["kpis"]]
    for owner in [*result["perspectives"], *result["goals"]]:
        parts += [owner[of] for of in ("lagging", "leading", "outlook")]
    for part in parts:
        assert part["score"] is None or 0 <= part["score"] <= 1 + 1e-12
        assert (part["score"] is None) == (part["status"] == "unknown")
        assert 0 <= part.get("coverage", 0) <= 1 + 1e-12
    for i, goal in enumerate(result["goals"]):
        of = ("outlook", "leading", "lagging")[(seed + i) % 3]
        _check_explanation(explain(tmp_path, period, goal["id"], of), goal[of]["score"])


def _check_explanation(explanation: dict[str, Any], score: float | None) -> None:
    number, lines = explanation["number"], explanation["lines"]
    assert number == score
    assert (number is None) == (not lines)
    if number is not None:
        total = explanation["constant"] + sum(line["share"] * line["score"] for line in lines)
        assert total == pytest.approx(number, abs=1e-9)
        assert sum(line["loss"] for line in lines) == pytest.approx(1 - number, abs=1e-9)
        assert sum(abs(line["share"]) for line in lines) == pytest.approx(1, abs=1e-9)
    if explanation["of"] == "outlook":
        for line in lines:  # the score can rise by 1 - score at most, less far with a red flag
            same = [each["share"] for each in lines if _leaf(each) == _leaf(line)]
            gains = [0.0, sum(same) * (1 - line["score"])]
            assert min(gains) - 1e-9 <= line["lever"] <= max(gains) + 1e-9


def _leaf(line: dict[str, Any]) -> tuple[str | None, str | None]:
    return line.get("kpi"), line.get("initiative")


@pytest.mark.parametrize("seed", range(0, 50, 10))
def test_a_seed_writes_the_same_bytes_again(seed: int, tmp_path: Path) -> None:
    written = []
    for name in ("one", "other"):
        period = make(seed, tmp_path / name)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        written.append((period, [(path.relative_to(tmp_path / name), path.read_bytes()) for path in files]))
    assert written[0] == written[1]


def test_random_strategies_show_everything_the_format_can_say(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(120):
        result = evaluate(tmp_path / str(seed), make(seed, tmp_path / str(seed)))
        for goal in result["goals"]:
            seen.update([goal["signal"], goal["lagging"]["basis"], goal["outlook"]["status"]])
            seen.update(["breached"] if goal["guardrails_breached"] else [])
            seen.update(["overridden"] if goal["override"] else [])
            seen.update(["lowered"] if goal["computed_status"] != goal["lagging"]["status"] else [])
        for kpi in result["kpis"]:
            seen.update([flag for flag in ("stale", "partial") if kpi[flag]])
            seen.update(["word"] if isinstance(kpi["value"], str) else [])
            seen.update(["target of another side"] if kpi["reason"] and kpi["value"] is not None else [])
        text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / str(seed)).rglob("*.yaml"))
        seen.update(word for word in FEATURES if word in text)
    missing = [word for word in [*FEATURES, *OUTCOMES] if not seen[word]]
    assert missing == []


@pytest.mark.parametrize("seed", SEEDS)
def test_random_strategies_are_valid(seed: int, tmp_path: Path) -> None:
    make(seed, tmp_path)
    defined: Counter[str] = Counter()
    used: set[str] = set()
    drivers: dict[str, list[str]] = {}
    for file in tmp_path.glob("*.yaml"):
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        defined.update([*document.get("kpis", {}), *document.get("metrics", {})])
        for ident, goal in document.get("goals", {}).items():
            listed = [*goal.get("lagging", []), *goal.get("leading", [])]
            entries = [{"kpi": entry} if isinstance(entry, str) else entry for entry in listed]
            drivers[ident] = [entry["goal"] for entry in entries if "goal" in entry]
            defined.update(entry["kpi"] for entry in entries if "unit" in entry)
            used.update(entry["kpi"] for entry in [*entries, *goal.get("guardrails", [])] if "kpi" in entry)
            roles = [entry.get("role") for entry in entries]
            assert roles.count("primary") <= 1
    assert set(defined.values()) == {1}
    assert used <= set(defined)
    while drivers:  # take away what nothing drives any more: a cycle would stay
        ready = [goal for goal, causes in drivers.items() if not set(causes) & set(drivers)]
        assert ready
        drivers = {goal: causes for goal, causes in drivers.items() if goal not in ready}


FEATURES = [
    "period: day", "period: week", "period: month", "period: quarter", "period: half", "period: year",
    "interval: day", "interval: week", "interval: month", "interval: quarter", "interval: half", "interval: year",
    "year_start", "dimensions", "across: sum", "across: mean", "across: min", "across: max",
    "aggregate: sum", "aggregate: mean", "aggregate: last", "aggregate: min", "aggregate: max", "aggregate: median",
    "red: ", "band: ", "tolerance: ", "scale: ", "levels: ", "scoring: none", "scoring: linear", "direction: ",
    "bands: ", "values: ", "keep: 0", "keep: 3", "role: diagnostic", "role: primary", "weight: 0", "kpis:",
    "prev(", "change(", "growth(", "rolling_mean(", "rolling_sum(", "ytd(", "clamp(", "round(", "sqrt(", "log(", "exp(",
    "abs(", "min(", "max(", " if ", " and ", " or ", "not ", " ** ", "opposes", "delay: ", "lead_share: ",
    "status: stopped", "status: done", "progress: ", "from: ", "until: ", "min: ", "aliases: ",
]  # fmt: skip
OUTCOMES = [
    "steady", "warning", "recovering", "act", "unknown", "kpis", "initiatives", "none", "red", "amber", "green",
    "breached", "overridden", "lowered", "stale", "partial", "word", "target of another side",
]  # fmt: skip
