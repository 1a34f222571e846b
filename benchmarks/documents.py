"""Documents of the social-media strategy against the barest ones of the same libraries: time, and the size as a remark.

Slides against as many blank ones with a line each, the workbook against its own cells as plain values, the page and the
review pack against the result as JSON, which holds the same numbers.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pptx
import xlsxwriter

from benchmarks.measuring import Line, in_turns, timed
from scorecard.api import load
from scorecard.render.edition import HISTORY, Edition, What
from scorecard.render.formats import FORMATS
from scorecard.render.json_result import result

ROUNDS = 5
_TODAY = date(2026, 11, 2).toordinal()


def compare(strategy: Path) -> list[Line]:
    """Drawn from an evaluation that is there; reading and computing do not count."""
    card = load(strategy)
    evaluation = card.evaluate("2026-10", HISTORY)

    def write(form: str, what: What | None = None) -> bytes:
        return FORMATS[form].write(Edition(evaluation, card.observations, _TODAY, what))

    slides = len(pptx.Presentation(io.BytesIO(write("pptx"))).slides)
    book = openpyxl.load_workbook(io.BytesIO(write("xlsx")), data_only=True)
    cells = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}

    def as_json() -> object:
        return json.dumps(result(evaluation))

    pairs: list[tuple[str, Callable[[], bytes], str, Callable[[], object]]] = [
        ("slides", lambda: write("pptx"), f"{slides} blank slides", lambda: _blank_deck(slides)),
        ("the workbook", lambda: write("xlsx"), "the same cells as plain values", lambda: _plain_book(cells)),
        ("the page", lambda: write("html"), "the result as JSON", as_json),
        ("the review pack as PDF", lambda: write("pdf", What.REVIEW), "the result as JSON", as_json),
        ("the map as SVG", lambda: write("svg"), "the result as JSON", as_json),
    ]
    lines = []
    for what, ours, against, others in pairs:
        own, other, noise = in_turns(timed(ours), timed(others), ROUNDS)
        lines.append(
            Line(f"{what} of {strategy.name}", against, own, other, None, False, f"{len(ours()) // 1024} KB, {noise}")
        )
    return lines


def _blank_deck(slides: int) -> None:
    deck = pptx.Presentation()
    for number in range(slides):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = f"Slide {number}"
    deck.save(io.BytesIO())


def _plain_book(cells: dict[str, list[tuple[object, ...]]]) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    for name, rows in cells.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, ["" if one is None else one for one in row])
    book.close()
