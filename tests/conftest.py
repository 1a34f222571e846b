"""What holds for all tests: output has the width that a test gives it, also where several processes share the tests."""

from __future__ import annotations

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    for name in ("COLUMNS", "LINES"):  # pytest-xdist hands its own terminal on
        os.environ.pop(name, None)
