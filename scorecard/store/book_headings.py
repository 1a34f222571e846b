"""What the columns of a consultant's table mean, by their headings in English and German, and words in their cells.

A heading is compared without case, accents, brackets and signs, and only with words that are listed here: a column that
might mean two things is left out rather than guessed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from scorecard.model.period import PeriodError, read_period

_WORDS = {
    "perspective": "perspective, perspectives, bsc perspective, perspektive, perspektiven, bsc perspektive",
    "goal": "goal, goals, objective, objectives, strategic objective, strategic objectives, strategic goal, strategic goals,"
    " ziel, ziele, strategisches ziel, strategische ziele, zielsetzung",
    "kpi": "kpi, kpis, measure, measures, indicator, indicators, metric, metrics, key performance indicator,"
    " performance measure, performance indicator, kpi name, kennzahl, kennzahlen, messgrosse, messgroessen, indikator,"
    " indikatoren, leistungskennzahl, lagging and leading indicators",
    "lagging": "lagging kpi, lagging indicator, lagging indicators, lagging measure, lag indicator, lag measure, lag kpi,"
    " outcome measure, result indicator, result kpi, ergebniskennzahl, spatindikator, nachlaufender indikator",
    "leading": "leading kpi, leading indicator, leading indicators, leading measure, lead indicator, lead measure, lead kpi,"
    " driver kpi, performance driver, driver, fruhindikator, leistungstreiber, treiber, vorlaufender indikator",
    "side": "lead lag, lag lead, leading lagging, lagging leading, lagging or leading, leading or lagging, type, kpi type,"
    " measure type, indicator type, driver result, result driver, art, typ, kennzahlentyp, fruh spat",
    "unit": "unit, units, uom, unit of measure, measurement unit, einheit, einheiten, masseinheit",
    "baseline": "baseline, base line, base, base value, start value, starting point, basiswert, basis, ausgangswert,"
    " startwert, ausgangslage",
    "target": "target, targets, target value, goal value, zielwert, zielwerte, soll, sollwert, zielgrosse",
    "actual": "actual, actuals, actual value, current, current value, ist, istwert, istwerte, ist wert, aktuell,"
    " aktueller wert",
    "owner": "owner, owners, responsible, responsibility, accountable, kpi owner, measure owner, responsible person,"
    " verantwortlich, verantwortliche, verantwortlicher, verantwortung, zustandig, zustandigkeit",
    "goal owner": "goal owner, objective owner, owner of the goal, zielverantwortlich, zielverantwortlicher",
    "initiative owner": "initiative owner, action owner, project owner, project lead, massnahmenverantwortlicher",
    "weight": "weight, weights, weighting, kpi weight, measure weight, gewicht, gewichtung",
    "goal weight": "goal weight, objective weight, zielgewicht",
    "initiative": "initiative, initiatives, strategic initiative, strategic initiatives, action, actions, project, projects,"
    " measure to take, massnahme, massnahmen, initiativen, aktion, aktionen, projekt, projekte",
    "start": "start, start date, begin, begins, beginn, startdatum",
    "due": "due, due date, deadline, end date, due by, finish, termin, fallig, fallig am, frist, falligkeit, bis wann, enddatum",
    "budget": "budget, planned cost",
    "spent": "spent, cost so far, ausgegeben",
    "progress": "progress, complete, percent complete, fortschritt, fertigstellungsgrad",
    "state": "initiative status, project status, action status",
    "direction": "direction, polarity, better when, richtung, wirkrichtung, polaritat",
    "interval": "frequency, interval, measurement frequency, reporting frequency, haufigkeit, frequenz, messfrequenz,"
    " turnus, messintervall",
    "source": "source, data source, quelle, datenquelle",
    "description": "description, definition, kpi definition, beschreibung",
    "goal description": "goal description, objective description, zielbeschreibung",
    "measurability": "calculation, how measured, how it is measured, formula, formel, berechnung, berechnungsformel",
    "cause": "cause, from, driven by, ursache, von",
    "effect": "effect, to, drives, wirkung, nach",
    "why": "why, hypothesis, rationale, hypothese, begrundung",
    "comment": "comment, comments, note, notes, remark, remarks, kommentar, kommentare, bemerkung, bemerkungen, anmerkung",
    # told of the others, or of the table alone
    "computed": "no, nr, number, id, ref, lfd nr, status, rag, rag status, traffic light, ampel, score, points, trend,"
    " variance, deviation, gap, achievement, target achievement, abweichung, zielerreichung, zielerreichungsgrad",
}
KINDS = {word.strip(): kind for kind, words in _WORDS.items() for word in words.split(",")}
TOTALS = {
    "total",
    "totals",
    "sum",
    "subtotal",
    "grand total",
    "average",
    "summe",
    "gesamt",
    "zwischensumme",
    "mittelwert",
}
_LEADING = "lead, leading, driver, drivers, input, treiber, fruh, fruhindikator, vorlaufend, leistungstreiber, leading indicator"
_LAGGING = (
    "lag, lagging, result, results, outcome, output, ergebnis, spat, spatindikator, nachlaufend, lagging indicator"
)
SIDES = {w.strip(): "leading" for w in _LEADING.split(",")} | {w.strip(): "lagging" for w in _LAGGING.split(",")}
STATES = {"planned": "planned", "not started": "planned", "active": "active", "in progress": "active", "done": "done"}
STATES |= {"completed": "done", "complete": "done", "stopped": "stopped", "cancelled": "stopped", "geplant": "planned"}
STATES |= {
    "laufend": "active",
    "in arbeit": "active",
    "erledigt": "done",
    "abgeschlossen": "done",
    "gestoppt": "stopped",
}
_MONTH_NAMES = (
    "jan january januar",
    "feb february februar",
    "mar march mrz marz maerz",
    "apr april",
    "may mai",
    "jun june juni",
    "jul july juli",
    "aug august",
    "sep sept september",
    "oct october okt oktober",
    "nov november",
    "dec december dez dezember",
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        _MONTH_NAMES,
        1,
    )
    for name in names.split()
}
_FORMS = (
    re.compile(r"(?P<month>[a-z]+)[ .'/-]*(?P<year>\d{4}|\d\d)"),
    re.compile(r"(?P<year>\d{4})[ ./-]*(?P<month>[a-z]+)"),
    re.compile(r"(?P<number>\d{1,2})[./-](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[./](?P<number>\d{1,2})"),
    re.compile(r"(?P<part>[qhw]\d{1,2})[ ./-]*(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[ ./-]*(?P<part>[qhw]\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\. ?(?P<year>\d{4})"),
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_LONGEST = 120


class Heading(NamedTuple):
    """A column's meaning: a key of the words above, "period" for figures of one, "" where it is not known."""

    kind: str
    period: str = ""
    unit: str = ""


def fold(text: str) -> str:
    """A text as headings are compared: small letters without accents, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


@lru_cache(maxsize=4096)
def read_heading(text: str) -> Heading:
    """What a heading means; `Target Dec 2026` is a target of 2026-12, `Baseline (EUR)` a baseline in EUR."""
    if len(text) > _LONGEST:
        return Heading("")
    if period := find_period(text):
        return Heading("period", period)
    if kind := _kind(fold(text)):
        return Heading(kind)
    inner = [found[1] or found[2] or "" for found in _BRACKETS.finditer(text)]
    outer = _BRACKETS.sub(" ", text)
    kind = _kind(fold(outer)) or _kind_of_parts(outer)
    if kind and len(inner) == 1:
        period = find_period(inner[0])
        return Heading(kind, period, "" if period else inner[0].strip())
    if kind:
        return Heading(kind)
    return _with_period(outer)


def find_period(text: str) -> str:
    """The period that a text names in any of the usual ways, as our files write it; empty where it names none."""
    text = text.strip()
    try:
        return str(read_period(text))
    except PeriodError:
        pass
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text[:_LONGEST].casefold()) if not unicodedata.combining(sign)
    ).strip()
    for form in _FORMS:
        found = form.fullmatch(plain)
        if found and (written := _write(found.groupdict())):
            try:
                return str(read_period(written))
            except PeriodError:
                return ""
    return ""


def names_month(text: str) -> bool:
    """Whether a heading is a month or quarter that lacks its year."""
    plain = fold(text)
    return plain in _MONTHS or re.fullmatch(r"[qh][1-4]", plain) is not None


def _write(parts: dict[str, str | None]) -> str:
    year = parts["year"] or ""
    year = f"20{year}" if len(year) == 2 else year
    if part := parts.get("part"):
        return f"{year}-W{int(part[1:]):02}" if part[0] == "w" else f"{year}-{part.upper()}"
    number = parts.get("number") or _MONTHS.get(parts.get("month") or "", "")
    if not number:
        return ""
    day = parts.get("day")
    return f"{year}-{int(number):02}" + (f"-{int(day):02}" if day else "")


def _kind(folded: str) -> str:
    return KINDS.get(folded, "")


def _kind_of_parts(text: str) -> str:
    """The kind of `Initiative / Action`: what all its parts mean."""
    parts = [fold(part) for part in re.split(r"[/|&,;]|\b(?:or|and|oder|und|bzw)\b", text)]
    kinds = {_kind(part) for part in parts if part}
    return kinds.pop() if len(kinds) == 1 else ""


def _with_period(text: str) -> Heading:
    """A heading that names a kind and a period: `Ist 09/2026`, `2026 target`."""
    words = text.split()
    for cut in range(1, len(words)):
        for one, other in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            kind, period = _kind(fold(" ".join(one))), find_period(" ".join(other))
            if kind in ("target", "actual", "baseline") and period:
                return Heading("period" if kind == "actual" else kind, period)
    return Heading("")
