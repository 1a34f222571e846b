"""What is computed from a strategy, rule by rule: small texts with results worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from scorecard.analysis.explanation import explain
from scorecard.api import Scorecard, read_report
from scorecard.render.json_result import explanation, result

HEAD = "strategy: s\nperiod: {period}\nyear_start: {start}\nperspectives: {{p: P}}\ngoals: {{g: {{perspective: p}}}}\nkpis:\n"


def read(folder: Path, files: dict[str, str] | str, name: str = "s") -> Scorecard:
    for file, text in ({"s.yaml": files} if isinstance(files, str) else files).items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return read_report(str(folder)).scorecards[name]


def read_kpis(folder: Path, kpis: str, period: str = "month", start: int = 1, data: str | None = None) -> Scorecard:
    """A strategy of KPIs alone, one a line, with what a data file says of them."""
    lines = "".join(f"  {line}\n" for line in kpis.splitlines())
    text = HEAD.format(period=period, start=start) + lines
    if data is None:
        return read(folder, text)
    return read(folder, {"s.yaml": f"{text}data: [d.csv]\n", "d.csv": data})


def kpi_at(scorecard: Scorecard, period: str, name: str = "k") -> dict[str, Any]:
    return next(kpi for kpi in result(scorecard.evaluate(period))["kpis"] if kpi["id"] == name)


def goals_at(scorecard: Scorecard, period: str) -> dict[str, dict[str, Any]]:
    return {goal["id"]: goal for goal in result(scorecard.evaluate(period))["goals"]}


# Where a row lies, and for how long it is good


@pytest.mark.parametrize(
    ("review", "at", "values", "value"),
    [
        # a week lies where its Thursday lies: that of 2026-W53 is the last day of 2026, that of 2026-W40 the 1st of October
        ("month", "2026-12", "2026-W53: 5, 2027-W01: 7", 5),
        ("quarter", "2026-Q4", "2026-W53: 5, 2026-W40: 1, 2026-W39: 9", 6),
        ("half", "2026-H2", "2026-W27: 4, 2026-W26: 9", 4),
        ("year", "2026", "2026-W53: 5, 2026-W01: 2, 2025-W52: 9, 2027-W01: 9", 7),
        # any other period lies where its last day lies
        ("week", "2026-W05", "2026-01: 3", 3),
        ("day", "2026-01-31", "2026-01: 3", 3),
        ("month", "2026-12", "2026-Q4: 3", 3),
    ],
)
def test_where_a_row_lies(review: str, at: str, values: str, value: float, tmp_path: Path) -> None:
    scorecard = read_kpis(tmp_path, f"k: {{aggregate: sum, interval: week, values: {{{values}}}}}", review)
    found = kpi_at(scorecard, at)
    assert (found["value"], found["effective_period"]) == (value, at)


@pytest.mark.parametrize(
    ("start", "review", "at", "values", "value"),
    [
        (4, "quarter", "2026-Q1", "2025-04: 1, 2025-06: 3, 2025-03: 10, 2025-07: 100", 4),
        (4, "quarter", "2026-Q4", "2026-W13: 3, 2026-W14: 5", 3),  # Thursdays the 26th of March, the 2nd of April
        (12, "year", "2026", "2025-12: 1, 2026-11: 2, 2026-12: 50, 2025-11: 70", 3),
        (2, "half", "2027-H1", "2026-02: 1, 2026-07: 2, 2026-08: 100, 2026-01: 1000", 3),
        (7, "month", "2026-10", "2026-10: 1, 2025-10: 5", 1),  # months are the calendar's
    ],
)
def test_a_year_is_named_after_the_calendar_year_in_which_it_ends(
    start: int, review: str, at: str, values: str, value: float, tmp_path: Path
) -> None:
    scorecard = read_kpis(tmp_path, f"k: {{aggregate: sum, interval: month, values: {{{values}}}}}", review, start)
    assert kpi_at(scorecard, at)["value"] == value


@pytest.mark.parametrize(
    ("review", "interval", "keep", "value", "fresh", "stale", "unknown"),
    [
        ("month", "month", 3, "2026-01", "2026-01", "2026-02 2026-04", "2026-05 2025-12"),
        ("month", "month", 0, "2026-01", "2026-01", "", "2026-02"),
        ("month", "quarter", 1, "2026-Q1", "2026-03 2026-05", "2026-06 2026-08", "2026-09 2026-02"),
        ("month", "quarter", 0, "2026-Q1", "2026-05", "", "2026-06"),
        ("month", "quarter", 1, "2026-02", "2026-02 2026-05", "2026-06", "2026-09"),
        ("quarter", "month", 1, "2026-01", "2026-Q1", "2026-Q2", "2026-Q3"),
        ("week", "month", 1, "2026-01", "2026-W05 2026-W08", "2026-W09 2026-W13", "2026-W14"),
        ("week", "year", 1, "2025", "2026-W01 2026-W52", "2026-W53 2027-W51", "2027-W52"),
        ("day", "week", 1, "2026-W01", "2026-01-01 2026-01-10", "2026-01-11 2026-01-17", "2026-01-18"),
        ("half", "month", 2, "2026-03", "2026-H1", "2026-H2 2027-H1", "2027-H2"),
    ],
)
def test_how_long_a_value_is_kept(
    review: str, interval: str, keep: int, value: str, fresh: str, stale: str, unknown: str, tmp_path: Path
) -> None:
    scorecard = read_kpis(tmp_path, f"k: {{interval: {interval}, keep: {keep}, values: {{{value}: 5}}}}", review)
    states = {
        period: (kpi_at(scorecard, period)["value"], kpi_at(scorecard, period)["stale"])
        for period in (fresh + " " + stale + " " + unknown).split()
    }
    expected = {**dict.fromkeys(fresh.split(), (5, False)), **dict.fromkeys(stale.split(), (5, True))}
    assert states == expected | dict.fromkeys(unknown.split(), (None, False))


def test_a_value_that_is_carried_keeps_its_period_and_one_that_is_unknown_has_none(tmp_path: Path) -> None:
    scorecard = read_kpis(tmp_path, "k: {values: {2026-01: 5}}")
    assert kpi_at(scorecard, "2026-02")["effective_period"] == "2026-01"
    assert kpi_at(scorecard, "2026-02")["reason"] is None
    assert kpi_at(scorecard, "2026-03")["effective_period"] is None
    assert kpi_at(scorecard, "2026-03")["reason"]


# From rows to a value

WEEKS = "{2026-W43: 9, 2026-W40: 1, 2026-W42: 4, 2026-W44: 100, 2026-W41: 20}"  # all of October, out of order


@pytest.mark.parametrize(
    ("aggregate", "value"), [("sum", 134), ("mean", 26.8), ("last", 100), ("min", 1), ("max", 100), ("median", 9)]
)
def test_finer_values_combine_in_time_order(aggregate: str, value: float, tmp_path: Path) -> None:
    scorecard = read_kpis(tmp_path, f"k: {{aggregate: {aggregate}, interval: week, values: {WEEKS}}}")
    assert kpi_at(scorecard, "2026-10")["value"] == pytest.approx(value, abs=1e-12)
    assert not kpi_at(scorecard, "2026-10")["partial"]


@pytest.mark.parametrize(
    ("fields", "partial"),
    [
        ("aggregate: sum, interval: week, values: {2026-W41: 1}", True),
        ("aggregate: mean, interval: week, values: {2026-W41: 1}", False),  # only a sum can lack a part
        ("aggregate: sum, values: {2026-10-05: 1}", True),  # no row as long as the interval
        ("aggregate: sum, interval: quarter, values: {2026-10: 1}", False),  # no quarter ends in October
        ("aggregate: sum, interval: quarter, values: {2026-Q3: 1}", False),
    ],
)
def test_when_a_sum_is_partial(fields: str, partial: bool, tmp_path: Path) -> None:
    assert kpi_at(read_kpis(tmp_path, f"k: {{{fields}}}"), "2026-10")["partial"] is partial


@pytest.mark.parametrize(("interval", "value"), [("month", 50), ("week", 3), ("quarter", 9), ("day", 9)])
def test_where_lengths_mix_those_of_the_interval_count_else_the_finest(
    interval: str, value: float, tmp_path: Path
) -> None:
    values = "{2026-09: 50, 2026-W37: 1, 2026-W38: 2, 2026-Q3: 9}" if interval != "day" else "{2026-Q3: 9, 2026-H2: 1}"
    at = "2026-09"
    assert (
        kpi_at(read_kpis(tmp_path, f"k: {{aggregate: sum, interval: {interval}, values: {values}}}"), at)["value"]
        == value
    )


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ("unit: x", 3),
        ("aggregate: sum", 9),
        ("aggregate: sum, across: mean", 3),
        ("across: sum", 9),
        ("across: min", 1),
        ("across: max", 6),
    ],
)
def test_members_combine_and_a_total_replaces_them(fields: str, value: float, tmp_path: Path) -> None:
    kpis = f"k: {{{fields}}}\nt: {{{fields}}}"
    rows = ["k,2026-10,1,n,a", "k,2026-10,2,s,a", "k,2026-10,6, S ,B", "t,2026-10,1,n,a", "t,2026-10,40,,"]
    text = HEAD.format(period="month", start=1).replace(
        "goals:", "dimensions: {r: [n, s], u: {members: [a, b]}}\ngoals:"
    )
    text += "".join(f"  {line}\n" for line in kpis.splitlines()) + "data: [d.csv]\n"
    for order in (rows, rows[::-1]):
        scorecard = read(tmp_path, {"s.yaml": text, "d.csv": "\n".join(["kpi,period,value,r,u", *order, ""])})
        assert kpi_at(scorecard, "2026-10")["value"] == value
        assert kpi_at(scorecard, "2026-10", "t")["value"] == 40


def test_of_rows_with_one_key_the_last_counts_and_an_empty_cell_is_no_row(tmp_path: Path) -> None:
    # inline values first, then the sources in their order, the files of a folder in the order of their names
    text = HEAD.format(period="month", start=1) + "  k: {values: {2026-01: 1, 2026-02: 1, 2026-03: 1, 2026-04: 1}}\n"
    files = {
        "s.yaml": text + "data: [late.csv, folder]\n",
        "late.csv": "kpi,2026-02,2026-03,2026-04\nk,2,2,\n",
        "folder/b.csv": "kpi,period,value\nk,2026-03,4\n",
        "folder/a.csv": "kpi,period,value\nk,2026-03,3\n",
    }
    assert read(tmp_path, files).evaluate("2026-04", periods=4).history("k") == [1, 2, 4, 1]


def test_figures_too_large_to_combine_are_unknown(tmp_path: Path) -> None:
    days = "values: {2026-10-01: 1e308, 2026-10-02: 1e308}"
    scorecard = read_kpis(tmp_path, f"k: {{aggregate: sum, interval: day, baseline: 0, target: 10, {days}}}")
    found = kpi_at(scorecard, "2026-10")
    assert (found["value"], found["score"], found["effective_period"]) == (None, None, None)
    assert found["reason"]
    json.dumps(result(scorecard.evaluate("2026-10")), allow_nan=False)


def test_a_formula_is_as_stale_and_as_partial_as_what_it_uses(tmp_path: Path) -> None:
    kpis = """\
sold: {aggregate: sum, interval: week, values: {2026-W41: 6}}
asked: {values: {2026-09: 2}}
k: {formula: sold / asked}
lazy: {formula: 1 if 1 else asked}
before: {formula: prev(asked)}
over: {formula: asked + prev(asked)}
moving: {formula: change(asked)}"""
    scorecard = read_kpis(tmp_path, kpis)
    found = kpi_at(scorecard, "2026-10")
    assert (found["value"], found["stale"], found["partial"], found["effective_period"]) == (3, True, True, "2026-10")
    assert not kpi_at(scorecard, "2026-10", "lazy")["stale"]  # what is not reached does not matter
    assert kpi_at(scorecard, "2026-10", "before")["value"] == 2
    assert kpi_at(scorecard, "2026-10", "over")["value"] == 4
    assert kpi_at(scorecard, "2026-10", "moving")["value"] is None  # a carried value is none there


# Targets and scores


@pytest.mark.parametrize(
    ("review", "start", "points", "targets"),
    [
        (
            "month",
            1,
            "2026-Q1: 30, 2026-Q2: 60, 2026: 120",
            {"2026-01": 30, "2026-04": 40, "2026-09": 90, "2027-05": 120},
        ),
        ("quarter", 1, "2026-01: 30, 2026-12-31: 120", {"2025-Q4": 30, "2026-Q2": 60, "2026-Q4": 120}),
        ("week", 1, "2026-09: 40, 2026: 53", {"2026-W40": 40, "2026-W41": 41, "2026-W53": 53}),
        ("day", 1, "2026-09: 40, 2026-W41: 48", {"2026-09-29": 40, "2026-10-02": 42, "2026-10-08": 48}),
        ("half", 4, "2025-09: 40, 2027: 70", {"2026-H1": 40, "2026-H2": 50, "2027-H1": 60, "2027-H2": 70}),
    ],
)
def test_a_path_of_targets_is_straight_between_its_points(
    review: str, start: int, points: str, targets: dict[str, float], tmp_path: Path
) -> None:
    scorecard = read_kpis(tmp_path, f"k: {{baseline: 0, target: {{{points}}}}}", review, start)
    assert {period: kpi_at(scorecard, period)["target"] for period in targets} == pytest.approx(targets)


def test_a_target_cell_counts_for_exactly_its_period(tmp_path: Path) -> None:
    kpis = """\
k: {baseline: 0, target: 10, values: {2026-10: 5, 2026-11: 5, 2026-12: 5}}
shown: {direction: up, values: {2026-10: 5}}
wrong: {red: 10, baseline: 20, target: 4, values: {2026-10: 4}}
band: {band: [1, 2], values: {2026-10: 1}}"""
    data = "kpi,period,value,target\nk,2026-10,,20\nk,2026-10,,25\nk,2026-Q4,,99\nk,2026-11-30,,99\n"
    scorecard = read_kpis(tmp_path, kpis, data=f"{data}shown,2026-10,,3\nwrong,2026-10,,15\nband,2026-10,,9\n")
    assert (kpi_at(scorecard, "2026-10")["target"], kpi_at(scorecard, "2026-10")["score"]) == (25, 0.2)
    assert [kpi_at(scorecard, period)["target"] for period in ("2026-11", "2026-12")] == [10, 10]
    shown, wrong, band = (kpi_at(scorecard, "2026-10", name) for name in ("shown", "wrong", "band"))
    assert (shown["target"], shown["score"], shown["reason"]) == (3, None, None)  # the scoring is the file's
    assert (wrong["target"], wrong["score"], wrong["status"]) == (15, None, "unknown")
    assert wrong["reason"]
    assert wrong["progress"] == pytest.approx((4 - 20) / (15 - 20))
    assert band["score"] == 1


@pytest.mark.parametrize(
    ("fields", "value", "score", "status"),
    [
        ("baseline: 0, target: 10, bands: {amber: 0.5, green: 0.9}", "9", 0.9, "green"),
        ("baseline: 0, target: 10, bands: {amber: 0.5, green: 0.95}", "9", 0.9, "amber"),
        ("red: 0, target: 10, bands: {amber: 0.5, green: 0.9}", "5", 0.7, "amber"),
        ("red: 10, target: 0", "20", 0.0, "red"),
        ("red: 10, target: 0", "10", 1 / 3, "amber"),
        ("red: 10, target: 0", "0", 2 / 3, "green"),
        ("target: 0, direction: down", "0.0000000005", 1, "green"),
        ("target: 1e6, direction: up", "999999.9995", 1, "green"),
        ("target: 1e6, direction: up", "999999.998", 0, "red"),
        ("band: [20, 30], tolerance: 10", "34", 0.6, "amber"),
        ("band: [20, 30]", "30.5", 0, "red"),
        ("scale: {100: 0, 0: 1}", "140", 0, "red"),
        ("scale: {0: 0, 50: 25%, 100: 1}", "75", 0.625, "amber"),
        ("levels: {' Weak': 0, Very Strong: 2/3}", "'  VERY STRONG '", 2 / 3, "green"),
        ("scoring: none, baseline: 0, target: 10", "9", None, "unknown"),
        ("baseline: 0", "9", None, "unknown"),
    ],
)
def test_a_score_and_its_status(fields: str, value: str, score: float | None, status: str, tmp_path: Path) -> None:
    found = kpi_at(read_kpis(tmp_path, f"k: {{{fields}, values: {{2026-10: {value}}}}}"), "2026-10")
    assert found["score"] == (score if score is None else pytest.approx(score))
    assert (found["status"], found["reason"]) == (status, None)


@pytest.mark.parametrize(
    ("fields", "value", "target", "score"),
    [
        ("baseline: -1e308, target: 1e308", "5", 1e308, 0.5),
        ("baseline: -1e308, target: 1e308", "1.7e308", 1e308, 1),
        ("red: 1e308, target: -1e308", "0", -1e308, 0.5),
        ("direction: up, target: {2026-09: -1e308, 2026-11: 1e308}", "1", 0, 1),
        ("scale: {-1e308: 0, 1e308: 1}", "0", None, 0.5),
    ],
)
def test_figures_too_far_apart_to_subtract_have_a_score_all_the_same(
    fields: str, value: str, target: float | None, score: float, tmp_path: Path
) -> None:
    scorecard = read_kpis(tmp_path, f"k: {{{fields}, values: {{2026-10: {value}}}}}")
    found = kpi_at(scorecard, "2026-10")
    assert (found["target"], found["score"]) == (target, pytest.approx(score))
    json.dumps(result(scorecard.evaluate("2026-10")), allow_nan=False)


def test_the_latest_word_of_a_period_counts(tmp_path: Path) -> None:
    fields = "levels: {weak: 0, Strong: 1}, interval: week"
    found = kpi_at(read_kpis(tmp_path, f"k: {{{fields}, values: {{2026-W42: strong, 2026-W41: weak}}}}"), "2026-10")
    assert (found["value"], found["score"], found["progress"]) == ("Strong", 1, None)


# Goals

MAP = """\
strategy: s
perspectives: {a: {name: A, weight: 2}, b: B, c: C, z: {name: Z, weight: 0}}
goals:
  top:
    perspective: a
    weight: 3
    guardrails: [{kpi: half, max: 5}, {kpi: limit, min: 2, max: 3}, {kpi: limit, max: 4}]
    leading:
      - {kpi: shared, weight: 3}
      - {goal: low, effect: opposes, weight: 2}
      - word
      - {goal: bare}
    lagging:
      - {kpi: own, weight: 2, baseline: 0, target: 10, values: {2026-10: 10}}
      - {kpi: watched, role: diagnostic, weight: 5, baseline: 0, target: 10, values: {2026-10: 0}}
      - shared
      - later
  low:
    perspective: a
    lead_share: 1
    leading: [own, {kpi: shared, role: supporting}]
    lagging: [own]
  work:
    perspective: b
    lagging: [{kpi: watched, role: diagnostic}]
    initiatives:
      - {initiative: i1, progress: {2026-09: 30%, 2026-Q4: 90%, 2026-10: 1/2}, weight: 2}
      - {initiative: i2, status: done}
      - {initiative: i3, status: stopped, progress: 1}
      - {initiative: i4, status: planned}
      - {initiative: i5, status: active, progress: 20%, weight: 0}
    override: {status: red, why: x, from: 2026-09-30, until: 2026-10-01}
  bare:
    perspective: b
    initiatives: [{initiative: j1, status: stopped, progress: 1}]
    leading: [{goal: work, effect: opposes}, later]
  idle: {perspective: z, lagging: [own], weight: 0}
kpis:
  only: {unit: x}
  shared: {weight: 4, role: diagnostic, baseline: 0, target: 10, values: {2026-10: 5}}
  later: {baseline: 0, target: 10}
  word: {levels: {bad: 0, good: 1}, values: {2026-09: good}}
  limit: {scoring: none, values: {2026-09: 4}}
metrics:
  half: {formula: own / 2}
"""


def test_goals_by_hand(tmp_path: Path) -> None:
    goals = goals_at(read(tmp_path, MAP), "2026-10")
    top = goals["top"]
    # the weight at an entry is that entry's; in kpis it is the default; a diagnostic weighs nothing; unscored keeps its weight
    assert top["lagging"] == {"score": 1, "status": "green", "coverage": pytest.approx(2 / 3), "basis": "kpis"}
    assert top["leading"]["score"] == pytest.approx((2 * (1 - 1) + 1) / 3)
    assert top["leading"]["coverage"] == pytest.approx(3 / 4)
    assert goals["low"]["leading"]["score"] == pytest.approx((1 * 1 + 4 * 0.5) / 5)
    assert goals["low"]["outlook"]["score"] == pytest.approx(0.6)  # lead_share 1
    drivers = (2 * (1 - 0.6) + 1 + 1 / 3) / 4
    assert top["outlook"]["score"] == pytest.approx((1 + drivers) / 2)
    assert top["outlook"]["coverage"] == pytest.approx((2 / 3 + (2 * 1 + 1 + 0.375) / 4) / 2)
    assert (top["signal"], goals["low"]["signal"], goals["work"]["signal"]) == ("warning", "warning", "unknown")


def test_what_is_named_twice_counts_with_both_weights(tmp_path: Path) -> None:
    goal = "perspective: p, lagging: [k, m, {kpi: k, weight: 2}], leading: [{goal: h}, {goal: h, weight: 3, effect: opposes}]"
    text = (
        f"strategy: s\nperspectives: {{p: P}}\ngoals:\n  g: {{{goal}}}\n  h: {{perspective: p, lagging: [k]}}\nkpis:\n"
    )
    text += "".join(
        f"  {name}: {{baseline: 0, target: 10, values: {{2026-10: {value}}}}}\n" for name, value in (("k", 4), ("m", 8))
    )
    found = goals_at(read(tmp_path, text), "2026-10")["g"]
    assert (found["lagging"]["score"], found["leading"]["score"]) == (pytest.approx(0.5), pytest.approx(0.55))


def test_initiatives_stand_in_where_no_kpi_weighs(tmp_path: Path) -> None:
    goals = goals_at(read(tmp_path, MAP), "2026-10")
    lagging = {"score": pytest.approx((2 * 0.5 + 1) / 3), "status": "green", "coverage": 0.75, "basis": "initiatives"}
    assert goals["work"]["lagging"] == lagging
    assert goals["bare"]["lagging"] == {"score": None, "status": "unknown", "coverage": 0, "basis": "none"}
    assert goals["bare"]["outlook"]["score"] == pytest.approx(1 - 2 / 3)
    assert goals["bare"]["outlook"]["coverage"] == pytest.approx(0.375)  # of the one list there is
    assert goals_at(read(tmp_path, MAP), "2026-08")["work"]["lagging"]["score"] == 1  # only what is done is known


def test_a_breached_guardrail_lowers_green_and_equal_or_unknown_is_no_breach(tmp_path: Path) -> None:
    scorecard = read(tmp_path, MAP)
    now, later = goals_at(scorecard, "2026-10")["top"], goals_at(scorecard, "2026-11")["top"]
    assert now["guardrails_breached"] == ["limit"]  # a stale value; `half` is at its limit
    assert (now["status"], now["computed_status"], now["lagging"]["status"]) == ("amber", "amber", "green")
    assert (later["guardrails_breached"], later["status"]) == ([], "green")


def test_an_override_applies_from_and_until_the_periods_in_which_its_ends_lie(tmp_path: Path) -> None:
    scorecard = read(tmp_path, MAP)
    states = [goals_at(scorecard, period)["work"] for period in ("2026-08", "2026-09", "2026-10", "2026-11")]
    assert [state["override"] is not None for state in states] == [False, True, True, False]
    written = {"status": "red", "why": "x", "by": None, "from": "2026-09-30", "until": "2026-10-01"}
    assert states[2]["override"] == written
    assert (states[2]["status"], states[2]["computed_status"], states[2]["lagging"]["status"]) == (
        "red",
        "green",
        "green",
    )


def test_perspectives_and_the_index(tmp_path: Path) -> None:
    found = result(read(tmp_path, MAP).evaluate("2026-10"))
    lanes = {lane["id"]: lane for lane in found["perspectives"]}
    assert list(lanes) == ["a", "b", "c", "z"]
    assert lanes["a"]["leading"]["score"] == pytest.approx((3 / 3 + 0.6) / 4)
    assert lanes["b"]["lagging"] == {"score": pytest.approx(2 / 3), "status": "green", "coverage": pytest.approx(0.375)}
    for empty in ("c", "z"):  # without goals, and with goals that weigh nothing
        assert lanes[empty]["lagging"] == {"score": None, "status": "unknown", "coverage": 0}
    assert found["index"]["score"] == pytest.approx((2 + 2 / 3) / 3)
    assert found["index"]["coverage"] == pytest.approx((2 * 0.75 + 0.375) / 3)


def test_weights_too_large_to_add_up_keep_their_proportions(tmp_path: Path) -> None:
    goal = (
        "perspective: {0}, weight: 1e308, lagging: [{{kpi: {0}1, weight: 1e308}}, {{kpi: {0}2, weight: 5e307}}, {0}3]"
    )
    kpi = "baseline: 0, target: 10, values: {2026-10: 4}"
    text = "strategy: s\nperspectives: {p: {weight: 1e308}, q: {weight: 1e308}}\ngoals:\n"
    text += "".join(
        f"  {lane}: {{{goal.format(lane)}, leading: [{lane}3]}}\n  {lane}0: {{{goal.format(lane)}}}\n" for lane in "pq"
    )
    text += "kpis:\n" + "".join(f"  {lane}{number}: {{{kpi}}}\n" for lane in "pq" for number in "13")
    text += "  p2: {baseline: 0, target: 10, values: {2026-10: 10}}\n  q2: {baseline: 0, target: 10}\n"
    found = result(read(tmp_path, text).evaluate("2026-10"))
    goals = {goal["id"]: goal for goal in found["goals"]}
    assert goals["p"]["lagging"]["score"] == pytest.approx(0.6)
    assert goals["q"]["lagging"]["coverage"] == pytest.approx(2 / 3)
    assert goals["p"]["outlook"]["score"] == pytest.approx(0.5)
    assert found["index"]["score"] == pytest.approx(0.5)
    assert found["index"]["coverage"] == pytest.approx(5 / 6)


def test_kpis_come_by_first_mention_guardrails_included(tmp_path: Path) -> None:
    found = result(read(tmp_path, MAP).evaluate("2026-10"))
    assert [kpi["id"] for kpi in found["kpis"]] == ["limit", "shared", "word", "own", "watched", "later", "only"]


def test_the_keys_of_the_result_come_in_order(tmp_path: Path) -> None:
    found = result(read(tmp_path, MAP).evaluate("2026-10"))
    assert list(found)[:6] == ["strategy", "period", "index", "perspectives", "goals", "kpis"]
    goal = "id perspective status computed_status lagging leading outlook signal guardrails_breached override"
    assert list(found["goals"][0])[:10] == goal.split()
    kpi = "id value effective_period stale partial target score progress status reason"
    assert list(found["kpis"][0])[:10] == kpi.split()


# Explanations and workspaces


def test_an_explanation_has_a_line_for_each_kpi_and_sign(tmp_path: Path) -> None:
    # one KPI reaches the top directly, along a supporting link, and along an opposing one
    text = """\
        strategy: s
        perspectives: {p: P}
        goals:
          top: {perspective: p, lagging: [k], leading: [{goal: good}, {goal: bad, effect: opposes, weight: 3}]}
          good: {perspective: p, lagging: [k, {kpi: r, red: 0, target: 10, values: {2026-10: 5}}]}
          bad: {perspective: p, lagging: [k]}
        kpis: {k: {baseline: 0, target: 10, values: {2026-10: 2}}}
        """
    evaluation = read(tmp_path, text).evaluate("2026-10")
    found = explanation(evaluation, explain(evaluation, "top", "outlook"))
    assert found["number"] == pytest.approx(0.5 * 0.2 + 0.5 * (0.25 * (0.1 + 0.25) + 0.75 * 0.8))
    assert found["constant"] == pytest.approx(0.375)
    lines = [(line.get("kpi"), line["share"], line["score"], line["loss"], line["lever"]) for line in found["lines"]]
    up, down = 0.5 + 0.5 * 0.25 * 0.5, -0.5 * 0.75
    assert lines == [
        ("k", pytest.approx(up), 0.2, pytest.approx(up * 0.8), pytest.approx((up + down) * 0.8)),
        ("k", pytest.approx(down), 0.2, pytest.approx(-down * 0.2), pytest.approx((up + down) * 0.8)),
        ("r", pytest.approx(0.0625), 0.5, pytest.approx(0.0625 * 0.5), pytest.approx(0.0625 * (2 / 3 - 0.5))),
    ]
    assert found["lines"][0]["paths"] == [["good", "top"], ["top"]]
    assert found["lines"][1]["paths"] == [["bad", "top"]]
    assert sum(line[3] for line in lines) == pytest.approx(1 - found["number"])


@pytest.mark.parametrize(
    ("one", "other"), [("a.yaml", "b.yaml"), ("x/a.yaml", "y/b.yaml"), ("a.yaml", "y/b.yaml"), ("x/a.yaml", "b.yaml")]
)
def test_a_goal_of_another_strategy_counts_as_one_of_its_own(one: str, other: str, tmp_path: Path) -> None:
    head = "strategy: {0}\nperspectives: {{p: P}}\ngoals:\n"
    files = {
        one: head.format("aa") + "  top: {perspective: p, leading: [{goal: bb/low, effect: opposes}]}\n",
        other: head.format("bb")
        + "  low: {perspective: p, lagging: [{kpi: k, baseline: 0, target: 10, values: {2026-10: 2}}]}\n",
    }
    goals = goals_at(read(tmp_path, files, "aa"), "2026-10")
    assert goals["top"]["leading"] == {"score": 0.8, "status": "green", "coverage": 1}
    assert goals["top"]["outlook"]["score"] == 0.8
