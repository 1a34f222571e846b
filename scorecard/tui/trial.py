"""A scenario tried on the figures of a period: what would be, what moves, which levers a goal has then; and the way back."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from scorecard.analysis.changes import Fault, find_faults
from scorecard.analysis.levers import Lever, rank_levers
from scorecard.analysis.scenario import Effect, Scenario, apply, list_effects
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Severity
from scorecard.render.picture import Picture, draw_picture
from scorecard.tui.figure_keys import Key, lever_key, list_levers, list_links

_MOST_STEPS = 500  # that can be taken back
_LEAST = 0.001  # a change of a score that is worth saying: 0.1 pp


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What is asked: the actual evaluation, the scenario tried on it, one to compare it with, and the goal whose levers count.

    A `goal` of None is the whole.
    """

    now: Evaluation
    scenario: Scenario
    other: Scenario | None
    goal: str | None

    def is_same(self, other: Wanted) -> bool:
        """Whether the answer is the same."""
        asked, again = (self.scenario, self.other, self.goal), (other.scenario, other.other, other.goal)
        return self.now is other.now and asked == again


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What would be. `then` are the figures of the scenario, `against` those of the one compared with it, if any.
    `actual` and `picture` are the maps of now and then, with the links of now.

    `effects` are all goals, the largest first. `levers` and `links` are the keys of the figures in these lists, in the order
    of the actual figures, so that a line stays where it is while it is moved; `lines` are the levers of the scenario by key.
    `faults` are by the key of the change; changes with an error are left out of the figures.
    """

    wanted: Wanted
    then: Evaluation
    against: Evaluation | None
    actual: Picture
    picture: Picture
    effects: tuple[Effect, ...]
    levers: tuple[Key, ...]
    links: tuple[Key, ...]
    lines: Mapping[Key, Lever]
    faults: Mapping[Key, Fault]

    @property
    def now(self) -> Evaluation:
        return self.wanted.now

    @property
    def scenario(self) -> Scenario:
        return self.wanted.scenario

    @property
    def goal(self) -> str | None:
        return self.wanted.goal

    @property
    def moved(self) -> tuple[Effect, ...]:
        """The goals that the scenario moves, whatever the one compared with it does."""
        return tuple(one for one in self.effects if is_felt(replace(one, then=one.then[:1])))


class Trail:
    """The scenarios that a session went through on a strategy, so that changes are taken back and made again one by one.

    A scenario that came from elsewhere, such as one that was opened, begins a new trail.
    """

    def __init__(self) -> None:
        self._past: deque[Scenario] = deque(maxlen=_MOST_STEPS)
        self._ahead: list[Scenario] = []
        self._now = Scenario()
        self._slid: Key | None = None

    def go(self, now: Scenario, then: Scenario, slid: Key | None = None) -> None:
        """A change was made. A figure that is slid, and slid further, is one change."""
        self._find(now)
        if then.changes != now.changes:
            if slid is None or slid != self._slid:
                self._past.append(now)
            self._ahead.clear()
            self._now, self._slid = then, slid

    def go_back(self, now: Scenario) -> Scenario | None:
        """The scenario before the last change; None where there is no change to take back."""
        if not self.has_past(now):
            return None
        self._ahead.append(now)
        return self._take(self._past.pop(), now)

    def go_ahead(self, now: Scenario) -> Scenario | None:
        """The scenario with the change that was taken back last; None where there is none."""
        self._find(now)
        if not self._ahead:
            return None
        self._past.append(now)
        return self._take(self._ahead.pop(), now)

    def has_past(self, now: Scenario) -> bool:
        """Whether there is a change to take back."""
        self._find(now)
        return bool(self._past)

    def _take(self, then: Scenario, now: Scenario) -> Scenario:
        """What was changed then, under the name that it has now."""
        self._now, self._slid = replace(now, changes=then.changes) if now.name else then, None
        return self._now

    def _find(self, now: Scenario) -> None:
        if now.changes != self._now.changes:
            self._past.clear()
            self._ahead.clear()
            self._now, self._slid = now, None


def is_felt(effect: Effect) -> bool:
    """Whether it is worth saying: another colour, or a tenth of a point."""
    return effect.turned or effect.weight >= _LEAST


def work_out(wanted: Wanted, before: Outcome | None = None) -> Outcome:
    """Compute everything; what `before` says of the same actual figures is not computed again."""
    now, goal = wanted.now, wanted.goal
    then, faults = _try(now, wanted.scenario)
    against = _try(now, wanted.other)[0] if wanted.other else None
    effects = list_effects(now, then, *([against] if against else []))
    lines = rank_levers(then, goal).lines
    if before is not None and before.now is now and before.goal == goal:
        actual, levers, links = before.actual, before.levers, before.links
    else:
        actual, levers = draw_picture(now, with_kpis=False), list_levers(now, rank_levers(now, goal))
        links = list_links(now.strategy, goal)
    picture = actual if then is now else replace(draw_picture(then, with_kpis=False), arrows=actual.arrows)
    by_key = {lever_key(line.kind, line.id): line for line in lines}
    return Outcome(wanted, then, against, actual, picture, tuple(effects), levers, links, by_key, faults)


def _try(now: Evaluation, scenario: Scenario) -> tuple[Evaluation, dict[Key, Fault]]:
    """The figures of a scenario without its faulty changes, the actual ones where nothing is left; and all that is odd."""
    faults: dict[Key, Fault] = {}
    for fault in find_faults(now.strategy, scenario.changes):
        faults.setdefault(scenario.changes[fault.at].key, fault)
    wrong = {key for key, fault in faults.items() if fault.severity == Severity.ERROR}
    sound = tuple(change for change in scenario.changes if change.key not in wrong)
    return (apply(now, replace(scenario, changes=sound)) if sound else now), faults
