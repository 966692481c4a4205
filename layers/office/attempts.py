"""Failed sign-ins: counted in the office's database, so that every process of the server knows them.

A place is taken *before* a password is looked at and given back if it was right: however many ask at the same time, no
more than the stated number of passwords is tried.
"""

from __future__ import annotations

import hashlib
import math
import time
import uuid
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Column, Connection, Index, Table, Text, delete, func, insert, or_, select

from gis.errors import N_, Denied
from layers.office.database import METADATA, Office
from layers.register.types import Real

WINDOW_S = 15 * 60
LOCKED_S = 15 * 60
PER_ACCOUNT = 5
PER_ADDRESS = 20

ATTEMPT = Table(
    "sign_in_attempt",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Real, nullable=False),
    Index("ix_sign_in_attempt_account", "account"),
    Index("ix_sign_in_attempt_address", "address"),
)
LOCK = Table(
    "sign_in_lock",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("until", Real, nullable=False),
    Column("attempt", Text, nullable=False),
)


class SignInLocked(Denied):
    """Too many failed sign-ins."""

    code: ClassVar[str] = "sign-in-locked"

    @property
    def seconds(self) -> int:
        """Until the next may be tried."""
        return int(str(self.params["seconds"]))


@dataclass(frozen=True)
class Attempt:
    """A place that was taken for one sign-in."""

    id: str
    account: str
    address: str


def begin_attempt(office: Office, key: str, address: str, *, now: float | None = None) -> Attempt:
    """Take a place for one sign-in, as if it had failed already; `succeed` gives it back.

    Parameters
    ----------
    key
        The account's key, of an account that exists or not.
    address
        Where the request comes from.

    Raises
    ------
    SignInLocked
        Where the account or the address has none left.
    """
    moment = time.time() if now is None else now
    attempt = Attempt(uuid.uuid4().hex, _subject("account", key), _subject("address", address))
    with office.writing() as connection:
        connection.execute(delete(ATTEMPT).where(ATTEMPT.c.at <= moment - WINDOW_S))
        connection.execute(delete(LOCK).where(LOCK.c.until <= moment))
        subjects = (attempt.account, attempt.address)
        locked = connection.scalar(select(func.max(LOCK.c.until)).where(LOCK.c.subject.in_(subjects)))
        if locked is not None:
            raise _locked(locked - moment)
        connection.execute(
            insert(ATTEMPT).values(id=attempt.id, account=attempt.account, address=attempt.address, at=moment)
        )
        for column, subject, most in (
            (ATTEMPT.c.account, attempt.account, PER_ACCOUNT),
            (ATTEMPT.c.address, attempt.address, PER_ADDRESS),
        ):
            taken = connection.scalar(select(func.count()).where(column == subject)) or 0
            if taken >= most:  # the last place: whoever comes next waits, unless this one succeeds
                connection.execute(insert(LOCK).values(subject=subject, until=moment + LOCKED_S, attempt=attempt.id))
                connection.execute(delete(ATTEMPT).where(column == subject))
    return attempt


def succeed(connection: Connection, attempt: Attempt) -> None:
    """The password was right: the account's failures are forgotten, the address gets this place back."""
    connection.execute(delete(ATTEMPT).where(or_(ATTEMPT.c.id == attempt.id, ATTEMPT.c.account == attempt.account)))
    connection.execute(delete(LOCK).where(or_(LOCK.c.attempt == attempt.id, LOCK.c.subject == attempt.account)))


def forget(connection: Connection, key: str) -> None:
    """Forget an account's failures, because it has a new password."""
    subject = _subject("account", key)
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.account == subject))
    connection.execute(delete(LOCK).where(LOCK.c.subject == subject))


def locked_for(office: Office, key: str, *, now: float | None = None) -> float:
    """For how many more seconds an account is locked, 0 where it is not."""
    moment = time.time() if now is None else now
    with office.reading() as connection:
        until = connection.scalar(select(LOCK.c.until).where(LOCK.c.subject == _subject("account", key)))
    return max(0.0, (until or 0.0) - moment)


def _locked(seconds: float) -> SignInLocked:
    whole = max(1, math.ceil(seconds))
    return SignInLocked(
        N_("Too many sign-ins have failed. Try again in %(minutes)s min."),
        hint=N_("Somebody who has forgotten their password gets a link from an administrator."),
        minutes=math.ceil(whole / 60),
        seconds=whole,
    )


def _subject(kind: str, value: str) -> str:
    # hashed: somebody who types the password into the field of the name leaves no trace of it
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"
