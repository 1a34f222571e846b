"""The pages under docs/ do what they say: the library's code, the tutorial's commands, links, options and pictures.

The format and the method have tests of their own, test_format_page and test_method_page.
"""

from __future__ import annotations

import doctest
import os
import re
import runpy
from pathlib import Path

import pytest
from pages import PAGES, ROOT, Block, can_draw, read_blocks, read_sections, run_command
from typer.main import get_command

import scorecard
from scorecard.cli.app import app

DOCS = ROOT / "docs"
LIBRARY, TUTORIAL = DOCS / "library.md", DOCS / "tutorial.md"


def test_the_code_of_the_library_s_page_does_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = "\n".join(block.text for block in read_blocks(LIBRARY) if block.kind == "python")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(text, {}, "library.md", None, None)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=flags, verbose=False).run(test, out=report.append)
    assert test.examples
    assert report == [], "".join(report)


def test_the_library_s_page_names_every_public_name() -> None:
    said = set(re.findall(r"[A-Za-z_]+", " ".join(re.findall(r"`([^`]+)`", LIBRARY.read_text(encoding="utf-8")))))
    assert set(scorecard.__all__) <= said


def test_the_tutorial_goes_as_it_says(tmp_path: Path) -> None:
    """Commands are run, files written and changes made in the order of the page; what is printed is what it shows."""
    for block in read_blocks(TUTORIAL):
        match block.kind:
            case "console":
                run_console(block, tmp_path)
            case "diff":
                apply_change(block, tmp_path)
            case _:
                assert block.file, f"line {block.line}: a block that is no file"
                (tmp_path / block.file).write_text(block.text, encoding="utf-8")


def run_console(block: Block, folder: Path) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        run = run_command(line, folder)
        if not can_draw(line):
            assert run.code == 2, run.output
            continue
        assert run.code == (1 if "error S" in shown else 0), run.output
        if shown.strip():
            assert re.fullmatch(pattern_of(shown), run.output), f"$ {line}\n{run.output}"


def pattern_of(shown: str) -> str:
    """What is shown, as a pattern: a line of three dots is any lines, dots in a line any text, a blank any blanks."""

    def words(line: str) -> str:
        parts = [r"[ ]+".join(map(re.escape, part.split())) for part in line.split("...")]
        return "[ ]*" + ".*".join(f"{part}[ ]*" for part in parts) + "\n"

    return "".join(r"(?:.*\n)*" if line == "..." else words(line) for line in shown.splitlines())


def apply_change(block: Block, folder: Path) -> None:
    """A diff without line numbers: the lines with a blank or a minus before them stand in the file, once."""
    path = folder / block.file
    lines = [line or " " for line in block.text.splitlines()]
    before = "".join(line[1:] + "\n" for line in lines if line[0] in " -")
    after = "".join(line[1:] + "\n" for line in lines if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"line {block.line}: these lines stand {text.count(before)} times in {block.file}"
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert file.is_relative_to(ROOT), target
        if anchor:
            assert anchor in {slug(heading) for heading in read_sections(file)}, target


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_options_and_commands_on_the_pages_exist(page: Path) -> None:
    group = get_command(app)
    commands = {name: group.get_command(None, name) for name in group.list_commands(None)}  # type: ignore[attr-defined]
    blocks = "\n".join(block.text for block in read_blocks(page) if block.kind == "console")
    spans = re.findall(r"`(scorecard [^`]*)`", page.read_text(encoding="utf-8"))
    for line in [*re.findall(r"^(?:\$ )?(scorecard .*)$", blocks, re.MULTILINE), *spans]:
        words = line.split()
        if words[1].startswith("-"):
            continue
        assert words[1] in commands, line
        known = {option for parameter in commands[words[1]].params for option in parameter.opts}
        assert {word for word in words[2:] if word.startswith("-")} <= known, line


@pytest.mark.parametrize("name", sorted(os.listdir(DOCS / "pictures")))
def test_pictures_load_nothing_from_outside(name: str) -> None:
    text = (DOCS / "pictures" / name).read_text(encoding="utf-8")
    assert "illustrative" in text
    addresses = set(re.findall(r"""(?:url\(|href=|src=|@import)\s*["']?(?!#)([^"')\s]+)""", text))
    assert addresses == set()


def test_the_pictures_can_be_drawn_again(tmp_path: Path) -> None:
    runpy.run_path(str(DOCS / "make_pictures.py"))["draw_all"](tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(os.listdir(DOCS / "pictures"))
