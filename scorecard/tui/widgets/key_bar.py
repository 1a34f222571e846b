"""The keys at the foot: those that mean something now, as many as have room, each whole; a click presses one."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from scorecard.tui.text import literal

_ALWAYS = ("help", "quit")  # ids of actions that stand there at every width
_PALETTE = "palette"


class Key(NamedTuple):
    """A key at the foot: what it is called, what it does, and what a click presses; `id` is the name of its action."""

    shown: str
    words: str
    key: str
    id: str | None
    enabled: bool

    @property
    def width(self) -> int:
        return cell_len(self.shown) + cell_len(self.words) + 3


class KeyBar(Widget):
    """Shows the keys of what has the focus, then those of the screen and of the app; help and quitting always."""

    ALLOW_SELECT = False
    DEFAULT_CSS: ClassVar[str] = """
    KeyBar { height: 1; dock: bottom; background: $footer-background; color: $footer-description-foreground; }
    """

    _keys: tuple[Key, ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._take)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    @property
    def keys(self) -> tuple[Key, ...]:
        """Those there is room for, in their order; the palette's, which stands at the right end, is the last."""
        kept = {one for one in self._keys if one.id in _ALWAYS}
        room = self.size.width - sum(one.width for one in kept)
        for one in sorted(self._keys, key=lambda one: one.words != _PALETTE):
            if one in kept:
                continue
            if one.width > room:
                break
            kept.add(one)
            room -= one.width
        return tuple(one for one in self._keys if one in kept)

    def render(self) -> Content:
        return literal("").join(literal(" " * gap) + _say(one) for one, gap in self._arrange())

    def on_click(self, event: events.Click) -> None:
        at = 0
        for one, gap in self._arrange():
            at += gap
            if at <= event.x < at + one.width:
                self.app.simulate_key(one.key)
                return
            at += one.width

    def _arrange(self) -> list[tuple[Key, int]]:
        """Each key with the blanks in front of it: the palette's stands at the right end."""
        keys = self.keys
        spare = self.size.width - sum(one.width for one in keys)
        return [(one, max(spare, 0) if one.words == _PALETTE else 0) for one in keys]

    def _take(self, screen: Screen[object]) -> None:
        """The keys have changed."""
        if screen is not self.screen or not self.app.app_focus:
            return
        found: dict[str, Key] = {}  # by action: of several keys the first one is shown
        bindings = screen.active_bindings
        for _, binding, enabled, _ in bindings.values():
            if binding.show:
                shown = self.app.get_key_display(binding)
                one = Key(shown, literal(binding.description).plain, binding.key, binding.id, enabled)
                found.setdefault(binding.action, one)
        if palette := bindings.get(self.app.COMMAND_PALETTE_BINDING):
            found[_PALETTE] = Key(self.app.get_key_display(palette.binding), _PALETTE, palette.binding.key, None, True)
        keys = tuple(found.values())
        if keys != self._keys:
            self._keys = keys
            self.refresh()


def _say(key: Key) -> Content:
    dim = "" if key.enabled else "dim "
    return literal(f" {key.shown} ", f"{dim}bold $footer-key-foreground") + literal(f"{key.words} ", dim.strip())
