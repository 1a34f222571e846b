"""The app's own Textual themes: the palette's light and dark, and one of high contrast."""

from __future__ import annotations

from textual.theme import Theme

from scorecard.render import palette
from scorecard.render.palette import DARK, LIGHT, Tone

HIGH_CONTRAST = palette.Theme(
    name="scorecard-high-contrast",
    dark=True,
    background="#000000",
    text="#FFFFFF",
    quiet="#E0E0E0",
    rule="#8A8A8A",
    link="#C0C0C0",
    opposing="#FF9C94",
    definition="#C0C0C0",
    red=Tone(fill="#2A0000", line="#FF9C94"),
    amber=Tone(fill="#241A00", line="#FFD24D"),
    green=Tone(fill="#002411", line="#7CF0AE"),
    unknown=Tone(fill="#1A1A1A", line="#DDDDDD"),
    lanes=("#000000", "#101010", "#000000", "#101010"),
)
_LIT = {LIGHT.name: "#0B5CAD", DARK.name: "#6CB6FF", HIGH_CONTRAST.name: "#8FD3FF"}


def name_colours(theme: palette.Theme) -> dict[str, str]:
    """The theme's own variables: the palette's, and `lit` for the chain of the selected goal."""
    return palette.variables(theme) | {"lit": _LIT[theme.name]}


def fallback_colours(dark: bool) -> dict[str, str]:
    """The variables for a theme that does not have them, one of Textual's or the user's own."""
    return name_colours(DARK if dark else LIGHT)


def _translate(theme: palette.Theme) -> Theme:
    lit = _LIT[theme.name]
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
        variables=name_colours(theme),
    )


THEMES = tuple(_translate(theme) for theme in (DARK, LIGHT, HIGH_CONTRAST))
