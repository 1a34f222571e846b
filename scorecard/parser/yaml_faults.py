"""What may be wrong with a YAML text: the limits, the signs no text may hold, and the findings so far."""

from __future__ import annotations

import re
from collections import Counter

from scorecard.model.finding import Finding, Place, Severity
from scorecard.parser.tree import unpack

MOST = 100  # findings of one code in one file, which then is read no further
_SIGNS = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
FORBIDDEN = re.compile(_SIGNS + "+")  # runs of C0, C1, line separators, bidirectional signs, byte order marks
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class End(Exception):
    """Nothing after this place is read."""


class Faults:
    """The findings of one file. Places are packed. Whatever adds one may raise `End`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count: Counter[str] = Counter()
        self._found: list[Finding] = []

    def add(self, code: str, at: int, message: str, hint: str) -> None:
        """One more finding; after `MOST` of a code one that says that nothing more is read."""
        self._count[code] += 1
        more = self._count[code] > MOST
        if more:
            message, hint = f"after {MOST} findings {code} the rest of the file is not read", "mend those first"
        self._found.append(Finding(code, Severity.ERROR, Place(self._name, *unpack(at)[1:]), message, hint))
        if more:
            raise End

    def add_sign(self, at: int, sign: str, how: str) -> None:
        """S103: `sign` stands in the text, `how` says raw or by escape."""
        kind = "bidirectional sign" if _BIDIRECTIONAL.match(sign) else "control character"
        hint = "remove it; it cannot be seen, and can make a text look like another"
        self.add("S103", at, f"the text holds the {kind} U+{ord(sign):04X}{how}", hint)

    def add_limit(self, at: int, message: str, name: str) -> None:
        """S107: `message` says what was passed, `name` is the limit that allows more."""
        self.add("S107", at, message, f"split it into smaller parts, or set SCORECARD_LIMITS to a larger {name}")

    def has_foreign_bytes(self, line: int) -> bool:
        """Whether a line holds bytes that are not UTF-8: whatever else is odd about it comes from them."""
        return any(finding.code == "S102" and finding.place.line == line for finding in self._found)

    def listed(self) -> list[Finding]:
        """All findings in the order of the file."""
        return sorted(self._found, key=lambda finding: finding.order)
