"""Checks of the KPIs: owners, targets and baselines, units, which tells most about a goal, counts in place of rates.

Diagnostics, guardrails and KPIs with `scoring: none` are not asked for targets and baselines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from scorecard.analysis.issue import Context, Issue, enumerate_names, quote
from scorecard.compute.formula import Formula, Name, Node, Operation
from scorecard.model.kpi import Kpi
from scorecard.model.scoring import MOST_SHARE

_MONEY = re.compile(r"[€$£¥]|\b[A-Za-z]?[A-Z]{3}\b")  # EUR, kEUR, US$
_NO_COUNT = re.compile(
    r"%|pp|s|min|h|(second|minute|hour|day|week|month|year|point|star)s?|index|score|ratio|rate|rank"
)


def check_primaries(context: Context) -> Iterator[Issue]:
    """One KPI tells most about a goal: not two, and of several one."""
    for goal in context.strategy.goals.values():
        primaries = [use for use in context.uses_of(goal) if use.role == "primary"]
        results = context.counts(goal, "lagging")
        if len(primaries) > 1:
            names = enumerate_names([f"'{use.kpi}'" for use in primaries])
            message = f"{quote(goal)} has {len(primaries)} primary KPIs: {names}"
            hint = "keep the one that tells most; write 'role: supporting' at the others"
            yield Issue("S410", primaries[1].path, quote(goal), message, hint)
        elif not primaries and len(results) > 1:
            message = f"none of the {len(results)} lagging KPIs of {quote(goal)} is its primary one"
            hint = "write 'role: primary' at the one that tells most"
            yield Issue("S411", ("goals", goal.id, "lagging"), quote(goal), message, hint)


def check_owners(context: Context) -> Iterator[Issue]:
    """An owner of one of its goals answers for a KPI, and a goal may accept for all its KPIs that nobody does."""
    for kpi in context.strategy.kpis.values():
        goals = [use.goal for use in context.uses.get(kpi.id, ())] + context.guards.get(kpi.id, [])
        if goals and not kpi.owner and not any(goal.owner or "S412" in goal.accept for goal in goals):
            message = f"nobody answers for {quote(kpi)}: neither it nor the goal {quote(goals[0])} has an owner"
            yield Issue("S412", context.at(kpi), quote(kpi), message, "write 'owner:' at the goal, or at the KPI")


def check_targets(context: Context) -> Iterator[Issue]:
    for kpi in _scored(context):
        if kpi.red is not None or kpi.targets():
            continue
        begun = kpi.baseline is not None
        message = f"{quote(kpi)} has {'no target' if begun else 'neither target nor baseline'}, so it has no score"
        fields = "'target:'" if begun else "'baseline:' (where it began) and 'target:'"
        hint = f"write {fields}, or 'role: diagnostic' where it is only watched"
        yield Issue("S413", context.at(kpi), quote(kpi), message, hint)


def check_baselines(context: Context) -> Iterator[Issue]:
    """A direction does without a baseline, but all or nothing; `scoring: goal` says that this is meant."""
    for kpi in _scored(context):
        if kpi.targets() and kpi.direction and kpi.baseline is None and kpi.red is None and kpi.scoring is None:
            message = f"{quote(kpi)} has no baseline: its score is 0 until the target is reached, then 1"
            hint = "write 'baseline:' (where it began), or 'scoring: goal' where only the target counts"
            yield Issue("S414", context.at(kpi), quote(kpi), message, hint)


def check_scorings(context: Context) -> Iterator[Issue]:
    for kpi in _scored(context):
        if kpi.targets() and kpi.baseline is None and kpi.red is None and kpi.direction is None:
            message = f"{quote(kpi)} has a target but neither baseline nor direction, so it has no score"
            hint = "write 'baseline:' (where it began), or 'direction:' where only the target counts"
            yield Issue("S423", (*context.at(kpi), "target"), quote(kpi), message, hint)
        elif kpi.red is not None and not kpi.targets():
            message = f"{quote(kpi)} has a red flag but no target, so it has no score"
            yield Issue("S423", (*context.at(kpi), "red"), quote(kpi), message, "write 'target:'")


def check_scales(context: Context) -> Iterator[Issue]:
    """A percentage from 30 to 45% runs from 3000% down to 45%: its score is the reverse of what is meant."""
    for kpi in context.strategy.kpis.values():
        marks = _marks(kpi) if kpi.unit == "%" else []
        whole = next((mark for mark in marks if abs(mark[1]) > MOST_SHARE), None)
        share = next((mark for mark in marks if 0 < abs(mark[1]) <= 1), None)
        if whole and share:
            shown = ", ".join(f"{field} {100 * number:.10g}%" for field, number in (share, whole))
            field, number = whole
            message = f"{quote(kpi)} has figures of two scales: {shown}"
            hint = f"write {number:.10g}% where {number:.10g} stands, which is {100 * number:.10g}%"
            yield Issue("S427", (*context.at(kpi), field), quote(kpi), message, hint)


def check_units(context: Context) -> Iterator[Issue]:
    for kpi in context.strategy.kpis.values():
        if not kpi.unit and kpi.levels is None:
            hint = "write 'unit:', such as visits, EUR, hours or \"%\""
            yield Issue("S415", context.at(kpi), quote(kpi), f"{quote(kpi)} has no unit", hint)


def check_counts(context: Context) -> Iterator[Issue]:
    """A count grows with whatever it is counted under; a rate made of it does not."""
    kpis = context.strategy.kpis
    counts = {
        name: use
        for name, uses in context.uses.items()
        for use in reversed(uses)
        if use.part == "lagging" and use.weight > 0 and name in kpis and _is_count(kpis[name])
    }
    found: dict[str, str] = {}
    for rate, formula in chain(context.formulas.items(), context.library.items()):
        for name, _ in formula.names if rate not in context.strategy.metrics else ():
            if name in counts and name not in found and _is_rate_of(formula, name):
                found[name] = rate
    for name, rate in sorted(found.items()):
        message = f"{quote(kpis[name])} is a raw count used as a result, where the rate '{rate}' exists"
        hint = f"score '{rate}' in its place, and keep the count with 'role: diagnostic'"
        yield Issue("S416", counts[name].path, quote(kpis[name]), message, hint)


def check_definitions(context: Context) -> Iterator[Issue]:
    for name, uses in context.uses.items():
        goals = {use.goal.id for use in uses}
        if name in context.inline and len(goals) > 1:
            about = quote(context.strategy.kpis[name])
            message = f"{about} is used by {len(goals)} goals but defined at one of them"
            yield Issue(
                "S424", ("kpis", name), about, message, "define it under 'kpis:', and name it by id at the goals"
            )


def check_aggregates(context: Context) -> Iterator[Issue]:
    strategy = context.strategy
    met = context.history.combined_measures() if context.history else set()
    for measure in (*strategy.kpis.values(), *strategy.metrics.values()):
        recorded = measure.formula is None and not getattr(measure, "levels", None)
        if not recorded or "aggregate" in measure.model_fields_set:
            continue
        is_finer = strategy.interval(measure) < strategy.rhythm
        if is_finer or measure.id in met:
            rhythms = f"is measured every {measure.interval} and reviewed every {strategy.period}"
            what = rhythms if is_finer else f"has several values in one {strategy.period}"
            message = f"{quote(measure)} {what}, and nothing says how its values combine"
            hint = "write 'aggregate:' with sum or mean, or with last: until then the latest value counts"
            yield Issue("S425", context.at(measure), quote(measure), message, hint)


def _scored(context: Context) -> Iterator[Kpi]:
    """The KPIs that count somewhere and are scored by a target."""
    for name, uses in context.uses.items():
        kpi = context.strategy.kpis.get(name)
        if kpi and kpi.scoring != "none" and not _is_judged(kpi) and any(use.weight > 0 for use in uses):
            yield kpi


def _marks(kpi: Kpi) -> list[tuple[str, float]]:
    """The figures that a KPI's values are held against, each with its field."""
    ends = [("baseline", kpi.baseline), ("red", kpi.red), *(("band", end) for end in kpi.band or ())]
    return [(field, mark) for field, mark in ends if mark is not None] + [("target", one) for one in kpi.targets()]


def _is_judged(kpi: Kpi) -> bool:
    """Whether the KPI is scored without a target."""
    return kpi.scoring in ("band", "scale", "levels") or any((kpi.band, kpi.scale, kpi.levels))


def _is_count(kpi: Kpi) -> bool:
    """Whether it is recorded, more of it is better, and its unit is things: not money, time or points."""
    if kpi.formula is not None or _is_judged(kpi):
        return False
    unit = kpi.unit or ""
    if _NO_COUNT.fullmatch(unit.casefold()) or _MONEY.search(unit):
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
