"""From rows to values: the last of each key, members combined, finer values aggregated, then carried forward.

The same steps as in `compute.panel` and `compute.values`, for all measures and cases at once. A step that changes nothing
(one row a key, one granularity, one member a case) is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scorecard.engine.arithmetic import Arithmetic, finite, unknown, when
from scorecard.engine.codes import Codes
from scorecard.engine.connection import Engine, Expr, ibis
from scorecard.engine.facts import ACROSS, AGGREGATE, Facts, Parameters


def read_values(engine: Engine, codes: Codes, facts: Facts, parameters: Parameters) -> Expr:
    """Known values of measures without a formula: case, measure, t, value, own (recorded in t), stale."""
    arithmetic = Arithmetic(engine.raises)
    rows = _live(facts, codes, parameters)
    if not _is_alone(codes):
        rows = _across(rows, arithmetic)
    history = _within_reviews(rows, codes, parameters, arithmetic)
    return engine.keep(_carry(history, parameters))


def placed_rows(rows: Expr, codes: Codes, parameters: Parameters) -> Expr:
    """Rows of the measures at hand, up to the last review period, with what is known of measure and period, by case."""
    rows = rows.join(parameters.measures, "measure").join(parameters.periods, "period")
    rows = rows.filter((rows.review <= codes.last) & (rows.review >= rows.oldest))
    return rows.join(parameters.members, "member")


def last_of_each(rows: Expr, *keys: str) -> Expr:
    """Of rows with one key the one that counts."""
    order = ibis.row_number().over(group_by=list(keys), order_by=[rows["rank"].desc(), rows.value.desc()])
    ordered = rows.mutate(place=order)
    return ordered.filter(ordered.place == 0).drop("place")


def combine(rows: Expr, keys: Sequence[str], kind: str, arithmetic: Arithmetic, **more: Expr) -> Expr:
    """Groups with their values combined by the number of their kind in `ACROSS`, which is one of the keys, as `value`.

    A group of one has its value. `more` are other aggregates.
    """
    value = rows.value
    found = rows.group_by(*keys).agg(
        size=rows.count(), sum=arithmetic.total(value), mean=value.count(), low=value.min(), high=value.max(), **more
    )
    combined = when(
        (found.size == 1, found.high),
        (found[kind] == ACROSS["sum"], found["sum"]),
        (found[kind] == ACROSS["mean"], found["sum"] / found["mean"].nullif(0)),
        (found[kind] == ACROSS["min"], found.low),
        (found[kind] == ACROSS["max"], found.high),
        otherwise=unknown(),
    )
    return found.mutate(value=finite(combined)).drop("sum", "mean", "low", "high")


def _live(facts: Facts, codes: Codes, parameters: Parameters) -> Expr:
    values = facts.values if facts.unique else last_of_each(facts.values, "measure", "period", "member")
    return placed_rows(values, codes, parameters)


def _is_alone(codes: Codes) -> bool:
    """Whether each case has rows of one member at most, so that nothing has to be combined."""
    counts = Counter((task, case) for task, members in codes.members for case in codes.cases_of(task, members))
    return all(count == 1 for count in counts.values())


def _across(rows: Expr, arithmetic: Arithmetic) -> Expr:
    """One value a case, measure and period: the total where there is one, else the members combined."""
    known = ("across", "aggregate", "interval", "unit", "keep", "since", "rhythm", "ordinal", "review")
    found = combine(
        rows, ["case", "measure", "period", *known], "across", arithmetic, whole=rows.value.max(where=rows.total == 1)
    )
    return found.mutate(value=found.whole.coalesce(found.value)).drop("whole", "size")


def _within_reviews(rows: Expr, codes: Codes, parameters: Parameters, arithmetic: Arithmetic) -> Expr:
    """One value a case, measure and review period: the rows of one granularity, aggregated in time order."""
    rhythms = {period.rhythm for period in codes.periods}
    rows = rows.join(parameters.dues, ["period", "unit"])
    group = ["case", "measure", "review", "aggregate", "unit", "keep", "since"]
    if rhythms <= {codes.review}:
        return rows.select("case", "measure", "review", "unit", "keep", "since", "value", "due")
    if len(rhythms) > 1:
        own = (rows.rhythm == rows.interval).ifelse(1, 0)
        window = {"group_by": ["case", "measure", "review"]}
        rows = rows.mutate(own=own, has_own=own.max().over(**window), finest=rows.rhythm.min().over(**window))
        is_finest = (rows.has_own == 0) & (rows.rhythm == rows.finest)
        rows = rows.filter((rows.own == 1) | is_finest)
    kinds = {one.aggregate for number, (_, one) in enumerate(codes.measures) if number in codes.needed}
    latest = rows.ordinal.max().over(group_by=["case", "measure", "review"])
    rows = rows.mutate(newest=(rows.ordinal == latest).ifelse(1, 0))
    more = {"due": rows.due.max(), "known": rows.value.count(), "last": rows.value.max(where=rows.newest == 1)}
    if "median" in kinds:
        more["median"] = rows.value.median()
    found = combine(rows, group, "aggregate", arithmetic, **more)
    value = when(
        (found["aggregate"] == AGGREGATE["last"], found["last"]),
        (found.known < found.size, unknown()),  # of several one was too large to combine
        *([(found["aggregate"] == AGGREGATE["median"], finite(found["median"]))] if "median" in kinds else []),
        otherwise=found.value,
    )
    return found.mutate(value=value).drop(*more.keys() - {"due"}, "size", "aggregate")


def _carry(history: Expr, parameters: Parameters) -> Expr:
    """Each entry from its review period until the next one's, or until it is too old."""
    after = history.review.lead(1).over(group_by=["case", "measure"], order_by="review")
    history = history.mutate(after=after)
    ends = parameters.ends
    carried = history.join(
        ends,
        [
            history.unit == ends.unit,
            ends.t >= history.review,
            ends.t >= history.since,
            history.after.isnull() | (ends.t < history.after),
            ends.ended - history.due <= history.keep,
        ],
    )
    carried = carried.filter(carried.value.notnull())
    return carried.select(
        "case",
        "measure",
        "t",
        "value",
        own=carried.t == carried.review,
        stale=carried.ended > carried.due,
    )
