"""Checks of the map: goals without results or drivers, links that do not run upwards or say no reason, goals that stand alone, size.

What judges the map as a whole is left out where the strategy has errors: a goal that could not be read would seem to be missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from scorecard.analysis.issue import Context, Issue, Path, quote
from scorecard.model.finding import Severity
from scorecard.model.strategy import Goal

FEWEST_GOALS, MOST_GOALS = 5, 25


def check_results(context: Context) -> Iterator[Issue]:
    for goal in context.strategy.goals.values():
        if context.has_results(goal):
            continue
        if any(initiative.status != "stopped" for initiative in goal.initiatives):
            yield Issue(
                "S402", ("goals", goal.id), f"{quote(goal)} has no lagging KPI: the progress of its initiatives stands in for its result",
                "name under 'lagging:' what the work is meant to change", Severity.HINT,
            )
        else:
            yield Issue(
                "S401", ("goals", goal.id), f"{quote(goal)} has no lagging KPI that counts, so nobody can tell whether it is reached",
                "name under 'lagging:' what shows the result",
            )


def check_drivers(context: Context) -> Iterator[Issue]:
    """Goals of the lowest perspective are where causes begin; what drives them is the work itself."""
    filled = [goals for goals in context.strategy.lanes().values() if goals]
    for goal in (goal for goals in filled[:-1] for goal in goals):
        if not goal.links and not any(use.weight > 0 for use in context.uses_of(goal) if use.list == "leading"):
            yield Issue(
                "S403", ("goals", goal.id), f"{quote(goal)} has no drivers, so nothing warns before its result changes",
                "name under 'leading:' the goals or KPIs that bring the result about",
            )


def check_directions(context: Context) -> Iterator[Issue]:
    goals = context.strategy.goals
    ranks = {name: rank for rank, name in enumerate(context.strategy.perspectives)}
    for effect, number, link in context.links():
        cause = goals.get(link.goal)
        if cause is None or cause.perspective not in ranks or effect.perspective not in ranks:
            continue
        path: Path = ("goals", effect.id, "leading", number)
        if ranks[cause.perspective] < ranks[effect.perspective]:
            yield Issue(
                "S404", path, f"the link points down: {quote(cause)} drives {quote(effect)}, which lies below it",
                "turn the link round, or move one of the goals to another perspective",
            )
        elif cause.perspective == effect.perspective:
            yield Issue(
                "S405", path, f"the link runs sideways: {quote(cause)} and {quote(effect)} lie in one perspective",
                "link both to a goal above, merge them, or move one to another perspective",
            )


def check_orphans(context: Context) -> Iterator[Issue]:
    goals = context.strategy.goals
    if context.history is None or len(goals) < 2:
        return
    linked = set(context.driving)
    for effect, _, link in context.links():
        linked |= {effect.id, link.goal}
    if not linked & goals.keys():
        yield Issue(
            "S406", ("goals",), "no goal drives another: this is a list of goals, not a map",
            "say under 'leading:' of each goal above which goals below bring it about",
        )
        return
    for goal in goals.values():
        if goal.id not in linked:
            yield Issue(
                "S406", ("goals", goal.id), f"{quote(goal)} neither drives another goal nor is driven by one",
                "link it, or ask what it is there for",
            )


def check_perspectives(context: Context) -> Iterator[Issue]:
    strategy = context.strategy
    if context.history is None or not strategy.goals:
        return
    lanes = strategy.lanes()
    for perspective in strategy.perspectives.values():
        if not lanes[perspective.id]:
            yield Issue(
                "S407", ("perspectives", perspective.id), f"the perspective {quote(perspective)} has no goal",
                "give it a goal, or name under 'perspectives:' only those that the strategy has",
            )


def check_size(context: Context) -> Iterator[Issue]:
    count = len(context.strategy.goals)
    if context.history is None:
        return
    if count > MOST_GOALS:
        yield Issue(
            "S408", ("goals",), f"the map has {count:,} goals; above {MOST_GOALS} nobody remembers them",
            "merge goals, or move some to the scorecard of a unit",
        )
    elif count < FEWEST_GOALS:
        words = "no goals" if not count else "one goal" if count == 1 else f"{count} goals"
        yield Issue(
            "S409", ("goals",), f"the map has {words}; below {FEWEST_GOALS} it tells no story of cause and effect",
            "ask of each goal what brings it about, and add that as a goal",
        )


def check_hypotheses(context: Context) -> Iterator[Issue]:
    for effect, number, link in context.links():
        if not (link.why or "").strip():
            yield Issue(
                "S417", ("goals", effect.id, "leading", number), f"nothing says why '{link.goal}' should lead to {quote(effect)}",
                "write the hypothesis in a sentence under 'why:'",
            )


def check_evidence(context: Context) -> Iterator[Issue]:
    """One issue for the whole map: assumptions are where every strategy begins. Goals may take their links out of the count."""
    links = [(effect, link) for effect, _, link in context.links()]
    assumed = [(effect, link) for effect, link in links if link.evidence_kind == "assumed" and "S418" not in effect.accept]
    if assumed:
        effect, link = assumed[0]
        many = f"{len(assumed)} of {len(links)} links rest on an assumption, such as '{link.goal}' for {quote(effect)}"
        alone = f"the link from '{link.goal}' to {quote(effect)} rests on an assumption"
        yield Issue(
            "S418", ("goals",), many if len(assumed) > 1 else alone,
            "look at past figures or try it out, and write what came of it under 'evidence:' (observed or tested)",
        )


def check_leading(context: Context) -> Iterator[Issue]:
    """A KPI leads where an entry names it, or where it is a result of a goal named there."""
    if context.history is None:
        return
    for name, goals in context.strategy.lanes().items():
        has_results = any(context.has_results(goal) for goal in goals)
        if has_results and not any(_is_led(context, goal) for goal in goals):
            perspective = context.strategy.perspectives[name]
            yield Issue(
                "S419", ("perspectives", name), f"no goal in the perspective {quote(perspective)} has a leading KPI",
                "name under 'leading:' of one of its goals a figure that moves before the result does",
            )


def _is_led(context: Context, goal: Goal) -> bool:
    if any(use.weight > 0 for use in context.uses_of(goal) if use.list == "leading"):
        return True
    goals = context.strategy.goals
    return any("/" in link.goal or (link.goal in goals and context.has_results(goals[link.goal])) for link in goal.links)
