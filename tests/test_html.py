"""The web page: what an independent reader finds in it, and what it does in a real browser, with and without scripts."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
import pytest_asyncio
from command_line import SOCIAL_MEDIA
from playwright.async_api import Browser, Page, async_playwright
from random_pictures import make_map
from sample_map import HOSTILE

from scorecard.analysis.agenda import Topic
from scorecard.analysis.control_chart import Limits as NaturalLimits
from scorecard.api import load
from scorecard.model.limits import Limits
from scorecard.model.status import Status
from scorecard.render.agenda_words import OPEN, TOPICS, write_details, write_headline
from scorecard.render.captions import compared_line, index_words
from scorecard.render.chart_data import ChartData, Mark, Point
from scorecard.render.edition import Edition, What
from scorecard.render.formats import FORMATS
from scorecard.render.goal_tables import say_sum
from scorecard.render.html import MOST_CARDS, find_policy
from scorecard.render.kpi_chart_svg import write_chart_svg
from scorecard.render.palette import DARK, LIGHT
from scorecard.render.svg import write_svg
from scorecard.render.table import scorecard_rows
from scorecard.tui.filter import read_filter

TODAY = date(2026, 11, 2).toordinal()
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
in_browser = pytest.mark.asyncio(loop_scope="module")
VOID = {"meta", "link", "input", "br"}
ATTACKS = (
    "</script><script>window.pwned=1</script>", "</title><script>window.pwned=1</script>", "<svg onload=alert(1)>",
    "</svg><img src=x onerror=alert(1)>", "</style><style>*{display:none}</style>", '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)", "<a href=javascript:alert(1)>x</a>", "javascript:alert(1)", "</table></main>",
    "<iframe src=https://example.org></iframe>", "<base href=https://example.org>", "--><script>window.pwned=1</script>",
    "<meta http-equiv=refresh content=0;url=https://example.org>", "<form action=https://example.org><input></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "{{constructor.constructor('alert(1)')()}}",
    "<math><mtext></mtext><script>window.pwned=1</script></math>", "<xmp></xmp><plaintext>", "z" * 40_000,
)  # fmt: skip


@cache
def social(what: What | None = None, compared: bool = True) -> Edition:
    scorecard = load(SOCIAL_MEDIA)
    evaluation = scorecard.evaluate("2026-10", 24)
    before = evaluation.periods[-2] if compared else None
    return Edition(evaluation, scorecard.observations, TODAY, what, None, before, ("Write <less>, Content lead",))


def write_hostile(folder: Path, names: tuple[str, ...]) -> Edition:
    """Goal `g7` says names[7] everywhere: in its lane, name, owner, KPI, unit, link, guardrail, initiative, comment."""
    goals = {
        f"g{at}": {
            "name": name,
            "description": name,
            "owner": name,
            "perspective": f"p{at % 4}",
            "lagging": [
                {"kpi": f"k{at}", "name": f"{at} {name}", "unit": name, "baseline": 0, "target": 4, "caution": name}
            ],
            "leading": [{"goal": f"g{at - 1}", "why": name}] if at % 8 else [],
            "guardrails": [{"kpi": f"k{at}", "max": 1}],
            "initiatives": [
                {"initiative": f"i{at}", "name": name, "owner": name, "due": "2026-06-30", "progress": "10%"}
            ],
            "override": {"status": "red", "why": name, "by": name, "until": "2026-12"},
            "comments": {"2026-10": name},
        }
        for at, name in enumerate(names)
    }
    lanes = {f"p{at}": names[at] for at in range(4)}
    strategy = {"strategy": "hostile", "name": names[0], "perspectives": lanes, "goals": goals, "data": ["rows.csv"]}
    rows = [f"k{at},{period},{at % 5}" for at in range(len(names)) for period in ("2026-08", "2026-09", "2026-10")]
    (folder / "strategy.yaml").write_text(json.dumps(strategy, ensure_ascii=False), encoding="utf-8")
    (folder / "rows.csv").write_text("\n".join(["kpi,period,value", *rows]), encoding="utf-8")
    scorecard = load(folder, Limits(text=100_000))
    return Edition(scorecard.evaluate("2026-10", 24), scorecard.observations, TODAY, decided=names)


class Reading(HTMLParser):
    """The page as the standard library reads it: texts, attributes, and tags that are not closed in order."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(data.decode())
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def values(self, name: str) -> list[str]:
        return [found for _, attributes in self.elements if (found := attributes.get(name))]


def write(edition: Edition) -> bytes:
    return FORMATS["html"].write(edition)


@dataclass
class Look:
    """A page in the browser, what it complained about and what it asked for beside itself."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def lit(self) -> set[str]:
        found = await self.page.eval_on_selector_all(
            ".strategy-map .lit[data-goal]", "all => all.map(one => one.dataset.goal)"
        )
        return set(found)

    async def rows(self) -> list[str]:
        """The ids of the rows that are shown and hold, in order."""
        shown = "all => all.filter(one => !one.hidden && !one.classList.contains('around')).map(one => one.dataset.id)"
        found: list[str] = await self.page.eval_on_selector_all("#rows tbody tr", shown)
        return found


Open = Callable[..., Awaitable[Look]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def look_at(browser: Browser, tmp_path: Path) -> AsyncIterator[Open]:
    contexts = []

    async def look_at(data: bytes, **settings: object) -> Look:
        context = await browser.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        look, path = Look(await context.new_page()), tmp_path / "page.html"
        path.write_bytes(data)
        look.page.on("console", lambda one: look.wrong.append(one.text))
        look.page.on("pageerror", lambda error: look.wrong.append(str(error)))
        look.page.on("dialog", lambda one: look.wrong.append(one.message))
        look.page.on("request", lambda one: look.asked.append(one.url) if one.url != path.as_uri() else None)
        await look.page.goto(path.as_uri())
        return look

    yield look_at
    for context in contexts:
        await context.close()


# Read by another reader


def test_a_page_says_all_words_of_the_sheets_and_the_table() -> None:
    edition, reading = social(), Reading(write(social()))
    assert not reading.wrong
    assert not reading.open
    assert index_words(edition.picture) in reading.text
    assert compared_line(edition.picture) in reading.text
    assert edition.picture.illustrative in reading.text
    for goal in edition.evaluation.strategy.goals:
        sheet = edition.sheet(goal)
        said = [sheet.name, sheet.words, sheet.description, say_sum(sheet), *sheet.remarks]
        said += [words for one in sheet.numbers for words in (one.words, one.coverage, one.how)]
        for kpi in sheet.kpis:
            said += [
                kpi.name,
                kpi.words,
                kpi.value,
                kpi.target,
                kpi.weight,
                kpi.data,
                kpi.owner,
                kpi.caution,
                *kpi.reasons,
            ]
        said += [words for one in (*sheet.drivers, *sheet.driven) for words in (one.name, one.words, one.link)]
        said += [words for _, words in sheet.guardrails]
        said += [words for one in sheet.initiatives for words in (one.name, one.words, one.owner)]
        said += [words for comment in sheet.comments for words in comment]
        assert [words for words in said if words not in reading.text] == []
    cells = {cell for row in scorecard_rows(edition.evaluation) for cell in row.cells}
    assert [cell for cell in cells if cell not in reading.text] == []


def test_a_review_says_the_agenda_in_its_order() -> None:
    edition = social(What.REVIEW)
    reading = Reading(write(edition))
    places = [reading.text.rindex(title) for title in (OPEN, *TOPICS.values())]
    assert len(set(places)) == len(TOPICS) + 1
    headings = re.findall(r"<h2[^>]*>([^<]*)", write(edition).decode())
    assert headings == [OPEN, *TOPICS.values()]
    assert "Write <less>, Content lead" in reading.text
    for topic in Topic:
        for item in edition.agenda.topic(topic):
            said = [write_headline(edition.evaluation, item), *write_details(edition.evaluation, item)]
            assert [words for words in said if words not in reading.text] == []
    dives = [item.goals[0] for item in edition.agenda.topic(Topic.LOSS)]
    assert [one for one in reading.values("id") if re.fullmatch(r"goal-.*(?<!-name)", one)] == [
        f"goal-{goal}" for goal in dives
    ]


@pytest.mark.parametrize("what", [None, *What])
def test_links_lead_to_what_is_there_and_nothing_else_has_an_address(what: What | None) -> None:
    data = write(social(what))
    reading = Reading(data)
    ids = reading.values("id")
    assert len(set(ids)) == len(ids)
    assert reading.values("href")
    assert all(address.startswith("#") and address[1:] in ids for address in reading.values("href"))
    for name in ("aria-labelledby", "aria-describedby", "for"):
        assert set(reading.values(name)) <= set(ids)
    assert not reading.values("src") + reading.values("style") + reading.values("action")
    assert not re.search(r"https?:|url\(|@import", data.decode())


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page() -> None:
    text = write(social()).decode()
    for name in ("style", "script"):
        (inside,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        assert f"{name}-src 'sha256-{b64encode(sha256(inside.encode()).digest()).decode()}'" in find_policy()
    assert find_policy().startswith("default-src 'none'; ")
    assert "unsafe" not in find_policy()
    assert text.index("Content-Security-Policy") < text.index("<title>")
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_the_same_edition_gives_the_same_bytes() -> None:
    social.cache_clear()
    first = write(social())
    social.cache_clear()
    assert write(social()) == first
    assert len(first) < 600_000


def test_headings_go_down_one_step_at_a_time_and_tables_are_named() -> None:
    for what in (None, What.REVIEW):
        text = write(social(what)).decode()
        levels = [int(level) for level in re.findall(r"<h(\d)[ >]", text)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert text.count("<caption>") == text.count("<table")
        assert '<html lang="en">' in text
        assert all(f"<{landmark}" in text for landmark in ("header", "nav", "main"))
        assert not re.search(r"<th(?![^>]*scope=)[ >]", text)


def test_a_plain_map_has_no_links() -> None:
    picture = make_map(5, 1)
    address = {picture.boxes[0].id: "#there"}
    assert "<a " not in write_svg(picture)
    assert write_svg(picture, addresses=address).count('<a href="#there">') == 1


def test_hostile_names_are_texts_to_another_reader(tmp_path: Path) -> None:
    names = (*ATTACKS, *(name for name in HOSTILE if len(name) < 10_000))
    for what in (None, What.REVIEW):
        edition = write_hostile(tmp_path, names)
        edition = Edition(edition.evaluation, edition.observations, TODAY, what, decided=names)
        reading = Reading(write(edition))
        assert not reading.wrong
        assert not reading.open
        assert [name for name in names if name not in reading.text] == []
        assert {tag for tag, _ in reading.elements} <= {tag for tag, _ in Reading(write(social(what))).elements} | {
            "circle"
        }
        assert not [name for _, found in reading.elements for name in found if name.startswith("on")]


def test_of_many_goals_some_have_cards_and_the_page_says_so(tmp_path: Path) -> None:
    edition = write_hostile(tmp_path, tuple(f"Goal {number}" for number in range(200)))
    reading = Reading(write(edition))
    cards = [one for one in reading.values("id") if re.fullmatch(r"goal-g\d+", one)]
    assert len(cards) == MOST_CARDS
    assert set(edition.goals_to_discuss[:MOST_CARDS]) <= {one.removeprefix("goal-") for one in cards}
    assert "Cards of 150 of 200 goals, those that need talk before others." in reading.text
    assert {f"row-g{number}" for number in range(200)} <= set(reading.values("id"))
    assert all(address[1:] in reading.values("id") for address in set(reading.values("href")))


def test_a_chart_of_its_own_says_every_value_and_what_its_signs_mean() -> None:
    points = (
        Point("2026-07", 0.031, 0.05, Status.RED, Mark.OWN),
        Point("2026-08", None, 0.05, Status.UNKNOWN, Mark.MISSING),
        Point("2026-09", 0.045, None, Status.AMBER, Mark.STALE),
    )
    drawn = ElementTree.fromstring(write_chart_svg(ChartData(points, "%", None, 0.0, 0.06), "%", "<b> & co", DARK))
    texts = ["".join(one.itertext()) for one in drawn.iter() if one.tag.endswith(("}title", "}text"))]
    for words in (
        "2026-07: 3.1%, ▲ red, target 5%",
        "2026-08: no value",
        "2026-09: 4.5%, ◆ amber, old value",
        "<b> & co",
    ):
        assert words in texts
    assert {"red", "amber", "hollow: old value", "no value", "target", "2%", "4%"} <= set(texts)
    assert "natural limits" not in texts
    assert not [one for one in drawn.iter() if "class" in one.attrib]


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.0), (-3e300, 3e300), (1e15, 1e15 + 1), (-0.002, 0.001), (7.0, 7.0000001)]
)
def test_a_chart_of_any_scale_stays_inside_its_frame(low: float, high: float) -> None:
    points = tuple(
        Point(f"2026-{at:02}", value, high, Status.GREEN, Mark.OWN) for at, value in enumerate((low, high), 1)
    )
    svg = write_chart_svg(
        ChartData(points, "", NaturalLimits(high, low, high), low, high), "x" * 400, "x " * 400, LIGHT
    )
    numbers = [float(one) for one in re.findall(r' (?:x|y|cx|cy|width|height)="([^"]*)"', svg)]
    assert all(-10 <= one <= 640 for one in numbers)


# In the browser


@needs_chromium
@in_browser
@pytest.mark.parametrize("what", [None, *What])
async def test_a_page_asks_for_nothing_and_complains_of_nothing(look_at: Open, what: What | None) -> None:
    look = await look_at(write(social(what)))
    assert await look.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (look.wrong, look.asked) == ([], [])


@needs_chromium
@in_browser
async def test_pointing_at_a_goal_lights_its_causes_and_effects_and_dims_the_rest(look_at: Open) -> None:
    edition = social()
    look = await look_at(write(edition))
    for box in edition.picture.boxes:
        await look.page.hover(f'[data-goal="{box.id}"]')
        assert await look.lit() == find_chain(edition, box.id)
    dimmed = ".tracing [data-goal]:not(.lit)"
    last = find_chain(edition, edition.picture.boxes[-1].id)
    assert await look.page.locator(dimmed).count() == len(edition.picture.boxes) - len(last) > 0
    await look.page.wait_for_function(f"Number(getComputedStyle(document.querySelector('{dimmed}')).opacity) < 0.5")
    await look.page.hover("h1")
    assert await look.lit() == set()
    assert await look.page.locator(".tracing").count() == 0


@needs_chromium
@in_browser
async def test_the_keyboard_lights_the_chain_and_enter_goes_to_the_card(look_at: Open) -> None:
    edition = social()
    look = await look_at(write(edition))
    await look.page.focus(".strategy-map a")
    first, second = edition.picture.boxes[:2]
    assert await look.lit() == find_chain(edition, first.id)
    await look.page.keyboard.press("Tab")
    assert await look.lit() == find_chain(edition, second.id)
    await look.page.keyboard.press("Enter")
    await look.page.wait_for_function(f"document.activeElement.id === 'goal-{second.id}'")
    assert await look.page.evaluate("location.hash") == f"#goal-{second.id}"
    assert await look.lit() == set()


@needs_chromium
@in_browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_click_on_a_goal_opens_its_card(look_at: Open, scripts: bool) -> None:
    look = await look_at(write(social()), java_script_enabled=scripts, reduced_motion="reduce")
    goal = social().picture.boxes[3].id
    await look.page.click(f'.strategy-map [data-goal="{goal}"]')
    place = await look.page.locator(f"#goal-{goal}").bounding_box()
    assert place is not None
    assert -20 < place["y"] < 300
    assert look.wrong == []


@needs_chromium
@in_browser
@pytest.mark.parametrize(
    "words",
    ["status:red", "status:red,amber goals", "-status:green", "owner:head", "stale", "fresh kpis", '"post engaging"',
     "outlook:worse", "signal:act", "perspective:internal", "theme:talk", "goal:engaging", "kpi:rate", "breached",
     "likes", "judged", "missing", "nowhere"],
)  # fmt: skip
async def test_the_filter_holds_what_it_holds_in_the_app(look_at: Open, words: str) -> None:
    edition = social()
    look = await look_at(write(edition))
    await look.page.fill("#filter", words)
    holds = read_filter(words, edition.evaluation.strategy).holds
    assert await look.rows() == [row.id for row in scorecard_rows(edition.evaluation) if holds(row)]
    assert await look.page.inner_text("#found") == found_words(edition, words)


@needs_chromium
@in_browser
@pytest.mark.parametrize("words", ["colour:red", "status:purple", 'owner:""'])
async def test_a_filter_that_is_not_understood_is_told_and_hides_nothing(look_at: Open, words: str) -> None:
    edition = social()
    look = await look_at(write(edition))
    await look.page.fill("#filter", words)
    told = await look.page.inner_text("#found")
    assert told
    assert read_filter(words, edition.evaluation.strategy).wrong.startswith(told)
    assert len(await look.rows()) == len(list(scorecard_rows(edition.evaluation)))


@needs_chromium
@in_browser
async def test_heads_sort_up_down_and_back(look_at: Open) -> None:
    edition = social()
    look = await look_at(write(edition))
    rows = list(scorecard_rows(edition.evaluation))
    scores = {
        row.id: row.result.score if row.kind == "kpi" else row.result.lagging.score  # type: ignore[union-attr]
        for row in rows
        if row.kind != "perspective"
    }
    head = look.page.locator("#rows").get_by_role("columnheader", name="Score")
    await head.get_by_role("button").click()
    assert await head.get_attribute("aria-sort") == "ascending"
    found = [scores[row] for row in await look.rows()]
    assert found == sorted(found)
    assert len(found) == len(rows) - 4
    await head.get_by_role("button").press("Enter")
    assert await head.get_attribute("aria-sort") == "descending"
    assert [scores[row] for row in await look.rows()] == sorted(found, reverse=True)
    await head.get_by_role("button").click()
    assert await head.get_attribute("aria-sort") is None
    assert await look.rows() == [row.id for row in rows]


@needs_chromium
@in_browser
async def test_values_that_are_unknown_come_last_both_ways(look_at: Open) -> None:
    look = await look_at(write(social()))
    button = look.page.locator("#rows").get_by_role("columnheader", name="Outlook").get_by_role("button")
    for _ in range(2):
        await button.click()
        cells = await look.page.locator("#rows tbody tr:not([hidden]) td:nth-last-child(3)").all_inner_texts()
        known = [bool(cell) for cell in cells]
        assert known == sorted(known, reverse=True)
        assert any(known)


@needs_chromium
@in_browser
@pytest.mark.parametrize("asked", ["light", "dark"])
async def test_the_page_follows_the_reader_and_can_be_turned(look_at: Open, asked: str) -> None:
    look = await look_at(write(social()), color_scheme=asked)
    assert await brightness(look, "body") == asked
    assert await brightness(look, ".strategy-map > rect") == asked
    button = look.page.locator("#theme")
    assert await button.get_attribute("aria-pressed") == str(asked == "dark").lower()
    await button.click()
    other = "light" if asked == "dark" else "dark"
    assert await brightness(look, "body") == other
    assert await brightness(look, ".strategy-map > rect") == other
    assert await button.get_attribute("aria-pressed") == str(asked != "dark").lower()
    assert look.wrong == []


@needs_chromium
@in_browser
async def test_printed_it_is_light_and_without_what_is_to_be_pressed(look_at: Open) -> None:
    look = await look_at(write(social()), color_scheme="dark")
    await look.page.click("#theme")
    await look.page.click("#theme")
    await look.page.emulate_media(media="print")
    assert await brightness(look, "body") == "light"
    for name in ("nav", "#theme", ".controls", ".hint"):
        assert not await look.page.locator(name).is_visible()
    inside = await look.page.eval_on_selector_all(
        ".measure, tr", "all => all.map(one => getComputedStyle(one).breakInside)"
    )
    assert set(inside) == {"avoid"}
    assert (await look.page.pdf(prefer_css_page_size=True)).startswith(b"%PDF-")


@needs_chromium
@in_browser
@pytest.mark.parametrize("what", [None, What.REVIEW])
async def test_without_scripts_everything_is_visible_and_nothing_is_dead(look_at: Open, what: What | None) -> None:
    data = write(social(what))
    without, scripted = await look_at(data, java_script_enabled=False), await look_at(data)
    assert await without.page.locator("button:visible, input:visible, .hint:visible").count() == 0
    for look in (without, scripted):
        for name in ("article", ".chart", "#rows tr", "li", "dd", "h2", "h3", "h4", "h5"):
            parts = look.page.locator(f"main {name}")
            assert await parts.count() == await look.page.locator(f"main {name}:visible").count()
    assert without.wrong == []


@needs_chromium
@in_browser
async def test_a_narrow_page_scrolls_only_downward(look_at: Open) -> None:
    for what in (None, What.REVIEW):
        look = await look_at(write(social(what)), viewport={"width": 400, "height": 800})
        assert await look.page.evaluate("document.documentElement.scrollWidth") == 400


@needs_chromium
@in_browser
async def test_letters_stand_out_from_their_ground_in_both_modes(look_at: Open) -> None:
    for mode in ("light", "dark"):
        look = await look_at(write(social()), color_scheme=mode)
        assert await look.page.evaluate(CONTRAST) == []


@needs_chromium
@in_browser
async def test_hostile_names_run_nothing_and_show_as_they_are(look_at: Open, tmp_path: Path) -> None:
    names = (*ATTACKS, *(name for name in HOSTILE if len(name) < 300))
    look = await look_at(write(write_hostile(tmp_path, names)))
    shown = await look.page.locator("article h3").evaluate_all("all => all.map(one => one.textContent)")
    assert sorted(shown) == sorted(names)
    assert set(
        await look.page.locator("#rows tr.goal .name").evaluate_all("all => all.map(one => one.textContent)")
    ) == set(names)
    for place in (".strategy-map a >> nth=3", "#rows a >> nth=2"):
        await look.page.locator(place).focus()
        await look.page.keyboard.press("Enter")
    await look.page.fill("#filter", ATTACKS[0])
    assert await look.page.evaluate("window.pwned") is None
    assert (look.wrong, look.asked) == ([], [])


@needs_chromium
@in_browser
async def test_the_policy_would_stop_what_slipped_through(look_at: Open) -> None:
    slipped = (
        b"<script>window.pwned=1</script><img src='https://example.org/x.png' onerror='window.pwned=2'>"
        b"<style>h1{display:none}</style><p style='color:red'>x</p><iframe src='https://example.org'></iframe>"
    )
    look = await look_at(write(social()).replace(b"<h1>", slipped + b"<h1>", 1))
    assert await look.page.evaluate("window.pwned") is None
    assert await look.page.locator("h1").is_visible()
    assert len(look.wrong) >= 5
    assert all("Content Security Policy" in words for words in look.wrong)


CONTRAST = """() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((one) => one / 255)
      .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (!color.endsWith(", 0)")) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const words = [...document.querySelectorAll("body *")].filter((one) =>
    one.namespaceURI.endsWith("xhtml") && one.tagName !== "SCRIPT" && one.checkVisibility()
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const seen = words.map((one) => {
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), one.outerHTML.slice(0, 80)];
  });
  return seen.length < 200 ? ["too few"] : seen.filter(([ratio]) => ratio < 4.5);
}"""


def find_chain(edition: Edition, goal: str) -> set[str]:
    """The goal, all that drive it over any number of links, and all that it drives."""

    def follow(ends: Iterator[tuple[str, str]]) -> set[str]:
        steps, seen, waiting = list(ends), {goal}, [goal]
        while waiting:
            here = waiting.pop()
            new = {there for start, there in steps if start == here} - seen
            seen |= new
            waiting += new
        return seen

    arrows = edition.picture.arrows
    return follow((one.source, one.target) for one in arrows) | follow((one.target, one.source) for one in arrows)


def found_words(edition: Edition, words: str) -> str:
    rows = [row for row in scorecard_rows(edition.evaluation) if row.kind != "perspective"]
    holds = read_filter(words, edition.evaluation.strategy).holds
    return f"{sum(map(holds, rows))} of {len(rows)} rows"


async def brightness(look: Look, place: str) -> str:
    style = "one => { const s = getComputedStyle(one); return one.namespaceURI.endsWith('svg') ? s.fill : s.backgroundColor }"
    color = await look.page.locator(place).first.evaluate(style)
    return "light" if sum(map(int, re.findall(r"\d+", color)[:3])) > 380 else "dark"
