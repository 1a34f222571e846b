"""The numbers of the goals from the leaves: one expression for the results, one for the drivers, one a level of the map.

Rows are sparse: only what is known is there. Weights are shares of a goal's whole weight, so their sum over known entries
is the coverage. What comes from several sides is stacked, then added up by goal: no outer join is needed.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from scorecard.compute.means import Floats
from scorecard.compute.plan import Plan
from scorecard.engine.arithmetic import number, unknown, when
from scorecard.engine.codes import Codes
from scorecard.engine.connection import Engine, Expr

NUMBERS = ("lagging", "lagging_coverage", "leading", "leading_coverage", "outlook", "outlook_coverage")
_KEYS = ("case", "t", "goal")


def propagate(engine: Engine, codes: Codes, leaves: Expr) -> Expr:
    """case, t, goal and the numbers of `NUMBERS`, for goals of which something is known."""
    plan = codes.plan
    lagging = engine.keep(_results(engine, plan, leaves))
    drivers = engine.keep(_drivers(engine, plan, leaves))
    leading = _leading(engine, plan, drivers, lagging)
    levels: list[Expr] = []
    for level in range(int(plan.level.max(initial=0)) + 1):
        levels.append(engine.keep(_outlook(engine, plan, level, lagging, drivers, levels)))
    parts = [
        _fill(lagging, lagging="mean", lagging_coverage="share"),
        _fill(leading, leading="mean", leading_coverage="share"),
        _fill(_stack(levels), outlook="outlook", outlook_coverage="coverage"),
    ]
    found = _stack(parts)
    return found.group_by(*_KEYS).agg(**{name: found[name].max() for name in NUMBERS})


def _results(engine: Engine, plan: Plan, leaves: Expr) -> Expr:
    """The mean of a goal's known results, and their share of the weight."""
    rows = plan.lagging
    entries = engine.table(goal=rows.owners(), leaf=rows.item, weight=_shares(plan, "lagging"))
    found = _weigh(leaves.join(entries, "leaf").rename(item="score"))
    return found.mutate(mean=found.sum / found.share).select(*_KEYS, "mean", "share")


def _drivers(engine: Engine, plan: Plan, leaves: Expr) -> Expr:
    """The sum over a goal's known leading KPIs, and their share of the weight of all its drivers."""
    rows, leaf = plan.leading, plan.leaf[plan.leading.item]
    own = leaf >= 0
    entries = engine.table(goal=rows.owners()[own], leaf=leaf[own], weight=_shares(plan, "leading")[own])
    return _weigh(leaves.join(entries, "leaf").rename(item="score"))


def _leading(engine: Engine, plan: Plan, drivers: Expr, lagging: Expr) -> Expr:
    """The mean of a goal's drivers, one step of the map."""
    causes = lagging.select("case", "t", cause="goal", item="mean").join(_links(engine, plan), "cause")
    found = _stack([drivers, _weigh(_turned(causes))])
    found = found.group_by(*_KEYS).agg(sum=found["sum"].sum(), share=found.share.sum())
    return found.mutate(mean=found["sum"] / found.share).select(*_KEYS, "mean", "share")


def _outlook(engine: Engine, plan: Plan, level: int, lagging: Expr, drivers: Expr, below: list[Expr]) -> Expr:
    """The outlook of the goals of one level, from those of the levels below."""
    goals = np.flatnonzero(plan.level == level)
    has_results, has_drivers = np.zeros((2, len(plan.nodes)), dtype=bool)
    has_results[plan.lagging.owner] = has_drivers[plan.leading.owner] = True
    share = np.where(has_drivers, np.where(has_results, plan.lead_share, 1.0), 0.0)  # of the drivers, in the coverage
    about = engine.table(goal=goals, lead=plan.lead_share[goals], covers=share[goals])
    columns = {"own": unknown(), "own_share": number(0), "sum": number(0), "share": number(0), "reach": number(0)}
    parts = [
        lagging.select(*_KEYS, **(columns | {"own": lagging["mean"], "own_share": lagging.share})),
        drivers.select(*_KEYS, **(columns | {"sum": drivers["sum"], "share": drivers.share, "reach": drivers.share})),
    ]
    links = _links(engine, plan, level) if below else None
    if links is not None:
        causes = _stack(below)
        causes = causes.select("case", "t", "coverage", cause="goal", item="outlook").join(links, "cause")
        reached = causes.group_by(*_KEYS).agg(reach=(causes.weight * causes.coverage).sum())
        known = _weigh(_turned(causes.filter(causes.item.notnull())))
        parts.append(reached.select(*_KEYS, **(columns | {"reach": reached.reach})))
        parts.append(known.select(*_KEYS, **(columns | {"sum": known["sum"], "share": known.share})))
    rows = _stack(parts).join(about, "goal")
    sums = {name: rows[name].sum() for name in columns if name != "own"}
    found = rows.group_by(*_KEYS, "lead", "covers").agg(own=rows.own.max(), **sums)
    driven = when((found.share > number(0), found["sum"] / found.share), otherwise=unknown())
    found = found.mutate(driven=driven)
    outlook = when(
        (found.own.isnull(), found.driven),
        (found.driven.isnull(), found.own),
        otherwise=(number(1) - found.lead) * found.own + found.lead * found.driven,
    )
    coverage = (number(1) - found.covers) * found.own_share + found.covers * found.reach
    return found.select(*_KEYS, outlook=outlook, coverage=coverage)


def _links(engine: Engine, plan: Plan, level: int | None = None) -> Expr | None:
    """goal, cause, weight, turned: the links to goals that were read, of one level or all."""
    rows, cause = plan.leading, plan.cause[plan.leading.item]
    kept = cause >= 0
    if level is not None:
        kept &= plan.level[rows.owners()] == level
        if not kept.any():
            return None
    turned = plan.opposes[rows.item][kept].astype(np.int64)
    weight = _shares(plan, "leading")[kept]
    return engine.table(goal=rows.owners()[kept], cause=cause[kept], weight=weight, turned=turned)


def _turned(rows: Expr) -> Expr:
    """Where a link opposes, 1 - the item counts."""
    return rows.mutate(item=when((rows.turned == 1, number(1) - rows.item), otherwise=rows.item))


def _weigh(rows: Expr) -> Expr:
    """The weighted sum of known items by goal, and the sum of their weights."""
    return rows.group_by(*_KEYS).agg(sum=(rows.weight * rows.item).sum(), share=rows.weight.sum())


def _shares(plan: Plan, of: str) -> Floats:
    """The weight of each entry as a share of its goal's."""
    rows = getattr(plan, of)
    share: Floats = rows.weight / np.repeat(rows.total, np.diff(np.append(rows.start, len(rows.item))))
    return share


def _fill(table: Expr, **named: str) -> Expr:
    """The table with all numbers, those it does not have unknown."""
    return table.select(*_KEYS, **{name: table[named[name]] if name in named else unknown() for name in NUMBERS})


def _stack(tables: list[Expr]) -> Expr:
    return reduce(lambda one, other: one.union(other), tables)
