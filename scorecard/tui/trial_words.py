"""What a scenario does, in lines: the bar above it, one goal, and all of it as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from scorecard.analysis.scenario import Scenario
from scorecard.compute.results import GoalResult, Reading
from scorecard.model.status import Status
from scorecard.model.strategy import Strategy
from scorecard.render.change_words import small_points
from scorecard.render.scenario_words import change_words
from scorecard.render.words import status_words
from scorecard.tui.text import literal
from scorecard.tui.trial import Outcome

_State = tuple[Status, float | None]


def say_outcome(outcome: Outcome, kept: bool, other: str) -> Content:
    """`what if push · index ◆ amber 60% → ● green 77% +17 pp · 3 of 9 goals move`; `other` is the scenario compared with."""
    scenario, now, then = outcome.scenario, outcome.now.index, outcome.then.index
    name = literal(f"what if {scenario.called}".rstrip(), "bold $lit")
    if not scenario.changes:
        hint = " · nothing is changed yet: → moves a lever, enter takes its next step"
        return name + literal(hint if not other else f" · nothing changed, compared with {other}", "$quiet")
    name += literal("" if kept else " (not kept)" if not scenario.name else " (changed)", "$quiet")
    index = literal(" · index ") + say_change((now.status, now.score), (then.status, then.score))
    moved, turned = outcome.moved, [one for one in outcome.moved if one.now.status != one.then[0].status]
    said = f" · {len(moved)} of {len(outcome.effects)} goals move"
    said += f", {len(turned)} to another colour" if turned else ""
    return name + index + literal(said) + literal(f" · beside {other}" if other else "", "$quiet")


def say_goal(outcome: Outcome, goal: str) -> Content:
    """A goal in a line: result and outlook now and then, and the warnings that come and go."""
    now, then = outcome.now.goal(goal), outcome.then.goal(goal)
    line = literal(f"{now.goal.title}  ", "bold") + say_change(_result(now), _result(then))
    line += literal("  outlook ") + say_change(_state(now.outlook), _state(then.outlook))
    if now.signal != then.signal:
        line += literal(f"  {now.signal} → {then.signal}", "bold")
    return line


def say_scenarios(strategy: Strategy, *scenarios: Scenario) -> Content:
    """What each of some scenarios changes."""
    said = [f"{one.called or 'then'}: {_list_words(strategy, one)}" for one in scenarios]
    return literal(" · ".join(said))


def say_change(now: _State, then: _State) -> Content:
    """A number now and then, with its change: `▲ red 31% → ◆ amber 49% +19 pp`, `● green 77% → ● green 77% 0 pp`."""
    line = literal(status_words(*now), f"$status-{now[0]}")
    line += literal(" → ", "$quiet") + literal(status_words(*then), f"bold $status-{then[0]}")
    if now[1] is None or then[1] is None:
        return line
    moved = 0.0 if now[1] == then[1] else then[1] - now[1]
    return line + literal(f" {small_points(moved)}", "bold" if moved else "$quiet")


def write_outcome(outcome: Outcome) -> str:
    """All changes and what they move, as text."""
    strategy = outcome.now.strategy
    lines = [f"what if: {_list_words(strategy, outcome.scenario)}"]
    now, then = outcome.now.index, outcome.then.index
    lines.append(f"Index  {say_change((now.status, now.score), (then.status, then.score)).plain}")
    lines += _list_goals(outcome)
    return "\n".join(literal(line).plain for line in lines)


def _list_words(strategy: Strategy, scenario: Scenario) -> str:
    return ", ".join(change_words(strategy, one) for one in scenario.changes) or "nothing"


def _list_goals(outcome: Outcome) -> Iterator[str]:
    for effect in outcome.moved:
        yield say_goal(outcome, effect.id).plain


def _result(goal: GoalResult) -> _State:
    return goal.status, goal.lagging.score


def _state(reading: Reading) -> _State:
    return reading.status, reading.score
