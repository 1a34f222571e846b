"""Checks of the data at the latest period with a value: figures that are old, missing, or measured by nobody.

A formula is not to blame for its inputs: what is said, is said of the figure that somebody has to record.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from scorecard.analysis.issue import Context, Issue, Path, enumerate_names, quote
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.values import NEVER, explain_missing
from scorecard.model.kpi import Measure


def check_ages(context: Context) -> Iterator[Issue]:
    evaluation = context.evaluation
    if evaluation is None:
        return
    for one in recorded(context):
        if evaluation.values.stale[evaluation.values.row(one.id), evaluation.column]:
            last = _last_period(evaluation, one)
            rest = f"that of {last} stands in{_for(context, one)}"
            message = f"{quote(one)} has no value for {evaluation.period} yet: {rest}"
            yield Issue("S420", context.at(one), quote(one), message, "record the newer value")


def check_gaps(context: Context) -> Iterator[Issue]:
    """Figures that were known once and are not now, and formulas that fail although their inputs are known."""
    evaluation = context.evaluation
    if evaluation is None:
        return
    values, now = evaluation.values, evaluation.column
    for one in recorded(context):
        row = values.row(one.id)
        if values.effective[row, now] != NEVER and np.isnan(values.value[row, now]) and _matters(context, one):
            last = _last_period(evaluation, one)
            message = f"{quote(one)} has had no value since {last}, too long ago to stand in{_for(context, one)}"
            yield Issue(
                "S421", context.at(one), quote(one), message, "record it again, or take it out if nobody does any more"
            )
    for name, formula in context.formulas.items():
        found = context.strategy.measure(name)
        if found is None or not np.isnan(values.value[values.row(name), now]) or not _matters(context, found):
            continue
        rows = [values.row(used) for used, _ in formula.names]
        if not (np.isnan(values.value[rows, now]).any() or values.stale[rows, now].any()):
            reason = explain_missing(context.strategy, values, context.formulas, name, now).removeprefix("unknown: ")
            message = f"{quote(found)} has no value for {evaluation.period}, although its inputs have ({reason})"
            yield Issue(
                "S421", context.at(found), quote(found), message, "look at the formula and at the figures it is made of"
            )


def check_measured(context: Context) -> Iterator[Issue]:
    """Figures without a value ever. Those that only guard have a code of their own."""
    for one in _unmeasured(context):
        users = set(context.users(one.id))
        only_guards = not any(name in context.uses for name in users) and any(name in context.guards for name in users)
        if not only_guards and _matters(context, one):
            message = f"nobody measures {quote(one)}: it never had a value{_for(context, one)}"
            yield Issue(
                "S422", context.at(one), quote(one), message, "record it, compute it by a formula, or take it out"
            )


def check_guardrails(context: Context) -> Iterator[Issue]:
    blind: dict[str, list[str]] = {}
    for one in _unmeasured(context):
        for name in context.users(one.id):
            blind.setdefault(name, []).append(one.id)
    for goal in context.strategy.goals.values():
        for number, guardrail in enumerate(goal.guardrails):
            measure = context.strategy.measure(guardrail.kpi)
            if measure is None or measure.id not in blind or not _is_unknown(context.evaluation, measure.id):
                continue
            inputs = f" ({enumerate_names(blind[measure.id])})" if measure.formula else ""
            message = f"nobody measures {quote(measure)}{inputs}, so the guardrail of {quote(goal)} never warns"
            path: Path = ("goals", goal.id, "guardrails", number)
            yield Issue(
                "S426", path, quote(measure), message, "record it, or guard the goal with a figure that is measured"
            )


def recorded(context: Context) -> Iterator[Measure]:
    """The figures somebody has to record: KPIs without a formula, and metrics that a formula or a guardrail needs."""
    strategy = context.strategy
    metrics = (one for one in strategy.metrics.values() if one.id in context.dependents or one.id in context.guards)
    for one in chain[Measure](strategy.kpis.values(), metrics):
        if one.formula is None:
            yield one


def _unmeasured(context: Context) -> list[Measure]:
    history = context.history
    if history is None:
        return []
    measured = history.measured()
    return [one for one in recorded(context) if one.id not in measured]


def _matters(context: Context, measure: Measure) -> bool:
    """Whether the figure, or one that rests on it, is shown as unknown; formulas may do without a part."""
    names = (name for name in context.users(measure.id) if name in context.strategy.kpis or name in context.guards)
    return any(_is_unknown(context.evaluation, name) for name in names)


def _is_unknown(evaluation: Evaluation | None, name: str) -> bool:
    return evaluation is None or evaluation.measure_value(name) is None


def _last_period(evaluation: Evaluation, measure: Measure) -> str:
    effective = int(evaluation.values.effective[evaluation.values.row(measure.id), evaluation.column])
    return str(evaluation.strategy.calendar.period(evaluation.strategy.rhythm, effective))


def _for(context: Context, measure: Measure) -> str:
    """The KPIs that rest on a figure, for the end of a sentence."""
    names = [name for name in context.users(measure.id)[1:] if name in context.strategy.kpis]
    return f" (for {enumerate_names(names)})" if names else ""
