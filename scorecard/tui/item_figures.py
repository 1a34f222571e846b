"""The figures that an item of a review is about, in words, each with the KPI by which it is looked at and entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scorecard.analysis.agenda import Item, MissingData
from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.render.agenda_words import write_lack
from scorecard.render.words import quantity, status_words
from scorecard.tui.recording import recorded_measures

if TYPE_CHECKING:
    from scorecard.tui.meeting import Meeting


class ItemFigure(NamedTuple):
    """A KPI, or a figure that one is made of; `kpi` is None where it is in none."""

    title: str
    said: str
    kpi: str | None


def list_figures(meeting: Meeting) -> list[ItemFigure]:
    """Those of the item looked at; of one about a goal alone those of its result."""
    item, evaluation = meeting.item, meeting.evaluation
    strategy = evaluation.strategy
    if isinstance(item, MissingData):
        found = [(one.measure.id, write_lack(one)) for one in item.figures]
    else:
        found = [(name, _say_value(evaluation, name)) for name in _list_names(meeting)]
    return [
        ItemFigure(one.title, said, name if name in strategy.kpis else meeting.entered.get(name))
        for name, said in found
        if (one := strategy.measure(name))
    ]


def has_figures(meeting: Meeting) -> bool:
    """Whether the item looked at is about any."""
    return bool(_list_names(meeting))


def find_entered(scorecard: Scorecard, items: Iterable[Item]) -> Mapping[str, str]:
    """For each metric that items are about a KPI that is made of it, the first by the file."""
    kpis = scorecard.strategy.kpis
    wanted = {name for item in items for name in item.kpis if name not in kpis}
    found: dict[str, str] = {}
    for kpi in kpis if wanted else ():
        if kpis[kpi].formula is not None:
            found = dict.fromkeys(wanted.intersection(recorded_measures(scorecard, kpi)), kpi) | found
    return found


def _list_names(meeting: Meeting) -> Sequence[str]:
    item, goals = meeting.item, meeting.evaluation.strategy.goals
    if item is None or item.kpis or len(item.goals) != 1:
        return item.kpis if item else ()
    return [use.kpi for use in goals[item.goals[0]].lagging]


def _say_value(evaluation: Evaluation, name: str) -> str:
    """`▲ red 79 seconds, target 112.5 seconds`."""
    measure = evaluation.strategy.measure(name)
    unit = (measure and measure.unit) or ""
    if name not in evaluation.strategy.kpis:
        return quantity(evaluation.measure_value(name), unit)
    kpi = evaluation.kpi(name)
    target = f", target {quantity(kpi.target, unit)}" if kpi.target is not None else ""
    return f"{status_words(kpi.status, None)} {quantity(kpi.value, unit)}{' (stale)' if kpi.stale else ''}{target}"
