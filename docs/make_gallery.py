"""Draws the gallery: `python docs/make_gallery.py [mermaid.min.js]`.

Every format of strategies/social_media is exported by the command line, opened in the program it is made for, and
looked at: LibreOffice, Chromium, Graphviz, Mermaid (where its script is named), a PDF viewer. docs/gallery.md shows what
they drew.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
STRATEGY = "strategies/social_media"
FIXED = ("--period", "2026-10", "--today", "2026-11-02")  # so that the gallery is the same tomorrow
PICTURES = ROOT / "docs" / "gallery"
WIDTH = 1200  # pixels of a picture
TOOLS = ("chromium", "soffice", "pdftoppm", "dot", "convert")


class Piece(NamedTuple):
    """A file of the gallery: its name, further options of the export, what it is, and the program that opens it."""

    file: str
    options: tuple[str, ...]
    title: str
    words: str
    program: str


PIECES = (
    Piece(
        "map.svg", (), "The map as SVG", "Our own layout; light, and dark for a reader who prefers that.", "Chromium"
    ),
    Piece("map.dark.svg", (), "The map, dark", "The same with the theme fixed.", "Chromium"),
    Piece(
        "compared.svg",
        ("--compare", "last-year"),
        "The map against a year ago",
        "What turned colour has a second border.",
        "Chromium",
    ),
    Piece("map.pdf", (), "The map as a page", "For print, and as `.png` for anything else.", "a PDF viewer"),
    Piece(
        "review.pdf",
        ("--what", "review"),
        "The review pack",
        "Cover, map, what moved, warnings, deep dives, initiatives, data.",
        "a PDF viewer",
    ),
    Piece(
        "slides.pptx", (), "Slides", "Native shapes, glued connectors, native tables and charts, notes.", "LibreOffice"
    ),
    Piece("book.xlsx", (), "The workbook", "Live formulas from values to scores, goals and index.", "LibreOffice"),
    Piece("page.html", (), "The page", "One file: map, goals with charts, table with filter and sort.", "Chromium"),
    Piece("scorecard.md", (), "Markdown", "The scorecard for a pull request or a wiki.", "Chromium"),
    Piece("map.dot", (), "DOT", "The map for Graphviz.", "Graphviz"),
    Piece("map.mmd", (), "Mermaid", "The map where Mermaid is drawn in place.", "Mermaid"),
)


def main(mermaid: str | None) -> None:
    """Export, open, picture, and write the page."""
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        sys.exit(f"the gallery needs {', '.join(missing)} on the path")
    PICTURES.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Gallery",
        "",
        "Every picture is what a program showed of a file that `scorecard export` wrote, by `python docs/make_gallery.py`.",
        "The strategy is the social-media example; its figures are illustrative. [formats.md](formats.md) lists all endings.",
    ]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for piece in PIECES:
            if piece.program == "Mermaid" and mermaid is None:
                continue
            file = Path(folder) / piece.file
            _run("-m", "scorecard", "export", STRATEGY, *FIXED, *piece.options, "-o", str(file))
            picture = PICTURES / f"{piece.file.replace('.', '-')}.png"
            _draw(file, picture, browser, mermaid)
            _shrink(picture)
            lines += ["", f"## {piece.title}", "", f"{piece.words} Opened in {piece.program}.", ""]
            lines += [
                "```console",
                " ".join(["scorecard export", STRATEGY, *piece.options, "-o", piece.file]),
                "```",
                "",
            ]
            lines += [f"![{piece.title}](gallery/{picture.name})"]
        browser.close()
    (ROOT / "docs" / "gallery.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _draw(file: Path, picture: Path, browser: Browser, mermaid: str | None) -> None:
    """The file as its program shows it."""
    drawn: dict[str, Callable[[], None]] = {
        ".svg": lambda: _screenshot(browser, file.as_uri(), picture, 960, 1440),
        ".html": lambda: _screenshot(browser, file.as_uri(), picture, 1500),
        ".md": lambda: _screenshot(browser, _wrap(file).as_uri(), picture, 1100),
        ".mmd": lambda: _screenshot(browser, _embed(file, mermaid or "").as_uri(), picture, 1000),
        ".pdf": lambda: _montage(file, picture),
        ".pptx": lambda: _montage(_convert(file), picture),
        ".xlsx": lambda: _montage(_convert(file), picture, 1),
        ".dot": lambda: _call("dot", "-Tpng", "-Gdpi=80", file, "-o", picture),
    }
    drawn[file.suffix]()


def _screenshot(browser: Browser, address: str, picture: Path, height: int, width: int = WIDTH) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_timeout(800)
    page.screenshot(path=picture)
    page.close()


def _wrap(file: Path) -> Path:
    """Markdown as a page."""
    style = "body{font:15px sans-serif;margin:2em}table{border-collapse:collapse}td,th{padding:3px 8px;border:1px solid #ccd}"
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(file.read_text(encoding="utf-8"))
    page = file.with_suffix(".html")
    page.write_text(f"<meta charset='utf-8'><style>{style}</style>{body}", encoding="utf-8")
    return page


def _embed(file: Path, mermaid: str) -> Path:
    """Mermaid's text in a page that draws it."""
    shutil.copy(mermaid, file.with_name("mermaid.js"))
    text = file.read_text(encoding="utf-8").replace("&", "&amp;").replace("<", "&lt;")
    page = file.with_suffix(".html")
    script = "<script src='mermaid.js'></script><script>mermaid.initialize({startOnLoad:true})</script>"
    page.write_text(f"<meta charset='utf-8'><pre class='mermaid'>{text}</pre>{script}", encoding="utf-8")
    return page


def _convert(file: Path) -> Path:
    """What LibreOffice makes a PDF of."""
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    _call("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", file.parent, file)
    return file.with_suffix(".pdf")


def _montage(file: Path, picture: Path, most: int = 6) -> None:
    """The first pages side by side; one page alone."""
    _call("pdftoppm", "-r", "100", "-l", most, "-png", file, file.with_suffix(""))
    pages = sorted(file.parent.glob(f"{file.stem}-*.png"))
    across = "1x1" if len(pages) == 1 else "2x"
    _call("montage", *pages, "-tile", across, "-geometry", "+8+8", "-background", "#8a93a0", picture)
    for page in pages:
        page.unlink()


def _shrink(picture: Path) -> None:
    """No wider than the page, in few colours."""
    _call("convert", picture, "-resize", f"{WIDTH}x>", "-colors", "128", "-strip", f"PNG8:{picture}")


def _run(*words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)


def _call(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
