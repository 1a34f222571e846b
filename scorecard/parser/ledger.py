"""The findings of one strategy while it is read: of each code only so many, so that no text can flood them."""

from __future__ import annotations

from collections import Counter

from scorecard.model.finding import Finding

MOST = 100  # findings of one code in one strategy; one more says that there are others


class Ledger(list[Finding]):
    """A list of findings that takes each once, `MOST` of a code, then one that says that more are not listed."""

    def __init__(self) -> None:
        super().__init__()
        self._count: Counter[str] = Counter()
        self._seen: set[Finding] = set()

    def is_full(self, code: str) -> bool:
        return self._count[code] > MOST

    def add(self, finding: Finding) -> None:
        """Take a finding, or not where there are enough of its code."""
        code = finding.code
        if self.is_full(code) or finding in self._seen:
            return
        self._seen.add(finding)
        self._count[code] += 1
        if self.is_full(code):
            message = f"there are more findings {code} than the {MOST} listed"
            finding = Finding(code, finding.severity, finding.place, message, "mend those first")
        self.append(finding)
