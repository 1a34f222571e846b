"""`scorecard new`: what it writes can be checked and shown at once, whatever the name, and nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from scorecard.api import load
from scorecard.cli.app import app
from scorecard.cli.new import make_id, template_names
from scorecard.cli.schema import schema_text

NAMES = [
    "Our plan",
    'He said "grow": now # or never',
    "It's ours",
    "no",
    "null",
    "123",
    "2026-10",
    "1e3",
    "- item",
    "{a: b}",
    "[red]Revenue[/red]",
    "=1+1",
    "back\\slash \\n",
    "__ID__ and __NAME__",
    "Büro Süd 2027",
    "日本の戦略",
    "خطة",
    "🎯 Team 👩‍💻",
    "  spaces  ",
    "? *x &y !z @w `v %u",
    "x" * 300,
]


@pytest.mark.parametrize("template", ["balanced", "nonprofit", "social_media"])
def test_a_new_strategy_is_complete(template: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "ours")
    made = _run("new", "Our plan", "--template", template, "-o", folder)
    assert (made.exit_code, made.stdout) == (0, "")
    assert f"scorecard show {folder}" in made.stderr

    checked = _run("check", folder, "--format", "json")
    assert (checked.exit_code, json.loads(checked.stdout)["errors"]) == (0, 0)
    shown = _run("show", folder, "--json")
    result = json.loads(shown.stdout)
    assert (shown.exit_code, result["name"]) == (0, "Our plan")
    assert len(result["perspectives"]) >= 4
    assert any(goal["lagging"]["score"] is not None for goal in result["goals"])
    assert _run("show", folder).stdout.startswith("Our plan · ")
    for goal in result["goals"]:
        assert _run("why", folder, goal["id"]).exit_code == 0


def test_every_template_is_tested_above() -> None:
    assert template_names() == ["balanced", "nonprofit", "social_media"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_reads_back_exactly(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = _run("new", "--", name)
    assert made.exit_code == 0, made.output
    (folder,) = tmp_path.iterdir()
    assert load(folder).strategy.name == name
    text = (folder / "strategy.yaml").read_text(encoding="utf-8")
    assert yaml.load(text, Loader=yaml.BaseLoader)["name"] == name
    assert f"{name} · " in _run("show", str(folder)).stdout


@pytest.mark.parametrize("name", ["", "   ", "a\tb", "a\nb", "\x1b[31mred", "\u202egnp.exe", "a\u2028b", "x" * 10_001])
def test_a_name_that_no_file_may_hold_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = _run("new", name)
    assert (made.exit_code, made.stdout) == (2, "")
    assert made.stderr.startswith("scorecard: the name ")
    assert len(max(made.stderr.splitlines(), key=len)) < 160
    assert "\x1b" not in made.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("Büro Süd 2027", "buro_sud_2027"),
        ("3 wishes", "s_3_wishes"),
        ("日本", "strategy"),
        ("a" * 70, "a" * 64),
        ("a" * 63 + " b", "a" * 63),
        ("no", "no"),
    ],
)
def test_the_id_is_made_from_the_name(name: str, ident: str) -> None:
    assert make_id(name) == ident


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run("new", "Plan").exit_code == 0
    path, schema = tmp_path / "plan" / "strategy.yaml", tmp_path / "plan" / "scorecard.schema.json"
    assert schema.read_text(encoding="utf-8") == schema_text()
    path.write_text("strategy: mine\n", encoding="utf-8")
    schema.write_text("{}", encoding="utf-8")

    again = _run("new", "Plan", "--template", "nonprofit")
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    assert path.read_text(encoding="utf-8") == "strategy: mine\n"
    path.unlink()
    assert _run("new", "Plan").exit_code == 0
    assert schema.read_text(encoding="utf-8") == "{}"


def test_a_wrong_template_or_place_is_refused(tmp_path: Path) -> None:
    wrong = _run("new", "Plan", "--template", "balancd", "-o", str(tmp_path / "a"))
    assert wrong.exit_code == 2
    assert "balanced, nonprofit, social_media" in wrong.stderr
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        refused = _run("new", "Plan", "-o", str(place))
        assert refused.exit_code == 2
        assert refused.stderr.startswith(f"scorecard: '{place}' ")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))
