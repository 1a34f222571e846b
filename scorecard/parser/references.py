"""What the schema alone cannot see: ids used but not defined, names taken twice, formulas, scorings, cycles."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scorecard.compute.formula import RESERVED, Formula, FormulaError, parse
from scorecard.compute.graph import find_cycles, sort_levels
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.period import Period
from scorecard.model.scoring import Rule, ScoringFault, choose_rule
from scorecard.model.strategy import Bands, Goal, Kpi, Link, Measure, Strategy, fold_name
from scorecard.parser.places import Places, Step


@dataclass(slots=True)
class Resolved:
    """What was worked out on the way: rules by KPI, formulas by measure, formula measures with inputs first."""

    rules: dict[str, Rule | None] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    order: tuple[str, ...] = ()


class References:
    """Checks one strategy as far as it was read. `removed` are paths that have a finding already."""

    def __init__(
        self, strategy: Strategy, places: Places, removed: set[tuple[Step, ...]], undecided: Iterable[str]
    ) -> None:
        self.strategy = strategy
        self.places = places
        self.removed = removed
        self.undecided = frozenset(undecided)  # ids whose definition could not be read at all
        self.findings: list[Finding] = []
        self.resolved = Resolved()

    def check(self) -> tuple[Resolved, list[Finding]]:
        for step in (
            self._bands,
            self._names,
            self._initiatives,
            self._goals,
            self._scorings,
            self._formulas,
            self._measures,
            self._dimensions,
        ):
            step()
        return self.resolved, self.findings

    def _report(
        self,
        code: str,
        path: tuple[Step, ...],
        message: str,
        hint: str,
        severity: Severity = Severity.ERROR,
        key: bool = False,
    ) -> None:
        if path in self.removed:
            return
        place = self.places.of_key(*path) if key else self.places.of(*path)
        self.findings.append(Finding(code, severity, place, message, hint))

    def _undefined(self, kind: str, name: str, known: Iterable[str], path: tuple[Step, ...]) -> None:
        if name in self.undecided:
            return
        near = difflib.get_close_matches(name[:80], list(known), 1, 0.6)
        hint = (
            f"did you mean '{near[0]}'?"
            if near
            else f"define it, or name {'a' if kind[0] not in 'aeiou' else 'an'} {kind} that is"
        )
        self._report("S220", path, f"the {kind} '{shorten(name)}' is not defined", hint)

    def _bands(self) -> None:
        strategy = self.strategy
        owners: list[tuple[Bands | None, tuple[Step, ...]]] = [(strategy.bands, ("bands",))]
        owners += [(kpi.bands, ("kpis", kpi.id, "bands")) for kpi in strategy.kpis.values() if kpi.bands]
        for bands, path in owners:
            if bands and not 0 < bands.amber < bands.green <= 1:
                self._report("S237", path, "the bands are not in order", "write 0 < amber < green <= 1")

    def _names(self) -> None:
        """KPIs and metrics share their names: a name or alias must not be another's id, name or alias."""
        taken: dict[str, str] = {}
        for kind, measure in self._each_measure():
            if measure.id in taken and kind == "metrics":
                self._report(
                    "S221",
                    (kind, measure.id),
                    f"'{measure.id}' is a KPI and a metric",
                    "give one of them another id",
                    key=True,
                )
                self._report(
                    "S221",
                    ("kpis", measure.id),
                    f"'{measure.id}' is a KPI and a metric",
                    "give one of them another id",
                    key=True,
                )
            taken.setdefault(fold_name(measure.id), measure.id)
            if measure.id in RESERVED:
                self._report(
                    "S223",
                    (kind, measure.id),
                    f"'{measure.id}' is a word of the formula language",
                    "choose another id",
                    key=True,
                )
        for kind, measure in self._each_measure():
            for number, text in enumerate((measure.name, *measure.aliases)):
                key = fold_name(text) if text else fold_name(measure.id)
                owner = taken.setdefault(key, measure.id)
                if text and owner != measure.id and key != fold_name(measure.id):
                    self._report(
                        "S222",
                        (kind, measure.id, *(("aliases", number - 1) if number else ("name",))),
                        f"'{shorten(text)}' is also what '{owner}' is called",
                        "give each KPI and metric names of its own, or data cannot be told apart",
                    )

    def _initiatives(self) -> None:
        initiatives: dict[str, tuple[Step, ...]] = {}
        for goal in self.strategy.goals.values():
            for number, initiative in enumerate(goal.initiatives):
                path = ("goals", goal.id, "initiatives", number, "initiative")
                if initiative.id in initiatives:
                    first = initiatives[initiative.id]
                    self._report(
                        "S203",
                        path,
                        f"the initiative '{initiative.id}' is defined already at {self.places.of(*first)}",
                        "give it another id",
                    )
                    self._report(
                        "S203",
                        first,
                        f"the initiative '{initiative.id}' is defined here and again at {self.places.of(*path)}",
                        "give it another id",
                    )
                initiatives.setdefault(initiative.id, path)
                if initiative.start and initiative.due and self._end(initiative.due) < self._begin(initiative.start):
                    self._report(
                        "S240",
                        (*path[:-1], "due"),
                        "the initiative is due before it starts",
                        "turn start and due round",
                        Severity.WARNING,
                    )

    def _goals(self) -> None:
        strategy = self.strategy
        for goal in strategy.goals.values():
            path: tuple[Step, ...] = ("goals", goal.id)
            if goal.perspective not in strategy.perspectives:
                self._undefined("perspective", goal.perspective, strategy.perspectives, (*path, "perspective"))
            if goal.theme and goal.theme not in strategy.themes:
                self._undefined("theme", goal.theme, strategy.themes, (*path, "theme"))
            for key, uses in (("lagging", goal.lagging), ("leading", goal.leading)):
                self._entries(goal, key, uses, path)
            self._guardrails(goal, path)
            override = goal.override
            if (
                override
                and override.start
                and override.until
                and self._end(override.until) < self._begin(override.start)
            ):
                self._report(
                    "S240",
                    (*path, "override", "until"),
                    "the override ends before it begins",
                    "turn from and until round",
                    Severity.WARNING,
                )

    def _entries(self, goal: Goal, key: str, uses: Iterable[object], path: tuple[Step, ...]) -> None:
        seen: dict[str, int] = {}
        for number, use in enumerate(uses):
            is_link = isinstance(use, Link)
            name: str = use.goal if isinstance(use, Link) else use.kpi  # type: ignore[attr-defined]
            at = (*path, key, number, "goal" if is_link else "kpi")
            if name in seen:
                self._report(
                    "S229",
                    at,
                    f"'{shorten(name)}' stands twice in '{key}' of this goal",
                    "name it once, with the weight it should have",
                    Severity.WARNING,
                )
            seen[name] = number
            if is_link and "/" not in name and name not in self.strategy.goals:
                self._undefined("goal", name, self.strategy.goals, at)
            elif not is_link and name not in self.strategy.kpis:
                self._undefined_kpi(name, at)

    def _undefined_kpi(self, name: str, at: tuple[Step, ...]) -> None:
        if name in self.strategy.metrics:
            self._report(
                "S220", at, f"'{name}' is a metric, and metrics have no score", "define it under 'kpis:' with a target"
            )
        else:
            self._undefined("KPI", name, self.strategy.kpis, at)

    def _guardrails(self, goal: Goal, path: tuple[Step, ...]) -> None:
        for number, guardrail in enumerate(goal.guardrails):
            at: tuple[Step, ...] = (*path, "guardrails", number)
            measure = self.strategy.measure(guardrail.kpi)
            if measure is None:
                self._undefined("KPI", guardrail.kpi, [*self.strategy.kpis, *self.strategy.metrics], (*at, "kpi"))
            elif getattr(measure, "levels", None):
                self._report(
                    "S239",
                    (*at, "kpi"),
                    f"'{guardrail.kpi}' is judged in words, which have no limit",
                    "guard a KPI or metric with numbers",
                )
            if guardrail.min is None and guardrail.max is None:
                self._report("S239", at, "the guardrail has no limit", "give 'min:' or 'max:'")
            elif guardrail.min is not None and guardrail.max is not None and guardrail.min > guardrail.max:
                self._report("S239", (*at, "min"), "the guardrail's min lies above its max", "turn min and max round")

    def _scorings(self) -> None:
        for kpi in self.strategy.kpis.values():
            path: tuple[Step, ...] = ("kpis", kpi.id)
            self.resolved.rules[kpi.id] = None
            try:
                self.resolved.rules[kpi.id] = choose_rule(kpi, self.strategy.bands_of(kpi))
            except ScoringFault as fault:
                at = (*path, fault.field) if getattr(kpi, fault.field, None) is not None else path
                if not any(gone[:2] == path for gone in self.removed):
                    self._report(fault.code, at, fault.message, fault.hint)
            if isinstance(kpi.target, dict):
                self._target_path(kpi)
            if kpi.scale is not None and len(kpi.scale) < len(self._node("kpis", kpi.id, "scale")):
                self._report(
                    "S236", (*path, "scale"), "two points of the scale have the same value", "give each value one score"
                )
            if kpi.defined_by and kpi.defined_by not in self.strategy.goals:
                self._undefined("goal", kpi.defined_by, self.strategy.goals, (*path, "defined_by"))

    def _target_path(self, kpi: Kpi) -> None:
        seen: dict[int, Period] = {}
        assert isinstance(kpi.target, dict)
        for period in kpi.target:
            review = self.strategy.calendar.lying(period, self.strategy.rhythm)
            if review in seen:
                self._report(
                    "S238",
                    ("kpis", kpi.id, "target", str(period)),
                    f"{period} and {seen[review]} lie in the same review period",
                    "give one target for each review period",
                    key=True,
                )
            seen.setdefault(review, period)

    def _formulas(self) -> None:
        strategy = self.strategy
        for kind, measure in self._each_measure():
            path: tuple[Step, ...] = (kind, measure.id, "formula")
            if measure.formula is None:
                continue
            try:
                formula = parse(measure.formula)
            except FormulaError as error:
                self._report(
                    "S225",
                    path,
                    f"the formula of '{measure.id}' fails in column {error.column}: {error.message}",
                    error.hint,
                )
                continue
            unknown = [(name, column) for name, column in formula.names if strategy.measure(name) is None]
            for name, column in unknown:
                if name not in self.undecided:
                    near = difflib.get_close_matches(name[:80], [*strategy.kpis, *strategy.metrics], 1, 0.6)
                    hint = f"did you mean '{near[0]}'?" if near else "define it under 'kpis:' or 'metrics:'"
                    self._report(
                        "S227",
                        path,
                        f"the formula of '{measure.id}' uses '{shorten(name)}' in column {column}, which is not defined",
                        hint,
                    )
            worded = [name for name, _ in formula.names if getattr(strategy.measure(name), "levels", None)]
            for name in worded:
                self._report(
                    "S227",
                    path,
                    f"the formula of '{measure.id}' uses '{name}', which is judged in words",
                    "use figures in formulas",
                )
            if not unknown and not worded:
                self.resolved.formulas[measure.id] = formula
        self._formula_order()

    def _formula_order(self) -> None:
        formulas = self.resolved.formulas
        names = list(formulas)
        row = {name: number for number, name in enumerate(names)}
        needs = [[row[used] for used, _ in formulas[name].names if used in row] for name in names]
        order, _ = sort_levels(needs)
        self.resolved.order = tuple(names[number] for number in order)
        if len(order) < len(names):
            for cycle in find_cycles(
                {name: [used for used, _ in formula.names if used in row] for name, formula in formulas.items()}
            ):
                kind = "kpis" if cycle[0] in self.strategy.kpis else "metrics"
                self._report(
                    "S226",
                    (kind, cycle[0], "formula"),
                    f"these formulas need each other: {write_cycle(cycle)}",
                    "let one of them be recorded, not computed",
                )
            for name in set(names) - set(self.resolved.order):
                del formulas[name]

    def _measures(self) -> None:
        for kind, measure in self._each_measure():
            path: tuple[Step, ...] = (kind, measure.id)
            if measure.formula is not None and measure.values:
                self._report(
                    "S228",
                    (*path, "values"),
                    f"'{measure.id}' has a formula and recorded values",
                    "keep one of the two",
                )
            if measure.formula is not None:
                for key in self._written(kind, measure.id, ("interval", "aggregate", "across", "keep")):
                    self._report(
                        "S247",
                        (*path, key),
                        f"'{key}' does nothing on a formula",
                        f"set it on the figures that '{measure.id}' is made of",
                        Severity.HINT,
                        key=True,
                    )
            elif getattr(measure, "levels", None):
                for key in self._written(kind, measure.id, ("aggregate", "across")):
                    self._report(
                        "S247",
                        (*path, key),
                        f"'{key}' does nothing on words",
                        "remove it: the latest word of a period counts",
                        Severity.HINT,
                        key=True,
                    )

    def _dimensions(self) -> None:
        dimensions = self.strategy.dimensions
        for name, dimension in dimensions.items():
            path: tuple[Step, ...] = ("dimensions", name)
            if dimension.parent and dimension.parent not in dimensions:
                self._undefined("dimension", dimension.parent, dimensions, (*path, "parent"))
            seen = set()
            for number, member in enumerate(dimension.members):
                if fold_name(member) in seen:
                    at = (*path, "members", number)
                    self._report("S242", at, f"the member '{shorten(member)}' is named twice", "name it once")
                seen.add(fold_name(member))
        for cycle in find_cycles({name: [d.parent] if d.parent else [] for name, d in dimensions.items()}):
            self._report(
                "S242",
                ("dimensions", cycle[0], "parent"),
                f"these dimensions are each other's parent: {write_cycle(cycle)}",
                "let one have no parent",
            )

    def _each_measure(self) -> Iterator[tuple[str, Measure]]:
        for kpi in self.strategy.kpis.values():
            yield "kpis", kpi
        for metric in self.strategy.metrics.values():
            yield "metrics", metric

    def _written(self, kind: str, name: str, keys: Iterable[str]) -> list[str]:
        """Those of the keys that the file gives."""
        node = self._node(kind, name)
        return [key for key in keys if key in node]

    def _node(self, *path: str) -> Mapping[str, object]:
        node: object = self.places.tree
        for step in path:
            node = node.get(step, {}) if isinstance(node, dict) else {}
        return node if isinstance(node, dict) else {}

    def _begin(self, period: Period) -> int:
        return self.strategy.calendar.first_day(period.rhythm, self.strategy.calendar.ordinal(period))

    def _end(self, period: Period) -> int:
        return self.strategy.calendar.last_day(period.rhythm, self.strategy.calendar.ordinal(period))


def write_cycle(names: list[str]) -> str:
    """A cycle in words, its first name repeated at the end; a long one is cut in the middle."""
    shown = names if len(names) <= 12 else [*names[:6], f"… {len(names) - 11} more …", *names[-5:]]
    return " > ".join([*shown, names[0]])


def check_map(strategies: Mapping[str, tuple[Strategy, Places]]) -> tuple[list[Finding], set[str]]:
    """Links across strategies, and cycles in the map; the ids of strategies that cannot be computed for it."""
    findings: list[Finding] = []
    causes: dict[str, list[str]] = {}
    for name, (strategy, places) in strategies.items():
        for goal in strategy.goals.values():
            causes[f"{name}/{goal.id}"] = []
            for number, step in enumerate(goal.leading):
                if isinstance(step, Link):
                    causes[f"{name}/{goal.id}"].append(step.goal if "/" in step.goal else f"{name}/{step.goal}")
                    if "/" in step.goal:
                        place = places.of("goals", goal.id, "leading", number, "goal")
                        findings.extend(_foreign(step.goal, strategy, strategies, place))
    broken = set()
    for cycle in find_cycles(causes):
        alone = len({name.partition("/")[0] for name in cycle}) == 1
        strategy, places = strategies[cycle[0].partition("/")[0]]
        effect = cycle[1 % len(cycle)]
        owner, _, name = effect.partition("/")
        place = _link_place(strategies[owner][0].goals[name], cycle[0], owner, strategies[owner][1])
        names = [name.partition("/")[2] for name in cycle] if alone else cycle
        findings.append(
            Finding(
                "S224",
                Severity.ERROR,
                place,
                f"these goals drive each other in a circle: {write_cycle(names)}",
                "take out one of these links: a map has causes below and effects above",
            )
        )
        broken |= {name.partition("/")[0] for name in cycle}
    return findings, broken


def _link_place(goal: Goal, cause: str, owner: str, places: Places) -> Place:
    for number, step in enumerate(goal.leading):
        if isinstance(step, Link) and cause in (step.goal, f"{owner}/{step.goal}"):
            return places.of("goals", goal.id, "leading", number, "goal")
    return places.of("goals", goal.id)


def _foreign(
    name: str, own: Strategy, strategies: Mapping[str, tuple[Strategy, Places]], place: Place
) -> Iterator[Finding]:
    """What is wrong with a link to a goal of another strategy."""
    other, _, goal = name.partition("/")
    if other not in strategies:
        if len(strategies) == 1 and other != own.id:
            yield Finding(
                "S244",
                Severity.WARNING,
                place,
                f"the goal '{shorten(name)}' is of another strategy, which was not read",
                "name the folder that holds both strategies; until then it counts as unknown",
            )
            return
        near = difflib.get_close_matches(other, strategies, 1, 0.6)
        yield Finding(
            "S220",
            Severity.ERROR,
            place,
            f"the strategy '{shorten(other)}' is not in this workspace",
            f"did you mean '{near[0]}/{goal}'?" if near else "add it to the workspace",
        )
    elif goal not in strategies[other][0].goals:
        near = difflib.get_close_matches(goal, strategies[other][0].goals, 1, 0.6)
        yield Finding(
            "S220",
            Severity.ERROR,
            place,
            f"the strategy '{other}' has no goal '{shorten(goal)}'",
            f"did you mean '{other}/{near[0]}'?" if near else "define it there",
        )
    elif (strategies[other][0].period, strategies[other][0].year_start) != (own.period, own.year_start):
        yield Finding(
            "S245",
            Severity.ERROR,
            place,
            f"'{shorten(name)}' is reviewed by the {strategies[other][0].period}, this strategy by the {own.period}",
            "give linked strategies the same 'period' and 'year_start'",
        )
