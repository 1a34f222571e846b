"""The sheets of the workbook with the numbers of goals and perspectives, live from the sheets of what they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult, Reading
from scorecard.model.book_columns import (
    AMBER,
    APPLIES,
    BREACHED,
    DRIVER,
    GOALS,
    GREEN,
    GUARDRAILS,
    INITIATIVES,
    LEAD_SHARE,
    LINKS,
    PERSPECTIVES,
    RESULT,
    USES,
)
from scorecard.model.goal import Goal
from scorecard.model.status import Status
from scorecard.render import book_formulas as formulas
from scorecard.render.book import number_format
from scorecard.render.book_kpis import SHARES, WEIGHTS, setting
from scorecard.render.book_links import Sums, find_cause, initiative_sums, turn
from scorecard.render.book_places import Places
from scorecard.render.book_sheets import SHARE, Book, Table, here, span

STATUSES = {"validate": "list", "source": [str(status) for status in Status]}
_READINGS = ("Result", "Drivers", "Outlook")


def write_goals(book: Book, evaluation: Evaluation, places: Places) -> None:
    """A row for each goal."""
    table, results = Table(book, GOALS), evaluation.goals
    for row, result in enumerate(results, 1):
        _write_facts(table, result, row)
        _write_sums(table, evaluation, result.goal, row, places)
        _write_numbers(table, result, row)
        _write_words(table, result, row, places)
    count = len(results)
    table.allow("Weight", count, WEIGHTS)
    table.allow("Lead share", count, SHARES)
    table.allow("Override", count, STATUSES)
    table.allow("Override applies", count, {"validate": "list", "source": [APPLIES]})
    table.colour(count, "Status", "Computed status")
    table.print_to(count)
    for name in _READINGS:
        table.colour(count, f"{name} status", score=name)


def write_perspectives(book: Book, evaluation: Evaluation, places: Places) -> None:
    """A row for each perspective: the means of its goals' numbers."""
    table, results = Table(book, PERSPECTIVES), evaluation.perspectives
    goals = range(1, len(places.goals) + 1)
    inside, weights = span(GOALS, "Perspective", goals), span(GOALS, "Weight", goals)
    lanes = evaluation.strategy.lanes()
    for row, result in enumerate(results, 1):
        perspective = result.perspective
        for header, text in (("Id", result.id), ("Name", perspective.title), ("Description", perspective.description)):
            table.put(row, header, text)
        table.put(row, "Weight", perspective.weight, number_format(perspective.weight))
        own = f"({inside}={here(PERSPECTIVES, 'Id', row)})"
        table.live(row, "Goals", f"SUMPRODUCT(--{own})", len(lanes[result.id]), "0")
        for name, reading in zip(_READINGS, (result.lagging, result.leading, result.outlook), strict=True):
            numbers, covered = (span(GOALS, header, goals) for header in (name, f"{name} coverage"))
            above = f"SUMPRODUCT({own}*ISNUMBER({numbers}),{weights},{numbers})"
            below = f"SUMPRODUCT({own}*ISNUMBER({numbers}),{weights})"
            coverage = formulas.ratio(f"SUMPRODUCT({own}*1,{weights},{covered})", f"SUMPRODUCT({own}*1,{weights})", "0")
            table.live(row, name, formulas.ratio(above, below), reading.score, SHARE)
            table.live(row, f"{name} coverage", coverage, reading.coverage, SHARE)
            _write_status(table, row, name, reading)
    table.allow("Weight", len(results), WEIGHTS)
    for name in _READINGS:
        table.colour(len(results), f"{name} status", score=name)


def index_formulas(places: Places) -> tuple[str, str]:
    """The index and its coverage, from the perspectives."""
    rows = range(1, len(places.perspectives) + 1)
    numbers, covered = (span(PERSPECTIVES, header, rows) for header in ("Result", "Result coverage"))
    weights, filled = span(PERSPECTIVES, "Weight", rows), f"({span(PERSPECTIVES, 'Goals', rows)}>0)*1"
    known = f"ISNUMBER({numbers})*1"
    index = formulas.ratio(f"SUMPRODUCT({known},{weights},{numbers})", f"SUMPRODUCT({known},{weights})")
    coverage = formulas.ratio(f"SUMPRODUCT({filled},{weights},{covered})", f"SUMPRODUCT({filled},{weights})", "0")
    return index, coverage


def _write_facts(table: Table, result: GoalResult, row: int) -> None:
    goal, override = result.goal, result.goal.override
    facts = {
        "Id": goal.id,
        "Name": goal.title,
        "Perspective": goal.perspective,
        "Owner": goal.owner,
        "Override": str(override.status) if override else None,
        "Override applies": APPLIES if result.override else None,
        "Override why": override.why if override else None,
        "Override by": override.by if override else None,
        "Override from": str(override.start) if override and override.start else None,
        "Override until": str(override.until) if override and override.until else None,
        "Theme": goal.theme,
        "Description": goal.description,
    }
    for header, text in facts.items():
        table.put(row, header, text)
    table.put(row, "Weight", goal.weight, number_format(goal.weight))
    table.put(row, "Lead share", goal.lead_share, SHARE)


def _write_sums(table: Table, evaluation: Evaluation, goal: Goal, row: int, places: Places) -> None:
    """All weight of the two lists, the known part, and the drivers' mean with outlooks."""
    uses, tasks = places.uses.get((goal.id, RESULT)), places.initiatives.get(goal.id)
    by_kpis = f'{here(GOALS, "Basis", row)}="kpis"'
    standing = f'SUMPRODUCT(--({span(INITIATIVES, "State", tasks)}<>"stopped"))>0' if tasks else "FALSE"
    basis = f'IF({formulas.total(_spans(USES, "Counts", uses))}>0,"kpis",IF({standing},"initiatives","none"))'
    table.live(row, "Basis", basis, evaluation.goal(goal.id).lagging.basis)
    found = _result_sums(evaluation, goal)
    for header, column, number in (("Result weight", "Counts", found.weight), ("Result known", "Known", found.known)):
        sums = (formulas.total(_spans(*one)) for one in ((USES, column, uses), (INITIATIVES, column, tasks)))
        table.live(row, header, f"IF({by_kpis},{','.join(sums)})", number)
    parts = (formulas.total(_spans(*one)) for one in ((USES, "Part", uses), (INITIATIVES, "Part", tasks)))
    result = formulas.ratio(f"IF({by_kpis},{','.join(parts)})", here(GOALS, "Result known", row))
    table.live(row, "Result", result, evaluation.goal(goal.id).lagging.score, SHARE)
    _write_driver_sums(table, evaluation, goal, row, places)


def _write_driver_sums(table: Table, evaluation: Evaluation, goal: Goal, row: int, places: Places) -> None:
    uses, links = places.uses.get((goal.id, DRIVER)), places.links.get(goal.id)

    def both(of_uses: str, of_links: str) -> str:
        return formulas.total([*_spans(USES, of_uses, uses), *_spans(LINKS, of_links, links)])

    now, then = _driver_sums(evaluation, goal)
    table.live(row, "Drivers weight", both("Counts", "Weight"), now.weight)
    table.live(row, "Drivers known", both("Known", "Known"), now.known)
    drivers = formulas.ratio(both("Part", "Part"), here(GOALS, "Drivers known", row))
    table.live(row, "Drivers", drivers, evaluation.goal(goal.id).leading.score, SHARE)
    outlook = formulas.ratio(both("Part", "Outlook part"), both("Known", "Outlook known"))
    table.live(row, "Drivers outlook", outlook, then.mean, SHARE)
    known = formulas.total(_spans(USES, "Known", uses))
    covered = f"SUMPRODUCT({span(LINKS, 'Weight', links)},{span(LINKS, 'Cause coverage', links)})" if links else "0"
    weight, drivers_weight = (here(GOALS, header, row) for header in ("Result weight", "Drivers weight"))
    share = f"IF({weight}>0,{_lead_share(row)},1)"
    result = here(GOALS, "Result coverage", row)
    blended = f"(1-{share})*{result}+{share}*({known}+{covered})/{drivers_weight}"
    formula = f"IF({drivers_weight}>0,{blended},{result})"
    table.live(row, "Outlook coverage", formula, evaluation.goal(goal.id).outlook.coverage, SHARE)


def _write_numbers(table: Table, result: GoalResult, row: int) -> None:
    """Coverages, outlook, and the three statuses."""
    for name, reading in (("Result", result.lagging), ("Drivers", result.leading)):
        known, weight = (here(GOALS, f"{name} {of}", row) for of in ("known", "weight"))
        table.live(row, f"{name} coverage", formulas.ratio(known, weight, "0"), reading.coverage, SHARE)
    outlook = formulas.blend(_lead_share(row), here(GOALS, "Result", row), here(GOALS, "Drivers outlook", row))
    table.live(row, "Outlook", outlook, result.outlook.score, SHARE)
    for name, reading in zip(_READINGS, (result.lagging, result.leading, result.outlook), strict=True):
        _write_status(table, row, name, reading)


def _write_words(table: Table, result: GoalResult, row: int, places: Places) -> None:
    at = {name: here(GOALS, name, row) for name in ("Result status", "Drivers status", "Computed status")}
    guardrails = places.guardrails.get(result.id)
    computed = at["Result status"]
    if guardrails:
        breached = f'COUNTIF({span(GUARDRAILS, "State", guardrails)},"{BREACHED}")>0'
        computed = f'IF(AND({computed}="green",{breached}),"amber",{computed})'
    table.live(row, "Computed status", computed, str(result.computed_status))
    override, applies = here(GOALS, "Override", row), here(GOALS, "Override applies", row)
    status = f'IF(AND({applies}="{APPLIES}",{override}<>""),{override},{at["Computed status"]})'
    table.live(row, "Status", status, str(result.status))
    table.live(row, "Signal", formulas.signal(at["Result status"], at["Drivers status"]), str(result.signal))


def _write_status(table: Table, row: int, name: str, reading: Reading) -> None:
    formula = formulas.status(here(table.name, name, row), setting(AMBER), setting(GREEN))
    table.live(row, f"{name} status", formula, str(reading.status))


def _lead_share(row: int) -> str:
    own = here(GOALS, "Lead share", row)
    return f'IF({own}="",{setting(LEAD_SHARE)},{own})'


def _result_sums(evaluation: Evaluation, goal: Goal) -> Sums:
    strategy = evaluation.strategy
    if evaluation.goal(goal.id).lagging.basis == "kpis":
        return _add(Sums.of(strategy.weigh(use), evaluation.kpi(use.kpi).score) for use in goal.lagging)
    return _add(initiative_sums(evaluation, one) for one in goal.initiatives)


def _driver_sums(evaluation: Evaluation, goal: Goal) -> tuple[Sums, Sums]:
    """The drivers with the results, and with the outlooks, of the goals among them."""
    strategy = evaluation.strategy
    now = then = _add(Sums.of(strategy.weigh(use), evaluation.kpi(use.kpi).score) for use in goal.drivers)
    for link in goal.links:
        cause = find_cause(evaluation, link)
        now = now.plus(Sums.of(link.weight, turn(link, cause.result)))
        then = then.plus(Sums.of(link.weight, turn(link, cause.outlook)))
    return now, then


def _add(sums: Iterable[Sums]) -> Sums:
    return list(accumulate(sums, Sums.plus, initial=Sums()))[-1]


def _spans(sheet: str, header: str, rows: range | None) -> list[str]:
    return [span(sheet, header, rows)] if rows else []
