"""What the schema alone cannot see about figures: scorings, targets, formulas and the order they are computed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from scorecard.compute.formula import Formula, FormulaError, parse
from scorecard.compute.graph import find_cycles, sort_levels
from scorecard.model.finding import Severity
from scorecard.model.kpi import Bands, Kpi, Measure
from scorecard.model.number import NumberError, read_number
from scorecard.model.period import Period
from scorecard.model.scoring import Rule, ScoringFault, choose_rule
from scorecard.parser.places import Step
from scorecard.parser.references import write_cycle
from scorecard.parser.reporter import Reporter


@dataclass(slots=True)
class Resolved:
    """What was worked out on the way: rules by KPI, formulas by measure, formula measures with inputs first."""

    rules: dict[str, Rule | None] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    order: tuple[str, ...] = ()


def check_figures(reporter: Reporter) -> Resolved:
    """Report what is wrong with the scorings and formulas of a strategy, and resolve the others."""
    resolved = Resolved()
    _check_bands(reporter, reporter.strategy.bands, ("bands",))
    for kpi in reporter.strategy.kpis.values():
        if kpi.bands:
            _check_bands(reporter, kpi.bands, ("kpis", kpi.id, "bands"))
        resolved.rules[kpi.id] = _resolve_rule(reporter, kpi)
        _check_target_path(reporter, kpi)
        if kpi.defined_by and kpi.defined_by not in reporter.strategy.goals:
            at = ("kpis", kpi.id, "defined_by")
            reporter.report_undefined("S220", "goal", kpi.defined_by, reporter.strategy.goals, at)
    for kind, measure in reporter.each_measure():
        formula = _resolve_formula(reporter, kind, measure)
        if formula:
            resolved.formulas[measure.id] = formula
        _check_keys(reporter, kind, measure)
    _order_formulas(reporter, resolved)
    return resolved


def _check_bands(reporter: Reporter, bands: Bands, path: tuple[Step, ...]) -> None:
    if not 0 < bands.amber < bands.green <= 1:
        message, hint = "the bands are not in order", "write 0 < amber < green <= 1"
        if 0 < bands.amber < bands.green:
            message, hint = "the bands are larger than 1", "scores go from 0 to 1: write shares, such as 50% and 80%"
        reporter.report("S237", path, message, hint)


def _resolve_rule(reporter: Reporter, kpi: Kpi) -> Rule | None:
    path = ("kpis", kpi.id)
    if kpi.scale is not None and (twice := _point_twice(reporter, kpi)):
        message, hint = "two points of the scale have the same value", "give each value one score"
        reporter.report("S236", (*path, "scale", twice), message, hint, key=True)
        return None
    try:
        return choose_rule(kpi, reporter.strategy.bands_of(kpi))
    except ScoringFault as fault:
        if not reporter.is_damaged(*path):
            is_given = getattr(kpi, fault.field, None) is not None
            at = (*path, fault.field, fault.entry) if fault.entry else (*path, fault.field) if is_given else path
            reporter.report(fault.code, at, fault.message, fault.hint, key=bool(fault.entry))
        return None


def _point_twice(reporter: Reporter, kpi: Kpi) -> str:
    """The second of two points of a scale at one value, as it is written; the empty text where there is none."""
    points = reporter.node("kpis", kpi.id, "scale")
    seen: set[float] = set()
    for text in points if len(points) > len(kpi.scale or ()) else ():
        try:
            value = read_number(text)
        except NumberError:
            continue
        if value in seen:
            return text
        seen.add(value)
    return ""


def _check_target_path(reporter: Reporter, kpi: Kpi) -> None:
    calendar, rhythm = reporter.strategy.calendar, reporter.strategy.rhythm
    seen: dict[int, Period] = {}
    for period in kpi.target if isinstance(kpi.target, dict) else ():
        review = calendar.lying(period, rhythm)
        if review in seen:
            message = f"{period} and {seen[review]} lie in the same {rhythm.word}"
            hint = "give one target for each review period"
            reporter.report("S238", ("kpis", kpi.id, "target", str(period)), message, hint, key=True)
        seen.setdefault(review, period)


def _resolve_formula(reporter: Reporter, kind: str, measure: Measure) -> Formula | None:
    """The formula of a measure if it can be read and all that it names are figures."""
    if measure.formula is None:
        return None
    path = (kind, measure.id, "formula")
    try:
        formula = parse(measure.formula)
    except FormulaError as error:
        message = f"the formula of '{measure.id}' fails in column {error.column}: {error.message}"
        reporter.report("S225", path, message, error.hint)
        return None
    sound = True
    for name, column in formula.names:
        used = reporter.measures.get(name)
        if used is None:
            where = f" in column {column} of the formula of '{measure.id}'"
            reporter.report_undefined("S227", "KPI or metric", name, reporter.measures, path, where)
        elif isinstance(used, Kpi) and used.levels:
            message = f"the formula of '{measure.id}' uses '{name}', which is judged in words"
            reporter.report("S227", path, message, "use figures in formulas")
        else:
            continue
        sound = False
    return formula if sound else None


def _order_formulas(reporter: Reporter, resolved: Resolved) -> None:
    """Formula measures with inputs first; what needs itself is reported and left out."""
    formulas = resolved.formulas
    names = list(formulas)
    row = {name: number for number, name in enumerate(names)}
    needs = [[row[used] for used, _ in formulas[name].names if used in row] for name in names]
    order, _ = sort_levels(needs)
    resolved.order = tuple(names[number] for number in order)
    if len(order) == len(names):
        return
    for cycle in find_cycles({name: [names[used] for used in needs[row[name]]] for name in names}):
        kind = "kpis" if cycle[0] in reporter.strategy.kpis else "metrics"
        message = f"these formulas need each other: {write_cycle(cycle)}"
        if len(cycle) == 1:
            message = f"the formula of '{cycle[0]}' needs itself"
        reporter.report("S226", (kind, cycle[0], "formula"), message, "let one of them be recorded, not computed")
    for name in set(names) - set(resolved.order):
        del formulas[name]


def _check_keys(reporter: Reporter, kind: str, measure: Measure) -> None:
    """Keys that contradict the formula, or have no effect on this kind of measure."""
    path = (kind, measure.id)
    if measure.formula is not None and measure.values:
        message = f"'{measure.id}' has a formula and recorded values"
        reporter.report("S228", (*path, "values"), message, "keep one of the two", key=True)
    idle: tuple[str, ...] = ()
    if measure.formula is not None:
        idle, what = ("interval", "aggregate", "across", "keep"), "a formula"
        hint = f"set it on the figures that '{measure.id}' is made of"
    elif isinstance(measure, Kpi) and measure.levels:
        idle, what, hint = ("aggregate", "across"), "words", "remove it: the latest word of a period counts"
    written = reporter.node(*path) if idle else {}
    for key in idle:
        if key in written:
            reporter.report("S247", (*path, key), f"'{key}' does nothing on {what}", hint, Severity.HINT, key=True)
