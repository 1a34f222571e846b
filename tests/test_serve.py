"""`scorecard serve`: the app in a real browser, and everything that a page, a visitor or a stranger must not be able to do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from command_line import SHOP, WRONG_USE, run, write_strategy
from playwright.async_api import Page, async_playwright
from test_app import TODAY
from textual import events
from textual._xterm_parser import XTermParser
from textual.pilot import Pilot

from scorecard.serve.driver import BrowserDriver
from scorecard.serve.page import load_files
from scorecard.serve.server import ENDED, FAILED, FULL, MOST_VISITORS, Server
from scorecard.serve.visitor import PATIENCE, UNREAD, Size, Visitor, clamp
from scorecard.tui.app import ReviewApp
from scorecard.tui.memory import remember
from scorecard.tui.screens.review import ReviewView
from scorecard.tui.screens.what_if import WhatIfView
from scorecard.tui.session import Batch, open_path
from scorecard.tui.themes import THEMES

EXAMPLE = Path(__file__).parent.parent / "strategies" / "social_media"
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
DRAWS_ITSELF, DRAWS_TEXT = "--no-sandbox", "--disable-3d-apis"  # without WebGL the terminal is text in the page

# An app that draws the size it is given, then what it is sent; on "q" it ends, on "c" with an error.
ECHO = """
import os
def draw(data): os.write(1, b"D" + len(data).to_bytes(4, "big") + data)
os.write(1, b"__GANGLION__\\n")
draw((os.environ["COLUMNS"] + "x" + os.environ["ROWS"]).encode())
while data := os.read(0, 65536):
    if data.endswith((b"q", b"c")):
        raise SystemExit(data.endswith(b"c"))
    draw(data)
"""
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pid = str(os.getpid()).encode()
os.write(1, b"__GANGLION__\\nD" + len(pid).to_bytes(4, "big") + pid)
time.sleep(600)
"""
ENDLESS = """
import os, sys
os.write(1, b"__GANGLION__\\n")
for count in range(10**9):
    os.write(1, b"D" + (1000).to_bytes(4, "big") + b"x" * 1000)
    with open(sys.argv[1], "w") as file:
        file.write(str(count))
"""


async def wait_until(holds: Callable[[], object], tries: int = 300) -> None:
    for _ in range(tries):
        if holds():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come about")


@dataclass
class Running:
    """A server process, and what it said."""

    process: subprocess.Popen[str]
    address: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def children(self) -> list[int]:
        rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = (map(int, row.split()) for row in rows.splitlines())
        return [pid for pid, parent in pairs if parent == self.process.pid]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "social_media"))


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start the command; in the end every server is told to end, and must have no process left."""
    started: list[Running] = []
    home = {"HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path / "state"), "EDITOR": "touch edited"}

    def start(path: Path, *options: str) -> Running:
        command = [sys.executable, "-m", "scorecard", "serve", str(path), "--port", "0", *options]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=os.environ | home
        )
        assert process.stdout
        started.append(Running(process, process.stdout.readline().strip()))
        return started[-1]

    yield start
    for one in started:
        one.process.terminate()
        one.process.communicate(timeout=30)
        assert one.process.returncode in (0, -signal.SIGKILL)
        assert one.children() == []


@dataclass
class Look:
    """A page, and what went wrong on it."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    drawn: list[bytes] = field(default_factory=list)

    async def text(self) -> str:
        """What the terminal shows, where it is drawn as text."""
        return (await self.page.locator(".xterm-rows").inner_text()).replace("\xa0", " ")

    async def wait(self, words: str) -> None:
        for _ in range(300):
            if words in await self.text():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(await self.text())


@contextlib.asynccontextmanager
async def look_at(address: str, draws: str = DRAWS_TEXT) -> AsyncIterator[Look]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", draws])
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        look = Look(page)
        page.on("console", lambda one: look.wrong.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: look.wrong.append(str(error)))
        page.on("request", lambda one: look.asked.append(one.url))
        page.on("websocket", lambda one: one.on("framereceived", lambda data: look.drawn.append(bytes(data))))
        await page.goto(address)
        yield look
        await browser.close()


# In the browser


@needs_chromium
async def test_the_map_is_in_the_browser_and_keys_move_in_it(example: Path, serve: Callable[..., Running]) -> None:
    server = serve(example)
    async with look_at(server.address) as look:
        await look.wait("Social media marketing · 2026-10")
        await look.wait("Achieve valuable")
        await look.wait("q Quit")
        assert await look.page.title() == "Social media marketing"
        await look.page.keyboard.press("[")
        await look.wait("Social media marketing · 2026-09")
        await look.page.keyboard.press("ArrowDown")
        await look.wait("Drivers")
        await look.page.mouse.click(200, 265)
        await look.wait("Personal brand interaction")
        await look.page.keyboard.press("y")
        await look.wait("Sent to the clipboard of the browser.")
        await look.page.set_viewport_size({"width": 500, "height": 600})
        await look.wait("7 Rev 8 Mem")  # the titles of the screens, shortened
        scrolled = (
            "document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth"
        )
        assert not await look.page.evaluate(scrolled)
        assert look.wrong == []
        assert {urlsplit(one).netloc for one in look.asked} == {server.host}
        assert all(one.startswith(server.address) for one in look.asked)
    await wait_until(lambda: not server.children())


@needs_chromium
async def test_it_is_drawn_where_the_browser_has_webgl(example: Path, serve: Callable[..., Running]) -> None:
    async with look_at(serve(example, "--theme", "light").address, DRAWS_ITSELF) as look:
        await wait_until(lambda: b"Achieve valuable" in b"".join(look.drawn))
        await look.page.keyboard.press("[")
        await wait_until(lambda: b"2026-09" in b"".join(look.drawn))
        assert await look.page.locator("canvas").count() > 0
        assert await look.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert look.wrong == []


@needs_chromium
async def test_who_quits_is_told_so_and_may_begin_again(example: Path, serve: Callable[..., Running]) -> None:
    server = serve(example)
    async with look_at(server.address) as look:
        await look.wait("Achieve valuable")
        await look.page.keyboard.press("q")
        await look.page.get_by_text("The scorecard is closed.").wait_for()
        assert server.children() == []
        await look.page.keyboard.press("Enter")  # the button has the focus
        await look.wait("Achieve valuable")
        server.process.terminate()
        await look.page.get_by_text("The server has ended").wait_for()
        assert await asyncio.to_thread(server.process.wait, 30) == 0
        assert look.wrong == []


@needs_chromium
async def test_the_ninth_visitor_is_told_so_and_a_page_loaded_anew_is_not_one() -> None:
    async with serve_app(ECHO) as (address, _), aiohttp.ClientSession() as session:
        sockets = [await meet(session, address) for _ in range(MOST_VISITORS - 1)]
        async with look_at(address) as look:
            await look.wait("x")
            await look.page.reload()
            await look.wait("x")
            ninth = await meet(session, address)
            assert (await ninth.receive()).data == FULL
            sockets.append(await meet(session, address))  # also refused
            await look.page.goto("about:blank")
            sockets.append(await take_place(session, address))
            await look.page.goto(address)
            await look.page.get_by_text("As many people as can be").wait_for()


# Strangers


async def test_nobody_gets_a_word_without_token_host_and_origin(example: Path, serve: Callable[..., Running]) -> None:
    server = serve(example)
    root = f"http://{server.host}"
    token = urlsplit(server.address).path.strip("/")
    assert len(token) >= 32
    port = server.host.partition(":")[2]
    origin = {"Origin": root}
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    upgrade["Sec-WebSocket-Key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
    asked: list[tuple[str, dict[str, str]]] = [
        (f"{root}{path}", origin | upgrade if path.endswith("socket") else {})
        for start in ("", "/x", f"/{token[:-1]}", f"/{token}x", f"/{token.swapcase()}", "/%ff", "/ä", "//")
        for path in (start, f"{start}/", f"{start}/textual.js", f"{start}/page.css", f"{start}/socket")
    ]
    names = (
        f"localhost:{port}",
        f"evil.example:{port}",
        "127.0.0.1",
        f"127.0.0.1:{int(port) - 1}",
        f"127.1:{port}",
        "",
    )
    asked += [(server.address, {"Host": name}) for name in names]
    asked += [(server.address + "textual.js", {"Host": name}) for name in names]
    socket = server.address + "socket"
    asked += [(socket, origin | upgrade | {"Host": name}) for name in names]
    origins = ("null", "http://evil.example", f"https://{server.host}", f"http://localhost:{port}", f"{root}/")
    asked += [(socket, upgrade | {"Origin": one}) for one in origins] + [(socket, upgrade)]
    asked += [
        (server.address + name, {}) for name in ("../", "index.html", "page.py", "%2e%2e/server.py", "?delay=1", "x/y")
    ]
    async with aiohttp.ClientSession() as session:
        for address, headers in asked:
            for method in ("GET", "POST", "HEAD", "OPTIONS"):
                async with session.request(method, address, headers=headers) as answer:
                    assert (answer.status in (403, 404), await answer.read()) == (True, b""), (method, address, headers)
                    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
                    assert "Server" not in answer.headers
        async with session.get(server.address) as answer:
            assert answer.status == 200
    assert server.children() == []


async def test_pages_elsewhere_get_neither_the_page_nor_its_files(example: Path, serve: Callable[..., Running]) -> None:
    server = serve(example)
    root = f"http://{server.host}"
    port = server.host.partition(":")[2]
    others = ("null", "", "http://evil.example", f"https://{server.host}", f"http://localhost:{port}", f"{root}/")
    asked = [*([("Origin", one)] for one in others), [("Origin", root), ("Origin", "http://evil.example")]]
    async with aiohttp.ClientSession() as session:
        for name in ("", *load_files(THEMES[0])):
            for headers in asked:
                async with session.get(server.address + name, headers=headers) as answer:
                    assert (answer.status, await answer.read()) == (403, b""), (name, headers)
                    assert "Access-Control-Allow-Origin" not in answer.headers
            for own in ({}, {"Origin": root}):
                async with session.get(server.address + name, headers=own) as answer:
                    assert (answer.status, bool(await answer.read())) == (200, True), (name, own)


async def test_a_request_that_names_two_hosts_or_is_none_gets_no_page(
    example: Path, serve: Callable[..., Running]
) -> None:
    server = serve(example)
    path, port = urlsplit(server.address).path, int(server.host.partition(":")[2])
    for lines in ([f"GET {path} HTTP/1.1", f"Host: {server.host}", "Host: evil"], [f"GET {path} HTTP/1.0"], ["what"]):
        with socket.create_connection(("127.0.0.1", port)) as plain:
            plain.settimeout(20)
            plain.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
            with plain.makefile("rb") as answer:
                found = await asyncio.to_thread(answer.read)
        assert found.split()[1] in (b"400", b"403")
        assert b"Social" not in found


async def test_every_answer_has_strict_headers(example: Path, serve: Callable[..., Running]) -> None:
    server = serve(example)
    async with aiohttp.ClientSession() as session:
        for name in ("", *load_files(THEMES[0])):
            async with session.get(server.address + name) as answer:
                said = answer.headers
                assert answer.status == 200
                assert (said["Cache-Control"], said["Referrer-Policy"]) == ("no-store", "no-referrer")
                assert said["X-Content-Type-Options"] == "nosniff"
        async with session.get(server.address) as answer:
            policy = dict(part.split(maxsplit=1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert policy["connect-src"] == server.address.replace("http:", "ws:") + "socket"
    assert "unsafe" not in policy["style-src"]


# A visitor


@contextlib.asynccontextmanager
async def serve_app(app: str, *words: str) -> AsyncIterator[tuple[str, Server]]:
    """A server in this process, which runs an app of ours for each visitor."""
    server = Server("Test", load_files(THEMES[0]), [sys.executable, "-c", app, *words])
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(server.run("127.0.0.1", 0, found.set_result))
    try:
        yield await found, server
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        await running


async def meet(session: aiohttp.ClientSession, address: str, query: str = "") -> aiohttp.ClientWebSocketResponse:
    parts = urlsplit(address)
    return await session.ws_connect(f"ws://{parts.netloc}{parts.path}socket{query}", origin=f"http://{parts.netloc}")


async def take_place(session: aiohttp.ClientSession, address: str) -> aiohttp.ClientWebSocketResponse:
    """Come in as soon as a place is free."""
    for _ in range(100):
        socket = await meet(session, address)
        if (await socket.receive()).type == aiohttp.WSMsgType.BINARY:
            return socket
    raise AssertionError("no place came free")


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("", "80x24"),
        ("?width=132&height=40", "132x40"),
        ("?width=99999&height=99999", "500x200"),
        ("?width=0&height=0", "20x6"),
        ("?width=-5&height=40", "80x24"),
        ("?width=1e3&height=40", "80x24"),
        ("?width=٣٣&height=40", "80x24"),
        (f"?width={'9' * 5000}&height=40", "80x24"),
    ],
)
async def test_the_size_is_clamped(query: str, size: str) -> None:
    async with serve_app(ECHO) as (address, _), aiohttp.ClientSession() as session:
        socket = await meet(session, address, query)
        assert (await socket.receive()).data.decode() == size


async def test_messages_reach_the_app_and_what_is_none_does_not() -> None:
    async with serve_app(ECHO) as (address, _), aiohttp.ClientSession() as session:
        visitor = await meet(session, address)
        await visitor.receive()
        for nonsense in (
            "", "[", "{}", "3", "[" * 30_000, '["stdin"]', '["stdin", 3]', '["ping", "1"]', '["quit"]', "[NaN]",
            '["resize", {"width": 1.5, "height": 2}]', '["resize", {"width": "90", "height": 2}]', '["resize", [1, 2]]',
            '["open_url", "http://evil.example"]',
        ):  # fmt: skip
            await visitor.send_str(nonsense)
        await visitor.send_bytes(b'["stdin", "z"]')
        await visitor.send_str('["resize", {"width": 1000000, "height": 30}]')
        meta = b'{"type": "resize", "width": 500, "height": 30}'
        assert (await visitor.receive()).data == b"M" + len(meta).to_bytes(4, "big") + meta
        await visitor.send_str('["stdin", "ä\\ud800"]')
        assert (await visitor.receive()).data == b"D\0\0\0\x03\xc3\xa4?"
        await visitor.send_str('["stdin", "q"]')
        assert (await visitor.receive()).data == ENDED


async def test_an_app_that_ends_over_an_error_or_never_begins_is_told_apart() -> None:
    async with serve_app(ECHO) as (address, _), aiohttp.ClientSession() as session:
        visitor = await meet(session, address)
        await visitor.receive()
        await visitor.send_str('["stdin", "c"]')
        assert (await visitor.receive()).data == FAILED
    async with serve_app("raise SystemExit('no')") as (address, _), aiohttp.ClientSession() as session:
        assert (await (await meet(session, address)).receive()).data == FAILED


async def test_a_message_that_is_too_long_ends_the_visit() -> None:
    async with serve_app(ECHO) as (address, _), aiohttp.ClientSession() as session:
        visitor = await meet(session, address)
        await visitor.receive()
        await visitor.send_str('["stdin", "' + "x" * 100_000 + '"]')
        assert (await visitor.receive()).data == 1009


async def test_an_app_that_does_not_end_is_killed_in_time() -> None:
    assert PATIENCE < 5
    async with serve_app(STUBBORN) as (address, _), aiohttp.ClientSession() as session:
        visitor = await meet(session, address)
        pid = int((await visitor.receive()).data)
        assert is_there(pid)
        await visitor.close()
        await wait_until(lambda: not is_there(pid))


async def test_what_a_slow_browser_does_not_take_is_not_drawn(tmp_path: Path) -> None:
    visitor = Visitor()
    await visitor.begin([sys.executable, "-c", ENDLESS, str(tmp_path / "count")], Size())
    showing = asyncio.create_task(visitor.show(lambda _: asyncio.sleep(600)))
    counts = [""]
    while len(counts) < 20 or counts[-1] != counts[-10]:  # until it stands still
        await asyncio.sleep(0.1)
        counts.append((tmp_path / "count").read_text() if (tmp_path / "count").exists() else "")
    assert 0 < int(counts[-1]) < 2000  # of 1,000 bytes each
    showing.cancel()
    await visitor.end()
    assert visitor.gone.is_set()


async def test_what_an_app_does_not_take_is_dropped() -> None:
    visitor = Visitor()
    await visitor.begin([sys.executable, "-c", STUBBORN], Size())
    for _ in range(1000):
        visitor.hear('["stdin", "' + "x" * 10_000 + '"]')
    assert visitor._process
    assert visitor._process.stdin
    assert visitor._process.stdin.transport.get_write_buffer_size() < UNREAD + 20_000
    visitor.kill()
    await visitor.end()
    visitor.hear('["stdin", "x"]')  # too late, and no matter


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_sizes_stay_within_bounds() -> None:
    assert clamp(10**30, -(10**30)) == (500, 6)
    assert clamp(100, 50) == (100, 50)


# The process of the app


async def test_all_processes_end_with_the_server(example: Path, serve: Callable[..., Running]) -> None:
    server = serve(example)
    async with aiohttp.ClientSession() as session:
        visitors = [await meet(session, server.address) for _ in range(2)]
        for one in visitors:
            await one.receive()
        pids = server.children()
        assert len(pids) == 2
        server.process.send_signal(signal.SIGINT)
        while (last := await visitors[0].receive()).type == aiohttp.WSMsgType.BINARY:
            pass
        assert last.data == 1001
        await asyncio.to_thread(server.process.wait, 30)
        assert server.process.returncode == 0
        assert not any(is_there(pid) for pid in pids)


async def test_a_process_ends_by_itself_when_the_server_was_killed(
    example: Path, serve: Callable[..., Running]
) -> None:
    server = serve(example)
    async with aiohttp.ClientSession() as session:
        visitor = await meet(session, server.address)
        await visitor.receive()
        (pid,) = server.children()
        server.process.kill()
        await wait_until(lambda: not is_there(pid))


async def see(socket: aiohttp.ClientWebSocketResponse, words: str) -> None:
    """Wait until the app has drawn some words, a minute at most."""
    drawn = b""
    async with asyncio.timeout(60):
        while words not in re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", drawn).decode(errors="replace"):
            found = await socket.receive(timeout=30)
            assert found.type == aiohttp.WSMsgType.BINARY, (words, drawn)
            drawn += found.data


async def type_in(session: aiohttp.ClientSession, address: str, *steps: tuple[str, str]) -> None:
    """Send keys to the app, and after each wait until it has drawn some words."""
    socket = await meet(session, address, "?width=132&height=40")
    for keys, words in steps:
        await socket.send_json(["stdin", keys]) if keys else None
        await see(socket, words)
    await socket.close()


async def test_visitors_write_only_where_that_was_asked_for(example: Path, serve: Callable[..., Running]) -> None:
    before = snapshot(example.parent)
    seen, writing = serve(example), serve(example, "--writable")
    async with aiohttp.ClientSession() as session:
        opened = (("", "marketing · 2026"), ("7", "items left"))
        for key in "nev":
            await type_in(session, seen.address, *opened, (key, "only looks"))
        assert snapshot(example.parent) == before
        await type_in(session, writing.address, *opened, ("n", "Ctrl+S"), ("Well done.\x13", "Well done"))
        await type_in(session, writing.address, ("", "marketing · 2026"), ("e", "no editor"))
    assert "Well done." in (example / "reviews" / "2026-10.md").read_text()
    assert not list(example.parent.glob("edited*"))


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder, with its bytes."""
    return {str(one): one.read_bytes() if one.is_file() else None for one in sorted(folder.rglob("*"))}


async def test_a_session_that_only_looks_writes_nothing(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key that would write is pressed; each says that nothing is written."""
    monkeypatch.setenv("XDG_STATE_HOME", str(example.parent / "state"))
    monkeypatch.setenv("HOME", str(example.parent / "home"))
    monkeypatch.setenv("EDITOR", f"touch {example}/edited")
    monkeypatch.setattr("scorecard.tui.memory._read_only", False)  # as it was, afterwards
    monkeypatch.chdir(example)
    (example / "reviews").mkdir()
    (example / "reviews" / "2026-10.md").write_text("# Review\n\n## Closing <!-- close -->\n\n- [ ] Tick me\n")
    before = snapshot(example.parent)
    app = ReviewApp(str(example), open_path(str(example), TODAY), read_only=True)
    said: list[str] = []
    monkeypatch.setattr(app, "notify", lambda text, **_: said.append(text))

    async def refuse(pilot: Pilot[None], *keys: str) -> None:
        for key in keys:
            said.clear()
            await pilot.press(key)
            await pilot.pause()
            assert said == ["This session only looks: nothing is written."], key
            assert app.screen is app.shell, key

    async with app.run_test(size=(132, 40)) as pilot:
        await pilot.pause()
        app.shell.session.recorded.append(Batch("social_media", "2026-10", {}, {"posts": 1.0}, {}, "", ""))
        app.shell.open_detail("business_results", "qualified_interactions")
        await pilot.pause()
        await refuse(pilot, "v", "u", "e", "x")
        await pilot.press("4")
        await wait_until(lambda: app.shell.query("FigureList") and app.shell.query_one(WhatIfView).chosen)
        await pilot.press("enter", "right")
        await refuse(pilot, "K")
        await pilot.press("6")
        await wait_until(lambda: app.shell.query("ProblemList") and app.focused in app.shell.query("ProblemList"))
        await refuse(pilot, "enter", "e")
        await pilot.press("7")
        await wait_until(lambda: app.shell.query(ReviewView) and app.shell.query_one(ReviewView).meeting)
        await pilot.press("space", "space", "home", "down", "down")
        await refuse(pilot, "n", "d", "o", "p", "w")
        await pilot.press("end")
        await refuse(pilot, "A")
        assert "Screenshot" not in {one.title for one in app.get_system_commands(app.screen)}
        app.theme = "scorecard-light"
    remember("name", "Ann")
    assert snapshot(example.parent) == before


async def test_the_driver_opens_nothing_and_takes_no_size_from_what_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.drivers.web_driver.InputReader", lambda: None)  # it would want the test's own stdin
    driver = BrowserDriver(ReviewApp(str(EXAMPLE)), size=(80, 24))
    posted: list[object] = []
    monkeypatch.setattr(driver, "send_message", posted.append)
    monkeypatch.setattr(driver, "_write", lambda _: pytest.fail("something is said to the browser"))
    typed = list(XTermParser().feed("\x1b[48;9999;9999;99999;99999tx"))
    assert any(isinstance(one, events.Resize) for one in typed)
    for one in typed:
        driver.process_message(one)
    assert [type(one) for one in posted] == [events.Key]
    driver.open_url("http://evil.example")
    with (EXAMPLE / "strategy.yaml").open("rb") as file:
        driver.deliver_binary(file, delivery_key="x", save_path=Path("x"))
        assert file.closed


# The command


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_strategy(tmp_path / "shop", SHOP, "kpi,period,value\nmargin,2026-10,15%\n")


def test_without_the_libraries_one_line_says_how_to_get_them(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = run("serve", shop)
    assert (found.exit_code, found.stdout, found.stderr.count("\n")) == (WRONG_USE, "", 1)
    assert "pip install 'scorecard[serve]'" in found.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "no address of the loopback"),
        (["--host", "192.168.1.5"], "no address of the loopback"),
        (["--host", "example.org"], "no address of the loopback"),
        (["--host", "::1"], "'::1' is the loopback of IPv6"),
        (["--host", "[::1]"], "'[::1]' is the loopback of IPv6"),
        (["--theme", "pink"], "there is no theme 'pink'"),
        (["--period", "2026"], "write a month"),
        (["--where", "region"], "says no member"),
        (["--where", "region=north"], "region"),
    ],
)
def test_what_cannot_be_served_is_refused_before_it_is(shop: Path, options: list[str], said: str) -> None:
    found = run("serve", shop, "--port", "0", *options)
    assert (found.exit_code, found.stdout) == (WRONG_USE, "")
    assert said in found.stderr


def test_a_port_that_is_taken_is_said(shop: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = run("serve", shop, "--port", taken.getsockname()[1])
    assert (found.exit_code, found.stdout) == (WRONG_USE, "")
    assert "cannot be had" in found.stderr
    assert "--port" in found.stderr


def test_a_strategy_with_errors_is_not_served(tmp_path: Path) -> None:
    broken = write_strategy(tmp_path / "broken", SHOP.replace("perspective: money", "perspective: nowhere"))
    found = run("serve", broken, "--port", "0")
    assert (found.exit_code, "S2" in found.stdout) == (1, True)


async def test_who_comes_while_the_files_have_errors_sees_them_and_no_editor(
    example: Path, serve: Callable[..., Running]
) -> None:
    server, path = serve(example, "--writable"), example / "strategy.yaml"
    text = path.read_text()
    path.write_text(text.replace("lagging:", "laging:", 1))
    async with aiohttp.ClientSession() as session:
        socket = await meet(session, server.address, "?width=132&height=40")
        await see(socket, "1 error keeps this from opening")
        await socket.send_json(["stdin", "e"])
        await see(socket, "no editor in the browser")
        path.write_text(text)
        await see(socket, "Achieve valuable")
        path.write_text(text.replace("lagging:", "laging:", 1))
        await see(socket, "The last change has errors")
        await socket.close()
        socket = await meet(session, server.address, "?width=132&height=40")
        await see(socket, "1 error keeps this from opening")
        await socket.send_json(["stdin", "q"])
        while (last := await socket.receive(timeout=30)).type == aiohttp.WSMsgType.BINARY:
            pass
        assert last.data == ENDED
    assert not list(example.parent.glob("edited*"))
