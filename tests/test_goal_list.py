"""The goals of a map as a list: its lines on narrow screens, keys, mouse, and names that stay what they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from random_pictures import SOCIAL, make_map
from rich.cells import cell_len
from sample_map import HOSTILE, make_box, make_hostile_picture, make_picture
from textual.app import App, ComposeResult
from textual.color import Color

import scorecard
from scorecard.model.status import Status
from scorecard.render.picture import Picture, draw_picture
from scorecard.tui.text import literal
from scorecard.tui.themes import THEMES
from scorecard.tui.widgets.goal_list import GoalList
from scorecard.tui.widgets.help_panel import find_help

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
WIDE = """\
 9 goals: result and outlook
 Stakeholders' interests  ● green 84%
 ◆ amber  84% ↘  79% ⚑ Achieve valuable business resu…
 Customer  ● green 82%
 ● green  87% ↗  92%   Personal brand interaction
 ● green  78% ↘  64% ! Engaging content
 Internal processes  ● green 67%
 ● green  95% ↗  96%   Communicate with social media…
▌▲ red    31% ↗  45%   Post engaging content
 ● green  77% ↗  88%   Access a wider audience via pa…
 Learning and growth  ● green 74%
 ● green  98% →  98%   Train the team to interact on…
 ● green  75% →  75%   Learn social media tactics tha…
 ◆ amber  48% →  48%   Understand the customer profile"""
NARROW = """\
 9 goals: result and outlook
 Stakeholders'…  ● green 84%
 ◆ amber  84% ↘ ⚑ Achieve va…
 Customer  ● green 82%
 ● green  87% ↗   Personal b…
 ● green  78% ↘ ! Engaging c…
 Internal proce…  ● green 67%
 ● green  95% ↗   Communicat…
▌▲ red    31% ↗   Post engag…
 ● green  77% ↗   Access a w…
 Learning and g…  ● green 74%
 ● green  98% →   Train the…
 ● green  75% →   Learn soci…
 ◆ amber  48% →   Understand…"""
SMALL = """\
 result and outlook
 Stakeholde…  ● 84%
 ◆  84% ↘ ⚑ Achiev…"""


class ListApp(App[None]):
    """The list and nothing else; keeps what it posts."""

    def __init__(self, picture: Picture | None = SOCIAL, selected: str | None = None) -> None:
        super().__init__()
        self.list = GoalList()
        self.shown = picture, selected
        self.heard: list[tuple[str, str | None]] = []
        for own in THEMES:
            self.register_theme(own)
        self.theme = "scorecard-dark"

    def compose(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        self.list.show(*self.shown)
        self.list.focus()

    def on_goal_list_selected(self, event: GoalList.Selected) -> None:
        self.heard.append(("selected", event.goal_id))

    def on_goal_list_opened(self, event: GoalList.Opened) -> None:
        self.heard.append(("opened", event.goal_id))

    def rows(self) -> list[str]:
        """What is on screen, each row checked to fill it."""
        found = [self.list.render_line(y).text for y in range(self.list.size.height)]
        assert {cell_len(row) for row in found} == {self.list.size.width}
        return [row.rstrip() for row in found]

    def text(self) -> str:
        return "\n".join(self.rows()).rstrip()

    def find(self, text: str) -> int:
        return next(y for y, row in enumerate(self.rows()) if text in row)


def draw_example() -> Picture:
    return draw_picture(scorecard.load(EXAMPLE).evaluate())


@pytest.mark.parametrize(("width", "lines"), [(55, WIDE), (30, NARROW)])
async def test_the_example_stands_below_its_perspectives(width: int, lines: str) -> None:
    app = ListApp(draw_example(), "post_content")
    async with app.run_test(size=(width, 20)) as pilot:
        await pilot.pause()
        assert app.text() == lines
        assert app.heard == [], "showing is no selecting"


async def test_twenty_columns_have_result_arrow_marks_and_the_begin_of_a_name() -> None:
    app = ListApp(draw_example())
    async with app.run_test(size=(20, 20)) as pilot:
        await pilot.pause()
        assert app.text().startswith(SMALL)
        await pilot.resize_terminal(55, 20)
        await pilot.pause()
        assert app.text() == WIDE.replace("▌", " ")


@pytest.mark.parametrize("width", [1, 5, 12, 19, 23, 24, 29, 30, 39, 40])
async def test_any_width_is_filled_exactly(width: int) -> None:
    app = ListApp(make_hostile_picture(), "g7")
    async with app.run_test(size=(width, 20)) as pilot:
        await pilot.pause()
        assert any("▌" in row for row in app.rows())


async def test_every_row_tells_its_status_by_sign_word_and_colour() -> None:
    boxes = tuple(make_box(status, f"is {status}", 0, status=status) for status in Status)
    app = ListApp(make_picture(("All",), boxes))
    async with app.run_test(size=(50, 10)) as pilot:
        await pilot.pause()
        variables = THEMES[0].variables
        for status in Status:
            first = next(part for part in app.list.render_line(app.find(f"is {status}")) if part.text.strip())
            assert first.text.split() == [status.sign, status]
            assert first.style
            assert first.style.color == Color.parse(variables[f"status-{status}"]).rich_color


async def test_without_colour_the_chosen_goal_has_its_bar_and_all_their_signs_and_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ListApp(draw_example(), "post_content")
    async with app.run_test(size=(30, 20)) as pilot:
        await pilot.pause()
        seen = app.screen._compositor.render_strips()
        assert "\n".join(strip.text.rstrip() for strip in seen).rstrip() == NARROW
        styles = [part.style for strip in seen for part in strip if part.style]
        colours = {style.color.get_truecolor() for style in styles if style.color}
        assert colours
        assert all(colour.red == colour.green == colour.blue for colour in colours)


async def test_an_unknown_result_is_no_zero() -> None:
    app = ListApp()
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        assert " ○ unknown  n/a ·        Understand" in app.text()


async def test_a_period_compared_with_takes_the_place_of_the_outlook() -> None:
    boxes = (
        make_box("up", "Went up", 0, change="x", status_before=Status.RED, score_change=0.05, overridden=True),
        make_box("same", "Stayed", 0, change="x", status_before=Status.AMBER, score_change=0.0),
        make_box("new", "Is new", 0, None, change="x", status_before=Status.UNKNOWN),
    )
    app = ListApp(replace(make_picture(("All",), boxes), before="2026-09"))
    async with app.run_test(size=(50, 10)) as pilot:
        await pilot.pause()
        assert app.text().splitlines() == [
            " 3 goals: change since 2026-09",
            " All  ◆ amber 50%",
            " ▲→◆ amber    50% ↗  +5 pp ✎ Went up",
            "   ◆ amber    50% →   0 pp   Stayed",
            "   ○ unknown  n/a ·          Is new",
        ]
        await pilot.resize_terminal(28, 10)
        await pilot.pause()
        assert app.rows()[0] == " change since 2026-09"
        assert app.rows()[2] == " ▲→◆  50% ↗  +5 ✎ Went up"
        await pilot.resize_terminal(20, 10)
        await pilot.pause()
        assert app.rows()[0] == " since 2026-09"
        assert app.rows()[2] == " ◆  50% ↗ ✎ Went up"


async def test_keys_pass_over_the_perspectives() -> None:
    app = ListApp()
    async with app.run_test(size=(50, 20)) as pilot:
        for key, goal in (
            ("down", "business_results"),  # none was chosen
            ("down", "personal_interaction"),
            ("j", "engaging_content"),
            ("j", "communicate"),
            ("k", "engaging_content"),
            ("end", "customer_profile"),
            ("up", "learn_tactics"),
            ("home", "business_results"),
        ):
            await pilot.press(key)
            assert app.list.chosen == goal
            assert app.heard[-1] == ("selected", goal)
        heard = len(app.heard)
        await pilot.press("up", "home", "pageup")
        assert app.list.chosen == "business_results"
        assert len(app.heard) == heard, "it stayed where it was"
        await pilot.press("enter")
        assert app.heard[-1] == ("opened", "business_results")
        await pilot.press("escape")
        assert app.heard[-1] == ("selected", None)
        assert not any("▌" in row for row in app.rows())
        await pilot.press("enter")
        assert app.heard[-1] == ("selected", None), "nothing to open"


async def test_pages_reach_every_part_and_never_stand_on_a_perspective() -> None:
    picture = make_map(30, 3)
    app = ListApp(picture)
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.press("home")
        seen = [app.list.chosen]
        while len(seen) < 99:
            await pilot.press("pagedown")
            if app.list.chosen == seen[-1]:
                break
            seen.append(app.list.chosen)
            assert any("▌" in row for row in app.rows()), "the chosen goal is in view"
        assert 3 < len(seen) <= 10
        await pilot.press("end")
        assert app.list.chosen == seen[-1]
        for goal in reversed(seen):
            assert goal in {box.id for box in picture.boxes}
            await pilot.press("pageup")
        assert app.list.chosen == seen[0]
        assert app.rows()[1].strip().startswith(picture.lanes[0].name[:9]), "with the name of the perspective above"


@pytest.mark.parametrize("height", [2, 3, 4])
async def test_the_chosen_goal_is_in_view_on_the_lowest_screens(height: int) -> None:
    app = ListApp()
    async with app.run_test(size=(40, height)) as pilot:
        for _ in SOCIAL.boxes:
            await pilot.press("down")
            assert any("▌" in row for row in app.rows())
        for _ in SOCIAL.boxes:
            await pilot.press("up")
            assert any("▌" in row for row in app.rows())


async def test_perspectives_without_goals_are_seen_at_both_ends() -> None:
    picture = make_picture(("Above", "Middle", "Below"), (make_box("a", "A", 1), make_box("b", "B", 1)))
    app = ListApp(picture)
    async with app.run_test(size=(40, 4)) as pilot:
        await pilot.press("end")
        assert "Below" in app.rows()[-1]
        await pilot.press("home")
        assert "Above" in app.rows()[1]


async def test_a_click_chooses_and_a_second_one_opens_but_not_a_perspective() -> None:
    app = ListApp()
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        await pilot.click(GoalList, offset=(20, app.find("Post engaging")))
        assert app.heard == [("selected", "post_content")]
        for spot in ("goals:", "Internal processes", "Customer"):
            await pilot.click(GoalList, offset=(3, app.find(spot)), times=2)
        await pilot.click(GoalList, offset=(3, 18))
        assert app.heard == [("selected", "post_content")]
        await pilot.click(GoalList, offset=(20, app.find("Post engaging")), times=2)
        assert app.heard[-1] == ("opened", "post_content")


async def test_shown_again_the_goal_stays_chosen_where_it_stands() -> None:
    picture = make_map(30, 3)
    goal = picture.boxes[20].id
    app = ListApp(picture, goal)
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.press("down", "up")
        assert app.list.scroll_y > 0
        before, top = app.rows(), app.list.scroll_y
        assert app.list.chosen == goal
        app.heard.clear()
        app.list.show(replace(picture, period="2026-11"), goal)
        await pilot.pause()
        assert (app.list.chosen, app.list.scroll_y, app.rows()) == (goal, top, before)
        moved = make_picture(("One", "Two"), (make_box("other", "Other", 0), make_box(goal, "Moved", 1)))
        app.list.show(moved, goal)
        await pilot.pause()
        assert app.list.chosen == goal
        assert app.rows()[4].startswith("▌◆ amber")
        assert app.rows()[1].startswith(" One"), "what was scrolled away is back"
        app.list.show(moved, "gone")
        await pilot.pause()
        assert app.list.chosen is None
        assert app.heard == []


async def test_names_are_shown_as_they_are_written() -> None:
    name = "[@click=app.quit]x[/]"
    app = ListApp(make_picture((name,), (make_box("a", name, 0), make_box("b", "red\x1b[31m\u202e", 0))))
    async with app.run_test(size=(59, 10)) as pilot:
        await pilot.pause()
        assert app.rows()[1] == f" {name}  ◆ amber 50%"
        assert app.rows()[2].endswith(f" {name}")
        assert app.rows()[3].endswith(" red␛[31m<U+202E>")
        for x in range(25, 45):
            await pilot.click(GoalList, offset=(x, 2))
        assert app.is_running
        assert app.list.chosen == "a"


async def test_no_hostile_name_leaves_its_row() -> None:
    app = ListApp(make_hostile_picture())
    async with app.run_test(size=(59, 2 * len(HOSTILE) + 1)) as pilot:
        await pilot.pause()
        rows = app.rows()
        for number, name in enumerate(HOSTILE):
            begin = literal(name).plain[:8].rstrip()
            assert rows[1 + 2 * number].startswith(f" {begin}")
            assert begin in rows[2 + 2 * number]


@pytest.mark.parametrize("lanes", [(), ("Customer",)])
async def test_without_goals_it_says_so(lanes: tuple[str, ...]) -> None:
    app = ListApp(make_picture(lanes, ()))
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("down", "up", "home", "end", "pagedown", "pageup", "enter", "escape")
        await pilot.click(GoalList, offset=(3, 1), times=2)
        assert app.text().strip() == "no goals yet"
        assert app.list.chosen is None
        app.list.show(SOCIAL, None)
        await pilot.press("down")
        assert app.heard == [("selected", "business_results")]


async def test_without_a_picture_it_is_blank() -> None:
    app = ListApp(None)
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.press("down", "enter")
        assert not app.text().strip()
        assert app.heard == []


async def test_the_help_explains_the_signs() -> None:
    app = ListApp()
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        assert all(sign in find_help(app.focused) for sign in ("● ◆ ▲ ○", "↗", "!", "⚑", "✎"))
