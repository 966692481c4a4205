"""Passwords: the rules for a new one, its hash, and random ones to hand out."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from gis.errors import N_, Invalid

SHORTEST = 10
LONGEST = 200
LONG = 16
"""From so many characters on it does not matter of how many kinds they are."""
REMEMBERED = 5
"""So many former passwords are not taken again."""

# OWASP's password storage cheat sheet asks for at least 19 MiB and two passes; one lane, so that eight threads that
# sign people in at once take 256 MB and not eight times as many cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)

# The form of a real hash with the present parameters, of no password: to verify against it takes as long as against
# one that is somebody's.
_PARAMETERS = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
_NOBODYS = f"$argon2id$v=19${_PARAMETERS}$ZGlqaWUgbm9ib2R5IGhlcmU$c29tZSBieXRlcyB0aGF0IG5vIHB3IHlpZWxkcyA6LSk"

_TRIED_FIRST = """
    1234567890 0123456789 9876543210 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty123456 qwer1234asdf password123
    password1234 passw0rd123 p@ssw0rd123 p@ssword123 admin123456 admin@12345 admin@123456 administrator abc123456789
    abcd123456 abcd1234567 a123456789 aa123456789 woaini1314 woaini520 woaini5201314 5201314520 qq123456789 asdfghjkl123
    zxcvbnm123 iloveyou123 letmein123 welcome123 welcome1234 changeme123 1111111111 0000000000 8888888888 6666666666
    1122334455 112233445566 123456789a 12345678910 123456789abc 1234567891 147258369 1472583690 987654321a dijie12345
    dijie123456 weifang123 weifang1234 weifang2022 minzheng123 minzheng123456 test123456 root123456 user123456
    a1b2c3d4e5 q1w2e3r4t5 1234qwer!@ 1qaz@wsx3edc 1qaz!qaz2wsx qwe123!@# asd123!@# abc123!@# huawei@123 admin@huawei
    changeme@123 p@ssw0rd2022 p@ssw0rd2023 p@ssw0rd2024 p@ssw0rd2025 password@123 admin@2022 admin@2023 admin@2024
"""
_COMMONEST = frozenset(_TRIED_FIRST.split())
"""The head of public lists of leaked passwords, from ten characters on, in lower case."""

RULES: dict[str, str] = {
    "short": N_("It has at least 10 characters."),
    "long": N_("It has at most 200 characters."),
    "name": N_("It does not contain the account's name."),
    "common": N_("It is none of those that everybody tries first."),
    "kinds": N_("It mixes three of small letters, capitals, digits and signs, or has at least 16 characters."),
    "repeated": N_("It is more than one or two characters repeated."),
    "former": N_("It is not one of the last five passwords."),
}
"""The rules for a password, by name: what is said of each that is broken."""


class PasswordRefused(Invalid):
    """A new password that breaks rules."""

    code: ClassVar[str] = "password-refused"
    rules: tuple[str, ...] = ()
    """All that it breaks: keys of `RULES`."""


def broken_rules(password: str, *, name: str, former: Sequence[str] = ()) -> tuple[str, ...]:
    """Every rule that a new password breaks, as keys of `RULES`; none for a good one.

    Parameters
    ----------
    name
        The account's.
    former
        Hashes of the account's last passwords, the present one among them.
    """
    plain = _normal(password)
    bare = re.sub(r"[\W_]", "", name.casefold())
    tests = {
        "short": len(plain) < SHORTEST,
        "long": len(plain) > LONGEST,
        "name": len(bare) > 1 and bare in re.sub(r"[\W_]", "", plain.casefold()),
        "common": plain.casefold() in _COMMONEST,
        "kinds": len(plain) < LONG and _kinds(plain) < 3,
        "repeated": len(set(plain)) < 3,
    }
    broken = [rule for rule, is_broken in tests.items() if is_broken]
    if not broken and any(is_right(known, password) for known in former):
        broken.append("former")
    return tuple(broken)


def require_good(password: str, *, name: str, former: Sequence[str] = ()) -> None:
    """Raise `PasswordRefused` naming every rule that a new password breaks."""
    if broken := broken_rules(password, name=name, former=former):
        error = PasswordRefused(N_("This password cannot be taken."), hint=N_("Choose one that keeps every rule."))
        error.rules = broken
        raise error


def hashed(password: str) -> str:
    """What is kept of a password: argon2id with its parameters and a salt. About 40 ms and 32 MB."""
    return _HASHER.hash(_normal(password))


def is_right(known: str | None, password: str) -> bool:
    """Whether a password is the one behind a hash.

    Parameters
    ----------
    known
        The hash; None where there is no such account or it has no password: that takes as long, and is never right.
    """
    if len(password) > LONGEST:
        password = ""
    try:
        _HASHER.verify(known or _NOBODYS, _normal(password))
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return known is not None


def is_outdated(known: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(known)


def random_password() -> str:
    """A password to hand out: 16 characters in four groups, none of which is taken for another; 79 bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def _normal(password: str) -> str:
    # one character typed in two ways on two keyboards is the same password
    return unicodedata.normalize("NFKC", password)


def _kinds(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum() or ord(sign) > 0x2E7F)
    return sum(any(test(sign) for sign in password) for test in tests)
