"""The changes of a scenario as the options of `scorecard what-if` say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from scorecard.cli.paths import refuse
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from scorecard.analysis.changes import Change
    from scorecard.model.strategy import Strategy

_EXAMPLES = {
    "--set": "--set margin=18%",
    "--target": "--target margin=25%",
    "--weight": "--weight profit/margin=2",
    "--off": "--off profit/rush",
    "--progress": "--progress crm_fields=100%",
}


def read_changes(strategy: Strategy, option: str, words: Sequence[str]) -> list[Change]:
    """The changes that an option says."""
    from scorecard.analysis.changes import LinkChange, ProgressChange, TargetChange

    if option == "--off":
        return [LinkChange(*_pair(strategy, option, word), None) for word in words]
    changes: list[Change] = []
    for word in words:
        name, sign, figure = (part.strip() for part in word.partition("="))
        if not sign or not figure:
            refuse(f"{option} '{shorten(word)}' sets nothing", f"write it such as {_EXAMPLES[option]}")
        match option:
            case "--set":
                changes.append(_read_value(strategy, _find(strategy, name), figure))
            case "--target":
                changes.append(TargetChange(_find(strategy, name), _number(figure)))
            case "--progress":
                changes.append(ProgressChange(name, _number(figure)))
            case _:
                changes.append(_read_weight(strategy, name, _number(figure)))
    return changes


def refuse_goal(strategy: Strategy, name: str) -> NoReturn:
    from scorecard.model.spelling import nearest

    near = nearest(name, strategy.goals)
    there_are = f"there are: {shorten(', '.join(strategy.goals), 200)}"
    refuse(f"there is no goal '{shorten(name)}'", f"did you mean '{near}'?" if near else there_are)


def _read_value(strategy: Strategy, name: str, figure: str) -> Change:
    from scorecard.analysis.changes import ValueChange

    in_words = getattr(strategy.measure(name), "levels", None)
    return ValueChange(name, figure if in_words else _number(figure))


def _read_weight(strategy: Strategy, name: str, weight: float) -> Change:
    """At a goal an id names one of its KPIs, else a goal that drives it; `goal<-goal` always names a link."""
    from scorecard.analysis.changes import LinkChange, WeightChange

    goal, inner = _pair(strategy, "--weight", name)
    causes = {link.goal for link in strategy.goals[goal].links} if goal in strategy.goals else set()
    is_link = "<-" in name or (inner in causes and inner not in _list_kpis(strategy, goal))
    return LinkChange(goal, inner, weight) if is_link else WeightChange(goal, _find(strategy, inner), weight)


def _list_kpis(strategy: Strategy, goal: str) -> set[str]:
    found = strategy.goals[goal]
    return {use.kpi for use in (*found.lagging, *found.drivers)}


def _pair(strategy: Strategy, option: str, word: str) -> tuple[str, str]:
    """`goal/id` or `goal<-id`."""
    goal, sign, inner = (part.strip() for part in word.partition("<-" if "<-" in word else "/"))
    if not sign or not goal or not inner:
        refuse(f"{option} '{shorten(word)}' names no two ids", f"write it such as {_EXAMPLES[option]}")
    if goal not in strategy.goals:
        refuse_goal(strategy, goal)
    return goal, inner


def _find(strategy: Strategy, name: str) -> str:
    """The id of a KPI or metric called by id, name or alias; a text that is none is left to the check."""
    from scorecard.model.strategy import fold_name

    if strategy.measure(name):
        return name
    wanted = fold_name(name)
    measures = (*strategy.kpis.values(), *strategy.metrics.values())
    return next((one.id for one in measures if wanted in map(fold_name, (one.id, one.title, *one.aliases))), name)


def _number(text: str) -> float:
    from scorecard.model.number import NumberError, read_number

    try:
        return read_number(text)
    except NumberError as error:
        return refuse(f"'{shorten(text)}' {error}", "write a number such as 40000, 1/3 or 12.5%")
