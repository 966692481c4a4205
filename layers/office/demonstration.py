"""Ready accounts of a demonstration, one for each role, with random passwords that are told once."""

from __future__ import annotations

from typing import NamedTuple

from layers.office.accounts import Account, Profile, accounts, add_account, forget_everybody
from layers.office.database import Office
from layers.office.passwords import random_password

MAKER = "demonstration"
"""Who has made such accounts."""

QINGZHOU, LINQU = "370781", "370724"

PROFILES: dict[str, Profile] = {
    "admin": Profile("系统管理员", frozenset({"administrator"})),
    "reviewer": Profile("审核员", frozenset({"reviewer"})),
    "clerk": Profile("地名员", frozenset({"clerk"})),
    "clerk.qingzhou": Profile("青州地名员", frozenset({"clerk"}), frozenset({QINGZHOU})),
    "surveyor.linqu": Profile("临朐勘界员", frozenset({"surveyor"}), frozenset({LINQU}), LINQU),
    "planner": Profile("规划员", frozenset({"planner"})),
    "viewer": Profile("查阅者", frozenset({"viewer"})),
}
"""Who there is in a demonstration, by the name to sign in with."""


class Ready(NamedTuple):
    """An account that was made, and its password."""

    account: Account
    password: str


def make_demonstration_accounts(office: Office, *, anew: bool) -> list[Ready]:
    """Make the accounts of `PROFILES`; their passwords are kept nowhere but in what this returns.

    Parameters
    ----------
    anew
        Whether accounts that are there already, and all that belongs to them, are removed first. Otherwise an office
        with accounts is left as it is, and nothing is returned.
    """
    if anew:
        forget_everybody(office)
    elif accounts(office):
        return []
    made = []
    for name, profile in PROFILES.items():
        password = random_password()
        made.append(Ready(add_account(office, name, profile, password=password, by=MAKER), password))
    return made
