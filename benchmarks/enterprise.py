"""A large made-up strategy: 10,000 goals in twelve tiers, 50,000 KPIs, 500 files; and values for it.

The same seed gives the same bytes. The text is what people would write: names, owners, hypotheses, comments, short and
long forms; no two names are alike, so that no reader profits from repetition more than it would in real life.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scorecard.compute.observations import TOTAL, Observations
from scorecard.model.period import Calendar, Rhythm
from scorecard.model.strategy import Strategy

GOALS, KPIS_PER_GOAL, FILES = 10_000, 5, 500
TIERS = ("learning",) * 3 + ("internal",) * 3 + ("customer",) * 3 + ("stakeholder",) * 3  # causes first
_HEAD = """\
# Made up for benchmarks: nobody's strategy.
strategy: enterprise
name: Everything the group wants
purpose: "One map: all units, all countries"
period: month
bands: {amber: 1/3, green: 2/3}

accept:
  S405: units within a perspective build on each other
  S408: this is the map of a whole group
  S418: tested where it is worth it
  S422: the units keep their figures

perspectives:
  stakeholder: Stakeholders' interests
  customer: {name: Customer, weight: 2}
  internal: Internal processes
  learning: Learning and growth

"""
_VERBS = ("Win", "Keep", "Simplify", "Shorten", "Build", "Renew", "Share", "Automate", "Protect", "Grow")
_THINGS = ("orders", "service calls", "skills", "suppliers", "delivery", "pricing", "onboarding", "safety", "claims")
_PLACES = ("Nordics", "Iberia", "DACH", "Benelux", "online", "retail", "plant 7", "headquarters", "field sales")
_OWNERS = ("Head of sales", "Plant manager", "Finance", "Operations", "People and culture", "A. Öztürk", "IT")
_UNITS = ('"%"', "days", "EUR", "orders", "points", "hours")


def write_enterprise(folder: Path, goals: int = GOALS, files: int = FILES, seed: int = 7) -> int:
    """Write the strategy into a folder, one group of goals a file; the bytes written."""
    draw = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    per_file = -(-goals // files)
    size = 0
    for number in range(files):
        rows = range(number * per_file, min((number + 1) * per_file, goals))
        text = "".join([_HEAD if number == 0 else "", "goals:\n", *(_goal(draw, row, goals) for row in rows)])
        size += (folder / f"group_{number:03}.yaml").write_bytes(text.encode())
    return size


def draw_values(kpis: int, periods: int, seed: int = 7) -> NDArray[np.float64]:
    """Values of every KPI in every period [KPI, period]; one in twenty is missing."""
    draw = np.random.default_rng(seed)
    values = draw.uniform(0.0, 450.0, (kpis, periods))
    values[draw.random(values.shape) < 0.05] = np.nan
    return values


def record(strategy: Strategy, values: NDArray[np.float64], first: int) -> Observations:
    """The values as recorded rows, months from the ordinal `first` on."""
    measure, period = np.nonzero(~np.isnan(values))
    periods = tuple(Calendar().period(Rhythm.MONTH, first + number) for number in range(values.shape[1]))
    none = np.zeros(len(measure), dtype=np.int64)
    target = np.full(len(measure), np.nan)
    ids, value = (*strategy.kpis, *strategy.metrics), values[measure, period]
    places = {"files": ("values.csv",), "sources": (0,), "file": none, "line": none, "column": none}
    columns = {"measure": measure, "period": period, "member": none + TOTAL, "value": value, "target": target}
    return Observations(measures=ids, periods=periods, members=((),), **columns, **places)


def _goal(draw: random.Random, row: int, goals: int) -> str:
    name = f"{draw.choice(_VERBS)} {draw.choice(_THINGS)}, {draw.choice(_PLACES)} {row}"
    tier = row * len(TIERS) // goals
    lines = [
        f"  g{row}:",
        f"    name: {name}",
        f"    perspective: {TIERS[tier]}",
        f"    owner: {draw.choice(_OWNERS)}",
        *([f"    weight: {draw.choice((0.5, 2, 3))}"] if draw.random() < 0.2 else []),
        "    lagging:",
        *_kpi(draw, row, 0, "primary"),
        *_kpi(draw, row, 1, ""),
        *_kpi(draw, row, 2, ""),
        "    leading:",
        *_kpi(draw, row, 3, ""),
        *_kpi(draw, row, 4, ""),
        *_links(draw, tier, goals),
    ]
    return "\n".join(lines) + "\n\n"


def _kpi(draw: random.Random, row: int, number: int, role: str) -> Iterator[str]:
    down = draw.random() < 0.3
    start, reach = draw.randint(10, 400), draw.randint(5, 300)
    low, high = start, start + reach
    baseline, target = (high, low) if down else (low, high)
    yield f"      - kpi: k{row}_{number}"
    yield f"        name: {draw.choice(_THINGS).capitalize()} in {draw.choice(_PLACES)} {row}.{number}"
    yield f"        unit: {draw.choice(_UNITS)}"
    yield f"        owner: {draw.choice(_OWNERS)}"
    yield from _scoring(draw, baseline, target, moves=number == 2)
    if role:
        yield f"        role: {role}"
    if draw.random() < 0.3:
        yield f"        weight: {draw.choice((0.5, 2, 3))}"


def _scoring(draw: random.Random, baseline: int, target: int, moves: bool) -> Iterator[str]:
    """Most KPIs go from a baseline to a target; one in four has another rule."""
    kind = draw.random()
    if kind < 0.05:
        low, high = sorted((baseline, target))
        yield f"        band: [{low}, {high}]"
        yield f"        tolerance: {draw.randint(1, 50)}"
        return
    if kind < 0.08:
        yield "        scale: {0: 0, 100: 0.2, 250: 0.7, 500: 1}"
        return
    if kind < 0.75:
        yield f"        baseline: {baseline}"
    elif kind < 0.9:
        yield f"        red: {baseline}"
    else:
        yield "        scoring: goal"
        yield f"        direction: {'up' if target > baseline else 'down'}"
    if moves:
        yield f"        target: {{2024-12: {target}, 2033-12: {target + (target - baseline) * 0.1:.1f}}}"
    else:
        yield f"        target: {target}" + ("   # agreed with the board" if draw.random() < 0.1 else "")


def _links(draw: random.Random, tier: int, goals: int) -> Iterator[str]:
    """Two or three causes one tier below, sometimes further down."""
    if tier == 0:
        return
    chosen: set[int] = set()
    for _ in range(draw.choice((2, 2, 3))):
        below = tier - 1 if draw.random() < 0.8 else draw.randrange(tier)
        first, last = -(-below * goals // len(TIERS)), -(-(below + 1) * goals // len(TIERS))
        chosen.add(draw.randrange(first, last))
    for cause in sorted(chosen):
        yield f"      - goal: g{cause}"
        if draw.random() < 0.5:
            yield f"        weight: {draw.choice((0.5, 2, 3))}"
        if draw.random() < 0.05:
            yield "        effect: opposes"
        if draw.random() < 0.4:
            yield f"        delay: {draw.randint(1, 6)}"
        yield f"        why: What we learn from g{cause} shows here after {draw.randint(1, 9)} months"
        if draw.random() < 0.5:
            yield f"        evidence: {draw.choice(('assumed', 'observed', 'tested'))}"
