"""What the minutes of a review say, in plain words, for papers that show them."""

from __future__ import annotations

from scorecard.parser.review_text import CLOSED, PRESENT, Decision, Review


def list_minutes(review: Review) -> list[tuple[str, list[str]]]:
    """What a review noted and decided, in words: who was present, when it was closed, and the headline of each section with
    the lines of its notes and its decisions."""
    fields = ((PRESENT, review.present), (CLOSED, review.closed))
    head: list[tuple[str, list[str]]] = [(f"{name}: {said}", []) for name, said in fields if said]
    return head + [
        (one.headline, [*filter(str.strip, one.notes.split("\n")), *map(_say_decision, one.decisions)])
        for one in review.sections
        if one.notes or one.decisions
    ]


def _say_decision(one: Decision) -> str:
    """`Decided, open: Two strong posts a week — Content lead, due 2026-11-30`."""
    tail = ", ".join(filter(None, [one.owner or "nobody yet", f"due {one.due}" if one.due else ""]))
    return f"Decided, {'done' if one.done else 'open'}: {one.text} — {tail}"
