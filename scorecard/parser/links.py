"""Links across strategies, and cycles in the map of all that were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scorecard.compute.graph import find_cycles
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.goal import Goal, Link
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Strategy
from scorecard.parser.ledger import Ledger
from scorecard.parser.places import Places
from scorecard.parser.references import write_cycle

Read = Mapping[str, tuple[Strategy, Places]]  # strategies by id


def check_map(strategies: Read, complete: bool) -> list[Finding]:
    """What is wrong with the links of the strategies; where not all could be read, none is said to be missing."""
    findings = Ledger()
    causes: dict[str, list[str]] = {}
    for name, (strategy, places) in strategies.items():
        for goal in strategy.goals.values():
            needed = causes[f"{name}/{goal.id}"] = []
            for number, step in enumerate(goal.leading):
                if isinstance(step, Link):
                    needed.append(step.goal if "/" in step.goal else f"{name}/{step.goal}")
                    if "/" in step.goal:
                        place = places.of("goals", goal.id, "leading", number, "goal")
                        for found in _foreign(step.goal, name, strategies, place):
                            if complete or found.code not in ("S220", "S244"):
                                findings.add(found)
    for cycle in find_cycles(causes):
        for found in _circle(cycle, strategies):
            findings.add(found)
    return findings


def _circle(cycle: list[str], strategies: Read) -> Iterator[Finding]:
    """A finding at one link of the cycle, in each of the strategies it runs through."""
    alone = len({name.partition("/")[0] for name in cycle}) == 1
    names = [name.partition("/")[2] for name in cycle] if alone else cycle
    message = f"these goals drive each other in a circle: {write_cycle(names)}"
    hint = "take out one of these links: a map has causes below and effects above"
    if len(cycle) == 1:
        message, hint = f"the goal '{names[0]}' drives itself", "take out this link"
    seen: set[str] = set()
    for cause, effect in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
        owner, _, goal = effect.partition("/")
        if owner not in seen:
            strategy, places = strategies[owner]
            place = _link_place(strategy.goals[goal], cause, owner, places)
            yield Finding("S224", Severity.ERROR, place, message, hint)
        seen.add(owner)


def _link_place(goal: Goal, cause: str, owner: str, places: Places) -> Place:
    for number, step in enumerate(goal.leading):
        if isinstance(step, Link) and cause in (step.goal, f"{owner}/{step.goal}"):
            return places.of("goals", goal.id, "leading", number, "goal")
    return places.of("goals", goal.id)


def _foreign(name: str, own: str, strategies: Read, place: Place) -> Iterator[Finding]:
    """What is wrong with a link to a goal of another strategy."""
    other, _, goal = name.partition("/")
    if other not in strategies:
        if len(strategies) == 1 and other != own:
            message = f"the goal '{shorten(name)}' is of another strategy, which was not read"
            hint = "name the folder that holds both strategies; until then it counts as unknown"
            yield Finding("S244", Severity.WARNING, place, message, hint)
            return
        near = nearest(other, strategies)
        message = f"the strategy '{shorten(other)}' is not in this workspace"
        hint = f"did you mean '{near}/{goal}'?" if near else "add it to the workspace"
        yield Finding("S220", Severity.ERROR, place, message, hint)
        return
    (mine, _), (theirs, _) = strategies[own], strategies[other]
    if goal not in theirs.goals:
        near = nearest(goal, theirs.goals)
        message = f"the strategy '{other}' has no goal '{shorten(goal)}'"
        hint = f"did you mean '{other}/{near}'?" if near else "define it there"
        yield Finding("S220", Severity.ERROR, place, message, hint)
    elif (theirs.period, theirs.year_start) != (mine.period, mine.year_start):
        what = f"reviewed by the {theirs.period}, this strategy by the {mine.period}"
        if theirs.period == mine.period:
            what = f"counted in years from month {theirs.year_start}, this strategy from month {mine.year_start}"
        message = f"'{shorten(name)}' is {what}"
        hint = "give linked strategies the same 'period' and 'year_start'"
        yield Finding("S245", Severity.ERROR, place, message, hint)
