"""Sessions: who is signed in. The browser holds a random token, the database its hash alone."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import Column, Index, Table, Text, delete, insert, select, update

from gis.errors import N_, Denied
from layers.office import passwords
from layers.office.accounts import ACCOUNT, Account, account_key, account_of
from layers.office.attempts import begin_attempt, succeed
from layers.office.database import METADATA, Office
from layers.register.types import Real

LONGEST_S = 12 * 3600
"""After so long somebody signs in again, however busy."""
_NOTED_S = 60
"""A request is noted at most so often: reading does not write."""

SESSION = Table(
    "session",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("begun", Real, nullable=False),
    Column("seen", Real, nullable=False),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Index("ix_session_account", "account"),
)
SECRET = Table("secret", METADATA, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))


class SignInRefused(Denied):
    """The name or the password is wrong, or the account may not sign in; which of them is not said."""

    code: ClassVar[str] = "sign-in-refused"


@dataclass(frozen=True)
class Session:
    """Somebody signed in on one browser; times in seconds since 1970 (UTC)."""

    id: str
    account: str
    begun: float
    seen: float
    address: str
    browser: str


@dataclass(frozen=True)
class SignedIn:
    """Who makes a request, and by which session."""

    account: Account
    session: str


def secret_key(office: Office) -> str:
    """What cookies are signed with: random, made once, the same for every process."""
    statement = select(SECRET.c.value).where(SECRET.c.name == "cookies")
    with office.reading() as connection:
        found = connection.scalar(statement)
    if found is None:
        with office.writing() as connection:
            found = connection.scalar(statement)
            if found is None:
                found = secrets.token_urlsafe(48)
                connection.execute(insert(SECRET).values(name="cookies", value=found))
    return str(found)


def sign_in(office: Office, name: str, password: str, *, address: str, browser: str = "") -> str:
    """Begin a session and return its token.

    A name that nobody has, an account that is disabled or has no password take as long and get the same answer as a
    wrong password.

    Raises
    ------
    SignInRefused, SignInLocked
    """
    key = account_key(name[:200])
    attempt = begin_attempt(office, key, address)
    statement = select(ACCOUNT).where(ACCOUNT.c.key == key)
    with office.reading() as connection:
        row = connection.execute(statement).mappings().first()
    usable = row is not None and row["state"] == "active"
    right = passwords.is_right(row["hash"] if row is not None and usable else None, password)
    if row is None or not right:
        raise SignInRefused(N_("The name or the password is not right."))
    fresh = {"hash": passwords.hashed(password)} if passwords.is_outdated(row["hash"]) else {}
    token = secrets.token_urlsafe(32)
    moment = time.time()
    with office.writing() as connection:
        same = (ACCOUNT.c.key == key) & (ACCOUNT.c.hash == row["hash"]) & (ACCOUNT.c.state == "active")
        changed = connection.execute(update(ACCOUNT).where(same).values(signed_in=datetime.now(UTC), **fresh))
        if changed.rowcount != 1:  # disabled, or given another password, while this one was looked at
            raise SignInRefused(N_("The name or the password is not right."))
        succeed(connection, attempt)
        connection.execute(delete(SESSION).where(SESSION.c.begun <= moment - LONGEST_S))
        connection.execute(
            insert(SESSION).values(
                token=_digest(token),
                id=secrets.token_hex(8),
                account=key,
                begun=moment,
                seen=moment,
                address=address[:60],
                browser=browser[:200],
            )
        )
    return token


def is_right_password(office: Office, name: str, password: str, *, address: str) -> bool:
    """Whether this is an account's password, asked once more before something weighty; a wrong one counts as there.

    Raises
    ------
    SignInLocked
    """
    key = account_key(name)
    attempt = begin_attempt(office, key, address)
    with office.reading() as connection:
        known = connection.scalar(select(ACCOUNT.c.hash).where(ACCOUNT.c.key == key))
    if not passwords.is_right(known, password):
        return False
    with office.writing() as connection:
        succeed(connection, attempt)
    return True


def signed_in(office: Office, token: str, *, idle_s: float, now: float | None = None) -> SignedIn | None:
    """Who a session's token belongs to; None where it has ended.

    Parameters
    ----------
    idle_s
        After how many seconds without a request a session ends.
    """
    moment = time.time() if now is None else now
    statement = (
        select(SESSION.c.id.label("session"), SESSION.c.seen, SESSION.c.begun, ACCOUNT)
        .join(ACCOUNT, ACCOUNT.c.key == SESSION.c.account)
        .where(SESSION.c.token == _digest(token), ACCOUNT.c.state == "active")
    )
    with office.reading() as connection:
        row = connection.execute(statement).mappings().first()
    if row is None or moment - row["seen"] >= idle_s or moment - row["begun"] >= LONGEST_S:
        return None
    if moment - row["seen"] >= _NOTED_S:
        with office.writing() as connection:
            connection.execute(update(SESSION).where(SESSION.c.id == row["session"]).values(seen=moment))
    return SignedIn(account_of(row), row["session"])


def sessions(office: Office, name: str | None = None, *, idle_s: float, now: float | None = None) -> list[Session]:
    """The sessions that go on, of one account or of all; the latest used first."""
    moment = time.time() if now is None else now
    columns = (SESSION.c.id, ACCOUNT.c.name, SESSION.c.begun, SESSION.c.seen, SESSION.c.address, SESSION.c.browser)
    statement = (
        select(*columns)
        .join(ACCOUNT, ACCOUNT.c.key == SESSION.c.account)
        .where(SESSION.c.seen > moment - idle_s, SESSION.c.begun > moment - LONGEST_S)
        .order_by(SESSION.c.seen.desc())
    )
    if name is not None:
        statement = statement.where(SESSION.c.account == account_key(name))
    with office.reading() as connection:
        return [Session(*row) for row in connection.execute(statement)]


def end_session(office: Office, session: str, *, name: str | None = None) -> bool:
    """End a session by its id; whether there was one.

    Parameters
    ----------
    name
        Only if it is this account's.
    """
    statement = delete(SESSION).where(SESSION.c.id == session)
    if name is not None:
        statement = statement.where(SESSION.c.account == account_key(name))
    with office.writing() as connection:
        return connection.execute(statement).rowcount > 0


def end_sessions(office: Office, name: str, *, but: str | None = None) -> int:
    """End an account's sessions, but one where it is named; how many there were."""
    statement = delete(SESSION).where(SESSION.c.account == account_key(name))
    if but is not None:
        statement = statement.where(SESSION.c.id != but)
    with office.writing() as connection:
        return connection.execute(statement).rowcount


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
