"""One-time links: for the first administrator, and for whoever is to set a password. Only their hash is kept."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import Column, Connection, RowMapping, Table, Text, delete, insert, select

from gis.errors import N_, Conflict, NotFound
from layers.office import passwords
from layers.office.accounts import (
    Account,
    Profile,
    account,
    account_key,
    account_of,
    former_hashes,
    has_administrator,
    insert_account,
    profile_values,
    require_name,
    row_of,
    store_password,
)
from layers.office.database import METADATA, Office
from layers.register.types import Real

FIRST_S = 24 * 3600
PASSWORD_S = 72 * 3600

INVITATION = Table(
    "invitation",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("account", Text),
    Column("created", Real, nullable=False),
    Column("expires", Real, nullable=False),
    Column("created_by", Text),
)
"""Without an account: the link of the first administrator."""


class LinkVoid(NotFound):
    """A link that was used, has run out, was replaced or never was."""

    code: ClassVar[str] = "link-void"


class AccountDisabled(Conflict):
    """A link for somebody who may not sign in."""

    code: ClassVar[str] = "account-disabled"


@dataclass(frozen=True)
class Link:
    """A link to hand on: the token is told once and kept nowhere."""

    token: str
    expires: float


def first_link(office: Office, *, now: float | None = None) -> Link | None:
    """A new link for the first administrator, in place of an earlier one; None where there is an administrator."""
    with office.reading() as connection:
        if has_administrator(connection):
            return None
    return _make(office, None, FIRST_S, by=None, now=now)


def password_link(office: Office, name: str, *, by: str, now: float | None = None) -> Link:
    """A new link by which somebody sets their password, in place of an earlier one.

    The present password and the sessions hold until the link is used.

    Raises
    ------
    NoSuchAccount, AccountDisabled
    """
    found = account(office, name)
    if not found.is_active:
        raise AccountDisabled(
            N_("“%(name)s” is disabled and cannot sign in."), hint=N_("Enable the account first."), name=found.name
        )
    return _make(office, account_key(name), PASSWORD_S, by=by, now=now)


def invited(office: Office, token: str, *, now: float | None = None) -> Account | None:
    """Whose link this is; None for the first administrator's.

    Raises
    ------
    LinkVoid
    """
    with office.reading() as connection:
        row = _valid(connection, token, now)
        return None if row["account"] is None else account_of(row_of(connection, row["account"]))


def accept(office: Office, token: str, password: str, *, now: float | None = None) -> Account:
    """Set the password of the account that a link is for; the link is void from then on.

    Raises
    ------
    LinkVoid, PasswordRefused
    """
    with office.reading() as connection:
        row = _valid(connection, token, now)
        if row["account"] is None:
            raise _void()
        holder = row_of(connection, row["account"])
    passwords.require_good(password, name=holder["name"], former=former_hashes(holder))
    known = passwords.hashed(password)
    with office.writing() as connection:
        _valid(connection, token, now)
        store_password(connection, row_of(connection, holder["key"]), known)
    return account(office, holder["name"])


def accept_first(
    office: Office, token: str, *, name: str, display: str, password: str, now: float | None = None
) -> Account:
    """Make the first administrator, who has the link; it is void from then on.

    Raises
    ------
    LinkVoid, WrongAccount, AccountExists, PasswordRefused
    """
    with office.reading() as connection:
        if _valid(connection, token, now)["account"] is not None:
            raise _void()
    require_name(name)
    values = profile_values(name, Profile(display, frozenset({"administrator"})))
    passwords.require_good(password, name=name)
    known = passwords.hashed(password)
    with office.writing() as connection:
        _valid(connection, token, now)
        _require_no_administrator(connection)
        created = {"key": account_key(name), "name": name, "hash": known, "created": datetime.now(UTC)}
        fixed = {"state": "active", "must_change": False, "former": [], "created_by": None}
        insert_account(connection, {**created, **fixed, **values})
        connection.execute(delete(INVITATION).where(INVITATION.c.account.is_(None)))
    return account(office, name)


def _make(office: Office, key: str | None, lasts_s: float, *, by: str | None, now: float | None) -> Link:
    moment = time.time() if now is None else now
    token = secrets.token_urlsafe(32)
    with office.writing() as connection:
        same = INVITATION.c.account.is_(None) if key is None else INVITATION.c.account == key
        connection.execute(delete(INVITATION).where(same | (INVITATION.c.expires <= moment)))
        values = {"token": _digest(token), "account": key, "created": moment, "expires": moment + lasts_s}
        connection.execute(insert(INVITATION).values(**values, created_by=by))
    return Link(token, moment + lasts_s)


def _valid(connection: Connection, token: str, now: float | None) -> RowMapping:
    moment = time.time() if now is None else now
    statement = select(INVITATION).where(INVITATION.c.token == _digest(token), INVITATION.c.expires > moment)
    found = connection.execute(statement).mappings().first()
    if found is None:
        raise _void()
    return found


def _require_no_administrator(connection: Connection) -> None:
    """Raise `LinkVoid` where an administrator has come into being by another way meanwhile."""
    if has_administrator(connection):
        raise _void()


def _void() -> LinkVoid:
    return LinkVoid(
        N_("This link has been used, has run out or was replaced by a newer one."),
        hint=N_("Ask an administrator for a new one; the first administrator finds one where the server starts."),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
