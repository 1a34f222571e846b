"""The strategy map on screen: keys, mouse, what lights up, and that nothing in a name gets out of its box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from random_pictures import SOCIAL, make_map
from rich.cells import cell_len
from rich.segment import Segment
from sample_map import make_box, make_picture
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content

from scorecard.model.status import Status
from scorecard.render.picture import Arrow, Picture
from scorecard.tui.themes import HIGH_CONTRAST, THEMES, fallback_colours
from scorecard.tui.widgets import map_painter, map_window
from scorecard.tui.widgets.arranger import Wanted
from scorecard.tui.widgets.map_painter import Face, MapPainter
from scorecard.tui.widgets.strategy_map import StrategyMap

UP_CHAIN = {"business_results", "engaging_content", "post_content", "learn_tactics"}


class MapApp(App[None]):
    """The map and nothing else; keeps what it posts."""

    def __init__(self, picture: Picture | None = SOCIAL, theme: str = "scorecard-dark") -> None:
        super().__init__()
        self.map = StrategyMap(picture)
        self.heard: list[tuple[str, str | None]] = []
        for own in THEMES:
            self.register_theme(own)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield self.map

    def on_mount(self) -> None:
        self.map.focus()

    def on_strategy_map_selected(self, event: StrategyMap.Selected) -> None:
        self.heard.append(("selected", event.goal_id))

    def on_strategy_map_opened(self, event: StrategyMap.Opened) -> None:
        self.heard.append(("opened", event.goal_id))

    def rows(self) -> list[str]:
        return ["".join(segment.text for segment in row) for row in self.segments()]

    def segments(self) -> Iterator[list[Segment]]:
        """The visible rows, each checked to fill the width beside the bar exactly and to be styled throughout."""
        for y in range(self.map.size.height):
            row = list(self.map.render_line(y))
            assert sum(cell_len(segment.text) for segment in row) == self.map.scrollable_size.width
            assert all(segment.style is not None for segment in row)
            yield row

    def colour_of(self, text: str) -> str:
        """The colour in which a text stands on screen."""
        segment = next(segment for row in self.segments() for segment in row if text in segment.text)
        assert segment.style
        assert segment.style.color
        return segment.style.color.name

    def spot(self, goal: str) -> tuple[int, int]:
        """Where on the screen a goal's box is."""
        assert self.map.map_layout
        place = self.map.map_layout.places[goal]
        rail = self.map.virtual_size.width - self.map.map_layout.width
        return place.x + rail + 2 - self.map.scroll_offset.x, place.y + 1 - self.map.scroll_offset.y


def theme_colour(name: str, theme: str = "scorecard-dark") -> str:
    found = next(own for own in THEMES if own.name == theme)
    return Color.parse(found.variables.get(name) or getattr(found, name)).rich_color.name


async def test_a_box_says_status_name_score_outlook_and_warnings() -> None:
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        text = "\n".join(app.rows())
        for words in ("▲ red", "○ unknown", "◆ amber", "Engaging content", "62% → 71%", "no data", " ! ╮", " ⚑ ╮"):
            assert words in text
        assert all(word in text for word in ("Stakeholders'", "Internal", "processes", "◆ amber 50%"))


async def test_arrows_and_letters_move_through_the_map() -> None:
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down")
        assert app.map.selected == "business_results"
        await pilot.press("down", "j", "down", "down")
        assert app.map.selected == "train_team"
        await pilot.press("l")
        assert app.map.selected == "learn_tactics"
        await pilot.press("right", "h", "up")
        assert app.map.selected == "paid_ads"
        await pilot.press("k", "left")
        assert app.map.selected == "personal_interaction"
        await pilot.press("ctrl+home")
        assert app.map.selected == "business_results"
        await pilot.press("ctrl+end", "home")
        assert app.map.selected == "train_team"
        await pilot.press("end")
        assert app.map.selected == "customer_profile"
        await pilot.press("enter")
        assert app.heard[-1] == ("opened", app.map.selected)
        await pilot.press("escape")
        assert app.heard[-1] == ("selected", None)


async def test_every_goal_is_reached_by_keys() -> None:
    app = MapApp(make_map(30, 3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+home")
        assert app.map.map_layout
        seen = set()
        for rank in app.map.map_layout.ranks:
            await pilot.press("home")
            for _ in rank:
                seen.add(app.map.selected)
                assert app.map.region.contains(*app.spot(str(app.map.selected))), "the selected box is in view"
                await pilot.press("right")
            await pilot.press("down")
        assert seen == set(app.map.map_layout.places)


async def test_selecting_lights_causes_and_effects_and_dims_the_rest() -> None:
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        assert app.colour_of("Learn social media") == theme_colour("foreground")
        app.map.selected = "post_content"
        await pilot.pause()
        for name in ("Achieve valuable", "Engaging content", "Learn social media", "Understand customer"):
            assert app.colour_of(name) == theme_colour("foreground")
        for name in ("Personal brand", "Train team", "Access wider"):
            assert app.colour_of(name) == theme_colour("quiet")
        colours = {segment.style.color.name for row in app.segments() for segment in row if "╎" in segment.text}  # type: ignore[union-attr]
        assert colours == {theme_colour("lit"), theme_colour("rule")}
        assert "┏" in "".join(app.rows())
        assert app.colour_of("red") == theme_colour("status-red"), "a status never dims"


async def test_f_keeps_only_the_chain_and_gives_the_map_back() -> None:
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        app.map.selected = "learn_tactics"
        await pilot.press("f")
        assert app.map.map_layout
        assert set(app.map.map_layout.places) == UP_CHAIN
        await pilot.press("up")
        assert app.map.selected == "post_content"
        assert set(app.map.map_layout.places) == UP_CHAIN, "the chain stays while one looks through it"
        await pilot.press("f")
        assert len(app.map.map_layout.places) == 9
        await pilot.press("f", "escape")
        assert len(app.map.map_layout.places) == 9
        assert app.map.selected == "post_content"
        await pilot.press("f")
        app.map.selected = "train_team"
        assert len(app.map.map_layout.places) == 9, "a goal outside the chain ends it"


async def test_a_click_selects_a_double_click_opens_and_blank_space_clears() -> None:
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.click(app.map, offset=app.spot("paid_ads"))
        assert app.heard == [("selected", "paid_ads")]
        await pilot.click(app.map, offset=app.spot("communicate"), times=2)
        await pilot.pause()
        assert app.heard[-1] == ("opened", "communicate")
        await pilot.click(app.map, offset=(2, 2))
        assert app.heard[-1] == ("selected", None)


async def test_the_mouse_over_a_box_shows_its_kpis() -> None:
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.hover(app.map, offset=app.spot("train_team"))
        tooltip = app.map.tooltip
        assert isinstance(tooltip, Content)
        assert tooltip.plain == "Train team to interact on social media\nTraining done: 60%"
        await pilot.hover(app.map, offset=(2, 2))
        assert app.map.tooltip is None


async def test_a_click_in_a_scrolled_map_finds_the_box_under_it() -> None:
    app = MapApp(make_map(100, 2))
    async with app.run_test(size=(80, 24)) as pilot:
        app.map.selected = "g2_10"
        await pilot.pause()
        assert app.map.scroll_offset.y
        spot = app.spot("g2_10")
        app.map.selected = None
        await pilot.click(app.map, offset=spot)
        assert app.map.selected == "g2_10"


async def test_another_period_repaints_without_moving_anything() -> None:
    app = MapApp(make_map(60, 1))
    async with app.run_test(size=(100, 30)) as pilot:
        app.map.selected = "g3_9"
        await pilot.pause()
        before, scroll = app.map.map_layout, app.map.scroll_offset
        picture = app.map.picture
        assert picture
        boxes = tuple(replace(box, status=Status.GREEN) for box in picture.boxes)
        app.map.picture = replace(picture, period="2026-11", boxes=boxes)
        await pilot.pause()
        assert app.map.map_layout is before
        assert app.map.scroll_offset == scroll
        assert app.map.selected == "g3_9"
        assert "●" in "".join(app.rows())


async def test_a_goal_that_is_gone_after_a_reload_is_no_longer_selected() -> None:
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        app.map.selected = "train_team"
        await pilot.press("f")
        boxes = tuple(box for box in SOCIAL.boxes if box.id != "train_team")
        arrows = tuple(arrow for arrow in SOCIAL.arrows if arrow.source != "train_team")
        app.map.picture = replace(SOCIAL, boxes=boxes, arrows=arrows)
        await pilot.pause()
        assert app.heard[-1] == ("selected", None)
        assert app.map.isolated is None
        assert app.map.map_layout
        assert len(app.map.map_layout.places) == 8


@pytest.mark.parametrize("size", [(132, 40), (80, 24), (61, 20), (20, 5)])
@pytest.mark.parametrize("theme", [*(own.name for own in THEMES), "nord", "ansi-light"])
async def test_every_size_and_theme_draws_full_styled_rows(size: tuple[int, int], theme: str) -> None:
    app = MapApp(theme=theme)
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "down", "f", "right")
        assert len(app.rows()) == app.map.size.height


async def test_scroll_bars_are_there_only_while_the_map_outgrows_the_screen() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 24)) as pilot:
        for height, tall in ((24, False), (12, True), (22, False), (16, False), (11, True), (40, False)):
            await pilot.resize_terminal(80, height)
            await pilot.pause()
            assert app.map.show_vertical_scrollbar is tall
            assert app.map.show_horizontal_scrollbar is False
            assert (app.map.max_scroll_y > 0) is tall


async def test_a_smaller_map_is_in_view_after_a_reload_far_down_in_a_larger_one() -> None:
    app = MapApp(make_map(60, 1))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.map.scroll_to(60, 50, animate=False)
        await pilot.pause()
        app.map.picture = SOCIAL
        await pilot.pause()
        assert app.map.scroll_offset == (0, 0)
        assert "Engaging content" in "".join(app.rows())


async def test_no_color_draws_signs_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = MapApp()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "down", "right", "f", "escape")
        await pilot.resize_terminal(80, 24)
        await pilot.press("down")
        assert app.no_color
        rows = "".join(app.rows())
        assert "▌Access wider" in rows, "boxes without a border"
        assert "▲ red" in rows
        assert app.export_screenshot()


async def test_a_map_without_goals_or_a_picture_is_blank_and_takes_every_key() -> None:
    app = MapApp(None)
    async with app.run_test(size=(80, 24)) as pilot:
        keys = ("down", "home", "enter", "f", "escape")
        await pilot.press(*keys)
        assert not "".join(app.rows()).strip()
        app.map.picture = replace(SOCIAL, boxes=(), arrows=())
        await pilot.press(*keys)
        assert "Customer" in "".join(app.rows())
        assert not app.heard


HOSTILE = (
    "[@click=app.exit]x[/]",
    "[/]",
    "[bold red]alarm[/bold red]",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "right \u202eto left",
    "顧客との対話を深める取り組み",
    "👩\u200d🚀 rockets ❤\ufe0f hearts 🇩🇪 flags",
    "a\u0301e\u0308 combining \u0301",
    "zero\u200bwidth\ufeff",
    "\U000e0041\U000e0042 hidden",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "tab\tand\nline",
)


@pytest.mark.parametrize("size", [(132, 60), (60, 24)])
async def test_hostile_names_stay_text_in_their_boxes(size: tuple[int, int]) -> None:
    boxes = tuple(
        make_box(f"g{number}", name, number % 3, lines=(name,), owner=name) for number, name in enumerate(HOSTILE)
    )
    arrows = tuple(Arrow(f"g{number + 1}", f"g{number}") for number in range(0, len(boxes) - 1, 2))
    app = MapApp(make_picture(HOSTILE[:3], boxes, arrows))
    async with app.run_test(size=size) as pilot:
        for number in range(len(boxes)):
            app.map.selected = f"g{number}"
            await pilot.pause()
            await pilot.hover(app.map, offset=app.spot(f"g{number}"))
            text = "".join(app.rows())
            assert not [character for character in text if ord(character) < 32 or 127 <= ord(character) < 160]
            assert not set(text) & set("\u202e\u200b\ufeff\U000e0041")
            assert isinstance(app.map.tooltip, Content)
            assert not app.map.tooltip.spans
        assert all(not segment.style.meta for row in app.segments() for segment in row if segment.style)
        assert "[/]" in "".join(app.rows())


async def test_names_in_wide_letters_keep_the_box_in_shape() -> None:
    app = MapApp(make_picture(("Lane",), (make_box("g", "顧客との対話を深める取り組みを続ける", 0),)))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        inside = [row for row in app.rows() if "│" in row]
        assert inside
        edges = {(cell_len(row[: row.index("│")]), cell_len(row[: row.rindex("│")])) for row in inside}
        assert len(edges) == 1


async def test_only_visible_rows_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_window, "_STILL", 60.0)  # the next step is not prepared for
    app = MapApp(make_map(200, 1))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        painted = watch_painting(monkeypatch)
        await pilot.press("down")
        await pilot.pause()
        top = app.map.scroll_offset.y
        assert painted
        assert set(painted) <= set(range(top + 24))
        assert len(painted) <= 2 * 24


async def test_the_next_step_is_painted_before_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    app = MapApp(make_map(60, 1))
    async with app.run_test(size=(90, 24)) as pilot:
        await pilot.press("down", "right")
        for key, at_once in (("down", True), ("left", True), ("up", True), ("ctrl+end", False)):
            for _ in range(500):  # until all four steps are painted
                if app.map._window._waiting is None:
                    break
                await pilot.pause(0.01)
            monkeypatch.setattr(map_window, "_STILL", 60.0)
            before, painted = app.map.selected, watch_painting(monkeypatch)
            await pilot.press(key)
            await pilot.pause()
            shown = app.rows()
            assert app.map.selected != before
            assert bool(painted) != at_once
            monkeypatch.undo()
            app.map._paint_with(app.map._painter.picture, app.map._painter.layout)
            assert app.rows() == shown  # as it is when painted anew
            app.map.watch_selected(app.map.selected)


async def test_the_box_below_the_mouse_stands_out_until_the_mouse_leaves_it() -> None:
    app = MapApp()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        place = app.map.map_layout.ranks[0][0] if app.map.map_layout else None
        assert place
        assert app.map._painter
        plain = [list(app.map.render_line(y)) for y in range(40)]
        await pilot.hover(StrategyMap, offset=(place.x + app.map._painter.rail + 3, place.y + 1))
        await pilot.pause()
        hovered = [list(app.map.render_line(y)) for y in range(40)]
        changed = {y for y in range(40) if hovered[y] != plain[y]}
        assert changed == set(range(place.y, place.y + place.height))
        await pilot.hover(StrategyMap, offset=(1, 1))
        await pilot.pause()
        assert [list(app.map.render_line(y)) for y in range(40)] == plain


async def test_what_is_kept_of_painted_rows_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_window, "_MOST_KEPT", 80)
    monkeypatch.setattr(map_painter, "_MOST_READY", 20)  # fewer than there are on the screen
    app = MapApp(make_map(60, 1))
    async with app.run_test(size=(90, 24)) as pilot:
        for key in ["down", "right", "right", "up", "left"] * 3:
            await pilot.press(key)
            await pilot.pause(0.05)
        assert len(app.map._window._painted) == 80
        assert len(app.map._painter._stretches) == 20


async def test_a_row_that_looks_the_same_is_not_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_window, "_STILL", 60.0)
    app = MapApp(make_map(12, 1))
    async with app.run_test(size=(100, 60)) as pilot:
        first, other = app.map.map_layout.ranks[0][:2] if app.map.map_layout else ()
        app.map.selected = first.id
        await pilot.pause()
        painted = watch_painting(monkeypatch)
        app.map.selected = other.id
        await pilot.pause()
        shown = app.rows()
        assert painted
        assert len(painted) < len(shown)
        monkeypatch.undo()
        app.map.refresh(layout=True)
        app.map._window._painted.clear()
        assert app.rows() == shown


async def test_a_large_map_is_laid_out_beside_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Event()
    lay_out = Wanted.arrange
    monkeypatch.setattr(Wanted, "arrange", lambda wanted: gate.wait(20) and lay_out(wanted))
    app = MapApp(make_map(320, 1))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "laying out 320 goals" in "".join(app.rows())
        await pilot.resize_terminal(90, 30)  # what was begun for the size before is not shown
        gate.set()
        for _ in range(500):
            if app.map.map_layout:
                break
            await pilot.pause(0.02)
        assert app.map.map_layout
        assert "laying out" not in "".join(app.rows())
        assert app.map.virtual_size.height == app.map.map_layout.height
        assert app.map.map_layout.width >= 90 - 20
        await pilot.press("down")
        assert app.map.selected


def watch_painting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows of the map that are painted from now on."""
    painted: list[int] = []
    paint = MapPainter.paint

    def note(painter: MapPainter, face: Face) -> list[Segment]:
        painted.append(face.row)
        return paint(painter, face)

    monkeypatch.setattr(MapPainter, "paint", note)
    return painted


@pytest.mark.parametrize("dark", [True, False])
def test_any_theme_finds_every_colour(dark: bool) -> None:
    for own in THEMES:
        assert set(own.variables) == set(fallback_colours(dark))


def test_text_of_the_high_contrast_theme_stands_out_seven_to_one() -> None:
    grounds = {*HIGH_CONTRAST.lanes, *(HIGH_CONTRAST.tone(status).fill for status in Status)}
    texts = {HIGH_CONTRAST.text, HIGH_CONTRAST.quiet, *(HIGH_CONTRAST.tone(status).line for status in Status)}
    assert min(contrast(text, ground) for text in texts for ground in grounds) >= 7


def test_the_lit_chain_and_the_selected_name_are_readable_in_every_theme() -> None:
    for own in THEMES:
        lit = own.variables["lit"]
        grounds = [colour for name, colour in own.variables.items() if name.startswith("lane-")]
        assert min(contrast(lit, ground) for ground in (*grounds, str(own.background))) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [part / 255 for part in Color.parse(colour).rgb]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
