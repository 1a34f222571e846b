"""The command in a shell: what a terminal of any width shows, colours, pipes, hostile names, completion."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from command_line import (
    CLEAN,
    ROWS,
    SHOP,
    SOCIAL_MEDIA,
    WRONG_USE,
    command,
    complete,
    run,
    write_strategy,
    write_workspace,
)

from scorecard.render.explanation_rows import add_up
from scorecard.render.words import columns

WIDTHS = ("40", "80", "100", "132", "200")
HOSTILE = [
    "[red]Revenue[/red] [EUR m]",
    "[@click=app.quit]x[/]",
    "<b>bold</b> &amp;",
    "=1+1",
    "🎯 日本の目標",
    "%s %(x)s {0} $HOME `ls`",
    "x" * 300,
    ":smile: [link=https://example.org]y[/link]",
]


# Tables


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("arguments", [["show"], ["why", "business_results"], ["show", "--goal", "train_team"]])
def test_no_row_is_wider_than_the_terminal(arguments: list[str], width: str) -> None:
    text = run(arguments[0], SOCIAL_MEDIA, *arguments[1:], COLUMNS=width).stdout
    assert max(columns(line) for line in text.splitlines()) <= int(width)


def test_columns_are_dropped_one_after_the_other() -> None:
    heads = {}
    for width in WIDTHS:
        lines = run("show", SOCIAL_MEDIA, COLUMNS=width).stdout.splitlines()
        heads[width] = " ".join(lines[lines.index(_rule(lines)) - 1].split())
    assert heads["200"] == "Goal / KPI Owner Actual Target Unit Score Outlook Trend Data"
    assert heads["132"] == "Goal / KPI Owner Actual Target Unit Score Outlook Trend Data"
    assert heads["100"] == "Goal / KPI Actual Target Score Outlook Trend Data"
    assert heads["80"] == "Goal / KPI Actual Target Score Outlook"
    assert heads["40"] == "Goal / KPI Score"


def test_a_narrow_table_still_says_what_is_stale_and_cuts_names_with_a_sign() -> None:
    text = run("show", SOCIAL_MEDIA, COLUMNS="80").stdout
    assert "old values: People tagged (1 month old, stale)" in text
    assert "Train the team to interact on" in text
    assert "…" in text
    wide = run("show", SOCIAL_MEDIA, COLUMNS="200").stdout
    assert "old values" not in wide
    assert "1 month old, stale" in wide


def test_rows_of_a_table_stay_one_line_each(tmp_path: Path) -> None:
    long = write_strategy(tmp_path / "long", SHOP.replace("Earn more", "Earn more " * 40), ROWS)
    narrow, wide = (run("show", long, COLUMNS=width).stdout.splitlines() for width in ("80", "10000"))
    assert [line.split()[0] for line in narrow[3:10]] == [line.split()[0] for line in wide[3:10]]


@pytest.mark.parametrize("of", ["lagging", "leading", "outlook"])
@pytest.mark.parametrize("goal", ["business_results", "engaging_content", "communicate"])
def test_the_columns_of_an_explanation_add_up_as_shown(goal: str, of: str) -> None:
    lines = run("why", SOCIAL_MEDIA, goal, "--of", of).stdout.splitlines()
    rows = [re.findall(r"(-?\d+\.\d) pp", line) for line in lines[lines.index(_rule(lines)) + 1 :]]
    *parts, total = [row for row in rows if len(row) >= 2]
    for column in (0, 1):
        shown = [round(float(row[column]) * 10) for row in parts]
        assert sum(shown) == round(float(total[column]) * 10)
    assert float(total[1]) - float(total[0]) == pytest.approx(100)


def test_an_explanation_marks_what_opposes_and_says_the_sum(tmp_path: Path) -> None:
    shop = write_strategy(tmp_path / "shop", SHOP, ROWS)
    text = run("why", shop, "profit").stdout
    assert re.search(r"-9\.4 pp  Waiting .* -12\.5%  -9\.4 pp .* Rush ⊣\n", text)
    assert re.search(r"Returning .* 37\.5%  30\.0 pp .* Regulars\n", text)
    assert re.search(r"\n +Opposing links, before they take +12\.5 pp\n", text)
    assert re.search(r"\n-41\.9 pp  Total +58\.1 pp\n58\.1% = 100% - 41\.9 pp", text)
    assert "⊣ opposes" in text
    assert "⊣" not in run("why", shop, "profit", "--of", "lagging").stdout


def test_an_explanation_begins_with_the_numbers_behind_the_colour(tmp_path: Path) -> None:
    shop = write_strategy(tmp_path / "shop", SHOP, ROWS)
    assert run("why", shop, "profit", "--of", "lagging").stdout.splitlines()[:5] == [
        "Earn more · 2026-10 · ◆ amber",
        "  result   ◆ amber 50%, coverage 100%, explained below",
        "  drivers  ◆ amber 66%, coverage 100%",
        "  outlook  ◆ amber 58%, coverage 100%",
        "⚑ guardrail breached: Complaints is 7, allowed at most 5",
    ]
    assert "outlook  ◆ amber 58%, coverage 100%, explained below" in run("why", shop, "profit").stdout


def test_a_narrow_explanation_has_shares_and_parts_or_neither(tmp_path: Path) -> None:
    shop = write_strategy(tmp_path / "shop", SHOP.replace("Earn more", "Earn more " * 9), ROWS)
    assert "= Part" in run("why", shop, "profit").stdout
    for width in WIDTHS:
        text = run("why", shop, "profit", COLUMNS=width).stdout
        assert ("= Part" in text) == ("x Share" in text) == ("Opposing links" in text)
    head = next(
        line
        for line in run("why", SOCIAL_MEDIA, "business_results", COLUMNS="80").stdout.splitlines()
        if "Loss" in line
    )
    assert head.split() == ["Loss", "KPI", "or", "initiative", "Score", "Lever", "Along"]


def test_the_lever_of_a_kpi_with_both_signs_is_said_once(tmp_path: Path) -> None:
    both = SHOP.replace(
        "{perspective: people, lagging: [{kpi: waiting", "{perspective: people, lagging: [returning, {kpi: waiting"
    )
    lines = run("why", write_strategy(tmp_path / "shop", both, ROWS), "profit").stdout.splitlines()
    levers = [line.count(" pp") == 3 for line in lines if " Returning " in line]
    assert levers == [True, False]


def test_rounded_parts_have_the_rounded_sum() -> None:
    assert add_up([0.5, 0.5, 0.5, 0.5], 2) == [1, 1, 0, 0]
    assert add_up([24.96, -9.4, 30.04], 46) == [25, -9, 30]
    assert add_up([], 0) == []
    thirds = [1000 / 3] * 3
    assert sum(add_up(thirds, 1000)) == 1000


# Colours


def test_a_terminal_gets_colours_and_no_color_takes_them_away() -> None:
    coloured = _in_a_terminal(["show", SOCIAL_MEDIA], TERM="xterm-256color", COLUMNS="100")
    assert "\x1b[32m" in coloured
    plain = _in_a_terminal(["show", SOCIAL_MEDIA], TERM="xterm-256color", COLUMNS="100", NO_COLOR="1")
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    assert plain.replace("\r\n", "\n") == run("show", SOCIAL_MEDIA, COLUMNS="100").stdout


@pytest.mark.parametrize("arguments", [["show"], ["why", "communicate"], ["check"]])
def test_a_pipe_gets_no_escapes_and_whole_names(arguments: list[str]) -> None:
    text = run(arguments[0], SOCIAL_MEDIA, *arguments[1:]).stdout
    assert "\x1b" not in text
    assert "…" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


# Hostile names


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_appears_as_it_is_written(name: str, tmp_path: Path) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    text = (
        SHOP.replace("Corner shop", quoted).replace("Earn more", quoted).replace("people: People", f"people: {quoted}")
    )
    text = text.replace("returning, ", f"returning, name: {quoted}, unit: {quoted}, owner: {quoted}, ")
    folder = write_strategy(tmp_path / "hostile", text, ROWS)
    shown = run("show", folder)
    assert shown.exit_code == CLEAN
    assert shown.stdout.count(name) >= 6  # strategy, goal, perspective, KPI with owner and unit
    assert run("why", folder, "profit").stdout.count(name) >= 2
    assert "\x1b" not in _in_a_terminal(["show", str(folder)], TERM="xterm", NO_COLOR="1")
    for width in WIDTHS:
        assert max(columns(line) for line in run("show", folder, COLUMNS=width).stdout.splitlines()) <= int(width)


def test_escapes_in_files_and_in_their_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    folder = write_strategy(tmp_path / "escapes", 'strategy: s\nname: "a\\e[31mb"\n')
    (folder / "b\x1b[2J.yaml").write_text("strategy: s\ngoalz: {}\n")
    for form in ("text", "json", "github", "sarif", "junit"):
        found = run("check", folder, "--format", form)
        assert "\x1b" not in found.output, form
        assert "[2J.yaml" in found.stdout or "%5B2J.yaml" in found.stdout
    assert "S103" in run("show", folder).stdout
    assert "\x1b" not in run("show", folder, "--goal", "x\x1b[31m").output
    assert "\x1b" not in run("why", SOCIAL_MEDIA, "x\x1b[31m").output


# Pipes


@pytest.mark.parametrize(
    "arguments", [["show", SOCIAL_MEDIA], ["show", SOCIAL_MEDIA, "--json"], ["schema"], ["explain"]]
)
def test_a_closed_pipe_ends_quietly(arguments: list[str]) -> None:
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert process.communicate()[1] == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_full_disk_is_said_in_a_sentence() -> None:
    with open("/dev/full", "w") as full:
        found = subprocess.run(command("show", SOCIAL_MEDIA), stdout=full, stderr=subprocess.PIPE, check=False)
    assert found.returncode == WRONG_USE
    assert found.stderr.decode() == "scorecard: the output cannot be written: no space left on device\n"


def test_output_is_utf_8_where_the_locale_knows_only_ascii() -> None:
    around = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    found = subprocess.run(command("show", SOCIAL_MEDIA), capture_output=True, env=around, check=True)
    assert "● green" in found.stdout.decode("utf-8")


# Completion


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["why", SOCIAL_MEDIA, "eng"], ["engaging_content"]),
        (["show", SOCIAL_MEDIA, "--goal", "train"], ["train_team"]),
        (["show", SOCIAL_MEDIA, "--kpi", "lead_"], ["lead_conversion"]),
        (["show", "--kpi", "lead_", SOCIAL_MEDIA], []),
        (["new", "Plan", "--template", "bal"], ["balanced"]),
        (["explain", "S20"], ["S201", "S202"]),
        (["why", SOCIAL_MEDIA, "train_team", "--of", "l"], ["lagging", "leading"]),
    ],
)
def test_the_shell_completes_ids(words: list[str], offered: list[str]) -> None:
    found = [word for word in complete(*words) if word]
    assert found[: len(offered)] == offered
    assert all(word.startswith(words[-1]) for word in found)


def test_the_shell_completes_goals_of_this_folder_and_of_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = write_workspace(tmp_path / "all")
    assert complete("why", str(workspace), "sales/") == ["sales/leads", "sales/training"]
    monkeypatch.chdir(workspace / "company")
    assert complete("why", "b") == ["brand"]
    assert complete("why", "str") == ["strategy.yaml"]
    assert complete("show", "--goal", "") == ["brand", "training"]


def _rule(lines: list[str]) -> str:
    return next(line for line in lines if line and not line.strip("─"))


def _in_a_terminal(arguments: list[str], **around: str) -> str:
    """What the command writes to a terminal of its own."""
    ours, theirs = pty.openpty()
    surroundings = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(command(*arguments), stdout=theirs, stderr=theirs, env={**surroundings, **around})
    os.close(theirs)
    text = b""
    while chunk := _read(ours):
        text += chunk
    os.close(ours)
    assert process.wait() == CLEAN
    return text.decode("utf-8")


def _read(terminal: int) -> bytes:
    """The next bytes; none at the end, which Linux reports as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
