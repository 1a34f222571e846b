"""The colours of every picture and screen: one row a status and a theme, as sRGB hex texts.

The rows fill DOT boxes and, by `variables`, name the theme variables of the terminal app and of web pages. In both
themes every `line`, `text` and `quiet` has at least 4.5:1 of contrast on each ground it may stand on: the background,
the lanes' tints and (its own row's) fill.
"""

from __future__ import annotations

from dataclasses import dataclass

from scorecard.model.status import Status


@dataclass(frozen=True, slots=True)
class Tone:
    """The row of a status: `fill` is the ground of a box, `line` its border, sign, word and bar."""

    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of one theme. `rule` is for borders and empty cells; `lanes` are taken in turn."""

    name: str
    dark: bool
    background: str
    text: str
    quiet: str
    rule: str
    link: str
    opposing: str
    definition: str
    red: Tone
    amber: Tone
    green: Tone
    unknown: Tone
    lanes: tuple[str, ...]

    def tone(self, status: Status) -> Tone:
        return {Status.RED: self.red, Status.AMBER: self.amber, Status.GREEN: self.green}.get(status, self.unknown)

    def lane(self, number: int) -> str:
        """The tint of a lane, counted from 0 at the top of the map."""
        return self.lanes[number % len(self.lanes)]


LIGHT = Theme(
    name="scorecard-light",
    dark=False,
    background="#FFFFFF",
    text="#1F2933",
    quiet="#52606D",
    rule="#D5DBE1",
    link="#6B7680",
    opposing="#B42318",
    definition="#7A828A",
    red=Tone(fill="#FDE2E1", line="#B42318"),
    amber=Tone(fill="#FFF1CC", line="#8F5300"),
    green=Tone(fill="#DDF3E4", line="#1E6B41"),
    unknown=Tone(fill="#EEF0F2", line="#55616C"),
    lanes=("#F5F8FC", "#F7F5FC", "#F4FAF7", "#FCF8F2"),
)

DARK = Theme(
    name="scorecard-dark",
    dark=True,
    background="#12171D",
    text="#E6EBF0",
    quiet="#A3AFBB",
    rule="#3A4652",
    link="#8995A1",
    opposing="#FF8F87",
    definition="#7F8B97",
    red=Tone(fill="#451C1C", line="#FF8F87"),
    amber=Tone(fill="#3B2D0A", line="#F0B74A"),
    green=Tone(fill="#143722", line="#6FD39A"),
    unknown=Tone(fill="#262E37", line="#A9B5C1"),
    lanes=("#171E27", "#1B1A28", "#16221D", "#231E18"),
)

THEMES = (LIGHT, DARK)


def variables(theme: Theme) -> dict[str, str]:
    """The theme as variables: `quiet`, `rule`, `link`, `link-opposing`, `link-definition`, `status-red`,
    `status-red-fill` and so on for each status, `lane-0` and so on for each tint."""
    found = {"quiet": theme.quiet, "rule": theme.rule}
    found |= {"link": theme.link, "link-opposing": theme.opposing, "link-definition": theme.definition}
    for status in Status:
        found[f"status-{status}"] = theme.tone(status).line
        found[f"status-{status}-fill"] = theme.tone(status).fill
    return found | {f"lane-{number}": tint for number, tint in enumerate(theme.lanes)}
