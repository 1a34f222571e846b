"""The goals' cards of the SVG map: how much a card says, how high that makes it, and its drawing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scorecard.model.status import Heading, Signal, Status
from scorecard.render.captions import box_marks
from scorecard.render.change_words import UNCHANGED
from scorecard.render.picture import Box, Picture
from scorecard.render.svg_layout import Card, Size
from scorecard.render.svg_pen import ICONS, Pen
from scorecard.render.svg_text import balance, cut, escape, measure
from scorecard.render.words import percent

_SIDE = 14  # between a card's border and its text
MARKED = (Signal.WARNING, Signal.ACT, Signal.RECOVERING)  # signals shown on a card
_SIGNS = {status.sign: status for status in Status}
_SPLIT = re.compile(f"([{''.join(_SIGNS)}])")


@dataclass(frozen=True, slots=True)
class Density:
    """How much a card says. `lines` are the most KPIs shown."""

    size: Size
    letters: int  # of the name, in pixels
    name_lines: int
    owner: bool
    lines: int


DETAILED = Density(Size(24, 40, 4), 15, 3, True, 4)
FULL = Density(Size(20, 34, 3), 15, 3, True, 0)
COMPACT = Density(Size(18, 24, 2), 13, 2, False, 0)


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards of a picture in one density."""

    picture: Picture
    density: Density
    pen: Pen

    def tall(self, boxes: Sequence[int], width: int) -> int:
        """The height of a row of cards, all as high as the one that says most."""
        return max([self._height(self.picture.boxes[box], width) for box in boxes], default=54)

    def draw(self, card: Card, said: str) -> str:
        """One card; `said` is its text for the pointer and for readers that do not see."""
        box, pen, density = self.picture.boxes[card.box], self.pen, self.density
        left, right = card.x + _SIDE, card.x + card.width - _SIDE
        tint = f"status-{box.status}"
        parts = [pen.rectangle(card.x, card.y, card.width, card.height, 9, f"{tint}-fill", tint)]
        if box.turned:  # a second border
            parts.append(pen.rectangle(card.x + 4, card.y + 4, card.width - 8, card.height - 8, 6, "", tint))
        y = card.y + 8.0
        for line in self._name(box, card.width):
            y += density.letters + 3
            parts.append(pen.text(left, y, line, density.letters, font_weight="bold"))
        y += 21
        parts.append(self._status(box, left, right, y))
        if box.change:
            y += 17
            parts.append(self._change(box, left, right, y))
        y += 18
        parts.append(self._outlook(box, left, y))
        if self._shows_owner(box):
            beside = self._owner_fits(box, right - left)
            y += 0 if beside else 16
            look = {"text_anchor": "end"} if beside else {}
            owner = cut(box.owner, right - left, 11)
            parts.append(pen.text(right if beside else left, y, owner, 11, "quiet", **look))
        for status, line in self._kpis(box):
            y += 16
            parts += [pen.status(left, y, 11, status), pen.text(left + 12, y, cut(line, right - left - 12, 11), 11)]
        for sign, line in box_marks(box):
            y += 17
            parts.append(pen.icon(left + 5, y - 4, ICONS[sign], "text"))
            parts.append(pen.text(left + 15, y, cut(line, right - left - 15, 11), 11))
        return f'<g data-goal="{escape(box.id)}"><title>{escape(said)}</title>{"".join(parts)}</g>'

    def _height(self, box: Box, width: int) -> int:
        name = len(self._name(box, width)) * (self.density.letters + 3)
        owner = 16 if self._shows_owner(box) and not self._owner_fits(box, width - 2 * _SIDE) else 0
        change = 17 if box.change else 0
        return 8 + name + 21 + change + 18 + owner + 16 * len(self._kpis(box)) + 17 * len(box_marks(box)) + 11

    def _name(self, box: Box, width: int) -> tuple[str, ...]:
        return balance(box.name, width - 2 * _SIDE, self.density.name_lines, self.density.letters, bold=True)

    def _status(self, box: Box, left: float, right: float, y: float) -> str:
        """Sign, word and score, and the bar of the score beside them."""
        pen, tint = self.pen, f"status-{box.status}"
        said, end = pen.status_words(left, y, box.status, f"{box.status} ", 13)
        score = pen.text(end, y, percent(box.lagging), 13, tint, font_weight="bold")
        start = max(left + 110, end + measure("100%", 13, bold=True) + 10)
        bar = pen.rectangle(start, y - 8, right - start, 7, 3.5, "rule")
        if box.lagging:
            bar += pen.rectangle(start, y - 8, max(4.0, (right - start) * min(1.0, box.lagging)), 7, 3.5, tint)
        return said + score + bar

    def _change(self, box: Box, left: float, right: float, y: float) -> str:
        """What it was in the period compared with, an arrow before it where it is better or worse now."""
        pen, color = self.pen, "quiet" if box.change == UNCHANGED else "text"
        arrow = pen.heading(left, y, box.moved, "text") if box.moved in (Heading.BETTER, Heading.WORSE) else ""
        start = left + 14 if arrow else left
        words = cut(box.change, right - start, 11)
        return arrow + draw_signs(pen, start, y, words, 11, color, font_weight="bold" if box.turned else "normal")

    def _outlook(self, box: Box, left: float, y: float) -> str:
        """Where the result heads, and its signal where that asks for attention."""
        pen, ahead = self.pen, left + 18 + measure("outlook", 11)
        drawn = pen.heading(left, y, box.heading, "quiet") + pen.text(left + 14, y, "outlook", 11, "quiet")
        words, end = pen.status_words(ahead, y, box.outlook_status, percent(box.outlook), 11)
        if signal := _signal(box):
            words += pen.text(end + 8, y, signal, 11, font_weight="bold")
        return drawn + words

    def _shows_owner(self, box: Box) -> bool:
        return self.density.owner and bool(box.owner)

    def _owner_fits(self, box: Box, room: float) -> bool:
        """Whether the owner stands beside the outlook; else below it."""
        outlook = 30 + measure(f"outlook{percent(box.outlook)}", 11) + 8 + measure(_signal(box), 11, bold=True)
        return outlook + 12 + measure(box.owner[:200], 11) <= room

    def _kpis(self, box: Box) -> list[tuple[Status, str]]:
        """The status of each KPI and its words without the sign."""
        shown = [(_SIGNS.get(line[:1], Status.UNKNOWN), line[2:] if line[:1] in _SIGNS else line) for line in box.lines]
        return shown[: self.density.lines]


def draw_signs(pen: Pen, x: float, y: float, words: str, size: float, color: str, **look: str) -> str:
    """A line of text in which the signs of statuses are drawn as shapes, as letters may lack them."""
    parts: list[str] = []
    bold = look.get("font_weight") == "bold"
    for part in _SPLIT.split(words):
        if status := _SIGNS.get(part):
            parts.append(pen.status(x, y, size, status))
            x += size * 1.05
        elif part := part.strip():
            parts.append(pen.text(x, y, part, size, color, **look))
            x += measure(part, size, bold) + size * 0.25
    return "".join(parts)


def _signal(box: Box) -> str:
    return f"! {box.signal}" if box.signal in MARKED else ""
