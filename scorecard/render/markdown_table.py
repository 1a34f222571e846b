"""The scorecard as Markdown for a pull request: index, the table with signals, and what stands behind warnings.

Every text passes the escape of Markdown, so that none is markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult
from scorecard.model.status import Signal
from scorecard.render.captions import index_words
from scorecard.render.freshness_text import escape
from scorecard.render.picture import draw_picture, guardrail_words
from scorecard.render.table import COLUMNS, RIGHT, Row, scorecard_rows
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, signal_words, status_words

_SHOWN = ("Goal / KPI", "Status", "Owner", "Actual", "Target", "Unit", "Score", "Outlook", "Signal", "Data")
_INDENT = "&emsp;"
_PLAIN = (Signal.STEADY, Signal.UNKNOWN)  # signals that ask for nothing


def write_markdown(evaluation: Evaluation) -> str:
    """A heading, the index, the table of GitHub's Markdown, and lists of guardrails and statuses set by hand."""
    picture = draw_picture(evaluation)
    lines = [f"# {escape(picture.title)} · {picture.period}", "", f"**{escape(index_words(picture))}**", ""]
    lines += [f"*{escape(picture.illustrative)}*", ""] if picture.illustrative else []
    lines += [_line(_SHOWN), _line(["---:" if name in RIGHT else "---" for name in _SHOWN])]
    lines += [_line(list(_cells(row))) for row in scorecard_rows(evaluation)]
    sections = {
        "Signals": list(_signals(evaluation)),
        "Guardrails breached": list(_guardrails(evaluation)),
        "Statuses set by hand": list(_overrides(evaluation)),
    }
    for title, said in sections.items():
        lines += ["", f"## {title}", "", *said] if said else []
    return "\n".join([*lines, ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row) -> Iterator[str]:
    """The cells of the neutral table; its sign, which a goal has with a word, is the status here."""
    said = dict(zip(COLUMNS, row.cells, strict=True))
    name = escape(said["Goal / KPI"])
    status = said[""] if row.kind == "goal" else f"{row.status.sign} {row.status}"
    name = f"**{name}**" if row.kind == "perspective" else name
    name = f"{_INDENT}{escape(row.mark)}{' ' if row.mark else ''}{name}" if row.kind == "kpi" else name
    signal = row.result.signal.value if isinstance(row.result, GoalResult) else ""
    shown = {"Status": escape(status), "Signal": signal, "Goal / KPI": name}
    for column in _SHOWN:
        yield shown[column] if column in shown else escape(said[column])


def _signals(evaluation: Evaluation) -> Iterator[str]:
    for goal in evaluation.goals:
        if goal.signal not in _PLAIN:
            yield f"- **{escape(goal.goal.title)}**: {escape(signal_words(goal.signal))}"


def _guardrails(evaluation: Evaluation) -> Iterator[str]:
    for goal in evaluation.goals:
        for name in goal.guardrails_breached:
            words = escape(guardrail_words(evaluation, goal, name))
            yield f"- {GUARDRAIL_SIGN} **{escape(goal.goal.title)}**: {words}"


def _overrides(evaluation: Evaluation) -> Iterator[str]:
    for goal in evaluation.goals:
        if goal.override:
            by = f" ({escape(goal.override.by)})" if goal.override.by else ""
            why = escape(" ".join(goal.override.why.split()))
            result = status_words(goal.lagging.status, goal.lagging.score)
            yield f"- {OVERRIDE_SIGN} **{escape(goal.goal.title)}**: {goal.status} by hand{by}, result {result}. {why}"
