"""A consultant's book read into a draft: tables of goals, KPIs and initiatives, wherever they stand on the sheets.

Each row is read as people read it: what is written once above counts for the rows below. Whatever has no place becomes
a finding at its cell; no figure is changed, and nothing is computed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from scorecard.model.draft import REMARKS, Draft, Figure
from scorecard.model.finding import Place, shorten
from scorecard.model.period import Rhythm, read_period
from scorecard.store.book_figures import read_day, split_unit
from scorecard.store.book_grid import Book, BookCell
from scorecard.store.book_headings import SIDES, STATES, TOTALS, fold
from scorecard.store.book_names import Names, find_known
from scorecard.store.book_table import KPI_KINDS, Column, Table, find_table
from scorecard.store.lines import Fault
from scorecard.store.template_kpi import KpiRow, take_number


def read_template(book: Book, name: str, ident: str, at: str = "") -> Draft:
    """The draft of a strategy called `name`; `at` is the period of columns that only say `Actual`.

    Raises Fault where no sheet has a table that is known.
    """
    reader = _Reader(book, at)
    tables = [(grid, table) for grid in book.grids if (table := find_table(grid, book))]
    if not tables:
        hint = "write headings such as Perspective, Goal, KPI, Unit, Baseline, Target, Owner in one row"
        raise Fault("S302", Place(book.name), "no sheet has a row of headings that are known", hint)
    for grid in book.grids:
        if not any(grid is one for one, _ in tables):
            hint = "take over by hand what belongs to the strategy"
            book.report("S342", Place(grid.name), "the sheet has no table that is known, and is left out", hint)
    for _, table in sorted(tables, key=lambda pair: not {"kpi", "lagging", "leading"} & pair[1].kinds()):
        reader.read(table)
    reader.link()
    return reader.finish(name, ident)


@dataclass(slots=True)
class _Where:
    """What counts for the rows below until it is written anew."""

    perspective: str = ""
    goal: str = ""


@dataclass(slots=True)
class _Reader:
    book: Book
    at: str
    names: Names = field(default_factory=Names)
    figures: list[Figure] = field(default_factory=list)
    links: list[tuple[str, str, str, Place]] = field(default_factory=list)  # cause, effect, why

    def read(self, table: Table) -> None:
        where = _Where()
        if not table.column("perspective") and find_known(table.grid.title):
            where.perspective = self.names.perspective(table.grid.title)
        actual = table.column("actual")
        if actual and not self.at:
            hint = "say which period it is with --period, such as --period 2026-10"
            message = "the heading names no period, so the values below are left out"
            self.book.report("S342", table.place(table.line, actual), message, hint)
        for line, row in table.rows():
            full = [cell for cell in row if not cell.is_empty]
            if fold(full[0].text) in TOTALS or fold(full[0].text.partition(":")[0]) in TOTALS:
                place = Place(table.grid.name, line, row.index(full[0]) + 1)
                self.book.report("S342", place, "the row looks like a total, and is left out", "totals are computed")
            elif len(full) == 1 and not table.column("perspective") and self._is_band(table, full[0], row):
                where.perspective, where.goal = self.names.perspective(full[0].text), ""
            else:
                self._read_row(table, line, row, where)

    def _is_band(self, table: Table, cell: BookCell, row: list[BookCell]) -> bool:
        """Whether the only cell of a row heads the rows below it."""
        first = min(column.at for column in table.columns)
        return bool(find_known(cell.text)) or (row.index(cell) < first and isinstance(cell.value, str))

    def _read_row(self, table: Table, line: int, row: list[BookCell], where: _Where) -> None:
        def text(kind: str, of: str = "") -> str:
            column = table.column(kind, of)
            return row[column.at].text if column else ""

        if column := table.column("perspective"):
            if written := text("perspective"):
                perspective = self.names.perspective(written)
                if perspective != where.perspective:
                    where.perspective, where.goal = perspective, ""
                self._put(self.names.perspectives[perspective], table, line, row, "perspective")
            elif not where.perspective and text("goal"):
                hint = "write its perspective into the cell"
                self.book.report("S342", table.place(line, column), "the goal has no perspective", hint)
        if written := text("goal"):
            where.goal = self.names.goal(written, where.perspective)
            goal = self.names.goals[where.goal]
            self._put(goal, table, line, row, "goal")
            self._put_text(goal, "owner", text("goal owner"), table, line, "goal owner")
            goal["description"] = goal["description"] or text("goal description")
            self._put_number(goal, "weight", table, line, row, "goal weight")
        for cause, effect in (("cause", "effect"), ("goal", "effect"), ("cause", "goal")):
            if text(cause) and text(effect) and cause != effect:
                place = table.place(line, table.column(cause) or table.columns[0])
                self.links += [(text(cause), text(effect), text("why"), place)]
                break
        self._read_kpis(table, line, row, where.goal)
        self._read_initiatives(table, line, row, where.goal)

    def _read_kpis(self, table: Table, line: int, row: list[BookCell], goal: str) -> None:
        columns = [column for column in table.columns if column.heading.kind in KPI_KINDS]
        written = [column for column in columns if not row[column.at].is_empty]
        doubtful: set[int] = set()
        for column in written:
            after = next((one for one in columns if one.at > column.at), None)
            subject = column.at
            if after is not None and not any(one.subject == column.at for one in table.columns):
                subject = after.at  # the figures at the right are for both columns
                if after in written:
                    message = "two KPIs stand in one row, so its figures may be of either, and are left out"
                    self.book.report("S342", table.place(line, after), message, "give each KPI a row of its own")
                    doubtful.add(subject)
            self._read_kpi(table, line, row, column, -1 if subject in doubtful else subject, goal)

    def _read_kpi(self, table: Table, line: int, row: list[BookCell], column: Column, subject: int, goal: str) -> None:
        cell, place = row[column.at], table.place(line, column)
        if not isinstance(cell.value, str) or cell.uncomputed:
            message = f"'{shorten(cell.text)}' is no name of a KPI"
            self.book.report("S342", place, message, "write the name as a text")
            return
        name, unit = split_unit(cell.text)
        ident, is_new = self.names.kpi(name)
        columns = [one for one in table.columns if one.subject == subject and one.of == "kpi"]
        side = self._side(table, line, row, column, columns)
        use: dict[str, Any] | None = None
        if goal and goal not in self.names.uses.setdefault(ident, []):
            self.names.uses[ident].append(goal)
            use = {"kpi": ident}
            self.names.goals[goal][side].append(use)
        elif not goal and not self.names.uses.get(ident):
            hint = "write the goal into the row; the KPI stands under 'kpis' until then"
            self.book.report("S342", place, f"the KPI '{shorten(name)}' has no goal", hint)
        if cell.lead != line:  # its cells are merged, so the row only adds what stands in others
            return
        kpi = KpiRow(self.book, table, line, row, columns, self.at)
        kpi.fill(self.names.kpis[ident], ident, unit, is_new, self.figures)
        weight = self.names.kpis[ident].pop("weight", None)
        if use is not None and weight is not None:
            use["weight"] = weight

    def _side(self, table: Table, line: int, row: list[BookCell], column: Column, columns: list[Column]) -> str:
        if column.heading.kind != "kpi":
            return column.heading.kind
        for one in columns:
            if one.heading.kind == "side" and not row[one.at].is_empty:
                text = row[one.at].text
                if side := SIDES.get(fold(text)):
                    return side
                message = f"'{shorten(text)}' does not say whether the KPI is leading or lagging"
                hint = "write leading or lagging; the KPI stands among the results (lagging) until then"
                self.book.report("S342", table.place(line, one), message, hint)
        return "lagging"

    def _read_initiatives(self, table: Table, line: int, row: list[BookCell], goal: str) -> None:
        column = table.column("initiative")
        if column is None or row[column.at].is_empty or row[column.at].lead != line:
            return
        cell = row[column.at]
        if not goal:
            hint = "write the goal that it serves into the row"
            self.book.report("S342", table.place(line, column), "the initiative has no goal, and is left out", hint)
            return
        for name in filter(None, (" ".join(part.strip(" \t•-–").split()) for part in str(cell.value).split("\n"))):
            ident, is_new = self.names.initiative(name, goal)
            one = self.names.initiatives[ident]
            if is_new:
                self._put(one, table, line, row, "initiative")
                self._fill_initiative(one, table, line, row)

    def _fill_initiative(self, one: dict[str, Any], table: Table, line: int, row: list[BookCell]) -> None:
        if (column := table.column("initiative owner")) and not row[column.at].is_empty:
            one["owner"] = row[column.at].text
        for kind in ("start", "due"):
            if column := table.column(kind):
                try:
                    one[kind] = read_day(row[column.at])
                except ValueError as error:
                    hint = "write a day or period such as 2026-10-31 or 2026-Q4"
                    self.book.report("S305", table.place(line, column), str(error), hint)
        for kind in ("budget", "spent", "progress"):
            self._put_number(one, kind, table, line, row, kind)
        column = table.column("progress")
        if column and not 0 <= (one.get("progress") or 0) <= 1:
            message = f"the progress {shorten(row[column.at].text)} is not between 0% and 100%"
            self.book.report("S342", table.place(line, column), message, "write it as a percentage, such as 60%")
            del one["progress"]
        if column := table.column("state"):
            text = row[column.at].text
            one["status"] = STATES.get(fold(text), "")
            if text and not one["status"]:
                hint = "write planned, active, done or stopped"
                self.book.report("S342", table.place(line, column), f"'{shorten(text)}' is no state", hint)

    def _put(self, thing: dict[str, Any], table: Table, line: int, row: list[BookCell], of: str) -> None:
        """What the columns beside say of a perspective, goal or initiative."""
        for column in table.columns:
            kind, cell = column.heading.kind, row[column.at]
            if column.of != of or cell.is_empty or cell.lead != line:
                continue
            if kind == "comment":
                thing.setdefault(REMARKS, []).append(cell.text)
            elif kind == "weight":
                self._put_number(thing, "weight", table, line, row, "weight", of)
            elif kind == "owner" and of == "perspective":
                hint = "write it beside the goals"
                self.book.report(
                    "S342", table.place(line, column), "a perspective has no owner, so it is left out", hint
                )
            elif kind in ("owner", "description"):
                self._put_text(thing, kind, cell.text, table, line, kind, of)

    def _put_text(
        self, thing: dict[str, Any], key: str, text: str, table: Table, line: int, kind: str, of: str = ""
    ) -> None:
        if text and thing.get(key) and thing[key] != text and (column := table.column(kind, of)):
            message = f"'{shorten(text)}' is another {key} than '{shorten(thing[key], 20)}' above, and left out"
            self.book.report("S342", table.place(line, column), message, "keep one of them")
        elif text:
            thing[key] = text

    def _put_number(
        self, thing: dict[str, Any], key: str, table: Table, line: int, row: list[BookCell], kind: str, of: str = ""
    ) -> None:
        if column := table.column(kind, of):
            number = take_number(self.book, table, line, column, row)
            if number is not None and key == "weight" and number < 0:
                self.book.report("S342", table.place(line, column), "a weight is not below 0", "write 0 or more")
            elif number is not None and not (key == "weight" and number == 1):
                thing[key] = number

    def link(self) -> None:
        """The links between goals, once all goals are known."""
        for cause, effect, why, place in self.links:
            ends = [self.names.find_goal(end) for end in (cause, effect)]
            unknown = next((end for end, ident in zip((cause, effect), ends, strict=True) if not ident), "")
            if unknown:
                hint = "write the goal's name as it stands in the table of goals"
                self.book.report("S342", place, f"the link names '{shorten(unknown)}', which is no goal", hint)
                continue
            drivers = self.names.goals[ends[1]]["leading"]
            if ends[0] != ends[1] and all(one.get("goal") != ends[0] for one in drivers):
                drivers.append({"goal": ends[0], "why": why})

    def finish(self, name: str, ident: str) -> Draft:
        """The tree: a KPI of one goal stands at its entry, any other under `kpis`."""
        names, apart = self.names, {}
        rhythms = Counter(read_period(figure.period).rhythm for figure in self.figures)
        rhythm = max(rhythms, key=lambda one: (rhythms[one], -one), default=Rhythm.MONTH)
        for own in names.kpis.values():
            if own.get("interval") == rhythm.word:
                del own["interval"]
        for kpi, own in names.kpis.items():
            goals = names.uses.get(kpi, [])
            if len(goals) != 1:
                apart[kpi] = own
                continue
            for entry in (one for side in ("lagging", "leading") for one in names.goals[goals[0]][side]):
                if entry.get("kpi") == kpi:
                    entry.update({**own, "weight": entry.pop("weight", None)})
        tree: dict[str, Any] = {"strategy": ident, "name": name, "period": rhythm.word}
        tree |= {"perspectives": _short(names.perspectives), "goals": names.goals, "kpis": apart}
        return Draft(tree, self.figures, self.book.findings)


def _short(perspectives: dict[str, Any]) -> dict[str, Any]:
    """Perspectives of which only the name is known as `id: name`."""
    return {ident: own["name"] if len(own) == 1 else own for ident, own in perspectives.items()}
