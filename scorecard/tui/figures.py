"""The figures that a scenario may change: what a line of the what-if lists is about, and the change that a text says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scorecard.analysis.changes import (
    Change,
    Fault,
    LinkChange,
    ProgressChange,
    TargetChange,
    ValueChange,
    WeightChange,
    find_faults,
    find_initiative,
)
from scorecard.analysis.levers import Lever, find_opposing
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Severity
from scorecard.model.goal import Link
from scorecard.model.kpi import KpiUse
from scorecard.model.number import NumberError, mend_comma, read_data_number
from scorecard.model.status import Status
from scorecard.model.strategy import Strategy
from scorecard.render.goal_sheet import progress_of
from scorecard.render.words import quantity
from scorecard.store.jumps import LOOK_BACK, find_jump
from scorecard.tui.figure_keys import Key
from scorecard.tui.recording import list_reported
from scorecard.tui.slider import Slider, slide_target, slide_value, slide_weight
from scorecard.tui.trial import Outcome

OFF = "off"
_FEW = 3  # figures that are too few to say what is usual


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that may be changed. `now` is its actual figure, `then` that of the scenario; OFF is a link switched off.

    `shift` is how a value moves its KPI: status and score now, and then. `lever` is that of the scenario, `against` why it takes
    away from the outlook, "" where it does not. `fault` says what is wrong with the change, "" where nothing is; `odd` how its
    figure lies far outside what is known.
    """

    key: Key
    title: str
    unit: str
    now: float | str | None
    then: float | str | None
    slider: Slider | None
    shift: tuple[Status, float | None, Status, float | None] | None = None
    lever: Lever | None = None
    against: str = ""
    fault: str = ""
    changed: bool = False
    odd: str = ""


def make_change(key: Key, figure: float | str) -> Change:
    """The change that gives a thing this figure."""
    match key:
        case ("values", name):
            return ValueChange(name, figure)
        case ("links", goal, cause):
            return LinkChange(goal, cause, None if figure == OFF else float(figure))
        case ("weights", goal, kpi):
            return WeightChange(goal, kpi, float(figure))
        case ("targets", name):
            return TargetChange(name, float(figure))
        case (_, name):
            return ProgressChange(name, float(figure))
    raise ValueError(key)


def read_change(evaluation: Evaluation, key: Key, text: str) -> tuple[Change | None, str]:
    """The change that a typed text says, None where it cannot be; and what is wrong or odd about it, "" for nothing."""
    strategy = evaluation.strategy
    kpi = strategy.kpis.get(key[-1]) if key[0] == "values" else None
    figure: float | str = text.strip()
    if not (kpi and kpi.levels) and not (key[0] == "links" and figure == OFF):
        try:
            figure = read_data_number(str(figure))
        except NumberError as error:
            return None, f"this {error}; {mend_comma(text.strip()) or 'write such as 5 or 12.5%'}"
    change = make_change(key, figure)
    for fault in find_faults(strategy, [change]):
        return None if fault.severity == Severity.ERROR else change, _say_fault(fault)
    odd = find_oddity(evaluation, key, figure)
    return change, f"{quantity(figure, _read(evaluation, key)[1])} is {odd}; enter takes it all the same" if odd else ""


def find_oddity(evaluation: Evaluation, key: Key, figure: float | str) -> str:
    """How a figure lies far outside what is known of a thing, "" where it does not: none that its slider leads to does."""
    now, unit, slider = _read(evaluation, key)
    if isinstance(figure, str) or (slider is not None and slider.reaches(figure)):
        return ""
    match key:
        case ("values", name) if evaluation.strategy.measure(name):
            known: list[float | str] = list_reported(evaluation, name)
        case ("targets", name) if name in evaluation.strategy.kpis:
            known = [target for target in evaluation.history(name, "target") if target is not None]
        case _:
            known = []
    known = known[-LOOK_BACK:] if len(known) >= _FEW else [now] * _FEW if now is not None else []
    scale = 100 if unit == "%" else 1
    past = [float(f"{one * scale:.4g}") for one in known if not isinstance(one, str)]
    return find_jump(figure * scale, past) or ""


def read_figure(outcome: Outcome, key: Key) -> Figure:
    """A thing with its figures; of what the strategy does not have only the change is known."""
    change = next((one for one in outcome.scenario.changes if one.key == key), None)
    fault = outcome.faults.get(key)
    said = _say_fault(fault) if fault else ""
    now, unit, slider = _read(outcome.now, key)
    then = _changed_figure(change) if change else _read(outcome.then, key)[0] if not fault else now
    shift = _shift(outcome, key[1]) if key[0] in ("values", "targets") and key[1] in outcome.now.strategy.kpis else None
    title = _title(outcome.now.strategy, key, outcome.goal)
    lever = outcome.lines.get(key)
    odd = find_oddity(outcome.now, key, then) if change and then is not None else ""
    against = _say_against(outcome, lever) if lever else ""
    return Figure(key, title, unit, now, then, slider, shift, lever, against, said, change is not None, odd)


def _say_against(outcome: Outcome, lever: Lever) -> str:
    """Why a lever takes away from the outlook: a link that opposes, or a KPI that falls as a formula reads its next value."""
    strategy = outcome.now.strategy
    if lever.share < 0:
        link = find_opposing(outcome.then, lever, outcome.goal)
        return (
            f"{_name_goal(strategy, link[0])} works against {_name_goal(strategy, link[1])}" if link else "it opposes"
        )
    if lever.step and lever.step.gain < 0:
        measure = strategy.measure(lever.step.worsens) if lever.step.worsens else None
        return f"lowers {measure.title}" if measure else "lowers others through their formulas"
    return ""


def _changed_figure(change: Change) -> float | str:
    match change:
        case ValueChange(_, value):
            return value
        case TargetChange(_, target):
            return target
        case LinkChange(_, _, None):
            return OFF
        case ProgressChange(_, progress):
            return progress
        case WeightChange(weight=weight) | LinkChange(weight=weight):
            return 0.0 if weight is None else weight
    raise TypeError(change)


def _read(evaluation: Evaluation, key: Key) -> tuple[float | str | None, str, Slider | None]:
    """The figure of a thing, its unit and its slider; nothing for what the strategy does not have."""
    strategy = evaluation.strategy
    match key:
        case ("values", name) if measure := strategy.measure(name):
            value = evaluation.kpi(name).value if name in strategy.kpis else evaluation.measure_value(name)
            return value, measure.unit or "", slide_value(evaluation, name)
        case ("targets", name) if kpi := strategy.kpis.get(name):
            return evaluation.kpi(name).target, kpi.unit or "", slide_target(evaluation, name)
        case ("progress", name) if find_initiative(strategy, name):
            return _read_progress(evaluation, name), "%", Slider()
        case ("weights" | "links", name, _) if name in strategy.goals:
            weight = _read_weight(strategy, key)
            least = 0.1 if key[0] == "links" else 0.0
            return weight, "", slide_weight(weight, least) if isinstance(weight, float) else None
    return None, "", None


def _read_weight(strategy: Strategy, key: Key) -> float | str | None:
    goal = strategy.goals[key[1]]
    if key[0] == "links":
        return next((float(link.weight) for link in goal.links if link.goal == key[2]), None)
    uses = [one for one in (*goal.lagging, *goal.leading) if isinstance(one, KpiUse) and not isinstance(one, Link)]
    return next((float(strategy.weigh(use)) for use in uses if use.kpi == key[2]), None)


def _read_progress(evaluation: Evaluation, name: str) -> float | None:
    found = find_initiative(evaluation.strategy, name)
    if found is None:
        return None
    return progress_of(evaluation, found[1])


def _shift(outcome: Outcome, kpi: str) -> tuple[Status, float | None, Status, float | None]:
    now, then = outcome.now.kpi(kpi), outcome.then.kpi(kpi)
    return now.status, now.score, then.status, then.score


def _title(strategy: Strategy, key: Key, seen_from: str | None) -> str:
    """What it is about; a link is named by its other end where it is seen from a goal."""
    name = partial(_name_goal, strategy)
    measure = strategy.measure(key[-1])
    match key:
        case ("links", goal, cause):
            if seen_from in (goal, cause):
                return f"← {name(cause)}" if seen_from == goal else f"→ {name(goal)}"
            return f"{name(goal)} ← {name(cause)}"
        case ("weights", goal, kpi):
            return f"weight of {measure.title if measure else kpi} at {name(goal)}"
        case ("targets", kpi):
            return f"target of {measure.title if measure else kpi}"
        case ("progress", initiative):
            found = find_initiative(strategy, initiative)
            return found[1].title if found else initiative
    return measure.title if measure else key[-1]


def _name_goal(strategy: Strategy, goal: str) -> str:
    return strategy.goals[goal].title if goal in strategy.goals else goal


def _say_fault(fault: Fault) -> str:
    return f"{fault.message}; {fault.hint}"
