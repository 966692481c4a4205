"""What can be wrong with a register, each fault by its name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy.exc import DBAPIError

from gis.errors import Conflict, DijieError, Invalid, NotFound, Unavailable


class RegisterMissing(NotFound):
    """There is no file, or no database."""

    code: ClassVar[str] = "register-missing"


class NotARegister(Invalid):
    """The file or database is something else."""

    code: ClassVar[str] = "not-a-register"


class BadAddress(Invalid):
    """A text that is not the address of a database."""

    code: ClassVar[str] = "bad-address"


class RegisterVersion(Invalid):
    """The register was made by an older or a newer program."""

    code: ClassVar[str] = "register-version"


class RegisterExists(Conflict):
    """Something stands where a register is to be made."""

    code: ClassVar[str] = "register-exists"


class RegisterLocked(Unavailable):
    """Another program has held the register for too long."""

    code: ClassVar[str] = "register-locked"


class RegisterReadOnly(Unavailable):
    """The register can be read and not written."""

    code: ClassVar[str] = "register-read-only"


class RegisterUnreachable(Unavailable):
    """The file or the database server cannot be reached."""

    code: ClassVar[str] = "register-unreachable"


class RegisterDamaged(Unavailable):
    """The file is broken."""

    code: ClassVar[str] = "register-damaged"


class UnknownTable(Invalid):
    """No such table."""

    code: ClassVar[str] = "unknown-table"


class UnknownColumn(Invalid):
    """A table has no such column, or it is not the caller's to set."""

    code: ClassVar[str] = "unknown-column"


class WrongValue(Invalid):
    """A value is not of its column's type."""

    code: ClassVar[str] = "wrong-value"


class WrongGeometry(Invalid):
    """A geometry that the table cannot hold."""

    code: ClassVar[str] = "wrong-geometry"


class WrongCrs(Invalid):
    """Coordinates in another system than the register's."""

    code: ClassVar[str] = "wrong-crs"


class NoSuchRow(NotFound):
    """No row has this uuid."""

    code: ClassVar[str] = "no-such-row"


class VersionConflict(Conflict):
    """Somebody else has changed the row in the meantime."""

    code: ClassVar[str] = "version-conflict"


class DuplicateUuid(Conflict):
    """A uuid that a row has already."""

    code: ClassVar[str] = "duplicate-uuid"


class DanglingReference(Invalid):
    """A reference to a row that does not exist."""

    code: ClassVar[str] = "dangling-reference"


class StillReferenced(Conflict):
    """Other rows refer to the row that is to go."""

    code: ClassVar[str] = "still-referenced"


_LOCK_TIMEOUT_STATES = ("55P03", "40P01", "40001")
"""SQLSTATE of lock_not_available, deadlock_detected and serialization_failure."""


def explain(error: Exception, name: str) -> DijieError | None:
    """The named fault behind a database's error; None where it is not one that a person can mend.

    Parameters
    ----------
    error
        What the driver, or SQLAlchemy for it, has raised.
    name
        The register's name, without a password.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = str(cause).strip()
    state = getattr(cause, "sqlstate", None)
    if "locked" in text or state in _LOCK_TIMEOUT_STATES:
        return RegisterLocked(
            "The register %(name)s is locked by another program.",
            hint="Save or close what edits it (QGIS, an import), then try again.",
            name=name,
        )
    if "readonly database" in text or state in ("25006", "42501"):
        return RegisterReadOnly(
            "The register %(name)s can only be read.",
            hint="Give this program permission to write the file and its folder, or the database.",
            name=name,
        )
    if isinstance(cause, sqlite3.DatabaseError) and ("malformed" in text or "not a database" in text):
        return RegisterDamaged(
            "The register %(name)s is damaged: %(reason)s.",
            hint="Take the last backup; `dijie register check` says what is broken.",
            name=name,
            reason=text,
        )
    unreachable = ("unable to open", "disk I/O", "disk is full")
    if any(part in text for part in unreachable) or (state is None and type(cause).__module__.startswith("psycopg")):
        return RegisterUnreachable(
            "The register %(name)s cannot be reached: %(reason)s.",
            hint="Check the address, the disk and that the database server runs.",
            name=name,
            reason=text.splitlines()[0] if text else type(cause).__name__,
        )
    return None


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Raise a database's errors by their names; what has no name passes as it is."""
    try:
        yield
    except DijieError:
        raise
    except Exception as error:
        fault = explain(error, name) if _from_database(error) else None
        if fault is None:
            raise
        raise fault from error


def _from_database(error: Exception) -> bool:
    return isinstance(error, (DBAPIError, sqlite3.Error)) or type(error).__module__.startswith("psycopg")
