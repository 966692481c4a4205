"""The draw: how many records of each major class, and which; the same seed draws the same sample. No database."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from gis.errors import N_, Invalid
from layers.placenames.rules.facts import rows_of

LARGEST_SEED: Final = 2**31 - 1


class BadDraw(Invalid):
    """A share, number or seed by which nothing can be drawn."""

    code: ClassVar[str] = "bad-draw"


@dataclass(frozen=True)
class Rules:
    """What is drawn where nobody says otherwise; ``share`` and ``limit`` in percent, ``minimum`` in records."""

    share: float
    minimum: int
    limit: float

    @classmethod
    def read(cls) -> Rules:
        """From the table beside this package."""
        found = {row["setting"]: float(row["value"]) for row in rows_of("sampling")}
        return cls(found["share"], int(found["minimum"]), found["limit"])


def sample_size(frame: int, rules: Rules, *, share: float | None = None, number: int | None = None) -> int:
    """How many of ``frame`` records are drawn: a share or a number, at least the minimum, at most all.

    Parameters
    ----------
    share
        Percent, above 0 and up to 100; rounded up to a whole record.
    number
        Records; goes before the share. With neither the share of the rules holds.

    Raises
    ------
    BadDraw
    """
    if number is not None:
        if number < 1:
            raise BadDraw(N_("A sample has at least one record."))
        wanted = number
    else:
        percent = rules.share if share is None else share
        if not 0 < percent <= 100:
            raise BadDraw(N_("The share is a percentage above 0 and up to 100."))
        # a share such as 0.1 has no exact double: 1000 × 0.1 % must stay 1, not 1.0000000001
        wanted = math.ceil(round(frame * percent / 100, 6))
    return min(frame, max(wanted, rules.minimum))


def allocated(strata: Mapping[str, int], size: int) -> dict[str, int]:
    """How many records are drawn of each class: in proportion to its records, and at least one of each.

    The quotas are rounded by largest remainders (Hamilton); what the ones of tiny classes take is taken from the
    classes that are furthest above their quota. Ties go by the classes' keys, so that the result depends on nothing
    else.

    Parameters
    ----------
    strata
        Records of each class; empty classes are left out.
    size
        At most the sum of the records. Where there are more classes than that, one of each is drawn nevertheless.
    """
    present = {key: count for key, count in sorted(strata.items()) if count > 0}
    total = sum(present.values())
    size = max(size, len(present))
    quotas = {key: size * count / total for key, count in present.items()}
    shares = {key: max(1, min(math.floor(quotas[key]), count)) for key, count in present.items()}
    while sum(shares.values()) < size:
        key = max((key for key in shares if shares[key] < present[key]), key=lambda key: quotas[key] - shares[key])
        shares[key] += 1
    while sum(shares.values()) > size:
        key = max((key for key in shares if shares[key] > 1), key=lambda key: shares[key] - quotas[key])
        shares[key] -= 1
    return shares


def drawn(frame: Iterable[tuple[str, str]], size: int, seed: int) -> dict[str, list[str]]:
    """The records that are drawn of each class.

    Of each class those whose SHA-256 of ``<seed>:<permanent id>`` is smallest. To whoever does not choose the seed by
    its outcome that is a simple random sample of the class; anybody can repeat it with any program; and it depends on
    no order of the records and on no version of a random generator.

    Parameters
    ----------
    frame
        Permanent id and major class of every record.

    Returns
    -------
    dict
        Ids by class, in the order of their hashes.
    """
    by_class: dict[str, list[str]] = {}
    for uuid, major in frame:
        by_class.setdefault(major, []).append(uuid)
    shares = allocated({major: len(uuids) for major, uuids in by_class.items()}, size)
    return {major: _first(by_class[major], shares[major], seed) for major in shares}


def _first(uuids: Sequence[str], count: int, seed: int) -> list[str]:
    return sorted(uuids, key=lambda uuid: hashlib.sha256(f"{seed}:{uuid}".encode()).digest())[:count]


def seed_or_new(seed: int | None) -> int:
    """A seed that was given (drawn in a meeting, say), or a new one that nobody can foresee.

    Raises
    ------
    BadDraw
    """
    if seed is None:
        return secrets.randbelow(LARGEST_SEED) + 1
    if not 0 <= seed <= LARGEST_SEED:
        raise BadDraw(N_("The seed is a whole number from 0 to %(most)s."), most=LARGEST_SEED)
    return seed
