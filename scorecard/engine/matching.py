"""Rows that stay in a table of the engine: their texts matched by the intake itself, once for each distinct text.

Small tables then say which number a text stands for, and the engine joins them. What does not match is left out and
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scorecard.compute.observations import Recorder
from scorecard.engine.arithmetic import MOST, number
from scorecard.engine.codes import Codes
from scorecard.engine.connection import Column, Engine, Expr, ibis
from scorecard.engine.fault import EngineError
from scorecard.model.finding import Place, shorten
from scorecard.model.kpi import Kpi
from scorecard.model.period import Period, PeriodError, read_period
from scorecard.model.strategy import Strategy
from scorecard.store.intake import Intake, Row

_MOST_TEXTS = 1_000_000  # distinct ones of a column
_SEPARATOR = "\x1f"  # no text of a strategy can hold it


class Match(NamedTuple):
    """The rows of a table by number: measure, period, member, value, target."""

    rows: Expr
    has_target: bool
    remarks: tuple[str, ...]


def match_table(engine: Engine, codes: Codes, task: int, name: str) -> Match:
    """Raises EngineError for a table without the columns of the long form."""
    source = engine.source(name)
    strategy = codes.tasks[task].inputs.strategy
    columns = {column.strip().casefold(): column for column in source.columns}
    for wanted in ("kpi", "period", "value"):
        if wanted not in columns:
            hint = "an engine takes the columns kpi, period, value; make a view that has them"
            raise EngineError(f"the table '{shorten(name)}' has no column '{wanted}'", hint)
    figures = {key: columns[key] for key in ("value", "target") if key in columns}
    for key, column in figures.items():
        if not source[column].type().is_numeric():
            hint = "make a view in which it is a number; words of 'levels' are read without --engine"
            raise EngineError(f"the column '{key}' of the table '{shorten(name)}' holds no numbers", hint)
    dimensions = [columns.get(dimension.casefold()) for dimension in strategy.dimensions]
    texts = source.select(
        kpi=_text(source[columns["kpi"]]),
        time=_text(source[columns["period"]]),
        who=_joined(source, dimensions),
        **{key: source[column].cast("float64") for key, column in figures.items()},
    )
    return _join(engine, codes, task, strategy, texts, f"'{shorten(name)}'")


def _join(engine: Engine, codes: Codes, task: int, strategy: Strategy, texts: Expr, shown: str) -> Match:
    intake = _Witness(strategy)
    measures = {text: _measure(codes, task, intake, text) for text in _distinct(engine, texts, "kpi")}
    kpis = {text: code for text, code in measures.items() if code >= 0}
    times = {text: codes.period(at) for text in _distinct(engine, texts, "time") if (at := _period(text))}
    whos = {
        text: codes.member(task, members)
        for text in _distinct(engine, texts, "who")
        if (members := intake.members(text)) is not None
    }
    rows = texts
    for key, name, found in (("kpi", "measure", kpis), ("time", "period", times), ("who", "member", whos)):
        pairs = found or {_SEPARATOR * 2: -1}  # an empty table has no types
        columns: dict[str, Column] = {key: list(pairs), name: list(pairs.values())}
        rows = rows.join(engine.table(**columns), key)
    has_target = "target" in texts.columns
    rows = engine.keep(rows.select("measure", "period", "member", "value", *(["target"] if has_target else [])))
    return Match(rows, has_target, tuple(_count(engine, texts, rows, shown)))


def _count(engine: Engine, texts: Expr, rows: Expr, shown: str) -> Iterator[str]:
    """What has to be said of rows that do not count."""
    faulty = (rows.value.abs() <= number(MOST)).ifelse(0.0, 1.0).sum()
    whole = engine.fetch(texts.agg(count=texts.count()))["count"][0]
    seen = engine.fetch(rows.agg(count=rows.count(), known=rows.value.count(), faulty=faulty))
    known = rows.filter(rows.value.notnull())
    keys = known.group_by("measure", "period", "member").agg(count=known.count())
    doubled = engine.fetch(keys.agg(doubled=(keys["count"].sum() - keys.count()).cast("float64")))["doubled"][0]
    left_out = int(whole - seen["count"][0])
    if left_out:
        yield f"{left_out:,} rows of {shown} name no known KPI, period or member and are left out"
    if (infinite := int(seen["faulty"][0] or 0)) and seen["known"][0]:
        yield f"{infinite:,} values of {shown} are no finite numbers and are left out"
    if doubled == doubled and doubled > 0:
        yield f"{int(doubled):,} rows of {shown} have the key of another; a table has no order, so the largest value counts"


class _Seen(Recorder):
    """Keeps the last row instead of recording it."""

    last: tuple[str, tuple[str, ...]] | None = None

    def add(
        self,
        measure: str,
        period: Period,  # noqa: ARG002
        value: float | None,  # noqa: ARG002
        target: float | None,  # noqa: ARG002
        place: Place,  # noqa: ARG002
        members: tuple[str, ...] = (),
    ) -> None:
        self.last = measure, members


class _Witness:
    """Asks the intake what a text stands for, with a row that has nothing else."""

    def __init__(self, strategy: Strategy) -> None:
        self._seen = _Seen((*strategy.kpis, *strategy.metrics))
        self._intake = Intake(strategy, self._seen, takes_empty=True)
        self._dimensions = list(strategy.dimensions)
        worded = {name for name, kpi in strategy.kpis.items() if kpi.levels}
        self._numeric = next((name for name in (*strategy.metrics, *strategy.kpis) if name not in worded), "")

    def measure(self, text: str) -> str | None:
        found = self._ask(text, {})
        return found[0] if found else None

    def members(self, text: str) -> tuple[str, ...] | None:
        """By the texts of the dimensions, joined; () for a total."""
        found = self._ask(self._numeric, dict(zip(self._dimensions, text.split(_SEPARATOR), strict=False)))
        return found[1] if found else None

    def _ask(self, kpi: str, members: dict[str, str]) -> tuple[str, tuple[str, ...]] | None:
        self._seen.last = None
        self._intake.take(Row(kpi, "2026", "", "", members, lambda _: Place("")))
        return self._seen.last


def _measure(codes: Codes, task: int, intake: _Witness, text: str) -> int:
    """The number of the measure that may have values, -1 where there is none."""
    name = intake.measure(text)
    measure = codes.tasks[task].inputs.strategy.measure(name) if name else None
    if measure is None or measure.formula is not None or (isinstance(measure, Kpi) and measure.levels):
        return -1
    return codes.numbers[task, measure.id]


def _period(text: str) -> Period | None:
    try:
        return read_period(text.strip().removesuffix(" 00:00:00").removesuffix(".0"))
    except PeriodError:
        return None


def _distinct(engine: Engine, texts: Expr, name: str) -> list[str]:
    found = engine.fetch(texts.select(name).distinct().limit(_MOST_TEXTS + 1))[name].tolist()
    if len(found) > _MOST_TEXTS:
        message = f"a column of the table has more than {_MOST_TEXTS:,} texts"
        raise EngineError(message, "look at kpi, period and members")
    return sorted(found)


def _text(column: Expr) -> Expr:
    return column.cast("string").fill_null("")


def _joined(source: Expr, columns: list[str | None]) -> Expr:
    """The members of all dimensions as one text."""
    joined = ibis.literal("")
    for at, column in enumerate(columns):
        text = _text(source[column]) if column else ibis.literal("")
        joined = text if not at else joined + ibis.literal(_SEPARATOR) + text
    return joined
