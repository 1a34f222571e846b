"""A review as Markdown that people read, compare and edit: its head, and a section with notes and decisions an item.

    # Review 2026-10: Social media marketing

    - Date: 2026-11-22
    - Present: Ann, Bob
    - Closed: 2026-11-22 by Ann

    ## Engaging content turned amber <!-- turn/engaging_content -->

    Posts were thin in August.

    - [ ] Two strong posts a week instead of four — Content lead, due 2026-11-30

A text is never written anew: `put_head` and `put_section` exchange the lines they are about, and keep all others.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from scorecard.model.period import Period, PeriodError, read_period
from scorecard.parser.yaml_faults import FORBIDDEN

DATE, PRESENT, CLOSED = "Date", "Present", "Closed"
_NO_DATE = "no date"
_BOM, _CR = "\ufeff", "\r"
_HEADING = re.compile(r"(#{1,2})(?:[ \t]+(.*?))??(?:[ \t]*<!--[ \t]*([^\s<>]+)[ \t]*-->)?[ \t\r]*")
_DECISION = re.compile(r"([ \t]*[-*+][ \t]+\[)([ xX])(\][ \t]+(.*?)[ \t\r]*)")
_FIELD = re.compile(r"(?:[-*+][ \t]+)?(\w+):[ \t]*(.*?)[ \t\r]*")
_TAIL = re.compile(r"(.*\S) (—|–|--) (\S.*)")
_DUE = re.compile(r"(?:(.*), |)due (\S+)")
_UNDATED = re.compile(rf"(?:(.*), |){_NO_DATE}")
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&!@$]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_DASH = re.compile(r"(?<= )—(?= )")
_BEGIN = re.compile(r"^([ \t]*)(\\*)(?=#|[-*+][ \t]+\[[ xX]\])")  # what would be a heading or a decision
_ESCAPED_BEGIN = re.compile(r"^([ \t]*)\\(\\*)(?=#|[-*+][ \t]+\[[ xX]\])")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, who does it (empty: nobody yet) and until when."""

    text: str
    owner: str = ""
    due: Period | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One item: `id` is that of the agenda. A section somebody added by hand has a `#` and its number for one."""

    id: str
    headline: str
    notes: str = ""
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a text says; texts that are missing are empty. `closed` is when and by whom the period was, in words."""

    title: str = ""
    date: str = ""
    present: str = ""
    sections: tuple[Section, ...] = ()
    closed: str = ""

    @property
    def open_decisions(self) -> tuple[tuple[Section, Decision], ...]:
        return tuple((section, one) for section in self.sections for one in section.decisions if not one.done)

    def section(self, name: str) -> Section | None:
        return next((one for one in self.sections if one.id == name), None)


@dataclass(slots=True)
class _Part:
    """A heading and the lines up to the next one; the part before the first heading has none."""

    heading: str | None
    body: list[str]
    level: int = 0
    id: str = ""
    headline: str = ""

    @property
    def notes(self) -> str:
        lines = (line.rstrip("\r") for line in self.body if not _DECISION.fullmatch(line))
        return "\n".join(_trim([_read_words(_ESCAPED_BEGIN.sub(r"\1\2", line)) for line in lines]))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return tuple(map(_read_decision, filter(_DECISION.fullmatch, self.body)))

    def field(self, name: str) -> tuple[int, str]:
        """The line of a field such as the date, and what it says; (-1, "") where there is none."""
        for number, line in enumerate(self.body):
            if (found := _FIELD.fullmatch(line)) and found[1].casefold() == name.casefold():
                return number, _unescape(found[2])
        return -1, ""


def read_review(text: str) -> Review:
    """What a review's text says; reads any text."""
    parts = _split(text)
    head = _find_head(parts) or parts[0]
    sections = [Section(part.id, part.headline, part.notes, part.decisions) for part in parts if part.level == 2]
    date, present, closed = (head.field(name)[1] for name in (DATE, PRESENT, CLOSED))
    return Review(head.headline, date, present, tuple(sections), closed)


def put_head(text: str, new: Review) -> str:
    """The text with the title, date, list of who was there and word on the closing of another review; lines that say the
    same already stay as they are."""
    parts = _split(text)
    head = _find_head(parts)
    if head is None:
        head = _Part("", [""], 1)
        parts.insert(1, head)
        if not any(line.strip() for line in parts[0].body):
            parts[0].body.clear()
    if head.headline != _tidy_line(new.title) or not head.heading:
        head.heading = f"# {escape_line(new.title)}"
    for name, said in ((DATE, new.date), (PRESENT, new.present), (CLOSED, new.closed)):
        at, old = head.field(name)
        line = [f"- {name}: {escape_line(said)}"] if _tidy_line(said) else []
        if at >= 0 and old != _tidy_line(said):
            head.body[at : at + 1] = line
        elif at < 0 and line:
            last = max(head.field(DATE)[0], head.field(PRESENT)[0])
            blank = [""] if last < 0 else []
            at = last + 1 if last >= 0 else 0
            head.body[at:at] = blank + line
    return _join(parts, text)


def put_section(text: str, section: Section) -> str:
    """The text with this section in place of the one with its id, or at its end where there is none yet."""
    parts = _split(text)
    part = next((one for one in parts if one.level == 2 and one.id == section.id), None)
    heading = f"## {escape_line(section.headline)}"
    if part is None:
        last = parts[-1].body
        last[:] = [*_trim(last, start=False), ""] if len(parts) > 1 or _trim(last) else []
        part = _Part(f"{heading} <!-- {section.id} -->", [""], 2, section.id, _tidy_line(section.headline))
        parts.append(part)
    elif part.headline != _tidy_line(section.headline):
        part.heading = heading if section.id.startswith("#") else f"{heading} <!-- {section.id} -->"
    if part.notes != tidy(section.notes):
        lines = [_BEGIN.sub(r"\1\\\2", _escape_words(line)) for line in tidy(section.notes).split("\n")]
        decisions = [line for line in part.body if _DECISION.fullmatch(line)]
        part.body[:] = ["", *([*lines, ""] if any(lines) else []), *([*decisions, ""] if decisions else [])]
    _put_decisions(part, [_tidy(one) for one in section.decisions if _tidy_line(one.text)])
    return _join(parts, text)


def tidy(text: str) -> str:
    """Notes as they are read again: without signs that cannot be seen, and without empty lines around them."""
    plain = FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(_trim(plain.split("\n")))


def escape_line(text: str) -> str:
    """A name or a sentence on one line, nothing of which is markup."""
    return _MARKUP.sub(r"\\\g<0>", _tidy_line(text))


def write_decision(decision: Decision) -> str:
    """A decision as a line of Markdown."""
    one = _tidy(decision)
    head = f"- [{'x' if one.done else ' '}] {_DASH.sub('&mdash;', _escape_words(one.text))}"
    said = [_DASH.sub("&mdash;", escape_line(one.owner)), f"due {one.due}" if one.due else ""]
    tail = ", ".join(filter(None, said))
    line = f"{head} — {tail}" if tail else head
    if _read_decision(line) != one:  # the text or the name itself ends like an owner or a date
        line = f"{head} — {', '.join(filter(None, [tail, _NO_DATE]))}"
    return line


def _put_decisions(part: _Part, new: list[Decision]) -> None:
    """Exchange the lines of decisions that are others now; the lines between them stay."""
    old, at = part.decisions, [n for n, line in enumerate(part.body) if _DECISION.fullmatch(line)]
    lines = [[line] for line in part.body]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        written = [write_decision(one) for one in new[j1:j2]]
        if kind in ("replace", "delete"):
            for number in range(i1, i2):
                mine = written[number - i1 : number - i1 + 1] if number < i2 - 1 else written[number - i1 :]
                if mine and replace(old[number], done=new[j1 + number - i1].done) == new[j1 + number - i1]:
                    mine[0] = _tick(part.body[at[number]], new[j1 + number - i1].done)
                lines[at[number]] = mine
        elif kind == "insert" and at:
            where = lines[at[max(i1 - 1, 0)]]
            where[len(where) if i1 else 0 : len(where) if i1 else 0] = written
        elif kind == "insert":
            rest = [[line] for line in _trim(part.body, start=False)]
            lines = [*(rest or [[]]), [""], written, [""]]
    part.body[:] = [line for group in lines for line in group]


def _tick(line: str, done: bool) -> str:
    """The same line with its box ticked or not."""
    return _DECISION.sub(lambda found: f"{found[1]}{'x' if done else ' '}{found[3]}", line, count=1)


def _read_decision(line: str) -> Decision:
    found = _DECISION.fullmatch(line)
    assert found is not None
    text, owner, due = found[4], "", None
    if tail := _TAIL.fullmatch(text):
        words, due = _read_due(tail[3])
        if tail[2] == "—" or due:  # a dash of another kind may belong to the text
            text, owner = tail[1], words
    return Decision(_read_words(_undash(text)), _unescape(_undash(owner)), due, found[2] in "xX")


def _read_due(tail: str) -> tuple[str, Period | None]:
    """Owner and date, as they stand behind the dash."""
    if undated := _UNDATED.fullmatch(tail):
        return undated[1] or "", None
    if dated := _DUE.fullmatch(tail):
        with contextlib.suppress(PeriodError):
            return dated[1] or "", read_period(dated[2])
    return tail, None


def _split(text: str) -> list[_Part]:
    parts = [_Part(None, [])]
    names: set[str] = set()
    for line in text.removeprefix(_BOM).split("\n"):
        found = _HEADING.fullmatch(line)
        if found is None:
            parts[-1].body.append(line)
            continue
        name = found[3] or ""
        name = f"#{len(parts)}" if not name or name in names or name.startswith("#") else name
        names.add(name)
        parts.append(_Part(line, [], len(found[1]), name, _unescape(found[2] or "")))
    return parts


def _find_head(parts: Sequence[_Part]) -> _Part | None:
    return next((part for part in parts[:2] if part.level == 1), None)


def _join(parts: Sequence[_Part], before: str) -> str:
    """The lines as one text; new ones end as those of the text `before` do."""
    lines = [line for part in parts for line in ([] if part.heading is None else [part.heading]) + part.body]
    if lines[-1].strip("\r"):
        lines.append("")
    if "\r\n" in before:
        kept = set(before.removeprefix(_BOM).split("\n"))
        lines[:-1] = [line if line in kept else f"{line.rstrip(_CR)}{_CR}" for line in lines[:-1]]
    return (_BOM if before.startswith(_BOM) else "") + "\n".join(lines)


def _tidy(one: Decision) -> Decision:
    return replace(one, text=_tidy_line(one.text), owner=_tidy_line(one.owner))


def _tidy_line(text: str) -> str:
    return " ".join(FORBIDDEN.sub("\ufffd", text).split())


def _trim(lines: Sequence[str], start: bool = True) -> list[str]:
    """Lines without the empty ones at the end, and at the start."""
    full = [number for number, line in enumerate(lines) if line.strip()]
    return list(lines[full[0] if start else 0 : full[-1] + 1]) if full else []


def _escape_words(text: str) -> str:
    """What somebody typed: it may be Markdown, but no HTML, and `&mdash;` is what it says."""
    return re.sub(r"\\(?=[\\<]|&mdash;)|<|&(?=mdash;)", r"\\\g<0>", text)


def _read_words(text: str) -> str:
    return re.sub(r"\\(\\|<|&(?=mdash;))", r"\1", text)


def _undash(text: str) -> str:
    return re.sub(r"(?<!\\)&mdash;", "—", text)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
