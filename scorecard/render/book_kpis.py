"""The sheets of the workbook that hold figures: KPIs with their live scores, the points of scales and levels, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import KpiResult
from scorecard.model.book_columns import AMBER, GREEN, KPIS, LEVEL, METRICS, POINT, POINTS, ROWS, SETTINGS
from scorecard.model.kpi import Kpi, Measure
from scorecard.model.period import Period
from scorecard.model.scoring import Band, Levels, Linear, Reach, Rule, Scale, improves_upward
from scorecard.render import book_formulas as formulas
from scorecard.render.book import number_format
from scorecard.render.book_places import Places
from scorecard.render.book_sheets import SHARE, Book, Content, Table, cell, here, span
from scorecard.render.table import data_words

NUMBERS = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": -1e300,
    "maximum": 1e300,
    "error_title": "A number is expected",
    "error_message": "Type a number, or leave the cell empty where it is unknown.",
}
SHARES = NUMBERS | {"minimum": 0, "maximum": 1, "error_message": "Type a number from 0 to 1, such as 50%."}
WEIGHTS = NUMBERS | {"minimum": 0, "error_message": "Type a number that is 0 or more."}
_COMPUTED = "computed by its formula; a value typed here stands on its own"
_PROPORTION = "a part of what adds up: the score stands as it is"


def setting(name: str) -> str:
    """The cell of a setting's value."""
    return cell(SETTINGS, "Value", list(ROWS).index(name) + 1)


def write_path(given: float | Mapping[Period, float] | None) -> Content:
    """A path of numbers as a text: `2026-06: 0.04; 2026-12: 0.05`; one number as it is."""
    if isinstance(given, Mapping):
        return "; ".join(f"{period}: {_plain(number)}" for period, number in given.items())
    return given


def write_kpis(book: Book, evaluation: Evaluation, places: Places) -> None:
    """A row for each KPI: what is typed in, and the score that follows from it."""
    table = Table(book, KPIS)
    results = evaluation.kpis
    for row, result in enumerate(results, 1):
        kpi, unit = result.kpi, result.kpi.unit
        for header, content in _texts(evaluation, result).items():
            table.put(row, header, content)
        for header, figure in _figures(result).items():
            table.put(row, header, figure, number_format(figure, unit))
        _write_score(table, evaluation, result, row, places)
        table.put(row, "Target path", write_path(kpi.target))
        table.put(row, "Weight", kpi.weight)
        if isinstance(evaluation.inputs.rules[kpi.id], Levels):
            words = f"={span(POINTS, 'At', places.points[kpi.id])}"
            about = {"error_title": "A word is expected", "error_message": "Choose one of the words of this KPI."}
            table.allow("Value", row, {"validate": "list", "source": words, **about}, first=row)
        else:
            table.allow("Value", row, NUMBERS, first=row)
    for header in ("Target", "Baseline", "Red", "Band low", "Band high"):
        table.allow(header, len(results), NUMBERS)
    for header in ("Tolerance", "Weight"):
        table.allow(header, len(results), WEIGHTS)
    for header in ("Amber", "Green"):
        table.allow(header, len(results), SHARES)
    table.allow("Direction", len(results), {"validate": "list", "source": ["up", "down"]})
    table.colour(len(results), "Status", score="Score")
    table.print_to(len(results))


def write_points(book: Book, evaluation: Evaluation, places: Places) -> None:
    """The points of scales and the words of levels, a row each."""
    if not places.points:
        return
    table = Table(book, POINTS)
    for name, rows in places.points.items():
        kpi = evaluation.strategy.kpis[name]
        points: list[tuple[Content, float]] = [*(kpi.levels or {}).items()] or [*sorted((kpi.scale or {}).items())]
        for row, (at, score) in zip(rows, points, strict=True):
            table.put(row, "KPI", name)
            table.put(row, "Kind", LEVEL if kpi.levels else POINT)
            table.put(row, "At", at, number_format(at, kpi.unit))
            table.put(row, "Score", score, number_format(score))
    table.allow("Score", max(rows.stop - 1 for rows in places.points.values()), SHARES)


def write_metrics(book: Book, evaluation: Evaluation) -> None:
    """The figures that formulas and guardrails read."""
    metrics = evaluation.strategy.metrics.values()
    if not metrics:
        return
    table = Table(book, METRICS)
    for row, metric in enumerate(metrics, 1):
        for header, content in (_titles(metric) | _about(metric)).items():
            table.put(row, header, content)
        value = evaluation.measure_value(metric.id)
        table.put(row, "Value", value, number_format(value, metric.unit))
    table.allow("Value", len(metrics), NUMBERS)
    table.print_to(len(metrics))


def _write_score(table: Table, evaluation: Evaluation, result: KpiResult, row: int, places: Places) -> None:
    kpi, own = result.kpi, result.kpi.bands
    for header, name in (("Amber", AMBER), ("Green", GREEN)):
        if own:
            table.put(row, header, getattr(own, name.lower()), SHARE)
        else:
            table.live(row, header, setting(name), getattr(evaluation.strategy.bands, name.lower()), SHARE)
    rule = evaluation.inputs.rules[kpi.id]
    if evaluation.members and kpi.adds_up:  # its target is held against it in proportion
        formula = '""' if result.score is None else repr(result.score)
    else:
        formula = _score_formula(kpi, rule, row, places)
    table.live(row, "Score", formula, result.score, SHARE)
    score, amber, green = (here(KPIS, name, row) for name in ("Score", "Amber", "Green"))
    table.live(row, "Status", formulas.status(score, amber, green), str(result.status))


def _score_formula(kpi: Kpi, rule: Rule | None, row: int, places: Places) -> str:
    def at(header: str) -> str:
        return here(KPIS, header, row)

    value, target, direction = at("Value"), at("Target"), at("Direction")
    baseline = at("Baseline") if kpi.baseline is not None else ""
    red = at("Red") if kpi.red is not None else ""
    match rule:
        case Linear() if red:
            bands = at("Amber"), at("Green")
            formula = formulas.score_red(value, target, red, baseline, direction, bands)
        case Linear():
            formula = formulas.score_linear(value, target, at("Baseline"), direction)
        case Reach():
            formula = formulas.score_reach(value, target, [one for one in (baseline, red) if one], direction)
        case Band():
            formula = formulas.score_band(value, at("Band low"), at("Band high"), at("Tolerance"))
        case Scale():
            points = places.points[kpi.id]
            formula = formulas.score_scale(value, span(POINTS, "At", points), span(POINTS, "Score", points))
        case Levels():
            points = places.points[kpi.id]
            formula = formulas.score_levels(value, span(POINTS, "At", points), span(POINTS, "Score", points))
        case None:
            formula = '""'
    return formula


def _texts(evaluation: Evaluation, result: KpiResult) -> dict[str, str | None]:
    kpi, rule = result.kpi, evaluation.inputs.rules[result.id]
    said = [data_words(evaluation, result), _COMPUTED if kpi.formula else ""]
    if evaluation.members and kpi.adds_up:
        said.append(_PROPORTION)
    up = improves_upward(kpi) if isinstance(rule, (Linear, Reach)) else None
    return {
        **_titles(kpi),
        "Data": "; ".join(filter(None, said)),
        "Direction": kpi.direction if up is None else "up" if up else "down",
        "Scoring": _scoring(kpi, rule),
        "Role": kpi.role,
        "Defined by": kpi.defined_by,
        "Stage": kpi.stage,
        "Causality": kpi.causality,
        "Measurability": kpi.measurability,
        **_about(kpi),
    }


def _scoring(kpi: Kpi, rule: Rule | None) -> str:
    if isinstance(rule, Linear) and kpi.red is not None:
        return "red"
    return {Linear: "linear", Reach: "goal", Band: "band", Scale: "scale", Levels: "levels"}.get(type(rule), "none")


def _figures(result: KpiResult) -> dict[str, Content]:
    kpi = result.kpi
    low, high = kpi.band or (None, None)
    limits = {"Baseline": kpi.baseline, "Red": kpi.red, "Band low": low, "Band high": high, "Tolerance": kpi.tolerance}
    return {"Value": result.value, "Target": result.target, **limits}


def _titles(measure: Measure) -> dict[str, str | None]:
    return {"Id": measure.id, "Name": measure.title, "Owner": measure.owner, "Unit": measure.unit}


def _about(measure: Measure) -> dict[str, Any]:
    return {
        "Interval": measure.interval,
        "Aggregate": measure.aggregate,
        "Across": measure.across,
        "Keep": measure.keep,
        "Formula": measure.formula,
        "Source": measure.source,
        "Scope": measure.scope,
        "Aliases": "\n".join(measure.aliases),
        "Description": measure.description,
        "Caution": measure.caution,
    }


def _plain(number: float) -> str:
    return repr(number).removesuffix(".0")
