"""The JSON Schema for editors: it accepts what the reader accepts, refuses typical mistakes, and guides a real server.

The server is found by the variable YAML_LANGUAGE_SERVER, on the path, or in tests/node_modules.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from random_strategies import make
from typer.testing import CliRunner
from yaml_language_server.client import Client

from scorecard.cli.app import app
from scorecard.cli.new import template_names
from scorecard.cli.schema import schema_text
from scorecard.parser.json_schema import write_schema

HERE = Path(__file__).parent
SOCIAL_MEDIA = HERE.parent / "strategies" / "social_media"
FILES = sorted([*SOCIAL_MEDIA.glob("*.yaml"), *(HERE / "conformance").glob("*/*.yaml")])
MISTAKES = [  # the text of a file, and the path at which it is refused
    ("goalz: {}", ()),
    ("goals: {g: {perspective: all, onwer: Ann}}", ("goals", "g")),
    ("goals: {g: {name: Grow}}", ("goals", "g")),
    ("goals: {g: }", ("goals", "g")),
    ("goals: {My-Goal: {perspective: all}}", ("goals",)),
    ("goals: {g: {perspective: all, weight: heavy}}", ("goals", "g", "weight")),
    ("goals: {g: {perspective: all, lagging: [{kpi: k, basline: 3}]}}", ("goals", "g", "lagging", 0)),
    ("goals: {g: {perspective: all, lagging: [{kpi: k, target: five}]}}", ("goals", "g", "lagging", 0)),
    ("goals: {g: {perspective: all, lagging: [{baseline: 3}]}}", ("goals", "g", "lagging", 0)),
    ("goals: {g: {perspective: all, lagging: [{goal: h}]}}", ("goals", "g", "lagging", 0)),
    ("goals: {g: {perspective: all, leading: [{goal: h, dely: 2}]}}", ("goals", "g", "leading", 0)),
    ("goals: {g: {perspective: all, leading: [{goal: h, effect: support}]}}", ("goals", "g", "leading", 0)),
    ("goals: {g: {perspective: all, initiatives: [{name: Build}]}}", ("goals", "g", "initiatives", 0)),
    ("period: monthly", ("period",)),
    ("year_start: 13", ("year_start",)),
    ("kpis: {k: {aggregate: summ}}", ("kpis", "k")),
    ("kpis: {k: {values: {2026-05: }}}", ("kpis", "k")),
    ("data: measurements.csv", ("data",)),
    ("dimensions: {shop: }", ("dimensions", "shop")),
]
FINE = """
name: no
purpose: 2026
year_start: 4
perspectives: {customer: Customer, learning: , internal: {name: true, weight: 1/3}}
dimensions: {shop: [1, north], region: {members: [a], parent: shop}}
libraries:
goals:
  g: {perspective: all, lagging: [k, {kpi: rate, target: 12.5%, baseline: 1_000}], leading: , guardrails:
      [{kpi: k, max: 4e4}], initiatives: [{initiative: i, start: 2026, due: 2026-W41, progress: {2026-Q1: 30%}}],
      override: {status: red, why: Seen, from: 2026-10}, accept: {S401: A pilot}}
  h: {perspective: all, leading: [{goal: other/goal, delay: 2, evidence: {kind: tested, n: 1_200, date: 2026-08-14}}]}
kpis: {k: , l: {levels: {1: 0, good: 1}, values: {2026: good}}, m: {formula: 1, scale: {10: 0, 20%: 1/2}}}
metrics: {n: , o: {aggregate: sum, values: {2026-05: 3, 2026-05-31: 1/3}}}
data: [rows.csv, {path: other.csv, decimal: comma}, {connect: "sqlite:///x.db", table: figures}]
glossary: {Lead: Somebody who asked}
"""


# By a validator


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is in the extra dev")
    schema = write_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_strategies_are_accepted(path: Path, validator: Any) -> None:
    assert _complaints(validator, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("template", template_names())
def test_templates_are_accepted(template: str, tmp_path: Path, validator: Any) -> None:
    assert _complaints(validator, _new(tmp_path, template).read_text(encoding="utf-8")) == []


def test_random_strategies_are_accepted(tmp_path: Path, validator: Any) -> None:
    for seed in range(40):
        make(seed, tmp_path / str(seed))
        for path in (tmp_path / str(seed)).glob("*.yaml"):
            assert _complaints(validator, path.read_text(encoding="utf-8")) == [], seed


def test_all_ways_to_write_a_value_are_accepted(validator: Any) -> None:
    assert _complaints(validator, FINE) == []


@pytest.mark.parametrize(("text", "where"), MISTAKES, ids=[text for text, _ in MISTAKES])
def test_typical_mistakes_are_refused(text: str, where: tuple[str | int, ...], validator: Any) -> None:
    assert [path for path, _ in _complaints(validator, text)] == [where]


def test_every_key_says_what_it_means() -> None:
    schema = write_schema()
    records = {"Strategy": schema, **schema["definitions"]}
    silent = [
        f"{n}.{key}"
        for n, one in records.items()
        for key, of in one.get("properties", {}).items()
        if not of.get("description")
    ]
    assert silent == []
    assert {"Goal", "Kpi", "KpiUse", "KpiDriver", "Link", "Initiative", "Override", "Metric"} <= set(records)


def test_the_schema_is_the_same_text_each_time() -> None:
    assert schema_text() == schema_text()
    assert "\\u0000" not in schema_text()


# In the YAML language server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    command = os.environ.get("YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server")
    local = HERE / "node_modules" / ".bin" / "yaml-language-server"
    if not command and not local.exists():
        pytest.skip("there is no yaml-language-server: npm install --prefix tests --no-save yaml-language-server")
    with Client([command or str(local)], tmp_path_factory.mktemp("workspace")) as client:
        yield client


@pytest.fixture
def modeline(tmp_path: Path) -> str:
    """The line that names the schema, written beside it."""
    (tmp_path / "scorecard.schema.json").write_text(schema_text(), encoding="utf-8")
    return f"# yaml-language-server: $schema={tmp_path}/scorecard.schema.json\n"


@pytest.mark.parametrize("name", [path.name for path in SOCIAL_MEDIA.glob("*.yaml")])
def test_the_server_has_nothing_against_the_example(name: str, server: Client, modeline: str, tmp_path: Path) -> None:
    text = (SOCIAL_MEDIA / name).read_text(encoding="utf-8")
    assert server.diagnose(tmp_path / name, modeline + text) == []
    assert server.diagnose(tmp_path / name, f"{modeline}{text}\nnonsense: 1\n") != []


@pytest.mark.parametrize("template", template_names())
def test_the_server_has_nothing_against_a_new_strategy(template: str, server: Client, tmp_path: Path) -> None:
    path = _new(tmp_path, template)
    text = path.read_text(encoding="utf-8")
    assert server.diagnose(path, text) == []
    count = text.count("\n") + 1
    said = [(count, "Property nonsense is not allowed.")]
    assert server.diagnose(path, f"{text}nonsense: 1\n") == said


def test_the_server_marks_the_line_of_a_mistake(server: Client, modeline: str, tmp_path: Path) -> None:
    text = """strategy: s
goals:
  g:
    perspective: all
    onwer: Ann
    lagging:
      - kpi: k
        aggregate: summ
        target: five
    leading:
      - goal: h
        effect: support
        dely: 2
  h:
    name: Help
"""
    found = dict(server.diagnose(tmp_path / "mistakes.yaml", modeline + text))
    assert found[6] == "Property onwer is not allowed."
    assert '"sum", "mean"' in found[9]
    assert found[10] == "Write a number such as 40000, 40_000, 4e4, 1/3 or 12.5%."
    assert '"supports", "opposes"' in found[13]
    assert found[14] == "Property dely is not allowed."
    assert found[15] == 'Missing property "perspective".'
    assert set(found) == {6, 9, 10, 13, 14, 15}


def test_the_server_offers_keys_and_words(server: Client, modeline: str, tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    text = """goals:
  g:
    perspective: all

    lagging:
      - kpi: k
        |
    leading:
      - goal: h
        |
        effect: opposes
    weight: 1
    |
"""
    places = [(line, row.index("|")) for line, row in enumerate(text.splitlines(), 2) if "|" in row]
    server.diagnose(path, modeline + text.replace("|", ""))
    entry, link, goal = (set(server.complete(path, line, column + 1)) for line, column in places)
    assert {"baseline", "target", "unit", "role", "weight", "formula"} <= entry
    assert "kpi" not in entry  # it is there already
    assert link == {"weight", "delay", "why", "evidence"}
    assert {"name", "owner", "theme", "guardrails", "initiatives", "override"} <= goal
    assert not {"lagging", "leading", "baseline"} & goal


def test_the_server_offers_what_may_begin_a_line(server: Client, modeline: str, tmp_path: Path) -> None:
    path = tmp_path / "begun.yaml"
    server.diagnose(path, modeline + "goals:\n  g:\n    perspective: all\n    \n")
    assert {"lagging", "leading", "owner"} <= set(server.complete(path, 5, 5))
    server.diagnose(path, modeline + "strategy: s\n")
    assert {"goals", "period", "perspectives", "kpis", "metrics", "data"} <= set(server.complete(path, 3, 1))
    server.diagnose(path, modeline + "period: \n")
    assert server.complete(path, 2, 9) == ["day", "week", "month", "quarter", "half", "year"]
    server.diagnose(path, modeline + "goals:\n  g:\n    perspective: all\n    lagging:\n      - \n")
    assert {"kpi", "baseline", "target"} <= set(server.complete(path, 6, 9))
    server.diagnose(path, modeline + "goals:\n  g:\n    perspective: all\n    leading:\n      - \n")
    assert {"kpi", "goal", "effect", "delay"} <= set(server.complete(path, 6, 9))


def test_the_server_says_what_a_key_means(server: Client, modeline: str, tmp_path: Path) -> None:
    path = tmp_path / "meant.yaml"
    server.diagnose(
        path, modeline + "goals:\n  g:\n    perspective: all\n    lagging:\n      - kpi: k\n        keep: 2\n"
    )
    assert "the results" in server.hover(path, 5, 6)
    assert "stays usable" in server.hover(path, 7, 10)


def _new(folder: Path, template: str) -> Path:
    """A strategy made by `scorecard new`."""
    run = CliRunner().invoke(app, ["new", "Our plan", "--template", template, "--output", str(folder / template)])
    assert run.exit_code == 0, run.output
    return folder / template / "strategy.yaml"


def _complaints(validator: Any, text: str) -> list[tuple[tuple[str | int, ...], str]]:
    return [(tuple(one.absolute_path), one.message) for one in validator.iter_errors(_load(text))]


def _load(text: str) -> Any:
    return _with_text_keys(yaml.load(text, Loader=CoreLoader))


class CoreLoader(yaml.SafeLoader):
    """Scalars by the core schema of YAML 1.2, as editors read them."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (a class attribute of PyYAML)


for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), [*first, ""])
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def _with_text_keys(node: Any) -> Any:
    """JSON has no other keys."""
    if isinstance(node, dict):
        return {str(key): _with_text_keys(value) for key, value in node.items()}
    return [_with_text_keys(item) for item in node] if isinstance(node, list) else node
