"""What the items of an agenda say: a headline for each, the lines that explain it, and the whole as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from scorecard.analysis.agenda import (
    Agenda,
    Breach,
    Dive,
    EndingOverride,
    Item,
    MissingData,
    Overdue,
    Overview,
    Topic,
    Turn,
    WeakDrivers,
    Win,
)
from scorecard.analysis.comparison import KpiChange
from scorecard.analysis.freshness import Figure
from scorecard.analysis.initiatives import Undertaking
from scorecard.analysis.losses import Loss
from scorecard.analysis.shares import Share
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import GoalResult
from scorecard.model.status import Status
from scorecard.render.freshness_text import NOBODY, WORDS, escape, write_counts, write_missing
from scorecard.render.picture import count_fresh, guardrail_words, illustrative_remark
from scorecard.render.words import coverage_words, number, percent, points, quantity, rhythm_word, span, status_words

TOPICS: Mapping[Topic, str] = {
    Topic.MAP: "The map",
    Topic.COLOUR: "What changed colour",
    Topic.WARNING: "Warnings",
    Topic.LOSS: "Where most is lost",
    Topic.INITIATIVE: "Overdue initiatives",
    Topic.DATA: "Missing data",
    Topic.WIN: "A win to close on",
}
MINUTES = "Noted and decided"  # the heading of what stands in the minutes of this review, the last of it
OPEN = "Open from last time"  # the heading of what was decided in the review before, the first of the meeting
NOTHING: Mapping[Topic, str] = {
    Topic.COLOUR: "No goal has another colour.",
    Topic.WARNING: "There is none.",
    Topic.LOSS: "No goal is red or amber.",
    Topic.INITIATIVE: "No initiative is overdue.",
    Topic.DATA: "All figures are up to date.",
    Topic.WIN: "Nothing has improved, and no green goal is beyond doubt.",
}
_OPENS_LIST = re.compile(r"^(\d*)([-+.)=])(?=[\s=-]|$)")


def write_headline(evaluation: Evaluation, item: Item) -> str:
    """The item in one plain sentence; names in it are plain text, to be escaped by whoever writes a format."""
    match item:
        case Overview():
            return _say_overview(evaluation, item)
        case Turn():
            return _say_turn(item)
        case WeakDrivers():
            return _say_weak(item)
        case Breach():
            return _say_breach(evaluation, item)
        case EndingOverride():
            return _say_ending(item)
        case Dive():
            return _say_dive(item)
        case Overdue():
            return write_undertaking(item.undertaking)
        case MissingData():
            return f"{item.portfolio.owner or NOBODY.capitalize()}: {write_counts(item.portfolio.figures)}"
        case Win():
            return _say_win(item)
    raise TypeError(f"no words for {type(item).__name__}")


def write_details(evaluation: Evaluation, item: Item) -> list[str]:
    """The lines below the headline, the most important first; none where the headline says it all."""
    match item:
        case Turn():
            return list(_explain_turn(evaluation, item))
        case WeakDrivers():
            return list(_explain_weak(evaluation, item))
        case Dive():
            return list(_explain_dive(evaluation, item))
        case MissingData():
            return list(_explain_missing(item))
        case Overdue():
            return [f"For the goal {item.undertaking.goal.title}"]
    return []


def write_guardrails(evaluation: Evaluation, result: GoalResult) -> list[str]:
    """The breached guardrails of a goal in a sentence, and what they make of its status; none where all hold."""
    if not result.guardrails_breached:
        return []
    said = "; ".join(guardrail_words(evaluation, result, name) for name in result.guardrails_breached)
    if result.status == result.lagging.status or result.override:
        return [f"A guardrail is breached: {said}"]
    return [f"The result itself is {result.lagging.status}, a breached guardrail makes it {result.status}: {said}"]


def write_agenda(evaluation: Evaluation, agenda: Agenda, decided: Sequence[str] = ()) -> str:
    """The agenda as Markdown, to paste into an invitation.

    `decided` are the open decisions of the review before, in words; they come first.
    """
    lines = [f"# {escape(write_title(evaluation))}", "", write_as_of(agenda)]
    if remark := illustrative_remark(evaluation.strategy):
        lines.append(remark)
    if decided:
        lines += ["", f"## {OPEN}", "", *(f"- {escape_item(one)}" for one in decided)]
    for topic, heading in TOPICS.items():
        lines += ["", f"## {heading}", ""]
        for item in agenda.topic(topic):
            lines.append(f"- {escape_item(write_headline(evaluation, item))}")
            lines += [f"  - {escape_item(line)}" for line in write_details(evaluation, item)]
        if not agenda.topic(topic):
            lines.append(NOTHING[topic])
    return "\n".join(lines) + "\n"


def write_title(evaluation: Evaluation) -> str:
    """`Social media: review of 2026-10`."""
    return f"{evaluation.strategy.title}: {write_subject(evaluation)}"


def write_subject(evaluation: Evaluation) -> str:
    """`review of 2026-10`, and of which members."""
    return f"review of {evaluation.scope}"


def write_as_of(agenda: Agenda) -> str:
    """The day, that of initiatives where it is another one, and the period compared with: `As of 2026-11-02 (initiatives:
    2026-11-01), compared with 2026-09.`"""
    before = f", compared with {agenda.before}" if agenda.before else ""
    day = f" (initiatives: {date.fromordinal(agenda.day)})" if agenda.day != agenda.today else ""
    return f"As of {date.fromordinal(agenda.today)}{day}{before}."


def escape_item(text: str) -> str:
    """Text as an item of a list or a paragraph of Markdown; a number or a dash at its beginning would open another list."""
    return _OPENS_LIST.sub(r"\1\\\2", escape(text))


def _say_overview(evaluation: Evaluation, item: Overview) -> str:
    index = item.index
    change = ""
    if item.before is not None and None not in (item.before.score, index.score):
        change = f" ({points((index.score or 0.0) - (item.before.score or 0.0))} since {item.since})"
    counts = ", ".join(f"{count} {status}" for status, count in item.counts.items() if count)
    covered = coverage_words(index.coverage, *count_fresh(evaluation))
    return f"Index {status_words(index.status, index.score)}{change}, {covered}; goals: {counts or 'none'}"


def _say_turn(item: Turn) -> str:
    change, name = item.change, item.change.name
    if override := change.now.override:
        computed = status_words(change.now.computed_status, change.score)
        by = f" by {override.by}" if override.by else ""
        was = status_words(change.status_before, change.score_before)
        return f"{name} is {computed}, judged {status_words(change.status, None)}{by}; it was {was}"
    if change.status == Status.UNKNOWN:
        return f"{name} is unknown now; it was {status_words(change.status_before, change.score_before)}"
    now = status_words(change.status, change.score)
    if change.status_before == Status.UNKNOWN:
        return f"{name} has a status for the first time: {now}"
    return f"{name} turned from {status_words(change.status_before, change.score_before)} to {now}"


def _say_weak(item: WeakDrivers) -> str:
    result, leading = item.result, item.result.leading
    drivers = f"its drivers are {status_words(leading.status, leading.score)}"
    return f"{result.goal.title} is green at {percent(result.lagging.score)}, but {drivers}"


def _say_breach(evaluation: Evaluation, item: Breach) -> str:
    said = guardrail_words(evaluation, item.result, item.guardrail.kpi)
    return f"{item.result.goal.title} breaches a guardrail: {said}"


def _say_ending(item: EndingOverride) -> str:
    override = item.override
    when = "with this period" if item.left <= 0 else f"after {override.until}"
    by = f" by {override.by}" if override.by else ""
    return f"The override of {item.result.goal.title} to {override.status}{by} ends {when}: {_one_line(override.why)}"


def _say_dive(item: Dive) -> str:
    result = item.result
    words = status_words(result.status, result.lagging.score)
    if override := result.override:
        by = f" by {override.by}" if override.by else ""
        words = f"{status_words(result.computed_status, result.lagging.score)}, judged {status_words(result.status, None)}{by},"
    lost = points(-item.loss).removeprefix("-")
    return f"{result.goal.title} is {words} and takes {lost} from the index"


def _say_win(item: Win) -> str:
    change = item.change
    if isinstance(change, KpiChange):
        unit = change.now.kpi.unit or ""
        was, now = quantity(change.before.value, unit), quantity(change.now.value, unit)
        return (
            f"{change.name} improved from {percent(change.score_before)} to {percent(change.score)}: {now} after {was}"
        )
    if change is not None:
        was = status_words(change.status_before, change.score_before)
        return f"{change.name} went from {was} to {status_words(change.status, change.score)}"
    result = item.result
    assert result is not None
    return f"{result.goal.title} stands at {status_words(result.status, result.lagging.score)}"


def write_lack(figure: Figure) -> str:
    """How late a figure is, and which periods are missing: `overdue, 2026-W45 and 2026-W46 missing`."""
    return WORDS[figure.state] + (f", {write_missing(figure)} missing" if figure.latest else "")


def write_levers(levers: Sequence[Share]) -> str:
    """What would move a goal most, and by how much."""
    return f"Would lift the outlook most if fully achieved: {', '.join(f'{one.name} ({points(one.gain)})' for one in levers)}"


def write_undertaking(one: Undertaking) -> str:
    """An initiative in a sentence: how late it is, who leads it, how far it is, what it cost."""
    due = date.fromordinal(one.due) if one.due else None
    late = f"is {span(one.days_late, 'day')} overdue (due {due})" if one.days_late else f"is {one.pace}"
    said = [f"{one.initiative.title} {late}"]
    said.append("progress unknown" if one.progress is None else f"progress {percent(one.progress)}")
    if one.expected is not None and not one.days_late:
        said.append(f"{percent(one.expected)} expected by now")
    if one.spent_share is not None:
        over = ", over budget" if one.over_budget else ""
        said.append(f"spent {number(one.initiative.spent)} of {number(one.initiative.budget)}{over}")
    return ", ".join([*said, one.owner or "no owner"])


def _explain_turn(evaluation: Evaluation, item: Turn) -> Iterator[str]:
    result = item.change.now
    if result.override:
        by = f" by {result.override.by}" if result.override.by else ""
        yield f"Overridden{by}: {_one_line(result.override.why)} (computed: {result.computed_status})"
    yield from write_guardrails(evaluation, result)
    for period, text in result.goal.comments.items():
        if period == evaluation.period:
            yield f"{period}: {_one_line(text)}"


def _explain_weak(evaluation: Evaluation, item: WeakDrivers) -> Iterator[str]:
    yield from (_loss(evaluation, line, "the drivers") for line in item.losses)
    yield from write_guardrails(evaluation, item.result)
    delays = sorted({link.delay for link in item.result.goal.links if link.delay})
    if delays:
        rhythm = rhythm_word(str(evaluation.period))
        yield f"Weak drivers are expected to show in the result within {span(delays[0], rhythm)}"


def _explain_dive(evaluation: Evaluation, item: Dive) -> Iterator[str]:
    yield from write_guardrails(evaluation, item.result)
    yield from (_loss(evaluation, line, "the outlook") for line in item.losses)
    if item.levers:
        yield write_levers(item.levers)


def _explain_missing(item: MissingData) -> Iterator[str]:
    yield from (f"{figure.measure.title}: {write_lack(figure)}" for figure in item.figures)


def _loss(evaluation: Evaluation, line: Loss, of: str) -> str:
    """What one KPI or initiative takes: `Bounce rate takes 5 pp from the outlook: 62% where at most 45% is the target`."""
    lost = points(-line.loss).removeprefix("-")
    if line.kind == "initiative" or line.id not in evaluation.strategy.kpis:
        return f"{line.name} takes {lost} from {of}: it is at {percent(line.score)}"
    kpi = evaluation.kpi(line.id)
    unit = kpi.kpi.unit or ""
    target = f", the target is {quantity(kpi.target, unit)}" if kpi.target is not None else ""
    stale = " (stale)" if kpi.stale else ""
    return f"{line.name} takes {lost} from {of}: {quantity(kpi.value, unit)}{stale}{target}"


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
