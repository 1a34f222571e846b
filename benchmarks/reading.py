"""Reading and checking 500 files, every place known, against the C parser of PyYAML alone on the same bytes.

Each side runs in a fresh process that keeps what it has read, and times itself without its imports.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.measuring import Line, in_turns, timed_inside

CHECK = """
import sys, time
from scorecard.api import check
start = time.perf_counter()
kept = check(sys.argv[1])
print(time.perf_counter() - start)
"""
PARSE = """
import sys, time, yaml
from pathlib import Path
texts = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.yaml"))]
kept = []
start = time.perf_counter()
for text in texts:
    kept.append(yaml.load(text, yaml.CSafeLoader))
print(time.perf_counter() - start)
"""
PARSE_AND_DROP = PARSE.replace("kept.append", "")
READ = CHECK.replace("import check", "import load").replace("check(", "load(")


def compare(enterprise: Path) -> list[Line]:
    size = sum(path.stat().st_size for path in enterprise.glob("*.yaml")) / 1e6
    folder = str(enterprise)
    check, parse = timed_inside(CHECK, folder), timed_inside(PARSE, folder)
    checked, parsed, noise = in_turns(check, parse, 3)
    read, dropped, other_noise = in_turns(timed_inside(READ, folder), timed_inside(PARSE_AND_DROP, folder), 3)
    what = f"{size:.0f} MB in 500 files"
    return [
        Line(f"read and check {what}", "yaml.load(CSafeLoader)", checked, parsed, 0.6, False, noise),
        Line("read them without the checks of the method", "yaml.load, kept", read, parsed, None, False, other_noise),
        Line("read and check them", "yaml.load, each file thrown away", checked, dropped, None, False, other_noise),
    ]
