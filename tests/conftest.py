"""What holds for all tests: output has the width that a test gives it, also where several processes share the tests,
nobody's own config or memory of the app is read or written, and drawn examples are the same on every machine, however
slow it is."""

from __future__ import annotations

import itertools
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")
_HOME = tempfile.TemporaryDirectory(prefix="scorecard-tests-")
_NUMBERS = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    for name in ("COLUMNS", "LINES"):  # pytest-xdist hands its own terminal on
        os.environ.pop(name, None)


def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: tests of the app wait for one as often as they compute."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test has a user folder of its own, made when something is written to it; processes it starts have it too."""
    folder = Path(_HOME.name) / str(next(_NUMBERS))
    for name in ("STATE", "CONFIG"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    os.environ.pop("SCORECARD_CONFIG", None)
