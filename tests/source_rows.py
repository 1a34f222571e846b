"""A strategy written beside data of any source, and what is read of it: rows as plain tuples, findings as lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scorecard.api import read_report
from scorecard.model.finding import Finding

STRATEGY = """\
strategy: shop
{more}
kpis:
  sales: {{name: Net sales, aliases: [Revenue], unit: EUR, aggregate: sum, baseline: 0, target: 9000}}
  share: {{unit: "%", baseline: 5%, target: 20%}}
  mood: {{levels: {{low: 0, "2": 0.5, high: 1}}}}
data: [{data}]
"""


@dataclass(frozen=True)
class Reading:
    rows: list[tuple[object, ...]]  # kpi, period, members, value
    targets: dict[tuple[str, str], float]
    places: list[str]
    found: list[Finding]
    folder: str

    @property
    def findings(self) -> list[str]:
        """Place within the folder, code and message."""
        return [f"{one.place} {one.code} {one.message}".removeprefix(f"{self.folder}/") for one in self.found]

    @property
    def hints(self) -> str:
        return "\n".join(one.hint for one in self.found)


def read_source(folder: Path, data: str, more: str = "") -> Reading:
    """What a strategy in the folder reads from the sources `data`, an excerpt of YAML."""
    (folder / "strategy.yaml").write_text(STRATEGY.format(data=data, more=more), encoding="utf-8")
    report = read_report(str(folder))
    seen = report.scorecards["shop"].observations
    keys = [(seen.measures[seen.measure[at]], str(seen.periods[seen.period[at]])) for at in range(len(seen))]
    rows = [(*key, seen.members[seen.member[at]], float(seen.value[at])) for at, key in enumerate(keys)]
    targets = {key: float(seen.target[at]) for at, key in enumerate(keys) if seen.target[at] == seen.target[at]}
    places = [str(seen.place(at)).removeprefix(f"{folder}/") for at in range(len(seen))]
    codes = [one for one in report.findings if one.code[:2] in ("S3", "S2", "S1")]
    return Reading(rows, targets, places, codes, str(folder))
