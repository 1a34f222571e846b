"""Where values come from: the values in the file first, then the sources under `data:`, a later one wins."""

from __future__ import annotations

import glob
from collections.abc import Callable, Mapping
from pathlib import Path

from scorecard.compute.observations import Observations, Recorder
from scorecard.model.finding import Finding, Place, Severity, shorten
from scorecard.model.number import read_number
from scorecard.model.period import Period
from scorecard.model.scoring import Rule
from scorecard.model.strategy import DatabaseSource, FileSource, Strategy
from scorecard.store.delimited import read_delimited
from scorecard.store.intake import Intake, Row

Reader = Callable[[Path, str, str, Intake], None]
SOURCES: dict[str, Reader] = {".csv": read_delimited, ".tsv": read_delimited}
MOST_FILES = 500


def read_observations(
    strategy: Strategy,
    rules: Mapping[str, Rule | None],
    folder: Path,
    root: Path,
    name: str,
    where: Callable[..., Place],
) -> tuple[Observations, list[Finding]]:
    """Every value of a strategy. `folder` is the strategy's, `root` the one outside of which nothing is read, `name` the
    folder as findings call it, `where` the place of a path in the strategy's text.
    """
    order = {member: number for d in strategy.dimensions.values() for number, member in enumerate(d.members)}
    recorder = Recorder((*strategy.kpis, *strategy.metrics), order)
    intake = Intake(strategy, rules, recorder)
    _take_inline(strategy, intake, where)
    for number, source in enumerate(strategy.data):
        place = where("data", number)
        if isinstance(source, DatabaseSource):
            intake.findings.append(
                Finding(
                    "S316",
                    Severity.ERROR,
                    place,
                    "databases cannot be read by this installation",
                    "export the table to a CSV file and name that",
                )
            )
            continue
        for path in _expand(source, folder, root, place, intake.findings):
            reader = SOURCES.get(path.suffix.lower())
            if reader is None:
                intake.findings.append(
                    Finding(
                        "S316",
                        Severity.ERROR,
                        place,
                        f"'{shorten(path.name)}' is of a kind that cannot be read",
                        f"save it as one of {', '.join(SOURCES)}",
                    )
                )
            else:
                reader(path, _display(path, folder, name), source.decimal, intake)
    return recorder.freeze(), intake.findings


def _take_inline(strategy: Strategy, intake: Intake, where: Callable[..., Place]) -> None:
    for kind, measures in (("kpis", strategy.kpis), ("metrics", strategy.metrics)):
        for measure in measures.values():
            for period, text in measure.values.items():
                if measure.formula is None:
                    intake.take(
                        Row(measure.id, str(period), text, "", {}, _pointer(where, kind, measure.id, period)),
                        read_number,
                    )


def _pointer(where: Callable[..., Place], kind: str, name: str, period: Period) -> Callable[[str], Place]:
    return lambda _: where(kind, name, "values", str(period))


def _expand(source: FileSource, folder: Path, root: Path, place: Place, findings: list[Finding]) -> list[Path]:
    """The files a source names, in code-point order of their paths; only regular ones inside the root."""

    def refuse(code: str, message: str, hint: str) -> list[Path]:
        findings.append(Finding(code, Severity.ERROR, place, message, hint))
        return []

    text = source.path
    if text.startswith(("/", "~")) or "\0" in text:
        return refuse(
            "S243",
            f"'{shorten(text)}' is not a path inside the strategy's folder",
            "write a path relative to the strategy file",
        )
    has_pattern = any(sign in text for sign in "*?[")
    names = glob.glob(text, root_dir=folder, recursive=False) if has_pattern else [text]
    paths = []
    for one in sorted(names):
        path = folder / one
        try:
            real = path.resolve()
        except (OSError, RuntimeError):
            return refuse(
                "S243", f"'{shorten(one)}' cannot be followed: its links run in a loop", "name the file itself"
            )
        if not real.is_relative_to(root):
            return refuse(
                "S243",
                f"'{shorten(one)}' lies outside the folder that was named",
                "copy the file into the folder, or name the workspace",
            )
        if path.is_dir():
            paths.extend(sorted(child for child in path.iterdir() if child.suffix.lower() in SOURCES))
        elif not path.exists():
            return refuse(
                "S301", f"there is no file '{shorten(one)}'", "look at the path; it is relative to the strategy"
            )
        else:
            paths.append(path)
    if has_pattern and not paths:
        return refuse(
            "S301", f"no file matches '{shorten(text)}'", "look at the pattern; it is relative to the strategy"
        )
    if len(paths) > MOST_FILES:
        return refuse("S107", f"'{shorten(text)}' names {len(paths):,} files; {MOST_FILES} are the most", "merge them")
    return paths


def _display(path: Path, folder: Path, name: str) -> str:
    """A data file as findings call it: beside the strategy as that was named."""
    relative = path.relative_to(folder) if path.is_relative_to(folder) else path
    return f"{name}/{relative.as_posix()}"
