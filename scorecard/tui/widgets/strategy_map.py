"""The strategy map: boxes in lanes with routed links, looked through goal by goal with keys or the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size, Spacing
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from scorecard.render.chain import Chain, Web, isolate
from scorecard.render.layout import Layout, Place
from scorecard.render.picture import Box, Picture
from scorecard.tui.keys import bind
from scorecard.tui.themes import fallback_colours
from scorecard.tui.widgets.arranger import Arranger, Wanted
from scorecard.tui.widgets.goal_box import Look, describe
from scorecard.tui.widgets.map_painter import MapPainter, Scene, measure_rail
from scorecard.tui.widgets.map_window import MapWindow, say_waiting
from scorecard.tui.widgets.scroll_bar import QuickScroll, filter_lines

AT_ONCE = 300  # goals; larger maps are drawn and laid out in a thread
_MOST_SCENES = 16  # that are kept
_ARROWS = ((0, -1), (0, 1), (-1, 0), (1, 0))  # columns to the right, ranks down


class StrategyMap(QuickScroll, can_focus=True):
    """Shows its `picture`; posts `Selected` and `Opened`.

    `selected` is the goal whose chain is lit, `isolated` the one of which nothing but the chain is shown.
    """

    HELP = """
The strategy map: perspectives from top to bottom, links from cause (below) to effect (above).

| sign | meaning |
| --- | --- |
| ● ◆ ▲ ○ | green, amber, red, unknown |
| 62% ↗ 70% | the result, and where its outlook points |
| ◆ → ●, ↗ +5 pp | `c` compares: another status than then, the change of the result |
| ! | warning: the result is green, its drivers are not |
| ⚑ | a guardrail is breached |
| ✎ | the status was set by judgement |
| ╎ │ ┃ | the link is assumed, observed, tested |
| ┳ | the link opposes (red) |
| ┊ | the goal's work defines a KPI above |

A map of more than 6,000 links shows its goals alone; `f` shows the chain of one with its links.
"""
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
        bind("map.chain", "isolate", "Only its chain"),
        Binding("escape", "clear", "Whole map", show=False),
    ]

    picture: reactive[Picture | None] = reactive(None, init=False, repaint=False)
    selected: reactive[str | None] = reactive(None, init=False, repaint=False)
    isolated: reactive[str | None] = reactive(None, init=False, repaint=False)

    class Selected(Message):
        """A goal was selected, or (None) none any more."""

        def __init__(self, goal_id: str | None) -> None:
            super().__init__()
            self.goal_id = goal_id

    class Opened(Message):
        """A goal was asked for in detail: Enter, or a double click."""

        def __init__(self, goal_id: str) -> None:
            super().__init__()
            self.goal_id = goal_id

    def __init__(self, picture: Picture | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painter: MapPainter | None = None
        self._web = Web(())
        self._shape: tuple[object, ...] = ()  # all that the present layout was made from
        self._arranger = Arranger(self._take_late)
        self._window = MapWindow()
        self._scenes: dict[str | None, Scene] = {}  # of goals that were or may be selected
        self._hovered: str | None = None
        self._way = (0, 1)  # of the last step
        self.tell: Callable[[str], Iterable[str]] = lambda _: ()  # the KPIs of a goal in words
        self.before: Mapping[str, Box] = {}  # boxes of which the change is shown, as they were
        self.set_reactive(StrategyMap.picture, picture)

    @property
    def map_layout(self) -> Layout | None:
        """Where everything lies, without the rail; None before there are a picture and a size."""
        return self._painter.layout if self._painter else None

    def find_chain(self, web: Web, selected: str | None) -> Chain | None:
        """What is lit, with the rest dimmed: the chain of the selected goal; None for nothing."""
        return web.follow(selected) if selected else None

    def watch_picture(self, picture: Picture | None) -> None:
        goals = {box.id for box in picture.boxes} if picture else set()
        if self.isolated not in goals:
            self.set_reactive(StrategyMap.isolated, None)
        self._arrange()
        if self.selected not in goals:
            self.selected = None

    def watch_isolated(self) -> None:
        self._arrange()
        self._reveal()

    def watch_selected(self, goal: str | None) -> None:
        if self.isolated and goal and not self._place(goal):
            self.isolated = None
        self._reveal()
        self._relight()
        self._window.foresee(self._list_steps(), self.size.height, self.app.console)
        self.post_message(self.Selected(goal))

    def on_resize(self) -> None:
        self.watch_isolated()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._painter:
            self._paint_with(self._painter.picture, self._painter.layout)

    def action_step(self, right: int, down: int) -> None:
        """Select the next goal that way; the first one where none is selected."""
        layout, self._way = self._need_layout(), (right, down)
        place = self._place(self.selected)
        self.selected = layout.step(place, right, down).id if place else layout.ranks[0][0].id

    def action_rim(self, end: int, whole: bool) -> None:
        """Select the first (0) or last (-1) goal of the row, or of the whole map."""
        layout, place = self._need_layout(), self._place(self.selected)
        self.selected = layout.ranks[end if whole or place is None else place.rank][end].id

    def action_open(self) -> None:
        if self.selected:
            self.post_message(self.Opened(self.selected))

    def action_isolate(self) -> None:
        """Show only the chain of the selected goal, or everything again."""
        self.isolated = None if self.isolated else self.selected

    def action_clear(self) -> None:
        """One step back: from the chain to the whole map, from a selected goal to none."""
        if self.isolated:
            self.isolated = None
        elif self.selected:
            self.selected = None
        else:
            raise SkipAction

    def on_unmount(self) -> None:
        self._window.rest()

    def on_key(self) -> None:
        self._window.put_off(self.app.console)

    def on_click(self, event: events.Click) -> None:
        place = self._find(event)
        self.selected = place.id if place else None
        if place and event.chain == 2:
            self.post_message(self.Opened(place.id))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._find(event))

    def on_leave(self) -> None:
        self._hover(None)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows are kept here, and have neither border nor padding: Textual's own way there is twice as long."""
        if self._painter is None or self.size.width <= self._painter.rail:
            rows = [say_waiting(self._arranger.wanted, self.size, y, self.rich_style) for y in crop.line_range]
            return [row.crop(crop.x, crop.right) for row in rows]
        self._look()
        return filter_lines(self, self._window.list_rows(crop.line_range), crop)

    def render_line(self, y: int) -> Strip:
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def _need_layout(self) -> Layout:
        if self.map_layout is None or not self.map_layout.ranks:
            raise SkipAction
        return self.map_layout

    def _arrange(self) -> None:
        """Lay out what is shown for the present size; the last column is kept for a scroll bar."""
        width, height = self.container_size
        if self.picture is None or not self.picture.lanes or not width:
            self._painter = None
            self._arranger.drop()
            return
        picture = isolate(self.picture, self.isolated) if self.isolated else self.picture
        boxes = tuple((box.id, box.name, box.lane) for box in picture.boxes)
        shape = (width, height, tuple(lane.name for lane in picture.lanes), boxes, picture.arrows)
        self._arranger.drop()
        if self._painter and shape == self._shape:  # the same map in another period
            self._paint_with(picture, self._painter.layout)
            return
        wanted = Wanted(picture, shape, max(width - measure_rail(picture.lanes, width) - 1, 1), height)
        if len(boxes) <= AT_ONCE:
            self._take(wanted, wanted.arrange())
        else:
            self._arranger.begin(wanted, self.app)
            self.refresh()

    def _take_late(self, wanted: Wanted, layout: Layout) -> None:
        self._take(wanted, layout)
        self._reveal()

    def _take(self, wanted: Wanted, layout: Layout) -> None:
        width, height = self.container_size
        self._shape = wanted.shape
        self._web = Web(wanted.picture.arrows)
        rail = measure_rail(wanted.picture.lanes, width)
        self.virtual_size = Size(rail + layout.width, layout.height)
        self.show_horizontal_scrollbar = rail + layout.width > width - 1  # the bars of the layout before would stay
        self.show_vertical_scrollbar = layout.height > height
        self._paint_with(wanted.picture, layout)

    def _paint_with(self, picture: Picture, layout: Layout) -> None:
        look = Look(fallback_colours(self.app.current_theme.dark) | self.app.theme_variables)
        rail = measure_rail(picture.lanes, self.container_size.width)
        self._painter = MapPainter(picture, layout, rail, look, self.before)
        self._scenes.clear()
        self._hovered = None
        self._relight()

    def _relight(self) -> None:
        """Light the chain of the selected goal, and refresh the rows that look otherwise now."""
        changed, whole = self._look(), self.size.region
        if regions := [whole] if changed is None else [Region(0, y, whole.width, 1) for y in changed]:
            self.refresh(*regions)

    def _look(self) -> list[int] | None:
        """Look at what is to be seen now; returned are the rows of the screen that look otherwise, None for all."""
        if self._painter is None:
            return None
        scene = self._find_scene(self.selected)
        return self._window.look_at(self._painter, self.scroll_offset, self.scrollable_size.width, scene)

    def _find_scene(self, goal: str | None) -> Scene:
        """What stands out when that goal is selected."""
        if goal not in self._scenes:
            if len(self._scenes) > _MOST_SCENES:
                self._scenes.clear()
            shown = goal if self._place(goal) else None
            self._scenes[goal] = Scene(shown, self.find_chain(self._web, shown))
        return self._scenes[goal]._replace(hovered=self._hovered)

    def _reveal(self) -> None:
        """Scroll the selected box into view."""
        if place := self._place(self.selected):
            self.scroll_to(*self._aim(place), animate=False, force=True)

    def _aim(self, place: Place) -> Offset:
        """How far the map is scrolled to have a box in view, clear of the rail, with a row for the links around it."""
        assert self._painter, "a box lies on a map"
        box, spacing = self._painter.cover(place), Spacing(1, 1, 1, self._painter.rail + 1)
        window = self.scrollable_content_region.at_offset(self.scroll_offset).shrink(spacing)
        x, y = self.scroll_offset + (
            Offset() if box.contains_region(window) else Region.get_scroll_to_visible(window, box)
        )
        return Offset(min(max(x, 0), self.max_scroll_x), min(max(y, 0), self.max_scroll_y))

    def _list_steps(self) -> Iterator[tuple[Scene, Offset]]:
        """What would stand out after each of the arrows, and how far the map would be scrolled."""
        place, layout = self._place(self.selected), self.map_layout
        if place and layout:
            for right, down in sorted(_ARROWS, key=self._way.__ne__):  # a step is often taken again
                step = layout.step(place, right, down)
                yield self._find_scene(step.id), self._aim(step)

    def _place(self, goal: str | None) -> Place | None:
        return self._painter.layout.places.get(goal) if self._painter and goal else None

    def _find(self, event: events.MouseEvent) -> Place | None:
        return self._painter.find(event.x, event.y, self.scroll_offset) if self._painter else None

    def _hover(self, place: Place | None) -> None:
        """Paint the box that the mouse left and the one it is on; a tooltip tells the KPIs."""
        goal = place.id if place else None
        if self._painter and goal != self._hovered:
            self._hovered = goal
            self._relight()
            box = self._painter.picture.boxes[place.box] if place else None
            self.tooltip = describe(box, box.lines or self.tell(box.id)) if box else None
