"""The user's config of the app: a theme, keys by action, themes of their own. What is wrong with it is said and left out.

It is a small TOML file in the platform's user folder, or the one that SCORECARD_CONFIG names; nothing in it is run.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from platformdirs import user_config_path
from textual.theme import Theme

from scorecard.tui.keys import FIXED, KEYS, MOVING, find_rivals, is_key, list_names, show_key, split_keys
from scorecard.tui.themes import BASES, COLOURS, mix_theme

_MOST = 100_000  # bytes that are read
_LONGEST = 2_000  # bytes of a line; the standard reader takes minutes over a key of 40,000 parts
_MOST_THEMES, _MOST_LANES = 20, 12
_MOST_FAULTS, _MOST_SHOWN = 40, 20
# Patterns are compiled, and what words need is imported, where something is wrong: the first frame waits for the config.
_HEADER, _KEY = r"\s*\[([^\[\]]+)\]\s*(#.*)?", r"\s*([^=#]+?)\s*="
_AT = r" \(at line (\d+), column \d+\)$"
_HEX = frozenset("0123456789abcdefABCDEF")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


class Config(NamedTuple):
    """What the user has set. `theme` is a name such as `light`, "" unless said; `keys` goes to Textual's keymap.

    `faults` are sentences on what was left out, each with the place and what to write instead.
    """

    theme: str = ""
    keys: Mapping[str, str] = MappingProxyType({})
    themes: tuple[Theme, ...] = ()
    faults: tuple[str, ...] = ()


def find_config() -> Path:
    """Where the config is, or would be."""
    return Path(os.environ.get("SCORECARD_CONFIG") or user_config_path("scorecard") / "config.toml")


def read_config() -> Config:
    """The user's config; an empty one where there is none."""
    path = find_config()
    file = _File(path)
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                file.say("this is no file", "put the config into a plain text file")
                return Config(faults=file.faults)
            data = opened.read(_MOST + 1)
    except FileNotFoundError:
        if os.environ.get("SCORECARD_CONFIG"):
            file.say("SCORECARD_CONFIG names a file that is not there", "write the file, or unset SCORECARD_CONFIG")
        return Config(faults=file.faults)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "no such path").lower()
        file.say(f"it cannot be read: {why}", "make it readable for you, or take it away")
        return Config(faults=file.faults)
    return _read(file, data)


class _TooMany(Exception):
    """The config has more faults than anyone would read."""


class _File:
    """The config as text, and what is wrong in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = ""
        self.found: list[tuple[int, str]] = []  # faults with their lines, 0 for the whole file

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, in the order of the lines; of very much only the first."""
        shown = [text for _, text in sorted(self.found, key=lambda one: one[0])]
        if len(shown) > _MOST_FAULTS:
            shown[_MOST_SHOWN:] = [f"{self.name}: it has more faults than these, and nothing of it is taken."]
        return tuple(shown)

    @cached_property
    def name(self) -> str:
        home, name = os.path.expanduser("~"), _cut(str(self.path), 200)
        return f"~{name[len(home) :]}" if name.startswith(f"{home}{os.sep}") else name

    @cached_property
    def lines(self) -> dict[tuple[str, ...], int]:
        """Where keys and tables stand; TOML's reader does not say."""
        found: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.fullmatch(_HEADER, line):
                table = _words(header[1])
                found.setdefault(table, number)
            elif key := re.match(_KEY, line):
                found.setdefault((*table, *_words(key[1])), number)
        return found

    def say(self, message: str, hint: str, *path: str) -> None:
        """Something is wrong with what stands at a path of keys, or with the whole; the hint says what to write."""
        near = (path[:end] for end in range(len(path), 0, -1))
        self.say_at(next((self.lines[one] for one in near if one in self.lines), None), message, hint)

    def say_at(self, line: int | None, message: str, hint: str) -> None:
        end = "" if hint.endswith("?") else "."
        place = f"{self.name}:{line}" if line else self.name
        self.found.append((line or 0, f"{place}: {message}. {hint[0].upper()}{hint[1:]}{end}"))
        if len(self.found) > _MOST_FAULTS:
            raise _TooMany


def _read(file: _File, data: bytes) -> Config:
    import tomllib

    try:
        if len(data) > _MOST:
            file.say(f"it is larger than {_MOST:,} bytes, and was not read", "keep theme, keys and themes in it only")
        elif max(map(len, data.splitlines()), default=0) > _LONGEST:
            file.say(f"a line is longer than {_LONGEST:,} bytes, and it was not read", "write a setting a line")
        else:
            file.text = data.decode("utf-8-sig")
            return _take(file, tomllib.loads(file.text))
    except UnicodeDecodeError:
        file.say("it is no UTF-8 text, and was not read", "save it as UTF-8")
    except RecursionError:
        file.say("it is nested too deeply, and was not read", "write plain keys below [keys] and [themes.NAME]")
    except _TooMany:
        pass
    except ValueError as error:  # of TOML's reader
        at = re.search(_AT, str(error))
        why = _cut(re.sub(_AT, "", str(error)).rstrip("."))
        line = int(at[1]) if at else None
        file.say_at(line, f"it is no TOML, and was not read: {why}", 'write lines such as theme = "light"')
    return Config(faults=file.faults)


def _take(file: _File, found: Mapping[str, object]) -> Config:
    for name in found:
        if name not in ("theme", "keys", "themes"):
            file.say(f"there is no setting '{_cut(name)}'", _near(name, ("theme", "keys", "themes")), name)
    themes, refused = _take_themes(file, found.get("themes", {}))
    names = [*BASES, *themes]
    theme = found.get("theme", "")
    if theme and (not isinstance(theme, str) or theme not in names):
        if not isinstance(theme, str) or theme not in refused:  # else that has been said
            file.say(f"{_say(theme)} is no theme", _near(theme, names), "theme")
        theme = ""
    keys = _take_keys(file, found.get("keys", {}))
    return Config(str(theme), keys, tuple(themes.values()), file.faults)


def _take_keys(file: _File, found: object) -> dict[str, str]:
    """The keys that can be given, by action: what is wrong or would take another action's key is left out."""
    if not isinstance(found, dict):
        file.say("'keys' is no table", 'write a line [keys], and below it lines such as record = "V"', "keys")
        return {}
    said: dict[str, tuple[str, ...]] = {}  # where each action stands
    keys: dict[str, str] = {}
    for path, value in _flatten(found):
        name = ".".join(path)
        place = ("keys", *name.split("."))
        if name not in KEYS:
            file.say(f"there is no action '{_cut(name)}' that has a key", _near(name, KEYS), *place)
        elif key := _read_keys(file, name, value, place):
            said[name], keys[name] = place, key
    while rivals := list(find_rivals(keys)):  # one that is left out takes its usual key again, which another may want
        named = {name: (key, other) for name, key, other in reversed(rivals)}
        for name, (key, other) in named.items():
            del keys[name]
            message = (
                f"'{_cut(name)}' and '{other}' would both be on '{show_key(key)}', so '{name}' keeps its usual key"
            )
            file.say(message, "give one of them another key", *said[name])
    return keys


def _read_keys(file: _File, name: str, value: object, place: tuple[str, ...]) -> str:
    """What a line under [keys] says, as Textual writes it; "" where that is no key to take."""
    from textual.binding import InvalidBinding

    hint = 'write a sign or a name, such as "V", "f5", "ctrl+right", several as "V,f5"'
    try:
        keys = split_keys(value) if isinstance(value, str) else []
    except InvalidBinding:
        keys = []
    wrong = [key for key in keys if not is_key(key)]
    if not keys or wrong:
        near = difflib.get_close_matches(wrong[0][:80], list_names(), 1, 0.7) if wrong else []
        said = _say(wrong[0] if wrong else value)
        file.say(f"{said} is no key for '{name}'", f"did you mean '{near[0]}'? Or {hint}" if near else hint, *place)
        return ""
    for key in keys:
        if key in FIXED:
            file.say(f"'{key}' always does the same, so '{name}' cannot have it", "take another key", *place)
            return ""
        if key in MOVING:
            message = f"'{show_key(key)}' moves in the map and in lists, and does '{name}' only where nothing moves"
            file.say(message, f"take another key, such as 'ctrl+{key}'" if len(key) > 1 else "take another key", *place)
    return ",".join(keys)


def _take_themes(file: _File, found: object) -> tuple[dict[str, Theme], set[str]]:
    """The user's themes by name, and the names of those that were refused."""
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        file.say("'themes' holds something that is no table", "write a line such as [themes.dusk] for each", "themes")
        return {}, set(found) if isinstance(found, dict) else set()
    themes: dict[str, Theme] = {}
    for name, fields in found.items():
        if not _is_name(name) or name in BASES or len(themes) >= _MOST_THEMES:
            hint = f"write small letters, digits, - and _; not {', '.join(BASES)}; {_MOST_THEMES} themes at most"
            file.say(f"a theme cannot be called '{_cut(name)}'", hint, "themes", name)
        elif theme := _take_theme(file, name, fields):
            themes[name] = theme
    return themes, set(found) - set(themes)


def _take_theme(file: _File, name: str, fields: Mapping[str, object]) -> Theme | None:
    before = len(file.found)
    base = fields.get("base", "dark")
    if not isinstance(base, str) or base not in BASES:
        file.say(f"{_say(base)} is no theme to begin with", _near(base, BASES), "themes", name, "base")
    lanes = fields.get("lanes", [])
    if not isinstance(lanes, list) or len(lanes) > _MOST_LANES or not all(map(_is_colour, lanes)):
        hint = f'write up to {_MOST_LANES} colours, such as ["#171E27", "#1B1A28"]'
        file.say("'lanes' is no list of colours", hint, "themes", name, "lanes")
    colours: dict[str, str] = {}
    for key, value in fields.items():
        if key in ("base", "lanes"):
            continue
        colours[key] = str(value) if isinstance(value, str) else ""
        if key not in COLOURS:
            file.say(f"a theme has no colour '{_cut(key)}'", _near(key, COLOURS), "themes", name, key)
        elif not _is_colour(value):
            file.say(f"{_say(value)} is no colour for {key}", 'write one such as "#6FD39A"', "themes", name, key)
    if len(file.found) > before:
        return None
    assert isinstance(lanes, list)
    try:
        return mix_theme(name, str(base), colours, lanes)
    except ValueError as poor:
        for one in poor.args:
            key = str(one).partition(" ")[0]
            hint = "make the difference larger; until then the theme is left out"
            file.say(f"theme '{name}': {one}", hint, "themes", name, key if key in fields else "background")
        return None


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 32 and name[0].isalpha() and set(name) <= _LETTERS


def _is_colour(value: object) -> bool:
    """Whether this is an sRGB hex text."""
    return isinstance(value, str) and len(value) == 7 and value[0] == "#" and set(value[1:]) <= _HEX


def _flatten(found: Mapping[str, object], path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], object]]:
    """The values of nested tables: `what_if.drop` is a table in a table for TOML."""
    for name, value in found.items():
        if isinstance(value, dict) and not path:
            yield from _flatten(value, (*path, name))
        else:
            yield (*path, name), value


def _cut(text: str, limit: int = 60) -> str:
    from scorecard.model.finding import shorten

    return shorten(text, limit)


def _say(value: object) -> str:
    """What was written where a text belongs; of something else only what it is, as it may be large."""
    if isinstance(value, str):
        return f"'{_cut(value)}'"
    return {dict: "a table", list: "a list", bool: "true or false"}.get(type(value), "a number")


def _near(name: object, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(str(name)[:80], list(known), 1, 0.5)
    listed = ", ".join(known)
    return f"did you mean '{found[0]}'?" if found else f"there are: {_cut(listed, 200)}"


def _words(text: str) -> tuple[str, ...]:
    """The parts of a key or a table's name: `what_if.drop`, also quoted."""
    return tuple(part.strip().strip("\"'") for part in text.split("."))
