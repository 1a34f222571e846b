"""The web page: one file that asks for nothing, with the map, goal cards, the scorecard table, or the papers of a review.

Everything is visible without scripts; the script only adds light to the map, filter, sorting and a switch to the dark.
The content policy allows exactly the style and the script of the page, by their hashes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain

from scorecard.render.captions import compared_line, index_words
from scorecard.render.edition import Edition, What
from scorecard.render.html_cards import draw_cards
from scorecard.render.html_map import draw_map
from scorecard.render.html_review import draw_review
from scorecard.render.html_table import draw_scorecard, row_id
from scorecard.render.html_text import Html, escape, join, list_items, say, say_status, tag
from scorecard.render.pack import make_pack
from scorecard.render.palette import DARK, LIGHT, Theme
from scorecard.render.svg_pen import name_colors

MOST_CARDS = 150  # beyond that a page of 2,000 goals would be a hundred megabytes that nobody reads

_DARK_BY_READER = "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){%s}}"
_DARK_BY_HAND = "@media screen{:root[data-theme=dark]{%s}}"
Part = tuple[str, str, Html]  # id, name in the contents, what it shows


def write_html(edition: Edition) -> bytes:
    """The page in UTF-8; the same edition gives the same bytes.

    Of more than 150 goals, those that need talk have cards, then others in the order of the map; the page says so.
    """
    if edition.shows(What.REVIEW):
        pack = make_pack(edition)
        parts = draw_review(edition, pack)
        title, lines = pack.title, [pack.as_of]
    else:
        parts = _list_parts(edition)
        title, lines = f"{edition.picture.title} · {edition.picture.period}", []
    header = _draw_header(edition, title, lines, parts)
    body = [say("a", "Skip to the content", href="#content", class_="skip"), header]
    body.append(tag("main", *(shown for _, _, shown in parts), id="content", tabindex="-1"))
    page = tag("html", _draw_head(title), tag("body", *body, Html(f"<script>{_script()}</script>")), lang="en")
    return f"<!DOCTYPE html>\n{page}\n".encode()


def find_policy() -> str:
    """The content policy of every page: nothing from anywhere, but its own style and script."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_hash(_style())}'",
            f"script-src '{_hash(_script())}'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _list_parts(edition: Edition) -> list[Part]:
    goals = _choose_goals(edition)
    shown = goals if edition.shows(What.GOAL) else []
    addresses: dict[str, str] = {}
    if edition.shows(What.TABLE):
        addresses = {box.id: f"#{row_id(box.id)}" for box in edition.picture.boxes}
    addresses |= {goal: f"#goal-{goal}" for goal in shown}
    parts: list[Part] = []
    if edition.shows(What.MAP):
        parts.append(("map", "Map", draw_map(edition, addresses)))
    if edition.shows(What.TABLE):
        parts.append(("scorecard", "Scorecard", draw_scorecard(edition, addresses)))
    if edition.shows(What.GOAL):
        parts.append(("goals", "Goals", _draw_goals(edition, shown, addresses)))
    return parts


def _choose_goals(edition: Edition) -> list[str]:
    """The goals that get a card, in the order of the map."""
    if edition.goal is not None:
        return [edition.goal]
    lanes = edition.evaluation.strategy.lanes()
    goals = [goal.id for goal in chain.from_iterable(lanes.values())]
    if len(goals) <= MOST_CARDS:
        return goals
    first = dict.fromkeys([*edition.goals_to_discuss, *goals])
    chosen = set(list(first)[:MOST_CARDS])
    return [goal for goal in goals if goal in chosen]


def _draw_goals(edition: Edition, shown: list[str], addresses: Mapping[str, str]) -> Html:
    inside = [say("h2", "Goals", id="goals-name")]
    there = len(edition.picture.boxes)
    if edition.goal is None and len(shown) < there:
        words = f"Cards of {len(shown)} of {there:,} goals, those that need talk before others."
        inside.append(say("p", words, class_="quiet"))
    inside.append(draw_cards(edition, shown, addresses, "h3"))
    return tag("section", *inside, id="goals", aria_labelledby="goals-name")


def _draw_header(edition: Edition, title: str, lines: list[str], parts: list[Part]) -> Html:
    picture = edition.picture
    inside = [say("h1", title), say_status(picture.index_status, index_words(picture), "p")]
    mark = "double borders" if any(place == "map" for place, _, _ in parts) else ""
    remarks = [*lines, compared_line(picture, mark), picture.illustrative]
    inside += [say("p", line, class_="quiet") for line in remarks if line]
    if len(parts) > 1:
        links = list_items(say("a", name, href=f"#{place}") for place, name, _ in parts)
        inside.append(tag("nav", links, aria_label="Contents"))
    inside.append(say("button", "Dark", id="theme", type="button", aria_pressed="false", hidden=""))
    return tag("header", *inside)


def _draw_head(title: str) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=find_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        say("title", title),
        Html(f"<style>{_style()}</style>"),
    )


@cache
def _style() -> str:
    """The style sheet, the colours of the palette in front."""
    light, dark = _write_variables(LIGHT), _write_variables(DARK)
    names = join(
        escape(f".{kind}-{name}{{{kind}:var(--{name})}}") for name in name_colors(LIGHT) for kind in ("fill", "stroke")
    )
    sheet = (files("scorecard.render") / "page" / "page.css").read_text("utf-8")
    return "\n".join([f":root{{{light}}}", _DARK_BY_READER % dark, _DARK_BY_HAND % dark, names, sheet])


@cache
def _script() -> str:
    return (files("scorecard.render") / "page" / "page.js").read_text("utf-8")


def _write_variables(theme: Theme) -> str:
    colors = "".join(f"--{name}:{color};" for name, color in name_colors(theme).items())
    return f"color-scheme:{'dark' if theme.dark else 'light'};{colors}"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
