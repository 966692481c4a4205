"""Saved mappings: how files of one make are understood, kept by subject and name, offered where the headings fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Table, Text, UniqueConstraint, delete, insert, select

from gis.errors import N_, Invalid, NotFound
from layers.access import Editor
from layers.office.database import METADATA, Office
from layers.office.jobs import now

NAME_LENGTH = 60

MAPPING = Table(
    "mapping",
    METADATA,
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("mapping", JSON, nullable=False),
    Column("who", Text, nullable=False),
    Column("changed", Text, nullable=False),
    UniqueConstraint("subject", "name"),
)


class UnknownMapping(NotFound):
    """No mapping of that name."""

    code: ClassVar[str] = "unknown-mapping"


class BadName(Invalid):
    """A name that a mapping cannot have."""

    code: ClassVar[str] = "bad-name"


@dataclass(frozen=True)
class SavedMapping:
    """A mapping with a name; everybody who may import the subject may use it."""

    subject: str
    name: str
    mapping: Mapping[str, Any]
    who: str
    changed: str

    def fits(self, headings: Collection[str]) -> bool:
        """Whether a file has every column that this mapping speaks of."""
        columns = self.mapping.get("columns") or {}
        return bool(columns) and set(columns) <= set(headings)


def save(office: Office, subject: str, name: str, mapping: Mapping[str, Any], *, editor: Editor) -> SavedMapping:
    """Keep a mapping under a name; one of that name is replaced.

    Raises
    ------
    BadName
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise BadName(N_("A mapping's name has 1 to %(most)s characters."), most=NAME_LENGTH)
    saved = SavedMapping(subject, name, dict(mapping), editor.name, now())
    with office.writing() as connection:
        connection.execute(delete(MAPPING).where(MAPPING.c.subject == subject, MAPPING.c.name == name))
        connection.execute(insert(MAPPING).values(**saved.__dict__))
    return saved


def saved(office: Office, subject: str) -> list[SavedMapping]:
    """All of a subject, the one changed last first."""
    statement = select(MAPPING).where(MAPPING.c.subject == subject).order_by(MAPPING.c.changed.desc())
    with office.reading() as connection:
        return [SavedMapping(*row) for row in connection.execute(statement)]


def fitting(office: Office, subject: str, headings: Collection[str]) -> list[SavedMapping]:
    """Those whose columns a file has, the one that speaks of most of them first."""
    found = [each for each in saved(office, subject) if each.fits(headings)]
    return sorted(found, key=lambda each: -len(each.mapping["columns"]))


def forget(office: Office, subject: str, name: str) -> None:
    """Delete a mapping.

    Raises
    ------
    UnknownMapping
    """
    with office.writing() as connection:
        gone = connection.execute(delete(MAPPING).where(MAPPING.c.subject == subject, MAPPING.c.name == name))
        if not gone.rowcount:
            raise UnknownMapping(N_("There is no mapping called “%(name)s”."), name=name)
