"""What the forms of accounts send, read and checked; faults come back by field, all at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request

from gis.errors import N_, DijieError
from layers.access import ROLES
from layers.office.accounts import Profile
from layers.office.passwords import RULES, PasswordRefused
from web.language import reader_language, sentences, translated

ROLE_TITLES: dict[str, tuple[str, str]] = {
    "viewer": (N_("Viewer"), N_("reads what is public")),
    "planner": (N_("Planner"), N_("facilities and population figures")),
    "clerk": (N_("Clerk"), N_("place names, divisions and facilities")),
    "reviewer": (N_("Reviewer"), N_("as a clerk, and undoes changes of others")),
    "surveyor": (N_("Surveyor"), N_("lines, stakes and points of one side")),
    "administrator": (N_("Administrator"), N_("everything, and the accounts")),
}
"""What a role is called and what it may do, for people."""

_NEVER_NEXT = ("/sign-in", "/sign-out", "/first/", "/invitation/")


@dataclass
class Faults:
    """What is wrong with a form: sentences in the reader's language, by the field's name; "" for the whole."""

    by_field: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def add(self, name: str, template: str, **params: object) -> None:
        """One more sentence about a field."""
        self.by_field.setdefault(name, []).append(translated(template, reader_language(), params))

    def add_error(self, name: str, error: DijieError) -> None:
        """What an operation refused, about a field; a password's broken rules one by one."""
        if isinstance(error, PasswordRefused):
            for rule in error.rules:
                self.add(name, RULES[rule])
            return
        self.by_field.setdefault(name, []).append(" ".join(filter(None, sentences(error, reader_language()))))

    def of(self, name: str) -> list[str]:
        """The sentences about a field."""
        return self.by_field.get(name, [])


def text(name: str, longest: int = 200) -> str:
    """A line of text, without spaces around it and null characters in it."""
    return request.form.get(name, "")[:longest].replace("\x00", "").strip()


def secret(name: str) -> str:
    """A password as it was typed."""
    return request.form.get(name, "")[:1000]


def next_path(given: str) -> str:
    """Where to go after signing in: a path of our own, else the map.

    Whatever a browser could take for another host is refused: a scheme, two slashes, a backslash, a control sign.
    """
    if not given.startswith("/") or given.startswith("//") or "\\" in given or not given.isprintable():
        return "/"
    return "/" if given.startswith(_NEVER_NEXT) else given


def new_password(faults: Faults) -> str:
    """A new password that was typed twice."""
    password = secret("password")
    if password != secret("again"):
        faults.add("again", N_("The two are not the same."))
    return password


def profile() -> Profile:
    """What an administrator has chosen for an account."""
    roles = frozenset(role for role in request.form.getlist("roles") if role in ROLES)
    everywhere = request.form.get("reach", "all") == "all"
    codes = frozenset(code[:12].replace("\x00", "") for code in request.form.getlist("scope")[:200])
    side = text("side", 12) if "surveyor" in roles else ""
    return Profile(text("display"), roles, None if everywhere else codes, side or None)
