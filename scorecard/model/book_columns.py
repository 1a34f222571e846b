"""What the scorecard's workbook consists of: its sheets and their columns, for what writes it and what reads it back.

On every sheet but `Scorecard` the first row holds the headers and each further row one record, up to the first row
without an id. Ids are those of the strategy's files. Numbers are unrounded: a share, weight or `%` figure of 12.5% is
0.125. An empty cell is unknown or not given, never zero. Cells of columns marked `entry` are typed in, the others are
computed from them or told of.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A column by its header; `entry` says that its cells are for typing, `width` is in letters."""

    header: str
    meaning: str
    entry: bool = False
    width: int = 11


SCORECARD = "Scorecard"
KPIS, GOALS, USES, LINKS = "KPIs", "Goals", "Uses", "Links"
INITIATIVES, GUARDRAILS, POINTS, METRICS = "Initiatives", "Guardrails", "Points", "Metrics"
PERSPECTIVES, HISTORY, SETTINGS = "Perspectives", "Figures", "Settings"

SIDES = RESULT, DRIVER = "result", "driver"
LEVEL, POINT = "level", "point"
APPLIES = "yes"
BREACHED = "breached"
OF_VALUE, OF_SCORE, OF_RESULT = "value", "score", "result"  # kinds of rows among the figures

_MEASURE = (
    Column("Interval", "How often it is measured; the review period where empty"),
    Column("Aggregate", "How finer values within one review period combine: sum, mean, last, min, max, median"),
    Column("Across", "How values of several members combine: sum, mean, min, max"),
    Column("Keep", "For how many intervals an old value stays usable"),
    Column("Formula", "How the value is computed from other KPIs and metrics", width=24),
    Column("Source", "Where the figure comes from", width=20),
    Column("Scope", "What it covers", width=20),
    Column("Aliases", "Other names seen in data files, one a line", width=16),
    Column("Description", "What it measures", width=30),
    Column("Caution", "What would make the figure misleading", width=30),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    KPIS: (
        Column("Id", "The KPI's id", width=20),
        Column("Name", "What people call it", width=34),
        Column("Owner", "Who answers for it", width=18),
        Column("Unit", "Of value, target and limits; % figures are shares of 1"),
        Column("Value", "The value at this period, or the word of a KPI with levels: type here", True),
        Column("Target", "The target at this period", True),
        Column("Score", "From 0 (no better than the start) to 1 (at target or better); live"),
        Column("Status", "The score held against the KPI's bands; live"),
        Column("Data", "How old the figure is, or what it lacks; how it is computed", width=24),
        Column("Direction", "up where more is better, down where less is; told by baseline, red and target"),
        Column("Scoring", "linear, red (linear from the red flag), goal, band, scale, levels or none"),
        Column("Baseline", "Where the score is 0", True),
        Column("Red", "The red flag: where the score is on the amber line", True),
        Column("Band low", "The lower end of the band", True),
        Column("Band high", "The upper end of the band", True),
        Column("Tolerance", "How far outside the band the score falls to 0", True),
        Column("Amber", "Where a score turns amber", True),
        Column("Green", "Where a score turns green", True),
        Column(
            "Target path", "The file's targets: one number, or points such as 2026-06: 0.04; 2026-12: 0.05", width=24
        ),
        Column("Role", "primary, supporting or diagnostic where a use says nothing else"),
        Column("Weight", "The weight where a use says nothing else"),
        Column("Defined by", "The goal whose work defines this KPI"),
        Column("Stage", "The stage of the funnel"),
        Column("Causality", "The path to the result", width=24),
        Column("Measurability", "How it is captured", width=24),
        *_MEASURE,
    ),
    GOALS: (
        Column("Id", "The goal's id", width=20),
        Column("Name", "What people call it", width=34),
        Column("Perspective", "The id of its perspective", width=14),
        Column("Owner", "Who answers for it", width=18),
        Column("Weight", "Its share in the perspective", True),
        Column("Lead share", "The drivers' share in the outlook; that of the settings where empty", True),
        Column(
            "Status", "The override's while it applies, else that of the result, lowered by a breached guardrail; live"
        ),
        Column("Result", "Is the result there? 0 to 1; live"),
        Column("Result status", "live"),
        Column("Result coverage", "The share of the weight with a known input; live"),
        Column("Drivers", "Are the drivers in place? 0 to 1, one step of the map; live"),
        Column("Drivers status", "live"),
        Column("Drivers coverage", "live"),
        Column("Outlook", "Where is the result heading? 0 to 1, through the whole map; live"),
        Column("Outlook status", "live"),
        Column("Outlook coverage", "live"),
        Column("Signal", "steady, warning, recovering, act or unknown; live", width=12),
        Column("Computed status", "The status before an override; live"),
        Column("Basis", "What the result rests on: kpis, initiatives or none; live"),
        Column("Result weight", "All weight of the result's entries; live"),
        Column("Result known", "The part of it with a known input; live"),
        Column("Drivers weight", "All weight of the drivers' entries; live"),
        Column("Drivers known", "The part of it with a known input; live"),
        Column("Drivers outlook", "The drivers with the outlook of the goals among them; live"),
        Column("Override", "The status set by hand: red, amber, green or unknown", True),
        Column("Override applies", "yes while it applies at this period", True),
        Column("Override why", "Why it was set", width=24),
        Column("Override by", "Who set it"),
        Column("Override from", "The first period in which it applies"),
        Column("Override until", "The last period in which it applies"),
        Column("Theme", "The id of its theme"),
        Column("Description", "What it means", width=40),
    ),
    USES: (
        Column("Goal", "The goal's id", width=20),
        Column("KPI", "The KPI's id", width=20),
        Column("Name", "The KPI's name", width=34),
        Column("Side", "result (lagging) or driver (leading)"),
        Column("Role", "primary, supporting or diagnostic; a diagnostic one weighs nothing", True, 12),
        Column("Weight", "Its weight at this goal", True),
        Column("Score", "The KPI's score; live"),
        Column("Counts", "The weight, 0 for a diagnostic one; live"),
        Column("Known", "The weight where the score is known; live"),
        Column("Part", "Weight times score; live"),
        Column("Delay", "Review periods until the effect shows"),
        Column("Evidence", "assumed, observed or tested"),
        Column("Why", "The hypothesis in a sentence", width=50),
    ),
    LINKS: (
        Column("Cause", "The id of the goal that drives; strategy/goal for one of another strategy", width=20),
        Column("Cause name", "Its name", width=34),
        Column("Effect", "The id of the goal that is driven", width=20),
        Column("Effect name", "Its name", width=34),
        Column("Weight", "The weight among the drivers of the effect", True),
        Column("Share", "The weight as a share of all drivers' weight; live"),
        Column("Kind", "supports, or opposes: then 1 - the cause's number counts", True),
        Column("Delay", "Review periods until the effect shows"),
        Column("Evidence", "assumed, observed or tested"),
        Column("Why", "The hypothesis in a sentence", width=50),
        Column("Cause result", "The result of the cause; live, typed in for a goal of another strategy"),
        Column("Cause outlook", "Its outlook; live, typed in for a goal of another strategy"),
        Column("Cause coverage", "The coverage of its outlook; live, typed in for a goal of another strategy"),
        Column("Known", "The weight where the cause's result is known; live"),
        Column("Part", "Weight times result, or times 1 - result; live"),
        Column("Outlook known", "The weight where the cause's outlook is known; live"),
        Column("Outlook part", "Weight times outlook, or times 1 - outlook; live"),
    ),
    INITIATIVES: (
        Column("Goal", "The goal's id", width=20),
        Column("Id", "The initiative's id", width=20),
        Column("Name", "What people call it", width=34),
        Column("Owner", "Who answers for it", width=18),
        Column("Start", "A period or day"),
        Column("Due", "A period or day"),
        Column("State", "planned, active, done or stopped; done counts as 100%, stopped not at all", True),
        Column("Progress", "0 to 1, at this period", True),
        Column("Weight", "Its weight at this goal", True),
        Column("Budget", "Planned cost"),
        Column("Spent", "Cost so far"),
        Column("Counts", "The weight, 0 where stopped; live"),
        Column("Known", "The weight where the progress is known; live"),
        Column("Part", "Weight times progress; live"),
        Column(
            "Progress path", "The file's progress: one number, or points such as 2026-04: 0.3; 2026-05: 0.6", width=24
        ),
        Column("Description", "What is done", width=40),
    ),
    GUARDRAILS: (
        Column("Goal", "The goal's id", width=20),
        Column("Measure", "The id of a KPI or metric", width=20),
        Column("Name", "Its name", width=34),
        Column("Min", "A value below it is a breach", True),
        Column("Max", "A value above it is a breach", True),
        Column("Value", "The value at this period; live"),
        Column("State", "breached, or empty; live"),
    ),
    POINTS: (
        Column("KPI", "The KPI's id", width=20),
        Column("Kind", "point of a scale, or level"),
        Column("At", "A value of the scale, or the word of a level", True, 20),
        Column("Score", "0 to 1", True),
    ),
    METRICS: (
        Column("Id", "The metric's id", width=20),
        Column("Name", "What people call it", width=34),
        Column("Owner", "Who answers for it", width=18),
        Column("Unit", "% figures are shares of 1"),
        Column("Value", "The value at this period", True),
        *_MEASURE,
    ),
    PERSPECTIVES: (
        Column("Id", "The perspective's id", width=16),
        Column("Name", "What people call it", width=34),
        Column("Weight", "Its share in the index", True),
        Column("Goals", "How many goals it has; live"),
        Column("Result", "The mean of its goals' results; live"),
        Column("Result status", "live"),
        Column("Result coverage", "live"),
        Column("Drivers", "The mean of its goals' drivers; live"),
        Column("Drivers status", "live"),
        Column("Drivers coverage", "live"),
        Column("Outlook", "The mean of its goals' outlooks; live"),
        Column("Outlook status", "live"),
        Column("Outlook coverage", "live"),
        Column("Description", "What it means", width=40),
    ),
    # One column more for each review period, oldest first, with the period as header.
    HISTORY: (
        Column("Id", "The id of a KPI, metric or goal", width=20),
        Column("Name", "What people call it", width=34),
        Column("Kind", "value of a KPI or metric, score of a KPI, or result of a goal"),
    ),
    SETTINGS: (
        Column("Setting", "What is set", width=22),
        Column("Value", "What it is set to", width=34),
        Column("Meaning", "What it does", width=70),
    ),
}

# Rows of the settings, in this order; `theme ID` rows with a theme's name follow.
STRATEGY, NAME, PURPOSE, DESCRIPTION, OWNER = "Strategy", "Name", "Purpose", "Description", "Owner"
RHYTHM, YEAR_START, PERIOD = "Review period", "Year start", "Period"
AMBER, GREEN, LEAD_SHARE = "Amber", "Green", "Lead share"
INDEX, INDEX_STATUS, INDEX_COVERAGE, REMARK = "Index", "Index status", "Index coverage", "Remark"
THEME = "theme "
ROWS: dict[str, str] = {
    STRATEGY: "The strategy's id",
    NAME: "What people call it",
    PURPOSE: "What it is for",
    DESCRIPTION: "What it is about",
    OWNER: "Who answers for it",
    RHYTHM: "day, week, month, quarter, half or year",
    YEAR_START: "The month in which the year begins",
    PERIOD: "The period that this book shows",
    AMBER: "Where a score turns amber",
    GREEN: "Where a score turns green",
    LEAD_SHARE: "The drivers' share in the outlook, where a goal has none of its own",
    INDEX: "The mean of the perspectives' results by their weights; live",
    INDEX_STATUS: "The index held against amber and green; live",
    INDEX_COVERAGE: "The share of the weight with a known input; live",
    REMARK: "What to know of the figures",
}


def place(sheet: str, header: str) -> int:
    """The number of a column on its sheet, from 0."""
    return next(at for at, column in enumerate(COLUMNS[sheet]) if column.header == header)
