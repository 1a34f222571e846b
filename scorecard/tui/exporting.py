"""Writing what is on screen to a file that is asked for at the foot: the map, a table as shown, or the screen's picture."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scorecard.model.finding import shorten
from scorecard.model.progress import Hear, say_what
from scorecard.parser.replacement import put_file
from scorecard.parser.review_words import list_minutes
from scorecard.render.edition import Edition, What
from scorecard.render.formats import FORMATS
from scorecard.tui.sheets import say_title
from scorecard.tui.work import working

if TYPE_CHECKING:
    from scorecard.tui.shell import Shell

_FONT_FACE = re.compile(r"\s*@font-face\s*\{.*?\}", re.DOTALL)  # addresses of fonts on other servers
_UNSAFE = r"[^\w.-]+"  # in the name of a file
_WHOLE = ("json",)  # formats that always hold everything
_WHAT = {"map": What.MAP, "scorecard": What.TABLE, "detail": What.GOAL, "review": What.REVIEW}  # what screens show
_PICTURES = ("svg", "txt")  # of the screen itself
Draw = Callable[[Hear], bytes]


class Refused(Exception):
    """What was typed cannot be written to; the text says why in a few words."""


class Target(NamedTuple):
    """A file to write. With `replace` it may be there already."""

    path: Path
    ending: str
    replace: bool


async def ask_export(shell: Shell) -> None:
    """Ask for a file and write what is on screen to it. What is there already is asked back once."""
    asked = ""

    def done(text: str) -> str:
        nonlocal asked
        before, asked = asked, ""
        try:
            target = _read_target(shell, text.strip(), before)
        except Refused as error:
            return str(error)
        if os.path.lexists(target.path) and not target.replace:
            asked = text.strip()
            return f"'{shorten(target.path.name, 24)}' is there: Enter replaces it"
        shell.call_after_refresh(_export, shell, target)  # without the line that asks
        return ""

    name = suggest_name(shell)
    await shell.ask("export to", name, f"a file ending in .{', .'.join(_list_endings(shell))}", None, done)


def suggest_name(shell: Shell) -> str:
    """`social_media-2026-10-map.svg`: strategy, period, members and screen, and the filter; a table where the screen is one."""
    evaluation = shell.session.evaluation
    parts = [evaluation.strategy.id, str(evaluation.period), *evaluation.members.values(), shell.open_id]
    parts += [excerpt.said] if shell.view and (excerpt := shell.view.excerpt()) else []
    return f"{re.sub(_UNSAFE, '_', '-'.join(parts))[:120]}.{_list_endings(shell)[0]}"


def _read_target(shell: Shell, text: str, asked: str) -> Target:
    """What was typed as a file that can be written. Raises Refused."""
    if not text:
        raise Refused("write the name of a file")
    try:
        path = Path(text).expanduser()
        there = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        there = 0
    except (OSError, RuntimeError, ValueError):
        raise Refused("there can be no such file") from None
    if there and not (stat.S_ISREG(there) or stat.S_ISLNK(there)):
        raise Refused("that is a folder" if stat.S_ISDIR(there) else "that is no file")
    if not path.parent.is_dir():
        raise Refused(f"there is no folder '{shorten(str(path.parent), 24)}'")
    endings = _list_endings(shell)
    fitting = [one for one in endings if path.name.lower().endswith(f".{one}") and len(path.name) > len(one) + 1]
    if not fitting:
        raise Refused(f"end it in .{', .'.join(endings)}")
    return Target(path, max(fitting, key=len), text == asked)


def _list_endings(shell: Shell) -> Sequence[str]:
    """What the open screen can be written as, the usual first."""
    tables = shell.view.tables() if shell.view else {}
    what = _WHAT.get(shell.open_id)
    formats = [ending for ending, one in FORMATS.items() if what in one.shows or what == What.MAP]
    if shell.view and shell.view.excerpt():  # then no more than that is written
        formats = [one for one in formats if what == What.MAP in FORMATS[one].shows and one not in _WHOLE]
    return list(dict.fromkeys([*tables, *_PICTURES, *formats]))


def _export(shell: Shell, target: Target) -> None:
    """Take what is on screen now, and write it in a thread."""
    draw = _take(shell, target)
    shell.run_worker(partial(_write, shell, target, draw), thread=True, exit_on_error=False)


def _take(shell: Shell, target: Target) -> Draw:
    """What draws the file: the rows as they are shown, the screen as it stands, or the scorecard in a format."""
    evaluation, ending = shell.session.evaluation, target.ending
    tables = shell.view.tables() if shell.view else {}
    if table := tables.get(ending):
        return lambda _: table().encode(errors="replace")
    if ending == "txt":
        lines = [strip.text.rstrip() for strip in shell._compositor.render_strips()]
        return lambda _: ("\n".join(lines) + "\n").encode(errors="replace")
    if ending == "svg" and shell.open_id != "map":
        picture = shell.app.export_screenshot(title=say_title(evaluation))
        return lambda _: _FONT_FACE.sub("", picture).encode(errors="replace")
    return _make_edition(shell, target)


def _make_edition(shell: Shell, target: Target) -> Draw:
    """What `scorecard export` would write of what the screen shows."""
    session, form, what = shell.session, FORMATS[target.ending], _WHAT[shell.open_id]
    edition = Edition(
        session.evaluation,
        session.scorecard.observations,
        session.opened.today,
        what=what if what in form.shows else form.usual,
        goal=session.goal if what == What.GOAL else None,
        excerpt=shell.view.excerpt() if shell.view and what == What.MAP else None,
        before=session.before,
        decided=_list_decided(shell) if what == What.REVIEW else (),
        minutes=_list_minutes(shell) if what == What.REVIEW else (),
    )
    goes_on = form.goes_on and target.replace
    return lambda hear: form.write(replace(edition, hear=hear, standing=target.path.read_bytes() if goes_on else None))


def _list_decided(shell: Shell) -> list[str]:
    """What is open from the review before, in words."""
    from scorecard.tui.meeting import find_meeting

    meeting = find_meeting(shell.session)
    open_ones = [mark.decision for mark in meeting.carried() if not mark.decision.done] if meeting else []
    return [", ".join(filter(None, (one.text, one.owner, f"due {one.due}" * bool(one.due)))) for one in open_ones]


def _list_minutes(shell: Shell) -> Sequence[tuple[str, Sequence[str]]]:
    """What this review noted and decided, in words."""
    from scorecard.tui.meeting import find_meeting

    meeting = find_meeting(shell.session)
    return list_minutes(meeting.review) if meeting else []


def _write(shell: Shell, target: Target, draw: Draw) -> None:
    """In a thread: draw, write, and say where the file is, or why there is none."""
    said, severity = f"Wrote {_say_path(target.path)}", "information"
    try:
        name = shorten(target.path.name, 24)
        with working(shell.app, f"writing {name}") as hear:
            put_file(target.path, draw(say_what(hear, name)), target.replace)
    except FileExistsError:
        said, severity = f"'{shorten(target.path.name)}' has come to be there meanwhile: nothing was written.", "error"
    except OSError as error:
        why = (error.strerror or "unknown").lower()
        said, severity = f"'{shorten(target.path.name)}' cannot be written: {why}.", "error"
    except Exception as error:  # whatever a format lacks or cannot draw: the app goes on
        said, severity = f"It cannot be drawn as .{target.ending}: {shorten(str(error), 200)}", "error"
    shell.app.call_from_thread(shell.review.tell, said, severity, True)


def _say_path(path: Path) -> str:
    """`./map.svg` where it lies in the folder the app was started in, or below; else the whole path."""
    whole, here = Path(os.path.abspath(path)), Path.cwd()
    return f"./{whole.relative_to(here)}" if whole.is_relative_to(here) else str(whole)
