"""The strategy map: boxes in lanes, routed links, a goal to select, drawn line by line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import itemgetter, or_
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from scorecard.render.layout import Band, Layout, Place, arrange
from scorecard.render.picture import Arrow, Picture
from scorecard.render.routing import Strand, Stroke, draw_sign
from scorecard.tui.text import fit, literal, wrap
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.goal_box import Light, Look, Stand, paint_box

Piece = tuple[int, int, list[Segment]]  # the column it starts at, how many it takes, what stands there


@dataclass(frozen=True, slots=True)
class Chain:
    """The goals and links (by number) that lead to a goal or away from it."""

    goals: frozenset[str]
    links: frozenset[int]


class Web:
    """The arrows of a picture, ready to be followed from any goal."""

    def __init__(self, arrows: Iterable[Arrow]) -> None:
        self._causes: dict[str, list[tuple[int, str]]] = {}
        self._effects: dict[str, list[tuple[int, str]]] = {}
        for number, arrow in enumerate(arrows):
            self._causes.setdefault(arrow.target, []).append((number, arrow.source))
            self._effects.setdefault(arrow.source, []).append((number, arrow.target))

    def follow(self, goal: str) -> Chain:
        """All causes and all effects of a goal, with the links between them."""
        goals, links = {goal}, set()
        for ends in (self._causes, self._effects):
            seen, waiting = {goal}, [goal]
            while waiting:
                for number, there in ends.get(waiting.pop(), ()):
                    links.add(number)
                    if there not in seen:
                        seen.add(there)
                        waiting.append(there)
            goals |= seen
        return Chain(frozenset(goals), frozenset(links))


class StrategyMap(ScrollView, can_focus=True):
    """A map that is looked through with keys or the mouse; set `picture`, then hear of `Selected` and `Opened`."""

    DEFAULT_CSS = """
    StrategyMap { scrollbar-size-vertical: 1; scrollbar-background: $background; scrollbar-corner-color: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(0, -1)", "Up", show=False),
        Binding("down,j", "step(0, 1)", "Down", show=False),
        Binding("left,h", "step(-1, 0)", "Left", show=False),
        Binding("right,l", "step(1, 0)", "Right", show=False),
        Binding("home", "rim(0, False)", "First in row", show=False),
        Binding("end", "rim(-1, False)", "Last in row", show=False),
        Binding("ctrl+home", "rim(0, True)", "First goal", show=False),
        Binding("ctrl+end", "rim(-1, True)", "Last goal", show=False),
        Binding("enter", "open", "Open"),
        Binding("f", "isolate", "Only its chain"),
        Binding("escape", "clear", "Whole map", show=False),
    ]

    picture: reactive[Picture | None] = reactive(None, repaint=False)
    selected: reactive[str | None] = reactive(None, repaint=False)
    isolated: reactive[str | None] = reactive(None, repaint=False)  # the goal of which only the chain is shown

    class Selected(Message):
        """A goal was selected, or none any more."""

        def __init__(self, goal_id: str | None) -> None:
            super().__init__()
            self.goal_id = goal_id

    class Opened(Message):
        """A goal was asked for in detail."""

        def __init__(self, goal_id: str) -> None:
            super().__init__()
            self.goal_id = goal_id

    def __init__(self, picture: Picture | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._map: Layout | None = None
        self._shown: Picture | None = None
        self._shape: tuple[object, ...] = ()  # all that the layout depends on
        self._web = Web(())
        self._chain: Chain | None = None
        self._hovered: str | None = None
        self._look: Look | None = None
        self._painted: dict[tuple[str, Light, bool], list[Strip]] = {}
        self._sides: dict[int, list[str]] = {}
        self.set_reactive(StrategyMap.picture, picture)

    @property
    def layout_map(self) -> Layout | None:
        """The layout on screen, None before the first size is known."""
        return self._map

    def watch_picture(self) -> None:
        known = {box.id for box in self.picture.boxes} if self.picture else set()
        if self.isolated not in known:
            self.set_reactive(StrategyMap.isolated, None)
        self._arrange()
        if self.selected not in known:
            self.selected = None
        self._relight()

    def watch_isolated(self) -> None:
        self._arrange()
        self._relight()
        self._reveal()

    def watch_selected(self) -> None:
        self._relight()
        self._reveal()
        self.post_message(self.Selected(self.selected))

    def on_resize(self) -> None:
        self._arrange()
        self._relight()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._look = None
        self._painted.clear()

    def action_step(self, right: int, down: int) -> None:
        if self._map is None or not self._map.ranks:
            raise SkipAction
        self.selected = self._map.step(self.selected, right, down) if self.selected else self._map.ranks[0][0].id

    def action_rim(self, end: int, whole: bool) -> None:
        if self._map is None or not self._map.ranks:
            raise SkipAction
        rank = end if whole or self.selected is None else self._map.places[self.selected].rank
        self.selected = self._map.ranks[rank][end].id

    def action_open(self) -> None:
        if self.selected:
            self.post_message(self.Opened(self.selected))

    def action_isolate(self) -> None:
        self.isolated = None if self.isolated else self.selected

    def action_clear(self) -> None:
        if self.isolated:
            self.isolated = None
        elif self.selected:
            self.selected = None
        else:
            raise SkipAction

    def on_click(self, event: events.Click) -> None:
        place = self._find(event)
        self.selected = place.id if place else None
        if place and event.chain == 2:
            self.post_message(self.Opened(place.id))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._find(event))

    def on_leave(self) -> None:
        self._hover(None)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._map is None or self._shown is None or not self._shown.lanes:
            return Strip.blank(width, self.rich_style)
        row = y + self.scroll_offset.y
        band = next((band for band in reversed(self._map.bands) if band.y <= row), self._map.bands[0])
        rail = min(self._rail, width)
        segments = self._draw_rail(band, row, rail)
        left = self.scroll_offset.x
        segments += self._draw_row(row, f"lane-{band.lane % 4}", left, left + width - rail)
        return Strip(segments, width)

    @property
    def _rail(self) -> int:
        """Columns of the lanes' names, which stay where they are when the map scrolls."""
        words = [word for lane in self._shown.lanes for word in lane.name.split()] if self._shown else []
        most = 20 if self.container_size.width >= 100 else 15
        return min(max([len(word) for word in words], default=0) + 3, most)

    def _arrange(self) -> None:
        """Lay out what is shown for the present size; the last column is kept for a scroll bar."""
        picture = self.picture
        if picture is None or not self.container_size.width:
            return
        if self.isolated:
            keep = Web(picture.arrows).follow(self.isolated)
            picture = replace(
                picture,
                boxes=tuple(box for box in picture.boxes if box.id in keep.goals),
                arrows=tuple(arrow for number, arrow in enumerate(picture.arrows) if number in keep.links),
            )
        self._shown = picture
        self._painted.clear()
        shape = (self.container_size, picture.lanes, [(box.id, box.name, box.lane) for box in picture.boxes], picture.arrows)
        if shape == self._shape:  # another period of the same map
            return
        self._shape = shape
        self._web = Web(picture.arrows)
        self._hovered = None
        width, height = self.container_size
        self._map = arrange(picture, max(width - self._rail - 1, 1), height, wrap)
        self.virtual_size = Size(self._rail + self._map.width, self._map.height)

    def _relight(self) -> None:
        self._chain = self._web.follow(self.selected) if self.selected else None
        self.refresh(self.size.region)

    def _reveal(self) -> None:
        """Scroll the selected box into view, clear of the rail, with a row for the links around it."""
        if self._map and self.selected in self._map.places:
            self.scroll_to_region(
                self._region(self._map.places[self.selected]),
                spacing=Spacing(1, 1, 1, self._rail + 1),
                animate=False,
                force=True,
            )

    def _region(self, place: Place) -> Region:
        return Region(place.x + self._rail, place.y, place.width, place.height)

    def _find(self, event: events.MouseEvent) -> Place | None:
        if self._map is None or event.x < self._rail:
            return None
        return self._map.find(event.x + self.scroll_offset.x - self._rail, event.y + self.scroll_offset.y)

    def _hover(self, place: Place | None) -> None:
        """Repaint the box that the mouse left and the one it is on; a tooltip tells the KPIs."""
        now = place.id if place else None
        if self._map is None or self._shown is None or now == self._hovered:
            return
        for goal in (self._hovered, now):
            if goal in self._map.places:
                self.refresh(self._region(self._map.places[goal]).translate(-self.scroll_offset))
        self._hovered = now
        box = self._shown.boxes[place.box] if place else None
        self.tooltip = literal("\n".join((box.name, *box.lines)), lines=True) if box else None

    def _colours(self) -> Look:
        if self._look is None:
            self._look = Look(fallback_colours(self.app.current_theme.dark) | self.app.theme_variables)
        return self._look

    def _light(self, goal: str) -> Light:
        if self._chain is None:
            return Light.PLAIN
        return Light.CHOSEN if goal == self.selected else Light.LIT if goal in self._chain.goals else Light.DIM

    def _draw_rail(self, band: Band, row: int, width: int) -> list[Segment]:
        assert self._shown is not None
        lane = self._shown.lanes[band.lane]
        ground = f"lane-{band.lane % 4}"
        look = self._colours()
        names = wrap(lane.name, width - 2, max(1, min(3, band.y + band.height - band.first - 1)))
        at = row - band.first
        text, style = "", look.ink("foreground", ground, bold=True)
        if 0 <= at < len(names):
            text = names[at]
        elif at == len(names) and lane.score is not None:
            text, style = f"{lane.status.sign}{lane.score:4.0%}", look.ink(f"status-{lane.status}", ground, bold=True)
        return [Segment(" " + fit(text, width - 1), style)]

    def _draw_row(self, row: int, ground: str, left: int, right: int) -> list[Segment]:
        """The columns left..right of a row of the map, links and boxes on the lane's ground."""
        pieces = self._draw_links(row, ground, left, right) + self._draw_boxes(row, ground, left, right)
        pieces.sort(key=itemgetter(0))
        blank = self._colours().ink("foreground", ground)
        segments: list[Segment] = []
        at = left
        for x, width, piece in pieces:
            if x > at:
                segments.append(Segment(" " * (x - at), blank))
            segments += piece
            at = x + width
        if at < right:
            segments.append(Segment(" " * (right - at), blank))
        return segments

    def _draw_links(self, row: int, ground: str, left: int, right: int) -> list[Piece]:
        assert self._map is not None
        cells = self._map.cells.get(row)
        if not cells:
            return []
        columns = list(cells)
        inks: dict[str, Style] = {}
        pieces: list[Piece] = []
        text, start, last = "", left, ""
        for x in columns[bisect_left(columns, left) : bisect_left(columns, right)]:
            sign, tone = self._pick_strand(cells[x])
            if text and tone == last and x == start + len(text):
                text += sign
                continue
            if text:
                pieces.append((start, len(text), [Segment(text, inks[last])]))
            if tone not in inks:
                inks[tone] = self._colours().ink(tone, ground, bold=self._chain is not None and tone != "rule")
            text, start, last = sign, x, tone
        if text:
            pieces.append((start, len(text), [Segment(text, inks[last])]))
        return pieces

    def _pick_strand(self, strands: Sequence[Strand]) -> tuple[str, str]:
        """The sign of a cell and its colour; where links cross, those of the chain run over the others."""
        assert self._shown is not None
        over = strands
        if self._chain:
            over = [strand for strand in strands if strand.link in self._chain.links]
            if not over:
                return strands[0].sign if len(strands) == 1 else _cross(strands), "rule"
        arrow = self._shown.arrows[over[0].link]
        plain = "lit" if self._chain else "link-definition" if arrow.definition else "link"
        return over[0].sign if len(over) == 1 else _cross(over), "link-opposing" if arrow.opposes else plain

    def _draw_boxes(self, row: int, ground: str, left: int, right: int) -> list[Piece]:
        assert self._map is not None
        rank = next((rank for rank in self._map.ranks if rank[0].y <= row < rank[0].y + rank[0].height), ())
        pieces: list[Piece] = []
        for place in rank:
            start, end = max(place.x, left), min(place.x + place.width, right)
            if start < end:
                strip = self._paint_place(place, ground)[row - place.y]
                if end - start < place.width:
                    strip = strip.crop(start - place.x, end - place.x)
                pieces.append((start, end - start, list(strip)))
        return pieces

    def _paint_place(self, place: Place, ground: str) -> list[Strip]:
        assert self._map is not None
        assert self._shown is not None
        light, hover = self._light(place.id), place.id == self._hovered
        key = (place.id, light, hover)
        if key not in self._painted:
            stand = Stand(ground, light, hover, self._leaving(place, place.y - 1), self._leaving(place, place.y + place.height))
            box = self._shown.boxes[place.box]
            self._painted[key] = paint_box(box, place, self._map.density, self._colours(), stand)
        return self._painted[key]

    def _leaving(self, place: Place, row: int) -> set[int]:
        """The columns of a box at which a link leaves through the side next to that row."""
        assert self._map is not None
        assert self._shown is not None
        cells = self._map.cells.get(row, {})
        return {
            x - place.x
            for x in range(place.x, place.x + place.width)
            for strand in cells.get(x, ())
            if self._shown.arrows[strand.link].source == place.id
        }


def _cross(strands: Sequence[Strand]) -> str:
    """The sign where several links meet in a cell."""
    return draw_sign(reduce(or_, (strand.mask for strand in strands)), Stroke.OBSERVED)
