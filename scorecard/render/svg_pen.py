"""The pen of the SVG map: colours by name for one theme or for both, letters, and signs drawn as shapes.

Colours stand in attributes, which every program reads; for the dark side of a map that follows its reader each painted
element also has a class by the colour's name, to which `style` gives the other theme's colour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from scorecard.model.status import Heading, Status
from scorecard.render.palette import DARK, LIGHT, Theme, variables
from scorecard.render.svg_text import escape, measure
from scorecard.render.words import GUARDRAIL_SIGN, OVERRIDE_SIGN

_ARROWS = {
    Heading.BETTER: "M-3.5 3.5L3 -3M-1.5 -3.5H3.5V1.5",
    Heading.LEVEL: "M-4.5 0H4M1 -3.5L4.5 0L1 3.5",
    Heading.WORSE: "M-3.5 -3.5L3 3M-1.5 3.5H3.5V-1.5",
}
ICONS = {
    GUARDRAIL_SIGN: "M-3 5V-5M-3 -4.5H4L2 -2L4 0.5H-3",
    OVERRIDE_SIGN: "M-4.5 4.5L-3.5 1L2.5 -5L5 -2.5L-1 3.5ZM1 -3.5L3.5 -1",
}


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes elements in the colours of a theme; with `both` also those of the dark one, for readers who ask for it."""

    theme: Theme = LIGHT
    both: bool = False
    _painted: dict[tuple[str, str], str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _signs: dict[tuple[Status, float], tuple[float, str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _lettered: dict[tuple[object, ...], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def paint(self, fill: str = "", stroke: str = "") -> str:
        """The attributes of a fill and a stroke, each the name of a colour, or nothing."""
        if (known := self._painted.get((fill, stroke))) is None:
            known = self._painted[fill, stroke] = _paint(self.theme, self.both, fill, stroke)
        return known

    def style(self) -> str:
        """The dark colours as a style sheet, for a reader who prefers them."""
        if not self.both:
            return ""
        rules = "".join(
            f".strategy-map .{kind}-{name}{{{kind}:{color}}}"
            for name, color in name_colors(DARK).items()
            for kind in ("fill", "stroke")
        )
        return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"

    def text(self, x: float, y: float, words: str, size: float, color: str = "text", **look: str) -> str:
        """A line of text with its baseline at y; `look` are further attributes, `_` standing for `-`."""
        key = color, size, *look.items()
        if (known := self._lettered.get(key)) is None:
            said = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in look.items())
            known = self._lettered[key] = f'{self.paint(color)} font-size="{short(size)}"{said}'
        return f'<text x="{short(x)}" y="{short(y)}"{known}>{escape(words)}</text>'

    def rectangle(
        self, x: float, y: float, width: float, height: float, round: float, fill: str, stroke: str = ""
    ) -> str:
        place = f'x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}" rx="{short(round)}"'
        return f"<rect {place}{self.paint(fill, stroke)}/>"

    def status(self, x: float, y: float, size: float, status: Status) -> str:
        """The sign of a status, its left side at x, standing on the baseline y of letters of that size."""
        if (known := self._signs.get((status, size))) is None:
            known = self._signs[status, size] = _draw_sign(status, size, self.paint)
        rise, sign = known
        return sign % (short(x + size * 0.4), short(y - size * 0.35 - rise))

    def heading(self, x: float, y: float, heading: Heading, color: str) -> str:
        """The arrow of an outlook, its middle 4 pixels above the baseline y; a dot where it is unknown."""
        if heading not in _ARROWS:
            return f'<circle cx="{short(x + 5)}" cy="{short(y - 4)}" r="1.2"{self.paint(color)}/>'
        return self.icon(x + 5, y - 4, _ARROWS[heading], color)

    def icon(self, x: float, y: float, path: str, color: str) -> str:
        """A drawn sign around a middle."""
        place = f'transform="translate({short(x)} {short(y)})"'
        return f'<path d="{path}" {place}{self.paint("", color)} stroke-width="1.4" stroke-linejoin="round"/>'

    def status_words(
        self, x: float, y: float, status: Status, words: str, size: float, **look: str
    ) -> tuple[str, float]:
        """The sign of a status and words in its colour, and where they end."""
        start = x + size * 1.05
        drawn = self.status(x, y, size, status) + self.text(start, y, words, size, f"status-{status}", **look)
        return drawn, start + measure(words, size, "font_weight" in look)


@lru_cache(maxsize=4096)
def short(number: float) -> str:
    """A length without needless digits."""
    return f"{number:.1f}".removesuffix(".0")


def name_colors(theme: Theme) -> dict[str, str]:
    """All colours of a theme by the names that `Pen.paint` takes."""
    return {"background": theme.background, "text": theme.text} | variables(theme)


def _draw_sign(status: Status, size: float, paint: Callable[[str, str], str]) -> tuple[float, str]:
    """How far a sign's tip lies above its middle, and its element, `%s` for the column of both and the row of the tip;
    that of a round sign is its middle."""
    r, color = size * 0.36, f"status-{status}"
    if status is Status.UNKNOWN:
        return 0, f'<circle cx="%s" cy="%s" r="{short(r - 0.6)}"{paint("", color)} stroke-width="1.4"/>'
    if status is Status.GREEN:
        return 0, f'<circle cx="%s" cy="%s" r="{short(r)}"{paint(color, "")}/>'
    side = short(1.2 * r)
    if status is Status.AMBER:
        return 1.2 * r, f'<path d="M%s %sl{side} {side} -{side} {side} -{side} -{side}Z"{paint(color, "")}/>'
    return 1.1 * r, f'<path d="M%s %sl{side} {short(2.1 * r)}h-{short(2.4 * r)}Z"{paint(color, "")}/>'


@cache
def _paint(theme: Theme, both: bool, fill: str, stroke: str) -> str:
    colors = name_colors(theme)
    said = [f"{kind}-{name}" for kind, name in (("fill", fill), ("stroke", stroke)) if name and both]
    kept = f' class="{" ".join(said)}"' if said else ""
    return f'{kept} fill="{colors[fill] if fill else "none"}"' + (f' stroke="{colors[stroke]}"' if stroke else "")
