"""Why a KPI or goal has its colour, as sentences with the numbers filled in."""

from __future__ import annotations

from collections.abc import Iterator

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.formula_values import fill_in
from scorecard.compute.results import GoalResult, KpiResult
from scorecard.model.goal import Link
from scorecard.model.kpi import Bands, KpiUse
from scorecard.model.scoring import Band, Levels, Linear, Reach, Scale, improves_upward
from scorecard.render.words import number, percent, quantity


def explain_value(evaluation: Evaluation, kpi: KpiResult) -> Iterator[str]:
    """Where the value comes from: the formula with numbers, or how finer values combine."""
    formula = evaluation.inputs.formulas.get(kpi.id)
    unit = kpi.kpi.unit or ""
    if formula is not None:
        names = {name for name, _ in formula.names}
        known = {name: _input(evaluation, name) for name in names}
        filled = fill_in(formula, {name: text for name, text in known.items() if text})
        yield formula.text
        yield f"= {filled}" + (f" = {quantity(kpi.value, unit)}" if kpi.value is not None else "")
    elif kpi.kpi.aggregate != "last" and kpi.value is not None:
        yield f"{quantity(kpi.value, unit)}: the {kpi.kpi.aggregate} of the period's values"
    if kpi.reason:
        yield kpi.reason


def explain_score(evaluation: Evaluation, kpi: KpiResult) -> Iterator[str]:
    """How the value becomes a score and the score a colour, by the KPI's rule."""
    rule, unit, bands = evaluation.inputs.rules[kpi.id], kpi.kpi.unit or "", evaluation.strategy.bands_of(kpi.kpi)
    if rule is None:
        yield "not scored: it is only shown"
        return
    if kpi.score is None:
        return
    score, value, target = percent(kpi.score), number(kpi.value, unit), number(kpi.target, unit)
    match rule:
        case Linear(start, low, high) if (low, high) == (0.0, 1.0):
            base = number(float(start), unit)
            yield "score = (value - baseline) / (target - baseline)"
            yield f"= ({value} - {base}) / ({target} - {base}) = {_clipped(kpi, score)}"
        case Linear(start, low, high):
            red = number(float(start), unit)
            yield "score = amber + (green - amber) x (value - red flag) / (target - red flag)"
            share = f"{percent(high)} - {percent(low)}"
            yield f"= {percent(low)} + ({share}) x ({value} - {red}) / ({target} - {red}) = {_clipped(kpi, score)}"
        case Reach(up):
            reached = "reached" if kpi.score == 1 else "not reached"
            yield f"{score}: the target {target} or {'more' if up else 'less'} is {reached} with {value}"
        case Band(low, high, tolerance):
            span = f"{number(float(low), unit)} to {number(float(high), unit)}"
            within = kpi.score == 1
            yield f"{score}: {value} lies {'inside' if within else 'outside'} {span}, tolerance {number(float(tolerance), unit)}"
        case Scale(points):
            yield f"{score}: {value} on the scale {', '.join(f'{number(x, unit)} = {percent(y)}' for x, y in points)}"
        case Levels(words, scores):
            yield f"{score}: {', '.join(f'{word} = {percent(one)}' for word, one in zip(words, scores, strict=True))}"
    yield explain_bands(bands)


def explain_bands(bands: Bands) -> str:
    """`▲ red below 33%, ◆ amber from 33%, ● green from 67%`."""
    return f"▲ red below {percent(bands.amber)}, ◆ amber from there, ● green from {percent(bands.green)}"


def explain_target(kpi: KpiResult) -> str:
    """The targets of the file, and the way of the number."""
    unit, file = kpi.kpi.unit or "", kpi.kpi.target
    path = ""
    if isinstance(file, dict):
        path = " on the way " + " → ".join(f"{period} {number(value, unit)}" for period, value in file.items())
    way = {True: ", more is better", False: ", less is better", None: ""}[improves_upward(kpi.kpi)]
    start = f", from the baseline {number(kpi.kpi.baseline, unit)}" if kpi.kpi.baseline is not None else ""
    return "" if kpi.target is None else f"{quantity(kpi.target, unit)}{path}{start}{way}"


def explain_weight(evaluation: Evaluation, goal: str, kpi: str) -> str:
    """What the KPI weighs at a goal: `2 of 4 in the result, primary`."""
    strategy = evaluation.strategy
    one = strategy.goals[goal]
    for uses, where in ((one.lagging, "result"), (one.leading, "drivers")):
        for use in uses:
            if isinstance(use, KpiUse) and use.kpi == kpi:
                total = sum(step.weight if isinstance(step, Link) else strategy.weigh(step) for step in uses)
                return f"{number(strategy.weigh(use))} of {number(total)} in the {where}, {strategy.role(use)}"
    return ""


def explain_goal(evaluation: Evaluation, result: GoalResult) -> Iterator[tuple[str, str]]:
    """(label, sentence): result, drivers and outlook as weighted means with the numbers filled in."""
    strategy, goal = evaluation.strategy, result.goal
    if result.lagging.basis == "initiatives":
        yield "Result", f"{percent(result.lagging.score)} from the progress of its initiatives"
    elif goal.lagging:
        parts = [(strategy.weigh(use), evaluation.kpi(use.kpi).score) for use in goal.lagging]
        yield "Result", _mean(parts, result.lagging.score)
    steps = [_step(evaluation, step) for step in goal.leading]
    if steps:
        yield "Drivers", _mean(steps, result.leading.score)
    share = strategy.share_of_drivers(goal)
    lagging, outlook = result.lagging.score, result.outlook.score
    if lagging is not None and outlook is not None and steps and share > 0:
        ahead = (outlook - (1 - share) * lagging) / share
        text = f"{percent(1 - share)} x result {percent(lagging)} + {percent(share)} x drivers' own outlook {percent(ahead)}"
        yield "Outlook", f"{text} = {percent(outlook)}"
    yield "Colours", explain_bands(strategy.bands)


def _step(evaluation: Evaluation, step: KpiUse | Link) -> tuple[float, float | None]:
    """(weight, score) of a driver; of an opposing goal what it leaves."""
    if not isinstance(step, Link):
        return evaluation.strategy.weigh(step), evaluation.kpi(step.kpi).score
    own = step.goal.removeprefix(f"{evaluation.strategy.id}/")
    is_own = own in evaluation.strategy.goals
    score = evaluation.goal(own).lagging.score if is_own else evaluation.linked(step.goal)[1].score
    return step.weight, None if score is None else 1 - score if step.opposes else score


def _mean(parts: list[tuple[float, float | None]], score: float | None) -> str:
    counted = [(weight, one) for weight, one in parts if weight]
    known = [(weight, one) for weight, one in counted if one is not None]
    missing = f"; {len(counted) - len(known)} unknown" if len(known) < len(counted) else ""
    if not known or score is None:
        return "nothing known" if counted else "nothing that weighs"
    if len({weight for weight, _ in known}) == 1:
        above = " + ".join(percent(one) for _, one in known)
        return (
            f"({above}) / {len(known)} = {percent(score)}{missing}" if len(known) > 1 else f"{percent(score)}{missing}"
        )
    above = " + ".join(f"{number(weight)} x {percent(one)}" for weight, one in known)
    return f"({above}) / {number(sum(weight for weight, _ in known))} = {percent(score)}{missing}"


def _input(evaluation: Evaluation, name: str) -> str:
    value = evaluation.measure_value(name)
    return "" if value is None else number(value)


def _clipped(kpi: KpiResult, score: str) -> str:
    """The score, and what it was before it was held to 0..100%."""
    raw = kpi.progress
    return score if raw is None or 0 <= raw <= 1 or kpi.kpi.red is not None else f"{percent(raw)}, held to {score}"
