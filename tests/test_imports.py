"""What is loaded when: a command loads what it uses and no more, and the package alone loads nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import scorecard

SOCIAL_MEDIA = str(Path(__file__).parent.parent / "strategies" / "social_media")
RUN = """
import json, sys
from scorecard.__main__ import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, 1), end.code
sys.stderr.write(json.dumps(sorted(sys.modules)))
"""
SCREEN = {"textual", "asyncio"}
NETWORK = {"http", "ssl", "socketserver", "ftplib", "smtplib"}
TABLES = {"rich"}
MAP = {"networkx"}
SPARE = {"numpy.ma", "sqlite3", "multiprocessing", "unittest", "pydoc", "pygraphviz"}


def loaded_by(folder: Path, *command: str) -> set[str]:
    """The modules and packages that are loaded when a command has run, in a process of its own."""
    run = subprocess.run([sys.executable, "-c", RUN, *command], capture_output=True, text=True, cwd=folder, timeout=60)
    return set(json.loads(run.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("command", "spared"),
    [
        (["check", SOCIAL_MEDIA], SCREEN | NETWORK | TABLES | MAP | SPARE),
        (["check", SOCIAL_MEDIA, "--json"], SCREEN | NETWORK | TABLES | MAP | SPARE),
        (["show", SOCIAL_MEDIA, "--json"], SCREEN | NETWORK | MAP | SPARE),
        (["show", SOCIAL_MEDIA], SCREEN | NETWORK | MAP | SPARE),
        (["why", SOCIAL_MEDIA, "business_results"], SCREEN | NETWORK | MAP | SPARE),
        (["export", SOCIAL_MEDIA, "-o", "map.dot"], SCREEN | NETWORK | TABLES | MAP | SPARE),
        (["explain", "S204"], SCREEN | NETWORK | TABLES | MAP | SPARE | {"numpy", "yaml"}),
        (["--version"], SCREEN | NETWORK | TABLES | MAP | SPARE | {"numpy", "yaml"}),
    ],
    ids=lambda value: " ".join(Path(part).name for part in value) if isinstance(value, list) else "",
)
def test_a_command_loads_nothing_that_it_does_not_use(command: list[str], spared: set[str], tmp_path: Path) -> None:
    superfluous = loaded_by(tmp_path, *command) & spared
    assert superfluous == set()


def test_the_package_alone_loads_nothing_heavy() -> None:
    code = "import scorecard, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pydantic", "yaml", "networkx", "textual", "typer", "rich", "dataclasses", "asyncio"}
    assert not set(run.stdout.split()) & heavy


@pytest.mark.parametrize("name", scorecard.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(scorecard, name).__name__ == name
    assert name in dir(scorecard)


def test_no_public_name_is_also_a_module() -> None:
    """Importing `scorecard.load` as a module would take the place of the function."""
    folder = Path(scorecard.__file__).parent
    modules = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert not modules & set(scorecard.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        _ = scorecard.lode


def test_the_library_does_what_its_first_lines_say() -> None:
    result = scorecard.load(SOCIAL_MEDIA).evaluate(period="2026-10")
    assert result.goal("engaging_content").outlook.status == scorecard.Status.AMBER
