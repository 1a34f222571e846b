"""What a line of the what-if lists says: the figure now and then, its slider, and the next step of a lever."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment

from scorecard.analysis.levers import Lever, Step
from scorecard.model.status import Status
from scorecard.render.scenario_words import needed_words
from scorecard.render.words import change, quantity, status_words
from scorecard.tui.figures import OFF, Figure
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.goal_box import Look

LEFT = 4  # columns in front of the slider
_STATUS = len("▲→◆ amber ")  # columns of a status, with a mark behind it
_MOST = 48  # columns of a slider
_LEAST = 14
_HANDLE, _NOW, _FULL, _EMPTY, _ENDS = "█", "│", "━", "─", "├┤"

_MEASURED = ("values", "progress")  # without a lever these stand back

Line = list[Segment]


def slider_columns(figure: Figure, room: int) -> int:
    """The columns of a figure's slider in a line of so many; the ends included."""
    if figure.slider is None:
        return 0
    beside = max((cell_len(text) for text in _list_steps(figure)[:1]), default=0)
    return max(min(room - LEFT - beside - 3, _MOST), _LEAST)


def write_figure(figure: Figure, room: int, look: Look, ground: str, chosen: bool) -> list[Line]:
    """Both lines of a figure."""
    return [_write_name(figure, room, look, ground, chosen), _write_slider(figure, room, look, ground)]


def say_figure(figure: Figure) -> str:
    """The figure now, and then where it differs: `79 → 84.17 seconds`."""
    now, then = _figure(figure, figure.now), _figure(figure, figure.then)
    if now == then:
        return then
    bare = quantity(figure.now, figure.unit if figure.unit == "%" else "")
    return f"{now if figure.then == OFF else bare} → {then}"


def say_step(lever: Lever, unit: str) -> str:
    """The next step of a lever: `● green at 84.17 seconds +3 pp`."""
    if lever.step is None:
        return ""
    needed = needed_words(lever.step.value, lever.value, unit)
    return f"{_say_aim(lever, lever.step)} at {needed} {say_gain(lever.step.gain)}"


def _say_aim(lever: Lever, step: Step) -> str:
    """What a step leads to: another colour, or the best there is."""
    return "best" if step.status == lever.status else status_words(step.status, None)


def say_gain(gain: float) -> str:
    """A gain with two digits: `+3 pp`, `+0.42 pp`."""
    return change(float(f"{gain:.2g}"), "%")


def _figure(figure: Figure, value: float | str | None) -> str:
    return quantity(value, figure.unit)


def _write_name(figure: Figure, room: int, look: Look, ground: str, chosen: bool) -> Line:
    said = literal(say_figure(figure)).plain
    signs = _write_signs(figure, look, ground)
    width = max(room - sum(cell_len(part.text) for part in signs) - 1, 8)
    right = fit(said, min(cell_len(said), width * 3 // 5))
    title = _cut(literal(figure.title).plain, max(width - cell_len(right) - 1, 1))
    plain = "foreground" if figure.lever or figure.changed or chosen or figure.key[0] not in _MEASURED else "quiet"
    return [
        *signs,
        Segment(title + " ", look.ink(plain, ground, bold=chosen or figure.changed)),
        Segment(right + " ", look.ink("lit" if figure.changed else plain, ground, bold=figure.changed)),
    ]


def _cut(title: str, columns: int) -> str:
    """A title in so many columns; of a link both ends are cut alike."""
    left, arrow, right = title.partition(" ← ")
    if not arrow or not left or cell_len(title) <= columns:
        return fit(title, columns)
    half = (columns - len(arrow)) // 2
    head = min(cell_len(left), max(half, columns - len(arrow) - cell_len(right)))
    return fit(fit(left, head).rstrip() + arrow + right, columns)


def _write_signs(figure: Figure, look: Look, ground: str) -> Line:
    """The status of a KPI, and after an arrow that of the scenario where it is another; a mark at what is changed."""
    mark = "•" if figure.changed else " "
    if figure.shift is None:
        left = LEFT if figure.key[0] in ("weights", "links") else _STATUS
        return [Segment(f"{mark:>{left - 1}} ", look.ink("lit", ground, bold=True))]
    now, _, then, _ = figure.shift
    word = Segment(f"{status_words(then, None):<{_STATUS - 2}}", look.ink(f"status-{then}", ground, bold=True))
    if now != then:
        was = Segment(now.sign, look.ink(f"status-{now}", ground, bold=True))
        return [was, Segment("→", look.ink("quiet", ground)), word]
    return [word, Segment(f"{mark:<{_STATUS - len(word.text)}}", look.ink("lit", ground, bold=True))]


def _write_slider(figure: Figure, room: int, look: Look, ground: str) -> Line:
    line = [Segment(" " * LEFT, look.ink("quiet", ground))]
    if figure.fault:
        text = fit(literal(f"▲ {figure.fault}").plain, room - LEFT)
        return [*line, Segment(text, look.ink("status-red", ground))]
    columns = slider_columns(figure, room)
    line += [Segment(text, look.ink(colour, ground, bold=bold)) for text, colour, bold in _slide(figure, columns)]
    beside = room - LEFT - columns - 1
    text = next((one for one in _list_steps(figure) if cell_len(one) <= beside - 1), "")
    tone = "status-amber" if figure.odd and text else "quiet"
    return [*line, Segment(" " + fit(f" {text}" if columns else text, max(beside, 1)), look.ink(tone, ground))]


def _slide(figure: Figure, columns: int) -> list[tuple[str, str, bool]]:
    """The slider sign by sign, each with its colour: full up to the handle, with a mark at the actual figure."""
    if not columns or figure.slider is None:
        return []
    inner, slider = columns - 2, figure.slider
    handle, now = slider.place(figure.then), slider.place(figure.now)
    at = -1 if handle is None else round(handle * (inner - 1))
    mark = -1 if now is None else round(now * (inner - 1))
    tone = f"status-{figure.shift[2]}" if figure.shift and figure.shift[2] != Status.UNKNOWN else "link"
    cells = [(_FULL if x < at else _EMPTY, tone if x < at else "link", False) for x in range(inner)]
    if mark >= 0:
        cells[mark] = _NOW, "foreground", True
    if at >= 0:
        cells[at] = _HANDLE, "lit" if figure.changed else tone, True
    return [(_ENDS[0], "link", False), *cells, (_ENDS[1], "link", False)]


def _list_steps(figure: Figure) -> list[str]:
    """What stands beside the slider, the longest first."""
    lever = figure.lever
    if figure.odd:
        return [f"! {figure.odd}", "! far outside", "!"]
    if figure.key[0] in ("weights", "links"):
        return ["switched off"] if figure.then == OFF else [""]
    if figure.slider is None and figure.then is None:
        return ["no value yet: = types one", "= types one"]
    if figure.key[0] == "progress":
        gain = f", at best {say_gain(lever.gain)}" if lever and lever.gain else ""
        why = [f"initiative{gain}: {figure.against}"] if figure.against else []
        return [*why, f"initiative{gain}", gain.removeprefix(", "), ""]
    if lever is None:
        return [""]
    if lever.step is None:
        return [f"at best {say_gain(lever.gain)}" if lever.gain else "at its best", ""]
    unit, step = figure.unit, literal(say_step(lever, figure.unit)).plain
    needed = needed_words(lever.step.value, lever.value, unit if unit == "%" else "")
    short, gain = f"{_say_aim(lever, lever.step)} {needed}", say_gain(lever.step.gain)
    brief = literal(f"{short} {gain}").plain
    more = [f"{step}, at best {say_gain(lever.gain)}"]
    if figure.against:
        reason = literal(figure.against).plain
        more = [f"{step}: {reason}", f"{brief}: {reason}"]
    return [*more, step, brief, gain]
