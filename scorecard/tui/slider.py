"""The slider of a figure: from where its score is 0 to where it is at its best, moved in round steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isfinite

from scorecard.compute.evaluation import Evaluation
from scorecard.model.scoring import Band, Levels, Linear, Reach, Scale

_FINE, _COARSE = 50, 10  # steps from end to end, at least
_MOST_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Slider:
    """`right` is the better end, which may be the smaller figure; steps are above 0.

    A KPI with levels has `words` instead, the worst first.
    """

    left: float = 0.0
    right: float = 1.0
    fine: float = 0.02
    coarse: float = 0.1
    words: tuple[str, ...] = ()

    def place(self, figure: float | str | None) -> float | None:
        """Where a figure lies from left (0) to right (1), at an end where it is beyond; None for what has no place."""
        if self.words:
            return self._number(figure) / max(len(self.words) - 1, 1) if figure in self.words else None
        if figure is None or isinstance(figure, str):
            return None
        return min(1.0, max(0.0, (figure - self.left) / (self.right - self.left)))

    def reaches(self, figure: float) -> bool:
        """Whether a figure lies between the ends."""
        return min(self.left, self.right) <= figure <= max(self.left, self.right)

    def at(self, share: float) -> float | str:
        """The figure at a share of the way from left to right, the nearest that fine steps lead to."""
        if self.words:
            return self.words[round(share * (len(self.words) - 1))]
        if share <= 0 or share >= 1:
            return self.right if share >= 1 else self.left
        figure = self.left + share * (self.right - self.left)
        step = Decimal(repr(self.fine))
        return self._clip(float(round(Decimal(repr(figure)) / step) * step))

    def move(self, figure: float | str | None, steps: int, coarse: bool = False) -> float | str:
        """The figure so many steps to the right (left where negative) of one; an unknown one comes from the left end."""
        if self.words:
            last = len(self.words) - 1
            number = self._number(figure) if figure in self.words else -1 if steps > 0 else 1
            return self.words[min(last, max(0, number + steps * (last if coarse else 1)))]
        if figure is None or isinstance(figure, str):
            return self.left
        step = Decimal(repr(self.coarse if coarse else self.fine))
        up = (steps > 0) == (self.right > self.left)
        whole, rest = _part(Decimal(repr(self._clip(figure))), step)
        count = whole + abs(steps) if up else whole - abs(steps) + (1 if rest else 0)
        return self._clip(float(count * step))

    def _clip(self, figure: float) -> float:
        return min(max(figure, min(self.left, self.right)), max(self.left, self.right))

    def _number(self, word: float | str | None) -> int:
        return self.words.index(str(word))


def slide_value(evaluation: Evaluation, measure: str) -> Slider | None:
    """The slider of a KPI's or metric's value, wide enough for the present one; None where nothing says how far it may go."""
    rule, now = evaluation.inputs.rules.get(measure), evaluation.measure_value(measure)
    if isinstance(rule, Levels):
        return Slider(words=tuple(word for _, word in sorted(zip(rule.scores, rule.words, strict=True))))
    ends = _find_ends(evaluation, measure)
    if ends is None:
        if not now:
            return None
        ends = now - abs(now), now + abs(now)
    left, right = ends
    if now is not None:
        left, right = (min(left, now), max(right, now)) if left < right else (max(left, now), min(right, now))
    return _graduate(left, right, _is_whole(evaluation, measure, (left, right)))


def slide_target(evaluation: Evaluation, kpi: str) -> Slider | None:
    """The slider of a KPI's target: around the present one, on the side of its start."""
    target, ends = evaluation.kpi(kpi).target, _find_ends(evaluation, kpi)
    if target is None or ends is None or not isinstance(evaluation.inputs.rules.get(kpi), Linear | Reach):
        return None
    way, slider = target - ends[0], _graduate(*ends, _is_whole(evaluation, kpi, ends))
    if slider is None:
        return None
    return replace(slider, left=ends[0] + way / _COARSE, right=target + way / 2)


def slide_weight(now: float, least: float = 0.0) -> Slider:
    """The slider of a weight of `least` or more."""
    return Slider(least, max(_MOST_WEIGHT, 2 * now), 0.1, 0.5)


def _find_ends(evaluation: Evaluation, measure: str) -> tuple[float, float] | None:
    """Where the score of a KPI starts, and where it is at its best."""
    rule = evaluation.inputs.rules.get(measure)
    if isinstance(rule, Band):
        slack = float(rule.tolerance) or float(rule.high - rule.low)
        return _hold(float(rule.low) - slack, float(rule.high) + slack)
    if isinstance(rule, Scale):
        return _hold(rule.points[0][0], rule.points[-1][0])
    if not isinstance(rule, Linear | Reach):
        return None
    target = evaluation.kpi(measure).target
    if target is None:
        return None
    if isinstance(rule, Reach):
        return _hold(target - abs(target) if rule.up else target + abs(target), target)
    row, scores = evaluation.values.row(measure), evaluation.scores
    against = float(scores.against[row, evaluation.column])
    of_all = target / against if against and isfinite(against) else 1.0  # of members the target is a part
    way = (target - float(rule.start) * of_all) / (rule.high - rule.low)  # from a score of 0 to one of 1
    return _hold(target - rule.high * way, target + (1 - rule.high) * way)


def _hold(left: float, right: float) -> tuple[float, float] | None:
    return (left, right) if left != right and isfinite(left) and isfinite(right) else None


def _graduate(left: float, right: float, whole: bool) -> Slider | None:
    """A slider with round steps."""
    way = abs(right - left)
    if not way or not isfinite(way):
        return None
    least = 1.0 if whole else 0.0
    return Slider(left, right, max(_round_down(way / _FINE), least), max(_round_down(way / _COARSE), least))


def _is_whole(evaluation: Evaluation, measure: str, ends: Sequence[float]) -> bool:
    """Whether a measure counts things: its figures have no decimals, and are no share."""
    known = evaluation.strategy.measure(measure)
    figures = [*ends, *(value for value in evaluation.history(measure) if value is not None)]
    return bool(known and known.unit != "%" and not known.formula) and all(float(one).is_integer() for one in figures)


def _part(figure: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """How many whole steps lie below a figure, and what it is above them."""
    whole, rest = figure // step, figure % step
    return (whole - 1, rest + step) if rest < 0 else (whole, rest)  # Decimal rounds to zero


def _round_down(step: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is no more."""
    power = Decimal(10) ** Decimal(repr(step)).adjusted()
    return float(next(one * power for one in (5, 2, 1) if float(one * power) <= step))
