"""`scorecard stale`: what is due on a day, who answers for it, and how that reads as a table, in a mail and for a machine."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from command_line import CLEAN, FINDINGS, SOCIAL_MEDIA, UNREADABLE, WRONG_USE, run, write_strategy, write_workspace
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scorecard import load
from scorecard.analysis.freshness import Figure, State, find_freshness, group_by_owner
from scorecard.render.freshness_text import escape, write_markdown, write_missing

PAGE = (Path(__file__).parent.parent / "docs" / "freshness.md").read_text(encoding="utf-8")
BAKERY = """
strategy: bakery
name: Bakery
perspectives: {all: All}
data: [rows.csv]
goals:
  regulars:
    name: Win regulars
    perspective: all
    owner: Ben
    lagging:
      - {kpi: guests, owner: Ann, source: Till}
      - {kpi: returning, unit: guests}
      - {kpi: mood, interval: quarter, levels: {good: 1, bad: 0}}
    guardrails: [{kpi: complaints, max: 5}]
  thrift:
    name: Waste less
    perspective: all
    lagging: [{kpi: waste_rate, owner: Cy, formula: waste / baked}, {kpi: rent, interval: year}]
metrics: {waste: {}, baked: {owner: ann}, complaints: {}, unused: {}}
"""
ROWS = """kpi,period,value
guests,2026-08,80
returning,2026-09,8
mood,2026-Q3,good
waste,2026-10,3
baked,2026-10,90
complaints,2026-10,1
"""


def stand(folder: Path, today: str, text: str = BAKERY, rows: str = ROWS) -> dict[str, Figure]:
    """How each figure stands on a day."""
    card = load(write_strategy(folder / "made", text, rows))
    figures = find_freshness(card.strategy, card.observations, date.fromisoformat(today))
    return {figure.measure.id: figure for figure in figures}


def state_of(folder: Path, today: str, interval: str, rows: str, period: str = "month", more: str = "") -> Figure:
    text = (
        f"strategy: s\nperiod: {period}\n{more}perspectives: {{all: All}}\nkpis: {{k: {{interval: {interval}}}}}\n"
        "data: [rows.csv]\n"
    )
    return stand(folder, today, text, "kpi,period,value,target\n" + rows)["k"]


@pytest.mark.parametrize(
    ("today", "state", "missing", "since"),
    [
        ("2026-09-15", "fresh", "", None),
        ("2026-09-30", "fresh", "", None),  # the month is not over
        ("2026-10-01", "due", "2026-09", "2026-09-30"),
        ("2026-10-31", "due", "2026-09", "2026-09-30"),
        ("2026-11-01", "overdue", "2026-09 and 2026-10", "2026-09-30"),
        ("2027-01-01", "overdue", "2026-09 to 2026-12 (4 months)", "2026-09-30"),
    ],
)
def test_a_month_is_due_when_it_is_over_and_overdue_when_the_next_one_is(
    today: str, state: str, missing: str, since: str | None, tmp_path: Path
) -> None:
    figure = state_of(tmp_path, today, "month", "k,2026-08,1,\n")
    assert figure.state == state
    assert write_missing(figure) == missing
    assert figure.since == (None if since is None else date.fromisoformat(since))
    assert figure.latest is not None
    assert str(figure.latest.period) == "2026-08"
    assert figure.latest.place.line == 2


@pytest.mark.parametrize(
    ("interval", "row", "today", "state", "due"),
    [
        ("week", "2026-W46", "2026-11-22", "fresh", "2026-W46"),  # the Sunday of week 47
        ("week", "2026-W46", "2026-11-23", "due", "2026-W47"),
        ("week", "2026-W44", "2026-11-23", "overdue", "2026-W47"),
        ("quarter", "2026-Q2", "2026-10-01", "due", "2026-Q3"),
        ("quarter", "2026-Q2", "2027-01-01", "overdue", "2026-Q4"),
        ("year", "2025", "2026-12-31", "fresh", "2025"),
        ("day", "2026-11-20", "2026-11-22", "due", "2026-11-21"),
        ("month", "2026-W44", "2026-11-22", "fresh", "2026-10"),  # its Thursday lies in October
        ("month", "2026-W45", "2026-11-22", "fresh", "2026-10"),
        ("month", "2026-Q3", "2026-11-22", "due", "2026-10"),  # a quarter's value says how things stood at its end
        ("month", "2026-11", "2026-11-22", "fresh", "2026-10"),  # the month under way
        ("quarter", "2026-11", "2026-11-22", "fresh", "2026-Q3"),
        ("month", "2026-12", "2026-11-22", "never", "2026-10"),  # a month that has not begun was not measured
        ("month", "2026", "2026-11-22", "never", "2026-10"),
    ],
)
def test_every_interval_has_its_own_rhythm(
    interval: str, row: str, today: str, state: str, due: str, tmp_path: Path
) -> None:
    figure = state_of(tmp_path, today, interval, f"k,{row},1,\n")
    assert (figure.state, str(figure.due)) == (state, due)


def test_a_monthly_figure_of_a_quarterly_strategy_is_due_monthly(tmp_path: Path) -> None:
    figure = state_of(tmp_path, "2026-12-01", "month", "k,2026-09,1,\n", period="quarter")
    assert (figure.state, write_missing(figure)) == (State.OVERDUE, "2026-10 and 2026-11")


def test_quarters_are_those_of_the_strategy_s_year(tmp_path: Path) -> None:
    figure = state_of(tmp_path, "2026-07-01", "quarter", "k,2026-Q4,1,\n", more="year_start: 4\n")
    assert (figure.state, str(figure.due), str(figure.since)) == (State.DUE, "2027-Q1", "2026-06-30")


def test_a_target_is_no_measurement(tmp_path: Path) -> None:
    assert state_of(tmp_path, "2026-11-22", "month", "k,2026-10,,5\n").state == State.NEVER


def test_only_what_somebody_has_to_record_is_asked_for(tmp_path: Path) -> None:
    figures = stand(tmp_path, "2026-11-22")
    assert set(figures) == {"guests", "returning", "mood", "rent", "waste", "baked", "complaints"}
    states = {name: figure.state.value for name, figure in figures.items() if figure.state != State.FRESH}
    assert states == {"guests": "overdue", "returning": "due", "rent": "never"}


def test_who_answers_for_a_figure_without_an_owner(tmp_path: Path) -> None:
    figures = stand(tmp_path, "2026-11-22")
    said = {name: (f.owner, f.through.id if f.through else None) for name, f in figures.items()}
    assert said == {
        "guests": ("Ann", None),
        "returning": ("Ben", "regulars"),
        "mood": ("Ben", "regulars"),
        "complaints": ("Ben", "regulars"),  # guards the goal
        "waste": ("Cy", "waste_rate"),  # a formula needs it
        "baked": ("ann", None),
        "rent": (None, None),  # its goal has no owner either
    }


def test_owners_come_worst_first_and_nobody_last(tmp_path: Path) -> None:
    portfolios = group_by_owner(stand(tmp_path, "2026-11-22").values())
    assert [(one.owner, [f.measure.id for f in one.figures]) for one in portfolios] == [
        ("Ann", ["guests", "baked"]),  # one person, however it is spelled
        ("Ben", ["returning", "mood", "complaints"]),
        ("Cy", ["waste"]),
        (None, ["rent"]),
    ]
    assert [one.latest and str(one.latest.period) for one in portfolios] == ["2026-10", "2026-10", "2026-10", None]
    assert portfolios[0].count(State.OVERDUE) == 1


def test_of_equally_many_the_longest_overdue_comes_first(tmp_path: Path) -> None:
    text = "strategy: s\nperspectives: {all: All}\nkpis: {a: {owner: A}, b: {owner: B}, c: {owner: C}, d: {owner: C}}\n"
    rows = "kpi,period,value\na,2026-06,1\nb,2026-03,1\nc,2026-07,1\nd,2026-07,1\n"
    portfolios = group_by_owner(stand(tmp_path, "2026-11-22", text + "data: [rows.csv]\n", rows).values())
    assert [one.owner for one in portfolios] == ["C", "B", "A"]


def test_what_is_on_record_counts_with_its_row(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "bakery", BAKERY, ROWS)
    assert run("record", folder, "guests=85", "-p", "2026-10", "--by", "Ann").exit_code == CLEAN
    result = run("stale", folder, "--today", "2026-11-22", "--owner", "ANN", "--json")
    (owner,) = json.loads(result.stdout)["owners"]
    guests = next(one for one in owner["figures"] if one["id"] == "guests")
    assert (guests["state"], Path(guests["file"]).name, guests["line"]) == ("fresh", "scorecard.sqlite", 1)
    assert result.exit_code == CLEAN


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--today", "2026-11-22"], FINDINGS),
        (["--today", "2026-09-15"], CLEAN),
        (["--today", "2026-09-15", "--strict"], FINDINGS),
        (["--today", "2026-11-22", "--owner", "Ben"], CLEAN),
        (["--today", "2026-11-22", "--owner", "Ben", "--strict"], FINDINGS),
        (["--today", "2026-11-22", "--owner", "Cy", "--strict"], CLEAN),
        (["--today", "tomorrow"], WRONG_USE),
        (["--today", "0999-01-01"], WRONG_USE),
        (["--format", "html"], WRONG_USE),
        (["--owner", "Bem"], WRONG_USE),
    ],
)
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_exit_code_tells_a_scheduled_job(words: list[str], code: int, form: str, tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "bakery", BAKERY, ROWS)
    result = run("stale", folder, "--format", form, *words)
    assert result.exit_code == code, result.output
    if code == WRONG_USE:
        assert result.stdout == ""
        assert "scorecard: " in result.stderr


def test_a_path_that_cannot_be_read_ends_as_elsewhere(tmp_path: Path) -> None:
    assert run("stale", tmp_path / "none").exit_code == UNREADABLE
    folder = write_strategy(tmp_path / "broken", BAKERY.replace("waste / baked", "waste /"), ROWS)
    assert run("stale", folder).exit_code == FINDINGS


def test_an_owner_that_is_not_there_is_guessed(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "bakery", BAKERY, ROWS)
    assert "did you mean 'Ben'?" in run("stale", folder, "--owner", "Bem").stderr
    assert "there are: Ann, Ben, Cy, nobody" in run("stale", folder, "--owner", "xyz").stderr


def test_figures_of_nobody_can_be_asked_for_also_where_there_are_none(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "bakery", BAKERY, ROWS)
    (owner,) = json.loads(run("stale", folder, "--owner", "nobody", "--json").stdout)["owners"]
    assert [one["id"] for one in owner["figures"]] == ["rent"]
    assert json.loads(run("stale", SOCIAL_MEDIA, "--owner", "nobody", "--json").stdout)["owners"] == []


def test_the_table_is_the_one_of_the_page(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "bakery", BAKERY, ROWS)
    shown = PAGE.split("$ scorecard stale bakery\n")[1].partition("```")[0]
    assert run("stale", folder, "--today", "2026-11-22", COLUMNS="160").stdout == shown


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_the_table_fits_the_terminal(width: int, tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "bakery", BAKERY, ROWS)
    lines = run("stale", folder, "--today", "2026-11-22", COLUMNS=str(width)).stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert sum("overdue" in line for line in lines) >= 2


def test_the_mail_asks_each_owner_in_plain_sentences(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "bakery", BAKERY, ROWS)
    text = run("stale", folder, "--today", "2026-11-22", "--format", "markdown").stdout
    assert [line for line in text.splitlines() if line] == [
        "# What is due on 2026-11-22: Bakery",
        "1 overdue, 1 never measured, 1 due, 4 of 7 up to date.",
        "## Ann",
        "Could you please record the following:",
        "- **Guests** (monthly): 2026-09 and 2026-10 are missing; overdue since 2026-09-30."
        " The last value is that of 2026-08 (rows.csv:2). Where the number comes from: Till.",
        "The other one is up to date. The latest value of all these figures is that of 2026-10. Thank you.",
        "## Ben",
        "Could you please record the following:",
        "- **Returning** (monthly): 2026-10 is missing; due since 2026-10-31. The last value is that of 2026-09"
        " (rows.csv:3). You are asked as the owner of the goal 'Win regulars'.",
        "The other 2 are up to date. The latest value of all these figures is that of 2026-10. Thank you.",
        "## Nobody",
        "Nobody answers for the following. Please name an owner who records it, or take it out of the strategy:",
        "- **Rent** (yearly): it was never measured. The first value could be that of 2025.",
    ]
    assert text.endswith("2025.\n")


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"], blacklist_characters="\ufffd"), min_size=1))
def test_no_name_is_markup(name: str) -> None:
    """What a reader of Markdown sees of a name is the name."""
    name = " ".join(name.split()) or "x"
    for template in ("## x{}", "- **{}** (monthly): y"):
        tokens = (
            MarkdownIt("commonmark", {"linkify": False}).enable("strikethrough").parse(template.format(escape(name)))
        )
        children = [part for token in tokens if token.type == "inline" for part in token.children or ()]
        texts = "".join(part.content for part in children)
        assert texts in (f"x{name}", f"{name} (monthly): y")
        assert {part.type for part in children} <= {"text", "text_special", "strong_open", "strong_close"}


def test_an_address_in_a_name_is_no_link() -> None:
    assert escape("see https://a.b, www.c.d or e@f.g: at 3:15") == r"see https\://a.b, www\.c.d or e\@f.g: at 3:15"


def test_hostile_names_stay_text_in_every_form(tmp_path: Path) -> None:
    name = "[a](javascript:b) <img src=x> `c` *d* [bold]e[/] | #f"
    text = BAKERY.replace("owner: Ann", f'owner: "{name}"').replace(
        "source: Till", f'name: "{name} 2", source: "{name}"'
    )
    folder = write_strategy(tmp_path / "bakery", text, ROWS)
    assert name in run("stale", folder, "--today", "2026-11-22").stdout
    html = MarkdownIt("gfm-like", {"linkify": False}).render(
        run("stale", folder, "--today", "2026-11-22", "--format", "markdown").stdout
    )
    assert "<img" not in html
    assert "<a " not in html
    assert "<code>" not in html
    assert html.count("<h2>") == 3


def test_the_keys_of_the_json_are_those_of_the_page() -> None:
    whole = json.loads(run("stale", SOCIAL_MEDIA, "--today", "2026-11-22", "--json").stdout)
    owner = whole["owners"][0]
    for key in {*whole, *owner, *owner["figures"][0]} - {"owners", "figures", "version"}:
        assert f"`{key}`" in PAGE
    for state in State:
        assert whole[state.value] == sum(one[state.value] for one in whole["owners"])
        assert owner[state.value] == sum(one["state"] == state.value for one in owner["figures"])


def test_a_workspace_lists_all_its_strategies(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path / "group")
    result = run("stale", folder, "--today", "2026-12-05")
    assert "Company · 2026-12-05 · 2 due, 0 of 2 up to date" in result.stdout
    assert "Sales · 2026-12-05 · 2 due, 0 of 2 up to date" in result.stdout
    (owner,) = json.loads(run("stale", folder, "--today", "2026-12-05", "--json").stdout)["owners"]
    assert [(one["strategy"], one["id"]) for one in owner["figures"]] == [
        ("company", "known"),
        ("company", "trained"),
        ("sales", "calls"),
        ("sales", "coached"),
    ]
    mail = run("stale", folder, "--today", "2026-12-05", "--format", "markdown").stdout
    assert "- **Calls** (monthly, Sales): 2026-11 is missing" in mail


def test_a_strategy_without_figures_has_nothing_due(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "empty", "strategy: empty\nperspectives: {all: All}\n")
    result = run("stale", folder)
    assert (result.exit_code, "nothing has to be recorded" in result.stdout) == (CLEAN, True)
    assert "Nothing has to be recorded." in run("stale", folder, "--format", "markdown").stdout


def test_the_mail_of_no_owner_at_all_is_a_heading() -> None:
    assert write_markdown([], date(2026, 11, 22), "Bakery").startswith("# What is due on 2026-11-22: Bakery\n")
