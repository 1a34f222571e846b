"""The scenario of the session on disk: kept under a name, and opened again. Nothing takes the place of another file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scorecard.model.finding import shorten
from scorecard.parser.replacement import Refused
from scorecard.parser.scenario_file import (
    ScenarioFile,
    Shelf,
    find_shelf,
    list_scenarios,
    make_name,
    open_scenario,
    save_scenario,
)
from scorecard.tui.session import Session


def find_scenarios(session: Session) -> Shelf:
    """Where the scenarios of the session's strategy lie."""
    card = session.scorecard
    return find_shelf(card.name, card.folder, card.strategy)


def count_scenarios(session: Session) -> int:
    """How many are kept."""
    return len(list_scenarios(find_scenarios(session)))


def is_kept(session: Session) -> bool:
    """Whether all that is changed stands in a file too."""
    kept, changes = session.kept, session.scenario.changes
    return not changes or (kept is not None and set(kept.scenario.changes) == set(changes))


def find_place(session: Session, title: str) -> tuple[ScenarioFile | None, str]:
    """The file for what a scenario is called: a new one, or the one the scenario came from; None and why where it is
    neither."""
    shelf, name = find_scenarios(session), make_name(title)
    if not name:
        what = f"'{shorten(title)}' has no letter that a file could be named by" if title else "it needs a name"
        return None, f"{what}; write such as Two more people"
    if session.kept and session.kept.path == shelf.path / Path(f"{name}.yaml") and session.scenario.name == name:
        return session.kept, ""
    try:
        file = open_scenario(shelf, name)
    except Refused as refused:
        return None, f"{refused.message}; {refused.hint}"
    if file.hash is not None:
        return None, f"there is a scenario '{name}' already; give this one another name"
    return file, ""


def keep_scenario(session: Session, file: ScenarioFile, title: str, note: str) -> str:
    """Write the scenario into a file; says why where that was refused, else "" and the scenario has its title and note."""
    name = file.path.stem
    scenario = replace(session.scenario, name=name, title="" if title == name else title, note=note.strip())
    try:
        session.kept = save_scenario(find_scenarios(session), file, scenario)
    except Refused as refused:
        return f"{refused.message}; {refused.hint}"
    session.scenario = scenario
    return ""


def take_scenario(session: Session, file: ScenarioFile) -> None:
    """Go on with a scenario that was kept."""
    session.kept, session.scenario = file, file.scenario
