"""Applications asked for: by state, kind, county, by what is due; and how many there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select

from layers.office.applications import APPLICATION, Application, application_of
from layers.office.database import Office


@dataclass(frozen=True)
class Asked:
    """Which applications are asked for; what is empty is not asked for.

    Parameters
    ----------
    counties
        None for all.
    text
        Part of the number or of either name.
    due_before
        Those alone of which a step is due before this day.
    due
        Those alone of which a step is due at all.
    """

    counties: Collection[str] | None = None
    states: tuple[str, ...] = ()
    kind: str = ""
    channel: str | None = None
    county: str = ""
    village: str = ""
    place: str = ""
    text: str = ""
    due: bool = False
    due_before: str = ""
    offset: int = 0
    limit: int = 50


def listed(office: Office, asked: Asked) -> tuple[list[Application], int]:
    """Applications without their steps, the newest first (those that are due: the most urgent first), and how many."""
    conditions = _conditions(asked)
    order = (
        (func.coalesce(APPLICATION.c.file_due, APPLICATION.c.announce_due), APPLICATION.c.number)
        if asked.due
        else (APPLICATION.c.created.desc(), APPLICATION.c.number.desc())
    )
    with office.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(APPLICATION).where(*conditions))
        rows = connection.execute(
            select(APPLICATION).where(*conditions).order_by(*order).offset(asked.offset).limit(asked.limit)
        )
        return [application_of(row) for row in rows], int(count or 0)


def tallied(office: Office, asked: Asked, *by: str) -> dict[tuple[str, ...], int]:
    """How many applications there are for each combination of values of some columns."""
    columns = [APPLICATION.c[name] for name in by]
    statement = select(*columns, func.count()).where(*_conditions(asked)).group_by(*columns)
    with office.reading() as connection:
        return {tuple(row[:-1]): int(row[-1]) for row in connection.execute(statement)}


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    table = APPLICATION.c
    found: list[ColumnElement[bool]] = []
    if asked.counties is not None:
        found.append(table.county.in_(sorted(asked.counties)) if asked.counties else false())
    if asked.states:
        found.append(table.state.in_(asked.states))
    given = {name: getattr(asked, name) for name in ("kind", "county", "village", "place")}
    found += [table[name] == value for name, value in given.items() if value]
    if asked.channel is not None:
        found.append(table.channel == asked.channel)
    if asked.text:
        words = [table[name].contains(asked.text, autoescape=True) for name in ("number", "name", "name_before")]
        found.append(or_(*words))
    if asked.due or asked.due_before:
        due = func.coalesce(table.file_due, table.announce_due)
        found.append(due < asked.due_before if asked.due_before else due.is_not(None))
    return found
