"""The scorecard as Markdown for a pull request: index, the table with signals, and what stands behind warnings.

Every text passes the escape of Markdown, so that none is markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scorecard.analysis.comparison import Comparison, compare
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult
from scorecard.model.period import Period
from scorecard.model.status import Signal
from scorecard.render.captions import compared_line, index_words
from scorecard.render.change_words import goal_change_words
from scorecard.render.freshness_text import escape
from scorecard.render.picture import draw_picture, guardrail_words
from scorecard.render.table import COLUMNS, COMPARED, KEY, RIGHT, Row, compare_row, scorecard_rows
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN, signal_words, status_words

_SHOWN = ("Goal / KPI", "Status", "Owner", "Actual", "Target", "Unit", "Score", "Outlook", "Signal", "Data")
_BEHIND = _SHOWN.index("Score") + 1  # where the columns of a comparison stand
_INDENT = "&emsp;"
_PLAIN = (Signal.STEADY, Signal.UNKNOWN)  # signals that ask for nothing


def write_markdown(evaluation: Evaluation, before: Period | None = None) -> str:
    """A heading, the index, the table of GitHub's Markdown, and lists of guardrails and statuses set by hand.

    With a period to compare with, of the evaluation's span, also two columns, and a list of the goals that turned colour.
    """
    picture = draw_picture(evaluation, before)
    then = evaluation.at(before) if before else None
    shown = _SHOWN if before is None else (*_SHOWN[:_BEHIND], *COMPARED, *_SHOWN[_BEHIND:])
    lines = [f"# {escape(picture.title)} · {picture.period}", "", f"**{escape(index_words(picture))}**", ""]
    lines += [escape(compared_line(picture)), ""] if before else []
    lines += [f"*{escape(picture.illustrative)}*", ""] if picture.illustrative else []
    lines += [_line(shown), _line(["---:" if name in RIGHT else "---" for name in shown])]
    lines += [_line(list(_cells(row, shown, then))) for row in scorecard_rows(evaluation)]
    lines += ["", escape(KEY)]
    sections = {
        "Turned colour": list(_turned(compare(evaluation, before))) if before else [],
        "Signals": list(_signals(evaluation)),
        "Guardrails breached": list(_guardrails(evaluation)),
        "Statuses set by hand": list(_overrides(evaluation)),
    }
    for title, said in sections.items():
        lines += ["", f"## {title}", "", *said] if said else []
    return "\n".join([*lines, ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row, columns: Sequence[str], then: Evaluation | None) -> Iterator[str]:
    """The cells of the neutral table; its sign, which a goal has with a word, is the status here."""
    said = dict(zip(COLUMNS, row.cells, strict=True))
    said |= dict(zip(COMPARED, compare_row(row, then).cells, strict=True)) if then else {}
    name = escape(said["Goal / KPI"])
    status = said[""] if row.kind == "goal" else f"{row.status.sign} {row.status}"
    name = f"**{name}**" if row.kind == "perspective" else name
    name = f"{_INDENT}{escape(row.mark)}{' ' if row.mark else ''}{name}" if row.kind == "kpi" else name
    signal = row.result.signal.value if isinstance(row.result, GoalResult) else ""
    shown = {"Status": escape(status), "Signal": signal, "Goal / KPI": name}
    for column in columns:
        yield shown[column] if column in shown else escape(said[column])


def _turned(found: Comparison) -> Iterator[str]:
    """The worse ones first."""
    for one in sorted((one for one in found.goals if one.turned), key=lambda one: one.step > 0):
        now = status_words(one.status, one.score)
        yield f"- **{escape(one.name)}**: {escape(f'{now}, {goal_change_words(one)}')}"


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
