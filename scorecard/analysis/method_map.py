"""Checks of the map: goals without results or drivers, links that run astray or say no reason, lone goals, its size.

What judges the map as a whole is left out where the strategy has errors: a goal that could not be read would seem to
be missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from scorecard.analysis.issue import Context, Issue, Path, quote
from scorecard.model.goal import Goal, Link

FEWEST_GOALS, MOST_GOALS = 5, 25


def check_results(context: Context) -> Iterator[Issue]:
    for goal in context.strategy.goals.values():
        if context.counts(goal, "lagging"):
            continue
        path: Path = ("goals", goal.id)
        if any(initiative.status != "stopped" for initiative in goal.initiatives):
            message = f"{quote(goal)} has no lagging KPI: the progress of its initiatives stands in for its result"
            yield Issue("S402", path, quote(goal), message, "name under 'lagging:' what the work is meant to change")
        else:
            message = f"{quote(goal)} has no lagging KPI that counts, so nobody can tell whether it is reached"
            yield Issue("S401", path, quote(goal), message, "name under 'lagging:' what shows the result")


def check_drivers(context: Context) -> Iterator[Issue]:
    """Goals of the lowest perspective are where causes begin; what drives them is the work itself."""
    lanes = context.strategy.lanes()
    filled = [lanes[name] for name in context.strategy.perspectives if lanes[name]]
    for goal in (goal for goals in filled[:-1] for goal in goals):
        if not goal.links and not context.counts(goal, "leading"):
            message = f"{quote(goal)} has no drivers, so nothing warns before its result changes"
            hint = "name under 'leading:' the goals or KPIs that bring the result about"
            yield Issue("S403", ("goals", goal.id), quote(goal), message, hint)


def check_directions(context: Context) -> Iterator[Issue]:
    """A link inside a perspective that opposes is no slip: it names a trade-off."""
    goals = context.strategy.goals
    ranks = {name: rank for rank, name in enumerate(context.strategy.perspectives)}
    for effect, number, link in context.links():
        cause = goals.get(link.goal)
        if cause is None or cause.perspective not in ranks or effect.perspective not in ranks:
            continue
        path: Path = ("goals", effect.id, "leading", number)
        about = _call(link, effect)
        if ranks[cause.perspective] < ranks[effect.perspective]:
            message = f"the link points down: {quote(cause)} drives {quote(effect)}, which lies below it"
            yield Issue("S404", path, about, message, "turn the link round, or move one goal to another perspective")
        elif cause.perspective == effect.perspective and cause is not effect and not link.opposes:
            message = f"the link runs sideways: {quote(cause)} and {quote(effect)} lie in one perspective"
            yield Issue("S405", path, about, message, "link both to a goal above, or move one to another perspective")


def check_orphans(context: Context) -> Iterator[Issue]:
    goals = context.strategy.goals
    if context.history is None or len(goals) < 2:
        return
    linked = set(context.driving)
    for effect, _, link in context.links():
        linked |= {effect.id, link.goal}
    if linked.isdisjoint(goals):
        message = "no goal drives another: this is a list of goals, not a map"
        yield Issue("S406", ("goals",), "", message, "name under 'leading:' of a goal those below that bring it about")
        return
    for goal in goals.values():
        if goal.id not in linked:
            message = f"{quote(goal)} neither drives another goal nor is driven by one"
            yield Issue("S406", ("goals", goal.id), quote(goal), message, "link it, or ask what it is there for")


def check_perspectives(context: Context) -> Iterator[Issue]:
    strategy = context.strategy
    if context.history is None or not strategy.goals:
        return
    lanes = strategy.lanes()
    for perspective in strategy.perspectives.values():
        if not lanes[perspective.id]:
            message = f"the perspective {quote(perspective)} has no goal"
            hint = "give it a goal, or name under 'perspectives:' only those that have one"
            yield Issue("S407", ("perspectives", perspective.id), quote(perspective), message, hint)


def check_size(context: Context) -> Iterator[Issue]:
    count = len(context.strategy.goals)
    if context.history is None:
        return
    if count > MOST_GOALS:
        message = f"the map has {count:,} goals; more than {MOST_GOALS} nobody keeps in mind"
        yield Issue("S408", ("goals",), "", message, "merge goals, or move some to the scorecard of a unit")
    elif count < FEWEST_GOALS:
        words = "no goal" if not count else "one goal" if count == 1 else f"{count} goals"
        message = f"the map has {words}; fewer than {FEWEST_GOALS} tell no story of cause and effect"
        yield Issue("S409", ("goals",), "", message, "ask of each goal what brings it about, and add that as a goal")


def check_hypotheses(context: Context) -> Iterator[Issue]:
    for effect, number, link in context.links():
        if not (link.why or "").strip():
            message = f"nothing says why '{link.goal}' should lead to {quote(effect)}"
            path: Path = ("goals", effect.id, "leading", number)
            yield Issue("S417", path, _call(link, effect), message, "write the hypothesis in a sentence under 'why:'")


def check_evidence(context: Context) -> Iterator[Issue]:
    for effect, number, link in context.links():
        if link.evidence_kind == "assumed":
            message = f"that '{link.goal}' leads to {quote(effect)} is an assumption"
            hint = "look at past figures or try it out, and write under 'evidence:' what came of it"
            yield Issue("S418", ("goals", effect.id, "leading", number), _call(link, effect), message, hint)


def check_leading(context: Context) -> Iterator[Issue]:
    """A KPI leads where an entry names it, or where it is a result of a goal named there."""
    if context.history is None:
        return
    lanes = {name: goals for name, goals in context.strategy.lanes().items() if goals}
    for name, goals in lanes.items():
        measured = any(context.counts(goal, "lagging") for goal in goals)
        at_work = name == list(lanes)[-1] and any(goal.initiatives for goal in goals)
        if measured and not at_work and not any(_is_led(context, goal) for goal in goals):
            perspective = context.strategy.perspectives[name]
            message = f"no goal in the perspective {quote(perspective)} has a leading KPI"
            hint = "name under 'leading:' of one of its goals a figure that moves before the result does"
            yield Issue("S419", ("perspectives", name), quote(perspective), message, hint)


def _is_led(context: Context, goal: Goal) -> bool:
    if context.counts(goal, "leading"):
        return True
    causes = [context.strategy.goals.get(link.goal) for link in goal.links]
    return any(cause is None or context.counts(cause, "lagging") for cause in causes)


def _call(link: Link, effect: Goal) -> str:
    return f"{link.goal} > {effect.id}"
