"""The review in the app, driven by keys: from the agenda to notes, decisions and overrides on disk, and back again."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_app import EXAMPLE, HOSTILE, TODAY, make_app, read
from test_app_members import line, wait_for
from test_app_shell import write_hostile
from test_terminal import Terminal, open_terminal, start_app  # noqa: F401  (open_terminal is a fixture)
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea

from scorecard.api import load
from scorecard.model.period import read_period
from scorecard.parser.review_text import Decision, Section
from scorecard.parser.reviews import merge_notes, open_review
from scorecard.store.ledger import Ledger
from scorecard.store.recording import Register
from scorecard.tui.app import ReviewApp
from scorecard.tui.drafts import find_draft, keep_draft
from scorecard.tui.item_figures import list_figures
from scorecard.tui.meeting import Meeting
from scorecard.tui.proposals import propose_due
from scorecard.tui.screens.closing import ClosingScreen
from scorecard.tui.screens.entry import EntryScreen
from scorecard.tui.screens.figures import FigureScreen
from scorecard.tui.screens.judgement import OverrideScreen, StatusChoice
from scorecard.tui.screens.minutes import DecisionScreen, NoteScreen
from scorecard.tui.screens.review import ReviewView
from scorecard.tui.session import open_path
from scorecard.tui.widgets.agenda_list import AgendaList
from scorecard.tui.widgets.key_bar import KeyBar

OCTOBER = read_period("2026-10")
SEPTEMBER = """\
# Review 2026-09: Social media marketing

- Date: 2026-10-06

## Post engaging content turned <!-- colour/post_content -->

Too few ideas.

- [ ] Two strong posts a week instead of four — Content lead, due 2026-10-31
- [x] Show the figures to the agency — Head of marketing

## Something of our own

- [ ] Book the room — due 2026-11-05
"""


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the app remembers stays inside the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCORECARD_BY", "Ann")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


@pytest.fixture
def second(example: Path) -> Path:
    """The example with the minutes of the month before."""
    (example / "reviews").mkdir()
    (example / "reviews" / "2026-09.md").write_text(SEPTEMBER)
    return example


def meeting(app: ReviewApp) -> Meeting:
    found = app.shell.query_one(ReviewView).meeting
    assert found
    return found


def meeting_of(app: ReviewApp) -> Mapping[str, str] | None:
    """The members that the review is of; None while its agenda is made."""
    found = app.shell.query_one(ReviewView).meeting
    return found.evaluation.members if found else None


async def open_review_screen(pilot: Pilot[None]) -> Meeting:
    await pilot.press("7")
    await wait_for(pilot, lambda: pilot.app.query(ReviewView) and pilot.app.shell.query_one(ReviewView).meeting)
    view = pilot.app.shell.query_one(ReviewView)
    await wait_for(pilot, lambda: view.has_focus and (read(pilot.app, "#headline") or agenda_lines(pilot.app)))
    return meeting(pilot.app)


async def show_item(pilot: Pilot[None], page: str) -> None:
    """Walk down to an item, from the first."""
    await pilot.press("home")
    for _ in meeting(pilot.app).pages:
        if meeting(pilot.app).at == page:
            return
        await pilot.press("down")
    pytest.fail(f"{page} is not on the agenda")


async def write_note(pilot: Pilot[None], text: str) -> None:
    await pilot.press("n")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, NoteScreen) and pilot.app.screen.query(TextArea))
    area = pilot.app.screen.query_one(TextArea)
    area.insert(text, area.document.end)
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: pilot.app.screen is pilot.app.shell)


async def open_form(pilot: Pilot[None], key: str, kind: type, field: str) -> None:
    await pilot.press(key)
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.query(field))


async def decide(pilot: Pilot[None], **fields: str) -> None:
    """Fill in a decision and press Enter."""
    await open_form(pilot, "d", DecisionScreen, "#said")
    for name, text in fields.items():
        pilot.app.screen.query_one(f"#{name}", Input).value = text
    await pilot.press("enter")


def agenda_lines(app: ReviewApp) -> list[str]:
    return [str(option.prompt) for option in app.shell.query_one("#agenda").options]  # type: ignore[attr-defined]


async def test_a_whole_review_from_the_agenda_to_the_file(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        assert found.at == "map"
        assert "Index ● green 77%" in read(app, "#headline")
        assert "11 items left" in line(app)
        await pilot.press("space")
        await wait_for(pilot, lambda: "from ◆ amber 47% to ▲ red 31%" in read(app, "#headline"))
        await wait_for(pilot, lambda: any(text.startswith("✓ ● green The map") for text in agenda_lines(app)))
        assert "Time on site" in read(app, "#why")
        assert "79 seconds, target 112.5 seconds" in read(app, "#why")
        assert not (example / "reviews").exists()  # walking through writes nothing
        await write_note(pilot, "Readers leave as early as in spring.\n\nThe posts are better again.")
        await decide(pilot, what="Two strong posts a week")
        await wait_for(pilot, lambda: app.screen is app.shell)
        for _ in range(10):
            await pilot.press("space")
        await wait_for(pilot, lambda: "all items seen" in read(app, "#headline"))
        ending = read(app, "#decided")
        assert "Two strong posts a week" in ending
        assert "Content lead · due 2026-11-30" in ending
        assert "f closes 2026-10" in ending
        assert "Noted on: Post engaging content" in ending
        assert "The posts are better again." in ending
        assert "all items seen" in line(app)
        await pilot.press("y")
        await pilot.pause()
        text = (example / "reviews" / "2026-10.md").read_text()
        assert app.clipboard == text
    assert text == (
        "# Review 2026-10: Social media marketing\n\n- Date: 2026-11-20\n\n"
        "## Post engaging content turned from ◆ amber 47% to ▲ red 31% <!-- colour/post_content -->\n\n"
        "Readers leave as early as in spring.\n\nThe posts are better again.\n\n"
        "- [ ] Two strong posts a week — Content lead, due 2026-11-30\n"
    )


async def test_it_is_found_again_where_it_was_left(example: Path) -> None:
    for asked in (False, True):
        app = make_app(example)
        async with app.run_test(size=(132, 40)) as pilot:
            found = await open_review_screen(pilot)
            if asked:
                assert (found.at, found.left) == ("colour/business_results", 9)
                assert "Seen." in read(app, "#decided")
            else:
                await pilot.press("space", "space")
                await write_note(pilot, "Seen.")


async def test_keys_walk_through_the_agenda_and_only_space_ticks(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        pages = found.pages
        for key, page in (
            ("down", 1),
            ("j", 2),
            ("up", 1),
            ("k", 0),
            ("k", 0),
            ("space", 1),
            ("b", 0),
            ("end", -1),
            ("space", -1),
            ("backspace", -2),
            ("home", 0),
        ):
            await pilot.press(key)
            assert found.at == pages[page], key
        assert found.seen == {"map"}
        await wait_for(pilot, lambda: "10 items left" in line(app))
        await wait_for(pilot, lambda: "Review 10" in str(app.query_one("TabBar").render()))


async def test_enter_opens_the_goal_and_escape_comes_back_to_the_item(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        await show_item(pilot, "drivers/engaging_content")
        assert app.shell.session.goal == "engaging_content"
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.shell.open_id == "detail")
        assert app.shell.session.goal == "engaging_content"
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.shell.open_id == "review")
        assert found.at == "drivers/engaging_content"


async def test_what_was_decided_last_time_comes_first_and_is_ticked(second: Path) -> None:
    app = make_app(second)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        assert found.at == "last"
        assert "1 of 3 done" in read(app, "#headline")
        assert "B ☑ Show the figures to the agency" in read(app, "#decided")
        await pilot.press("C")
        await wait_for(pilot, lambda: "2 of 3 done" in read(app, "#headline"))
        await show_item(pilot, "loss/post_content")  # the same goal: said there too
        await wait_for(pilot, lambda: "What we decided in 2026-09" in read(app, "#decided"))
        assert "Book the room" not in read(app, "#decided")
        await pilot.press("A")
        await wait_for(pilot, lambda: "☑ Two strong posts" in read(app, "#decided"))
        file = second / "reviews" / "2026-09.md"
        assert file.read_text() == SEPTEMBER.replace("- [ ]", "- [x]")
        await pilot.press("A")  # and open again
        await wait_for(pilot, lambda: "☐ Two strong posts" in read(app, "#decided"))
        assert file.read_text() == SEPTEMBER.replace("- [ ] Book", "- [x] Book")


async def test_what_is_still_open_from_earlier_reviews_comes_too(second: Path) -> None:
    words = "# Review\n\n## Old\n\n- [ ] Call the agency\n- [x] Buy a camera\n"
    (second / "reviews" / "2026-07.md").write_text(words)
    app = make_app(second)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        assert "What we decided in 2026-09: 1 of 3 done; 1 still open from before" in read(app, "#headline")
        assert "What we decided in 2026-07\nD ☐ Call the agency" in read(app, "#decided")
        assert "camera" not in read(app, "#decided")
        await pilot.press("D")
        await wait_for(pilot, lambda: "D ☑ Call the agency" in read(app, "#decided"))
        assert (second / "reviews" / "2026-07.md").read_text() == words.replace("[ ]", "[x]")


async def test_a_click_ticks_and_chooses_too(second: Path) -> None:
    app = make_app(second)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        await pilot.click("#decided", offset=(6, 1))
        await wait_for(pilot, lambda: "- [x] Two strong" in (second / "reviews" / "2026-09.md").read_text())
        await pilot.click("#agenda", offset=(6, 2))
        await wait_for(pilot, lambda: found.at == "map" or meeting(app).at == "map")


async def test_a_decision_is_checked_before_it_is_written(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "drivers/engaging_content")
        for fields, wrong in (
            ({}, "Say what was decided"),
            ({"what": "Try it", "due": "soon"}, "'soon' is not a date; write a day such as 2026-11-30"),
            ({"what": "Try it", "due": "2026-02-30"}, "there is no such day"),
            ({"what": "Try it", "due": "2025-11-30"}, "2025-11-30 is over already"),
        ):
            await decide(pilot, **fields)
            await wait_for(pilot, lambda wrong=wrong: wrong in read(app, "#said"))
            await pilot.press("escape")
            await wait_for(pilot, lambda: app.screen is app.shell)
        assert not (example / "reviews").exists()
        await decide(pilot, what="Try it", owner="Maria", due="2026-12")
        await wait_for(pilot, lambda: app.screen is app.shell)
        review = open_review(example / "reviews", OCTOBER).review
        assert review.sections[0].decisions == (Decision("Try it", "Maria", read_period("2026-12")),)


async def test_owners_are_completed(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_review_screen(pilot)
        await open_form(pilot, "d", DecisionScreen, "#said")
        await pilot.press("tab", *"comm")
        await wait_for(pilot, lambda: "Community manager" in str(app.screen.query_one("#owner", Input)._suggestion))
        await pilot.press("right")
        assert app.screen.query_one("#owner", Input).value == "Community manager"


async def test_a_file_changed_meanwhile_keeps_both_hands_words(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await write_note(pilot, "Ours.")
        file = example / "reviews" / "2026-10.md"
        await open_form(pilot, "n", NoteScreen, "TextArea")
        file.write_text(file.read_text().replace("Ours.", "Ours.\n\nTheirs.") + "\n## Theirs too\n\nKept.\n")
        area = app.screen.query_one(TextArea)
        area.insert("\nMore.", area.document.end)
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: app.screen is app.shell)
        review = open_review(example / "reviews", OCTOBER).review
        assert review.sections[0].notes == "Ours.\n\nTheirs.\n\nMore."
        assert review.sections[1] == Section("#3", "Theirs too", "Kept.")
        file.write_text(file.read_text().replace("Theirs.", "Changed outside."))
        await wait_for(pilot, lambda: "Changed outside." in read(app, "#decided"))


@pytest.mark.parametrize(
    ("base", "mine", "now", "merged"),
    [
        ("", "new", "", "new"),
        ("a", "a b", "a", "a b"),
        ("a", "a\nb", "a\nc", "a\nc\n\nb"),
        ("a", "x", "c", "c\n\nx"),
        ("a", "", "a", ""),
        ("a", "", "c", "c"),
        ("", "same", "same", "same"),
    ],
)
def test_notes_of_two_hands_are_put_together(base: str, mine: str, now: str, merged: str) -> None:
    assert merge_notes(base, mine, now) == merged


async def test_a_note_that_cannot_be_written_is_said_and_kept(example: Path) -> None:
    (example / "reviews").write_text("in the way")
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        assert "this is not a folder of the strategy" in line(app)
        await open_form(pilot, "n", NoteScreen, "TextArea")
        app.screen.query_one(TextArea).insert("Words.")
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: "this is not a folder" in read(app, "#said"))
        assert isinstance(app.screen, NoteScreen)
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert find_draft(found.drafts["note"]) == {"base": "", "text": "Words."}
        (example / "reviews").unlink()
        await open_form(pilot, "n", NoteScreen, "TextArea")
        assert app.screen.query_one(TextArea).text == "Words."
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert open_review(example / "reviews", OCTOBER).review.sections[0].notes == "Words."
        assert find_draft(found.drafts["note"]) == {}


async def test_a_draft_of_before_does_not_overwrite_what_was_written_since(second: Path) -> None:
    file = second / "reviews" / "2026-10.md"
    file.write_text("# Review\n\n## The map <!-- map -->\n\nWritten since.\n")
    app = make_app(second)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        await show_item(pilot, "map")
        keep_draft(found.drafts["note"], {"base": "", "text": "Typed before."})
        await write_note(pilot, "")
        assert open_review(second / "reviews", OCTOBER).review.sections[0].notes == "Written since.\n\nTyped before."


async def test_an_override_is_spliced_into_the_strategy_and_taken_out_again(example: Path) -> None:
    before = (example / "strategy.yaml").read_text()
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await open_form(pilot, "o", OverrideScreen, "#said")
        await pilot.press("enter")
        await wait_for(pilot, lambda: "needs a reason" in read(app, "#said"))
        await pilot.press(*"The site")  # the words of the reason choose no colour
        assert app.screen.query_one("#why", Input).value == "The site"
        app.screen.query_one("#why", Input).value = "The site was down: nobody could stay"
        await pilot.press("enter")
        await wait_for(pilot, lambda: "The numbers say red already" in read(app, "#said"))
        await pilot.press("a", "left")
        assert app.screen.query_one(StatusChoice).status == "amber"
        app.screen.query_one("#until", Input).value = "never"
        await pilot.press("enter")
        await wait_for(pilot, lambda: "'never' is not a period" in read(app, "#said"))
        app.screen.query_one("#until", Input).value = "2026-11"
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.screen is app.shell)
        await wait_for(pilot, lambda: app.shell.session.evaluation.goal("post_content").override is not None)
        lines = (example / "strategy.yaml").read_text().splitlines()
        added = [text.strip() for text in lines if text not in before.splitlines()]
        assert added == [
            "override:",
            "status: amber",
            'why: "The site was down: nobody could stay"',
            "by: Ann",
            "from: 2026-10",
            "until: 2026-11",
        ]
        await wait_for(pilot, lambda: "judged ◆ amber by Ann" in read(app, "#headline"))
        assert meeting(app).at == "colour/post_content"  # still on the agenda, and no warning
        assert "override/post_content" not in meeting(app).pages
        await open_form(pilot, "o", OverrideScreen, "#said")
        assert app.screen.query_one(StatusChoice).status == "amber"
        await pilot.press("ctrl+r")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert (example / "strategy.yaml").read_text() == before


async def override(pilot: Pilot[None], why: str) -> None:
    """Judge the goal at hand, which is red, as amber."""
    await open_form(pilot, "o", OverrideScreen, "#said")
    pilot.app.screen.query_one("#why", Input).value = why
    pilot.app.screen.query_one(StatusChoice).action_walk(-1)
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: pilot.app.screen is pilot.app.shell)


async def test_an_override_is_undone_before_the_values_entered_earlier(example: Path) -> None:
    before = (example / "strategy.yaml").read_text()
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await override(pilot, "We know better")
        assert any("u takes that back" in one.message for one in app._notifications)
        assert (example / "strategy.yaml").read_text() != before
        await pilot.press("u")
        await wait_for(pilot, lambda: (example / "strategy.yaml").read_text() == before)
        await pilot.press("u")
        await wait_for(pilot, lambda: any("Nothing was entered" in one.message for one in app._notifications))


async def test_the_cursor_stays_where_an_override_takes_its_item_away(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        await show_item(pilot, "loss/post_content")
        following = found.pages[found.number + 1]
        await open_form(pilot, "o", OverrideScreen, "#said")
        app.screen.query_one("#why", Input).value = "We know better"
        app.screen.query_one(StatusChoice).action_walk(1)
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: app.screen is app.shell and "loss/post_content" not in meeting(app).pages)
        assert meeting(app).at == following == "loss/customer_profile"
        assert app.shell.session.goal == "customer_profile"
        await wait_for(pilot, lambda: "Understand the customer profile" in read(app, "#headline"))
        await pilot.press("u")
        await wait_for(pilot, lambda: "loss/post_content" in meeting(app).pages)
        assert meeting(app).at == following  # also where its place in the list is another one


def test_of_a_last_item_that_is_gone_the_last_one_stays(example: Path) -> None:
    scorecard = load(example)
    now, before = (Meeting(scorecard, scorecard.evaluate("2026-10"), TODAY) for _ in range(2))
    before.pages = (*before.pages[:-1], "win/gone", "close")
    for at, wanted in (("win/gone", now.pages[-2]), ("close", "close"), ("map", "map")):
        before.at = at
        now.follow(before)
        assert now.at == wanted


async def test_notes_decisions_and_ticks_are_taken_back_in_one_order_with_values(example: Path) -> None:
    file, app = example / "reviews" / "2026-10.md", make_app(example)
    states: list[str | None] = [None]
    said = iter(
        (
            "Taken back: 'Two strong posts' is open again.",
            "Taken back: the decision 'Two strong posts'.",
            "Taken back for 2026-10: People tagged.",
            "Taken back: the note last written on Community manager: 1 overdue, 1 due, 3 of 5 up to date.",
            "Nothing was entered in this session.",
        )
    )

    async def undo() -> None:
        app._notifications.clear()
        await pilot.press("u")
        wanted = next(said)
        await wait_for(pilot, lambda: any(one.message == wanted for one in app._notifications))

    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "data/communitymanager")
        await write_note(pilot, "Ask again.")
        states.append(file.read_text())
        assert "u takes back the last entry" in line(app)
        await pilot.press("v")
        await wait_for(pilot, lambda: isinstance(app.screen, FigureScreen) and app.screen.query("ChoiceList"))
        await pilot.press("2")
        await wait_for(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.query("#said"))
        await pilot.press(*"74", "enter")
        await wait_for(pilot, lambda: app.screen is app.shell and app.shell.session.recorded)
        await decide(pilot, what="Two strong posts")
        await wait_for(pilot, lambda: "☐ Two strong posts" in read(app, "#decided"))
        states.append(file.read_text())
        await pilot.press("A")
        await wait_for(pilot, lambda: "☑ Two strong posts" in read(app, "#decided"))
        await undo()
        assert file.read_text() == states[2]
        await undo()
        assert file.read_text() == states[1]
        await undo()
        assert file.read_text() == states[1]
        await undo()
        assert not file.parent.exists()  # as before the first word
        await wait_for(pilot, lambda: "Ask again." not in read(app, "#decided"))
        await undo()


async def test_a_decision_in_minutes_edited_since_is_not_taken_back(example: Path) -> None:
    file, app = example / "reviews" / "2026-10.md", make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await decide(pilot, what="Two strong posts")
        await wait_for(pilot, file.exists)
        edited = file.read_text() + "\n## Of our own\n"
        file.write_text(edited)
        await pilot.press("u")
        said = "the file was changed meanwhile, so nothing was written; w opens the minutes in your editor"
        await wait_for(pilot, lambda: any(said in one.message for one in app._notifications))
        assert file.read_text() == edited


async def test_what_is_left_empty_in_a_decision_is_written_as_empty(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await open_form(pilot, "d", DecisionScreen, "#said")
        fields = {one.id: one.value for one in app.screen.query(Input)}
        assert fields == {"what": "", "owner": "Content lead", "due": "2026-11-30"}  # proposed where all can see it
        await pilot.press(*"Try it", "tab", "backspace", "tab", "backspace", "enter")
        await wait_for(pilot, lambda: app.screen is app.shell)
        review = open_review(example / "reviews", OCTOBER).review
        assert review.sections[0].decisions == (Decision("Try it"),)
        await wait_for(pilot, lambda: "nobody yet · no date" in read(app, "#decided"))


async def test_of_several_missing_figures_one_is_chosen(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "map")
        assert "record" not in shown_keys(app)
        await show_item(pilot, "data/communitymanager")
        await wait_for(pilot, lambda: "record" in shown_keys(app))
        for keys, kpi in ((("enter",), "response_time"), (("j", "enter"), "people_tagged"), (("1",), "response_time")):
            await pilot.press("enter")
            await wait_for(pilot, lambda: isinstance(app.screen, FigureScreen) and app.screen.query("ChoiceList"))
            options = [str(one.prompt) for one in app.screen.query_one(OptionList).options]
            assert options[0].startswith("1 Response time  overdue, 2026-W45 and 2026-W46 missing")
            await pilot.press(*keys)
            await wait_for(pilot, lambda: app.shell.open_id == "detail")
            assert app.shell.session.kpi == kpi
            await pilot.press("escape")
            await wait_for(pilot, lambda: app.shell.open_id == "review")
            assert meeting(app).at == "data/communitymanager"
        await pilot.press("v")
        await wait_for(pilot, lambda: isinstance(app.screen, FigureScreen))
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        await show_item(pilot, "colour/post_content")  # about a goal alone: the figures of its result
        await pilot.press("v")
        await wait_for(pilot, lambda: isinstance(app.screen, FigureScreen) and app.screen.query("ChoiceList"))
        await pilot.press("1")
        await wait_for(pilot, lambda: isinstance(app.screen, EntryScreen))


def test_a_missing_metric_is_entered_by_a_kpi_that_is_made_of_it(tmp_path: Path) -> None:
    text = """\
strategy: s
goals:
  sell:
    perspective: customer
    lagging: [{kpi: rate, formula: sales / leads, baseline: 0, target: 1}]
    guardrails: [{kpi: spare, max: 1}]
metrics:
  sales: {owner: Ann, values: {2026-07: 1}}
  leads: {owner: Ann, values: {2026-07: 2}}
  spare: {owner: Ann, values: {2026-07: 2}}
"""
    (tmp_path / "s.yaml").write_text(text)
    scorecard = load(tmp_path)
    made = Meeting(scorecard, scorecard.evaluate("2026-10"), TODAY)
    made.go("data/ann")
    found = {one.title: one.kpi for one in list_figures(made)}
    assert found == {"Sales": "rate", "Leads": "rate", "Spare": None}


async def test_an_override_in_a_file_edited_since_is_not_undone(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await override(pilot, "We know better")
        edited = (example / "strategy.yaml").read_text() + "# edited\n"
        (example / "strategy.yaml").write_text(edited)
        await pilot.press("u")
        await wait_for(pilot, lambda: any("Ctrl+R takes it out" in one.message for one in app._notifications))
        assert (example / "strategy.yaml").read_text() == edited


async def test_a_note_stays_where_its_item_leaves_the_agenda(example: Path) -> None:
    (example / "reviews").mkdir()
    words = "# Review\n\n## It was late <!-- override/post_content -->\n\nNobody could stay.\n\n- [ ] Ask again\n"
    (example / "reviews" / "2026-10.md").write_text(words)
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        found = await open_review_screen(pilot)
        assert "override/post_content" not in found.pages
        assert "Nobody could stay." not in read(app, "#decided")
        for page in ("loss/post_content", "close"):
            await show_item(pilot, page)
            await wait_for(pilot, lambda: "Noted on: It was late" in read(app, "#decided"))
            assert "Nobody could stay." in read(app, "#decided")
            assert "☐ Ask again" in read(app, "#decided")


async def look_at(pilot: Pilot[None], key: str, period: str) -> None:
    """Press a key, and wait for the review of another period."""
    await pilot.press(key)
    await wait_for(pilot, lambda: meeting_of(pilot.app) == {} and str(meeting(pilot.app).evaluation.period) == period)


async def test_what_was_seen_is_kept_for_each_review(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await pilot.press("space", "space")
        await look_at(pilot, "left_square_bracket", "2026-09")
        await pilot.press("space")
        await look_at(pilot, "right_square_bracket", "2026-10")
        assert meeting(app).seen == {"map", "colour/post_content"}
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        assert (await open_review_screen(pilot)).seen == {"map", "colour/post_content"}
        await look_at(pilot, "left_square_bracket", "2026-09")
        assert meeting(app).seen == {"map"}


async def test_escape_writes_nothing_and_loses_nothing(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await open_form(pilot, "n", NoteScreen, "TextArea")
        app.screen.query_one(TextArea).insert("Half a thought")
        await pilot.press("escape")
        await wait_for(pilot, lambda: "A note typed here is not written yet" in read(app, "#decided"))
        await open_form(pilot, "d", DecisionScreen, "#said")
        app.screen.query_one("#what", Input).value = "Hire somebody"
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        await open_form(pilot, "o", OverrideScreen, "#said")
        app.screen.query_one("#why", Input).value = "We know better"
        app.screen.query_one(StatusChoice).action_walk(-1)
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert not (example / "reviews").exists()
        assert (example / "strategy.yaml").read_text() == (EXAMPLE / "strategy.yaml").read_text()
        await open_form(pilot, "o", OverrideScreen, "#said")
        assert app.screen.query_one("#why", Input).value == "We know better"
        assert app.screen.query_one(StatusChoice).status == "amber"
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        await open_form(pilot, "d", DecisionScreen, "#said")
        assert app.screen.query_one("#what", Input).value == "Hire somebody"
        await pilot.press("enter")
        await wait_for(pilot, lambda: "☐ Hire somebody" in read(app, "#decided"))
        await open_form(pilot, "d", DecisionScreen, "#said")
        assert app.screen.query_one("#what", Input).value == ""
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        await open_form(pilot, "n", NoteScreen, "TextArea")
        area = app.screen.query_one(TextArea)
        assert area.text == "Half a thought"
        area.text = ""  # what was emptied is not offered again
        await pilot.press("escape")
        await wait_for(pilot, lambda: "A note typed here" not in read(app, "#decided"))


async def test_the_period_is_closed_at_the_end_once_it_was_asked_back(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await pilot.press("f")
        await pilot.pause()
        assert app.screen is app.shell  # only at the end
        await show_item(pilot, "close")
        await open_form(pilot, "f", ClosingScreen, "#said")
        await pilot.press("escape")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert Register(load(example).strategy, Ledger(load(example).store), load(example).observations).closings == {}
        await open_form(pilot, "enter", ClosingScreen, "#said")
        await pilot.press(*"all seen")
        form = app.screen
        assert isinstance(form, ClosingScreen)
        form.action_submit()
        form.action_cancel()  # too late: what is being written is waited for
        await wait_for(pilot, lambda: app.screen is app.shell)
        form.dismiss(None)  # as by a key that came while it was closing
        await wait_for(pilot, lambda: "2026-10 was closed by Ann" in read(app, "#decided"))
        card = load(example)
        row = Register(card.strategy, Ledger(card.store), card.observations).closings["2026-10"]
        assert (row.entry.by, row.entry.note) == ("Ann", "all seen")
        closed = f"{row.recorded_at[:10]} by Ann: all seen"
        assert f"\n- Closed: {closed}\n" in (example / "reviews" / "2026-10.md").read_text()
        await pilot.press("f")
        await pilot.pause()
        assert app.screen is app.shell
    card.store.unlink()  # where only the minutes are at hand
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        assert (await open_review_screen(pilot)).review.closed == closed
        await show_item(pilot, "close")
        await wait_for(pilot, lambda: f"The minutes say that 2026-10 was closed, {closed}" in unwrapped(app))


async def test_a_closing_stands_and_what_was_entered_before_it(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await decide(pilot, what="Two strong posts")
        await wait_for(pilot, lambda: app.screen is app.shell)
        await show_item(pilot, "close")
        await open_form(pilot, "f", ClosingScreen, "#said")
        await pilot.press("enter")
        await wait_for(pilot, lambda: any("the minutes say so too" in one.message for one in app._notifications))
        text = (example / "reviews" / "2026-10.md").read_text()
        for _ in range(2):
            await pilot.press("u")
            said = "2026-10 was closed by Ann: that and what was entered before it cannot be taken back."
            await wait_for(pilot, lambda said=said: any(one.message == said for one in app._notifications))
        assert (example / "reviews" / "2026-10.md").read_text() == text


async def test_a_closing_that_the_minutes_cannot_say_is_told(example: Path) -> None:
    (example / "reviews").write_text("in the way")
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "close")
        await open_form(pilot, "f", ClosingScreen, "#said")
        await pilot.press("enter")
        said = "2026-10 was closed by Ann, but the minutes do not say so: "
        await wait_for(pilot, lambda: any(one.message.startswith(said) for one in app._notifications))


def unwrapped(app: ReviewApp) -> str:
    return " ".join(read(app, "#decided").split())


async def test_who_only_looks_closes_nothing(example: Path) -> None:
    app = ReviewApp(str(example), open_path(str(example), TODAY), read_only=True)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "close")
        await wait_for(pilot, lambda: "2026-10 is open" in read(app, "#decided"))
        await pilot.press("f", "enter")
        await pilot.pause()
        assert app.screen is app.shell


async def test_the_review_says_with_what_it_compares(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        assert any("What changed colour since 2026-09" in text for text in agenda_lines(app))
        assert "compares with" not in line(app)
        await pilot.press("c", "c")
        await wait_for(pilot, lambda: "a review compares with 2026-09, not 2025-10" in line(app))


async def test_what_would_help_and_what_is_missing_are_said_plainly(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        for page in ("colour/post_content", "loss/post_content"):
            await show_item(pilot, page)
            await wait_for(pilot, lambda: "Would lift the outlook most" in read(app, "#why"))
            explained, helping = read(app, "#why").split("What would help")
            assert "Would lift" not in explained
            assert "Would lift the outlook most if fully achieved: Time on site (+20 pp)" in helping
            assert explained.count(" pp of the ") == 3  # each says of what
        assert "−" not in read(app, "#why")
        await show_item(pilot, "data/communitymanager")
        await wait_for(pilot, lambda: "Response time is up to date for 2026-10" in read(app, "#why"))
        assert "as of 2026-11-20" in read(app, "#headline")
        await show_item(pilot, "initiative/posting_hours")
        await wait_for(pilot, lambda: "is 62 days overdue" in read(app, "#headline"))
        assert "as of 2026-11-01" in read(app, "#headline")
        await show_item(pilot, "loss/business_results")
        await wait_for(pilot, lambda: "a breached guardrail makes it amber: Share of" in read(app, "#why"))
        await show_item(pilot, meeting(app).pages[-2])
        await wait_for(pilot, lambda: "Content quality index" in read(app, "#headline"))
        assert "red" not in read(app, "#why")  # the number is that of the KPI, not of its goal


async def test_a_status_that_is_not_that_of_the_result_says_why(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        for page in ("loss/business_results", "guardrail/business_results/discount_share"):
            await show_item(pilot, page)
            await wait_for(
                pilot, lambda: "Status   ◆ amber ⚑ lowered by a breached guardrail\nResult" in read(app, "#why")
            )
        await show_item(pilot, "colour/post_content")
        await wait_for(pilot, lambda: "Result   ▰▰▰" in read(app, "#why"))
        assert "Status" not in read(app, "#why")
        await open_form(pilot, "o", OverrideScreen, "#said")
        app.screen.query_one("#why", Input).value = "The site was down"
        app.screen.query_one(StatusChoice).action_walk(-1)
        await pilot.press("enter")
        judged = "Status   ◆ amber ✎ judged by Ann: The site was down (computed red)"
        await wait_for(pilot, lambda: app.screen is app.shell and judged in read(app, "#why"))


async def test_the_foot_offers_detail_and_ticks_where_there_is_something_to_open_or_tick(second: Path) -> None:
    app = make_app(second)

    def keys() -> str:
        return str(app.shell.query_one(KeyBar).render())

    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        for page, detail, ticks in (
            ("last", False, True),
            ("map", False, False),
            ("colour/post_content", True, True),
            ("colour/business_results", True, False),
            ("data/communitymanager", True, False),
            ("close", False, False),
        ):
            await show_item(pilot, page)
            await wait_for(pilot, lambda detail=detail: ("⏎ Detail" in keys()) == detail)
            assert ("A-Z Tick" in keys()) == ticks
    app = make_app(second)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "map")
        await wait_for(pilot, lambda: "⏎ Detail" in keys())  # from the agenda Enter shows the item
        await pilot.press("enter")
        await wait_for(pilot, lambda: "⏎ Detail" not in keys())


async def test_an_old_review_is_caught_up_with_decisions_of_its_time(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        app.shell.session.go_to("2026-07")
        app.shell.show()
        await wait_for(pilot, lambda: pilot.app.shell.query_one(ReviewView).meeting)
        await show_item(pilot, "map")
        await decide(pilot, what="Try it", due="2026-06-30")
        await wait_for(pilot, lambda: "2026-06-30 is over already" in read(app, "#said"))
        app.screen.query_one("#due", Input).value = "2026-08-20"
        await pilot.press("enter")
        await wait_for(pilot, lambda: "due 2026-08-20" in read(app, "#decided"))


async def test_an_override_is_refused_where_the_file_was_edited_meanwhile(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await open_form(pilot, "o", OverrideScreen, "#said")
        edited = (example / "strategy.yaml").read_text() + "# edited\n"
        (example / "strategy.yaml").write_text(edited)
        app.screen.query_one("#why", Input).value = "we know better"
        app.screen.query_one(StatusChoice).action_walk(-1)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "the file was changed meanwhile, so nothing was written" in read(app, "#said"))
        assert (example / "strategy.yaml").read_text() == edited


async def test_an_item_about_no_single_goal_cannot_be_judged(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await open_review_screen(pilot)
        await pilot.press("o")
        await pilot.pause()
        assert app.screen is app.shell
        assert any("about one goal" in one.message for one in app._notifications)


async def test_who_is_here_stands_in_the_head(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await pilot.press("p")
        await wait_for(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"Ann, Bob", "enter")
        await wait_for(pilot, lambda: (example / "reviews" / "2026-10.md").exists())
        review = open_review(example / "reviews", OCTOBER).review
        assert (review.present, review.date) == ("Ann, Bob", "2026-11-20")


async def test_another_period_has_its_own_review(second: Path) -> None:
    app = make_app(second)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await pilot.press("left_square_bracket")
        await wait_for(pilot, lambda: str(meeting(app).evaluation.period) == "2026-09")
        assert "Too few ideas." in [one.notes for one in meeting(app).review.sections]
        await pilot.press("right_square_bracket")
        await wait_for(pilot, lambda: str(meeting(app).evaluation.period) == "2026-10")


async def test_members_have_a_review_of_their_own(tmp_path: Path) -> None:
    """Its agenda is of these members, its notes stand in a file of their own, and come back with them."""
    folder = Path(shutil.copytree(EXAMPLE.parent / "bakeries", tmp_path / "bakeries"))
    app = make_app(folder)
    async with app.run_test(size=(132, 40)) as pilot:
        app.shell.session.slice({"region": "Valley"})
        app.shell.show()
        await open_review_screen(pilot)
        assert "colour/loyal_customers" in meeting(app).pages
        assert "2026-10-valley.md" in line(app)
        await write_note(pilot, "New ovens come in spring.")
        text = (folder / "reviews" / "2026-10-valley.md").read_text()
        assert text.startswith("# Review 2026-10 · Valley: A chain of bakeries\n")
        assert "New ovens come in spring." in text
        await show_item(pilot, "colour/loyal_customers")
        await pilot.press("o")
        await pilot.pause()
        assert any("all members together" in one.message for one in app._notifications)
        app.shell.session.slice({})
        app.shell.show()
        await wait_for(pilot, lambda: meeting_of(app) == {})
        assert not meeting(app).section.notes
        assert not (folder / "reviews" / "2026-10.md").exists()
        app.shell.session.slice({"region": "Valley"})
        app.shell.show()
        await wait_for(pilot, lambda: meeting_of(app) == {"region": "Valley"})
        assert "New ovens come in spring." in [one.notes for one in meeting(app).review.sections]


async def test_on_a_narrow_screen_agenda_and_item_take_turns(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7")
        await wait_for(pilot, lambda: app.shell.query(ReviewView) and agenda_lines(app))
        agenda, item = app.shell.query_one("#agenda"), app.shell.query_one("#item")
        assert agenda.region.width == 80
        assert not item.region
        await pilot.press("down", "enter")
        await wait_for(pilot, lambda: item.region.width == 80 and "▲ red 31%" in read(app, "#headline"))
        await pilot.press("space")
        assert meeting(app).seen == {"colour/post_content"}
        await pilot.press("escape")
        await wait_for(pilot, lambda: agenda.region.width == 80)
        assert app.shell.open_id == "review"
        await pilot.press("end")
        assert "review.next" in footer(app)  # it shows the item
        await pilot.press("enter")
        await wait_for(pilot, lambda: "review.close" in footer(app))
        assert "review.next" not in footer(app)


def shown_keys(app: ReviewApp) -> set[str | None]:
    """The names of the keys at the foot."""
    return {one.binding.id for one in app.shell.active_bindings.values() if one.binding.show}


def footer(app: ReviewApp) -> set[str | None]:
    """The names of the keys that mean something now."""
    return {one.binding.id for one in app.shell.active_bindings.values()}


async def test_presenting_shows_only_the_item_and_its_number_large(example: Path) -> None:
    app = ReviewApp(str(example), open_path(str(example), TODAY), present=True)
    async with app.run_test(size=(132, 40)) as pilot:
        await wait_for(pilot, lambda: app.shell.open_id == "review" and app.shell.query(ReviewView))
        await wait_for(pilot, lambda: app.shell.query_one(ReviewView).has_focus and read(app, "#headline"))
        assert not app.shell.query_one("#agenda").region
        await pilot.press("space")
        await wait_for(pilot, lambda: app.shell.query_one("Digits").value == "31%")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_only_names(tmp_path: Path, name: str) -> None:
    path = write_hostile(tmp_path, name)
    app = make_app(path, period="2026-10")
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await decide(pilot, what=name, owner=name)
        await wait_for(pilot, lambda: app.screen is app.shell)
        await write_note(pilot, name)
        seen = ""
        for _ in meeting(app).pages:
            seen += read(app, "#headline") + read(app, "#why") + read(app, "#decided")
            await pilot.press("space")
            await pilot.pause()
        assert seen.count(name) > 3
        assert app.export_screenshot()
    section = open_review(tmp_path / "s.reviews", OCTOBER).review.sections[0]
    assert (section.notes, section.decisions[0].text, section.decisions[0].owner) == (name, name, name)


def test_without_a_goal_there_is_still_a_review(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("strategy: s\nmetrics: {m: {values: {2026-10: 1}}}\n")
    scorecard = load(tmp_path)
    made = Meeting(scorecard, scorecard.evaluate("2026-10"), TODAY)
    assert made.pages[0] == "map"
    assert propose_due(made) == "2026-11-30"


@pytest.mark.parametrize(
    ("size", "theme", "present"),
    [
        ((80, 24), "no colour", False),
        ((100, 30), "dark", False),
        ((132, 40), "light", False),
        ((200, 50), "high-contrast", False),
        ((132, 40), "dark", True),
    ],
)
def test_the_review_looks_as_it_did(
    snap_compare, second: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], theme: str, present: bool
) -> None:
    if theme == "no colour":
        monkeypatch.setenv("NO_COLOR", "1")
        theme = "dark"
    (second / "reviews" / "2026-10.md").write_text(
        "# Review\n\n## Post <!-- colour/post_content -->\n\nThey leave early.\n\n- [ ] Fewer posts — Content lead\n"
    )
    app = ReviewApp(str(second), open_path(str(second), TODAY), None, theme, present=present)

    async def walk(pilot: Pilot[None]) -> None:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await pilot.press("enter" if size[0] < 100 else "home")
        await show_item(pilot, "colour/post_content")
        await wait_for(pilot, lambda: "Decided" in read(app, "#decided"))
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=walk)


def test_a_whole_review_in_a_terminal(open_terminal, second: Path, tmp_path: Path) -> None:  # noqa: F811
    state = tmp_path / "state"
    terminal: Terminal = open_terminal(132, 40, XDG_STATE_HOME=str(state))
    start_app(terminal, second)
    terminal.press("7")
    terminal.wait(lambda screen: "What we decided in 2026-09" in screen)
    terminal.press("A", "Space", "Space")
    terminal.wait(lambda screen: "from ◆ amber 47% to ▲ red 31%" in screen)
    terminal.press("n")
    terminal.wait(lambda screen: "Ctrl+S writes it" in screen)
    terminal.tmux("send-keys", "-l", "Readers leave early.")
    terminal.press("C-s")
    terminal.wait(lambda screen: "Noted" in screen)
    terminal.press("d")
    terminal.wait(lambda screen: "Enter decides" in screen)
    terminal.tmux("send-keys", "-l", "Two strong posts")
    terminal.press("Enter")
    terminal.wait(lambda screen: "☐ Two strong posts" in screen)
    terminal.press("End")
    terminal.wait(lambda screen: "f closes 2026-10" in screen and "1 decision in the review" in screen)
    terminal.press("q")
    terminal.wait(lambda screen: "ended with 0" in screen)
    sections = open_review(second / "reviews", OCTOBER).review.sections
    assert [(one.id, one.notes) for one in sections] == [("colour/post_content", "Readers leave early.")]
    assert [(one.text, one.owner) for one in sections[0].decisions] == [("Two strong posts", "Content lead")]
    assert (second / "reviews" / "2026-09.md").read_text() == SEPTEMBER.replace("- [ ] Two", "- [x] Two")


def test_present_is_an_option_of_the_command(open_terminal, example: Path) -> None:  # noqa: F811
    terminal: Terminal = open_terminal(132, 40)
    terminal.type(f"{sys.executable} -m scorecard tui --present {example}; echo ended with $?")
    terminal.wait(lambda screen: "1 of 11" in screen and "Index ● green 77%" in screen and "n Note" in screen)
    assert "Where most is lost" not in terminal.screen()
    terminal.press("q")
    terminal.wait(lambda screen: "ended with 0" in screen)


async def test_on_a_narrow_screen_the_period_may_change_while_an_item_hides_the_agenda(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(58, 24)) as pilot:
        await open_review_screen(pilot)
        view = app.shell.query_one(ReviewView)
        await pilot.press("end", "up", "up", "enter")
        await wait_for(pilot, lambda: view.has_class("-item"))
        shown = view.meeting
        await pilot.press(*"[[[[[")
        await wait_for(pilot, lambda: view.meeting is not None and view.meeting is not shown)
        await pilot.pause()
        await pilot.press("escape")
        agenda = app.query_one(AgendaList)
        await wait_for(
            pilot,
            lambda: [one.id for one in agenda.options if one.id] == [*view.meeting.pages],  # type: ignore[union-attr]
        )
        await wait_for(pilot, lambda: agenda.get_option_at_index(agenda.highlighted or 0).id == view.meeting.at)  # type: ignore[union-attr]


async def test_an_override_in_a_closed_period_is_asked_back(example: Path) -> None:
    before = (example / "strategy.yaml").read_text()
    card = load(example)
    register = Register(card.strategy, Ledger(card.store), card.observations)
    register.close(read_period("2026-10"), datetime.now(UTC), "Bo")
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        await show_item(pilot, "colour/post_content")
        await open_form(pilot, "o", OverrideScreen, "#said")
        app.screen.query_one("#why", Input).value = "The site was down"
        app.screen.query_one(StatusChoice).action_walk(1)
        await pilot.pause()
        await pilot.press("enter")
        await wait_for(pilot, lambda: "2026-10 was closed by Bo on " in read(app, "#said"))
        screen = app.screen
        screen.query_one(StatusChoice).action_walk(1)  # another change than the one asked about
        screen.query_one("#said", Static).update("")
        await pilot.press("enter")
        await wait_for(pilot, lambda: "2026-10 was closed by Bo on " in read(app, "#said"))
        assert (example / "strategy.yaml").read_text() == before
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.screen is app.shell)
        assert "The site was down" in (example / "strategy.yaml").read_text()


async def test_a_bar_stands_before_the_page_looked_at(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await open_review_screen(pilot)
        agenda = app.query_one(AgendaList)
        for _ in range(3):
            lines = [agenda.render_line(y).text for y in range(agenda.size.height)]
            shown = [line for line in lines if line.startswith("▌")]
            option = agenda.get_option_at_index(agenda.highlighted)
            assert [line[1:].split()[-1] for line in shown] == [str(option.prompt).split()[-1]]
            await pilot.press("down")
            await pilot.pause()
