"""What the schema alone cannot see about ids and names: used but not defined, taken twice, ends before beginnings."""

from __future__ import annotations

from collections.abc import Sequence

from scorecard.compute.formula import RESERVED
from scorecard.compute.graph import find_cycles
from scorecard.model.finding import Severity, shorten
from scorecard.model.goal import Goal, Link
from scorecard.model.kpi import Kpi, KpiUse
from scorecard.model.spelling import nearest
from scorecard.model.strategy import Dimension, fold_name
from scorecard.parser.places import Step
from scorecard.parser.reporter import Reporter


def check_references(reporter: Reporter) -> None:
    """Report what is wrong with the ids and names of a strategy, and with what its goals say of them."""
    _check_ids(reporter)
    _check_names(reporter)
    _check_initiatives(reporter)
    for goal in reporter.strategy.goals.values():
        _check_goal(reporter, goal)
    _check_dimensions(reporter)


def write_cycle(names: Sequence[str]) -> str:
    """A cycle in words, its first name repeated at the end; a long one is cut in the middle."""
    shown = names if len(names) <= 12 else [*names[:6], f"… {len(names) - 11} more …", *names[-5:]]
    return " > ".join([*shown, names[0]])


def _check_ids(reporter: Reporter) -> None:
    """KPIs and metrics share their ids, and formulas must be able to name them."""
    strategy, places = reporter.strategy, reporter.places
    for kind, measure in reporter.each_measure():
        path = (kind, measure.id)
        if measure.id in strategy.kpis and measure.id in strategy.metrics:
            own, other = ("KPI", "metrics") if kind == "kpis" else ("metric", "kpis")
            message = f"'{measure.id}' is a {own} here and something else at {places.of_key(other, measure.id)}"
            reporter.report("S221", path, message, "give one of them another id", key=True)
        if measure.id in RESERVED:
            message = f"'{measure.id}' is a word of the formula language"
            hint = f"choose another id, such as {measure.id}_value"
            reporter.report("S223", path, message, hint, key=True)


def _check_names(reporter: Reporter) -> None:
    """A name or alias that is written must not be another's id, name or alias; a missing name is made from the id."""
    taken: dict[str, str] = {}
    for _, measure in reporter.each_measure():
        taken.setdefault(fold_name(measure.id), measure.id)
    for _, measure in reporter.each_measure():
        if measure.name is None:
            taken.setdefault(fold_name(measure.title), measure.id)
    for kind, measure in reporter.each_measure():
        own = fold_name(measure.id)
        for number, text in enumerate((measure.name, *measure.aliases)):
            key = fold_name(text) if text else own
            owner = taken.setdefault(key, measure.id)
            if text and owner != measure.id and key != own:
                path = (kind, measure.id, *(("aliases", number - 1) if number else ("name",)))
                message = f"'{measure.id}' and '{owner}' are both called '{shorten(text)}'"
                hint = "give each KPI and metric names of its own, or data cannot be told apart"
                reporter.report("S222", path, message, hint)


def _check_initiatives(reporter: Reporter) -> None:
    first: dict[str, tuple[Step, ...]] = {}
    places = reporter.places
    for goal in reporter.strategy.goals.values():
        for number, initiative in enumerate(goal.initiatives):
            path = ("goals", goal.id, "initiatives", number, "initiative")
            if initiative.id in first:
                what, hint = f"the initiative '{initiative.id}' is defined", "give one of them another id"
                earlier, here = places.of(*first[initiative.id]), places.of(*path)
                reporter.report("S203", first[initiative.id], f"{what} here and again at {here}", hint)
                reporter.report("S203", path, f"{what} already at {earlier}", hint)
            first.setdefault(initiative.id, path)
            if reporter.ends_early(initiative.start, initiative.due):
                message, hint = "the initiative is due before it starts", "correct 'start' or 'due'"
                reporter.report("S240", (*path[:-1], "due"), message, hint, Severity.WARNING)


def _check_goal(reporter: Reporter, goal: Goal) -> None:
    strategy, path = reporter.strategy, ("goals", goal.id)
    if goal.perspective not in strategy.perspectives:
        at = (*path, "perspective")
        reporter.report_undefined("S220", "perspective", goal.perspective, strategy.perspectives, at)
    if goal.theme and goal.theme not in strategy.themes:
        reporter.report_undefined("S220", "theme", goal.theme, strategy.themes, (*path, "theme"))
    _check_entries(reporter, "lagging", goal.lagging, path)
    _check_entries(reporter, "leading", goal.leading, path)
    _check_guardrails(reporter, goal, path)
    if goal.override and reporter.ends_early(goal.override.start, goal.override.until):
        message, hint = "the override ends before it begins", "correct 'from' or 'until'"
        reporter.report("S240", (*path, "override", "until"), message, hint, Severity.WARNING)


def _check_entries(reporter: Reporter, key: str, uses: Sequence[KpiUse | Link], path: tuple[Step, ...]) -> None:
    strategy = reporter.strategy
    seen: set[str] = set()
    for number, use in enumerate(uses):
        is_link = isinstance(use, Link)
        name = use.goal if isinstance(use, Link) else use.kpi
        at = (*path, key, number, "goal" if is_link else "kpi")
        if name in seen:
            message = f"'{shorten(name)}' stands twice in '{key}' of this goal"
            hint = "name it once, with the weight it should have"
            reporter.report("S229", at, message, hint, Severity.WARNING)
        seen.add(name)
        if is_link and "/" not in name and name not in strategy.goals:
            reporter.report_undefined("S220", "goal", name, strategy.goals, at)
        elif not is_link and name in strategy.metrics and name not in strategy.kpis:
            message = f"'{name}' is a metric, and metrics have no score"
            reporter.report("S220", at, message, "define it under 'kpis:', with a target")
        elif not is_link and name not in strategy.kpis:
            reporter.report_undefined("S220", "KPI", name, strategy.kpis, at)


def _check_guardrails(reporter: Reporter, goal: Goal, path: tuple[Step, ...]) -> None:
    strategy = reporter.strategy
    for number, guardrail in enumerate(goal.guardrails):
        at: tuple[Step, ...] = (*path, "guardrails", number)
        measure = strategy.measure(guardrail.kpi)
        if measure is None:
            reporter.report_undefined("S220", "KPI or metric", guardrail.kpi, reporter.measures, (*at, "kpi"))
        elif isinstance(measure, Kpi) and measure.levels:
            message = f"'{guardrail.kpi}' is judged in words, which have no limit"
            reporter.report("S239", (*at, "kpi"), message, "guard a KPI or metric with numbers")
        if guardrail.min is None and guardrail.max is None and not reporter.has_lost(at):
            reporter.report("S239", at, "the guardrail has no limit", "give 'min:' or 'max:'")
        if guardrail.min is not None and guardrail.max is not None and guardrail.min > guardrail.max:
            reporter.report("S239", (*at, "min"), "the guardrail's min lies above its max", "turn min and max round")


def _check_dimensions(reporter: Reporter) -> None:
    dimensions = reporter.strategy.dimensions
    for name, dimension in dimensions.items():
        path: tuple[Step, ...] = ("dimensions", name)
        if dimension.parent and dimension.parent not in dimensions:
            at = (*path, "parent")
            reporter.report_undefined("S220", "dimension", dimension.parent, dimensions, at)
        _check_parents(reporter, name, dimension)
        seen: set[str] = set()
        for number, member in enumerate(dimension.members):
            if fold_name(member) in seen:
                message = f"the member '{shorten(member)}' is named twice; case and spaces do not count"
                step = member if dimension.parents else number
                reporter.report("S242", (*path, "members", step), message, "name it once")
            seen.add(fold_name(member))
    for cycle in find_cycles({name: [d.parent] if d.parent else [] for name, d in dimensions.items()}):
        message = f"these dimensions are each other's parent: {write_cycle(cycle)}"
        reporter.report("S242", ("dimensions", cycle[0], "parent"), message, "let one of them have no parent")


def _check_parents(reporter: Reporter, name: str, dimension: Dimension) -> None:
    """Members that say whom they belong to belong to members of the parent."""
    path: tuple[Step, ...] = ("dimensions", name)
    if dimension.parents and dimension.parent is None and not reporter.has_lost(path):
        message = f"the members of '{name}' say whom they belong to, but '{name}' has no parent"
        reporter.report("S242", (*path, "members"), message, "add 'parent:', or write the members as a list")
    parent = reporter.strategy.dimensions.get(dimension.parent or "")
    known = {fold_name(member): member for member in parent.members} if parent else {}
    for member, above in dimension.parents.items() if parent else ():
        if fold_name(above) not in known:
            near = nearest(fold_name(above), known)
            hint = (
                f"did you mean '{shorten(known[near])}'?" if near else f"add it to the members of '{dimension.parent}'"
            )
            message = f"'{shorten(above)}' is no member of '{dimension.parent}'"
            reporter.report("S242", (*path, "members", member), message, hint)
