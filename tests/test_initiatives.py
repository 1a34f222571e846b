"""Initiatives on a day: progress against time gone, money against progress, overdue first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from command_line import write_strategy

from scorecard.analysis.initiatives import Pace, Undertaking, find_initiatives, sort_initiatives
from scorecard.api import load
from scorecard.model.strategy import Strategy

HEAD = """
strategy: shop
perspectives: {all: All}
goals:
  profit:
    perspective: all
    owner: Ann
    initiatives:
"""
TODAY = date(2026, 7, 1).toordinal()  # 181 of the 365 days of 2026 are over
YEAR = "start: 2026-01-01, due: 2026-12-31"


def read(folder: Path, *initiatives: str) -> Strategy:
    lines = "".join(f"      - {{initiative: {one}}}\n" for one in initiatives)
    return load(write_strategy(folder / "shop", HEAD + lines)).strategy


def judge(folder: Path, fields: str, today: int = TODAY) -> Undertaking:
    (found,) = find_initiatives(read(folder, f"one, {fields}"), today)
    return found


@pytest.mark.parametrize(
    ("fields", "pace"),
    [
        (f"{YEAR}, progress: 50%", Pace.ON_TRACK),
        (f"{YEAR}, progress: 40%", Pace.ON_TRACK),
        (f"{YEAR}, progress: 39%", Pace.BEHIND),
        (f"{YEAR}, progress: 0", Pace.BEHIND),
        (f"{YEAR}, progress: 100%", Pace.DONE),
        (f"{YEAR}, status: done", Pace.DONE),
        (f"{YEAR}, status: stopped, progress: 10%", Pace.STOPPED),
        (f"{YEAR}", Pace.UNKNOWN),
        (f"{YEAR}, status: planned", Pace.BEHIND),
        (f"{YEAR}, status: active", Pace.UNKNOWN),
        ("start: 2026-01, due: 2026-06, progress: 99%", Pace.OVERDUE),
        ("due: 2026-06-30", Pace.OVERDUE),
        ("due: 2026-06-30, status: done", Pace.DONE),
        ("due: 2026-06-30, status: stopped", Pace.STOPPED),
        ("due: 2026-07-01, progress: 50%", Pace.UNKNOWN),
        ("due: 2026, progress: 50%", Pace.UNKNOWN),
        ("start: 2026, progress: 50%", Pace.UNKNOWN),
        ("start: 2026-08, due: 2026-09", Pace.ON_TRACK),
        ("start: 2026-08", Pace.ON_TRACK),
        ("start: 2026-07-01, due: 2026-07-01, progress: 0", Pace.ON_TRACK),
        ("progress: 50%", Pace.UNKNOWN),
        (f"{YEAR}, progress: {{2026-03: 20%, 2026-06: 55%, 2026-08: 5%}}", Pace.ON_TRACK),
        (f"{YEAR}, progress: {{2026-08: 90%}}", Pace.UNKNOWN),
    ],
)
def test_pace(fields: str, pace: Pace, tmp_path: Path) -> None:
    assert judge(tmp_path, fields).pace == pace


def test_what_is_expected_grows_day_by_day_from_start_to_due(tmp_path: Path) -> None:
    strategy = read(tmp_path, "one, start: 2026-03-01, due: 2026-03-10, progress: 0")
    first = date(2026, 3, 1).toordinal()
    expected = [find_initiatives(strategy, day)[0].expected for day in range(first - 2, first + 13)]
    assert expected == pytest.approx([0, 0, *(n / 10 for n in range(10)), 1, 1, 1])


def test_days_late_count_from_the_end_of_the_period_named(tmp_path: Path) -> None:
    late = judge(tmp_path, "due: 2026-06")
    assert (late.days_late, late.due, late.expected) == (1, date(2026, 6, 30).toordinal(), 1.0)


def test_quarters_follow_the_year_of_the_strategy(tmp_path: Path) -> None:
    text = HEAD.replace("strategy: shop", "strategy: shop\nyear_start: 4") + "      - {initiative: one, due: 2027-Q1}\n"
    (found,) = find_initiatives(load(write_strategy(tmp_path / "shop", text)).strategy, TODAY)
    assert found.due == date(2026, 6, 30).toordinal()


@pytest.mark.parametrize(
    ("fields", "share", "over", "fast"),
    [
        ("budget: 100, spent: 60, progress: 50%", 0.6, False, False),
        ("budget: 100, spent: 61, progress: 50%", 0.61, False, True),
        ("budget: 100, spent: 100, progress: 100%", 1.0, False, False),
        ("budget: 100, spent: 130, progress: 100%", 1.3, True, True),
        ("budget: 0, spent: 5", None, True, False),
        ("budget: 100", None, False, False),
        ("spent: 100", None, False, False),
        ("budget: 100, spent: 90", 0.9, False, False),
    ],
)
def test_money(fields: str, share: float | None, over: bool, fast: bool, tmp_path: Path) -> None:
    found = judge(tmp_path, fields)
    assert found.spent_share == (None if share is None else pytest.approx(share))
    assert (found.over_budget, found.overspending) == (over, fast)


def test_the_overdue_come_first_then_the_behind(tmp_path: Path) -> None:
    strategy = read(
        tmp_path,
        "fine, due: 2026-09, start: 2026-06, progress: 50%",
        "finished, status: done",
        f"slow, {YEAR}, progress: 30%",
        "late, due: 2026-06-15",
        f"slower, {YEAR}, progress: 10%",
        "given_up, status: stopped",
        "later, due: 2026-05-15",
        "unclear, owner: Bob",
        "sooner, due: 2026-08, start: 2026-06, progress: 50%",
    )
    found = find_initiatives(strategy, TODAY)
    assert [one.id for one in found] == [
        *("later", "late", "slower", "slow", "unclear", "sooner", "fine", "finished", "given_up")
    ]
    assert [one.id for one in sort_initiatives(found, "due")][:4] == ["later", "late", "sooner", "fine"]
    assert sort_initiatives(found, "owner")[-1].id == "unclear"
    assert {one.owner for one in found} == {"Ann", "Bob"}


def test_by_goal_in_file_order(tmp_path: Path) -> None:
    other = "  other:\n    perspective: all\n    initiatives: [{initiative: late, due: 2026-01}, {initiative: next}]\n"
    text = HEAD + "      - {initiative: fine, status: done}\n      - {initiative: open}\n" + other
    found = find_initiatives(load(write_strategy(tmp_path / "shop", text)).strategy, TODAY)
    assert [one.id for one in found] == ["late", "open", "next", "fine"]
    assert [one.id for one in sort_initiatives(found, "goal")] == ["open", "fine", "late", "next"]
    assert [one.owner for one in sort_initiatives(found, "owner")] == ["Ann", "Ann", None, None]
