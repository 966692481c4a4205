"""Place-name codes (地名代码): 20 digits of county (6), township (3), class (5) and serial (6).

A code says where a place lies and what it is, so it changes when a division or a class does; the permanent id of a
place is another thing. Source: rules for place-name codes of the second national survey (地名代码编制规则), the
township part as in GB/T 10114.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, func, select

from gis.errors import N_, Conflict, Invalid
from layers.register.tables import TABLES

TownshipKind = Literal["none", "street", "town", "township", "other", "unknown"]
Part = Literal["division", "township", "township_kind", "class", "position"]

NO_TOWNSHIP: Final = "000"
"""The township part of a place that belongs to a whole county."""
LAST_SERIAL: Final = 999_999

_DIGITS: Final = re.compile(r"(\d{6})(\d{3})(\d{5})(\d{6})")
_PREFIX: Final = re.compile(r"\d{14}")
_BETWEEN: Final = re.compile(r"[\s\-‐–—－]+")
_KINDS: Final[tuple[tuple[int, int, TownshipKind], ...]] = (
    (0, 0, "none"), (1, 99, "street"), (100, 199, "town"), (200, 399, "township"), (400, 599, "other"),
)  # fmt: skip
_ENDINGS: Final[dict[TownshipKind, tuple[str, ...]]] = {
    "street": ("街道", "街道办事处"), "town": ("镇",), "township": ("乡",),
}  # fmt: skip


class BadPlaceCode(Invalid):
    """A text that is no place-name code, or parts that make none."""

    code = "bad-place-code"


class NoSerialLeft(Conflict):
    """A township has a million places of one class."""

    code = "no-serial-left"


class PlaceCodeTaken(Conflict):
    """Another place has the code."""

    code = "place-code-taken"


@dataclass(frozen=True, order=True)
class PlaceCode:
    """A place-name code in its parts, each as digits.

    Examples
    --------
    >>> code = PlaceCode.parse("330381-001-22100-000001")
    >>> (code.division, code.township, code.township_kind, code.class_code, int(code.serial))
    ('330381', '001', 'street', '22100', 1)
    >>> str(code)
    '33038100122100000001'
    """

    division: str
    township: str
    class_code: str
    serial: str

    @classmethod
    def parse(cls, text: str) -> PlaceCode:
        """A code as people write it: digits of any width, with dashes or spaces between the parts or without.

        Raises
        ------
        BadPlaceCode
        """
        plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
        found = _DIGITS.fullmatch(plain) if plain.isascii() else None
        if found is None:
            raise BadPlaceCode(
                N_("“%(value)s” is no place-name code."),
                hint=N_("It has 20 digits: county (6), township (3), class (5) and serial (6)."),
                value=text[:60],
            )
        return cls(*found.groups())

    @classmethod
    def compose(cls, division: str, township: str, class_code: str, serial: int) -> PlaceCode:
        """A code of its parts; raises `BadPlaceCode` where they make none."""
        if not 1 <= serial <= LAST_SERIAL:
            raise BadPlaceCode(
                N_("“%(value)s” is no place-name code."), hint=N_("A serial lies from 1 to 999999."), value=serial
            )
        return cls.parse(f"{division}-{township}-{class_code}-{serial:06d}")

    def __str__(self) -> str:
        return f"{self.prefix}{self.serial}"

    @property
    def prefix(self) -> str:
        """The first 14 digits: within these the serial counts."""
        return f"{self.division}{self.township}{self.class_code}"

    @property
    def dashed(self) -> str:
        """As it is written for people."""
        return f"{self.division}-{self.township}-{self.class_code}-{self.serial}"

    @property
    def township_kind(self) -> TownshipKind:
        """What the township part says: 001–099 a street, 100–199 a town, 200–399 a township, 400–599 another."""
        return township_kind(self.township)


def township_kind(digits: str) -> TownshipKind:
    """What three digits of a township say it is; ``none`` for 000."""
    number = int(digits)
    return next((kind for low, high, kind in _KINDS if low <= number <= high), "unknown")


def prefix_of(county_code: str | None, town_code: str | None, class_code: str | None) -> str | None:
    """The first 14 digits of the code of a place in a division and a class, None where these do not say them.

    Parameters
    ----------
    town_code
        Nine digits; None for a place that belongs to a whole county. The county's six digits come from ``county_code``:
        towns of a zone have codes that begin with the zone's.
    """
    if not county_code or not class_code:
        return None
    township = NO_TOWNSHIP if not town_code else town_code[6:9]
    prefix = f"{county_code}{township}{class_code}"
    return prefix if _PREFIX.fullmatch(prefix) else None


@dataclass(frozen=True)
class Disagreement:
    """A part of a code that says something else than the record: both, as they are."""

    part: Part
    coded: str
    recorded: str


def disagreements(
    code: PlaceCode,
    *,
    county_code: str | None = None,
    town_code: str | None = None,
    town_name: str = "",
    class_code: str | None = None,
    county_there: str | None = None,
) -> Iterator[Disagreement]:
    """What a code says otherwise than its record, of division and township the first; what is not given is left out.

    Parameters
    ----------
    town_name
        Its ending says whether the township is a street, a town or a township.
    county_there
        Code of the county in which the place lies on the map.
    """
    # the code of a zone's town begins with the zone's own six digits
    counties = {county_code, town_code[:6] if town_code else county_code} - {None}
    named = next((kind for kind, ends in _ENDINGS.items() if town_name.endswith(ends)), None)
    if counties and code.division not in counties:
        yield Disagreement("division", code.division, county_code or "")
    elif town_code and code.township != town_code[6:9]:
        yield Disagreement("township", code.township, town_code[6:9])
    elif named and code.township_kind not in (named, "other"):
        yield Disagreement("township_kind", code.township, town_name)
    if class_code and code.class_code != class_code:
        yield Disagreement("class", code.class_code, class_code)
    whole_city = code.division.endswith("00")
    if county_there and county_code is None and not whole_city and code.division != county_there:
        yield Disagreement("position", code.division, county_there)


def next_serial(connection: Connection, prefix: str) -> int:
    """The serial that a new place gets within the first 14 digits of its code: one more than the highest there.

    Within `Register.writing` no two places get the same: both homes let one writer in at a time. What it gives while
    reading is a proposal.

    Raises
    ------
    BadPlaceCode
        Where ``prefix`` is not 14 digits.
    NoSerialLeft
    """
    if not _PREFIX.fullmatch(prefix):
        raise BadPlaceCode(N_("“%(value)s” is no place-name code."), value=prefix[:60])
    codes = TABLES["place"].columns.place_code
    statement = select(func.max(codes)).where(
        codes.between(f"{prefix}000000", f"{prefix}999999"), func.length(codes) == 20
    )
    highest = connection.scalar(statement)
    serial = int(highest[14:]) + 1 if highest else 1
    if serial > LAST_SERIAL:
        raise NoSerialLeft(
            N_("There is no serial left for places with the code %(prefix)s."),
            hint=N_("Type a code that is free."),
            prefix=prefix,
        )
    return serial


def holder_of(connection: Connection, code: str, *, but: str = "") -> str | None:
    """The uuid of the place that has a code, None where none has; ``but`` is a place that does not count."""
    place = TABLES["place"].columns
    found: str | None = connection.scalar(
        select(place.uuid).where(place.place_code == code, place.uuid != but).order_by(place.fid).limit(1)
    )
    return found
