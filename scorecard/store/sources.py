"""Where values come from: the values in the file first, then the sources under `data:`, a later one wins."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from pathlib import Path

from scorecard.compute.observations import Observations, Recorder
from scorecard.model.finding import Finding, Place, shorten
from scorecard.model.number import read_number
from scorecard.model.period import Period
from scorecard.model.strategy import DatabaseSource, FileSource, Strategy
from scorecard.store.delimited import read_delimited
from scorecard.store.intake import Intake, Row

Reader = Callable[[Path, str, str, Intake], None]
SOURCES: dict[str, Reader] = {".csv": read_delimited, ".tsv": read_delimited}
MOST_FILES = 500
_LONGEST_PATH = 4096


def read_observations(
    strategy: Strategy,
    folder: Path,
    root: Path,
    name: str,
    where: Callable[..., Place],
) -> tuple[Observations, list[Finding]]:
    """Every value of a strategy, and what is wrong with the rest.

    `folder` is the strategy's, `root` the one outside of which nothing is read, `name` the folder as findings call it,
    `where` the place of a path in the strategy's text.
    """
    order = {member: number for d in strategy.dimensions.values() for number, member in enumerate(d.members)}
    recorder = Recorder((*strategy.kpis, *strategy.metrics), order)
    intake = Intake(strategy, recorder)
    _take_inline(strategy, intake, where)
    for number, source in enumerate(strategy.data):
        intake.begin_source()
        place = where("data", number)
        try:
            paths = [] if isinstance(source, DatabaseSource) else _expand(source, folder, root)
        except _Refusal as refusal:
            intake.report(refusal.code, place, refusal.message, refusal.hint)
            continue
        if isinstance(source, DatabaseSource):
            message = "databases cannot be read by this installation"
            intake.report("S316", place, message, "export the table to a CSV file and name that")
        for path in paths:
            reader = SOURCES.get(path.suffix.lower())
            if reader is None:
                message = f"'{shorten(path.name)}' is of a kind that cannot be read"
                intake.report("S316", place, message, f"save it as one of {', '.join(SOURCES)}")
            else:
                intake.begin_source()
                reader(path, _display(path, folder, name), source.decimal, intake)
    return recorder.freeze(), intake.findings


class _Refusal(Exception):
    """A source that names no file to read."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def _take_inline(strategy: Strategy, intake: Intake, where: Callable[..., Place]) -> None:
    for kind, measures in (("kpis", strategy.kpis), ("metrics", strategy.metrics)):
        for measure in measures.values():
            for period, text in measure.values.items() if measure.formula is None else ():
                at = _pointer(where, kind, measure.id, period)
                intake.take(Row(measure.id, str(period), text, "", {}, at), read_number)


def _pointer(where: Callable[..., Place], kind: str, name: str, period: Period) -> Callable[[str], Place]:
    return lambda _: where(kind, name, "values", str(period))


def _expand(source: FileSource, folder: Path, root: Path) -> list[Path]:
    """The files a source names, in code-point order of their paths, all inside the root. Raises _Refusal."""
    text, shown = source.path, shorten(source.path)
    if text.startswith(("/", "~")):
        message = f"'{shown}' is not a path inside the strategy's folder"
        raise _Refusal("S243", message, "write a path relative to the strategy file")
    has_pattern = any(sign in text for sign in "*?[")
    try:
        names = sorted(glob.iglob(text, root_dir=folder)) if has_pattern else [text]
        paths = [path for one in names for path in _files(folder / one, one, root)]
    except (OSError, RuntimeError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "its links run in a loop").lower()
        raise _Refusal("S301", f"'{shown}' cannot be read: {why}", "look at the path and its permissions") from None
    if not paths:
        what = "no file matches" if has_pattern else "there is no data file in"
        raise _Refusal("S301", f"{what} '{shown}'", "look at the path; it is relative to the strategy")
    if len(paths) > MOST_FILES:
        raise _Refusal("S107", f"'{shown}' names {len(paths):,} files; {MOST_FILES} are the most", "merge them")
    return paths


def _files(path: Path, name: str, root: Path) -> list[Path]:
    """A file, or those of a folder that can be read. Raises _Refusal where there is none inside the root."""
    if not path.resolve().is_relative_to(root):
        message = f"'{shorten(name)}' lies outside the folder that was named"
        raise _Refusal("S243", message, "copy the file into the folder, or name the workspace")
    if path.is_dir():
        inside = sorted(child for child in path.iterdir() if child.suffix.lower() in SOURCES)
        return [one for child in inside for one in ([child] if child.is_dir() else _files(child, child.name, root))]
    if not os.path.lexists(path):
        hint = "look at the path; it is relative to the strategy"
        raise _Refusal("S301", f"there is no file '{shorten(name)}'", hint)
    return [path]


def _display(path: Path, folder: Path, name: str) -> str:
    """A data file as findings call it: beside the strategy as that was named, without control signs."""
    relative = path.relative_to(folder) if path.is_relative_to(folder) else path
    return shorten(f"{name}/{relative.as_posix()}", _LONGEST_PATH)
