"""A monkey at the review room: random keys, text, clicks and sizes, after which the app still runs and the files are sound.

About 600 actions by default. `SCORECARD_MONKEY=20000 pytest tests/test_app_monkey.py` takes that many; `SCORECARD_MONKEY_SEED`
chooses others. Quitting does nothing here, the editor is `true`, and every file that is written has to lie in the test's folder.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from random import Random

import pytest
from command_line import CLEAN, run
from test_app import TODAY, wait_until
from textual import events
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.widgets import Input
from textual.worker import Worker

from scorecard.tui.app import ReviewApp
from scorecard.tui.keys import FIXED, KEYS, MOVING, split_keys
from scorecard.tui.session import open_path

ACTIONS = int(os.environ.get("SCORECARD_MONKEY", 600))
SEED = int(os.environ.get("SCORECARD_MONKEY_SEED", 4))
pytestmark = pytest.mark.timeout(300 + ACTIONS)
STRATEGIES = Path(__file__).parent.parent / "strategies"
BOUND = sorted({key for keys in KEYS.values() for key in split_keys(keys)} | MOVING | FIXED | set("ABCDEFGZ0123456789"))
MENDING = ("escape", "escape", "enter", "space", "tab", "up", "down", "ctrl+p")  # pressed more often: they lead on
# Text that questions expect, and some that nobody does. Neither "/" nor "~": a file name would leave the folder.
WORDS = (
    "2026-04",
    "2025-Q3",
    "12.5%",
    "1e3",
    "-7",
    "",
    "Ann",
    "status:red owner:maria",
    "sort",
    "[/]",
    "日本語 🎯",
    "a\\",
    "'\"",
)
OWN = ("scorecard.sqlite", "scorecard.sqlite-wal", "scorecard.sqlite-shm", "scorecard.packed", "strategy.yaml")
_PATIENCE = 20.0  # seconds for one action, before the app counts as stuck
written: list[str] | None = None  # paths opened for writing while a monkey plays


def _listen(event: str, words: tuple[object, ...]) -> None:
    if written is None:
        return
    if event == "open" and isinstance(words[0], str) and isinstance(words[2], int):
        if words[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(os.path.abspath(words[0]))
    elif event in ("os.rename", "os.mkdir", "os.remove", "os.truncate", "os.symlink", "sqlite3.connect"):
        written.extend(os.path.abspath(word) for word in words[:2] if isinstance(word, str))


sys.addaudithook(_listen)


class Monkey:
    """Acts on an app at random, and remembers what it did last. `left` are the actions to come."""

    def __init__(self, app: ReviewApp, actions: int, source: Path) -> None:
        self.app, self.left, self.source = app, actions, source
        self.random = Random(SEED)
        self.did: deque[str] = deque(maxlen=40)
        self._ways: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.press, 80),
            (self.write, 4),
            (self.click, 12),
            (self.scroll, 3),
            (self.hover, 3),
            (self.resize, 2),
            (self.meddle, 1),
        ]

    async def act(self) -> None:
        ways, weights = zip(*self._ways, strict=True)
        await self.random.choices(ways, weights)[0]()

    async def press(self) -> None:
        """A key: any that has a meaning anywhere, one that means something now, or one that leads on."""
        here = sorted(self.app.screen.active_bindings)
        await self.key(self.random.choice(self.random.choice((BOUND, here or BOUND, MENDING))))

    async def write(self) -> None:
        for letter in self.random.choice(WORDS):
            await self.key(letter)
        await self.key(self.random.choice(("enter", "tab", "escape")))

    async def key(self, key: str) -> None:
        """Press a key; where a name is typed, none that would lead into another folder."""
        if isinstance(self.app.focused, Input) and key in ("slash", "/", "~"):
            return
        await self.send(
            key, events.Key(_character_to_key(key) if len(key) == 1 else key, key if len(key) == 1 else None)
        )

    async def click(self) -> None:
        at = self._place()
        for kind in (events.MouseDown, events.MouseUp) * self.random.choice((1, 1, 2)):
            await self.send(f"{kind.__name__} {at}", kind(None, *at, 0, 0, 1, False, False, False, *at))

    async def hover(self) -> None:
        at = self._place()
        await self.send(f"hover {at}", events.MouseMove(None, *at, 1, 1, 0, False, False, False, *at))

    async def scroll(self) -> None:
        at, kind = self._place(), self.random.choice((events.MouseScrollDown, events.MouseScrollUp))
        await self.send(f"{kind.__name__} {at}", kind(None, *at, 0, 0, 0, False, False, False, *at))

    async def resize(self) -> None:
        size = Size(*self.random.choice(((40, 12), (59, 20), (80, 24), (100, 30), (132, 40), (200, 60))))
        assert self.app._driver
        self.app._driver._size = size  # type: ignore[attr-defined]
        await self.send(f"size {size}", events.Resize(size, size))

    async def send(self, words: str, event: events.Event) -> None:
        """Hand an event to the app, as a terminal does, and wait until it was taken; not for what comes of it in time."""
        self.did.append(words)
        self.left -= 1
        event.set_sender(self.app)
        assert self.app._driver
        self.app._driver.send_message(event)
        for taker in (self.app, self.app.screen, self.app.focused):
            taken = asyncio.Event()
            if taker and taker.is_running and taker.call_later(taken.set):
                await asyncio.wait_for(taken.wait(), _PATIENCE)
        await asyncio.sleep(0)

    async def meddle(self) -> None:
        """Somebody else saves the strategy: broken, or mended again."""
        self.did.append("meddle")
        text = self.source.read_text(encoding="utf-8")
        broken = "laging:" in text
        self.source.write_text(
            text.replace("laging:", "lagging:") if broken else text.replace("lagging:", "laging:", 1), encoding="utf-8"
        )

    def mend(self) -> None:
        """Leave the strategy without the fault."""
        text = self.source.read_text(encoding="utf-8")
        self.source.write_text(text.replace("laging:", "lagging:"), encoding="utf-8")

    def _place(self) -> tuple[int, int]:
        width, height = self.app.size
        return self.random.randrange(width), self.random.randrange(height)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in that is the home of everything written; an editor that does nothing."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setenv("SCORECARD_BY", "Monkey")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(ReviewApp, "suspend", lambda self: nullcontext())
    global written
    written = []
    yield tmp_path
    written = None


async def play(app: ReviewApp, source: Path, actions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a monkey act on the app; whatever is raised, also in a thread, is told with what was done before."""
    faults: list[BaseException] = []
    work = Worker.run

    async def listen(worker: Worker[object]) -> object:
        try:
            return await work(worker)
        except Exception as error:
            faults.append(error)
            raise

    async def stay(self: ReviewApp) -> None:
        """Quit does nothing."""

    monkeypatch.setattr(Worker, "run", listen)
    monkeypatch.setattr(ReviewApp, "action_quit", stay)
    async with app.run_test(size=(132, 40), notifications=True) as pilot:
        monkey = Monkey(app, actions, source)
        while monkey.left > 0:
            try:
                await monkey.act()
            except Exception as error:
                faults.append(error)
            if app._exception:
                faults.append(app._exception)
            if faults or not app.is_running:
                raise AssertionError(f"{monkey.left} left, {len(faults)} faults, after {list(monkey.did)}") from next(
                    iter(faults), None
                )
        monkey.mend()
        await pilot.resize_terminal(132, 40)
        for _ in range(12):
            await pilot.press("escape")
        if app.screen.query("HelpPanel"):
            app.action_hide_help_panel()
        while app.screen is not app.shell:
            app.pop_screen()
        app.action_reload()
        await wait_until(pilot, lambda: not app.trouble)
        app.shell.action_open("scorecard")
        await pilot.pause()
        assert app.shell.view
        assert app.shell.view.display


@pytest.mark.parametrize(
    ("name", "actions", "where"),
    [("social_media", ACTIONS * 4 // 5, {}), ("bakeries", ACTIONS // 5, {"store": "Opera"})],
    ids=["social_media", "bakeries"],
)
async def test_a_monkey_neither_ends_the_app_nor_harms_a_file(
    alone: Path, name: str, actions: int, where: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(STRATEGIES / name, alone / name))
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    app = ReviewApp(str(folder), open_path(str(folder), TODAY), where=where)
    await play(app, folder / "strategy.yaml", actions, monkeypatch)
    assert written
    outside = [path for path in written if not Path(path).is_relative_to(alone) and not path.startswith("/dev/")]
    assert not outside
    after = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path, content in after.items():
        may_change = path.name in OWN or (path.parent.name, path.suffix) in (("reviews", ".md"), ("scenarios", ".yaml"))
        assert may_change or before.get(path) == content, path
    assert before.keys() <= after.keys()
    checked = run("check", folder)
    assert checked.exit_code == CLEAN, checked.output
