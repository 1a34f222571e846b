"""What is typed into a form and not written: found again in the next session, however the one before ended."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from test_app import make_app, read
from test_app_members import wait_for
from test_app_review import (  # noqa: F401  (own_state and example are fixtures)
    agenda_lines,
    example,
    meeting,
    open_form,
    open_review_screen,
    own_state,
    show_item,
)
from test_terminal import Terminal, open_terminal  # noqa: F401  (open_terminal is a fixture)
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from scorecard.tui.app import ReviewApp
from scorecard.tui.drafts import find_draft, keep_draft, name_override
from scorecard.tui.screens.entry import EntryScreen
from scorecard.tui.screens.forms import Form
from scorecard.tui.screens.judgement import OverrideScreen, StatusChoice
from scorecard.tui.screens.minutes import DecisionScreen, NoteScreen
from scorecard.tui.screens.scenario_forms import KeepScreen, LeaveScreen
from scorecard.tui.widgets.figure_list import FigureList

GOAL = "colour/post_content"
FOLLOWS = {  # what a key brings to the screen
    "7": "items left",
    "Home": "Index ● green",
    "Down": "What explains it",
    "3": "Result",
    "A": "Target",
}


def list_drafts(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "scorecard" / "drafts").glob("*"))


async def leave_form(pilot: Pilot[None]) -> None:
    await pilot.press("escape")
    await wait_for(pilot, lambda: pilot.app.screen is pilot.app.shell)


async def open_entry(pilot: Pilot[None], app: ReviewApp) -> None:
    app.shell.open_detail("post_content", "time_on_site")
    await open_form(pilot, "v", EntryScreen, "#said")


async def type_everywhere(pilot: Pilot[None], app: ReviewApp, leave: Callable[[], object]) -> None:
    """Type into a form of each kind, and go on with `leave`."""
    await open_review_screen(pilot)
    await show_item(pilot, GOAL)
    fields: Mapping[type[Form], tuple[str, Mapping[str, str]]] = {
        DecisionScreen: ("d", {"what": "Hire somebody", "owner": "Bo"}),
        OverrideScreen: ("o", {"why": "We know better"}),
    }
    for kind, (key, texts) in fields.items():
        await open_form(pilot, key, kind, "#said")
        for name, text in texts.items():
            app.screen.query_one(f"#{name}", Input).value = text
        if kind is OverrideScreen:
            app.screen.query_one(StatusChoice).action_walk(-1)
        await leave_form(pilot)
    await open_entry(pilot, app)
    app.screen.query_one("#value-time_on_site", Input).value = "77"
    app.screen.query_one("#note", Input).value = "counted twice"
    await pilot.pause()
    leave()


async def test_the_next_session_offers_what_was_typed(example: Path) -> None:  # noqa: F811
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await type_everywhere(pilot, app, app.exit)  # ends with a form open
    assert not (example / "reviews").exists()
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, GOAL)
        await wait_for(pilot, lambda: "A decision typed here is not written yet: d opens it." in read(app, "#decided"))
        assert "An override typed here is not written yet: o opens it." in read(app, "#decided")
        await open_form(pilot, "o", OverrideScreen, "#said")
        assert "typed before" in read(app, "#said")
        assert app.screen.query_one("#why", Input).value == "We know better"
        assert app.screen.query_one(StatusChoice).status == "amber"
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert "We know better" in (example / "strategy.yaml").read_text()
        await open_form(pilot, "d", DecisionScreen, "#said")
        assert "typed before" in read(app, "#said")
        assert app.screen.query_one("#owner", Input).value == "Bo"
        await pilot.press("enter")
        await wait_for(pilot, lambda: "☐ Hire somebody" in read(app, "#decided"))
        assert "is not written yet" not in read(app, "#decided")
        await open_entry(pilot, app)
        assert "typed before" in read(app, "#said")
        assert app.screen.query_one("#value-time_on_site", Input).value == "77"
        assert app.screen.query_one("#note", Input).value == "counted twice"
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.screen is app.shell or "Enter again" in read(app, "#said"))
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.screen is app.shell)
    assert list_drafts(example.parent) == []


async def test_what_is_dropped_is_not_offered_again(example: Path) -> None:  # noqa: F811
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await type_everywhere(pilot, app, lambda: None)
        await leave_form(pilot)
        assert len(list_drafts(example.parent)) == 3
        await open_entry(pilot, app)
        await pilot.press("ctrl+g")
        assert read(app, "#said") == ""
        assert [one.value for one in app.screen.query(Input)][1:3] == ["", ""]
        await leave_form(pilot)
        await open_review_screen(pilot)
        await show_item(pilot, GOAL)
        await open_form(pilot, "o", OverrideScreen, "#said")
        await pilot.press("ctrl+g")
        assert app.screen.query_one(StatusChoice).status == "red"
        await leave_form(pilot)
        await open_form(pilot, "d", DecisionScreen, "#said")
        app.screen.query_one("#owner", Input).value = meeting(app).evaluation.goal("post_content").goal.owner or ""
        app.screen.query_one("#what", Input).value = ""  # by hand
        await leave_form(pilot)
        await wait_for(pilot, lambda: "is not written yet" not in read(app, "#decided"))
        await open_form(pilot, "n", NoteScreen, "TextArea")
        app.screen.query_one(TextArea).insert("Half a thought")
        await leave_form(pilot)
        await wait_for(pilot, lambda: "A note typed here is not written yet" in read(app, "#decided"))
        await open_form(pilot, "n", NoteScreen, "TextArea")
        await pilot.press("ctrl+g")
        assert app.screen.query_one(TextArea).text == ""
        await leave_form(pilot)
    assert list_drafts(example.parent) == []


async def test_the_name_of_a_scenario_that_is_let_go_is_let_go_too(example: Path) -> None:  # noqa: F811
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await wait_for(pilot, lambda: app.shell.view)
        await pilot.press("4")
        await wait_for(pilot, lambda: app.query(FigureList) and app.query_one(FigureList).has_focus)
        await pilot.press("right")
        await open_form(pilot, "K", KeepScreen, "#said")
        await pilot.press(*"Push")
        await leave_form(pilot)
        assert len(list_drafts(example.parent)) == 1
        await pilot.press("q")
        await wait_for(pilot, lambda: isinstance(app.screen, LeaveScreen) and app.screen.query("OptionList"))
        await pilot.press("q")
        await wait_for(pilot, lambda: not app.is_running)
    assert list_drafts(example.parent) == []


async def test_what_was_not_typed_is_proposed_anew(example: Path) -> None:  # noqa: F811
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, GOAL)
        keep_draft(name_override(str(example), "post_content"), {"why": "Typed for another period", "status": "odd"})
        await open_form(pilot, "o", OverrideScreen, "#said")
        values = {one.id: one.value for one in app.screen.query(Input)}
        assert (values["why"], values["start"], values["until"]) == ("Typed for another period", "2026-10", "2026-11")
        assert app.screen.query_one(StatusChoice).status == "red"


async def test_a_form_left_before_it_is_drawn_keeps_what_was_typed_before(example: Path) -> None:  # noqa: F811
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        names = [meeting(app).drafts[what] for what in ("decision", "note")]
        for name, key in zip(names, "dn", strict=True):
            keep_draft(name, {"what": "Hire somebody", "base": "", "text": "Words."})
            app.simulate_key(key)
            app.simulate_key("escape")
            await wait_for(pilot, lambda: app.screen is app.shell)
            await pilot.pause(0.4)
            assert find_draft(name)


@pytest.mark.parametrize("text", ["[1, 2]", "{", '"x"', "[" * 100_000])
def test_a_file_that_is_no_draft_is_none(tmp_path: Path, text: str) -> None:
    keep_draft("one", {"a": "b"})
    found = next(Path(os.environ["XDG_STATE_HOME"]).glob("scorecard/drafts/*.json"))
    assert find_draft("one") == {"a": "b"}
    found.write_text(text)
    assert find_draft("one") == {}


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize(
    ("keys", "opened"),
    [
        (["7", "n"], "Ctrl+S writes it"),
        (["7", "d"], "Enter decides"),
        (["7", "Home", "Down", "o"], "Enter writes it to"),
        (["3", "A", "v"], "Enter records"),
    ],
    ids=["note", "decision", "override", "value"],
)
def test_a_signal_in_the_middle_of_a_form_loses_nothing(
    open_terminal: Callable[..., Terminal],  # noqa: F811
    example: Path,  # noqa: F811
    tmp_path: Path,
    name: str,
    keys: list[str],
    opened: str,
) -> None:
    terminal = open_terminal(110, 40, XDG_STATE_HOME=str(tmp_path / "state"))
    terminal.type("echo pid $$")
    shell = int(terminal.wait(lambda screen: "pid " in screen.replace("pid $$", "")).split("pid ")[2].split()[0])
    for number in range(2):  # what was typed is there when the same form is opened again
        terminal.type(f"{sys.executable} -m scorecard tui {example}; echo ended with $?")
        terminal.wait(lambda screen: "index" in screen)
        for key in keys:
            terminal.press(key)
            terminal.wait(lambda screen, last=key: FOLLOWS.get(last, opened) in screen)
        if number == 0:
            terminal.tmux("send-keys", "-l", "1234567")
            terminal.wait(lambda screen: "1234567" in screen)
            child = int(Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[0])
            os.kill(child, getattr(signal, name))
            terminal.wait(lambda screen: re.search(r"ended with \d", screen) is not None)  # not the command itself
            terminal.type("clear")
            terminal.wait(lambda screen: "ended with" not in screen)
    assert "1234567" in (screen := terminal.wait(lambda screen: "typed before" in screen)), screen


async def test_a_figure_is_found_again_under_the_period_it_was_typed_for(
    example: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_entry(pilot, app)
        app.screen.query_one("#value-time_on_site", Input).value = "77"
        period = app.screen.query_one("#period", Input).value
        await leave_form(pilot)
        monkeypatch.setattr(EntryScreen, "_propose", lambda form: "2026-11")  # as somebody else recorded meanwhile
        await open_entry(pilot, app)
        assert app.screen.query_one("#value-time_on_site", Input).value == "77"
        assert app.screen.query_one("#period", Input).value == period != "2026-11"


async def test_what_another_session_types_into_the_same_form_stays(example: Path) -> None:  # noqa: F811
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_entry(pilot, app)
        form = app.screen
        assert isinstance(form, EntryScreen)
        theirs = {"value-time_on_site": "78"}
        keep_draft(form._topic, theirs)
        await leave_form(pilot)
        assert find_draft(form._topic) == theirs


def test_a_long_draft_is_found_whole(example: Path) -> None:  # noqa: F811
    long = "щ" * 1_200_000
    keep_draft("n", {"text": long})
    assert find_draft("n") == {"text": long}
