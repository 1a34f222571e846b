"""The sheets of the workbook that say what each goal is the mean of: uses of KPIs, links, initiatives; and guardrails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.graph import full_name
from scorecard.model.book_columns import (
    BREACHED,
    DRIVER,
    GOALS,
    GUARDRAILS,
    INITIATIVES,
    KPIS,
    LINKS,
    METRICS,
    RESULT,
    USES,
)
from scorecard.model.goal import EvidenceRecord, Goal, Initiative, KpiDriver, Link
from scorecard.model.kpi import KpiUse
from scorecard.render import book_formulas as formulas
from scorecard.render.book import number_format
from scorecard.render.book_kpis import SHARES, WEIGHTS, write_path
from scorecard.render.book_places import Places, own_cause
from scorecard.render.book_sheets import SHARE, Book, Table, cell, here
from scorecard.render.goal_sheet import progress_of

ROLES = {"validate": "list", "source": ["primary", "supporting", "diagnostic"]}
EFFECTS = {"validate": "list", "source": ["supports", "opposes"]}
STATES = {"validate": "list", "source": ["planned", "active", "done", "stopped"]}


class Cause(NamedTuple):
    """What a link takes from its cause."""

    result: float | None
    outlook: float | None
    coverage: float


class Sums(NamedTuple):
    """What the entries of a list add up to: all weight, the known part of it, and weight times number."""

    weight: float = 0.0
    known: float = 0.0
    part: float = 0.0

    def plus(self, other: Sums) -> Sums:
        return Sums(*(one + two for one, two in zip(self, other, strict=True)))

    @classmethod
    def of(cls, weight: float, number: float | None) -> Sums:
        return cls(weight, 0.0, 0.0) if number is None else cls(weight, weight, weight * number)

    @property
    def mean(self) -> float | None:
        return self.part / self.known if self.known > 0 else None


def find_cause(evaluation: Evaluation, link: Link) -> Cause:
    """The numbers of the goal that a link names; unknown for one of a strategy that was not read."""
    if (name := own_cause(evaluation.strategy, link)) is not None:
        goal = evaluation.goal(name)
        return Cause(goal.lagging.score, goal.outlook.score, goal.outlook.coverage)
    numbers, column = evaluation.numbers, evaluation.column
    for row, node in enumerate(evaluation.plan.nodes):
        if full_name(node.strategy, node.goal.id) == link.goal:
            result, outlook = (float(of[row, column]) for of in (numbers.lagging, numbers.outlook))
            coverage = float(numbers.outlook_coverage[row, column])
            return Cause(_known(result), _known(outlook), coverage)
    return Cause(None, None, 0.0)


def turn(link: Link, number: float | None) -> float | None:
    """What a link passes on of its cause's number."""
    return number if number is None or not link.opposes else 1.0 - number


def write_uses(book: Book, evaluation: Evaluation, places: Places) -> None:
    """A row for each KPI that a goal names as result or driver."""
    table, last, strategy = Table(book, USES), 0, evaluation.strategy
    for last, (goal, side, use) in enumerate(_list_uses(evaluation), 1):
        kpi = strategy.kpis[use.kpi]
        given = use.weight if use.weight is not None else kpi.weight
        texts = {"Goal": goal.id, "KPI": use.kpi, "Name": kpi.title, "Side": side, "Role": strategy.role(use)}
        for header, text in texts.items():
            table.put(last, header, text)
        table.put(last, "Weight", 1.0 if given is None else given, number_format(given))
        if isinstance(use, KpiDriver):
            _write_hypothesis(table, last, use)
        score, sums = evaluation.kpi(use.kpi).score, Sums.of(strategy.weigh(use), evaluation.kpi(use.kpi).score)
        at = {header: here(USES, header, last) for header in ("Role", "Weight", "Score", "Counts", "Known")}
        table.live(last, "Score", cell(KPIS, "Score", places.kpis[use.kpi]), score, SHARE)
        table.live(last, "Counts", f'IF({at["Role"]}="diagnostic",0,{at["Weight"]})', sums.weight)
        _write_sums(table, last, at["Counts"], at["Score"], at["Score"], sums)
    table.print_to(last)
    table.allow("Role", last, ROLES)
    table.allow("Weight", last, WEIGHTS)


def write_links(book: Book, evaluation: Evaluation, places: Places) -> None:
    """A row for each cause-and-effect link, those of one effect together."""
    table, strategy, last = Table(book, LINKS), evaluation.strategy, 0
    totals = {goal.id: _drivers_weight(evaluation, goal) for goal in strategy.goals.values()}
    for last, (goal, link) in enumerate(((g, one) for g in strategy.goals.values() for one in g.links), 1):
        own = own_cause(strategy, link)
        cause = strategy.goals[own].title if own else evaluation.linked(link.goal)[0]
        texts = {"Cause": own or link.goal, "Cause name": cause, "Effect": goal.id, "Effect name": goal.title}
        for header, text in (texts | {"Kind": link.effect}).items():
            table.put(last, header, text)
        table.put(last, "Weight", link.weight, number_format(link.weight))
        weight, total = here(LINKS, "Weight", last), cell(GOALS, "Drivers weight", places.goals[goal.id])
        table.live(last, "Share", formulas.ratio(weight, total, "0"), link.weight / totals[goal.id], SHARE)
        _write_hypothesis(table, last, link)
        found = find_cause(evaluation, link)
        origins = ("Cause result", "Result"), ("Cause outlook", "Outlook"), ("Cause coverage", "Outlook coverage")
        for (header, origin), number in zip(origins, found, strict=True):
            if own is None:
                table.put(last, header, number, SHARE)
            else:
                table.live(last, header, cell(GOALS, origin, places.goals[own]), number, SHARE)
        for prefix, header, number in (
            ("", "Cause result", found.result),
            ("Outlook ", "Cause outlook", found.outlook),
        ):
            of = here(LINKS, header, last)
            passed = formulas.opposed(here(LINKS, "Kind", last), of)
            _write_sums(table, last, weight, of, passed, Sums.of(link.weight, turn(link, number)), prefix)
    table.allow("Weight", last, WEIGHTS)
    table.allow("Kind", last, EFFECTS)
    table.print_to(last)


def write_initiatives(book: Book, evaluation: Evaluation) -> None:
    """A row for each initiative; they stand for a goal's result where it has no KPI that counts."""
    initiatives = [(goal, one) for goal in evaluation.strategy.goals.values() for one in goal.initiatives]
    if not initiatives:
        return
    table = Table(book, INITIATIVES)
    for row, (goal, one) in enumerate(initiatives, 1):
        texts = {"Goal": goal.id, "Id": one.id, "Name": one.title, "Owner": one.owner, "State": one.status}
        dates = {"Start": one.start and str(one.start), "Due": one.due and str(one.due)}
        for header, text in (texts | dates | {"Description": one.description}).items():
            table.put(row, header, text)
        progress = progress_of(evaluation, one)
        table.put(row, "Progress", progress, SHARE)
        for header, figure in (("Weight", one.weight), ("Budget", one.budget), ("Spent", one.spent)):
            table.put(row, header, figure, number_format(figure))
        table.put(row, "Progress path", write_path(one.progress))
        at = {header: here(INITIATIVES, header, row) for header in ("State", "Progress", "Weight", "Counts")}
        sums = initiative_sums(evaluation, one)
        table.live(row, "Counts", f'IF({at["State"]}="stopped",0,{at["Weight"]})', sums.weight)
        done = f'{at["State"]}="done"'
        known = f"IF(OR({done},ISNUMBER({at['Progress']})),{at['Counts']},0)"
        table.live(row, "Known", known, sums.known)
        table.live(row, "Part", f"{at['Counts']}*IF({done},1,N({at['Progress']}))", sums.part)
    for header, rule in (("State", STATES), ("Progress", SHARES), ("Weight", WEIGHTS)):
        table.allow(header, len(initiatives), rule)


def initiative_sums(evaluation: Evaluation, one: Initiative) -> Sums:
    """What an initiative adds to a goal's result."""
    return Sums.of(0.0 if one.status == "stopped" else one.weight, progress_of(evaluation, one))


def write_guardrails(book: Book, evaluation: Evaluation, places: Places) -> None:
    """A row for each limit that a goal must not buy its green with."""
    strategy, last = evaluation.strategy, 0
    if not places.guardrails:
        return
    table = Table(book, GUARDRAILS)
    for last, (goal, one) in enumerate(((g, one) for g in strategy.goals.values() for one in g.guardrails), 1):
        measure, value = strategy.measure(one.kpi), evaluation.measure_value(one.kpi)
        title, unit = (measure.title, measure.unit) if measure else (one.kpi, None)
        for header, text in (("Goal", goal.id), ("Measure", one.kpi), ("Name", title)):
            table.put(last, header, text)
        table.put(last, "Min", one.min, number_format(one.min, unit))
        table.put(last, "Max", one.max, number_format(one.max, unit))
        sheet, row = (KPIS, places.kpis[one.kpi]) if one.kpi in places.kpis else (METRICS, places.metrics[one.kpi])
        origin = cell(sheet, "Value", row)
        if evaluation.members and measure and measure.adds_up:  # the limit is for all members together
            table.live(last, "Value", '""', None)
            value = None
        else:
            table.live(last, "Value", f'IF({origin}="","",{origin})', value, number_format(value, unit))
        own, least, most = (here(GUARDRAILS, header, last) for header in ("Value", "Min", "Max"))
        low, high = one.min is not None and value is not None and value < one.min, one.max is not None
        broken = low or (high and value is not None and value > (one.max or 0.0))
        table.live(last, "State", formulas.breach(own, least, most, BREACHED), BREACHED if broken else None)


def _list_uses(evaluation: Evaluation) -> Iterator[tuple[Goal, str, KpiUse]]:
    for goal in evaluation.strategy.goals.values():
        yield from ((goal, RESULT, use) for use in goal.lagging)
        yield from ((goal, DRIVER, use) for use in goal.drivers)


def _drivers_weight(evaluation: Evaluation, goal: Goal) -> float:
    return sum(map(evaluation.strategy.weigh, goal.drivers)) + sum(link.weight for link in goal.links)


def _write_sums(table: Table, row: int, weight: str, number: str, passed: str, sums: Sums, prefix: str = "") -> None:
    """The weight where a number is known, and the weight times what is passed on of it."""
    known, part = (f"{prefix}{word}" for word in ("known", "part"))
    table.live(row, known.capitalize(), f'IF({number}="",0,{weight})', sums.known)
    table.live(row, part.capitalize(), f'IF({number}="",0,{weight}*({passed}))', sums.part)


def _write_hypothesis(table: Table, row: int, entry: KpiDriver | Link) -> None:
    evidence = entry.evidence
    table.put(row, "Delay", entry.delay, "0")
    table.put(row, "Evidence", evidence.kind if isinstance(evidence, EvidenceRecord) else evidence)
    table.put(row, "Why", entry.why)


def _known(number: float) -> float | None:
    return None if number != number else number
