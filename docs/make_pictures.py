"""Draws the pictures of the README and of these pages: `python docs/make_pictures.py`.

They show strategies/social_media as the terminal app, the command line and Graphviz draw it. The SVG files name fonts
and load nothing: whoever looks at them asks no other server.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from scorecard.api import load
from scorecard.render.picture import draw_picture
from scorecard.render.svg import write_svg as write_svg_map
from scorecard.tui.app import ReviewApp
from scorecard.tui.registry import SCREENS
from scorecard.tui.session import open_path
from scorecard.tui.widgets.strategy_map import StrategyMap

ROOT = Path(__file__).parent.parent
STRATEGY = ROOT / "strategies" / "social_media"
PERIOD = "2026-10"
GOAL = "engaging_content"
BAKERIES = ROOT / "strategies" / "bakeries"
SHOWN = {"members": (BAKERIES, ()), "review": (STRATEGY, ("space", "space", "space"))}  # strategy, keys to press there
SETTLED = 0.6  # seconds after which a screen has taken a key up
COLUMNS, LINES = 132, 40
WIDE = 160  # columns of the table
_FONT_FACE = re.compile(r"\s*@font-face\s*\{.*?\}", re.DOTALL)


def draw_all(folder: Path) -> None:
    """Write all pictures into the folder."""
    for name, theme in (("map-terminal", "dark"), ("map-terminal-light", "light")):
        write_svg(folder / f"{name}.svg", asyncio.run(draw_app(theme)))
    for entry in SCREENS[1:]:
        strategy, keys = SHOWN.get(entry.id, (STRATEGY, ()))
        write_svg(folder / f"screen-{entry.id}.svg", asyncio.run(draw_app("dark", (entry.key, *keys), strategy)))
    write_svg(folder / "table.svg", draw_table())
    (folder / "map.svg").write_text(write_svg_map(draw_picture(load(STRATEGY).evaluate(PERIOD))), encoding="utf-8")


async def draw_app(theme: str, keys: Sequence[str] = (), strategy: Path = STRATEGY) -> str:
    """A screen of the app, the map with one goal chosen unless keys open another one."""
    opened = open_path(str(strategy), date.fromisoformat(f"{PERIOD}-31").toordinal())
    app = ReviewApp(str(strategy), opened, PERIOD, theme, read_only=True)
    async with app.run_test(size=(COLUMNS, LINES)) as pilot:
        await pilot.pause()
        if strategy == STRATEGY:
            app.screen.query_one(StrategyMap).selected = GOAL
        for key in keys:
            await pilot.press(key)
            await pilot.pause(SETTLED)
        await app.workers.wait_for_complete()
        await pilot.pause(SETTLED)
        return app.export_screenshot(title=f"scorecard tui strategies/{strategy.name}")


def draw_table() -> str:
    """What `scorecard show` prints in a wide terminal with colours."""
    command = [sys.executable, "-m", "scorecard", "show", str(STRATEGY), "--period", PERIOD]
    wanted = {"COLUMNS": str(WIDE), "FORCE_COLOR": "1", "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | wanted
    shown = subprocess.run(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    console = Console(record=True, width=WIDE, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(shown), no_wrap=True, crop=False)
    return console.export_svg(title="scorecard show strategies/social_media")


def write_svg(path: Path, text: str) -> None:
    """The fonts of the reader's machine are used; the addresses of others are taken out."""
    path.write_text(_FONT_FACE.sub("", text), encoding="utf-8")


if __name__ == "__main__":
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    draw_all(pictures)
    print(*sorted(path.relative_to(ROOT) for path in pictures.iterdir()), sep="\n")
