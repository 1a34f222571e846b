"""The user's config and what is remembered: keys, themes, faults that stop nothing, and where the last session ended."""

from __future__ import annotations

import os
import re
import shutil
import sys
from importlib import import_module
from pathlib import Path

import pytest
from pages import ROOT, read_blocks, read_sections, read_tables
from test_app import EXAMPLE, read, wait_until
from test_terminal import open_terminal  # noqa: F401
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Static

import scorecard.tui
from scorecard.render.palette import DARK
from scorecard.tui import memory
from scorecard.tui.app import ReviewApp
from scorecard.tui.config import Config, find_config, read_config
from scorecard.tui.keys import FIXED, KEYS, MOVING, find_rivals, is_key, show_keys, split_keys
from scorecard.tui.memory import Seat, choose_path, recall, recall_seat, remember, remember_seat
from scorecard.tui.registry import SCREENS
from scorecard.tui.session import open_path
from scorecard.tui.shell import Shell
from scorecard.tui.themes import BASES, READABLE, measure_contrast, mix_theme
from scorecard.tui.widgets.help_panel import HelpPanel

PAGE = ROOT / "docs" / "app.md"
TODAY = 739_940  # a day in November 2026


def write_config(text: str | bytes) -> Path:
    path = find_config()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def configure(text: str, path: Path = EXAMPLE, seat: Seat | None = None, theme: str | None = None) -> ReviewApp:
    write_config(text)
    return ReviewApp(str(path), open_path(str(path), TODAY), theme=theme, config=read_config(), seat=seat)


def read_in(app: ReviewApp) -> str:
    """All that stands on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def list_bindings() -> list[tuple[type, Binding]]:
    """Every binding of the app, the shell, the screens and what stands in them."""
    folder = Path(scorecard.tui.__file__).parent
    names = [".".join(path.relative_to(folder.parent).with_suffix("").parts) for path in sorted(folder.rglob("*.py"))]
    modules = [import_module(f"scorecard.{name}") for name in names if not name.endswith("__init__")]
    classes = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__ and issubclass(one, (Widget, ReviewApp))
    }
    return [(one, made) for one in classes for made in Binding.make_bindings(vars(one).get("BINDINGS", ()))]


def test_every_named_key_is_bound_and_every_bound_name_is_known() -> None:
    bound: dict[str, set[str]] = {}
    for _, binding in list_bindings():
        if binding.id:
            bound.setdefault(binding.id, set()).add(binding.key)
    assert bound == {name: set(split_keys(keys)) for name, keys in KEYS.items()}


def test_keys_without_a_name_are_those_that_move_or_stay() -> None:
    """Others could not be given to anything, and what the user gives away would do two things."""
    views = {entry.load() for entry in SCREENS}
    letters = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")  # on Detail and Review, where they stand before lines
    for owner, binding in list_bindings():
        if not binding.id and (owner in views or owner in (Shell, ReviewApp) or "widgets" in owner.__module__):
            assert binding.key in MOVING | FIXED | letters, f"{owner.__name__}: {binding.key}"


def test_the_page_lists_every_key_and_no_other() -> None:
    sections = read_sections(PAGE)
    rows = [row[:2] for name in ("Screens", "Keys") for table in read_tables(sections[name]) for row in table]
    rows = [row for row in rows if row[1].startswith("`")]  # the pictures stand in a table too
    said = {name.strip("`"): keys.replace("`", "") for keys, name in rows}
    assert len(said) == len(rows)
    assert said == {name: show_keys(name, {}) for name in KEYS}


def test_the_config_of_the_page_has_no_fault() -> None:
    (block,) = (block for block in read_blocks(PAGE) if block.kind == "toml")
    write_config(block.text)
    config = read_config()
    assert config.faults == ()
    assert config.theme == "dusk"
    assert config.keys["next_period"] == "full_stop,right_square_bracket"
    assert set(config.keys) == {"record", "next_period", "previous_period", "export", "what_if.drop"}
    assert config.themes[0].variables["lane-1"] == "#1A1A30"


def test_without_a_config_all_is_as_usual() -> None:
    assert read_config() == Config()


def test_the_variable_names_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_config('theme = "light"')
    monkeypatch.setenv("SCORECARD_CONFIG", str(tmp_path / "other.toml"))
    assert "names a file that is not there" in read_config().faults[0]
    (tmp_path / "other.toml").write_text('theme = "high-contrast"')
    assert read_config().theme == "high-contrast"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('theme = "lihgt"', [":1: 'lihgt' is no theme", "mean 'light'?"]),
        ("theme = 3", [":1: a number is no theme"]),
        ("\ncolour = 3", [":2: there is no setting 'colour'"]),
        ("keys = 3", [":1: 'keys' is no table", "[keys]"]),
        ('[keys]\n\nrecrod = "V"', [":3: there is no action 'recrod'", "mean 'record'?"]),
        ('[keys]\nmap.chian = "F"', [":2: there is no action 'map.chian'", "mean 'map.chain'?"]),
        ('[keys.what_if]\ndorp = "F"', [":2: there is no action 'what_if.dorp'"]),
        ('[keys]\nrecord = "escpae"', [":2: 'escpae' is no key for 'record'", "mean 'escape'?"]),
        ("[keys]\nrecord = 3", [":2: a number is no key for 'record'"]),
        ('[keys]\nrecord = ""', [":2: '' is no key for 'record'"]),
        ('[keys]\nrecord = "V,,"', [":2: 'V,,' is no key for 'record'"]),
        ('[keys]\nrecord = "hyperspace+v"', ["'hyperspace+v' is no key"]),
        ('[keys]\nquit = "escape"', [":2: 'escape' always does the same"]),
        ('[keys]\nrecord = "u"', [":2: 'record' and 'undo' would both be on 'u'", "'record' keeps its usual key"]),
        ('[keys]\nrecord = "s"', ["'record' and 'scorecard.sort' would both be on 's'"]),
        ('[keys]\nwhat_if.keep = "f"', ["'what_if.keep' and 'map.chain' would both be on 'f'"]),
        ("themes = 3", [":1: 'themes' holds something that is no table"]),
        ("[themes.Dusk]", [":1: a theme cannot be called 'Dusk'"]),
        ("[themes.light]", [":1: a theme cannot be called 'light'"]),
        ('[themes.dusk]\nbase = "drak"', [":2: 'drak' is no theme to begin with", "mean 'dark'?"]),
        ('[themes.dusk]\ngren = "#6FD39A"', [":2: a theme has no colour 'gren'", "mean 'green'?"]),
        ('[themes.dusk]\ngreen = "#6FD39"', [":2: '#6FD39' is no colour for green"]),
        ("[themes.dusk]\ngreen = [[]]", [":2: a list is no colour for green"]),
        ('[themes.dusk]\nlanes = ["red"]', [":2: 'lanes' is no list of colours"]),
        (
            '[themes.dusk]\nbase = "dark"\namber = "#806000"',
            [":3: theme 'dusk': amber #806000 on", "4.5:1 is the least"],
        ),
        ("theme = [", [": it is no TOML"]),
        ('\ntheme = "light\n', [":2: it is no TOML"]),
    ],
)
def test_a_fault_is_one_sentence_with_its_place_and_what_to_write(text: str, said: list[str]) -> None:
    write_config(text)
    config = read_config()
    (fault,) = config.faults
    assert all(words in fault for words in said), fault
    assert (config.keys, config.theme, config.themes) == ({}, "", ())


def test_a_fault_leaves_the_rest_in_force() -> None:
    write_config(
        'theme = "light"\n[keys]\nrecord = "V"\nundo = "nokey"\n[themes.dusk]\nbase = "light"\ngreen = "#00FF00"'
    )
    config = read_config()
    assert (config.theme, config.keys, config.themes) == ("light", {"record": "V"}, ())
    assert [re.findall(r":(\d+): ", one) for one in config.faults] == [["4"], ["7"]]


def test_a_theme_that_was_refused_is_not_missing_too() -> None:
    write_config('theme = "dusk"\n[themes.dusk]\nbase = "dark"\nred = "#802020"')
    config = read_config()
    assert len(config.faults) == 1
    assert config.theme == ""


def test_keys_may_change_places_and_a_refused_one_gives_nothing_away() -> None:
    write_config('[keys]\nrecord = "u"\nundo = "v"')
    assert (read_config().keys, read_config().faults) == ({"record": "u", "undo": "v"}, ())
    write_config('[keys]\nrecord = "u"\nundo = "nokey"')  # undo keeps u, so that record cannot have it
    assert read_config().keys == {}
    assert len(read_config().faults) == 2


def test_a_key_that_moves_is_given_with_a_word() -> None:
    write_config('[keys]\nnext_period = "right"')
    config = read_config()
    assert config.keys == {"next_period": "right"}
    assert "'→' moves in the map and in lists" in config.faults[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"a=" + b"[" * 50_000,
        b"keys." + b"a." * 40_000 + b"b=1",
        b"theme=0x" + b"f" * 90_000,
        b"x=" + b"9" * 90_000,
        b"theme={a={b=[{}]}}",
        b"[keys]\n" + b"".join(b"a%d=1\n" % n for n in range(9_000)),
        b"theme='" + b"x" * 99_000 + b"'",
        b"x" * 200_000,
        b"theme='\\u001b[31m\x1b'",
        b'theme="\\u001b]0;pwn\\u0007[/]"',
    ],
    ids=range(11),
)
def test_a_hostile_config_is_refused_in_few_words(data: bytes) -> None:
    write_config(data)
    config = read_config()
    assert (config.theme, config.keys, config.themes) == ("", {}, ())
    assert 0 < len(config.faults) <= 21
    assert all(len(one) < 600 and "\x1b" not in one for one in config.faults)


def test_what_is_no_file_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        monkeypatch.setenv("SCORECARD_CONFIG", str(tmp_path / name))
        assert len(read_config().faults) == 1


def test_names_of_keys() -> None:
    assert split_keys("[, f5") == ["left_square_bracket", "f5"]
    assert all(map(is_key, ("V", "é", "plus", "ctrl+right", "f12", "slash", "alt+x")))
    assert not any(map(is_key, ("", "ctrl+", "nokey", "super+nokey", "v+ctrl")))
    assert show_keys("next_period", {"next_period": "ctrl+right,f5"}) == "ctrl+→ f5"
    assert list(find_rivals({})) == []
    assert list(find_rivals(KEYS)) == []  # a key means one thing on a screen


@pytest.mark.parametrize("base", BASES)
def test_a_mixed_theme_can_be_read_or_is_refused(base: str) -> None:
    assert mix_theme("own", base, {}).name == "scorecard-own"
    with pytest.raises(ValueError, match="contrast") as raised:
        mix_theme("own", base, {"background": "#777777"})
    assert any(str(one).startswith("green ") for one in raised.value.args)


def test_contrast_is_that_of_wcag() -> None:
    assert measure_contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert measure_contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert measure_contrast(DARK.green.line, DARK.background) > READABLE


async def test_a_key_given_to_an_action_works_and_its_usual_one_does_not() -> None:
    app = configure('[keys]\nprevious_period = "comma"\nmap.chain = "F"\nopen_scorecard = "f2"')
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        before = read(app, "#head")
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert read(app, "#head") == before
        await pilot.press("comma")
        await pilot.pause()
        assert "2026-09" in read(app, "#head")
        await pilot.press("2")
        assert app.shell.open_id == "map"
        await pilot.press("f2")
        await pilot.pause()
        assert app.shell.open_id == "scorecard"


async def test_footer_help_and_palette_show_the_keys_that_are_given() -> None:
    app = configure('[keys]\nrecord = "V"\nmap.panel = "P"\nundo = "ctrl+u"')
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause(0.2)
        assert "P Goal" in read_in(app).splitlines()[-1]
        await pilot.press("2", "home", "down", "down")  # a KPI
        await wait_until(pilot, lambda: "V Record" in read_in(app).splitlines()[-1])
        await pilot.press("question_mark")
        await pilot.pause(0.2)
        said = str(app.screen.query_one(HelpPanel).query_one(Static).render())
        assert re.search(r"^ctrl\+u\s+Take back what was entered last$", said, re.MULTILINE)
        await pilot.press("question_mark", "ctrl+p")
        await pilot.pause()
        app.screen.query_one(Input).value = "Undo the last"
        await wait_until(pilot, lambda: "(ctrl+u)" in read_in(app))


async def test_the_help_of_what_if_and_initiatives_lists_the_keys_that_are_given() -> None:
    app = configure('[keys]\nwhat_if.keep = "f6"\nwhat_if.lists = "f7"\ninitiatives.sort = "f8"')
    async with app.run_test(size=(100, 80), notifications=True) as pilot:
        for screen, rows in (("4", ("f6 +Keep the scenario", "f7 +Levers")), ("5", ("f8 +Sort by the next",))):
            await pilot.press(screen)
            await wait_until(pilot, lambda: app.shell.view and app.shell.view.has_focus_within)
            await pilot.press("question_mark")
            await wait_until(pilot, lambda: app.screen.query(HelpPanel))
            said = str(app.screen.query_one(HelpPanel).query_one(Static).render())
            assert all(re.search(f"^{row}", said, re.MULTILINE) for row in rows), said
            assert not re.search(r"^(K|l|s|K, O, C|l, m|s, S) ", said, re.MULTILINE)
            await pilot.press("escape")
        await pilot.press("4", "space")
        await wait_until(pilot, lambda: any("f7 shows them" in one.message for one in app._notifications))


def test_no_help_lists_keys_of_its_own() -> None:
    """They would not follow the config: the help lists what is bound."""
    assert not [one for one, _ in list_bindings() if "| key |" in (getattr(one, "HELP", "") or "")]


async def test_a_capital_letter_works_where_no_line_has_it() -> None:
    app = configure('[keys]\nnext_period = "Y"\nprevious_period = "Z"')
    async with app.run_test(size=(132, 40)) as pilot:
        for screen in ("3", "7"):
            await pilot.press(screen)
            await pilot.pause(0.3)
            await pilot.press("Z")
            await pilot.pause()
            assert "2026-09" in read(app, "#head")
            await pilot.press("Y")
            await pilot.pause()
            assert "2026-10" in read(app, "#head")


async def test_faults_are_told_at_the_start_and_under_problems() -> None:
    app = configure('theme = "[/]"\n[keys]\nrecord = "x"\na = "A"\nb = "B"\nc = "C"\n')
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        await pilot.pause(0.2)
        told = [one.message for one in app._notifications]
        assert any("'[/]' is no theme" in one for one in told)
        assert len(told) == 4
        assert app.theme == "scorecard-dark"
        await pilot.press("6")
        await pilot.pause(0.3)
        shown = str(app.screen.query_one("#config Static", Static).content)
        assert shown.count("\n") == 4
        assert "'record' and 'export' would both be on 'x'" in shown


async def test_a_theme_of_the_user_is_one_of_the_themes() -> None:
    text = 'theme = "dusk"\n[themes.dusk]\nbase = "light"\nbackground = "#FFFFF0"\n'
    app = configure(text)
    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        assert app.theme == "scorecard-dusk"
        assert app.current_theme.background == "#FFFFF0"
        assert app.theme_variables["status-green"] == "#127A35"
        seen = set()
        for _ in range(4):
            await pilot.press("t")
            seen.add(app.theme)
        assert seen == {"scorecard-dark", "scorecard-light", "scorecard-high-contrast", "scorecard-dusk"}


@pytest.mark.parametrize(
    ("said", "remembered", "config", "shown"),
    [
        (None, "", "", "dark"),
        (None, "", "light", "light"),
        (None, "high-contrast", "light", "high-contrast"),
        ("dark", "high-contrast", "light", "dark"),
        (None, "gone", "light", "light"),
    ],
)
def test_which_theme_it_begins_with(said: str | None, remembered: str, config: str, shown: str) -> None:
    seat = Seat(theme=remembered and f"scorecard-{remembered}")
    app = ReviewApp(str(EXAMPLE), theme=said, config=Config(theme=config), seat=seat)
    assert app.theme == f"scorecard-{shown}"
    assert app.take_seat().theme == seat.theme  # only what is chosen in the app is remembered


async def test_it_begins_where_the_last_session_on_the_path_ended() -> None:
    seat = Seat(str(EXAMPLE), "social_media", "scorecard", "post_content", "")
    app = ReviewApp(os.path.relpath(EXAMPLE), seat=seat)
    async with app.run_test(size=(132, 40)) as pilot:
        await wait_until(pilot, lambda: app.evaluations and app.shell.query("ScoreTable"))
        await pilot.pause(0.2)
        assert (app.shell.open_id, app.shell.session.goal) == ("scorecard", "post_content")
        await pilot.press("t", "5")
        await pilot.pause()
        left = app.take_seat()
    assert left == Seat(str(EXAMPLE), "social_media", "initiatives", left.goal, "scorecard-light")


@pytest.mark.parametrize(
    "seat",
    [
        Seat("/elsewhere", "social_media", "scorecard", "post_content"),
        Seat(str(EXAMPLE), "social_media", "gone", "gone"),
        Seat(str(EXAMPLE), "gone", "map", "post_content"),
    ],
)
async def test_what_is_no_longer_there_is_not_looked_for(seat: Seat) -> None:
    app = ReviewApp(str(EXAMPLE), seat=seat)
    async with app.run_test(size=(132, 40)) as pilot:
        await wait_until(pilot, lambda: app.evaluations and app.shell.query("StrategyMap"))
        assert (app.shell.open_id, app.shell.session.goal) == ("map", None)


async def test_the_command_line_wins_over_the_last_screen() -> None:
    app = ReviewApp(str(EXAMPLE), present=True, seat=Seat(str(EXAMPLE), "social_media", "scorecard"))
    async with app.run_test(size=(132, 40)) as pilot:
        await wait_until(pilot, lambda: app.shell.open_id == "review")


def test_what_is_remembered_comes_back() -> None:
    seat = Seat("/strategies/\udcff", "s", "map", "g", "scorecard-light")
    remember("by", "Ann")
    remember_seat(seat)
    assert recall_seat() == seat
    assert recall("by") == "Ann"
    assert [path.name for path in memory._path().parent.iterdir()] == ["app.json"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"[" * 90_000, b"x" * 200_000, b'{"last.path": {"a": 1}}'])
def test_a_damaged_memory_is_none(data: bytes) -> None:
    memory._path().parent.mkdir(parents=True)
    memory._path().write_bytes(data)
    assert recall("by") == ""
    assert recall_seat().screen == ""
    remember("by", "Ann")
    assert recall("by") == "Ann"


def test_a_session_that_only_looks_leaves_nothing() -> None:
    ReviewApp(str(EXAMPLE), read_only=True)
    remember_seat(Seat("/x"))
    assert not memory._path().exists()
    ReviewApp(str(EXAMPLE))
    remember_seat(Seat("/x"))
    assert recall_seat().path == "/x"


def test_which_path_is_opened_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert choose_path() == (".", "")
    remember_seat(Seat(str(EXAMPLE)))
    (tmp_path / "docker.yaml").write_text("services: {}\n")
    os.mkfifo(tmp_path / "pipe.yaml")
    path, said = choose_path()
    assert path == str(EXAMPLE)
    assert "no strategy in this folder" in said
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "s.yaml").write_text("# one\nstrategy: s\n")
    assert choose_path() == (".", "")
    shutil.rmtree(tmp_path / "sub")
    remember_seat(Seat(str(tmp_path / "gone")))
    assert choose_path() == (".", "")


def test_the_last_strategy_opens_in_a_terminal_as_it_was_left(open_terminal, tmp_path: Path) -> None:  # noqa: F811
    example = shutil.copytree(EXAMPLE, tmp_path / "social_media")
    (tmp_path / "empty").mkdir()
    write_config('[keys]\nquit = "Q"\n')
    terminal = open_terminal(100, 30)
    terminal.type(f"cd {tmp_path / 'empty'}; {sys.executable} -m scorecard tui {example}; echo ended with $?")
    terminal.wait(lambda screen: "Stakeholders" in screen)
    terminal.press("5", "t")
    terminal.wait(lambda screen: "overdue" in screen and "Q Quit" in screen)
    terminal.press("Q")
    terminal.wait(lambda screen: "ended with 0" in screen)
    terminal.type(f"clear; {sys.executable} -m scorecard tui; echo ended with $?")
    screen = terminal.wait(lambda screen: "opened last" in screen and "overdue" in screen)
    assert "5 Initiatives" in screen
    terminal.press("Q")
    terminal.wait(lambda screen: "ended with 0" in screen)
    assert recall_seat() == Seat(str(example), "social_media", "initiatives", recall_seat().goal, "scorecard-light")
