"""A slide that is drawn anew or brought up to date: shapes found by their names, texts and colours of ours put in.

A shape that stands keeps its place, size and style; only words and the colours of statuses are written again, and a
colour that is none of ours stays. What bears a name of ours and is not drawn any more is taken away; all else stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from scorecard.render.deck_file import POINT, clean, load, seek
from scorecard.render.palette import THEMES, Theme

Place = tuple[int, int, int, int]  # left, top, width, height in EMU
OURS = ("goal:", "lane:", "link:", "scorecard:", "chart:")  # how the names of our shapes begin
QUIET = "quiet"  # a colour: that of the theme's text, paler
_TONES = {
    color.lstrip("#")
    for theme in THEMES
    for tone in (theme.red, theme.amber, theme.green, theme.unknown)
    for color in (tone.fill, tone.line)
} | {theme.rule.lstrip("#") for theme in THEMES}
SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_MOST_ALT = 20_000  # characters of a text for readers that do not see


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text: its size in points, its colour as `#RRGGBB`, QUIET or empty for the theme's."""

    text: str
    size: float
    bold: bool = False
    color: str = ""


Lines = Sequence[Sequence[Run]]


@dataclass(frozen=True, slots=True)
class Look:
    """A shape without its text: a form of DrawingML, colours as in Run, the width of its border in points."""

    form: str = "rect"
    fill: str = ""
    line: str = ""
    border: float = 1.0
    anchor: str = "t"
    inset: float = 0.0  # points between border and text
    across: str = "l"


class Page:
    """One slide of a deck, and the names of what was drawn on it."""

    def __init__(self, slide: Any, theme: Theme) -> None:
        self.slide, self.theme = slide, theme
        self.named: dict[str, Any] = {}
        for shape in slide.shapes:
            self.named.setdefault(shape.name, shape)
        self.standing = frozenset(self.named)
        self.drawn: set[str] = set()

    @property
    def edge(self) -> str:
        """The colour of thin lines that fit the deck's ground."""
        return self.theme.rule if self.theme.dark else "tx1,25000,75000"

    def title(self, text: str, place: Place | None = None) -> None:
        """The title in its placeholder, or in a text box where the layout has none; `place` moves a new one."""
        holder = self.slide.shapes.title
        text = clean(text)
        if holder is None:
            assert place is not None
            self.text("scorecard:title", place, [[Run(text, 24, bold=True)]], Look(anchor="ctr"))
        elif holder.text_frame.text != text:
            is_new = not holder.text_frame.text
            write_lines(holder.text_frame._txBody, [[Run(text, 0)]])
            if is_new and place:
                holder.left, holder.top, holder.width, holder.height = place

    def text(self, name: str, place: Place, lines: Lines, look: Look = Look(), said: str = "") -> Any:
        """A shape with text; `said` is its text for readers that do not see."""
        shape = self._find(name)
        if shape is None:
            shape = self._add(_shape_xml(place, look), name)
            paint(shape.element.spPr, look.fill, look.line, look.border)
        else:
            repaint(shape.element.spPr, look.fill, look.line)
        if shape.has_text_frame:
            write_lines(shape.text_frame._txBody, lines, look.across)
        self.describe(shape, said)
        return shape

    def frame(self, name: str, make: Any) -> tuple[Any, bool]:
        """The table or chart of a name, and whether it is new; `make` gives one that is not there."""
        shape = self._find(name)
        is_new = shape is None
        if shape is None:
            shape = make()
            shape.name = clean(name)
            self.named[name] = shape
        return shape, is_new

    def connector(self, name: str, xml: str) -> tuple[Any, bool]:
        """The connector of a name, and whether it is new."""
        shape = self._find(name)
        return (shape, False) if shape is not None else (self._add(xml, name), True)

    def describe(self, shape: Any, said: str) -> None:
        about, said = seek(shape.element, ".//p:cNvPr")[0], clean(said)[:_MOST_ALT]
        if said and about.get("descr") != said:
            about.set("descr", said)

    def notes(self, text: str) -> None:
        """The speaker's notes."""
        text = "\n".join(clean(line) for line in text.split("\n"))
        frame = self.slide.notes_slide.notes_text_frame
        if frame is not None and frame.text != text:
            frame.text = text

    def finish(self) -> bool:
        """Takes away what is ours and was not drawn; whether something is left on the slide that is not ours."""
        for shape in list(self.slide.shapes):
            if shape.name.startswith(OURS) and shape.name not in self.drawn:
                shape.element.getparent().remove(shape.element)
        return any(not shape.is_placeholder for shape in self.slide.shapes)

    def _find(self, name: str) -> Any:
        self.drawn.add(name)
        return self.named.get(name)

    def _add(self, xml: str, name: str) -> Any:
        element = load("oxml").parse_xml(xml)
        about = seek(element, ".//p:cNvPr")[0]
        about.set("id", str(self.slide.shapes._next_shape_id))
        about.set("name", clean(name))
        self.slide.shapes._spTree.insert_element_before(element, "p:extLst")
        shape = self.slide.shapes[-1]
        self.named[name] = shape
        return shape


def write_lines(body: Any, lines: Lines, across: str = "l") -> None:
    """Puts runs in the place of a text; each takes the style of what stood at its place, where something did."""
    old = [paragraph.r_lst for paragraph in body.p_lst]
    styles = [[run.find(a("rPr")) for run in runs] for runs in old]
    if [[run.text for run in runs] for runs in old] != [[clean(run.text) for run in line] for line in lines]:
        leads = [paragraph.find(a("pPr")) for paragraph in body.p_lst]
        for paragraph in list(body.p_lst):
            body.remove(paragraph)
        for number, line in enumerate(lines or [[]]):
            paragraph = body.add_p()
            lead = leads[min(number, len(leads) - 1)] if leads else None
            if lead is not None:
                paragraph.insert(0, deepcopy(lead))
            elif across != "l":
                paragraph.get_or_add_pPr().set("algn", across)
            for place, run in enumerate(line):
                style = styles[number][place] if number < len(styles) and place < len(styles[number]) else None
                paragraph._insert_r(_make_run(run, style))
    for paragraph, line in zip(body.p_lst, lines, strict=False):
        for element, run in zip(paragraph.r_lst, line, strict=False):
            _recolor_run(element, run)


def paint(properties: Any, fill: str, line: str, border: float) -> None:
    """Fill and border of a new shape."""
    properties.append(_fill(fill))
    edge = load("oxml").parse_xml(f'<a:ln {SPACES} w="{round(border * POINT)}"/>')
    edge.append(_fill(line))
    properties.append(edge)


def repaint(properties: Any, fill: str, line: str) -> None:
    """Puts new colours in the place of those of ours, and leaves others alone."""
    for path, color in (("./a:solidFill/a:srgbClr", fill), ("./a:ln/a:solidFill/a:srgbClr", line)):
        for found in seek(properties, path):
            if found.get("val") in _TONES and color.startswith("#"):
                found.set("val", color[1:])


def paint_cell(cell: Any, fill: str) -> None:
    """The ground of a table's cell: a colour of ours, or again that of the table's style where ours stood."""
    properties = cell.get_or_add_tcPr()
    found = seek(properties, "./a:solidFill/a:srgbClr")
    if found and found[0].get("val") in _TONES:
        properties.remove(found[0].getparent())
        found = []
    if fill and not found and not seek(properties, "./a:solidFill | ./a:gradFill | ./a:pattFill"):
        properties.append(_fill(fill))


def underline_cell(cell: Any, color: str, width: float) -> None:
    """A line of so many points below a cell of a new table."""
    line = load("oxml").parse_xml(f'<a:lnB {SPACES} w="{round(width * POINT)}"/>')
    line.append(_fill(color))
    cell.get_or_add_tcPr().insert(0, line)


def split(place: Place, *shares: float, gap: int = 0) -> Iterator[Place]:
    """A place cut into columns by their shares."""
    left, top, width, height = place
    room = width - gap * (len(shares) - 1)
    for share in shares:
        part = round(room * share / sum(shares))
        yield left, top, part, height
        left += part + gap


def _shape_xml(place: Place, look: Look) -> str:
    x, y, width, height = place
    inset = round(look.inset * POINT)
    insets = " ".join(f'{side}="{inset}"' for side in ("lIns", "tIns", "rIns", "bIns"))
    adjust = '<a:gd name="adj" fmla="val 11000"/>' if look.form == "roundRect" else ""
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="0" name=""/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="{look.form}"><a:avLst>{adjust}</a:avLst></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr wrap="square" {insets} anchor="{look.anchor}"><a:noAutofit/></a:bodyPr>'
        "<a:lstStyle/></p:txBody></p:sp>"
    )


def _fill(color: str) -> Any:
    return load("oxml").parse_xml(
        f"<a:solidFill {SPACES}>{color_xml(color)}</a:solidFill>" if color else f"<a:noFill {SPACES}/>"
    )


def color_xml(color: str) -> str:
    if color.startswith("#"):
        return f'<a:srgbClr val="{color[1:]}"/>'
    scheme, _, bright = ("tx1,65000,35000" if color == QUIET else color).partition(",")
    share, _, offset = bright.partition(",")
    changed = f'<a:lumMod val="{share}"/>' * bool(share) + f'<a:lumOff val="{offset}"/>' * bool(offset)
    return f'<a:schemeClr val="{scheme}">{changed}</a:schemeClr>'


def _make_run(run: Run, style: Any) -> Any:
    element = load("oxml").parse_xml(f"<a:r {SPACES}><a:t/></a:r>")
    element.find(a("t")).text = clean(run.text) or None
    if style is not None:
        element.insert(0, deepcopy(style))
        return element
    size = f' sz="{round(run.size * 100)}"' if run.size else ""
    fill = f"<a:solidFill>{color_xml(run.color)}</a:solidFill>" if run.color else ""
    weight = f' b="{int(run.bold)}"' if run.size else ""
    element.insert(0, load("oxml").parse_xml(f'<a:rPr {SPACES} lang="en-GB"{size}{weight}>{fill}</a:rPr>'))
    return element


def _recolor_run(element: Any, run: Run) -> None:
    """Of a run that stood, a colour of ours becomes the one that is said now."""
    for fill in seek(element, "./a:rPr/a:solidFill[a:srgbClr]"):
        if fill[0].get("val") in _TONES and f"#{fill[0].get('val')}" != run.color:
            parent = fill.getparent()
            if run.color:
                parent.replace(fill, _fill(run.color))
            else:
                parent.remove(fill)


def a(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{name}"
