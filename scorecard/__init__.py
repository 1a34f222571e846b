"""Strategy as code: balanced scorecards and strategy maps in plain text, computed and explained.

    import scorecard

    card = scorecard.load("strategies/social_media")
    result = card.evaluate(period="2026-10")
    result.goal("engaging_content").outlook.status  # Status.AMBER

`load` reads one strategy, `load_workspace` a folder of several, `check` says what is wrong or weak. Scores, shares and
coverage are numbers from 0 to 1, None where unknown; values are in the unit of their KPI. What is wrong in a file is a
list of `Finding`; `load` raises `StrategyError` with all of them. A name is imported when it is first asked for.

The house, from the ground up; each floor knows only those below it:

    model/      the words: strategy, perspective, goal, KPI, link, period, status, scoring rule, finding
    compute/    the arithmetic, pure: histories, formulas, scores, the propagation through the map, the evaluation
    analysis/   the questions, pure: why is this number what it is; what does the method say of this map
    parser/     text in: YAML to nodes with places, merged, held against the model, references resolved
    store/      values in: the sources a strategy names, and its own store of recorded values
    render/     pictures and tables out: DOT, SVG, PNG, PDF, Mermaid, JSON, the rows of the terminal
    api.py      the whole road on one page
    tui/        the screen
    cli/        the commands, one short file a family
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorecard.api import Scorecard, StrategyError, check, load, load_workspace
    from scorecard.compute.evaluation import Evaluation
    from scorecard.model.finding import Finding, Severity
    from scorecard.model.limits import Limits
    from scorecard.model.period import Period
    from scorecard.model.status import Signal, Status
else:
    _HOMES = {
        "Evaluation": "compute.evaluation",
        "Finding": "model.finding",
        "Limits": "model.limits",
        "Period": "model.period",
        "Scorecard": "api",
        "Severity": "model.finding",
        "Signal": "model.status",
        "Status": "model.status",
        "StrategyError": "api",
        "check": "api",
        "load": "api",
        "load_workspace": "api",
    }

    def __getattr__(name):
        """A public name, imported now: `import scorecard` alone loads nothing heavy."""
        if name not in _HOMES:
            raise AttributeError(f"module 'scorecard' has no attribute '{name}'")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"scorecard.{_HOMES[name]}"), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = [
    "Evaluation",
    "Finding",
    "Limits",
    "Period",
    "Scorecard",
    "Severity",
    "Signal",
    "Status",
    "StrategyError",
    "check",
    "load",
    "load_workspace",
]
