"""What is said of a finding: its place in short, all of it in a panel, the lines it stands in, and the page of its code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from os.path import dirname
from pathlib import Path

from rich.cells import cell_len
from textual.content import Content

import scorecard
from scorecard.analysis.issue import MethodFinding, quote
from scorecard.model.codes import CODES
from scorecard.model.finding import Finding, Place, Severity
from scorecard.tui.editor import is_text
from scorecard.tui.recording import recorded_measures
from scorecard.tui.session import Session
from scorecard.tui.text import fit, literal, wrap

SIGNS = {Severity.ERROR: "▲", Severity.WARNING: "◆", Severity.HINT: "○"}
COLOURS = {Severity.ERROR: "status-red", Severity.WARNING: "status-amber", Severity.HINT: "status-unknown"}
Excerpt = Sequence[tuple[int, str]]  # lines of a file with their numbers

_PAGES = Path(scorecard.__file__).parent / "pages"
_BEFORE, _AFTER = 1, 4  # lines shown around the one meant
_LETTERS = 400  # of such a line
_LINES = 40  # of a message or a paragraph at most
_LACKING = ("S420", "S421", "S422")  # a figure has to be recorded
_EXAMPLES = {"bad": ("▲ this gives it", "$status-red"), "good": ("● this does not", "$status-green")}


def list_problems(session: Session) -> list[Finding]:
    """All findings, errors first, then warnings, then hints; within these those of a broken change first, by file and line."""
    return sort_problems(session.findings)


def sort_problems(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, then warnings, then hints; within these as they come."""
    ranks = list(Severity)
    return sorted(findings, key=lambda one: ranks.index(one.severity))


def lacks_figure(finding: Finding) -> bool:
    """Whether one figure has to be recorded."""
    return finding.code in _LACKING and not (isinstance(finding, MethodFinding) and finding.count > 1)


def find_figure(session: Session, finding: Finding) -> tuple[str | None, str] | None:
    """The goal and KPI with which the figure is recorded that a finding misses; None where it misses none."""
    if not lacks_figure(finding):
        return None
    strategy = session.evaluation.strategy
    for kpi in strategy.kpis:
        measures = map(strategy.measure, recorded_measures(session.scorecard, kpi))
        if any(quote(one) in finding.message for one in measures if one):
            goals = strategy.goals.values()
            return next(
                (one.id for one in goals if kpi in [use.kpi for use in (*one.lagging, *one.drivers)]), None
            ), kpi
    return None


def shorten_place(session: Session, place: Place) -> str:
    """A place as seen from the strategy's folder."""
    return shorten_from(session.scorecard.name, place)


def shorten_from(name: str, place: Place) -> str:
    """A place as seen from a folder, or from that of a file."""
    name = name.rstrip("/")
    return str(place).removeprefix(f"{name}/").removeprefix(f"{dirname(name)}/")


def read_excerpt(place: Place) -> Excerpt:
    """The line of a place and those around it; none where the file is no text, or has gone."""
    if not is_text(place):
        return ()
    first = max(place.line - _BEFORE, 1)
    with suppress(OSError), open(place.file, encoding="utf-8", errors="replace") as file:
        lines = islice(file, first - 1, place.line + _AFTER)
        return [(number, line[:_LETTERS].rstrip()) for number, line in enumerate(lines, first)]
    return ()


def say_problem(finding: Finding, place: str, excerpt: Excerpt, is_broken: bool, columns: int) -> Content:
    """All of a finding: its code, what is wrong, what to do, and where it stands."""
    tone = f"${COLOURS[finding.severity]}"
    lines = [
        *_styled(
            f"{SIGNS[finding.severity]} {finding.severity} {finding.code}: {_title(finding.code)}",
            f"bold {tone}",
            columns,
        ),
        *_styled(finding.message, "bold", columns),
    ]
    if finding.hint:
        lines += _styled(f"→ {finding.hint}", "", columns)
    if is_broken:
        lines += [
            literal(""),
            *_styled("It stands in the last change; what the screens show was read before it.", tone, columns),
        ]
    lines += [literal(""), *_styled(place, "$quiet", columns)]
    if excerpt:
        lines += _say_excerpt(excerpt, finding.place, tone, columns)
    return _join(lines)


def say_page(code: str, columns: int) -> Content:
    """The page on a code, as `scorecard explain` prints it, laid out for so many columns."""
    try:
        text = (_PAGES / f"{code}.md").read_text(encoding="utf-8")
    except OSError:
        return literal(f"there is no page on {code}", "$quiet")
    return _join(list(_say_page(text.rstrip(), columns)))


def _say_page(text: str, columns: int) -> Iterator[Content]:
    paragraph: list[str] = []
    is_code = False
    for line in [*text.splitlines(), ""]:
        if not is_code and line and not line.startswith(("#", "```")):
            paragraph.append(line)
            continue
        yield from _styled(" ".join(paragraph), "", columns) if paragraph else ()
        paragraph = []
        if line.startswith("```"):
            is_code = not is_code
            label, style = _EXAMPLES.get(line.partition(" ")[2], ("", ""))
            if is_code and label:
                yield literal(label, style)
        elif is_code:
            for part in _wrap_code(literal(line).plain, columns - 2):
                yield literal(f"│ {part}", "$quiet")
        elif line.startswith("#"):
            yield from _styled(line.lstrip("# "), "bold $accent", columns)
        else:
            yield literal("")


def _wrap_code(line: str, columns: int) -> list[str]:
    """A line of an example between its words; what goes on stands further in."""
    if cell_len(line) <= columns:
        return [line]
    indent = len(line) - len(line.lstrip())
    deep = " " * min(indent + 4, columns // 2)
    first, *rest = wrap(line, max(columns - len(deep), 1), _LINES)
    return [" " * min(indent, len(deep)) + first, *(deep + part for part in rest)]


def _say_excerpt(excerpt: Excerpt, place: Place, tone: str, columns: int) -> Iterator[Content]:
    """The lines with their numbers, without the indent that all of them have; the one meant is marked."""
    wide = len(str(excerpt[-1][0]))
    indent = min((len(line) - len(line.lstrip()) for _, line in excerpt if line), default=0)
    for number, whole in excerpt:
        line = whole[indent:]
        meant = number == place.line
        text = fit(f"{number:>{wide}} {'▸' if meant else '│'} {literal(line).plain}", columns)
        yield literal(text, tone if meant else "$quiet")


def _title(code: str) -> str:
    return CODES[code].title if code in CODES else ""


def _styled(text: str, style: str, columns: int) -> list[Content]:
    return [literal(line, style) for line in wrap(text, columns, _LINES)]


def _join(lines: list[Content]) -> Content:
    return Content("\n").join(lines)
