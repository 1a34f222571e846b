"""`scorecard new --from book.xlsx`: the folder of a strategy from a workbook, and what found no place in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from scorecard.cli.paths import UNREADABLE, note, refuse
from scorecard.cli.words import counted
from scorecard.model.draft import Draft, Figure, make_id, write_figure
from scorecard.model.finding import Finding, Severity, shorten

if TYPE_CHECKING:
    from scorecard.store.book_grid import Book

MOST_SHOWN = 100  # findings on the screen; the file names how many there are
_DATA = "measurements.csv"


def write_from_book(path: Path, name: str | None, folder: Path | None, period: str | None) -> None:
    """Write strategy.yaml, the values and the schema into a new folder; findings go to stderr."""
    draft = _read(path, name, _check_period(period))
    target = folder or Path(str(draft.tree["strategy"]))
    _write(target, path.name, draft)
    for finding in draft.findings[:MOST_SHOWN]:
        note(write_finding(finding))
    if len(draft.findings) > MOST_SHOWN:
        note(f"and {len(draft.findings) - MOST_SHOWN} findings more")
    _summarise(target, draft)


def write_finding(finding: Finding) -> str:
    """A finding with the address of its cell, such as `book.xlsx!KPIs!D7`, as spreadsheet programs write it."""
    from scorecard.store.foreign import require

    place = finding.place
    file = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in place.file)
    letters = require("openpyxl.utils", "xlsx").get_column_letter
    cell = f"!{letters(place.column)}{place.line}" if "!" in file else ""
    return f"{file}{cell}: {finding.severity} {finding.code} {finding.message}\n    {finding.hint}"


def _check_period(text: str | None) -> str:
    from scorecard.model.period import PeriodError, read_period

    try:
        return str(read_period(text)) if text is not None else ""
    except PeriodError as error:
        refuse(f"'{shorten(text)}' {error}", "write such as 2026-10 or 2026-Q3")


def _read(path: Path, name: str | None, period: str) -> Draft:
    """The draft of a book; one that cannot be read ends the command."""
    from scorecard.store.book_grid import read_book
    from scorecard.store.foreign import MissingLibrary
    from scorecard.store.lines import Fault

    try:
        with path.open("rb") as file:
            if not path.is_file():
                refuse(f"'{shorten(str(path))}' is no file", "name an XLSX book")
            return _understand(read_book(file, shorten(path.name)), path, name, period)
    except OSError as error:
        refuse(f"'{shorten(str(path))}' cannot be read: {(error.strerror or 'unknown').lower()}", "name an XLSX book")
    except MissingLibrary as error:
        refuse("reading a workbook needs openpyxl", f"run pip install 'scorecard[{error.extra}]'")
    except Fault as fault:
        note(write_finding(Finding(fault.code, Severity.ERROR, fault.place, fault.message, fault.hint)))
        raise typer.Exit(UNREADABLE) from None


def _understand(book: Book, path: Path, name: str | None, period: str) -> Draft:
    from scorecard.store.own_book import is_own, read_own
    from scorecard.store.template_book import read_template

    if is_own(book):
        return read_own(book, name)
    title = name or " ".join(path.stem.replace("_", " ").split()) or "Strategy"
    return read_template(book, title, make_id(title), period)


def _write(target: Path, book: str, draft: Draft) -> None:
    """All files into the folder, none where one of them is there already."""
    from scorecard.cli.new import write_schema
    from scorecard.parser.strategy_text import write_strategy

    if draft.figures:
        draft.tree["data"] = [_DATA]
    left = [one for one in draft.findings if one.severity != Severity.HINT]
    head = [f"Read from {book} by scorecard new; check says what is missing."]
    if left:
        head += [f"{counted(len(left), 'cell')} or columns of the book found no place here:"]
        head += [f"  {write_finding(one).splitlines()[0]}" for one in left[:MOST_SHOWN]]
    files = {"strategy.yaml": write_strategy(draft.tree, head)}
    if draft.figures:
        files[_DATA] = write_figures(draft.figures)
    try:
        target.mkdir(parents=True, exist_ok=True)
        if taken := next((one for one in files if (target / one).exists()), None):
            raise FileExistsError(0, "", str(target / taken))
        for file, text in files.items():
            with (target / file).open("x", encoding="utf-8", newline="") as stream:
                stream.write(text)
        write_schema(target / "scorecard.schema.json")
    except FileExistsError as error:
        hint = "choose another name, or another folder with -o"
        refuse(f"'{error.filename}' exists already, and nothing is overwritten", hint)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        refuse(f"'{target}' cannot be written: {reason}", "choose a folder that can be written with -o")


def write_figures(figures: Sequence[Figure]) -> str:
    """The values as a data file in the long form."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("kpi", "period", "value"))
    for kpi, period, value in figures:
        rows.writerow((kpi, period, value if isinstance(value, str) else write_figure(value)))
    return text.getvalue()


def _summarise(target: Path, draft: Draft) -> None:
    """What was read, and whether it can be computed."""
    from scorecard.api import check

    tree = draft.tree
    goals = tree.get("goals", {})
    entries = [one for goal in goals.values() for side in ("lagging", "leading") for one in goal.get(side, ())]
    kpis = {one["kpi"] for one in entries if "kpi" in one} | set(tree.get("kpis", {}))
    what = f"{counted(len(goals), 'goal')}, {counted(len(kpis), 'KPI')}, {counted(len(draft.figures), 'value')}"
    note(f"wrote {target / 'strategy.yaml'}: {what}; {counted(len(draft.findings), 'finding')} about the book")
    errors = [one for one in check(target) if one.severity == Severity.ERROR]
    if errors:
        note(f"  it has {counted(len(errors), 'error')} yet:\n  scorecard check {target}")
    else:
        note(f"  scorecard check {target}\n  scorecard show {target}\n  scorecard tui {target}")
