"""The map as SVG by our own layout: equal lanes, goals as cards, links that keep off them, a title and a legend.

The picture loads nothing, runs nothing and embeds no font. Without a theme it is light, and dark for a reader who
prefers that; with one it is as the theme says. Every text passes `escape`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scorecard.render.captions import arrow_words, box_words, change_line, compared_line, index_words, lane_words
from scorecard.render.palette import LIGHT, Theme
from scorecard.render.picture import Picture
from scorecard.render.svg_cards import COMPACT, DETAILED, FULL, Cards, Density, draw_signs
from scorecard.render.svg_layout import HEADER, MARGIN, NARROWEST, Layout, Strip, lay_out
from scorecard.render.svg_legend import draw_legend
from scorecard.render.svg_links import draw_delays, draw_link
from scorecard.render.svg_pen import Pen
from scorecard.render.svg_text import FONT, break_lines, escape, measure
from scorecard.render.words import percent, rhythm_word, span, status_words

_FEW, _MANY = 12, 40  # goals: up to which cards may show KPIs, and from which on they are compact
_LEGIBLE = 1520  # pixels that a slide may stand for so that KPIs can be read on it


def write_svg(
    picture: Picture,
    theme: Theme | None = None,
    density: Density | None = None,
    addresses: Mapping[str, str] | None = None,
) -> str:
    """The picture as one SVG document; the same picture gives the same text to the byte.

    `addresses` make it a part of a page: cards are links to them, and what the head says is left to the page.
    """
    pen = Pen(theme or LIGHT, both=theme is None)
    head, top = _draw_head(picture, pen) if addresses is None else ([], 16)
    layout, cards = _choose_layout(picture, density, top, pen)
    legend, height = draw_legend(picture, layout, pen)
    drawn = "\n".join(
        [*head, *_draw_lanes(picture, layout, pen), *_draw_map(picture, layout, cards, pen, addresses or {}), *legend]
    )
    size = f'width="{layout.width}" height="{height}" viewBox="0 0 {layout.width} {height}"'
    said = f"<title>{escape(_title(picture))}</title>\n<desc>{escape(_describe(picture))}</desc>"
    ground = pen.rectangle(0, 0, layout.width, height, 0, "background")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" class="strategy-map" font-family="{FONT}">\n'
        f"{said}\n{pen.style()}{ground}\n{drawn}\n</svg>\n"
    )


def _title(picture: Picture) -> str:
    return f"{picture.title} · {picture.period}"


def _describe(picture: Picture) -> str:
    """The whole map in lines: the index, then each lane with its goals."""
    lines = [line for line in (index_words(picture), compared_line(picture), picture.illustrative) if line]
    for number, lane in enumerate(picture.lanes):
        lines.append(lane_words(lane))
        lines += [
            f"- {box.name}: {status_words(box.status, box.lagging)}, outlook {status_words(box.outlook_status, box.outlook)}"
            + (f", {change_line(box)}" if box.change else "")
            for box in picture.boxes
            if box.lane == number
        ]
    return "\n".join(lines)


def _choose_layout(picture: Picture, density: Density | None, top: int, pen: Pen) -> tuple[Layout, Cards]:
    """The layout in the asked density, or in the fullest that is no wider than letters on a slide bear."""
    if not picture.lanes:
        return Layout(NARROWEST, top, (), (), ()), Cards(picture, FULL, pen)
    goals = len(picture.boxes)
    fitting = (COMPACT,) if goals >= _MANY else (DETAILED, FULL) if goals <= _FEW else (FULL,)
    for chosen in (density,) if density else fitting:
        cards = Cards(picture, chosen, pen)
        layout = lay_out(picture, chosen.size, cards.tall, top)
        if layout.width <= _LEGIBLE:
            break
    return layout, cards


def _draw_head(picture: Picture, pen: Pen) -> tuple[list[str], int]:
    """Title, index and remark, and where the first lane begins."""
    room, drawn, y = NARROWEST - 2 * MARGIN, [], 30.0
    for line in break_lines(_title(picture), room, 2, 24, bold=True):
        y += 26
        drawn.append(pen.text(MARGIN, y, line, 24, font_weight="bold"))
    y += 25
    words = index_words(picture)
    sign = picture.index_status.sign
    before, _, after = words.partition(f"{sign} ")
    drawn.append(pen.text(MARGIN, y, before.rstrip(), 14, "quiet"))
    index, _ = pen.status_words(MARGIN + measure(before, 14), y, picture.index_status, after, 14)
    drawn.append(index)
    for line in break_lines(compared_line(picture, "double borders"), room, 2, 12) if picture.before else []:
        y += 18
        drawn.append(draw_signs(pen, MARGIN, y, line, 12, "text"))
    for line in break_lines(picture.illustrative, room, 2, 12) if picture.illustrative else []:
        y += 18
        drawn.append(pen.text(MARGIN, y, line, 12, "quiet"))
    return drawn, round(y + 20)


def _draw_lanes(picture: Picture, layout: Layout, pen: Pen) -> Iterator[str]:
    for number, (lane, strip) in enumerate(zip(picture.lanes, layout.strips, strict=True)):
        parts = [pen.rectangle(strip.x, strip.y, strip.width, strip.height, 12, f"lane-{number % 4}", "rule")]
        lines = break_lines(lane.name, HEADER - 30, _room(strip), 14, bold=True)
        y = strip.y + strip.height / 2 - 9 * len(lines) + 3
        for line in lines:
            parts.append(pen.text(strip.x + 18, y, line, 14, font_weight="bold"))
            y += 17
        score = f"{lane.status}" + ("" if lane.score is None else f" {percent(lane.score)}")
        parts.append(pen.status_words(strip.x + 18, y + 2, lane.status, score, 12)[0])
        yield f"<g><title>{escape(lane_words(lane))}</title>{''.join(parts)}</g>"


def _room(strip: Strip) -> int:
    """How many lines of a lane's name fit beside its cards."""
    return max(1, min(4, (strip.height - 30) // 17))


def _draw_map(picture: Picture, layout: Layout, cards: Cards, pen: Pen, addresses: Mapping[str, str]) -> Iterator[str]:
    """Links, then cards, then the words on links."""
    boxes = {box.id: box for box in picture.boxes}
    rhythm = rhythm_word(picture.period)
    for arrow, course in zip(picture.arrows, layout.courses, strict=True):
        yield draw_link(arrow, course, pen, arrow_words(arrow, boxes, rhythm))
    for box, card in zip(picture.boxes, layout.cards, strict=True):
        drawn, address = cards.draw(card, box_words(box)), addresses.get(box.id)
        yield f'<a href="{escape(address)}">{drawn}</a>' if address else drawn
    delays = [span(arrow.delay, rhythm) if arrow.delay else "" for arrow in picture.arrows]
    yield from draw_delays(layout, delays, pen)
