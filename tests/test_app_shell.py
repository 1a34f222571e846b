"""The shell around the screens: first frame, tabs, keys that work everywhere, live reload, the way back, literal text."""

from __future__ import annotations

import ast
import re
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from rich.cells import cell_len
from test_app import EXAMPLE, TODAY, make_app, read, wait_until
from textual.command import CommandList
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.widgets._toast import Toast

import scorecard.tui
from scorecard.api import StrategyError
from scorecard.model.finding import Place
from scorecard.tui.app import ReviewApp
from scorecard.tui.commands import Commands
from scorecard.tui.editor import write_command
from scorecard.tui.keys import show_keys
from scorecard.tui.opening import run
from scorecard.tui.registry import SCREENS, Entry
from scorecard.tui.screens.minutes import DecisionScreen
from scorecard.tui.screens.strategies import StrategiesScreen
from scorecard.tui.screens.view import View
from scorecard.tui.session import Session, open_path
from scorecard.tui.widgets.help_panel import HelpPanel, list_keys
from scorecard.tui.widgets.key_bar import KeyBar
from scorecard.tui.widgets.score_table import ScoreTable
from scorecard.tui.widgets.strategy_map import StrategyMap
from scorecard.tui.widgets.tab_bar import TabBar
from scorecard.tui.work import working


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


def test_every_screen_has_a_key_an_id_and_a_class_of_its_own() -> None:
    assert len({entry.key for entry in SCREENS}) == len({entry.id for entry in SCREENS}) == len(SCREENS)
    assert all(issubclass(entry.load(), View) for entry in SCREENS)
    assert all(len(entry.key) == 1 and entry.key.isdigit() for entry in SCREENS)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (132, r"laying out 2,000 goals [━─]{10} \d s"),
        (100, r"laying out 2,000 goals( \d s)?"),
        (80, r"[━─]{5,10}( \d s)?"),
    ],
)
async def test_the_title_stays_whole_while_something_is_worked_on(columns: int, said: str) -> None:
    app = make_app()
    async with app.run_test(size=(columns, 24)) as pilot:
        await wait_until(pilot, lambda: "index" in read(app, "#head"))
        before = read(app, "#head")
        with working(app, "laying out 2,000 goals"):
            await wait_until(pilot, lambda: re.fullmatch(said, read(app, "Working")))
            head = app.screen.query_one("#head")
            assert read(app, "#head").startswith("Social media marketing · 2026-10 · illustrative · index ● green 77%")
            await wait_until(pilot, lambda: cell_len(read(app, "#head")) <= head.content_size.width)
        await wait_until(pilot, lambda: read(app, "#head") == before)


async def test_the_frame_is_drawn_before_anything_is_read() -> None:
    app = ReviewApp(str(EXAMPLE))
    frames: list[str] = []
    draw = app.post_display_hook

    def look() -> None:
        if app.shell.is_drawn and not app.evaluations:
            frames.append(str(app.shell.query_one("#reading", Static).content))
        draw()

    app.post_display_hook = look  # type: ignore[method-assign]
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: bool(app.evaluations) and app.shell.query("StrategyMap"))
        assert frames[0] == f"reading {EXAMPLE} …"
        assert "index" in read(app, "#head")
        await wait_until(pilot, lambda: "problems" in read(app, "#head"))  # the method is checked after the map is up


async def test_a_path_without_a_file_to_mend_ends_the_app_with_its_findings(tmp_path: Path) -> None:
    for path, unreadable in ((tmp_path, False), (tmp_path / "nowhere", True)):
        app = ReviewApp(str(path))
        async with app.run_test(size=(100, 30)) as pilot:
            await wait_until(pilot, lambda app=app: app.failure is not None)
        assert app.return_code == 1
        assert isinstance(app.failure, StrategyError)
        assert app.failure.unreadable == unreadable


async def test_a_wrong_period_ends_the_app_with_its_reason() -> None:
    app = ReviewApp(str(EXAMPLE), None, "2026-Q3")
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: app.failure is not None)
    assert "is a quarter" in str(app.failure)


async def test_number_keys_and_clicks_on_tabs_open_the_screens() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        for entry in SCREENS:
            await pilot.press(entry.key)
            await pilot.pause()
            assert app.shell.open_id == entry.id
            assert app.shell.view
            assert app.shell.view.display
            assert [view.id for view in app.shell.query(View) if view.display] == [f"view-{entry.id}"]
        tabs = str(app.shell.query_one(TabBar).render())
        assert tabs.index("1 Map 3") < tabs.index("2 Scorecard 4") < tabs.index("3 Detail")
        await pilot.click(TabBar, offset=(tabs.index("Scorecard") + 2, 0))
        await pilot.pause()
        assert app.shell.open_id == "scorecard"


@pytest.mark.parametrize("columns", [200, 132, 100, 80, 60, 40])
async def test_every_tab_is_there_at_every_width_and_the_open_one_in_full(columns: int) -> None:
    app = make_app()
    async with app.run_test(size=(columns, 24)) as pilot:
        bar = app.shell.query_one(TabBar)
        for entry in SCREENS:
            await pilot.press(entry.key)
            await pilot.pause()
            tabs = str(bar.render())
            assert len(tabs) <= bar.size.width
            found = re.fullmatch(r"\s*" + r"\s*".join(f"{one.key} (.*?)" for one in SCREENS) + r"\s*", tabs)
            assert found, tabs
            for one, said in zip(SCREENS, found.groups(), strict=True):
                name = re.sub(r" \d+ *$", "", said)
                names = {one.title} if one == entry else {one.title, one.short} if columns >= 80 else {name}
                assert name in names, tabs
                assert one.title.startswith(said.split(" ")[0].rstrip(".")), tabs


@pytest.mark.parametrize("columns", [80, 60, 40])
async def test_short_tabs_take_clicks_where_they_stand(columns: int) -> None:
    app = make_app()
    async with app.run_test(size=(columns, 24)) as pilot:
        for entry in SCREENS:
            await pilot.pause()
            at = str(app.shell.query_one(TabBar).render()).index(f"{entry.key} ")
            await pilot.click(TabBar, offset=(at + 1, 0))
            await pilot.pause()
            assert app.shell.open_id == entry.id


async def test_what_is_chosen_stays_chosen_from_screen_to_screen() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "down", "right", "2")
        await pilot.pause()
        assert app.shell.session.goal == "engaging_content"
        assert "Engaging content" in read(app, "#line")
        await pilot.press("down", "down", "left_square_bracket", "1")
        await pilot.pause()
        assert app.shell.query_one(StrategyMap).selected == "engaging_content"
        assert "2026-09" in read(app, "#head")


async def test_escape_goes_back_the_way_that_was_come() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.shell.open_id == "detail"
        await pilot.press("A")
        await pilot.pause()
        assert app.shell.session.kpi == "qualified_interactions"
        await pilot.press("escape")
        await pilot.pause()
        assert (app.shell.open_id, app.shell.session.kpi) == ("detail", None)
        await pilot.press("escape")
        await pilot.pause()
        assert (app.shell.open_id, app.shell.session.goal) == ("map", "business_results")


async def test_a_period_is_typed_and_a_wrong_one_is_explained() -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("g", *"Sept 2026", "enter")
        await pilot.pause()
        assert "'Sept 2026' is not a period; write it such as 2026-10" in read(app, "#wrong")
        app.screen.query_one("Prompt Input", Input).value = "2026-Q1"
        await pilot.press("enter")
        await pilot.pause()
        assert "is a quarter" in read(app, "#wrong")
        app.screen.query_one("Prompt Input", Input).value = "2031-01"
        await pilot.press("enter")
        await pilot.pause()
        assert "not among the periods shown" in read(app, "#wrong")
        app.screen.query_one("Prompt Input", Input).value = "2026-04"
        await pilot.press("enter")
        await pilot.pause()
        assert "2026-04" in read(app, "#head")
        assert app.screen.query_one(StrategyMap).has_focus


@pytest.mark.parametrize("key", [entry.key for entry in SCREENS])
async def test_a_reload_keeps_screen_choice_and_filter(example: Path, key: str) -> None:
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        app.shell.session.words = "status:red"
        app.shell.choose("post_content")
        await pilot.press(key, "left_square_bracket")
        await pilot.pause()
        opened, goal = app.shell.open_id, app.shell.session.goal
        text = (example / "strategy.yaml").read_text()
        (example / "strategy.yaml").write_text(text.replace("Social media marketing", "Renamed strategy"))
        await wait_until(pilot, lambda: "Renamed strategy" in read(app, "#head"))
        session = app.shell.session
        assert (app.shell.open_id, session.goal, session.words) == (opened, goal, "status:red")
        assert str(session.evaluation.period) == "2026-09"
        (example / "strategy.yaml").write_text(text.replace("lagging:", "laging:", 1))
        await wait_until(pilot, lambda: app.screen.query_one("#banner").display)
        assert "has errors (" in read(app, "#banner")
        assert app.shell.open_id == opened


async def test_what_disappears_is_let_go(example: Path) -> None:
    session = Session(open_path(str(example), TODAY), "social_media")
    session.goal, session.kpi = "engaging_content", "gone"
    session.renew(open_path(str(example), TODAY))
    assert (session.goal, session.kpi) == ("engaging_content", None)


async def test_the_palette_finds_screens_goals_kpis_and_periods() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        for typed, holds in (
            ("Scorecard", lambda: app.shell.open_id == "scorecard"),
            ("Bounce rate", lambda: (app.shell.open_id, app.shell.session.kpi) == ("detail", "bounce_rate")),
            ("Period 2026-03", lambda: "2026-03" in read(app, "#head")),
            ("Filter stale", lambda: app.shell.session.words == "stale"),
            ("theme light", lambda: app.theme == "scorecard-light"),
        ):
            await take_command(pilot, typed)
            await wait_until(pilot, lambda holds=holds: app.screen is app.shell and holds())


@pytest.mark.parametrize("screen", [entry.id for entry in SCREENS])
async def test_the_palette_holds_everything_that_has_a_key_on_the_screen(screen: str) -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        app.shell.action_open(screen)
        await wait_until(pilot, lambda: app.shell.view.has_focus_within)
        await pilot.press("end")  # in a review the period is closed there
        await pilot.pause()
        hits = [hit async for hit in Commands(app.shell).discover()]
        named = {one.binding.id for one in app.shell.active_bindings.values() if one.enabled} - {None, "quit"}
    texts = [hit.text for hit in hits]
    assert sorted(texts) == sorted(set(texts))
    told = [str(hit.help) for hit in hits]
    assert [name for name in named if not any(f"({show_keys(name, {})}" in about for about in told)] == []
    assert any(name.startswith(f"{screen}.") for name in named) or screen == "members"  # which has no members here
    assert ("Close period" in texts) == (screen == "review")


async def test_the_palette_does_what_a_key_of_the_screen_does() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        shell = app.shell
        for keys, typed, holds in (
            ("1", "Previous period", lambda: str(shell.session.evaluation.period) == "2026-09"),
            ("1", "Next period", lambda: str(shell.session.evaluation.period) == "2026-10"),
            ("1 down", "Only its chain", lambda: shell.query_one(StrategyMap).isolated),
            ("2", "Sort", lambda: shell.query_one(ScoreTable).sorted_by),
            ("7", "Decide", lambda: isinstance(app.screen, DecisionScreen)),
        ):
            await pilot.press(keys[0])
            await wait_until(pilot, lambda: shell.view.has_focus_within)
            await pilot.press(*keys.split()[1:])
            await take_command(pilot, typed)
            await wait_until(pilot, holds)


async def test_the_palette_records_and_edits_what_the_keys_do_on_the_screen() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        for key, said in (("1", "of the chosen KPI (v)"), ("7", "Record a value of the item (v)")):
            await pilot.press(key)
            await wait_until(pilot, lambda: app.shell.view.has_focus_within)
            hits = [hit async for hit in Commands(app.shell).search("Record a value")]
            assert [str(hit.help) for hit in hits] == [said]


@pytest.mark.parametrize("name", ["[/x]", "[@click=app.quit]x[/]", "Revenue [EUR m]", "\\[x]", "x\\"])
async def test_the_palette_shows_the_goal_of_a_guardrail_as_it_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / "s.yaml").write_text(
        f"strategy: s\nkpis: {{limit: {{name: A limit, values: {{2026-10: 8}}}}}}\n"
        f"goals: {{g: {{name: '{name}', perspective: customer, guardrails: [{{kpi: limit, max: 9}}]}}}}\n"
    )
    app = make_app(tmp_path / "s.yaml")
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        app.screen.query_one(Input).value = "A limit"
        shown = app.screen.query_one(CommandList)
        await wait_until(pilot, lambda: shown.option_count and "A limit" in str(shown.get_option_at_index(0).prompt))
        assert f"KPI, guardrail of {name}" in str(shown.get_option_at_index(0).prompt)


async def test_y_copies_what_is_chosen() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "y")
        await pilot.pause()
        assert "Achieve valuable business results" in app.clipboard
        await pilot.press("3", "y")
        await pilot.pause()
        assert "Why it is amber" in app.clipboard


async def test_e_opens_the_editor_at_the_line_and_reads_again(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = example.parent / "editor"
    editor.write_text('#!/bin/sh\necho "$1" > "$0.line"\nsed -i "s/Social media marketing/Edited/" "$2"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{editor}'")
    monkeypatch.setattr(ReviewApp, "suspend", lambda self: nullcontext())
    app = make_app(example)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.press("down", "e")
        await wait_until(pilot, lambda: "Edited" in read(app, "#head"))
    line = int(editor.with_suffix(".line").read_text().strip("+\n"))
    assert "business_results:" in (example / "strategy.yaml").read_text().splitlines()[line - 1]


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["vim"], ["vim", "+7", "/x/-s.yaml"]),
        (["emacs", "-nw"], ["emacs", "-nw", "+7", "/x/-s.yaml"]),
        (["/usr/bin/code"], ["/usr/bin/code", "--wait", "--goto", "/x/-s.yaml:7:3"]),
        (["subl", "--wait"], ["subl", "--wait", "/x/-s.yaml:7:3"]),
    ],
)
def test_editors_are_told_the_line_in_their_own_way(words: list[str], command: list[str]) -> None:
    assert write_command(words, Place("/x/-s.yaml", 7, 3)) == command


async def test_without_a_terminal_the_editor_says_where_it_stands() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.press("down", "e")
        await pilot.pause()
        assert any("strategy.yaml:" in one.message for one in app._notifications)


async def test_a_workspace_is_entered_and_left_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(f"strategy: {name}\ngoals: {{g: {{perspective: customer}}}}\n")
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, StrategiesScreen)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.shell.session.strategy == "two"
        await pilot.press("2", "escape")
        await pilot.pause()
        assert isinstance(app.screen, StrategiesScreen)


async def take_command(pilot: Pilot[None], typed: str) -> None:
    """Type into the palette and take what is found first."""
    await pilot.press("ctrl+p")
    await pilot.pause()
    pilot.app.screen.query_one(Input).value = typed
    await pilot.pause(0.6)
    await pilot.press("enter")


def write_hostile(folder: Path, name: str) -> Path:
    """A strategy in which every text is the same hostile one."""
    quoted = "'" + name.replace("'", "''") + "'"
    kpi = f"kpi: k, name: {quoted}, unit: {quoted}, owner: {quoted}, source: {quoted}, caution: {quoted}, baseline: 0"
    (folder / "s.yaml").write_text(
        f"strategy: s\nname: {quoted}\npurpose: {quoted}\ngoals:\n  g:\n    name: {quoted}\n    owner: {quoted}\n"
        f"    description: {quoted}\n    perspective: customer\n    lagging:\n"
        f"      - {{{kpi}, target: 9, values: {{2026-09: 7, 2026-10: 8}}, comments: {{2026-10: {quoted}}}}}\n"
        f"    leading: [{{goal: h, why: {quoted}}}]\n    comments: {{2026-10: {quoted}}}\n"
        f"    guardrails: [{{kpi: k, max: 5}}]\n    initiatives: [{{initiative: i, name: {quoted}}}]\n"
        f"    override: {{status: red, why: {quoted}, by: {quoted}}}\n  h: {{perspective: internal, name: {quoted}}}\n"
    )
    return folder / "s.yaml"


@pytest.mark.parametrize("name", ["[@click=app.quit]x[/]", "[/]", "Revenue [EUR m]", "$error"])
async def test_no_text_of_a_file_is_ever_read_as_markup(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    read_markup = Content.from_markup.__func__  # type: ignore[attr-defined]

    def listen(cls: type[Content], markup: str | Content, **variables: object) -> Content:
        seen.append(str(markup) if isinstance(markup, str) else "")
        return read_markup(cls, markup, **variables)

    monkeypatch.setattr(Content, "from_markup", classmethod(listen))
    app = make_app(write_hostile(tmp_path, name))
    async with app.run_test(size=(132, 60), notifications=True) as pilot:
        for entry in SCREENS:
            app.shell.choose("g")
            await pilot.press(entry.key, "down", "y")
            await pilot.pause()
        app.shell.open_detail("g", "k")
        await pilot.pause(0.1)
        await pilot.press("v")
        await pilot.pause()
        await pilot.press("escape", "ctrl+p")
        await pilot.pause()
        app.screen.query_one(Input).value = name[:4]
        await pilot.pause(0.5)
        await pilot.press("escape", "question_mark")
        await pilot.pause()
        assert app.is_running
        assert app.export_screenshot()
    assert not [text for text in seen if name in text]


def test_files_hand_text_to_widgets_through_one_function_only() -> None:
    """No module of the app builds markup, or hands a widget a text that is neither written there nor literal."""
    folder = Path(scorecard.tui.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                assert node.attr != "from_markup", f"{path}:{node.lineno}"
            if isinstance(node, ast.Call) and _name(node) in ("Static", "Option", "Label", "update", "notify"):
                texts = [one for one in node.args if isinstance(one, ast.JoinedStr | ast.BinOp)]
                assert not [one for one in texts if isinstance(one, ast.JoinedStr)], f"{path}:{node.lineno}"
            if isinstance(node, ast.Call) and _name(node) == "notify":
                assert any(word.arg == "markup" for word in node.keywords), f"{path}:{node.lineno}"


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 60)])
async def test_every_screen_fits_every_size(size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "down", "right")
        for entry in SCREENS:
            await pilot.press(entry.key, "down")
            await pilot.pause()
            assert app.shell.query_one("#line").region.bottom == size[1] - 1
            assert app.shell.query_one("#body").size.height >= size[1] - 5


@pytest.mark.parametrize("size", [(60, 16), (132, 40)])
@pytest.mark.parametrize("entry", SCREENS, ids=[entry.id for entry in SCREENS])
async def test_help_says_signs_and_keys_scrolls_to_its_end_and_escape_closes_it(
    entry: Entry, size: tuple[int, int]
) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await pilot.press(entry.key)
        await pilot.pause()
        focused = app.shell.focused
        await pilot.press("question_mark")
        await pilot.pause()
        panel = app.screen.query_one(HelpPanel)
        said = str(panel.query_one(Static).render())
        assert 0 <= said.find("Words in the title") < said.index("Keys everywhere")
        assert re.search(r"^\[ +The period before$", said, re.MULTILINE)
        assert all(f"\n{one.title} " in said for one in SCREENS if one.counts)
        assert "overdue ones" in said
        assert re.search(r"^\] +The period after$", said, re.MULTILINE)
        assert max(map(cell_len, said.splitlines())) <= panel.scrollable_content_region.width
        for key in ("down", "pagedown", "pagedown", "end"):
            await pilot.press(key)
        await pilot.pause()
        assert panel.scroll_y == panel.max_scroll_y
        assert (panel.max_scroll_y > 0) == (said.count("\n") + 3 > panel.size.height)
        assert app.shell.focused is focused
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.shell


async def test_help_explains_every_sign_of_the_map_first() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        for sign in ("!", "⚑", "✎", "╎ │ ┃", "┳", "┊"):
            assert re.search(rf"│ +{re.escape(sign)}  +\w", shown), sign


async def test_help_has_a_line_for_every_action_and_words_in_each() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40)):
        here, everywhere = list_keys(app.shell)
        assert all(keys and words for keys, words in (*here, *everywhere))
        assert len(dict(everywhere)) == len(everywhere)
        assert ("f", "Only its chain") in here


@pytest.mark.parametrize("columns", [132, 100, 80, 60, 40, 24])
async def test_the_foot_keeps_help_and_quitting_and_cuts_no_key(columns: int) -> None:
    app = make_app()
    async with app.run_test(size=(columns, 24)) as pilot:
        bar = app.shell.query_one(KeyBar)
        for entry in SCREENS:
            await pilot.press(entry.key)
            await pilot.pause()
            foot = str(bar.render())
            assert "? Help" in foot
            assert "q Quit" in foot
            assert cell_len(foot) <= columns
            assert all(f" {one.shown} {one.words} " in foot for one in bar.keys)
        assert len(bar.keys) == len(bar._keys) or columns < 132


def foot(app: ReviewApp) -> str:
    return str(app.shell.query_one(KeyBar).render())


async def test_the_foot_offers_a_key_only_where_it_does_something() -> None:
    app = make_app()
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await wait_until(pilot, lambda: "p Goal" in foot(app))
        assert "⏎ Open" not in foot(app)  # no goal is chosen
        assert "v Record" not in foot(app)
        await pilot.press("v")
        assert any("Choose a KPI first" in one.message for one in app._notifications)  # who presses it is told why
        await pilot.press("down")
        await wait_until(pilot, lambda: "⏎ Open" in foot(app))
        assert "v Record" not in foot(app)
        await pilot.press("2", "home")
        await wait_until(pilot, lambda: "s Sort" in foot(app) and "v Record" not in foot(app))  # a perspective
        await pilot.press("down")
        await wait_until(pilot, lambda: "⏎ Open" in foot(app) and "v Record" not in foot(app))  # a goal
        await pilot.press("down")
        await wait_until(pilot, lambda: "⏎ Open" in foot(app) and "v Record" in foot(app))  # a KPI
        await pilot.press("3")
        await wait_until(pilot, lambda: "v record" in read(app, "#line"))
        await pilot.press("1", "down", "3")
        await wait_until(pilot, lambda: "A-Z Go to" in foot(app) and "v Record" not in foot(app))
        assert "v record" not in read(app, "#line")


async def test_a_click_on_a_key_at_the_foot_presses_it() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        for words, opened in (("Help", "HelpScreen"), ("palette", "Palette")):
            foot = str(app.shell.query_one(KeyBar).render())
            await pilot.click(KeyBar, offset=(foot.index(words) + 1, 0))
            await pilot.pause()
            assert type(app.screen).__name__ == opened
            await pilot.press("escape")
            await pilot.pause()


@pytest.mark.parametrize("columns", [132, 100, 80, 60, 50])
async def test_the_title_says_period_and_index_at_every_width(columns: int) -> None:
    app = make_app()
    async with app.run_test(size=(columns, 24)) as pilot:
        for key in ("", "c", "c"):
            await pilot.press(*key)
            await pilot.pause()
            said = read(app, "#head")
            assert "2026-10" in said
            assert "index ● green 77%" in said
            assert cell_len(said) <= columns - 2
            assert columns < 60 or key or "Social media marketing" in said
        await pilot.resize_terminal(200, 24)
        await pilot.pause()
        assert "25 of 26 figures fresh" in read(app, "#head")


def test_a_path_that_is_not_there_is_said_before_the_screen_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReviewApp, "run", lambda *_, **__: pytest.fail("the screen was opened"))
    with pytest.raises(StrategyError) as failed:
        run("nowhere")
    assert failed.value.unreadable


async def test_a_notice_names_files_from_the_strategy_and_leaves_the_foot_free(example: Path) -> None:
    app = make_app(example)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.tell(f"Nothing was written to {example}/strategy.yaml. " + "It is long. " * 8)
        await pilot.pause(0.2)
        toast = app.screen.query_one(Toast)
        assert "written to strategy.yaml." in str(toast.render())
        assert toast.region.bottom <= app.shell.query_one("#line").region.y
        assert toast.region.height <= 3


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        (132, "map scorecard initiatives problems review"),
        (82, "map problems review"),
        (80, "map problems"),
        (78, "map"),
    ],
)
async def test_where_counts_have_no_room_the_least_important_go_first(columns: int, kept: str) -> None:
    app = make_app()
    async with app.run_test(size=(columns, 24)) as pilot:
        await pilot.pause()
        bar = app.shell.query_one(TabBar)
        counts = {"map": 3, "scorecard": 4, "initiatives": 1, "problems": 12, "review": 7}
        bar.show("map", {one.id: counts.get(one.id) for one in SCREENS})
        tabs = str(bar.render())
        assert [name for name in counts if re.search(rf"{counts[name]}  \d ", tabs)] == kept.split()
        bar.show("scorecard", {one.id: counts.get(one.id) for one in SCREENS})
        assert columns < 80 or "2 Scorecard 4 " in str(bar.render())  # that of the open tab goes last
