"""Checks of the KPIs: who answers for them, what they are scored by, which of a goal's KPIs tells most, counts in place of rates.

Diagnostics, guardrails and KPIs with `scoring: none` are not asked for targets and baselines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scorecard.analysis.issue import Context, Issue, Use, enumerate_names, quote
from scorecard.compute.formula import Formula, Name, Node, Operation
from scorecard.model.finding import Severity
from scorecard.model.strategy import Goal, Kpi

_MONEY = re.compile(r"[€$£¥]|\b[A-Za-z]?[A-Z]{3}\b")  # EUR, kEUR, US$
_NO_COUNTS = frozenset({
    "%", "pp", "s", "min", "h", "seconds", "minutes", "hours", "days", "weeks", "months", "years",
    "points", "index", "score", "ratio", "rate", "stars", "rank",
})


def check_primaries(context: Context) -> Iterator[Issue]:
    """One KPI tells most about a goal: not two, and of several one."""
    for goal in context.strategy.goals.values():
        uses = list(context.uses_of(goal))
        primaries = [use for use in uses if use.role == "primary"]
        if len(primaries) > 1:
            names = enumerate_names([_call(context, use.kpi) for use in primaries])
            yield Issue(
                "S410", (*primaries[1].path, "role"), f"{quote(goal)} has {len(primaries)} primary KPIs: {names}",
                "keep the one that tells most; write 'role: supporting' at the others",
            )
        results = [use for use in uses if use.list == "lagging" and use.weight > 0]
        if not primaries and len(results) > 1:
            yield Issue(
                "S411", ("goals", goal.id, "lagging"), f"none of the {len(results)} lagging KPIs of {quote(goal)} is its primary one",
                "write 'role: primary' at the one that tells most",
            )


def check_owners(context: Context) -> Iterator[Issue]:
    """An owner of the goal answers for its KPIs, so one issue a goal says all that have none."""
    kpis = context.strategy.kpis
    users = {name: [use.goal for use in uses] for name, uses in context.uses.items()}
    for goal in context.strategy.goals.values():
        for guardrail in goal.guardrails:
            users.setdefault(guardrail.kpi, []).append(goal)
    orphans: dict[str, list[Kpi]] = {}
    for name, goals in users.items():
        kpi = kpis.get(name)
        if kpi and not kpi.owner and "S412" not in kpi.accept and not any(goal.owner for goal in goals):
            orphans.setdefault(goals[0].id, []).append(kpi)
    for goal in context.strategy.goals.values():
        if goal.id in orphans:
            names = enumerate_names([quote(kpi) for kpi in orphans[goal.id]])
            yield Issue(
                "S412", ("goals", goal.id), f"nobody answers for {names}: neither the KPI nor the goal {quote(goal)} has an owner",
                "write 'owner:' at the goal, or at the KPI",
            )


def check_targets(context: Context) -> Iterator[Issue]:
    for kpi in _scored(context):
        if kpi.red is None and not kpi.targets() and not _is_judged(kpi):
            lacks = "no target" if kpi.baseline is not None else "neither target nor baseline"
            hint = "write 'target:' for one review period" if kpi.baseline is not None else "write 'baseline:' (where it began) and 'target:'"
            yield Issue("S413", context.at(kpi), f"{quote(kpi)} has {lacks}, so it has no score", f"{hint}, or 'role: diagnostic' where it counts for nothing")


def check_baselines(context: Context) -> Iterator[Issue]:
    """A target with a direction scores without a baseline, but only all or nothing; `scoring: goal` says that this is meant."""
    for kpi in _scored(context):
        if kpi.targets() and kpi.direction and kpi.baseline is None and kpi.red is None and kpi.scoring is None:
            yield Issue(
                "S414", context.at(kpi), f"{quote(kpi)} has no baseline: its score is 0 until the target is reached, then 1",
                "write 'baseline:' (where it began), or 'scoring: goal' where nothing less than the target counts",
            )


def check_scorings(context: Context) -> Iterator[Issue]:
    for kpi in _scored(context):
        if _is_judged(kpi):
            continue
        if kpi.targets() and kpi.baseline is None and kpi.red is None and kpi.direction is None:
            yield Issue(
                "S423", (*context.at(kpi), "target"), f"{quote(kpi)} has a target but neither baseline nor direction, so it has no score",
                "write 'baseline:' (where it began); where nothing less than the target counts, 'direction: up' or 'down'",
            )
        elif kpi.red is not None and not kpi.targets():
            yield Issue("S423", (*context.at(kpi), "red"), f"{quote(kpi)} has a red flag but no target, so it has no score", "write 'target:'")


def check_units(context: Context) -> Iterator[Issue]:
    for kpi in context.strategy.kpis.values():
        if not kpi.unit and kpi.levels is None:
            yield Issue("S415", context.at(kpi), f"{quote(kpi)} has no unit", "write 'unit:', such as visits, EUR, hours or \"%\"")


def check_counts(context: Context) -> Iterator[Issue]:
    """A count grows with whatever is counted under; the rate made of it does not."""
    counts = {
        name: use for name, uses in context.uses.items() for use in reversed(uses)
        if use.list == "lagging" and use.weight > 0 and name in context.strategy.kpis and _is_count(context.strategy.kpis[name])
    }
    if not counts:
        return
    rates: dict[str, str] = {}
    for name, formula in (*context.formulas.items(), *context.library.items()):
        if name in context.strategy.metrics:
            continue
        for counted in counts.keys() & {used for used, _ in formula.names} - rates.keys():
            if _is_rate_of(formula, counted):
                rates[counted] = name
    for name in (name for name in counts if name in rates):
        kpi = context.strategy.kpis[name]
        yield Issue(
            "S416", counts[name].path, f"{quote(kpi)} is a raw count used as a result, where the rate '{rates[name]}' exists",
            f"score '{rates[name]}' in its place and keep the count with 'role: diagnostic'",
        )


def check_definitions(context: Context) -> Iterator[Issue]:
    for name, uses in context.uses.items():
        goals = list(dict.fromkeys(use.goal.id for use in uses))
        if name in context.inline and len(goals) > 1 and name in context.strategy.kpis:
            yield Issue(
                "S424", ("kpis", name), f"{quote(context.strategy.kpis[name])} is used by {len(goals)} goals but defined at one of them",
                "define it under 'kpis:' and name it by id at the goals", Severity.HINT,
            )


def check_aggregates(context: Context) -> Iterator[Issue]:
    strategy = context.strategy
    for measure in (*strategy.kpis.values(), *strategy.metrics.values()):
        if measure.formula is not None or getattr(measure, "levels", None) or "aggregate" in measure.model_fields_set:
            continue
        if strategy.interval(measure) < strategy.rhythm:
            yield Issue(
                "S425", context.at(measure),
                f"{quote(measure)} is measured every {measure.interval} and reviewed every {strategy.period}: of its values the latest counts",
                "write 'aggregate: sum' or 'mean', or 'last' where that is meant", Severity.HINT,
            )


def _scored(context: Context) -> Iterator[Kpi]:
    """The KPIs whose score counts somewhere."""
    for name, uses in context.uses.items():
        kpi = context.strategy.kpis.get(name)
        if kpi and kpi.scoring != "none" and any(use.weight > 0 for use in uses):
            yield kpi


def _is_judged(kpi: Kpi) -> bool:
    """Whether the KPI is scored without a target."""
    return kpi.scoring in ("band", "scale", "levels") or not (kpi.band is None and kpi.scale is None and kpi.levels is None)


def _is_count(kpi: Kpi) -> bool:
    """A recorded figure of which more is better, in a unit that counts things (not money, time or points)."""
    if kpi.formula is not None or _is_judged(kpi):
        return False
    unit = kpi.unit or ""
    if unit.casefold() in _NO_COUNTS or _MONEY.search(unit):
        return False
    return bool(unit) or kpi.aggregate == "sum"


def _is_rate_of(formula: Formula, counted: str) -> bool:
    """Whether the formula divides a count by another figure, or takes its growth."""
    for node, _ in formula.steps:
        if not isinstance(node, Operation):
            continue
        if node.name == "growth" and counted in _names(node.parts):
            return True
        if node.name == "product":
            signed = list(zip(("*", *node.signs), node.parts, strict=True))
            below = _names(part for sign, part in signed if sign == "/")
            if below and counted in _names(part for sign, part in signed if sign == "*"):
                return True
    return False


def _names(parts: Iterable[Node]) -> set[str]:
    nodes, found = list(parts), set()
    for node in nodes:  # grows while it is read
        if isinstance(node, Name):
            found.add(node.id)
        elif isinstance(node, Operation):
            nodes.extend(node.parts)
    return found


def _call(context: Context, name: str) -> str:
    kpi = context.strategy.kpis.get(name)
    return quote(kpi) if kpi else f"'{name}'"
