"""Where values come from: the values in the file first, then the sources under `data:`, a later one wins."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from scorecard.compute.observations import Observations, Recorder
from scorecard.model.finding import Finding, Place, shorten
from scorecard.model.number import read_number
from scorecard.model.period import Period
from scorecard.model.spelling import nearest
from scorecard.model.strategy import DatabaseSource, FileSource, Strategy
from scorecard.store.delimited import read_delimited
from scorecard.store.foreign import MissingLibrary
from scorecard.store.intake import Intake, Row
from scorecard.store.lines import Fault
from scorecard.store.parquet import read_parquet
from scorecard.store.store_path import report_other
from scorecard.store.workbook import read_workbook


class Reader(Protocol):
    """Takes all values of one kind of file into the intake; what cannot be read becomes a finding.

    `name` is the file as findings call it, `decimal` the sign declared for numbers that are texts: "point", "comma", or
    "" where none is. Raises OSError and Fault where no more can be read, MissingLibrary where an extra is not installed.
    """

    def __call__(self, file: BinaryIO, name: str, decimal: str, intake: Intake) -> None: ...


SOURCES: dict[str, Reader] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".xlsx": read_workbook,
    ".parquet": read_parquet,
}
MOST_FILES = 500
_LONGEST_PATH = 4096
_OPEN_BOOK = "~$"  # begins the file that a spreadsheet program keeps beside a book while that is open
_DATABASES = (".db", ".sqlite", ".sqlite3")


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a source is named: the strategy's folder, the one outside of which nothing is read, the folder as findings
    call it, and the place in the strategy's text."""

    folder: Path
    root: Path
    name: str
    place: Place

    def refuse(self, code: str, message: str, hint: str) -> Fault:
        return Fault(code, self.place, message, hint)

    def display(self, path: Path) -> str:
        return _display(path, self.folder, self.name)


def read_observations(
    strategy: Strategy,
    folder: Path,
    root: Path,
    name: str,
    where: Callable[..., Place],
    store: Path | None = None,
    as_of: date | None = None,
) -> tuple[Observations, list[Finding]]:
    """Every value of a strategy, and what is wrong with the rest.

    `folder` is the strategy's, `root` the one outside of which nothing is read, `name` the folder as findings call it,
    `where` the place of a path in the strategy's text. What is on record in the strategy's `store` counts last, as known
    at the end of the day `as_of`.
    """
    order = {member: number for d in strategy.dimensions.values() for number, member in enumerate(d.members)}
    recorder = Recorder((*strategy.kpis, *strategy.metrics), order)
    intake = Intake(strategy, recorder)
    _take_inline(strategy, intake, where)
    for number, source in enumerate(strategy.data):
        recorder.begin_source()
        intake.begin_file()
        site = _Site(folder, root, name, where("data", number))
        try:
            if isinstance(source, DatabaseSource):
                _take_database(source, site, intake)
            else:
                _take_files(source, site, intake)
        except Fault as fault:
            intake.report(fault.code, fault.place, fault.message, fault.hint)
    if store is not None:
        _take_store(store, _display(store, folder, name), intake, as_of)
    return recorder.freeze(), intake.findings


def _take_store(store: Path, name: str, intake: Intake, as_of: date | None) -> None:
    """What is on record, where something is."""
    report_other(store, name, intake)
    if store.exists() or store.is_symlink():
        from scorecard.store.ledger_rows import take_recorded  # loads SQLite

        take_recorded(store, name, intake, as_of)


def read_file(path: Path, name: str, decimal: str, intake: Intake) -> None:
    """All values of a file whose ending is one of `SOURCES`, see `Reader`. Raises MissingLibrary."""
    try:
        with os.fdopen(_open(path), "rb") as file:
            SOURCES[path.suffix.lower()](file, name, decimal, intake)
    except Fault as fault:
        intake.report(fault.code, fault.place, fault.message, fault.hint)
    except OSError as error:
        message = f"the data file cannot be read: {(error.strerror or 'no such file').lower()}"
        intake.report("S301", Place(name), message, "look at the path under 'data:'")


def _take_inline(strategy: Strategy, intake: Intake, where: Callable[..., Place]) -> None:
    for kind, measures in (("kpis", strategy.kpis), ("metrics", strategy.metrics)):
        for measure in measures.values():
            for period, text in measure.values.items() if measure.formula is None else ():
                at = _pointer(where, kind, measure.id, period)
                intake.take(Row(measure.id, str(period), text, "", {}, at), read_number)


def _pointer(where: Callable[..., Place], kind: str, name: str, period: Period) -> Callable[[str], Place]:
    return lambda _: where(kind, name, "values", str(period))


def _take_files(source: FileSource, site: _Site, intake: Intake) -> None:
    """Raises Fault where no file is named."""
    decimal = source.decimal if "decimal" in source.model_fields_set else ""
    missing: set[str] = set()  # extras
    for path in _expand(source, site):
        if path.suffix.lower() not in SOURCES:
            hint = f"save it as one of {', '.join(SOURCES)}"
            if path.suffix.lower() in _DATABASES:
                hint = f"name it as {{connect: 'sqlite:///{shorten(source.path)}', table: NAME}}"
            intake.report("S316", site.place, f"'{shorten(path.name)}' is of a kind that cannot be read", hint)
            continue
        intake.begin_file()
        try:
            read_file(path, site.display(path), decimal, intake)
        except MissingLibrary as library:
            if library.extra not in missing:
                missing.add(library.extra)
                _report_missing(library, site, intake)


def _take_database(source: DatabaseSource, site: _Site, intake: Intake) -> None:
    """Raises Fault."""
    # Only here, as it brings sqlite3, which a strategy without a database does not need.
    from scorecard.store.database import read_database

    try:
        read_database(source, site.place, site.name, partial(_find, site=site), intake)
    except MissingLibrary as library:
        _report_missing(library, site, intake)


def _report_missing(library: MissingLibrary, site: _Site, intake: Intake) -> None:
    message = "this kind of source needs a part of the program that is not installed"
    intake.report("S316", site.place, message, f"run pip install 'scorecard[{library.extra}]'")


def _open(path: Path) -> int:
    """A handle to read a regular file. Raises OSError before anything else is opened."""
    if stat.S_ISREG(os.stat(path).st_mode):
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            return handle
        os.close(handle)
    raise OSError(0, "it is not a regular file")


def _find(text: str, site: _Site) -> tuple[Path, str]:
    """The one file that a path names, and how findings call it. Raises Fault."""
    _refuse_outside(text, site)
    path = site.folder / text
    try:
        is_file = bool(_files(path, text, site)) and path.is_file()
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(text, error, site) from None
    if not is_file:
        raise site.refuse("S301", f"'{shorten(text)}' is not a regular file", "look at the path")
    return path, site.display(path)


def _expand(source: FileSource, site: _Site) -> list[Path]:
    """The files a source names, in code-point order of their paths, all inside the root. Raises Fault."""
    text, shown = source.path, shorten(source.path)
    _refuse_outside(text, site)
    has_pattern = any(sign in text for sign in "*?[")
    try:
        names = glob.iglob(text, root_dir=site.folder) if has_pattern else [text]
        paths = sorted((path for one in names for path in _files(site.folder / one, one, site)), key=Path.as_posix)
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(text, error, site) from None
    paths = [path for path in paths if not path.name.startswith(_OPEN_BOOK)]
    if not paths:
        what = "no file matches" if has_pattern else "there is no data file in"
        raise site.refuse("S301", f"{what} '{shown}'", "look at the path; it is relative to the strategy")
    if len(paths) > MOST_FILES:
        raise site.refuse("S107", f"'{shown}' names {len(paths):,} files; {MOST_FILES} are the most", "merge them")
    return paths


def _refuse_outside(text: str, site: _Site) -> None:
    """Raises Fault for a path that does not begin at the strategy."""
    if text.startswith(("/", "~")) and not text.startswith(_OPEN_BOOK):
        message = f"'{shorten(text)}' is not a path inside the strategy's folder"
        raise site.refuse("S243", message, "write a path relative to the strategy file")


def _unreadable(text: str, error: Exception, site: _Site) -> Fault:
    why = (getattr(error, "strerror", None) or "its links run in a loop").lower()
    return site.refuse("S301", f"'{shorten(text)}' cannot be read: {why}", "look at the path and its permissions")


def _files(path: Path, name: str, site: _Site) -> list[Path]:
    """A file, or those of a folder that can be read. Raises Fault where there is none inside the root."""
    if not path.resolve().is_relative_to(site.root):
        message = f"'{shorten(name)}' lies outside the folder that was named"
        raise site.refuse("S243", message, "copy the file into the folder, or name the workspace")
    if path.is_dir():
        inside = [child for child in path.iterdir() if child.suffix.lower() in SOURCES]
        return [one for child in inside for one in ([child] if child.is_dir() else _files(child, child.name, site))]
    if not os.path.lexists(path):
        raise site.refuse("S301", f"there is no file '{shorten(name)}'", _suggest(path, name))
    return [path]


def _suggest(path: Path, name: str) -> str:
    """What to do about a file that is not there, by the others in its folder."""
    near = None
    if path.parent.is_dir():
        kinds = (*SOURCES, *_DATABASES)
        near = nearest(path.name, [one for one in os.listdir(path.parent) if one.lower().endswith(kinds)])
    if near is None:
        return "look at the path; it is relative to the strategy"
    return f"did you mean '{shorten((Path(name).parent / near).as_posix())}'?"


def _display(path: Path, folder: Path, name: str) -> str:
    """A data file as findings call it: beside the strategy as that was named, without control signs."""
    relative = path.relative_to(folder) if path.is_relative_to(folder) else path
    return shorten(f"{name}/{relative.as_posix()}", _LONGEST_PATH)
