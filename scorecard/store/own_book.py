"""Our own workbook read back into a draft, by the ids and headers of `model/book_columns.py`.

Live cells (scores, statuses, sums) are passed over: they follow from the others. What somebody typed counts: a value
or target of the book's period that differs from its history or path. A book holds one figure a review period.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scorecard.model import book_columns as words
from scorecard.model.draft import REMARKS, Draft, Figure, make_id
from scorecard.model.finding import Place, shorten
from scorecard.model.kpi import DEFAULT_BANDS
from scorecard.model.period import RHYTHMS, Calendar, Rhythm, read_period
from scorecard.store.book_grid import Book, Grid
from scorecard.store.own_rows import BookRow, is_period, unless

_TEXTS = {
    "Description": "description",
    "Owner": "owner",
    "Source": "source",
    "Scope": "scope",
    "Caution": "caution",
    "Causality": "causality",
    "Measurability": "measurability",
    "Defined by": "defined_by",
    "Stage": "stage",
    "Formula": "formula",
    "Role": "role",
}
_OVERRIDE = {"why": "Override why", "by": "Override by", "from": "Override from", "until": "Override until"}


def is_own(book: Book) -> bool:
    """Whether a book has our sheets with our first headers."""
    sheets = {grid.title: grid for grid in book.grids}
    return all(
        name in sheets
        and [cell.text for cell in sheets[name].rows.get(1, [])[:2]] == [one.header for one in words.COLUMNS[name][:2]]
        for name in (words.KPIS, words.GOALS, words.USES, words.SETTINGS)
    )


def read_own(book: Book, name: str | None = None) -> Draft:
    """The draft of the book's strategy; `name` is a new name for it, with an id of its own."""
    return _Reader(book, {grid.title: grid for grid in book.grids}).read(name)


@dataclass(slots=True)
class _Reader:
    book: Book
    sheets: dict[str, Grid]
    figures: list[Figure] = field(default_factory=list)
    period: str = ""
    rhythm: Rhythm = Rhythm.MONTH
    calendar: Calendar = field(default_factory=Calendar)

    def read(self, name: str | None) -> Draft:
        tree = self._settings(name)
        perspectives = {row.line_of("Id"): self._perspective(row) for row in self._rows(words.PERSPECTIVES)}
        themes = tree.pop("themes")
        tree |= {"perspectives": perspectives, "themes": themes}
        tree["goals"] = {row.line_of("Id"): self._goal(row) for row in self._rows(words.GOALS)}
        default = {"amber": DEFAULT_BANDS.amber, "green": DEFAULT_BANDS.green} | tree.get("bands", {})
        tree["kpis"] = {row.line_of("Id"): self._kpi(row, default) for row in self._rows(words.KPIS)}
        tree["metrics"] = {row.line_of("Id"): self._measure(row) for row in self._rows(words.METRICS)}
        for of, add in (
            (words.USES, self._add_use),
            (words.LINKS, self._add_link),
            (words.GUARDRAILS, self._add_guardrail),
            (words.INITIATIVES, self._add_initiative),
            (words.POINTS, self._add_point),
        ):
            for row in self._rows(of):
                add(tree, row)
        self._read_values(tree)
        return Draft(tree, self.figures, self.book.findings)

    def _rows(self, name: str) -> Iterator[BookRow]:
        """The records of a sheet, up to the first row without an id."""
        if name not in self.sheets:
            return
        grid = self.sheets[name]
        headers = [cell.text for cell in grid.rows.get(1, [])]
        known = {column.header for column in words.COLUMNS[name]}
        for at, header in enumerate(headers):
            if header and header not in known and name != words.HISTORY:
                message = f"the column '{shorten(header)}' is not ours, and left out"
                self.book.report("S342", Place(grid.name, 1, at + 1), message, "take over by hand what it says")
        for line in range(2, max(grid.rows) + 1):
            row = grid.rows.get(line)
            if row is None or row[0].is_empty:
                return
            cells = {header: (at, row[at]) for at, header in reversed(list(enumerate(headers))) if header}
            yield BookRow(grid, line, cells, self.book)

    def _settings(self, name: str | None) -> dict[str, Any]:
        rows = {row.line_of("Setting"): row for row in self._rows(words.SETTINGS)}

        def text(setting: str) -> str:
            return rows[setting].line_of("Value") if setting in rows else ""

        def number(setting: str) -> float | None:
            return rows[setting].number("Value") if setting in rows else None

        self.period = text(words.PERIOD).partition(" ")[0]
        self.rhythm = RHYTHMS.get(text(words.RHYTHM), Rhythm.MONTH)
        start = int(number(words.YEAR_START) or 1)
        self.calendar = Calendar(start if 1 <= start <= 12 else 1)
        ident = make_id(name) if name is not None else text(words.STRATEGY) or "strategy"
        tree: dict[str, Any] = {"strategy": ident, "name": name or text(words.NAME)}
        keys = (("purpose", words.PURPOSE), ("description", words.DESCRIPTION), ("owner", words.OWNER))
        tree |= {key: text(setting) for key, setting in keys}
        tree |= {"period": self.rhythm.word, "year_start": start if start != 1 else None}
        bands = {key: number(setting) for key, setting in (("amber", words.AMBER), ("green", words.GREEN))}
        if None not in bands.values() and bands != {"amber": DEFAULT_BANDS.amber, "green": DEFAULT_BANDS.green}:
            tree["bands"] = bands
        share = number(words.LEAD_SHARE)
        tree["lead_share"] = None if share == 0.5 else share
        marks = [setting for setting in rows if setting.startswith(words.THEME)]
        tree["themes"] = {one.removeprefix(words.THEME): text(one) for one in marks}
        return tree

    def _perspective(self, row: BookRow) -> dict[str, Any]:
        return {
            "name": row.line_of("Name"),
            "weight": unless(row.number("Weight"), 1),
            "description": row.text("Description"),
        }

    def _goal(self, row: BookRow) -> dict[str, Any]:
        goal: dict[str, Any] = {
            "name": row.line_of("Name"),
            "description": row.text("Description"),
            "perspective": row.line_of("Perspective"),
            "owner": row.line_of("Owner"),
            "theme": row.line_of("Theme"),
            "weight": unless(row.number("Weight"), 1),
            "lead_share": row.number("Lead share"),
            "lagging": [],
            "leading": [],
            "guardrails": [],
            "initiatives": [],
        }
        if status := row.line_of("Override"):
            goal["override"] = {"status": status} | {key: row.line_of(header) for key, header in _OVERRIDE.items()}
        return goal

    def _measure(self, row: BookRow) -> dict[str, Any]:
        own: dict[str, Any] = {"name": row.line_of("Name"), "unit": row.line_of("Unit")}
        own |= {key: row.text(header) for header, key in _TEXTS.items()}
        own["aliases"] = [line.strip() for line in row.text("Aliases").split("\n") if line.strip()]
        if not own["formula"]:
            own["aggregate"] = unless(row.line_of("Aggregate"), "last")
            own["across"] = row.line_of("Across")
            own["keep"] = unless(row.number("Keep"), 1)
            interval = RHYTHMS.get(row.line_of("Interval"))
            if interval is not None and interval > self.rhythm:
                own["interval"] = interval.word
            elif interval is not None and interval < self.rhythm:
                own[REMARKS] = [f"measured each {interval.word}; the book holds one figure a {self.rhythm.word}"]
        return own

    def _kpi(self, row: BookRow, bands: dict[str, Any]) -> dict[str, Any]:
        kpi, unit, scoring = self._measure(row), row.line_of("Unit"), row.line_of("Scoring")
        kpi["weight"] = row.number("Weight")
        kpi |= {"baseline": row.number("Baseline", unit), "red": row.number("Red", unit)}
        target, now = row.path("Target path", unit), row.number("Target", unit)
        if now is not None and target is None:
            target = now
        elif now is not None and isinstance(target, dict) and self.period in target:
            target[self.period] = now
        elif now is not None and isinstance(target, float) and now != target:
            target = now
        kpi["target"] = target
        low, high = row.number("Band low", unit), row.number("Band high", unit)
        if low is not None and high is not None:
            kpi |= {"band": [low, high], "tolerance": row.number("Tolerance", unit)}
        if target is not None and kpi["baseline"] is None and kpi["red"] is None:
            kpi["direction"] = row.line_of("Direction")
        if scoring == "none" or (scoring == "goal" and kpi["baseline"] is not None):
            kpi["scoring"] = scoring
        own = {"amber": row.number("Amber"), "green": row.number("Green")}
        if None not in own.values() and own != bands:
            kpi["bands"] = own
        return kpi

    def _find(self, tree: dict[str, Any], kind: str, row: BookRow, header: str) -> dict[str, Any] | None:
        """What an id names; None with a finding where nothing has it."""
        ident = row.line_of(header)
        found: dict[str, Any] | None = tree[kind].get(ident)
        if found is None:
            hint = f"write an id of the sheet '{words.GOALS if kind == 'goals' else words.KPIS}'"
            message = f"'{shorten(ident)}' is no {kind.removesuffix('s')} of this book, so the row is left out"
            self.book.report("S342", row.place(header), message, hint)
        return found

    def _add_use(self, tree: dict[str, Any], row: BookRow) -> None:
        goal, kpi = self._find(tree, "goals", row, "Goal"), self._find(tree, "kpis", row, "KPI")
        if goal is None or kpi is None:
            return
        weight, standing = row.number("Weight"), kpi["weight"] if kpi["weight"] is not None else 1
        entry: dict[str, Any] = {
            "kpi": row.line_of("KPI"),
            "role": unless(row.line_of("Role"), kpi["role"] or "supporting"),
        }
        entry["weight"] = unless(weight, standing)
        if row.line_of("Side") == words.DRIVER:
            goal["leading"].append(entry | _hypothesis(row))
        else:
            goal["lagging"].append(entry)

    def _add_link(self, tree: dict[str, Any], row: BookRow) -> None:
        if (goal := self._find(tree, "goals", row, "Effect")) is None:
            return
        if "/" not in (cause := row.line_of("Cause")) and self._find(tree, "goals", row, "Cause") is None:
            return
        entry = {
            "goal": cause,
            "weight": unless(row.number("Weight"), 1),
            "effect": unless(row.line_of("Kind"), "supports"),
        }
        goal["leading"].append(entry | _hypothesis(row))

    def _add_guardrail(self, tree: dict[str, Any], row: BookRow) -> None:
        if (goal := self._find(tree, "goals", row, "Goal")) is None:
            return
        ident = row.line_of("Measure")
        unit = (tree["kpis"].get(ident) or tree["metrics"].get(ident) or {}).get("unit", "")
        goal["guardrails"].append({"kpi": ident, "min": row.number("Min", unit), "max": row.number("Max", unit)})

    def _add_initiative(self, tree: dict[str, Any], row: BookRow) -> None:
        if (goal := self._find(tree, "goals", row, "Goal")) is None:
            return
        progress, now = row.path("Progress path", "%"), row.number("Progress", "%")
        if progress is None or isinstance(progress, float):
            progress = now if now is not None else progress
        elif now is not None and self.period in progress:
            progress[self.period] = now
        keys = (("name", "Name"), ("owner", "Owner"), ("start", "Start"), ("due", "Due"), ("status", "State"))
        one: dict[str, Any] = {"initiative": row.line_of("Id")} | {key: row.line_of(header) for key, header in keys}
        one |= {"progress": progress, "budget": row.number("Budget"), "spent": row.number("Spent")}
        goal["initiatives"].append(
            one | {"weight": unless(row.number("Weight"), 1), "description": row.text("Description")}
        )

    def _add_point(self, tree: dict[str, Any], row: BookRow) -> None:
        if (kpi := self._find(tree, "kpis", row, "KPI")) is None:
            return
        score = row.number("Score")
        if row.line_of("Kind") == words.LEVEL:
            kpi.setdefault("levels", {})[row.line_of("At")] = score
        elif (at := row.number("At")) is not None:
            kpi.setdefault("scale", {})[repr(at).removesuffix(".0")] = score

    def _read_values(self, tree: dict[str, Any]) -> None:
        """The history, and what was typed for the book's period since."""
        values: dict[str, dict[str, float | str]] = {}
        measures = {**tree["kpis"], **tree["metrics"]}
        for row in self._rows(words.HISTORY):
            ident = row.line_of("Id")
            if row.line_of("Kind") != words.OF_VALUE or ident not in measures or measures[ident]["formula"]:
                continue
            for header, (_, cell) in sorted(row.cells.items(), key=lambda item: item[1][0]):
                if not cell.is_empty and is_period(header):
                    value = self._value(row, header, measures[ident])
                    if value is not None:
                        values.setdefault(ident, {})[header] = value
        for row in (*self._rows(words.KPIS), *self._rows(words.METRICS)):
            own, ident = measures[row.line_of("Id")], row.line_of("Id")
            value = None if own["formula"] else self._value(row, "Value", own)
            known = values.get(ident, {})
            if value is not None and self.period and value != next(reversed(known.values()), None):
                values.setdefault(ident, {})[self.period] = value
        for ident, of in values.items():
            self.figures += [Figure(ident, self._lie(period, measures[ident]), value) for period, value in of.items()]

    def _value(self, row: BookRow, header: str, measure: dict[str, Any]) -> float | str | None:
        return (row.line_of(header) or None) if measure.get("levels") else row.number(header, measure["unit"])

    def _lie(self, text: str, measure: dict[str, Any]) -> str:
        """The period of a figure: the longer one that ends with it where the KPI is measured that often."""
        longer = RHYTHMS.get(measure.get("interval", ""))
        if longer is None or not is_period(text):
            return text
        day = self.calendar.anchor(read_period(text))
        ordinal = self.calendar.holding(longer, day)
        is_end = self.calendar.last_day(longer, ordinal) == day
        return str(self.calendar.period(longer, ordinal)) if is_end else text


def _hypothesis(row: BookRow) -> dict[str, Any]:
    about = {"delay": unless(row.number("Delay"), 0), "why": row.text("Why")}
    return about | {"evidence": row.line_of("Evidence")}
