"""Checks of the data at the latest period with a value: figures that are old, missing, or measured by nobody.

A formula is not to blame for its inputs: what is said, is said of the figure that somebody has to record.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scorecard.analysis.issue import Context, Issue, enumerate_names, quote
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.values import NEVER, explain_missing
from scorecard.model.strategy import Measure


def check_ages(context: Context) -> Iterator[Issue]:
    """Old figures. Where most are old the period has only begun: that is said once."""
    evaluation = context.evaluation
    if evaluation is None:
        return
    column, values, calendar = evaluation.column, evaluation.values, context.strategy.calendar
    recorded = [one for one in _recorded(context) if not np.isnan(values.value[values.row(one.id), column])]
    old = [one for one in recorded if values.stale[values.row(one.id), column]]
    if len(old) > max(3, len(recorded) / 2):
        yield Issue(
            "S420", ("strategy",), f"only {len(recorded) - len(old)} of {len(recorded)} figures have a value for {evaluation.period}; older ones stand in for the rest",
            f"record the others, or look at the period before {evaluation.period}",
        )
        return
    for measure in old:
        last = calendar.period(context.strategy.rhythm, int(values.effective[values.row(measure.id), column]))
        yield Issue(
            "S420", context.at(measure), f"{quote(measure)} has nothing newer than {last}: at {evaluation.period} that value stands in{_for(context, measure)}",
            "record the newer value",
        )


def check_gaps(context: Context) -> Iterator[Issue]:
    """Figures that were known once and are not now, and formulas that fail although their inputs are known."""
    evaluation = context.evaluation
    if evaluation is None:
        return
    strategy, values, column = context.strategy, evaluation.values, evaluation.column
    for measure in _recorded(context):
        row = values.row(measure.id)
        if np.isnan(values.value[row, column]) and values.effective[row, column] != NEVER and _unknown_users(context, evaluation, measure):
            last = strategy.calendar.period(strategy.rhythm, int(values.effective[row, column]))
            yield Issue(
                "S421", context.at(measure), f"{quote(measure)} has had no value since {last}, and that is too old to stand in{_for(context, measure)}",
                "record it again; if it is no longer measured, take it out",
            )
    for name, formula in context.formulas.items():
        found = strategy.measure(name)
        inputs = [values.value[values.row(used), column] for used, _ in formula.names]
        if found and np.isnan(values.value[values.row(name), column]) and not np.isnan(inputs).any() and _unknown_users(context, evaluation, found):
            reason = explain_missing(strategy, values, context.formulas, name, column).removeprefix("unknown: ")
            yield Issue(
                "S421", context.at(found), f"{quote(found)} cannot be computed for {evaluation.period}, although its figures are known ({reason})",
                "look at the formula and at the figures it is made of",
            )


def check_measured(context: Context) -> Iterator[Issue]:
    """Figures without any value ever; where nothing has a value yet that is said once. Guardrails have a code of their own."""
    history = context.history
    if history is None:
        return
    if not len(history.measure):
        if context.strategy.kpis:
            yield Issue(
                "S422", ("strategy",), f"nothing has been measured yet: none of the {len(context.strategy.kpis):,} KPIs has a value",
                "record values in a CSV file (kpi, period, value) and name it under 'data:'",
            )
        return
    measured = {history.measures[code] for code in np.unique(history.measure)}
    for measure in _recorded(context):
        if measure.id in measured or not _unknown_users(context, context.evaluation, measure):
            continue
        users = set(context.users(measure.id))
        if users & context.uses.keys() or not users & context.guards:
            yield Issue(
                "S422", context.at(measure), f"nobody measures {quote(measure)}: it never had a value{_for(context, measure)}",
                "record it, compute it by a formula, or take it out",
            )


def check_guardrails(context: Context) -> Iterator[Issue]:
    history = context.history
    if history is None or not len(history.measure):
        return
    measured = {history.measures[code] for code in np.unique(history.measure)}
    blind: dict[str, list[str]] = {}
    for one in _recorded(context):
        if one.id not in measured:
            for name in context.users(one.id):
                blind.setdefault(name, []).append(one.id)
    for goal in context.strategy.goals.values():
        for number, guardrail in enumerate(goal.guardrails):
            measure = context.strategy.measure(guardrail.kpi)
            if measure and measure.id in blind and _is_unknown(context.evaluation, measure.id):
                missing = "" if measure.formula is None else f" (without {enumerate_names(blind[measure.id])})"
                yield Issue(
                    "S426", ("goals", goal.id, "guardrails", number),
                    f"nobody measures the guardrail {quote(measure)}{missing}, so {quote(goal)} is not guarded", "record it, or guard the goal with a figure that is measured",
                )


def _recorded(context: Context) -> list[Measure]:
    """The figures somebody has to record: KPIs without a formula, and metrics that a formula or a guardrail needs."""
    strategy = context.strategy
    needed = (metric for metric in strategy.metrics.values() if metric.id in context.dependents or metric.id in context.guards)
    return [measure for measure in (*strategy.kpis.values(), *needed) if measure.formula is None]


def _unknown_users(context: Context, evaluation: Evaluation | None, measure: Measure) -> bool:
    """Whether the figure, or one that rests on it, is shown as unknown: a part of a formula that is not reached does not matter."""
    shown = (name for name in context.users(measure.id) if name in context.strategy.kpis or name in context.guards)
    return any(_is_unknown(evaluation, name) for name in shown)


def _is_unknown(evaluation: Evaluation | None, name: str) -> bool:
    return evaluation is None or evaluation.measure_value(name) is None


def _for(context: Context, measure: Measure) -> str:
    """The KPIs that rest on a figure, for the end of a sentence."""
    names = [name for name in context.users(measure.id)[1:] if name in context.strategy.kpis]
    return f" (for {enumerate_names(names)})" if names else ""
