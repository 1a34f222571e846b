"""The address of a database: secrets come from the environment only, and never leave in a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_plus

from scorecard.model.finding import SHOWN, Place, shorten
from scorecard.store.lines import Fault

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(\+[A-Za-z0-9_]+)?://")
_OPTION = re.compile(r"(?:^|[?&;])\s*\w*(?:pass|pwd|secret|token|api_?key|credential)\w*\s*=\s*([^&;]*)", re.IGNORECASE)
_OURS = "SCORECARD_"  # a strategy from a stranger must not ask for other secrets
_EXAMPLE = "write ${SCORECARD_PASSWORD} in its place, and set that variable"


@dataclass(frozen=True, slots=True)
class Address:
    """`url` with all variables filled in, and the texts in it that may not be shown."""

    dialect: str
    url: str
    secrets: tuple[str, ...]

    @property
    def rest(self) -> str:
        """What follows the slashes after the dialect."""
        return self.url.partition("://")[2]

    @property
    def database(self) -> str:
        """The name of the database without the way to it."""
        return self.rest.rpartition("@")[2].partition("?")[0].partition("/")[2] or self.dialect

    def hide(self, text: str) -> str:
        """What someone else says, without the secrets: its first line, and of a long one the end, which says why."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        parts = (text.strip().splitlines() or [""])[0].split(": ")
        while len(parts) > 1 and len(": ".join(parts)) > SHOWN:
            del parts[0]
        return shorten(": ".join(parts), SHOWN)


def read_address(template: str, environment: Mapping[str, str], place: Place) -> Address:
    """The address that a strategy writes. Raises Fault."""
    if _holds_secret(template):
        message = "the address holds a password; anyone who gets the file can read it"
        raise Fault("S318", place, message, f"change the password; {_EXAMPLE}")
    names = _VARIABLE.findall(template)
    for name in names:
        if not name.startswith(_OURS):
            message = f"a strategy may not ask for the environment variable '{shorten(name)}'"
            raise Fault("S319", place, message, f"name one that begins with {_OURS}, and set that")
        if not environment.get(name):
            message = f"the environment variable '{shorten(name)}' is not set"
            raise Fault("S319", place, message, "set it where the program is started")
    user_end = template.rfind("@")

    def fill(found: re.Match[str]) -> str:
        value = environment[found[1]]
        is_part = found.start() < user_end or "?" in template[: found.start()]
        return quote(value, safe="") if is_part else value

    url = _VARIABLE.sub(fill, template)
    scheme = _SCHEME.match(url)
    if not scheme:
        message = "the address does not say which kind of database it is"
        raise Fault(
            "S330",
            place,
            message,
            "write sqlite:///figures.db or postgresql://user:${SCORECARD_PASSWORD}@host/database",
        )
    return Address(scheme[1].lower(), url, _secrets(url, [environment[name] for name in names]))


def _holds_secret(template: str) -> bool:
    """Whether a password, or an option with a name like one, is written and not left to the environment."""
    user = template.partition("://")[2].rpartition("@")[0]
    written = [user.partition(":")[2]] if ":" in user else []
    written += _OPTION.findall(unquote_plus(template.partition("?")[2]))
    return any(_VARIABLE.sub("", text).strip() for text in written)


def _secrets(url: str, values: list[str]) -> tuple[str, ...]:
    """Every text that came from the environment or stands where a password does, as drivers may repeat it; longest first."""
    user, _, _ = url.partition("://")[2].rpartition("@")
    options = _OPTION.findall(unquote_plus(url.partition("?")[2]))
    plain = {url, *values, *options, user, user.partition(":")[2]}
    plain |= set(map(unquote, plain))
    spelled = {one for text in plain for one in (text, quote(text, safe=""), repr(text)[1:-1])}
    return tuple(sorted((text for text in spelled if text.strip()), key=lambda text: (-len(text), text)))
