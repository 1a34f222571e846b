"""The agenda of a review, made from the data, in items, in words, and as `scorecard agenda` prints it."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import random_strategies
from command_line import CLEAN, SOCIAL_MEDIA, WRONG_USE, run, write_strategy, write_workspace

from scorecard.analysis.agenda import (
    MOST_DIVES,
    Agenda,
    Breach,
    Dive,
    EndingOverride,
    MissingData,
    Overdue,
    Overview,
    Topic,
    Turn,
    WeakDrivers,
    Win,
    find_goals_to_discuss,
    make_agenda,
)
from scorecard.analysis.attention import count_attention, count_worst
from scorecard.analysis.explanation import explain
from scorecard.analysis.losses import find_gains, find_losses, sum_losses
from scorecard.api import load
from scorecard.compute.evaluation import Evaluation
from scorecard.compute.results import TOLERANCE
from scorecard.model.period import read_period
from scorecard.model.status import Status
from scorecard.parser.review_text import Decision, Review, Section, put_head, put_section, read_review
from scorecard.parser.reviews import find_folder, open_review, save_review
from scorecard.render.agenda_words import TOPICS, write_agenda, write_details, write_headline

TODAY = date(2026, 11, 22).toordinal()
BAKERIES = Path(SOCIAL_MEDIA).parent / "bakeries"


def agenda_of(path: Path | str, period: str | None = None, periods: int = 2) -> tuple[Evaluation, Agenda]:
    card = load(path)
    evaluation = card.evaluate(period, periods)
    return evaluation, make_agenda(evaluation, card.observations, TODAY)


@pytest.fixture(scope="module")
def social_media() -> tuple[Evaluation, Agenda]:
    return agenda_of(SOCIAL_MEDIA)


def test_the_planted_story_is_told(social_media: tuple[Evaluation, Agenda]) -> None:
    """The weakening driver under a green result, the breached guardrail, the stale KPI."""
    evaluation, agenda = social_media
    said = {item.id: write_headline(evaluation, item) for item in agenda.items}
    assert said["colour/post_content"] == "Post engaging content turned from ◆ amber 47% to ▲ red 31%"
    assert said["drivers/engaging_content"] == "Engaging content is green at 78%, but its drivers are ◆ amber 40%"
    assert said["guardrail/business_results/discount_share"].endswith(
        "breaches a guardrail: Share of social sales with a discount is 27.27%, allowed at most 20%"
    )
    data = agenda.item("data/communitymanager")
    assert "people_tagged" in data.kpis
    assert any("People tagged: due, 2026-10 missing" in line for line in write_details(evaluation, data))
    assert said["initiative/posting_hours"].startswith(
        "Find the best hours to post is 62 days overdue (due 2026-08-31)"
    )


def test_the_parts_come_in_the_order_of_the_meeting(social_media: tuple[Evaluation, Agenda]) -> None:
    _, agenda = social_media
    order = [list(Topic).index(item.topic) for item in agenda.items]
    assert order == sorted(order)
    assert set(Topic) == {item.topic for item in agenda.items} == set(TOPICS)
    assert (str(agenda.period), str(agenda.before), agenda.today) == ("2026-10", "2026-09", TODAY)


def test_the_map_in_a_line(social_media: tuple[Evaluation, Agenda]) -> None:
    evaluation, agenda = social_media
    first = agenda.items[0]
    assert isinstance(first, Overview)
    assert first.counts == {Status.RED: 1, Status.AMBER: 2, Status.GREEN: 6, Status.UNKNOWN: 0}
    assert write_headline(evaluation, first) == (
        "Index ● green 77% (-3 pp since 2026-09), coverage 100%, 25 of 26 figures fresh; goals: 1 red, 2 amber, 6 green"
    )


def test_a_deep_dive_says_why_and_what_would_help(social_media: tuple[Evaluation, Agenda]) -> None:
    evaluation, agenda = social_media
    dive = agenda.item("loss/post_content")
    assert isinstance(dive, Dive)
    losses = [one.loss for one in dive.losses]
    assert losses == sorted(losses, reverse=True)
    assert [one.id for one in dive.levers] == ["time_on_site", "content_quality"]
    assert write_details(evaluation, dive)[-1] == (
        "Would lift the outlook most if fully achieved: Time on site (+20 pp), Content quality index (+10 pp)"
    )


def test_every_item_of_a_goal_names_the_guardrail_that_it_breaches(social_media: tuple[Evaluation, Agenda]) -> None:
    evaluation, agenda = social_media
    breached = "Share of social sales with a discount is 27.27%, allowed at most 20%"
    for name in ("colour/business_results", "loss/business_results"):
        details = write_details(evaluation, agenda.item(name))
        assert details[0] == f"The result itself is green, a breached guardrail makes it amber: {breached}"
    assert breached in write_headline(evaluation, agenda.item("guardrail/business_results/discount_share"))
    assert not any("guardrail" in line for line in write_details(evaluation, agenda.item("loss/post_content")))


def test_a_guardrail_that_does_not_change_the_colour_is_named_too(tmp_path: Path) -> None:
    doubt = "    guardrails: [{kpi: small_kpi, max: 5}]\n"
    rows = "big_kpi,2026-09,10\nbig_kpi,2026-10,10\nsmall_kpi,2026-09,50\nsmall_kpi,2026-10,60\n"
    evaluation, agenda = agenda_of(make_shop(tmp_path, goal("big", doubt) + goal("small"), rows))
    assert "A guardrail is breached: Small kpi is 60, allowed at most 5" in write_details(
        evaluation, agenda.item("loss/big")
    )


def test_what_needs_attention_is_counted(social_media: tuple[Evaluation, Agenda]) -> None:
    """Post content is red, engaging content has weak drivers, business results breaches a guardrail."""
    evaluation, _ = social_media
    red = [kpi for kpi in evaluation.kpis if kpi.status == Status.RED]
    assert count_attention(evaluation) == (3, len(red))
    assert len(red) == 4


def test_what_is_worst_is_counted(social_media: tuple[Evaluation, Agenda]) -> None:
    evaluation, _ = social_media
    worst = count_worst(evaluation)
    assert worst._asdict() == {"red": 1, "breached": 1, "stale": 1, "warnings": 1}
    before = count_worst(evaluation.at(evaluation.periods[-2]))
    assert before.stale == sum(kpi.stale for kpi in evaluation.at(evaluation.periods[-2]).kpis)


def test_goals_to_discuss_are_those_of_the_agenda_in_its_order(social_media: tuple[Evaluation, Agenda]) -> None:
    evaluation, agenda = social_media
    found = find_goals_to_discuss(evaluation)
    parts = (Topic.COLOUR, Topic.WARNING, Topic.LOSS)
    assert list(found) == list(
        dict.fromkeys(goal for part in parts for item in agenda.topic(part) for goal in item.goals)
    )
    assert found[0] == "post_content"


def test_losses_and_levers_are_those_of_the_explanation(tmp_path: Path) -> None:
    """The same parts as `scorecard why` lists, with their paths left out."""
    for seed in range(8):
        period = random_strategies.make(seed, tmp_path / str(seed))
        evaluation = load(tmp_path / str(seed)).evaluate(period)
        for name in evaluation.strategy.goals:
            for of in ("lagging", "leading", "outlook"):
                lines = explain(evaluation, name, of).lines
                wanted = [(one.id, one.share, one.score, one.loss) for one in lines if one.loss > TOLERANCE]
                losses = find_losses(evaluation, name, of, 1000)
                assert [(one.id, one.share, one.score, one.loss) for one in losses] == wanted
                found = sum_losses(evaluation, name, of, 2, TOLERANCE)
                assert found.largest == losses[:2]
                assert found.others == max(len(wanted) - 2, 0)
                whole = sum(one[-1] for one in wanted)
                assert sum(one.loss for one in found.largest) + found.rest == pytest.approx(whole, abs=1e-12)
            gains = {one.id: one.lever for one in explain(evaluation, name).lines if one.kind == "kpi"}
            levers = find_gains(evaluation, name, 1000)
            assert {one.id: one.gain for one in levers} == {id: gain for id, gain in gains.items() if gain > TOLERANCE}
            assert [one.gain for one in levers] == sorted((one.gain for one in levers), reverse=True)


SHOP = """
strategy: shop
name: Corner shop
perspectives: {all: All}
data: [rows.csv]
goals:
"""


def make_shop(folder: Path, goals: str, rows: str = "") -> Path:
    return write_strategy(folder / "shop", SHOP + goals, "kpi,period,value\n" + rows)


def goal(name: str, more: str = "") -> str:
    return f"  {name}:\n    perspective: all\n    lagging: [{{kpi: {name}_kpi, baseline: 0, target: 100}}]\n{more}"


def test_five_deep_dives_at_most_and_three_where_little_is_red(tmp_path: Path) -> None:
    names = [f"g{number}" for number in range(8)]
    rows = [f"{name}_kpi,2026-10,{number + 5}\n" for number, name in enumerate(names)]
    _, agenda = agenda_of(make_shop(tmp_path / "red", "".join(map(goal, names)), "".join(rows)))
    assert [item.goals[0] for item in agenda.topic(Topic.LOSS)] == names[:MOST_DIVES]
    rows = [f"{name}_kpi,2026-10,{10 if number == 7 else 50}\n" for number, name in enumerate(names)]
    _, agenda = agenda_of(make_shop(tmp_path / "amber", "".join(map(goal, names)), "".join(rows)))
    assert [item.goals[0] for item in agenda.topic(Topic.LOSS)] == ["g7", "g0", "g1"]
    rows = [f"{name}_kpi,2026-10,90\n" for name in names]
    _, agenda = agenda_of(make_shop(tmp_path / "green", "".join(map(goal, names)), "".join(rows)))
    assert agenda.topic(Topic.LOSS) == ()


@pytest.mark.parametrize(
    ("until", "left"), [("2026-10", 0), ("2026-10-15", 0), ("2026-11", 1), ("2026-12", None), ("2026-09", None)]
)
def test_overrides_about_to_end_are_said(until: str, left: int | None, tmp_path: Path) -> None:
    override = f"    override: {{status: green, why: Promised., by: Ann, until: {until}}}\n"
    evaluation, agenda = agenda_of(make_shop(tmp_path, goal("sell", override), "sell_kpi,2026-10,50\n"))
    found = [item for item in agenda.items if isinstance(item, EndingOverride)]
    assert [item.left for item in found] == ([] if left is None else [left])
    for item in found:
        when = "ends with this period" if not left else "ends after 2026-11"
        assert write_headline(evaluation, item) == f"The override of Sell to green by Ann {when}: Promised"


def test_what_a_new_override_keeps_in_its_colour_is_on_the_agenda(tmp_path: Path) -> None:
    """The item of the goal stays, and with it its notes; nobody is told in the same meeting that it ends with the next."""
    override = "    override: {status: amber, why: x, by: Ann, from: 2026-10, until: 2026-11}\n"
    rows = "sell_kpi,2026-09,50\nsell_kpi,2026-10,20\nsell_kpi,2026-11,20\n"
    path = make_shop(tmp_path, goal("sell", override), rows)
    evaluation, agenda = agenda_of(path, "2026-10")
    assert [item.id for item in agenda.topic(Topic.COLOUR)] == ["colour/sell"]
    assert write_headline(evaluation, agenda.topic(Topic.COLOUR)[0]) == (
        "Sell is ▲ red 20%, judged ◆ amber by Ann; it was ◆ amber 50%"
    )
    assert agenda.topic(Topic.WARNING) == ()
    _, agenda = agenda_of(path, "2026-11")
    assert agenda.topic(Topic.COLOUR) == ()
    assert [item.id for item in agenda.topic(Topic.WARNING)] == ["override/sell"]


def test_worse_colours_come_before_better_ones(tmp_path: Path) -> None:
    rows = "better_kpi,2026-09,10\nbetter_kpi,2026-10,90\nworse_kpi,2026-09,50\nworse_kpi,2026-10,20\n"
    rows += "gone_kpi,2026-08,50\ncome_kpi,2026-10,50\n"
    goals = "".join(map(goal, ("better", "worse", "gone", "come")))
    evaluation, agenda = agenda_of(make_shop(tmp_path, goals, rows))
    said = [write_headline(evaluation, item) for item in agenda.topic(Topic.COLOUR)]
    assert said[-1] == "Better turned from ▲ red 10% to ● green 90%"
    assert set(said[:-1]) == {
        "Worse turned from ◆ amber 50% to ▲ red 20%",
        "Gone is unknown now; it was ◆ amber 50%",
        "Come has a status for the first time: ◆ amber 50%",
    }


def test_a_win_is_beyond_doubt(tmp_path: Path) -> None:
    """What improved most counts only where nothing speaks against it; then the next."""
    rows = "big_kpi,2026-09,10\nbig_kpi,2026-10,90\nsmall_kpi,2026-09,50\nsmall_kpi,2026-10,60\n"
    doubts = [
        "    guardrails: [{kpi: small_kpi, max: 5}]\n",
        "    override: {status: green, why: x}\n",
        "    initiatives: [{initiative: late, due: 2026-01}]\n",
        "    leading: [{kpi: mood, baseline: 0, target: 1, values: {2026-10: 0}}]\n",
    ]
    evaluation, agenda = agenda_of(make_shop(tmp_path / "sure", goal("big") + goal("small"), rows))
    assert [item.id for item in agenda.topic(Topic.WIN)] == ["win/big"]
    assert write_headline(evaluation, agenda.items[-1]) == "Big went from ▲ red 10% to ● green 90%"
    for number, doubt in enumerate(doubts):
        _, agenda = agenda_of(make_shop(tmp_path / str(number), goal("big", doubt) + goal("small"), rows))
        assert [item.id for item in agenda.topic(Topic.WIN)] == ["win/small"]


def test_a_win_may_be_a_kpi_or_a_goal_that_stands(tmp_path: Path) -> None:
    driver = "    leading: [{kpi: calls, unit: calls, baseline: 0, target: 10}]\n"
    rows = "sell_kpi,2026-09,90\nsell_kpi,2026-10,80\ncalls,2026-09,8\ncalls,2026-10,9\n"
    evaluation, agenda = agenda_of(make_shop(tmp_path / "kpi", goal("sell", driver), rows))
    win = agenda.items[-1]
    assert (win.id, win.goals, win.kpis) == ("win/calls", ("sell",), ("calls",))
    assert write_headline(evaluation, win) == "Calls improved from 80% to 90%: 9 calls after 8 calls"
    evaluation, agenda = agenda_of(make_shop(tmp_path / "goal", goal("sell"), "sell_kpi,2026-10,80\n"))
    assert write_headline(evaluation, agenda.items[-1]) == "Sell stands at ● green 80%"
    _, agenda = agenda_of(make_shop(tmp_path / "none", goal("sell"), "sell_kpi,2026-10,10\n"))
    assert agenda.topic(Topic.WIN) == ()


def test_owners_whose_names_look_alike_keep_items_of_their_own(tmp_path: Path) -> None:
    goals = "".join(goal(name, f"    owner: {owner}\n") for name, owner in (("a", "'A-B'"), ("b", "A B"), ("c", "A.B")))
    _, agenda = agenda_of(make_shop(tmp_path, goals), "2026-10")
    found = [item.id for item in agenda.topic(Topic.DATA)]
    assert len(set(found)) == len(found) == 3


@pytest.mark.parametrize("seed", range(25))
def test_any_strategy_has_an_agenda(seed: int, tmp_path: Path) -> None:
    period = random_strategies.make(seed, tmp_path / "made")
    evaluation, agenda = agenda_of(tmp_path / "made", period)
    assert len({item.id for item in agenda.items}) == len(agenda.items)
    assert all(re.fullmatch(r"[\w/]+", item.id) for item in agenda.items), "an id stands in a mark of the review's file"
    text = ""
    for item in agenda.items:
        assert set(item.goals) <= set(evaluation.strategy.goals)
        headline = write_headline(evaluation, item)
        assert "\n" not in headline
        assert not any("\n" in line for line in write_details(evaluation, item))
        text = put_section(text, Section(item.id, headline))
    assert [one.id for one in read_review(text).sections] == [item.id for item in agenda.items]
    again = make_agenda(evaluation, load(tmp_path / "made").observations, TODAY)
    assert write_agenda(evaluation, again) == write_agenda(evaluation, agenda)
    kinds = {Overview, Turn, WeakDrivers, Breach, EndingOverride, Dive, Overdue, MissingData, Win}
    assert {type(item) for item in agenda.items} <= kinds


def test_without_the_period_before_nothing_is_compared(tmp_path: Path) -> None:
    evaluation, agenda = agenda_of(make_shop(tmp_path, goal("sell"), "sell_kpi,2026-10,50\n"), "2026-10", 1)
    assert (agenda.before, agenda.topic(Topic.COLOUR)) == (None, ())
    assert "compared" not in write_agenda(evaluation, agenda)


def test_names_are_no_markup(tmp_path: Path) -> None:
    name = "'1. <b>[x](javascript:alert(1))</b> *y* | - z'"
    goals = goal("sell", f"    name: {name}\n    owner: '- <i>'\n")
    evaluation, agenda = agenda_of(make_shop(tmp_path, goals, "sell_kpi,2026-09,10\n"))
    text = write_agenda(evaluation, agenda)
    assert "- 1\\. \\<b\\>\\[x\\](javascript:alert(1))\\</b\\> \\*y\\* \\| - z is ▲ red 10%" in text
    assert "- \\- \\<i\\>:" in text
    assert not re.search(r"(?<!\\)[<>*|]", text)


def test_the_command_prints_it_with_what_is_open_from_last_time(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOCIAL_MEDIA, tmp_path / "social_media"))
    file = open_review(find_folder(str(folder), folder), read_period("2026-09"))
    decisions = (Decision("Write <less>", "Content lead", read_period("2026-10-15")), Decision("Done", done=True))
    save_review(file, put_section(put_head("", Review("Review")), Section("map", "The map", "", decisions)))
    printed = run("agenda", folder, "--today", "2026-11-22")
    assert printed.exit_code == CLEAN, printed.output
    assert printed.stdout.startswith(
        "# Social media marketing: review of 2026-10\n\n"
        "As of 2026-11-22 (initiatives: 2026-11-01), compared with 2026-09.\n"
    )
    assert (
        "\n## Open from last time\n\n- Write \\<less\\>, Content lead, due 2026-10-15\n\n## The map\n" in printed.stdout
    )
    assert "Done" not in printed.stdout
    headings = re.findall(r"^## (.*)$", printed.stdout, re.MULTILINE)
    assert headings == ["Open from last time", *TOPICS.values()]
    earlier = run("agenda", folder, "--today", "2026-09-10", "--period", "2026-08")
    assert "Open from last time" not in earlier.stdout
    assert "review of 2026-08" in earlier.stdout


@pytest.mark.parametrize(
    ("period", "today", "as_of", "says"),
    [
        ("2026-07", "2026-11-20", "As of 2026-08-01, compared with 2026-06.", "All figures are up to date."),
        ("2026-07", "2026-07-20", "As of 2026-07-20, compared with 2026-06.", "All figures are up to date."),
        ("2026-08", "2026-11-20", "As of 2026-11-20 (initiatives: 2026-09-01), compared with 2026-07.", "2026-W46"),
    ],
)
def test_the_agenda_of_an_old_period_is_that_of_its_time(
    tmp_path: Path, period: str, today: str, as_of: str, says: str
) -> None:
    folder = Path(shutil.copytree(SOCIAL_MEDIA, tmp_path / "social_media"))
    rows = (folder / "measurements.csv").read_text().splitlines(keepends=True)
    later = re.compile(r"\w+,2026-(09|10|Q3|W3[6-9]|W4)")  # without them August is the latest
    kept = rows if period == "2026-07" else [one for one in rows if not later.match(one)]
    (folder / "measurements.csv").write_text("".join(kept))
    text = run("agenda", folder, "--period", period, "--today", today).stdout
    assert as_of in text
    assert says in text
    assert ("No initiative is overdue." in text) == (period == "2026-07")  # one came to be at the end of August


def test_a_workspace_has_an_agenda_for_each_strategy(tmp_path: Path) -> None:
    printed = run("agenda", write_workspace(tmp_path / "group"), "--today", "2026-11-22")
    assert printed.exit_code == CLEAN
    assert re.findall(r"^# (.*)$", printed.stdout, re.MULTILINE) == [
        "Company: review of 2026-10",
        "Sales: review of 2026-10",
    ]


def test_the_agenda_of_members_is_about_them(tmp_path: Path) -> None:
    """Their colours, what they report late, and what was decided in their own review."""
    folder = Path(shutil.copytree(BAKERIES, tmp_path / "bakeries"))
    reviews = find_folder(str(folder), folder)
    for part, text in (("", "For the chain"), ("-valley", "For the Valley")):
        file = open_review(reviews, read_period("2026-09"), part)
        save_review(file, put_section(put_head("", Review("Review")), Section("map", "", "", (Decision(text),))))
    printed = run("agenda", folder, "--where", "region=valley", "--today", "2026-11-22")
    assert printed.exit_code == CLEAN, printed.output
    assert printed.stdout.startswith("# A chain of bakeries: review of 2026-10 · Valley\n")
    assert "- For the Valley\n" in printed.stdout
    assert "For the chain" not in printed.stdout
    assert "Customers come back turned from ◆ amber 36% to ▲ red 18%" in printed.stdout
    assert "For the Valley" not in run("agenda", folder, "--today", "2026-11-22").stdout
    asked = ("--where", "store=Ferry Landing", "--today", "2026-11-22")
    for said in (run("agenda", folder, *asked), run("stale", folder, *asked)):
        assert "22 due, 0 of 22 up to date" in said.stdout
    card = load(folder)
    assert make_agenda(card.evaluate(where={"store": "Harbour"}), card.observations, TODAY).topic(Topic.DATA) == ()


def test_of_a_workspace_those_with_the_dimension_have_an_agenda() -> None:
    printed = run("agenda", BAKERIES.parent, "--where", "region=Valley", "--today", "2026-11-22")
    assert re.findall(r"^# (.*)$", printed.stdout, re.MULTILINE) == [
        "A chain of bakeries: review of 2026-10 · Valley",
        "The bakery academy: review of 2026-10 · Valley",
    ]
    assert "1 of 3 strategies have no dimension 'region'" in printed.stderr
    one = run("agenda", BAKERIES.parent, "--strategy", "bakery_academy", "--where", "region=Valley")
    assert re.findall(r"^# (.*)$", one.stdout, re.MULTILINE) == ["The bakery academy: review of 2026-10 · Valley"]
    wrong = run("agenda", BAKERIES, "--where", "region=Vally")
    assert (wrong.exit_code, "did you mean 'Valley'?" in wrong.stderr) == (WRONG_USE, True)


@pytest.mark.parametrize("options", [["--today", "yesterday"], ["--today", "0001-01-01"], ["--period", "2026-Q3"]])
def test_a_wrong_day_or_period_is_refused(options: list[str]) -> None:
    assert run("agenda", SOCIAL_MEDIA, *options).exit_code == WRONG_USE


def test_a_review_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    folder = make_shop(tmp_path, goal("sell"), "sell_kpi,2026-10,50\n")
    (folder / "reviews").mkdir()
    (folder / "reviews" / "2026-09.md").write_bytes(b"\xff")
    printed = run("agenda", folder)
    assert printed.exit_code == CLEAN
    assert "reviews/2026-09.md:1:1: the review is not UTF-8" in printed.stderr
