"""The quality of a strategy in a few lines: what it consists of, how good its data are, and what would help most.

There is no mark out of a hundred. The advice is made of the findings, in the order of what they stand in the way of:
first the numbers, then cause and effect, then what is merely unsaid.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scorecard.analysis.issue import MethodFinding
from scorecard.compute.evaluation import Evaluation
from scorecard.model.finding import Finding, Severity, shorten
from scorecard.model.goal import EvidenceKind
from scorecard.model.strategy import Strategy

MOST_ADVICE = 3
_KINDS: tuple[EvidenceKind, ...] = ("tested", "observed", "assumed")
# The codes that one piece of work settles, and its words, most urgent first; [one|several] goes by the number before.
_ADVICE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("S1", "S2"), "correct {n} [error|errors] in the text: until then nothing is computed"),
    (("S3",), "correct {n} [error|errors] in the data: what is faulty is left out"),
    (("S427",), "write the figures of {n} [KPI|KPIs] in one scale: its score may be the reverse of the truth"),
    (("S422", "S426"), "measure {n} [figure|figures] that never had a value"),
    (("S421",), "get {n} [figure|figures] back that [has|have] no value any more"),
    (("S413", "S423"), "give {n} [KPI|KPIs] a baseline and a target: without both [it has|they have] no score"),
    (("S401",), "find a lagging KPI for {n} [goal|goals]: nobody can tell whether [it is|they are] reached"),
    (("S404",), "turn {n} [link|links] round that [points|point] down"),
    (("S406",), "link {n} [goal|goals] that [stands|stand] alone on the map"),
    (("S403",), "name drivers for {n} [goal|goals]: nothing warns before [it changes|they change]"),
    (("S419",), "find a leading KPI for {n} [perspective|perspectives] without any"),
    (("S412",), "name an owner for {n} [KPI|KPIs]"),
    (("S420",), "bring {n} stale [figure|figures] up to date"),
    (("S417",), "say why for {n} [link|links]: the hypothesis is missing"),
    (("S418",), "test {n} [link|links] that [rests on an assumption|rest on assumptions]"),
    (("S410", "S411"), "choose the primary KPI of {n} [goal|goals]"),
    (("S416",), "score a rate in place of {n} raw [count|counts]"),
    (("S414",), "give {n} [KPI|KPIs] a baseline: until then [it scores|they score] all or nothing"),
    (("S405",), "look at {n} [link|links] that [runs|run] sideways"),
    (("S409",), "add the goals that bring about those on the map"),
    (("S408",), "merge goals, or hand some down to units"),
    (("S407",), "give {n} [perspective|perspectives] a goal"),
    (("S415",), "write the unit of {n} [KPI|KPIs]"),
    (("S402",), "find a lagging KPI for {n} [goal|goals] that [rests on its|rest on their] initiatives"),
)


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of work: the codes it settles, how many findings they make, and what to do in words."""

    codes: tuple[str, ...]
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What a summary says. `period` is the one the data were looked at, None without an evaluation.

    KPIs are counted once in each of `lagging`, `leading` and `guarding`; `idle` ones are named by no goal. Of all KPIs
    `fresh` have a value that is up to date, `stale` an older one, `unknown` none. `coverage` (0..1) is the index's;
    `accepted` counts the entries under `accept`. `advice` has all there is, most urgent first.
    """

    title: str
    goals: int
    perspectives: int
    kpis: int
    lagging: int
    leading: int
    guarding: int
    idle: int
    links: Mapping[EvidenceKind, int]
    period: str | None
    fresh: int
    stale: int
    unknown: int
    coverage: float
    accepted: int
    advice: tuple[Advice, ...]


def summarise(strategy: Strategy, evaluation: Evaluation | None, findings: Sequence[Finding]) -> Quality:
    """The quality of one strategy from its own findings; `evaluation` is at the latest period, None without values."""
    goals, kpis = strategy.goals.values(), strategy.kpis.keys()
    lagging = kpis & {use.kpi for goal in goals for use in goal.lagging}
    leading = kpis & {use.kpi for goal in goals for use in goal.drivers}
    guarding = kpis & {guardrail.kpi for goal in goals for guardrail in goal.guardrails}
    links = Counter(link.evidence_kind for goal in goals for link in goal.links)
    fresh, stale = _count_values(strategy, evaluation)
    accepts = [strategy.accept, *(goal.accept for goal in goals)]
    accepts += [measure.accept for kind in (strategy.kpis, strategy.metrics) for measure in kind.values()]
    return Quality(
        title=strategy.title,
        goals=len(goals),
        perspectives=len({goal.perspective for goal in goals}),
        kpis=len(kpis),
        lagging=len(lagging),
        leading=len(leading),
        guarding=len(guarding),
        idle=len(kpis - lagging - leading - guarding),
        links={kind: links[kind] for kind in _KINDS},
        period=str(evaluation.period) if evaluation else None,
        fresh=fresh,
        stale=stale,
        unknown=len(kpis) - fresh - stale,
        coverage=evaluation.index.coverage if evaluation else 0.0,
        accepted=sum(map(len, accepts)),
        advice=tuple(_advise(strategy, findings)),
    )


def write_quality(quality: Quality) -> str:
    """The summary as text: three to seven short lines."""
    uses = [f"{quality.lagging} lagging", f"{quality.leading} leading"]
    uses += [f"{quality.guarding} guarding"] * (quality.guarding > 0) + [f"{quality.idle} in no goal"] * (
        quality.idle > 0
    )
    total = sum(quality.links.values())
    kinds = ", ".join(f"{quality.links[kind]} {kind}" for kind in _KINDS if quality.links[kind])
    size = say("{n} [goal|goals]", quality.goals) + say(" in {n} [perspective|perspectives]", quality.perspectives)
    measures = say("{n} [KPI|KPIs]", quality.kpis) + f" ({', '.join(uses)})"
    links = say("{n} [link|links]", total) + (f" ({kinds})" if total else "")
    lines = [f"{shorten(quality.title)}: {size}, {measures}, {links}", _write_data(quality)]
    if quality.accepted:
        lines.append(
            say("{n} [entry|entries] under 'accept' [switches|switch] findings off, with a reason", quality.accepted)
        )
    if quality.advice:
        lines.append("What would help most:")
    for number, one in enumerate(quality.advice[:MOST_ADVICE], 1):
        lines.append(f"  {number}. {one.text} ({', '.join(one.codes)})")
    return "\n".join(lines)


def say(template: str, n: int) -> str:
    """A text with the number put in and each [one|several] decided by it: `{n} [goal|goals]`."""
    return re.sub(r"\[([^|\]]*)\|([^\]]*)\]", r"\1" if n == 1 else r"\2", template).replace("{n}", f"{n:,}")


def _count_values(strategy: Strategy, evaluation: Evaluation | None) -> tuple[int, int]:
    """How many KPIs have a fresh value, and how many a stale one."""
    if evaluation is None or not strategy.kpis:
        return 0, 0
    rows = [evaluation.values.row(name) for name in strategy.kpis]
    known = ~np.isnan(evaluation.values.value[rows, evaluation.column])
    stale = evaluation.values.stale[rows, evaluation.column]
    return int((known & ~stale).sum()), int(stale.sum())


def _advise(strategy: Strategy, findings: Sequence[Finding]) -> list[Advice]:
    counts: Counter[str] = Counter()
    for finding in findings:
        if finding.code.startswith("S4"):
            counts[finding.code] += finding.count if isinstance(finding, MethodFinding) else 1
        elif finding.severity == Severity.ERROR:
            counts[finding.code[:2]] += 1
    if counts["S406"] and not any(goal.links for goal in strategy.goals.values()):
        counts["S406"] = len(strategy.goals)
    advice = []
    for codes, template in _ADVICE:
        found = tuple(code for code in codes if counts[code])
        if found:
            count = sum(counts[code] for code in found)
            advice.append(Advice(found, count, say(template, count)))
    return advice


def _write_data(quality: Quality) -> str:
    if quality.period is None:
        return "Data: no value yet"
    parts = [f"{quality.fresh} of {quality.kpis} KPIs fresh"]
    parts += [f"{quality.stale} stale"] * (quality.stale > 0) + [f"{quality.unknown} without a value"] * (
        quality.unknown > 0
    )
    known = int(100 * quality.coverage + 1e-9)  # never rounded up to the whole
    return f"Data for {quality.period}: {', '.join(parts)}; the index rests on {known}% of its weight"
