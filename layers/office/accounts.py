"""Accounts: who may sign in, with which roles, and how far they reach."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import Column, Connection, RowMapping, Table, Text, delete, insert, select, update

from gis.errors import N_, Conflict, Invalid, NotFound
from layers.access import ROLES, Editor, Reader
from layers.office import passwords
from layers.office.database import METADATA, Office
from layers.register.types import Flag, Json, UtcTime

State = Literal["active", "disabled"]

ACCOUNT = Table(
    "account",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("display", Text, nullable=False),
    Column("roles", Json, nullable=False),
    Column("scope", Json),
    Column("side", Text),
    Column("state", Text, nullable=False),
    Column("must_change", Flag, nullable=False),
    Column("hash", Text),
    Column("former", Json, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("created_by", Text),
    Column("signed_in", UtcTime),
)

NAME_FORM = re.compile(r"\w[\w.\-]{1,39}")


class NoSuchAccount(NotFound):
    """Nobody has this name."""

    code: ClassVar[str] = "no-such-account"


class AccountExists(Conflict):
    """Somebody has this name already."""

    code: ClassVar[str] = "account-exists"


class WrongAccount(Invalid):
    """What an account cannot be."""

    code: ClassVar[str] = "wrong-account"


class LastAdministrator(Conflict):
    """Without this administrator nobody could look after the accounts."""

    code: ClassVar[str] = "last-administrator"


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in.

    Parameters
    ----------
    name
        What they sign in with and what stands in the change log; it never changes.
    scope
        County codes that the roles reach, None for all.
    side
        A surveyor's county.
    has_password
        False until somebody who was invited has set one.
    must_change
        True where the password was given by another and is to be changed at the next sign-in.
    created_by
        The name of who made it; None for the first administrator.
    signed_in
        When last, UTC text; None before the first time.
    """

    name: str
    display: str
    roles: frozenset[str]
    scope: frozenset[str] | None
    side: str | None
    state: State
    has_password: bool
    must_change: bool
    created: str
    created_by: str | None
    signed_in: str | None

    @property
    def reader(self) -> Reader:
        """What they may read and do."""
        return Reader(self.roles, self.scope, self.side)

    @property
    def editor(self) -> Editor:
        """Who they are in the change log."""
        return Editor(self.name, self.reader)

    @property
    def is_active(self) -> bool:
        """Whether they may sign in."""
        return self.state == "active"


@dataclass(frozen=True)
class Profile:
    """What an administrator decides about an account."""

    display: str = ""
    roles: frozenset[str] = frozenset({"viewer"})
    scope: frozenset[str] | None = None
    side: str | None = None


def account_key(name: str) -> str:
    """What a name is compared by: no two accounts differ by capitals or by the width of characters alone."""
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", name).casefold())
    return unicodedata.normalize("NFKC", once.casefold()).strip()


def accounts(office: Office) -> list[Account]:
    """Every account, by name."""
    with office.reading() as connection:
        return [account_of(row) for row in connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.key)).mappings()]


def account(office: Office, name: str) -> Account:
    """The account of that name; `NoSuchAccount`."""
    with office.reading() as connection:
        return account_of(row_of(connection, name))


def has_administrator(connection: Connection) -> bool:
    """Whether there is an active administrator who can sign in."""
    active = connection.execute(select(ACCOUNT).where(ACCOUNT.c.state == "active")).mappings()
    return any("administrator" in row["roles"] and row["hash"] is not None for row in active)


def add_account(
    office: Office,
    name: str,
    profile: Profile,
    *,
    password: str | None = None,
    must_change: bool = False,
    by: str | None = None,
) -> Account:
    """Make an account.

    Parameters
    ----------
    password
        None where the person is to set it by a link.
    must_change
        Whether it has to be changed at the first sign-in.
    by
        Who makes it.

    Raises
    ------
    WrongAccount, PasswordRefused, AccountExists
    """
    name = unicodedata.normalize("NFKC", name).strip()
    require_name(name)
    if password is not None:
        passwords.require_good(password, name=name)
    values = {
        "key": account_key(name),
        "name": name,
        "state": "active",
        "must_change": must_change,
        "hash": None if password is None else passwords.hashed(password),
        "former": [],
        "created": datetime.now(UTC),
        "created_by": by,
        **profile_values(name, profile),
    }
    with office.writing() as connection:
        insert_account(connection, values)
    return account(office, name)


def insert_account(connection: Connection, values: dict[str, Any]) -> None:
    """Insert one row; `AccountExists`."""
    if connection.execute(select(ACCOUNT.c.key).where(ACCOUNT.c.key == values["key"])).first() is not None:
        raise AccountExists(N_("There is an account named “%(name)s” already."), name=values["name"])
    connection.execute(insert(ACCOUNT).values(**values))


def edit_account(office: Office, name: str, profile: Profile) -> Account:
    """Change what an administrator decides about an account; it holds from the person's next request on.

    Raises
    ------
    NoSuchAccount, WrongAccount, LastAdministrator
    """
    values = profile_values(name, profile)
    with office.writing() as connection:
        row = row_of(connection, name)
        connection.execute(update(ACCOUNT).where(ACCOUNT.c.key == row["key"]).values(**values))
        _require_administrator(connection, before=account_of(row))
    return account(office, name)


def set_state(office: Office, name: str, state: State) -> Account:
    """Let an account sign in or no more; disabling ends its sessions and its jobs and takes its links back.

    Raises
    ------
    NoSuchAccount, LastAdministrator
    """
    from layers.office.invitations import INVITATION
    from layers.office.jobs import end_those_of
    from layers.office.sessions import SESSION

    with office.writing() as connection:
        row = row_of(connection, name)
        connection.execute(update(ACCOUNT).where(ACCOUNT.c.key == row["key"]).values(state=state))
        if state == "disabled":
            end_those_of(connection, row["name"])
            connection.execute(delete(SESSION).where(SESSION.c.account == row["key"]))
            connection.execute(delete(INVITATION).where(INVITATION.c.account == row["key"]))
            _require_administrator(connection, before=account_of(row))
    return account(office, name)


def set_password(
    office: Office, name: str, password: str, *, must_change: bool = False, keep_session: str | None = None
) -> None:
    """Give an account a new password and end its sessions.

    Parameters
    ----------
    must_change
        Whether it has to be changed at the next sign-in.
    keep_session
        The id of the one session that goes on.

    Raises
    ------
    NoSuchAccount, PasswordRefused
    """
    with office.reading() as connection:
        row = row_of(connection, name)
    passwords.require_good(password, name=row["name"], former=former_hashes(row))
    known = passwords.hashed(password)
    with office.writing() as connection:
        store_password(connection, row_of(connection, name), known, must_change=must_change, keep_session=keep_session)


def store_password(
    connection: Connection,
    row: RowMapping,
    known: str,
    *,
    must_change: bool = False,
    keep_session: str | None = None,
) -> None:
    """Keep a hash as an account's password; its other sessions end and its links are void."""
    from layers.office.attempts import forget
    from layers.office.invitations import INVITATION
    from layers.office.sessions import SESSION

    former = [*former_hashes(row)][: passwords.REMEMBERED]
    values = {"hash": known, "former": former, "must_change": must_change}
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.key == row["key"]).values(**values))
    ended = delete(SESSION).where(SESSION.c.account == row["key"])
    connection.execute(ended if keep_session is None else ended.where(SESSION.c.id != keep_session))
    connection.execute(delete(INVITATION).where(INVITATION.c.account == row["key"]))
    forget(connection, row["key"])


def former_hashes(row: RowMapping) -> list[str]:
    """The hashes of an account's last passwords, the present one first."""
    return [known for known in (row["hash"], *row["former"]) if known][: passwords.REMEMBERED]


def forget_everybody(office: Office) -> None:
    """Remove every account, session, link and failed attempt: for a demonstration that is made anew."""
    from layers.office.attempts import ATTEMPT, LOCK
    from layers.office.invitations import INVITATION
    from layers.office.sessions import SESSION

    with office.writing() as connection:
        for table in (SESSION, INVITATION, ATTEMPT, LOCK, ACCOUNT):
            connection.execute(delete(table))


def row_of(connection: Connection, name: str) -> RowMapping:
    """An account's row; `NoSuchAccount`."""
    found = connection.execute(select(ACCOUNT).where(ACCOUNT.c.key == account_key(name))).mappings().first()
    if found is None:
        raise NoSuchAccount(N_("There is no account named “%(name)s”."), name=name)
    return found


def account_of(row: RowMapping) -> Account:
    """An account from its row."""
    return Account(
        name=row["name"],
        display=row["display"] or row["name"],
        roles=frozenset(row["roles"]),
        scope=None if row["scope"] is None else frozenset(row["scope"]),
        side=row["side"],
        state=row["state"],
        has_password=row["hash"] is not None,
        must_change=bool(row["must_change"]),
        created=row["created"],
        created_by=row["created_by"],
        signed_in=row["signed_in"],
    )


def require_name(name: str) -> None:
    """Raise `WrongAccount` unless an account can have this name."""
    if NAME_FORM.fullmatch(name) is None:
        raise WrongAccount(
            N_("“%(name)s” cannot be the name of an account."),
            hint=N_("2 to 40 letters, digits, dots, hyphens or underscores, without spaces."),
            name=name[:60],
        )


def profile_values(name: str, profile: Profile) -> dict[str, Any]:
    """An account's columns that a profile decides; `WrongAccount`."""
    display = unicodedata.normalize("NFC", profile.display).strip()
    if len(display) > 60 or any(unicodedata.category(sign).startswith("C") for sign in display):
        raise WrongAccount(N_("The shown name has at most 60 characters and no control characters."))
    _require_known(profile.roles)
    codes = [*(profile.scope or ()), *([profile.side] if profile.side else [])]
    if wrong := [code for code in codes if re.fullmatch(r"[0-9]{6}", code) is None]:
        raise WrongAccount(N_("“%(code)s” is not the code of a county: it has six digits."), code=wrong[0])
    if profile.scope is not None and not profile.scope:
        raise WrongAccount(N_("An account reaches at least one county, or all of them."))
    if ("surveyor" in profile.roles) != bool(profile.side):
        raise WrongAccount(
            N_("A surveyor has one county as side, and nobody else has."),
            hint=N_("Give the role and the side together."),
        )
    return {
        "display": display or name,
        "roles": [role for role in ROLES if role in profile.roles],
        "scope": None if profile.scope is None else sorted(profile.scope),
        "side": profile.side or None,
    }


def require_counties(profile: Profile, known: Collection[str]) -> None:
    """Raise `WrongAccount` where no county has a code; in an office that knows no county yet, any may be right."""
    # what is no code at all is told as such when the account is kept
    codes = {code for code in (*(profile.scope or ()), profile.side or "") if re.fullmatch(r"\d{6}", code)}
    if known and (wrong := sorted(codes - set(known))):
        raise WrongAccount(
            N_("No county of the register has the code “%(code)s”."),
            hint=N_("Choose among the counties that the register has."),
            code=wrong[0],
        )


def _require_known(roles: Collection[str]) -> None:
    if unknown := sorted(set(roles) - set(ROLES)):
        raise WrongAccount(
            N_("There is no role “%(role)s”."),
            hint=N_("Choose one of: %(known)s."),
            role=unknown[0],
            known=", ".join(ROLES),
        )
    if not roles:
        raise WrongAccount(N_("An account has at least one role."))


def _require_administrator(connection: Connection, *, before: Account) -> None:
    """Raise where a change would take away the last administrator who can sign in."""
    if "administrator" not in before.roles or not before.is_active or not before.has_password:
        return
    if not has_administrator(connection):
        raise LastAdministrator(
            N_("“%(name)s” is the last administrator who can sign in."),
            hint=N_("Make another account an administrator first."),
            name=before.name,
        )
