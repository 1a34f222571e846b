"""The list of a workspace's strategies: each with its index, how far it is known, and what is worst about it."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment

from scorecard.analysis.attention import count_worst
from scorecard.compute.evaluation import Evaluation
from scorecard.render.words import GUARDRAIL_SIGN, percent, status_words
from scorecard.tui.text import fit, literal
from scorecard.tui.widgets.goal_box import Look
from scorecard.tui.widgets.row_list import Line, RowList

_STATUS = 14  # columns of status and index
_FACTS = (("Goals", 6), ("Coverage", 10), ("Period", 9))  # titles and columns, to the right
_WORST = (
    ("▲", "red goal", "red goals", "status-red"),
    (GUARDRAIL_SIGN, "breached", "breached", "status-red"),
    ("◌", "stale", "stale", "status-amber"),
    ("!", "warning", "warnings", "status-amber"),
)  # as `Worst` counts them: sign, words, colour
_CALM, _EMPTY = "nothing red, breached, stale or weak", "nothing is known of it yet"


class StrategyList(RowList):
    """Shows strategies in the order of the workspace; the chosen one stays chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._evaluations: list[tuple[str, Evaluation]] = []

    @property
    def names(self) -> list[str]:
        """Their ids, from the top."""
        return [name for name, _ in self._evaluations]

    @property
    def chosen(self) -> str:
        """The id of the chosen one; "" where there is none."""
        return self.names[self.cursor] if self._evaluations else ""

    def show_strategies(self, evaluations: Mapping[str, Evaluation]) -> None:
        """Show them, by their ids."""
        chosen = self.chosen
        self._evaluations = list(evaluations.items())
        self._arrange(chosen)

    def on_resize(self) -> None:
        self._arrange(self.chosen)

    def paint_head(self, look: Look) -> Line:
        titles = [fit("Index", _STATUS), fit("Strategy", self._title_columns)]
        titles += [f"{title:>{width}}" for title, width in _FACTS]
        return [Segment("".join(titles), look.ink("quiet", "panel", bold=True))]

    def paint_row(self, number: int, look: Look, ground: str, chosen: bool) -> list[Line]:
        evaluation = self._evaluations[number][1]
        index, plain = evaluation.index, look.ink("quiet", ground)
        facts = (f"{len(evaluation.strategy.goals):,}", percent(index.coverage), str(evaluation.period))
        said = "".join(f"{text:>{width}}" for text, (_, width) in zip(facts, _FACTS, strict=True))
        title = fit(literal(evaluation.strategy.title).plain, self._title_columns)
        words = fit(status_words(index.status, index.score), _STATUS)
        return [
            [
                Segment(words, look.ink(f"status-{index.status}", ground, bold=chosen)),
                Segment(title, look.ink("foreground", ground, bold=True)),
                Segment(said, plain),
            ],
            [Segment(" " * _STATUS, plain), *self._paint_worst(evaluation, look, ground)],
        ]

    def _paint_worst(self, evaluation: Evaluation, look: Look, ground: str) -> Line:
        """What is worst, each with its sign."""
        line = [
            Segment(f"{sign} {count:,} {one if count == 1 else several}  ", look.ink(colour, ground))
            for count, (sign, one, several, colour) in zip(count_worst(evaluation), _WORST, strict=True)
            if count
        ]
        none = _CALM if evaluation.index.coverage else _EMPTY
        return line or [Segment(none, look.ink("quiet", ground))]

    @property
    def _title_columns(self) -> int:
        return max(self.room - _STATUS - sum(width for _, width in _FACTS) - 1, 1)

    def _arrange(self, chosen: str) -> None:
        names = self.names
        self.take_rows(len(names), 2, names.index(chosen) if chosen in names else 0)
