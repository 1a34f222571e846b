"""The file of a review: written for people, found again next time, and nothing in it changed that was not asked for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import ROOT, read_blocks

from scorecard.model.period import Period, Rhythm, read_period
from scorecard.model.strategy import Strategy
from scorecard.parser.replacement import Refused
from scorecard.parser.review_text import Decision, Review, Section, put_head, put_section, read_review, tidy
from scorecard.parser.reviews import ReviewFile, find_folder, list_earlier, name_part, open_review, save_review

OCTOBER = read_period("2026-10")
WRITTEN = """\
# Review 2026-10: Corner shop

- Date: 2026-11-05
- Present: Ann, Bob
- Closed: 2026-11-06 by Ann: counted twice

## Earn more turned amber <!-- colour/profit -->

The code was too long on the shelf.

- [ ] End the code — Ann, due 2026-11-15
- [x] Ask the customers — Bob
- [ ] Look at it again

## Regulars stand at 80% <!-- win/regulars -->

- [ ] Say thank you — due 2026-12
"""
BY_HAND = """\
preamble, kept

# Our review
*in the small room*

* date: 2026-11-05
Present:   Ann

## Colour <!--colour/profit-->
First thoughts.
+ [X]  done by hand – Bob, due 2026-11-15
   with a line below
  * [ ] deeper -- due 2026-W48
Second thoughts with `code` and *stars*.
- [ ] Move budget – but only half
- [ ] Ask, then see — Ann, due next week
- [] no box

### A heading of their own
| a | table |

## No mark here
- [ ] also open
##No heading
## Colour <!-- colour/profit -->
The same mark twice.
# Appendix
- [ ] outside of any section
"""


def test_a_review_reads_as_people_write() -> None:
    text = put_head("", Review("Review 2026-10: Corner shop", "2026-11-05", "Ann, Bob"))
    closed = "2026-11-06 by Ann: counted twice"
    decisions = (
        Decision("End the code", "Ann", read_period("2026-11-15")),
        Decision("Ask the customers", "Bob", done=True),
        Decision("Look at it again"),
    )
    notes = "The code was too long on the shelf."
    text = put_section(text, Section("colour/profit", "Earn more turned amber", notes, decisions))
    thanks = Decision("Say thank you", due=read_period("2026-12"))
    text = put_section(text, Section("win/regulars", "Regulars stand at 80%", "", (thanks,)))
    text = put_head(text, replace(read_review(text), closed=closed))  # at the end of the meeting
    assert text == WRITTEN
    review = read_review(text)
    assert review.closed == closed
    assert (review.title, review.date, review.present) == ("Review 2026-10: Corner shop", "2026-11-05", "Ann, Bob")
    assert review.section("colour/profit") == Section("colour/profit", "Earn more turned amber", notes, decisions)
    assert [one.text for _, one in review.open_decisions] == ["End the code", "Look at it again", "Say thank you"]


@pytest.mark.parametrize("text", [WRITTEN, BY_HAND, BY_HAND.replace("\n", "\r\n"), "\ufeff" + BY_HAND, "no heading"])
def test_what_is_put_back_as_it_was_read_changes_nothing(text: str) -> None:
    review = read_review(text)
    now = text if not review.title else put_head(text, review)
    for section in review.sections:
        now = put_section(now, section)
    assert now == text


def test_a_file_edited_by_hand_is_understood() -> None:
    review = read_review(BY_HAND)
    assert (review.title, review.date, review.present) == ("Our review", "2026-11-05", "Ann")
    assert [one.headline for one in review.sections] == ["Colour", "No mark here", "Colour"]
    first = review.sections[0]
    assert first.decisions == (
        Decision("done by hand", "Bob", read_period("2026-11-15"), done=True),
        Decision("deeper", "", read_period("2026-W48")),
        Decision("Move budget – but only half"),
        Decision("Ask, then see", "Ann, due next week"),
    )
    assert first.notes.startswith("First thoughts.\n   with a line below\nSecond")
    assert [one.text for _, one in review.open_decisions][-1] == "also open"


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone and those that are new, each in order."""
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_decision_that_is_done_changes_one_sign() -> None:
    for ending in ("\n", "\r\n"):
        text = BY_HAND.replace("\n", ending)
        section = read_review(text).sections[0]
        done = section.decisions[1]
        ticked = (section.decisions[0], Decision(done.text, done.owner, done.due, done=True), *section.decisions[2:])
        new = put_section(text, Section(section.id, section.headline, section.notes, ticked))
        cr = ending[:-1]
        assert changed_lines(text, new) == (
            [f"  * [ ] deeper -- due 2026-W48{cr}"],
            [f"  * [x] deeper -- due 2026-W48{cr}"],
        )


def test_decisions_are_added_changed_and_taken_away_where_they_stand() -> None:
    section = read_review(BY_HAND).sections[0]
    first, second, third, fourth = section.decisions
    other = Decision("Move all of it", "Bob")
    new = put_section(BY_HAND, Section(section.id, section.headline, section.notes, (first, other, third)))
    gone, come = changed_lines(BY_HAND, new)
    assert gone == ["  * [ ] deeper -- due 2026-W48", "- [ ] Ask, then see — Ann, due next week"]
    assert come == ["- [ ] Move all of it — Bob"]
    added = put_section(BY_HAND, Section(section.id, section.headline, section.notes, (*section.decisions, other)))
    assert changed_lines(BY_HAND, added) == ([], ["- [ ] Move all of it — Bob"])
    assert read_review(added).sections[0].decisions == (first, second, third, fourth, other)


def test_other_notes_leave_the_decisions_and_the_other_sections() -> None:
    section = read_review(WRITTEN).sections[0]
    new = put_section(WRITTEN, Section(section.id, section.headline, "Something\n\nelse", section.decisions))
    assert new == WRITTEN.replace("The code was too long on the shelf.", "Something\n\nelse")
    gone = put_section(WRITTEN, Section(section.id, section.headline, "", section.decisions))
    assert gone == WRITTEN.replace("The code was too long on the shelf.\n\n", "")
    renamed = put_section(WRITTEN, Section(section.id, "Earn more is amber", section.notes, section.decisions))
    assert renamed == WRITTEN.replace("Earn more turned amber", "Earn more is amber")


HOSTILE = [
    "[@click=app.quit]x[/]",
    "<script>alert(1)</script>",
    "--> <!-- win/regulars -->",
    "## Another section",
    "# Title",
    "- [x] done",
    "a — b, due 2026-10",
    "due 2026-10",
    "no date",
    "a, no date",
    "&mdash; \\&mdash; &amp;mdash;",
    "a\\",
    "[x](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "`code` *stars* _lines_ | $x$ ~~gone~~",
    "\x1b[31mred\x07",
    "\u202eevil",
    "1. first",
    "日本語 🎯",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_is_read_again_and_breaks_nothing(text: str) -> None:
    plain = tidy(text)
    put = Section("colour/profit", text, f"{text}\n{text}", (Decision(text, text), Decision(text), Decision("x", text)))
    now = put_section(put_head(WRITTEN, Review(text, text, text, closed=text)), put)
    review = read_review(now)
    assert (review.title, review.date, review.present, review.closed) == (plain,) * 4
    assert review.section("colour/profit") == Section(
        "colour/profit", plain, f"{plain}\n{plain}", (Decision(plain, plain), Decision(plain), Decision("x", plain))
    )
    assert review.section("win/regulars") == read_review(WRITTEN).section("win/regulars")
    assert len(review.sections) == 2
    assert "<s" not in now.replace("\\<", "")
    assert not any(sign in now for sign in "\x1b\x07\u202e")


WORDS = st.text(st.sampled_from("ab \\—–-&;<>#*[]x,.due20261 no\n\t") | st.characters(codec="utf-8"), max_size=20)
DECISIONS = st.builds(Decision, WORDS, WORDS, st.none() | st.just(read_period("2026-11-30")), st.booleans())
SECTIONS = st.builds(
    Section, st.sampled_from(["map", "loss/a", "loss/b"]), WORDS, WORDS, st.lists(DECISIONS).map(tuple)
)


@given(
    st.lists(SECTIONS, min_size=1, max_size=5), st.sampled_from(["", WRITTEN, BY_HAND, BY_HAND.replace("\n", "\r\n")])
)
def test_what_is_put_in_is_read_again_and_nothing_else_changes(sections: list[Section], text: str) -> None:
    for section in sections:
        before = read_review(text)
        text = put_section(text, section)
        after = read_review(text)
        found = after.section(section.id)
        assert found is not None
        assert found.notes == tidy(section.notes)
        wanted = [(line(one.text), line(one.owner), one.due, one.done) for one in section.decisions if line(one.text)]
        assert [(one.text, one.owner, one.due, one.done) for one in found.decisions] == wanted
        others = [one for one in before.sections if one.id != section.id]
        assert [one for one in after.sections if one.id != section.id] == others
        assert put_section(text, found) == text


def line(text: str) -> str:
    return " ".join(tidy(text).split())


@given(st.text(st.sampled_from("#- [x]<!>\n\r —,due2026a") | st.characters(codec="utf-8")))
def test_any_text_can_be_read_and_added_to(text: str) -> None:
    review = read_review(text)
    for section in review.sections:
        assert put_section(text, section) in (text, f"{text}\n", f"{text}\r\n")
    found = read_review(put_section(text, Section("map", "The map", "seen"))).section("map")
    assert found is not None
    assert (found.headline, found.notes) == ("The map", "seen")


def make_strategy(folder: Path) -> Path:
    folder.mkdir()
    (folder / "strategy.yaml").write_text("strategy: shop\n")
    return folder


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    folder = make_strategy(tmp_path / "shop")
    return find_folder(str(folder), folder)


def test_reviews_lie_beside_the_strategy(tmp_path: Path) -> None:
    folder = make_strategy(tmp_path / "shop")
    assert find_folder(str(folder), folder) == folder / "reviews"
    assert find_folder(str(folder / "strategy.yaml"), folder) == folder / "strategy.reviews"


def test_a_review_is_made_with_the_first_word(reviews: Path) -> None:
    file = open_review(reviews, OCTOBER)
    assert (file.text, file.hash, file.review) == ("", None, Review())
    assert not reviews.exists()
    assert save_review(file, "") == file
    assert not reviews.exists()
    saved = save_review(file, WRITTEN)
    assert saved == open_review(reviews, OCTOBER)
    assert (reviews / "2026-10.md").read_text(encoding="utf-8") == WRITTEN
    assert [one.name for one in reviews.iterdir()] == ["2026-10.md"]


def test_what_was_decided_last_time_is_found(reviews: Path) -> None:
    assert list_earlier(reviews, OCTOBER) == []
    for name in ("2025-12", "2026-08", "2026-10", "2026-11", "2026-Q3", "2026", "2026-09-30"):
        reviews.mkdir(exist_ok=True)
        (reviews / f"{name}.md").write_text(f"# Review {name}\n## A\n- [ ] in {name}\n- [x] done\n")
    (reviews / "2026-09.md.bak").write_text("# no review")
    (reviews / "notes.md").write_text("# no review")
    earlier = list_earlier(reviews, OCTOBER)
    assert [str(one.period) for one in earlier] == ["2026-08", "2025-12"]
    assert [one.text for _, one in earlier[0].review.open_decisions] == ["in 2026-08"]
    assert [str(one.period) for one in list_earlier(reviews, read_period("2026-01"))] == ["2025-12"]


def test_nothing_is_lost_where_two_write(reviews: Path) -> None:
    """The second is refused, opens the review again, and puts the own section into it."""
    save_review(open_review(reviews, OCTOBER), WRITTEN)
    mine, theirs = open_review(reviews, OCTOBER), open_review(reviews, OCTOBER)
    save_review(theirs, put_section(theirs.text, Section("map", "The map", "theirs")))
    section = Section("win/regulars", "Regulars stand at 80%", "mine")
    with pytest.raises(Refused, match="changed meanwhile"):
        save_review(mine, put_section(mine.text, section))
    again = open_review(reviews, OCTOBER)
    save_review(again, put_section(again.text, section))
    found = open_review(reviews, OCTOBER).review
    assert [one.notes for one in found.sections] == [
        "The code was too long on the shelf.",
        "mine",
        "theirs",
    ]


def test_a_review_that_somebody_else_began_is_not_overwritten(reviews: Path) -> None:
    file = open_review(reviews, OCTOBER)
    save_review(open_review(reviews, OCTOBER), WRITTEN)
    with pytest.raises(Refused, match="changed meanwhile"):
        save_review(file, "# mine\n")
    assert open_review(reviews, OCTOBER).text == WRITTEN


def test_links_lead_nowhere(reviews: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "2026-10.md").write_text("# secret\n")
    reviews.symlink_to(outside)
    attempts: list[Callable[[], object]] = [
        lambda: open_review(reviews, OCTOBER),
        lambda: list_earlier(reviews, OCTOBER),
        lambda: save_review(ReviewFile(reviews / "2026-10.md", OCTOBER, "", None), "# mine\n"),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="not a folder of the strategy"):
            attempt()
    reviews.unlink()
    reviews.mkdir()
    (reviews / "2026-10.md").symlink_to(outside / "2026-10.md")
    with pytest.raises(Refused, match="it is a link"):
        open_review(reviews, OCTOBER)
    with pytest.raises(Refused):
        save_review(ReviewFile(reviews / "2026-10.md", OCTOBER, "", None), "# mine\n")
    assert (outside / "2026-10.md").read_text() == "# secret\n"


def test_what_is_no_text_file_is_refused(reviews: Path) -> None:
    reviews.mkdir()
    (reviews / "2026-10.md").write_bytes(b"# \xff\xfe\n")
    with pytest.raises(Refused, match="not UTF-8"):
        open_review(reviews, OCTOBER)
    (reviews / "2026-10.md").unlink()
    os.mkfifo(reviews / "2026-10.md")
    with pytest.raises(Refused, match="not a regular file"):
        open_review(reviews, OCTOBER)


def test_no_period_names_a_file_elsewhere(reviews: Path) -> None:
    days = [date(1000, 1, 1), date(9000, 12, 31), date(2026, 2, 28)]
    periods = [Period(Rhythm.DAY, day.year, day.timetuple().tm_yday) for day in days]
    for period in [*periods, *map(read_period, ("2026", "2026-H1", "2026-Q3", "2026-W41"))]:
        assert open_review(reviews, period).path.parent == reviews


def test_a_disk_that_is_full_is_said_and_the_old_review_stays(reviews: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = save_review(open_review(reviews, OCTOBER), WRITTEN)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="no space left"):
        save_review(saved, WRITTEN + "more\n")
    assert [one.name for one in reviews.iterdir()] == ["2026-10.md"]
    assert open_review(reviews, OCTOBER).text == WRITTEN


def test_the_page_shows_a_review_as_it_is_written() -> None:
    (block,) = [one for one in read_blocks(ROOT / "docs" / "review.md") if one.kind == "markdown"]
    review = read_review(block.text)
    (section,) = review.sections
    assert [one.done for one in section.decisions] == [False, True]
    assert section.decisions[0].due == read_period("2026-11-30")
    assert put_section(put_head("", review), section) == block.text


WRITER = """
import sys
from pathlib import Path
from scorecard.model.period import read_period
from scorecard.parser.replacement import Refused
from scorecard.parser.review_text import Decision, Section, put_section
from scorecard.parser.reviews import open_review, save_review

me, folder = sys.argv[1], Path(sys.argv[2])
for number in range(15):
    while True:
        file = open_review(folder, read_period("2026-10"))
        held = file.review.section("map") or Section("map", "The map")
        section = Section("map", "The map", held.notes, (*held.decisions, Decision(f"{me} {number}")))
        try:
            save_review(file, put_section(file.text, section))
            break
        except Refused as refused:
            assert "changed meanwhile" in refused.message
"""


def test_several_people_lose_no_decision(reviews: Path) -> None:
    """Each takes the other's words in and tries again."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name, str(reviews)]) for name in ("Ann", "Bob", "Eve")]
    assert [one.wait(timeout=60) for one in writers] == [0, 0, 0]
    section = open_review(reviews, OCTOBER).review.section("map")
    assert section is not None
    assert sorted(one.text for one in section.decisions) == sorted(
        f"{name} {number}" for name in ("Ann", "Bob", "Eve") for number in range(15)
    )


def strategy_of(**dimensions: list[str]) -> Strategy:
    return Strategy.model_validate(
        {"strategy": "shop", "dimensions": {name: {"members": of} for name, of in dimensions.items()}}
    )


@pytest.mark.parametrize("member", ["north", "North Sea", "Zürich", "a/b", "../..", "日本", "x" * 500, "!!!", "2026"])
def test_the_file_of_members_has_a_plain_name(member: str, tmp_path: Path) -> None:
    part = name_part(strategy_of(region=[member, "south"]), {"region": member})
    assert re.fullmatch(r"-[\w-]{1,60}", part)
    assert "_" not in part
    file = save_review(open_review(tmp_path / "reviews", OCTOBER, part), WRITTEN)
    assert file.path.parent == tmp_path / "reviews"
    assert [one.text for one in list_earlier(tmp_path / "reviews", read_period("2026-11"), part)] == [WRITTEN]
    assert list_earlier(tmp_path / "reviews", read_period("2026-11")) == []


def test_members_never_share_a_file() -> None:
    strategy = strategy_of(region=["north", "a/b", "a b", "a-b"], market=["north", "x"])
    asked = [{name: member} for name, one in strategy.dimensions.items() for member in one.members]
    parts = [name_part(strategy, one) for one in asked]
    assert len({*parts}) == len(parts)
    assert parts[-1] == "-x"
    assert name_part(strategy, {}) == ""
    both = name_part(strategy, {"market": "x", "region": "a/b"})
    assert both == name_part(strategy, {"region": "a/b", "market": "x"})
