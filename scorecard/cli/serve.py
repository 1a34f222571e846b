"""`scorecard serve`: the review room in a browser."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from scorecard.cli.paths import (
    WRONG_USE,
    PathArgument,
    PeriodOption,
    WhereOption,
    note,
    read_where,
    refuse,
)
from scorecard.cli.tui import ThemeOption, read_theme
from scorecard.model.finding import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence


def serve(
    path: PathArgument = ".",
    host: Annotated[str, typer.Option("--host", help="The address of this machine that only it can reach.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 for any that is free.")] = 8000,
    writable: Annotated[bool, typer.Option("--writable", help="Let visitors record values and write minutes.")] = False,
    period: PeriodOption = None,
    where: WhereOption = None,
    theme: ThemeOption = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
) -> None:
    """Walk through the scorecard in a browser on this machine."""
    _ask_for_libraries()
    host = _read_host(host)
    colours = read_theme(theme)
    title = _read_title(path, period, where)

    import asyncio

    from scorecard.serve.page import load_files
    from scorecard.serve.server import Server

    def tell(address: str) -> None:
        print(address, flush=True)
        note(f"{title}, {'to write in too' if writable else 'to look at'}, for all who have this address; Ctrl+C ends")
        if open_page:
            _open(address)

    command = _write_command(path, writable, period, where, theme)

    async def run() -> None:
        await Server(title, load_files(colours), command).run(host, port, tell)

    try:
        asyncio.run(run())
    except OSError as error:
        taken = f"port {port} of {host} cannot be had: {(error.strerror or 'unknown').lower()}"
        refuse(shorten(taken, 200), "choose another with --port; 0 takes any that is free")


def _ask_for_libraries() -> None:
    from importlib.util import find_spec

    if not (find_spec("aiohttp") and find_spec("textual_serve")):
        note("scorecard: serving needs libraries of its own: pip install 'scorecard[serve]'")
        raise typer.Exit(WRONG_USE)


def _read_host(text: str) -> str:
    """An address of the loopback; anything else would show the scorecard to others, unencrypted.

    No IPv6: what a page may connect to cannot be written with such an address.
    """
    from ipaddress import IPv4Address, ip_address

    try:
        address = ip_address("127.0.0.1" if text == "localhost" else text.removeprefix("[").removesuffix("]"))
    except ValueError:
        address = None
    hint = "leave --host out, or write 127.0.0.1"
    if address is None or not address.is_loopback:
        refuse(f"'{shorten(text)}' is no address of the loopback", hint)
    if not isinstance(address, IPv4Address):
        refuse(f"'{shorten(text)}' is the loopback of IPv6, which pages are not served on", hint)
    return str(address)


def _read_title(path: str, period: str | None, where: list[str] | None) -> str:
    """The name of what is served, once it was read and the period and members were found in it."""
    from pathlib import Path

    from scorecard.cli.paths import evaluate, read_scorecards
    from scorecard.compute.histories import has_dimensions

    members = read_where(where)
    report = read_scorecards(path)
    cards = list(report.scorecards.values())
    if period or members:
        for card in [one for one in cards if has_dimensions(one.strategy, members)] or cards:
            evaluate(card, period, 1, members)
    return Path(path).resolve().name if report.workspace else cards[0].strategy.title


def _write_command(
    path: str, writable: bool, period: str | None, where: list[str] | None, theme: str | None
) -> Sequence[str]:
    """The command of a visitor's process. -P: what lies in the present folder is no module."""
    options = [] if writable else ["--read-only"]
    for name, text in (("--period", period), ("--theme", theme), *(("--where", one) for one in where or ())):
        options += [f"{name}={text}"] if text is not None else []
    return [sys.executable, "-P", "-m", "scorecard", "tui", *options, "--", path]


def _open(address: str) -> None:
    """In a thread: some browsers stay until they are closed."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
