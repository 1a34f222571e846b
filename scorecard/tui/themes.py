"""The Textual themes: the palette's light and dark, one of high contrast, and those that users mix of their own colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from textual.theme import Theme

from scorecard.render import palette
from scorecard.render.palette import Tone

# The palette's own, but in shades of which the nearest of 16 colours is another than the ground's, and green is green.
LIGHT = replace(palette.LIGHT, rule="#CCD5DE", green=replace(palette.LIGHT.green, line="#127A35"))
DARK = replace(palette.DARK, green=replace(palette.DARK.green, line="#69D697"))
HIGH_CONTRAST = palette.Theme(
    name="scorecard-high-contrast",
    dark=True,
    background="#000000",
    text="#FFFFFF",
    quiet="#E0E0E0",
    rule="#8A8A8A",
    link="#C0C0C0",
    opposing="#FF968E",
    definition="#C0C0C0",
    red=Tone(fill="#2A0000", line="#FF968E"),
    amber=Tone(fill="#241A00", line="#FFD24D"),
    green=Tone(fill="#002411", line="#7CF0A8"),
    unknown=Tone(fill="#1A1A1A", line="#DDDDDD"),
    lanes=("#000000", "#101010", "#000000", "#101010"),
)
_LIT = {LIGHT.name: "#0B5CAD", DARK.name: "#6CB6FF", HIGH_CONTRAST.name: "#8FD3FF"}


STATUSES = ("red", "amber", "green", "unknown")
INKS = ("background", "text", "quiet", "rule", "link", "opposing", "definition")
COLOURS = (*INKS, "lit", *STATUSES, *(f"{name}_fill" for name in STATUSES))  # what a theme of the user's own may set
BASES = {theme.name.removeprefix("scorecard-"): theme for theme in (DARK, LIGHT, HIGH_CONTRAST)}
READABLE = 4.5  # the least contrast of text and status colours against their grounds


def fallback_colours(dark: bool) -> dict[str, str]:
    """The variables for a theme that does not have them, such as one of Textual's own."""
    theme = DARK if dark else LIGHT
    return _name_colours(theme, _LIT[theme.name])


def mix_theme(name: str, base: str, colours: Mapping[str, str], lanes: Sequence[str] = ()) -> Theme:
    """A theme of the user's own: one of BASES with other colours, by the names in COLOURS. Raises ValueError with a
    sentence for each colour that cannot be read on a ground it stands on."""
    start = BASES[base]
    said = {ink: colours[ink] for ink in INKS if ink in colours}
    tones = {status: _mix_tone(status, getattr(start, status), colours) for status in STATUSES}
    fields: dict[str, Any] = {**said, **tones, "name": f"scorecard-{name}", "lanes": tuple(lanes) or start.lanes}
    theme = replace(start, **fields)
    lit = colours.get("lit", _LIT[start.name])
    if poor := list(_find_poor(theme, lit)):
        raise ValueError(*poor)
    return _translate(theme, lit)


def measure_contrast(one: str, other: str) -> float:
    """The contrast of two sRGB hex colours, 1 to 21, as WCAG defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _mix_tone(status: str, tone: Tone, colours: Mapping[str, str]) -> Tone:
    return Tone(fill=colours.get(f"{status}_fill", tone.fill), line=colours.get(status, tone.line))


def _find_poor(theme: palette.Theme, lit: str) -> Iterator[str]:
    """What cannot be read: a sentence for each colour, about the ground where it is worst."""
    fills = {f"{status}_fill": getattr(theme, status).fill for status in STATUSES}
    grounds = {"background": theme.background} | {f"lane {n}": tint for n, tint in enumerate(theme.lanes, 1)}
    inks: dict[str, tuple[str, dict[str, str]]] = {
        "text": (theme.text, grounds | fills),
        "quiet": (theme.quiet, grounds | {"unknown_fill": theme.unknown.fill}),
        "lit": (lit, grounds),
    }
    for status in STATUSES:
        own = f"{status}_fill"
        inks[status] = getattr(theme, status).line, grounds | {own: fills[own]}
    for name, (ink, papers) in inks.items():
        least, paper = min((measure_contrast(ink, colour), paper) for paper, colour in papers.items())
        if least < READABLE:
            yield (
                f"{name} {ink} on {paper} {papers[paper]} has a contrast of {int(least * 10) / 10}:1, "
                f"and {READABLE}:1 is the least"
            )


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _name_colours(theme: palette.Theme, lit: str) -> dict[str, str]:
    """The theme's own variables: the palette's, and `lit` for the chain of the selected goal."""
    return palette.variables(theme) | {"lit": lit}


def _translate(theme: palette.Theme, lit: str) -> Theme:
    return Theme(
        name=theme.name,
        dark=theme.dark,
        primary=lit,
        secondary=theme.quiet,
        accent=lit,
        foreground=theme.text,
        background=theme.background,
        surface=theme.background,
        panel=theme.unknown.fill,
        success=theme.green.line,
        warning=theme.amber.line,
        error=theme.red.line,
        variables=_name_colours(theme, lit),
    )


THEMES = tuple(_translate(theme, _LIT[theme.name]) for theme in BASES.values())
