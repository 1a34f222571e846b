"""Values that contradict each other, and what counts until somebody corrects them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from scorecard.compute.observations import TOTAL, Observations
from scorecard.compute.panel import Combined, Kept, Keys
from scorecard.compute.runs import distinct, find_runs
from scorecard.model.finding import Finding, Severity, shorten
from scorecard.model.period import Rhythm, per_year
from scorecard.model.strategy import Strategy

_FAR = 12  # review periods without a value, and a year, before the latest one: further is odd
_MOST_FINDINGS = 100  # of one code


def find_conflicts(
    strategy: Strategy, rows: Observations, keys: Keys, kept: Kept, combined: Combined
) -> Iterator[Finding]:
    """What is odd in the rows of the whole; not more than so many findings of a kind."""
    yield from some_of_each(_find_repeats(rows, kept))
    yield from some_of_each(_find_totals(rows, keys, combined))
    yield from _find_latest(strategy, rows, keys, kept)
    yield from some_of_each(_find_mixed(rows, keys, combined))
    yield from some_of_each(_find_silent(strategy, rows, keys, kept))


def some_of_each(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Of a code at most so many, and then a word on the rest: 100,000 rows recorded twice are one fault, not 100,000."""
    count: Counter[str] = Counter()
    for finding in findings:
        count[finding.code] += 1
        if count[finding.code] > _MOST_FINDINGS:
            message = f"after {_MOST_FINDINGS} findings {finding.code} the rest is not listed"
            yield Finding("S317", Severity.WARNING, finding.place, message, "mend those first")
            return
        yield finding


def _find_repeats(rows: Observations, kept: Kept) -> Iterator[Finding]:
    """Two values for one key in one source."""
    earlier, later = kept.repeats
    sources = np.array(rows.sources, dtype=np.int64)
    same = sources[rows.file[earlier]] == sources[rows.file[later]]
    differ = same & (rows.value[earlier] != rows.value[later])
    for first, second in zip(earlier[differ].tolist(), later[differ].tolist(), strict=True):
        file, other = int(rows.file[second]), int(rows.file[first])
        name, line = rows.measures[int(rows.measure[second])], int(rows.line[first])
        where = f"line {line}" if file == other else f"{rows.files[other]}:{line}"
        period = rows.periods[int(rows.period[second])]
        message = f"'{name}' has a second value for {period}; the first stands in {where}"
        hint = "keep one row; until then the later one counts"
        yield Finding("S307", Severity.WARNING, rows.place(second), message, hint)


def _find_totals(rows: Observations, keys: Keys, combined: Combined) -> Iterator[Finding]:
    """Totals that are not what their members come to."""
    both = np.flatnonzero(combined.is_total & ~np.isnan(combined.rest))
    value, rest = combined.value[both], combined.rest[both]
    for entry in both[~np.isclose(rest, value, rtol=1e-9, atol=1e-12)].tolist():
        measure = int(combined.series[entry])
        name, kind = rows.measures[measure], keys.across[measure]
        period = rows.periods[int(combined.period[entry])]
        total = f"the total of '{name}' for {period} is {combined.value[entry]:g}"
        message = f"{total}, but the {kind} of its members is {combined.rest[entry]:g}"
        hint = "correct the total or the members; until then the total counts"
        yield Finding("S308", Severity.WARNING, rows.place(int(combined.row[entry])), message, hint)


def _find_latest(strategy: Strategy, rows: Observations, keys: Keys, kept: Kept) -> Iterator[Finding]:
    """A mistyped year would silently make its period the latest one: the first row there, if all others lie far before."""
    reviews = keys.review[rows.period[kept.row]]
    latest = reviews.max(initial=0)
    earlier = reviews[reviews < latest]
    if len(earlier) and (gap := int(latest - earlier.max())) > max(_FAR, per_year(strategy.rhythm)):
        first = int(kept.row[reviews == latest].min())
        unit = strategy.period if strategy.period != "half" else "half-year"
        message = f"{rows.periods[int(rows.period[first])]} lies {gap:,} {unit}s after every other value"
        hint = "correct the period; until then it is the latest one"
        yield Finding("S333", Severity.WARNING, rows.place(first), message, hint)


def _find_mixed(rows: Observations, keys: Keys, combined: Combined) -> Iterator[Finding]:
    """Values of several granularities in one review period."""
    review, rhythm = keys.review[combined.period], keys.rhythm[combined.period]
    sort = np.lexsort((keys.ordinal[combined.period], rhythm, review, combined.series))
    series, review, rhythm, origin = combined.series[sort], review[sort], rhythm[sort], combined.row[sort]
    starts, sizes = find_runs(series, review)
    mixed = rhythm[starts] != rhythm[starts + sizes - 1]
    for start, size in zip(starts[mixed].tolist(), sizes[mixed].tolist(), strict=True):
        span = slice(start, start + size)
        kinds = [Rhythm(kind).word for kind in distinct(rhythm[span]).tolist()]
        message = f"'{rows.measures[int(series[start])]}' mixes {' and '.join(kinds)} values in one review period"
        hint = "record it in one rhythm; until then the values of its interval count, else the finest"
        yield Finding("S309", Severity.WARNING, rows.place(int(origin[span].max())), message, hint)


def _find_silent(strategy: Strategy, rows: Observations, keys: Keys, kept: Kept) -> Iterator[Finding]:
    """Members that had a value in the review period before, and have none in the latest one: what adds up lacks them."""
    of_members = kept.row[rows.member[kept.row] != TOTAL]
    if not len(of_members):
        return
    measure, review = rows.measure[of_members], keys.review[rows.period[of_members]]
    last_review = int(review.max())
    found: dict[tuple[int, tuple[int, ...], int], list[int]] = {}
    starts, sizes = find_runs(measure)
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        span = slice(start, start + size)
        latest = int(review[span].max())
        if latest < last_review - 1:  # a figure that nobody reports any more
            continue
        now, before = (of_members[span][review[span] == t] for t in (latest, latest - 1))
        reported = set(rows.member[before].tolist())
        if silent := tuple(sorted(reported - set(rows.member[now].tolist()))):
            found.setdefault((latest, silent, len(reported)), []).append(int(now[-1]))
    for (latest, silent, count), last in found.items():
        period = strategy.calendar.period(strategy.rhythm, latest)
        who = shorten(rows.members[silent[0]][-1]) + (f" and {len(silent) - 1:,} more" if len(silent) > 1 else "")
        name = rows.measures[int(rows.measure[last[0]])]
        what = f"'{name}' lacks" if len(last) == 1 else f"'{name}' and {len(last) - 1} more lack"
        share = f"{len(silent):,} of {count:,} members reported before, and not now"
        message = f"{what} values of {who} for {period}: {share}"
        hint = "record them; until then what is combined lacks them"
        yield Finding("S341", Severity.WARNING, rows.place(max(last)), message, hint)
