"""The search: `/` on every screen without a filter of its own finds what it lists, and any goal, KPI and initiative."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_app import EXAMPLE, TODAY, make_app, read, wait_until
from textual import events
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input

from scorecard.analysis.agenda import WeakDrivers
from scorecard.tui.app import ReviewApp
from scorecard.tui.commands import Commands
from scorecard.tui.config import Config
from scorecard.tui.keys import find_rivals
from scorecard.tui.matching import fold, match
from scorecard.tui.screens.initiatives import InitiativesView
from scorecard.tui.screens.problems import ProblemsView
from scorecard.tui.screens.review import ReviewView
from scorecard.tui.screens.strategies import StrategiesScreen
from scorecard.tui.screens.what_if import WhatIfView
from scorecard.tui.search import Finds
from scorecard.tui.session import open_path
from scorecard.tui.widgets.choices import Palette
from scorecard.tui.widgets.figure_list import FigureList
from scorecard.tui.widgets.initiative_list import InitiativeList
from scorecard.tui.widgets.key_bar import KeyBar
from scorecard.tui.widgets.problem_list import ProblemList

TWO = "strategy: {0}\nname: The {0} one\ngoals: {{g: {{name: Grow {0}, perspective: customer}}}}\n"


def options(app: ReviewApp) -> list[str]:
    """What the open palette lists, each on a line."""
    listed = app.screen.query_one(CommandList)
    return [str(listed.get_option_at_index(at).prompt).replace("\n", " | ") for at in range(listed.option_count)]


async def open_screen(pilot: Pilot[None], key: str) -> None:
    await pilot.press(key)
    await wait_until(pilot, lambda: pilot.app.shell.view.has_focus_within)


async def open_search(pilot: Pilot[None], placeholder: str = "Find ") -> None:
    await pilot.press("slash")
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, Palette) and options(pilot.app))
    assert pilot.app.screen.query_one(Input).placeholder.startswith(placeholder)


async def find(pilot: Pilot[None], typed: str) -> None:
    """Search for something and go to the first that is found."""
    await open_search(pilot)
    await pilot.press(*("space" if one == " " else one for one in typed), "enter")
    await wait_until(pilot, lambda: not isinstance(pilot.app.screen, Palette))
    await pilot.pause()


Check = Callable[[ReviewApp], bool]
WAYS: list[tuple[str, str, str, Check]] = [
    ("3", "bounce", "detail", lambda app: app.shell.session.kpi == "bounce_rate"),
    ("3", "personal brand", "detail", lambda app: app.shell.session.goal == "personal_interaction"),
    ("4", "bounce", "what_if", lambda app: app.focused is app.shell.query_one(FigureList)),
    ("4", "personal brand", "what_if", lambda app: app.shell.session.goal == "personal_interaction"),
    ("5", "hire", "initiatives", lambda app: app.shell.query_one(InitiativeList).chosen.id == "second_editor"),
    ("5", "bounce", "detail", lambda app: app.shell.session.kpi == "bounce_rate"),
    ("6", "assumptions", "problems", lambda app: app.shell.query_one(ProblemList).chosen.code == "S418"),
    ("6", "s402 profile", "problems", lambda app: "profile" in app.shell.query_one(ProblemList).chosen.message),
    ("6", "bounce", "detail", lambda app: app.shell.session.kpi == "bounce_rate"),
    (
        "7",
        "warnings engaging",
        "review",
        lambda app: isinstance(app.shell.query_one(ReviewView).meeting.item, WeakDrivers),
    ),
    ("7", "to close", "review", lambda app: app.shell.query_one(ReviewView).meeting.at == "close"),
    ("7", "bounce", "detail", lambda app: app.shell.session.kpi == "bounce_rate"),
    ("8", "bounce", "detail", lambda app: app.shell.session.kpi == "bounce_rate"),
]


@pytest.mark.parametrize(("screen", "typed", "opened", "holds"), WAYS, ids=[f"{one[0]} {one[1]}" for one in WAYS])
async def test_what_is_found_is_gone_to_and_escape_comes_back(
    screen: str, typed: str, opened: str, holds: Check
) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await open_screen(pilot, screen)
        if screen == "7":
            await wait_until(pilot, lambda: app.shell.query_one(ReviewView).meeting)
        before = app.shell.open_id
        await find(pilot, typed)
        await wait_until(pilot, lambda: app.shell.open_id == opened and holds(app))
        if opened != before:
            await pilot.press("escape")
            await wait_until(pilot, lambda: app.shell.open_id == before)


async def test_an_initiative_found_elsewhere_is_shown_among_the_initiatives() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "3")
        await find(pilot, "hire a second editor")
        await wait_until(pilot, lambda: app.shell.open_id == "initiatives" and "Hire a second" in read(app, "#line"))
        await pilot.press("escape")
        assert app.shell.open_id == "detail"
        await find(pilot, "best hours")
        await wait_until(pilot, lambda: "Find the best hours to post" in read(app, "#line"))


@pytest.mark.parametrize(
    ("screen", "view", "finds", "first"),
    [
        ("4", WhatIfView, "Find levers, goals, KPIs, initiatives", "lever of the whole"),
        ("5", InitiativesView, "Find initiatives, goals, KPIs …", "initiative of"),
        ("6", ProblemsView, "Find problems, goals", "warning S420, kpis.yaml:"),
        ("7", ReviewView, "Find items of the agenda, goals", "The map: Index"),
        ("3", None, "Find goals, KPIs, initiatives", "goal, "),
    ],
)
async def test_what_the_screen_lists_stands_first_and_nothing_twice(
    screen: str, view: type | None, finds: str, first: str
) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await open_screen(pilot, screen)
        if screen == "7":
            await wait_until(pilot, lambda: app.shell.query_one(ReviewView).meeting)
        rows = [one.text for one in app.shell.view.list_finds()]
        await open_search(pilot, finds)
        listed = options(app)
        assert first in listed[0].partition(" | ")[2]
        assert listed[0].startswith(rows[0])
        assert len(listed) == len(set(listed))
        names = [one.name for one in app.shell.view.list_finds() if one.name]
        assert len(listed) == len(set(names)) + len(rows) - len(names)


async def test_every_goal_kpi_and_initiative_is_found_on_detail() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "3")
        strategy = app.shell.session.evaluation.strategy
        titles = [one.title for one in strategy.goals.values()]
        titles += [one.title for goal in strategy.goals.values() for one in goal.initiatives]
        used = {use.kpi for goal in strategy.goals.values() for use in (*goal.lagging, *goal.drivers, *goal.guardrails)}
        titles += [strategy.kpis[name].title for name in used]
        finds = Finds(app.shell)
        for title in titles:
            hits = [hit async for hit in finds.search(title)]
            assert hits[0].text == title


async def test_a_goal_chosen_on_what_if_stays_where_levers_are_listed_and_a_comparison_ends_for_a_lever() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "4")
        await find(pilot, "post engaging")
        view = app.shell.query_one(WhatIfView)
        assert (view.outcome.goal, app.shell.open_id) == ("post_content", "what_if")
        levers = len(view.outcome.levers)
        await pilot.press("m", "l")  # to the map, and the links behind it
        await find(pilot, "social leads")  # of another goal
        await wait_until(pilot, lambda: view.chosen and view.chosen.title == "Social leads converted to sales")
        assert app.shell.session.goal == "business_results"
        assert view.mode == "levers"
        assert not view.has_class("-mapped")
        assert len(view.outcome.levers) > levers
        assert app.focused is app.shell.query_one(FigureList)


async def test_enter_takes_what_is_found_for_all_that_is_typed_however_fast() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        for screen, asked in (("3", "slash"), ("5", "slash"), ("1", "ctrl+p")):
            await open_screen(pilot, screen)
            app.shell.choose(None)
            for key in [asked, *"bounce", "enter", "enter"]:
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            await wait_until(pilot, lambda: app.screen is app.shell and app.shell.session.kpi == "bounce_rate")
            assert app.shell.session.before is None  # as after "c", had a letter gone to the screen below


async def test_where_text_is_typed_the_key_is_a_letter() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "3")
        await pilot.press("g", "slash")
        await wait_until(pilot, lambda: app.shell.query("Prompt.-asking") and app.shell.query_one(Input).value == "/")
        assert app.screen is app.shell


async def test_a_key_that_comes_twice_does_once_what_it_does() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "3")
        for typed, key in (("Previous period", "enter"), ("", "escape")):
            await (pilot.press("ctrl+p") if " " in typed else open_search(pilot))
            await pilot.press(*("space" if one == " " else one for one in typed))
            await wait_until(pilot, lambda typed=typed: options(app) and typed.lower() in options(app)[0].lower())
            for _ in range(3):
                app.post_message(events.Key(key, None))
            await wait_until(pilot, lambda: app.screen is app.shell)
        await wait_until(pilot, lambda: str(app.shell.session.evaluation.period) == "2026-09")
        assert app.is_running


async def test_what_is_not_there_is_not_found_and_escape_leaves() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "5")
        await open_search(pilot)
        await pilot.press(*"qqqq", "enter")
        await wait_until(pilot, lambda: options(app) == ["No matches found"] or not options(app))
        assert isinstance(app.screen, Palette)
        await pilot.press("escape")
        assert (app.screen, app.shell.open_id) == (app.shell, "initiatives")


async def test_screens_with_a_filter_keep_their_slash() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        for screen in "12":
            await open_screen(pilot, screen)
            await pilot.press("slash")
            await wait_until(pilot, lambda: app.screen.query("Prompt.-asking"))
            assert app.screen is app.shell
            await pilot.press("escape")


async def test_the_foot_and_the_help_say_that_slash_finds() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        for screen, words in (("1", "/ Filter"), ("3", "/ Find"), ("5", "/ Find"), ("7", "/ Find")):
            await open_screen(pilot, screen)
            await wait_until(pilot, lambda words=words: words in str(app.shell.query_one(KeyBar).render()))
        foot = app.shell.query_one(KeyBar)
        await pilot.click(KeyBar, offset=(str(foot.render()).index("/ Find") + 1, 0))
        await wait_until(pilot, lambda: isinstance(app.screen, Palette))
        await pilot.press("escape", "question_mark")
        await wait_until(pilot, lambda: "Find what the screen lists, goals" in read(app, "HelpPanel Static"))


async def test_the_search_is_on_the_key_it_was_given_and_there_where_a_filter_was_moved() -> None:
    keys = {"map.filter": "F", "find": "f3,slash"}
    app = ReviewApp(str(EXAMPLE), open_path(str(EXAMPLE), TODAY), config=Config(keys=keys))
    async with app.run_test(size=(132, 40)) as pilot:
        await open_screen(pilot, "1")
        await pilot.press("slash", *"bounce", "enter")
        await wait_until(pilot, lambda: (app.shell.open_id, app.shell.session.kpi) == ("detail", "bounce_rate"))
        await open_screen(pilot, "2")
        await pilot.press("f3")
        await wait_until(pilot, lambda: isinstance(app.screen, Palette))


def test_only_filters_share_a_key_with_the_search() -> None:
    assert not list(find_rivals({"find": "slash", "map.filter": "slash", "members.find": "slash"}))
    assert list(find_rivals({"find": "n"})) == [("find", "n", "detail.next"), ("find", "n", "review.note")]
    assert list(find_rivals({"detail.part": "slash"})) == [("detail.part", "slash", "find")]


async def test_strategies_of_a_workspace_and_their_goals_are_found(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(TWO.format(name))
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, StrategiesScreen))
        assert "/ Find" in str(app.screen.query_one(KeyBar).render())
        await open_search(pilot, "Find strategies, goals")
        assert options(app)[:3] == ["The one one | strategy", "The two one | strategy", options(app)[2]]
        await pilot.press(*"two", "enter")
        await wait_until(pilot, lambda: app.screen is app.shell and app.shell.session.strategy == "two")
        await pilot.press("escape")
        await find(pilot, "grow one")
        assert (app.shell.session.strategy, app.shell.open_id, app.shell.session.goal) == ("one", "detail", "g")


async def test_while_errors_keep_it_from_opening_they_are_what_is_found(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("strategy: s\ngoals: {g: {perspective: custmer}, h: {onwer: Ann}}\n")
    app = ReviewApp(str(tmp_path / "s.yaml"))
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: any(one.has_focus for one in app.query(ProblemList)))
        await open_search(pilot, "Find problems …")
        assert len(options(app)) == app.shell.query_one(ProblemList).count > 1
        await pilot.press(*"onwer", "enter")
        await wait_until(pilot, lambda: "'onwer'" in app.shell.query_one(ProblemList).chosen.message)


async def test_what_has_gone_since_it_was_found_is_not_gone_to() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "4")
        for goal, kpi in (("gone", None), ("post_content", "gone")):
            app.shell.view.go_to(goal, kpi)
            app.shell.open_detail(goal, kpi)
            await pilot.pause()
            assert (app.shell.open_id, app.shell.session.goal) == ("what_if", None)


@pytest.mark.parametrize("name", ["[@click=app.quit]x[/]", "[/]", "Revenue [EUR m]", "\\[x]", "$error", "ß" * 300])
async def test_names_are_found_as_they_are_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "s.yaml").write_text(f"strategy: s\ngoals: {{g: {{name: '{name}', perspective: customer}}}}\n")
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "3")
        await open_search(pilot)
        app.screen.query_one(Input).value = name[:6]
        await wait_until(pilot, lambda: options(app) and options(app)[0].startswith(name[:199]))
        assert len(options(app)[0]) < 300
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen is app.shell)


async def test_of_very_many_the_best_are_listed(tmp_path: Path) -> None:
    goals = "".join(f"  g{n}: {{name: Reach place {n}, perspective: customer}}\n" for n in range(1500))
    (tmp_path / "s.yaml").write_text(f"strategy: s\ngoals:\n{goals}")
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(100, 30)) as pilot:
        await open_screen(pilot, "3")
        finds = Finds(app.shell)
        assert len([hit async for hit in finds.discover()]) == 100
        assert len([hit async for hit in finds.search("place")]) == 100
        hits = [hit.text async for hit in finds.search("place 1499")]
        assert hits[0] == "Reach place 1499"
        await find(pilot, "place 1234")
        assert app.shell.session.goal == "g1234"


@pytest.mark.parametrize(("key", "screen"), [("1", "map"), ("2", "scorecard"), ("5", "scorecard")])
async def test_a_filter_of_the_palette_is_seen_where_it_says(key: str, screen: str) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await open_screen(pilot, key)
        (hit,) = [hit async for hit in Commands(app.shell).discover() if hit.text == "Filter stale"]
        assert str(hit.help) == f"on the {screen} (/)"
        hit.command()
        await wait_until(pilot, lambda: app.shell.open_id == screen and "filter stale" in read(app, "#line"))


@pytest.mark.parametrize(
    ("typed", "best_first"),
    [
        ("rate", ["rate", "rate of return", "bounce rate", "moderated"]),
        ("conv rate", ["conv rate", "rate of conversion"]),
        ("revnue", ["revenue", "re: vn up less"]),
        ("cpo", ["cpo", "cost per order"]),
    ],
)
def test_what_stands_there_as_typed_comes_before_words_and_letters(typed: str, best_first: list[str]) -> None:
    scores = [match(typed, one).score for one in best_first]
    assert scores == sorted(set(scores), reverse=True)
    assert scores[-1] > 0


def test_words_beside_the_text_count_and_letters_far_apart_do_not() -> None:
    found = match("maria launch", "launch the shop", "initiative of growth, maria")
    assert found.offsets == (0, 1, 2, 3, 4, 5)
    assert 0 < found.score < match("launch shop", "launch the shop").score
    assert match("shop", "some of what has to be on paper").score == 0
    assert match("x" * 500, "x" * 200).score == 0
    assert match("ab" * 30 + "c", "ab" * 90).score == 0  # trying every way to pick the letters would not end


@given(st.text(min_size=1, max_size=12), st.text(max_size=40))
def test_letters_that_are_marked_are_those_that_were_typed(typed: str, text: str) -> None:
    assert len(fold(text)) == len(text)
    typed, text = fold(typed), fold(text)
    found = match(typed, text)
    assert list(found.offsets) == sorted(set(found.offsets))
    assert {text[at] for at in found.offsets} <= set(typed)
    assert (found.score > 0) >= (typed in text)
