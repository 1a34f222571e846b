"""Who recorded a number: every statement behind a KPI's value, in words. Knows no Textual."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import dirname

from scorecard.api import Scorecard
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Place
from scorecard.render.words import quantity
from scorecard.store.ledger_errors import StoreError
from scorecard.store.provenance import Provenance, find_provenance

_MOST = 12  # statements shown


def list_statements(scorecard: Scorecard, evaluation: Evaluation, kpi: str) -> list[tuple[str, bool]]:
    """(sentence, whether it counts today): what was said of a KPI's value, the newest of each figure first.

    Of some members only what is said of them.
    """
    period = evaluation.kpi(kpi).effective_period or evaluation.period
    try:
        found = find_provenance(scorecard, kpi, period)
    except StoreError as error:
        return [(f"{error.message}; {error.hint}", False)]
    own = [one for one in found if evaluation.members.items() <= _members(scorecard, one).items()]
    said = [(" · ".join(_say(scorecard, kpi, one)), one.counts) for one in own]
    if len(said) > _MOST:
        return [*said[:_MOST], (f"and {len(said) - _MOST} more: see 'scorecard log'", False)]
    return said or [(f"nothing was recorded for {period}", False)]


def _members(scorecard: Scorecard, one: Provenance) -> dict[str, str]:
    return dict(zip(scorecard.strategy.dimensions, one.members, strict=False))


def _say(scorecard: Scorecard, kpi: str, one: Provenance) -> Iterator[str]:
    measure = scorecard.strategy.measure(one.kpi)
    unit = (measure.unit if measure else None) or ""
    value = quantity(one.value, unit) if one.value is not None else "withdrawn" if one.target is None else "no value"
    name = f"{measure.title} " if measure and one.kpi != kpi else ""
    yield f"{name}{one.period}{''.join(f' {member}' for member in one.members)} = {value}"
    if one.target is not None:
        yield f"target {quantity(one.target, unit)}"
    if one.row is None:
        yield _shorten(scorecard, one.place)
    else:
        yield f"row {one.row} of {scorecard.store.name}"
        yield f"{one.by}, {one.recorded_at[:16].replace('T', ' ')}"
    if one.origin:
        yield f"from {_shorten(scorecard, one.origin)}"
    if one.note:
        yield f"“{one.note}”"
    if one.reopen:
        yield f"reopened: {one.reopen}"
    if one.corrects:
        yield f"corrects row {one.corrects}"
    if not one.counts:
        yield "counts no more"


def _shorten(scorecard: Scorecard, place: Place) -> str:
    """A place as seen from the strategy's folder."""
    return str(place).removeprefix(f"{scorecard.name}/").removeprefix(f"{dirname(scorecard.name)}/")
