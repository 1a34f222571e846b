"""The server: one page on loopback, told to nobody but those who have its token, and the visitors it lets in.

Every request has to name the host that is served and begin with the token; what does not gets an answer without a word.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import signal
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import WSMsgType, web

from scorecard.serve.page import File, write_page
from scorecard.serve.visitor import Size, Visitor, clamp

MOST_VISITORS = 8
ENDED, FAILED, FULL = 4000, 4001, 4002  # how a visit ends, as page.js reads it; 1001 where the server does
_MESSAGE = 65_536  # bytes of one message
_HEARTBEAT = 20.0  # seconds after which a browser is asked whether it is still there
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "clipboard-read=(), camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves `files` and a page called `title`, and runs `command` for each visitor. `address` is known once it listens."""

    def __init__(self, title: str, files: dict[str, File], command: Sequence[str]) -> None:
        self._title, self._files, self._command = title, files, command
        self._token = secrets.token_urlsafe(32)
        self._host = ""  # as a browser names it: host and port
        self._visitors: set[Visitor] = set()
        self._ending = asyncio.Event()

    @property
    def address(self) -> str:
        return f"{self._origin}/{self._token}/"

    @property
    def _origin(self) -> str:
        return f"http://{self._host}"

    async def run(self, host: str, port: int, ready: Callable[[str], None]) -> None:
        """Listen until SIGINT, SIGTERM or SIGHUP; `ready` is called with the address. Port 0 is any that is free.

        Raises OSError where the port cannot be had.
        """
        app = web.Application(middlewares=[self._guard])
        app.on_response_prepare.append(_add_headers)
        app.router.add_get("/{token}/", self._send_page)
        app.router.add_get("/{token}/socket", self._meet)
        app.router.add_get("/{token}/{name}", self._send_file)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=6.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            self._host = _name_host(host, runner.addresses[0][1])
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(name, self._ending.set)
            ready(self.address)
            await self._ending.wait()
        finally:
            self._ending.set()  # the visits end by it; they are waited for
            await runner.cleanup()
            for visitor in self._visitors:
                visitor.kill()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The one door: the host that is served, and the token. A browser that was led here by another name has neither, a
        page elsewhere is named as the origin; who opens the page in a browser names none."""
        token = request.path.partition("/")[2].partition("/")[0]
        origins = request.headers.getall("Origin", [])
        if request.headers.getall("Host", []) != [self._host] or origins not in ([], [self._origin]):
            return web.Response(status=403)
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            return web.Response(status=404)
        try:
            return await handler(request)
        except web.HTTPException:
            return web.Response(status=404)

    async def _send_page(self, request: web.Request) -> web.Response:
        if request.query_string:  # the terminal would take settings from there
            return web.Response(status=404)
        nonce, socket = secrets.token_urlsafe(16), f"ws://{self._host}/{self._token}/socket"
        policy = (
            "default-src 'none'; script-src 'self'; font-src 'self'; img-src 'self'; "
            f"style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; connect-src {socket}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        text = write_page(self._title, socket, nonce)
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def _send_file(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["name"])
        return web.Response(body=file.data, content_type=file.kind) if file else web.Response(status=404)

    async def _meet(self, request: web.Request) -> web.StreamResponse:
        """A visit, from the page's first message to the end of its process."""
        if "Origin" not in request.headers:  # a page's socket always names it
            return web.Response(status=403)
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=_MESSAGE, compress=False, timeout=1.0)
        await socket.prepare(request)
        word = FULL
        if await self._find_room():
            visitor = Visitor()
            self._visitors.add(visitor)
            try:
                word = await self._attend(visitor, socket, _read_size(request))
            finally:
                await visitor.end()
                self._visitors.discard(visitor)
        await socket.close(code=word)
        return socket

    async def _find_room(self) -> bool:
        """Whether one more may come in; where somebody is just leaving, as a page does that is loaded anew, wait for that."""
        while len(self._visitors) >= MOST_VISITORS:
            leaving = [visitor.gone.wait() for visitor in self._visitors if visitor.is_leaving]
            if not leaving:
                return False
            for first in asyncio.as_completed(leaving):
                await first
                break
        return True

    async def _attend(self, visitor: Visitor, socket: web.WebSocketResponse, size: Size) -> int:
        """Go between the visitor's page and process until one of them, or the server, ends; how it ended."""
        try:
            await visitor.begin(self._command, size)
        except OSError:  # no process, no memory
            return FAILED
        showing = asyncio.create_task(visitor.show(socket.send_bytes))
        hearing = asyncio.create_task(_hear(visitor, socket))
        ending = asyncio.create_task(self._ending.wait())
        tasks = (showing, hearing, ending)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._ending.is_set() or showing.cancelled() or showing.exception():
            return 1001
        return FAILED if showing.result() else ENDED


async def _hear(visitor: Visitor, socket: web.WebSocketResponse) -> None:
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            visitor.hear(message.data)


def _read_size(request: web.Request) -> Size:
    """The size that the page says first; what is no number is the usual one."""
    texts = request.query.get("width", ""), request.query.get("height", "")
    if not all(text.isascii() and text.isdigit() and len(text) < 7 for text in texts):
        return Size()
    return clamp(int(texts[0]), int(texts[1]))


def _name_host(host: str, port: int) -> str:
    """As a browser names it in Host and Origin."""
    return host if port == 80 else f"{host}:{port}"


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    for name, text in _HEADERS.items():
        response.headers.setdefault(name, text)
    response.headers.pop("Server", None)
