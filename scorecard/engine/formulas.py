"""Formulas as columns of a sheet: a row for each case and review period, a column for each measure that they read.

A formula is taken step by step, parts before the operation they belong to. What a step writes out is bound to a column
before it grows long, and wherever a function over time reads it. Windows over the consecutive review periods of a case are
the functions over time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from scorecard.compute.formula import OVER_TIME, Formula, Name, Operation
from scorecard.compute.formula_operations import Part as NumpyPart
from scorecard.compute.formula_operations import operate
from scorecard.engine.arithmetic import Arithmetic, finite, number, unknown
from scorecard.engine.codes import Codes
from scorecard.engine.connection import Engine, Expr, ibis
from scorecard.engine.operations import FOLDED, OPERATIONS, Part, choose, stop_early

_LONGEST = 400  # nodes of an expression, before it is bound to a column
_WIDEST = 200  # measures of a sheet, unless they hang together


def add_formulas(engine: Engine, codes: Codes, values: Expr) -> Expr:
    """The values with those of all formulas that are needed: case, measure, t, value."""
    parts = [values.select("case", "measure", "t", "value")]
    for formulas in _sheets(codes):
        sheet = _Sheet(engine, codes, values, formulas)
        for measure in formulas:
            sheet.add(measure)
        sheet.bind(keep=True)
        parts += [sheet.read(measure) for measure in formulas]
    return engine.keep(reduce(lambda one, other: one.union(other), parts)) if len(parts) > 1 else parts[0]


class _Sheet:
    """`table` has the columns `v<measure>` and, where it matters, `own<measure>` and `stale<measure>`."""

    def __init__(self, engine: Engine, codes: Codes, values: Expr, formulas: Sequence[int]) -> None:
        self.engine, self.codes = engine, codes
        self.arithmetic = Arithmetic(engine.raises)
        self.tracked = _tracked(codes, formulas)
        self.table = self._lay_out(values, sorted(_raw_inputs(codes, formulas)))
        self.stack: list[Part] = []
        self._bound = 0

    def add(self, measure: int) -> None:
        """A formula's column; those of its inputs are there."""
        task, one = self.codes.measures[measure]
        formula = self.codes.tasks[task].inputs.formulas[one.id]
        self._run(formula, task, measure in self.tracked)
        part = self.stack.pop()
        columns = {f"v{measure}": part.column}
        if measure in self.tracked:
            stale = part.column.notnull() & part.stale if part.stale is not None else ibis.literal(False)
            columns |= {f"stale{measure}": stale, f"own{measure}": part.column.notnull() & ~stale}
        self.table = self.table.mutate(**columns)
        if part.size > 1:
            self.bind(keep=part.size > _LONGEST // 8)

    def read(self, measure: int) -> Expr:
        """The formula's known values as rows."""
        found = self.table.select(
            "case", "t", measure=ibis.literal(measure, type="int64"), value=self.table[f"v{measure}"]
        )
        return found.filter(found.value.notnull()).select("case", "measure", "t", "value")

    def bind(self, keep: bool) -> None:
        """Every part at hand becomes a column; with `keep` the engine computes them now."""
        columns: dict[str, Expr] = {}
        parts: list[tuple[str, str]] = []
        for part in self.stack:
            name, stale = "", ""
            if part.constant is None:
                self._bound += 1
                name = f"part{self._bound}"
                columns[name] = part.column
                if part.stale is not None:
                    stale = f"old{self._bound}"
                    columns[stale] = part.stale
            parts.append((name, stale))
        others = [
            name for name in self.table.columns if not name.startswith(("part", "old"))
        ]  # bound before, not read again
        self.table = self.table.select(*others, **columns)
        if keep:
            self.table = self.engine.keep(self.table)
        for at, (name, stale) in enumerate(parts):
            if name:
                self.stack[at] = Part(self.table[name], self.table[stale] if stale else None, 1)

    def _lay_out(self, values: Expr, inputs: Sequence[int]) -> Expr:
        """Every case and review period, with the inputs that are known there."""
        spine, codes = self.codes.spine, self.codes
        position = np.array([codes.calendar.position(codes.review, int(t)) for t in spine], dtype=np.int64)
        cases = self.engine.table(case=np.arange(len(codes.cases), dtype=np.int64))
        times = self.engine.table(t=spine, position=position, year=spine - position)
        grid = cases.cross_join(times)
        columns = {}
        for measure in inputs:
            here = values.measure == measure
            columns[f"v{measure}"] = values.value.max(where=here)
            if measure in self.tracked:
                columns[f"own{measure}"] = values.own.ifelse(1, 0).max(where=here) == 1
                columns[f"stale{measure}"] = values.stale.ifelse(1, 0).max(where=here) == 1
        if not columns:
            return self.engine.keep(grid)
        wide = values.filter(values.measure.isin(list(inputs))).group_by("case", "t").agg(**columns)
        return self.engine.keep(grid.left_join(wide, ["case", "t"]).drop("case_right", "t_right"))

    def _run(self, formula: Formula, task: int, tracked: bool) -> None:
        """Leaves the formula's part on the stack."""
        for node, inside in formula.steps:
            if isinstance(node, Operation):
                self._operate(node)
            elif isinstance(node, Name):
                measure = self.codes.numbers[task, node.id]
                value, stale = self.table[f"v{measure}"], None
                if inside:
                    value = self.table[f"own{measure}"].ifelse(value, unknown())
                elif tracked:
                    stale = self.table[f"stale{measure}"].fill_null(False)
                self.stack.append(Part(value, stale, 1 + inside))
            else:
                self.stack.append(Part.of(node.value))

    def _operate(self, node: Operation) -> None:
        count = len(node.parts)
        constants = [part.constant for part in self.stack[-count:]]
        if node.name not in OVER_TIME and all(one is not None for one in constants):
            del self.stack[-count:]
            self.stack.append(Part.of(_work_out(node, constants)))
            return
        if node.name in ("sum", "product", "and", "or"):
            self._fold(node, count)
            return
        if node.name in OVER_TIME:  # reads columns only
            self.stack[-1] = self.stack[-1]._replace(constant=None)
        is_long = sum(part.size for part in self.stack[-count:]) > _LONGEST // 4
        if is_long or node.name in OVER_TIME or node.name == "round":
            self.bind(keep=is_long)
        parts = self.stack[-count:]
        del self.stack[-count:]
        if node.name in OVER_TIME:
            self.stack.append(Part(self._look_back(node, parts[0].column), None, 1))
            self.bind(keep=False)  # a window holds no other
        elif node.name == "if":
            self.stack.append(choose(parts))
        else:
            value = OPERATIONS[node.name](self.arithmetic, node, [part.column for part in parts])
            self.stack.append(Part.over(value, parts, 4))

    def _fold(self, node: Operation, count: int) -> None:
        """An operation that goes from left to right, bound whenever it has grown long."""
        base = len(self.stack) - count
        for sign in node.signs:
            if self.stack[base].size + self.stack[base + 1].size > _LONGEST // 4:
                self.bind(keep=True)
            one, other = self.stack[base], self.stack.pop(base + 1)
            if node.name in ("and", "or"):
                self.stack[base] = stop_early(node, [one, other])
                continue
            value = FOLDED[sign](self.arithmetic, one.column, other.column)
            self.stack[base] = Part.over(value, [one, other], 5 if self.engine.raises else 2)

    def _look_back(self, node: Operation, column: Expr) -> Expr:
        """A function over time; inside it every value read is the period's own, so the result is never stale."""
        frame = {"group_by": "case", "order_by": "t"}
        if node.name in ("prev", "change", "growth"):
            before = column.lag(node.n).over(**frame)
            if node.name == "prev":
                return before
            self.stack.append(Part(column, None, 1))
            self.stack.append(Part(before, None, 1))
            self.bind(keep=False)
            now, then = self.stack[-2].column, self.stack[-1].column
            del self.stack[-2:]
            if node.name == "change":
                return self.arithmetic.add(now, -then)
            return self.arithmetic.add(self.arithmetic.divide(now, then), number(-1))
        if node.name == "ytd":
            window = ibis.window(group_by=["case", "year"], order_by="t", preceding=None, following=0)
            wanted = self.table.position + 1
        else:
            window = ibis.window(group_by="case", order_by="t", preceding=node.n - 1, following=0)
            wanted = node.n
        total = finite(self.arithmetic.total(column, window))
        if node.name == "rolling_mean":
            total = total / number(node.n)
        return (column.count().over(window) == wanted).ifelse(total, unknown())


def _work_out(node: Operation, constants: Sequence[float | None]) -> float:
    """An operation on numbers alone."""
    known: list[NumpyPart] = [(np.full((), one), False, False) for one in constants]
    with np.errstate(all="ignore"):
        return float(operate(node, known, np.zeros(0, np.int64))[0])


def _sheets(codes: Codes) -> Iterator[list[int]]:
    """The formulas in groups that read no formula of another group, of a bearable width, inputs first."""
    group = {measure: {measure} for measure in codes.formulas}
    for measure in codes.formulas:
        for used in codes.inputs_of(measure):
            if used in group and group[used] is not group[measure]:
                group[measure] |= group[used]
                for member in group[measure]:
                    group[member] = group[measure]
    seen: set[int] = set()
    waiting: list[int] = []
    for measure in codes.formulas:
        if measure in seen:
            continue
        more = [one for one in codes.formulas if one in group[measure]]
        seen.update(more)
        if waiting and len(waiting) + len(more) + len(_raw_inputs(codes, waiting + more)) > _WIDEST:
            yield waiting
            waiting = []
        waiting = waiting + more
    if waiting:
        yield waiting


def _raw_inputs(codes: Codes, formulas: Sequence[int]) -> set[int]:
    own = set(formulas)
    return {used for measure in formulas for used in codes.inputs_of(measure)} - own


def _tracked(codes: Codes, formulas: Sequence[int]) -> set[int]:
    """The measures of which it matters whether a value is stale or carried: a function over time reads them, by and by."""
    found: set[int] = set()
    for measure in reversed(formulas):
        task, one = codes.measures[measure]
        for node, inside in codes.tasks[task].inputs.formulas[one.id].steps:
            if isinstance(node, Name) and (inside or measure in found):
                found.add(codes.numbers[task, node.id])
    return found
