"""An edition as a PowerPoint deck: map, tables, goals that need talk, the review; native, and editable.

Slides and shapes of ours are found again by their names, `scorecard:STRATEGY:map` and `goal:ID`, so a second export into
the same deck brings them up to date and leaves what was moved, added or restyled by hand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from scorecard.render.captions import index_words
from scorecard.render.deck_design import find_area, find_theme
from scorecard.render.deck_file import date_deck, find_layout, make_deck, open_deck, pack_deck, seek
from scorecard.render.deck_goal import draw_goal
from scorecard.render.deck_map import draw_map
from scorecard.render.deck_page import Page, Place
from scorecard.render.deck_review import (
    UNDERTAKINGS,
    Section,
    cut_sections,
    cut_undertakings,
    draw_agenda,
    draw_sections,
    draw_undertakings,
    list_sections,
)
from scorecard.render.deck_table import cut_table, draw_scorecard
from scorecard.render.edition import Edition, What
from scorecard.render.graphviz import DrawingError
from scorecard.render.palette import Theme
from scorecard.render.picture import Picture
from scorecard.render.words import clip

MOST_GOALS = 8  # that get a slide because they need talk
ONE_MAP = 40  # goals up to which one map slide is enough; beyond, each pair of lanes has one more
_PREFIX = "scorecard:"
_FEET = (13, 15)  # placeholders that a slide shows too: its number and the footer, but no date
_LONGEST = 110  # columns of a title


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide to be: `key` is its part and its name within it, such as `goal:loyal_fans`."""

    key: str
    title: str
    draw: Callable[[Page, Place], None]


def write_deck(edition: Edition) -> bytes:
    """The deck as bytes; the same edition gives the same bytes.

    It goes on from `edition.standing`, a deck of ours; else it is in the design of `edition.template`, else in our own.
    Raises MissingTool without python-pptx, and DrawingError for a template or a standing file that cannot be used.
    """
    deck = _open(edition)
    own = f"{_PREFIX}{edition.evaluation.strategy.id}:"
    is_new = not any(slide.name.startswith(_PREFIX) for slide in deck.slides)
    theme, layout = find_theme(deck), find_layout(deck)
    title, area, moves = find_area(deck, layout)
    standing = {slide.name.removeprefix(own): slide for slide in deck.slides if slide.name.startswith(own)}
    wanted = list(_plan(edition, standing, area, theme))
    last = None
    for number, one in enumerate(wanted):
        edition.hear("slides", number, len(wanted))
        slide = standing.get(one.key)
        if slide is None:
            slide = _add_slide(deck, layout, own + one.key, last)
        page = Page(slide, theme)
        page.title(one.title, title if moves else None)
        page.drawn.add("scorecard:title")
        one.draw(page, area)
        page.finish()
        last = slide
    _drop_leftovers(deck, edition, standing, {one.key for one in wanted}, theme)
    if is_new:
        date_deck(deck, edition.picture.title)
    return pack_deck(deck)


def _open(edition: Edition) -> Any:
    if edition.standing is not None:
        deck = open_deck(edition.standing, "standing deck", is_strange=False)
        if not any(slide.name.startswith(_PREFIX) for slide in deck.slides):
            raise DrawingError(
                "The file that stands there is no deck of ours: name another one to write, or move it away."
            )
        return deck
    if edition.template is None:
        return make_deck()
    deck = open_deck(edition.template, "template", is_strange=True)
    if not any(slide.name.startswith(_PREFIX) for slide in deck.slides):
        for slide in list(deck.slides):
            _drop(deck, slide)
    return deck


def _plan(edition: Edition, standing: dict[str, Any], area: Place, theme: Theme) -> Iterator[Slide]:
    """The slides that are asked for, in their order."""
    review = edition.what == What.REVIEW
    picture = edition.picture
    if review:
        groups = list(list_sections(edition))
        points = [one for _, found in groups for one in found]
        title = _shorten(f"Review of {edition.evaluation.scope}: {picture.title}")
        yield Slide("review:agenda", title, partial(draw_agenda, edition=edition, sections=points))
    if edition.shows(What.MAP) or review:
        yield from _plan_maps(picture)
    if review:
        yield from _plan_review(groups, edition, area, theme)
    if edition.shows(What.TABLE):
        for number, grid in enumerate(cut_table(theme, area, edition.evaluation, edition.before), 1):
            title = _shorten(f"Scorecard · {picture.period}" + " (continued)" * (number > 1))
            yield Slide(f"table:{number}", title, partial(draw_scorecard, grid=grid))
    if edition.shows(What.GOAL) or review:
        for goal in _choose_goals(edition, standing):
            sheet = edition.sheet(goal)
            yield Slide(f"goal:{goal}", _shorten(sheet.name), partial(draw_goal, sheet=sheet))


def _plan_review(
    groups: Sequence[tuple[str, list[Section]]], edition: Edition, area: Place, theme: Theme
) -> Iterator[Slide]:
    for key, sections in groups:
        parts: list[tuple[str, Callable[[Page, Place], None]]]
        if key == UNDERTAKINGS:
            grids = cut_undertakings(edition, theme, area)
            parts = [(sections[0][0], partial(draw_undertakings, grid=grid)) for grid in grids]
        else:
            found, scale = cut_sections(sections, area)
            show = partial(draw_sections, headed=len(sections) > 1, scale=scale)
            parts = [(" · ".join(title for title, _ in part), partial(show, sections=part)) for part in found]
        for number, (title, draw) in enumerate(parts, 1):
            name, more = (key, "") if number == 1 else (f"{key}/{number}", " (continued)")
            yield Slide(f"review:{name}", title + more, draw)


def _plan_maps(picture: Picture) -> Iterator[Slide]:
    """The whole map; of a large one also each two lanes that lie above each other."""

    def make(key: str, part: Picture) -> Slide:
        def draw(page: Page, area: Place) -> None:
            draw_map(page, area, part)
            page.notes(
                "\n".join([index_words(picture), *(f"{box.name}: {', '.join(box.lines)}" for box in part.boxes)])
            )

        return Slide(key, _shorten(f"{part.title} · {part.period}"), draw)

    yield make("map", picture)
    if len(picture.boxes) > ONE_MAP:
        for upper, (above, below) in enumerate(zip(picture.lanes, picture.lanes[1:], strict=False)):
            boxes = tuple(
                replace(box, lane=box.lane - upper) for box in picture.boxes if box.lane in (upper, upper + 1)
            )
            names = {box.id for box in boxes}
            arrows = tuple(arrow for arrow in picture.arrows if {arrow.source, arrow.target} <= names)
            part = replace(picture, lanes=(above, below), boxes=boxes, arrows=arrows)
            yield make(f"map:{above.id}+{below.id}", part)


def _choose_goals(edition: Edition, standing: dict[str, Any]) -> list[str]:
    """The goal that is asked for; all where goals are; else those that need talk, and those that have a slide."""
    goals = edition.evaluation.strategy.goals
    if edition.goal is not None:
        return [edition.goal]
    if edition.what == What.GOAL:
        return list(goals)
    chosen = list(edition.goals_to_discuss[:MOST_GOALS])
    return chosen + [goal for goal in goals if goal not in chosen and f"goal:{goal}" in standing]


def _add_slide(deck: Any, layout: Any, name: str, after: Any) -> Any:
    """A slide without empty placeholders, behind the one named or at the end; with the layout's footer and number."""
    slide = deck.slides.add_slide(layout)
    slide.element.cSld.set("name", name)
    for holder in list(slide.placeholders):
        if holder.placeholder_format.type not in (1, 3):
            holder.element.getparent().remove(holder.element)
    for holder in layout.placeholders:
        if holder.placeholder_format.type in _FEET and holder.text_frame.text:
            slide.shapes._spTree.append(_copy_holder(holder, slide.shapes._next_shape_id))
    if after is not None:
        ids = deck.slides._sldIdLst
        places = [deck.slides[number].slide_id for number in range(len(deck.slides))]
        ids[places.index(after.slide_id)].addnext(ids[-1])
    return slide


def _copy_holder(holder: Any, number: int) -> Any:
    """A placeholder for a slide, its place and style those of the layout's."""
    element = deepcopy(holder.element)
    for child in list(element.spPr):
        element.spPr.remove(child)
    seek(element, ".//p:cNvPr")[0].set("id", str(number))
    return element


def _drop_leftovers(deck: Any, edition: Edition, standing: dict[str, Any], wanted: set[str], theme: Any) -> None:
    """Slides of parts that were written anew and are not in them any more: what is ours on them goes.

    A slide on which something was added by hand stays for that. Slides of single goals stay as long as the goal does.
    """
    parts = {key.partition(":")[0] for key in wanted}
    for key, slide in standing.items():
        part, _, name = key.partition(":")
        if key in wanted or part not in parts or (part == "goal" and name in edition.evaluation.strategy.goals):
            continue
        if not Page(slide, theme).finish():
            _drop(deck, slide)


def _drop(deck: Any, slide: Any) -> None:
    """Takes a slide out of the deck, and out of its sections and shows."""
    ids = deck.slides._sldIdLst
    entry = next(one for one in ids if one.id == slide.slide_id)
    for listed in seek(deck.element, f'.//*[local-name()="sldId" and @id="{slide.slide_id}"]'):
        listed.getparent().remove(listed)
    for shown in seek(deck.element, ".//p:custShow//p:sld"):
        if entry.rId in shown.values():
            shown.getparent().remove(shown)
    deck.part.drop_rel(entry.rId)


def _shorten(title: str) -> str:
    return clip(title, _LONGEST)
