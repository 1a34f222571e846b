"""The filter of the scorecard, in words: `status:red owner:maria stale outlook:worse`. Pure; knows no Textual.

All words have to hold. A word with `-` in front must not hold; `a,b` behind a colon means one of them; quotes keep spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, KpiResult
from scorecard.model.finding import shorten
from scorecard.model.goal import Goal
from scorecard.model.spelling import nearest
from scorecard.model.status import Heading, Signal, Status
from scorecard.model.strategy import Strategy, fold_name
from scorecard.render.table import Row, scorecard_rows
from scorecard.render.words import GUARDRAIL_SIGN

_WORD = re.compile(r"""(-?)(?:([A-Za-z]+):)?("[^"]*"?|'[^']*'?|\S+)""")
Test = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """What was understood; `wrong` says what was not, "" where all was. Without tests every row holds."""

    tests: tuple[Test, ...] = ()
    wrong: str = ""

    def holds(self, row: Row) -> bool:
        return all(test(row) for test in self.tests)


def read_filter(text: str, strategy: Strategy) -> Filter:
    """The filter that a text says; words that are not understood filter nothing."""
    tests: list[Test] = []
    wrong = ""
    for minus, key, quoted in _WORD.findall(text):
        plain = quoted.strip("\"'")
        found = _read_word(key.lower(), plain, strategy) if key else _read_plain(plain)
        if isinstance(found, str):
            wrong = wrong or found
        elif minus:
            tests.append(lambda row, test=found: not test(row))  # type: ignore[misc]
        else:
            tests.append(found)
    return Filter(tuple(tests), wrong)


def find_goals(text: str, evaluation: Evaluation) -> tuple[frozenset[str] | None, str]:
    """The goals of which a text holds, or else one of their KPIs does; None for all where nothing was understood, and what
    was not."""
    found = read_filter(text, evaluation.strategy)
    if not found.tests:
        return None, found.wrong
    held = [row for row in scorecard_rows(evaluation, guardrails=True) if row.goal and found.holds(row)]
    goals = [row for row in held if row.kind == "goal"]
    return frozenset(row.goal for row in goals or held), found.wrong


def _read_word(key: str, text: str, strategy: Strategy) -> Test | str:
    """The test of `key:text`, or what is wrong with it."""
    if key not in WORDS:
        near = nearest(key, WORDS)
        return f"'{shorten(key, 20)}:' is not known" + (f", did you mean '{near}:'?" if near else "")
    if not text:
        return f"say what behind '{key}:'"
    wanted = [part for part in text.split(",") if part]
    choices, test = WORDS[key][1], _TESTS[key]
    for part in wanted:
        if choices and not any(choice.startswith(part.casefold()) for choice in choices):
            return f"'{key}:' takes {', '.join(choices)}"
    return lambda row: any(test(row, fold_name(part), strategy) for part in wanted)


def _read_plain(text: str) -> Test:
    """A flag such as `stale`, a status such as `red`, which a name may hold as well, or a part of a name."""
    if text.lower() in FLAGS:
        return _FLAG_TESTS[text.lower()]
    wanted = fold_name(text)
    return lambda row: row.status.value == wanted or _names(row, wanted)


def _names(row: Row, wanted: str) -> bool:
    return wanted in fold_name(row.cells[1]) or wanted in fold_name(row.id)


def _goal(row: Row, strategy: Strategy) -> Goal | None:
    return strategy.goals.get(row.goal)


def _heading(row: Row) -> str:
    return row.result.heading.value if isinstance(row.result, GoalResult) else ""


def _signal(row: Row) -> str:
    return row.result.signal.value if isinstance(row.result, GoalResult) else ""


def _perspective(row: Row, wanted: str, strategy: Strategy) -> bool:
    goal = _goal(row, strategy)
    place = row.id if row.kind == "perspective" else goal.perspective if goal else ""
    if wanted in strategy.perspectives:  # a whole id, which may be a part of another
        return place == wanted
    titled = strategy.perspectives.get(place)
    return titled is not None and (wanted in fold_name(place) or wanted in fold_name(titled.title))


def _theme(row: Row, wanted: str, strategy: Strategy) -> bool:
    theme = (goal := _goal(row, strategy)) and goal.theme
    return bool(theme) and (wanted in fold_name(theme) or wanted in fold_name(strategy.themes.get(theme, "")))  # type: ignore[arg-type]


def _under_goal(row: Row, wanted: str, strategy: Strategy) -> bool:
    goal = _goal(row, strategy)
    return goal is not None and (wanted in fold_name(goal.title) or wanted in fold_name(goal.id))


def _is_kpi(row: Row, holds: Callable[[KpiResult], bool]) -> bool:
    return isinstance(row.result, KpiResult) and holds(row.result)


def _is_goal(row: Row, holds: Callable[[GoalResult], bool]) -> bool:
    return isinstance(row.result, GoalResult) and holds(row.result)


def _values(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(words)


_TESTS: Mapping[str, Callable[[Row, str, Strategy], bool]] = {
    "status": lambda row, wanted, _: row.status.value.startswith(wanted),
    "owner": lambda row, wanted, _: wanted in fold_name(row.cells[2]),
    "outlook": lambda row, wanted, _: _heading(row).startswith(wanted) and bool(_heading(row)),
    "signal": lambda row, wanted, _: _signal(row).startswith(wanted) and bool(_signal(row)),
    "goal": _under_goal,
    "kpi": lambda row, wanted, _: row.kind == "kpi" and _names(row, wanted),
    "perspective": _perspective,
    "theme": _theme,
}
WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "status": ("what the colour says", _values(Status)),
    "owner": ("a part of the owner's name", ()),
    "outlook": ("where a goal's outlook points", _values(Heading)),
    "signal": ("what a goal's result and drivers say together", _values(Signal)),
    "goal": ("a goal and its KPIs, by a part of its name", ()),
    "kpi": ("a part of a KPI's name", ()),
    "perspective": ("a part of its name", ()),
    "theme": ("a part of its name", ()),
}
_FLAG_TESTS: Mapping[str, Test] = {
    "stale": lambda row: _is_kpi(row, lambda kpi: kpi.stale),
    "fresh": lambda row: _is_kpi(row, lambda kpi: kpi.value is not None and not kpi.stale),
    "missing": lambda row: _is_kpi(row, lambda kpi: kpi.value is None),
    "partial": lambda row: _is_kpi(row, lambda kpi: kpi.partial),
    "breached": lambda row: bool(row.breached) or _is_goal(row, lambda goal: bool(goal.guardrails_breached)),
    "guardrails": lambda row: row.mark == GUARDRAIL_SIGN,
    "judged": lambda row: _is_goal(row, lambda goal: goal.override is not None),
    "goals": lambda row: row.kind == "goal",
    "kpis": lambda row: row.kind == "kpi",
}
FLAGS: Mapping[str, str] = {
    "stale": "KPIs whose value is old",
    "fresh": "KPIs with a value of now",
    "missing": "KPIs without a value",
    "partial": "KPIs whose value is not complete",
    "breached": "goals with a breached guardrail, and its KPI",
    "guardrails": "KPIs that only watch a goal",
    "judged": "goals whose status was set by judgement",
    "goals": "goals only",
    "kpis": "KPIs only",
}


def describe_words() -> str:
    """The language as a Markdown table, for the help."""
    rows = [
        f"| `{word}:` | {said}{': ' + ', '.join(choices) if choices else ''} |"
        for word, (said, choices) in WORDS.items()
    ]
    rows += [f"| `{flag}` | {said} |" for flag, said in FLAGS.items()]
    rows += ["| `words` | in the name |", "| `-status:green` | must not hold |", "| `status:red,amber` | one of them |"]
    return "\n".join(["| filter | shows |", "| --- | --- |", *rows])
