"""All comparisons in one run: `python -m benchmarks`. With names, only those; with --write, the table goes into README.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks import (
    dbt_parse,
    documents,
    evaluating,
    first_frame,
    intake,
    key_press,
    layout,
    memory,
    reading,
    reload,
    start,
    store,
    workbook,
)
from benchmarks.enterprise import write_enterprise
from benchmarks.measuring import Line

HERE = Path(__file__).parent
SOCIAL_MEDIA = HERE.parent / "strategies" / "social_media"
SHOWN = ("Train the team", "arrows choose a goal", "Quit")
BEGIN, END = "<!-- table -->", "<!-- end of table -->"
LARGE = 10_000  # goals of the map that memory and reload look at
COMPARISONS: dict[str, Callable[[Path], list[Line]]] = {
    "start": lambda _: start.compare(SOCIAL_MEDIA),
    "reading": lambda folder: reading.compare(_enterprise(folder)),
    "evaluating": lambda folder: evaluating.compare(_enterprise(folder)),
    "intake": intake.compare,
    "store": store.compare,
    "engines": lambda folder: _compare_engines(folder),
    "workbook": lambda folder: workbook.compare(SOCIAL_MEDIA, folder),
    "layout": lambda _: layout.compare(),
    "documents": lambda _: documents.compare(SOCIAL_MEDIA),
    "dbt": dbt_parse.compare,
    "frame": lambda _: first_frame.compare(SOCIAL_MEDIA, SHOWN),
    "keys": key_press.compare,
    "memory": lambda folder: memory.compare(SOCIAL_MEDIA, key_press.write_map(folder / "large", LARGE)),
    "reload": lambda folder: reload.compare(key_press.write_map(folder / "large", LARGE)),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(COMPARISONS)}")
    parser.add_argument("--write", action="store_true", help="write the table into the README beside")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(COMPARISONS)
    if unknown:
        parser.error(f"there is no comparison {', '.join(sorted(unknown))}")
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.names or COMPARISONS:
            print(f"{name} ...", file=sys.stderr)
            lines += COMPARISONS[name](Path(folder))
    table = write_table(lines)
    print(table)
    if chosen.write:
        page = HERE / "README.md"
        head, _, rest = page.read_text().partition(BEGIN)
        page.write_text(f"{head}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}")


def write_table(lines: list[Line]) -> str:
    """The comparisons as a Markdown table, and what they were measured on."""
    rows = [
        (
            line.what,
            line.against,
            _amount(line, line.ours),
            _amount(line, line.others),
            _reached(line),
            _aim(line),
            line.remark,
        )
        for line in lines
    ]
    machine = (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )
    return "\n".join(
        [
            "| what | against | ours | the other | reached | aim | noise |",
            "| --- | --- | --: | --: | --: | --: | --- |",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
            f"Measured on {date.today()}: {machine}; load of the machine when it began: {os.getloadavg()[0]:.1f}.",
        ]
    )


def _compare_engines(folder: Path) -> list[Line]:
    from benchmarks import engines  # needs the extra `scale`

    return engines.compare(folder)


def _enterprise(folder: Path) -> Path:
    """The enterprise map, written when it is first needed."""
    target = folder / "enterprise"
    if not target.exists():
        write_enterprise(target)
    return target


def _amount(line: Line, seconds: float | None) -> str:
    if seconds is None:
        return ""
    if line.mebibytes:
        return f"{seconds:.0f} MiB"
    return (
        f"{seconds:.2f} s"
        if seconds >= 1
        else f"{seconds * 1000:.1f} ms"
        if seconds < 0.1
        else f"{seconds * 1000:.0f} ms"
    )


def _reached(line: Line) -> str:
    if line.reached is None:
        return ""
    return (
        f"{line.reached:.0f} x faster"
        if line.faster
        else f"{line.reached:.2f} x the {'memory' if line.mebibytes else 'time'}"
    )


def _aim(line: Line) -> str:
    if line.aim is None:
        return ""
    return f"{line.aim:g} x faster" if line.faster else f"under {line.aim:g}"


if __name__ == "__main__":
    main()
