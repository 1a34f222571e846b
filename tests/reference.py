"""A second, deliberately naive implementation of the semantics, for differential tests of the first.

`evaluate` gives what `scorecard show --json` prints and `explain` what `scorecard why --json` prints, for a valid
strategy in YAML and CSV, without libraries and goals of other strategies; `differences` compares two results.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from reference_map import Leaf, Map, mean, share
from reference_periods import Period
from reference_reading import entries, kpi_order, number, read_strategy
from reference_scores import Scores, status
from reference_values import Values

NUMBERS = ("lagging", "leading", "outlook")


def evaluate(folder_or_file: Path, period: str) -> dict[str, Any]:
    """The result of a valid strategy at a review period, as section 6 of the semantics prints it."""
    case = _Case(folder_or_file, period)
    goals = [case.goal(goal) for goal in case.strategy["goals"]]
    perspectives = [case.perspective(ident, goals) for ident in case.strategy["perspectives"]]
    inhabited = [p for p in perspectives if any(goal["perspective"] == p["id"] for goal in goals)]
    weights = [_weight(case.strategy["perspectives"][p["id"]]) for p in inhabited]
    score = mean([(weight, p["lagging"]["score"]) for weight, p in zip(weights, inhabited, strict=True)])
    coverage = share([(weight, p["lagging"]["coverage"]) for weight, p in zip(weights, inhabited, strict=True)])
    return {
        "strategy": case.strategy["strategy"],
        "period": period,
        "index": case.shown(score, coverage),
        "perspectives": perspectives,
        "goals": goals,
        "kpis": [case.kpi(kpi) for kpi in kpi_order(case.strategy)],
    }


def explain(folder_or_file: Path, period: str, goal: str, of: str = "outlook") -> dict[str, Any]:
    """The additive parts of a goal's lagging, leading or outlook number, largest loss first."""
    case = _Case(folder_or_file, period)
    value = case.map.number(goal, of)
    ways: dict[tuple[str, str, bool], list[Leaf]] = {}
    for leaf in case.map.leaves(goal, of):
        if leaf.share > 0:
            ways.setdefault((leaf.kind, leaf.id, leaf.negative), []).append(leaf)
    lines = [case.line(goal, leaves) for leaves in ways.values()]
    return {
        "strategy": case.strategy["strategy"],
        "period": period,
        "goal": goal,
        "of": of,
        "number": value,
        "constant": None if value is None else case.map.constant(goal, of),
        "lines": sorted(lines, key=lambda line: (-round(line["loss"], 12), line.get("kpi") or line["initiative"])),
    }


def differences(expected: Any, actual: Any, where: str = "") -> list[str]:
    """Where a result does not agree: numbers within 1e-9, words equal, `reason` null or not; more keys may follow."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        found = [] if list(actual)[: len(expected)] == list(expected) else [f"{where}: keys {', '.join(actual)}"]
        for key in expected:
            found += differences(expected[key], actual.get(key), f"{where}.{key}")
        return found
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [line for i, (one, other) in pairs for line in differences(one, other, f"{where}[{i}]")]
    if where.endswith(".reason"):
        agree = (expected is None) == (actual is None)
    elif _is_number(expected) and _is_number(actual):
        agree = math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-9)
    else:
        agree = type(expected) is type(actual) and expected == actual
    return [] if agree else [f"{where}: {expected!r} and {actual!r}"]


class _Case:
    """One strategy at one review period."""

    def __init__(self, path: Path, period: str) -> None:
        self.strategy = read_strategy(path)
        self.values = Values(self.strategy, path)
        self.calendar = self.values.calendar
        self.at = self.calendar.parse(period)
        if self.at.kind != self.values.review:
            raise ValueError(f"{period} is not a {self.values.review}")
        self.scores = Scores(self.strategy, self.values, self.at)
        self.map = Map(self.strategy, self._all_scores(), self._all_progress())

    def shown(self, score: float | None, coverage: float) -> dict[str, Any]:
        return {"score": score, "status": status(score, self.scores.strategy_bands()), "coverage": coverage}

    def kpi(self, kpi: str) -> dict[str, Any]:
        found = self.values.value(kpi, self.at)
        score, reason = self.scores.score(kpi)
        return {
            "id": kpi,
            "value": found.value,
            "effective_period": self.calendar.label(found.effective) if found.effective else None,
            "stale": found.stale,
            "partial": found.partial,
            "target": self.scores.target(kpi),
            "score": score,
            "progress": self.scores.progress(kpi),
            "status": status(score, self.scores.own_bands(kpi)),
            "reason": reason,
        }

    def goal(self, goal: str) -> dict[str, Any]:
        fields = self.strategy["goals"][goal]
        lagging, leading, outlook = (
            self.shown(self.map.number(goal, of), self.map.coverage(goal, of)) for of in NUMBERS
        )
        breached = [guard["kpi"] for guard in entries(fields, "guardrails") if self._is_breached(guard)]
        computed = "amber" if breached and lagging["status"] == "green" else lagging["status"]
        override = self._override(fields.get("override"))
        return {
            "id": goal,
            "perspective": fields["perspective"],
            "status": override["status"] if override else computed,
            "computed_status": computed,
            "lagging": {**lagging, "basis": self.map.basis(goal)},
            "leading": leading,
            "outlook": outlook,
            "signal": _signal(lagging["status"], leading["status"]),
            "guardrails_breached": breached,
            "override": override,
        }

    def perspective(self, perspective: str, goals: list[dict[str, Any]]) -> dict[str, Any]:
        own = [goal for goal in goals if goal["perspective"] == perspective]
        weights = [_weight(self.strategy["goals"][goal["id"]]) for goal in own]
        result: dict[str, Any] = {"id": perspective}
        for of in NUMBERS:
            score = mean([(weight, goal[of]["score"]) for weight, goal in zip(weights, own, strict=True)])
            coverage = share([(weight, goal[of]["coverage"]) for weight, goal in zip(weights, own, strict=True)])
            result[of] = self.shown(score, coverage)
        return result

    def line(self, goal: str, leaves: list[Leaf]) -> dict[str, Any]:
        """One line of an explanation: all the ways of one sign from one KPI or initiative."""
        kind, ident, negative = leaves[0].kind, leaves[0].id, leaves[0].negative
        known = self.map.scores if kind == "kpi" else self.map.progress
        score = known[ident]
        assert score is not None
        total = sum(leaf.share for leaf in leaves)
        return {
            kind: ident,
            "share": -total if negative else total,
            "score": score,
            "loss": total * score if negative else total * (1 - score),
            "lever": self._lever(goal, kind, ident, score),
            "paths": [list(path) for path in sorted({leaf.path for leaf in leaves})],
        }

    def _lever(self, goal: str, kind: str, ident: str, score: float) -> float:
        """The gain in the goal's outlook if the score were 1; with `red`, if it were on the green line."""
        best = self.scores.own_bands(ident)[1] if kind == "kpi" and self._is_red_flagged(ident) else 1.0
        now = self.map.number(goal, "outlook")
        assert now is not None
        if score >= best:
            return 0.0
        changed = {**(self.map.scores if kind == "kpi" else self.map.progress), ident: best}
        pair = (changed, self.map.progress) if kind == "kpi" else (self.map.scores, changed)
        then = Map(self.strategy, *pair).number(goal, "outlook")
        assert then is not None
        return then - now

    def _is_red_flagged(self, kpi: str) -> bool:
        return self.scores.rule(kpi) == "linear" and "red" in self.values.fields[kpi]

    def _all_scores(self) -> dict[str, float | None]:
        return {kpi: self.scores.score(kpi)[0] for kpi in kpi_order(self.strategy)}

    def _all_progress(self) -> dict[str, float | None]:
        listed = [entry for goal in self.strategy["goals"].values() for entry in goal.get("initiatives") or []]
        return {entry["initiative"]: self._progress(entry) for entry in listed}

    def _progress(self, initiative: dict[str, Any]) -> float | None:
        if initiative.get("status") == "done":
            return 1.0
        progress = initiative.get("progress")
        if not isinstance(progress, dict):
            return number(progress) if progress else None
        past = [(self._place(text).ordinal, number(value)) for text, value in progress.items()]
        past = [(index, value) for index, value in past if index <= self.at.ordinal]
        return max(past, key=lambda point: point[0])[1] if past else None

    def _place(self, text: str) -> Period:
        return self.calendar.lying(self.calendar.parse(text), self.at.kind)

    def _is_breached(self, guard: dict[str, Any]) -> bool:
        value = self.values.value(guard["kpi"], self.at).value
        if value is None or isinstance(value, str):
            return False
        return ("min" in guard and value < number(guard["min"])) or ("max" in guard and value > number(guard["max"]))

    def _override(self, fields: dict[str, Any] | None) -> dict[str, Any] | None:
        if not fields:
            return None
        if fields.get("from") and self.at.ordinal < self._place(fields["from"]).ordinal:
            return None
        if fields.get("until") and self.at.ordinal > self._place(fields["until"]).ordinal:
            return None
        return {key: fields.get(key) or None for key in ("status", "why", "by", "from", "until")}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _weight(fields: Any) -> float:
    return number(fields.get("weight", "1")) if isinstance(fields, dict) else 1.0


def _signal(lagging: str, leading: str) -> str:
    if "unknown" in (lagging, leading):
        return "unknown"
    if lagging == "green":
        return "steady" if leading == "green" else "warning"
    return "recovering" if leading == "green" else "act"
