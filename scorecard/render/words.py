"""How numbers and states are said in every format: scores, KPI values, changes, ages, and names broken over lines.

Nothing here depends on the locale. A thousands separator is a comma, the decimal sign a point, rounding is half up.
An unknown score is `n/a`, any other unknown figure a dash; never a zero.
"""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import isfinite

from scorecard.model.period import PeriodError, read_period
from scorecard.model.status import Signal, Status

UNKNOWN = "–"
NO_SCORE = "n/a"
GUARDRAIL_SIGN = "⚑"
OVERRIDE_SIGN = "✎"

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_DIGITS = 4  # significant ones of a figure below 1,000; above it there are no decimals
_NOISE = Decimal("1e-9")  # a change below this is none
_JOINER = "\u200d"  # glues two signs into one
_SIGNALS = {
    Signal.STEADY: "steady: results and drivers are green",
    Signal.WARNING: "warning: the result is green, its drivers are not",
    Signal.RECOVERING: "recovering: the drivers are green, the result is not yet",
    Signal.ACT: "act: neither results nor drivers are green",
    Signal.UNKNOWN: "unknown: results or drivers have no score",
}


@lru_cache(maxsize=4096)
def percent(score: float | None) -> str:
    """A score, share or coverage of 0..1 as `62%`; `n/a` where unknown."""
    if score is None or not isfinite(score):
        return NO_SCORE
    return f"{_rounded(_decimal(score, 2), 0):f}%"


def points(difference: float | None) -> str:
    """The difference of two scores in percentage points: `+5 pp`, `-12 pp`, `0 pp`."""
    if difference is None or not isfinite(difference):
        return UNKNOWN
    return f"{_signed(_rounded(_decimal(difference, 2), 0))} pp"


def status_words(status: Status, score: float | None) -> str:
    """Sign, word and score: `◆ amber 62%`; `○ unknown` has no score to show."""
    return f"{status.sign} {status}" + ("" if score is None else f" {percent(score)}")


def coverage_words(coverage: float, fresh: int = 0, figures: int = 0) -> str:
    """The share of the weight that is known, and how many of the figures are of now: `coverage 90%, 8 of 9 figures fresh`."""
    known = f"coverage {percent(coverage)}"
    return f"{known}, {fresh} of {figures} figures fresh" if figures else known


def signal_words(signal: Signal, breached: bool = False, judged: bool = False) -> str:
    """A signal and what it means, in one line. A goal is not called steady whose guardrail is breached or whose status was
    set by judgement."""
    but = ["a guardrail is breached"] * breached + ["the status was set by judgement"] * judged
    if but and signal is Signal.STEADY:
        return f"results and drivers are green, but {' and '.join(but)}"
    return _SIGNALS[signal]


def cells(score: float | None, of: int = 10) -> int:
    """How many of the cells of a score's bar are filled: 0..of, 0 where unknown."""
    if score is None or not isfinite(score):
        return 0
    return min(of, max(0, int(_rounded(_EXACT.multiply(_decimal(score), of), 0))))


def number(value: float | str | None, unit: str = "") -> str:
    """A KPI's value without its unit: `12,400`, `2.675`; with the unit `%` a fraction becomes `3.1%`. Words pass."""
    if isinstance(value, str):
        return value
    if value is None or not isfinite(value):
        return UNKNOWN
    return f"{_figure(_decimal(value, 2))}%" if unit == "%" else _figure(_decimal(value))


def quantity(value: float | str | None, unit: str = "") -> str:
    """A KPI's value with its unit: `12,400 interactions`, `3.1%`. Words and unknown values have none."""
    text = number(value, unit)
    return text if text == UNKNOWN or isinstance(value, str) or unit in ("", "%") else f"{text} {unit}"


def change(difference: float | None, unit: str = "") -> str:
    """A difference of two values with its sign: `+1,200`, `-0.4 pp` where the unit is `%`, `0` where nothing moved."""
    if difference is None or not isfinite(difference):
        return UNKNOWN
    return f"{_signed(_decimal(difference, 2))} pp" if unit == "%" else _signed(_decimal(difference))


def gap(value: float | str | None, target: float | None, unit: str = "") -> str:
    """What a value lacks to its target or has beyond it, as a change; a dash for words and where either is unknown."""
    if value is None or target is None or isinstance(value, str):
        return UNKNOWN
    return change(value - target, unit)


def rhythm_word(period: str) -> str:
    """The kind of a period as written, `month` for `2026-10`; `period` for a text that is none."""
    try:
        return read_period(period).rhythm.word
    except PeriodError:
        return "period"


def span(count: float, rhythm: str) -> str:
    """So many periods of a kind: `1 month`, `2 half-years`."""
    word = "half-year" if rhythm == "half" else rhythm
    return f"{number(count)} {word}" + ("" if count == 1 else "s")


def age(count: float | None, rhythm: str) -> str:
    """How old a value is, in periods of a kind: `fresh` for 0 and less, else `1 month old`."""
    if count is None:
        return UNKNOWN
    return "fresh" if count <= 0 else f"{span(count, rhythm)} old"


def columns(text: str) -> int:
    """The width of a text in columns of a fixed-width letter; ideographs and most emoji take two."""
    return sum(_columns(sign) for sign in text)


def clip(text: str, width: int) -> str:
    """The text cut to a number of columns, with an ellipsis where something is missing."""
    if len(text) <= width // 2 or columns(text) <= width:
        return text
    return _head(text, width - 1).rstrip() + "…"


def wrap(text: str, width: int, lines: int) -> list[str]:
    """The text in at most so many lines, broken at spaces and inside longer words; the last line may be clipped."""
    done: list[str] = []
    rest = text.strip()
    while rest and len(done) < lines - 1 and columns(rest[: 4 * width]) > width:
        head = _head(rest, width)
        space = len(head) if rest[len(head) :][:1].isspace() else head.rfind(" ")
        cut = space if space > 0 else len(head)
        done.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*done, clip(rest, width)] if rest or not done else done


def _decimal(value: float, shift: int = 0) -> Decimal:
    """The value as it is written, its point moved to the right."""
    return Decimal(repr(float(value))).scaleb(shift, _EXACT)


def _rounded(value: Decimal, places: int) -> Decimal:
    """Half up to so many places, and never a negative zero."""
    return _EXACT.plus(value.quantize(Decimal(1).scaleb(-places), context=_EXACT))


def _figure(value: Decimal) -> str:
    if not value:
        return "0"
    if not -7 < value.adjusted() < 15:
        mantissa, _, power = f"{value:.{_DIGITS - 1}e}".partition("e")
        return f"{_trimmed(mantissa)}e{int(power)}"
    return _trimmed(f"{_rounded(value, max(0, _DIGITS - 1 - value.adjusted())):,f}")


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(value: Decimal) -> str:
    if abs(value) < _NOISE:
        return "0"
    return ("+" if value > 0 else "") + _figure(value)


def _columns(sign: str) -> int:
    if sign == _JOINER or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _head(text: str, width: int) -> str:
    """The longest beginning that fits, at least one letter, never parting a letter from its marks."""
    used = 0
    for place, sign in enumerate(text):
        glued = place == 0 or _columns(sign) == 0 or text[place - 1] == _JOINER
        used += _columns(sign)
        if used > width and not glued:
            return text[:place]
    return text
