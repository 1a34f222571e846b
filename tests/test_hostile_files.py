"""What strangers may send: every file gives findings with a place, in bounded work, and nothing of it reaches the screen."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hostile_files import CASES, HEAD, MARK

from scorecard.api import check
from scorecard.cli.findings import write_text
from scorecard.model.finding import SHOWN, Finding

SMALL_STACK = 256 * 1024
MEGABYTE = 1 << 20
IN_A_PROCESS = (  # those that take the most; the others need less than these
    "a_scalar_of_a_hundred_megabytes",
    "a_hundred_thousand_opening_brackets",
    "a_hundred_thousand_opening_braces",
    "an_alias_bomb",
    "faults_repeated_by_aliases",
    "a_hundred_thousand_unknown_keys",
    "a_hundred_thousand_entries",
    "two_thousand_misspelt_ids",
    "a_row_of_a_hundred_megabytes",
    "a_million_columns",
    "a_quote_that_is_never_closed",
    "a_hundred_thousand_faulty_rows",
    "a_look_back_over_eight_thousand_years",
    "a_pipe",
    "a_device",
)


def assert_harmless(findings: tuple[Finding, ...]) -> None:
    """Findings that say where, show little of what they refuse, and hold no sign that acts on a screen."""
    for finding in findings:
        assert finding.place.file
        assert finding.place.line >= 1
        assert finding.place.column >= 1
        assert finding.message.count(MARK) <= SHOWN
        assert finding.hint.count(MARK) <= SHOWN
        assert len(finding.message) < 2000
        assert len(finding.hint) < 1000
    assert all(sign == "\n" or sign.isprintable() for sign in write_text(findings))


def check_with_small_stack(path: Path) -> tuple[Finding, ...]:
    """What is found by a thread that has little room for recursion."""
    found: list[tuple[Finding, ...]] = []
    before = threading.stack_size(SMALL_STACK)
    try:
        thread = threading.Thread(target=lambda: found.append(check(path)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found, "the thread ended with an exception"
    return found[0]


@pytest.mark.parametrize("name", CASES)
def test_hostile_file_gives_findings(name: str, tmp_path: Path) -> None:
    build, code = CASES[name]
    findings = check_with_small_stack(build(tmp_path))
    assert code in {finding.code for finding in findings}
    assert_harmless(findings)
    assert not (tmp_path / "pwned").exists()


PROGRAM = """
import atexit, resource, sys
seconds, memory = map(int, sys.argv[1:3])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
from scorecard.cli.app import main
atexit.register(lambda: print(open("/proc/self/status").read(), file=sys.stderr))
sys.argv[:3] = ["scorecard"]
main()
"""


def run_check(path: Path, memory: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
    """`scorecard check` in a process of its own, with so many bytes of address space and 20 seconds of work at most."""
    arguments = [sys.executable, "-c", PROGRAM, "20", str(memory), "check", "--format", "json", str(path)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    return subprocess.run(arguments, capture_output=True, text=True, timeout=120, env=environment, check=False)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The address space that checking a small file takes, and 200 MB more."""
    path = tmp_path_factory.mktemp("small") / "strategy.yaml"
    path.write_text(HEAD)
    peak = re.search(r"VmPeak:\s*(\d+) kB", run_check(path).stderr)
    assert peak
    return int(peak[1]) * 1024 + 200 * MEGABYTE


@pytest.mark.parametrize("name", IN_A_PROCESS)
def test_hostile_file_within_limits(name: str, tmp_path: Path, room: int) -> None:
    build, code = CASES[name]
    result = run_check(build(tmp_path), room)
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 1, 3), result.stderr
    assert code in {finding["code"] for finding in json.loads(result.stdout)["findings"]}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "strategy.yaml"
    path.write_text(HEAD)
    path.chmod(0)
    findings = check(path)
    assert [finding.code for finding in findings] == ["S111"]
    assert "permission denied" in findings[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_folder_without_permission(tmp_path: Path) -> None:
    folder = tmp_path / "plans"
    folder.mkdir(mode=0)
    try:
        assert [finding.code for finding in check(folder)] == ["S111"]
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("name", ["", "\0", "x" * 5000, "a\nb", "no/such/file"])
def test_path_that_leads_nowhere(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    findings = check(name)
    assert {finding.code for finding in findings} <= {"S111", "S114"}
    assert_harmless(findings)
    assert findings


def test_names_that_are_markup_are_ordinary_names(tmp_path: Path) -> None:
    names = [
        "Revenue [EUR m]",
        "<b>bold</b>",
        "=1+1",
        "[@click=app.bell]x[/]",
        "{{ name }}",
        "%s %n",
        "'; drop table",
        "`ls`",
    ]
    path = tmp_path / "strategy.yaml"
    kpis = "".join(f"  k{number}: {{name: {json.dumps(name)}}}\n" for number, name in enumerate(names))
    path.write_text(HEAD + "kpis:\n" + kpis)
    assert {finding.code for finding in check(path) if finding.code < "S4"} == set()


def test_text_outside_of_the_folder_is_never_shown(tmp_path: Path) -> None:
    build, _ = CASES["a_link_out_of_the_folder"]
    assert MARK not in write_text(check(build(tmp_path)))
