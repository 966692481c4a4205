"""Stakes of the register, stakes as somebody found them, and what comes of comparing both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from gis.errors import N_, Invalid

State = Literal["found", "off", "uncertain", "no-position", "not-seen", "unknown", "twice"]
How = Literal["", "number", "code", "number-without-letter", "position"]

STATES: Final[Mapping[State, str]] = MappingProxyType(
    {
        "found": N_("in its place"), "off": N_("off its place"), "uncertain": N_("not certain"),
        "no-position": N_("seen, not measured"), "not-seen": N_("not recorded"),
        "unknown": N_("not in the register"), "twice": N_("recorded again"),
    }
)  # fmt: skip
"""What came of comparing a stake."""

CONDITIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"intact": N_("intact"), "damaged": N_("damaged"), "displaced": N_("displaced"), "missing": N_("missing")}
)
"""What can be said of a stake on an inspection."""

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "完好": "intact", "完整": "intact", "正常": "intact", "良好": "intact", "损坏": "damaged", "破损": "damaged",
        "损毁": "damaged", "毁损": "damaged", "移位": "displaced", "位移": "displaced", "丢失": "missing",
        "缺失": "missing", "灭失": "missing", "未找到": "missing",
    }
)  # fmt: skip


@dataclass(frozen=True)
class RegisteredStake:
    """A stake of the register; longitude and latitude in degrees, height in metres or None."""

    uuid: str
    number: str
    code: str
    lon: float
    lat: float
    height_m: float | None = None
    chainage_m: float | None = None


@dataclass(frozen=True)
class ObservedStake:
    """A stake as somebody found it.

    Parameters
    ----------
    number
        As written, engraved number or code; may be empty.
    lon, lat
        Degrees, EPSG:4490; None where nothing was measured (a stake that is gone).
    height_m, accuracy_m
        None where unknown.
    condition
        Key of `CONDITIONS`, or what was written.
    where
        What findings name: file and row, or record.
    """

    number: str
    lon: float | None
    lat: float | None
    height_m: float | None = None
    accuracy_m: float | None = None
    condition: str = ""
    where: str = ""
    remark: str = ""


@dataclass(frozen=True)
class StakeRules:
    """By what stakes are judged, in metres.

    Parameters
    ----------
    tolerance_m
        Farther off its registered place a stake is told as off.
    search_m
        Within this distance a stake without a usable number is looked for.
    """

    tolerance_m: float = 1.0
    search_m: float = 100.0

    def __post_init__(self) -> None:
        if not (0 < self.tolerance_m <= self.search_m < float("inf")):
            raise Invalid(
                N_("A tolerance of %(tolerance)s m and a search within %(search)s m do not go together."),
                hint=N_("Both are positive, and the search reaches farther than the tolerance."),
                tolerance=self.tolerance_m,
                search=self.search_m,
            )


@dataclass(frozen=True)
class Candidate:
    """A registered stake near an observed one."""

    number: str
    uuid: str
    distance_m: float


@dataclass(frozen=True)
class StakeResult:
    """One registered stake and what was found of it, or one observed stake that belongs to none.

    Parameters
    ----------
    number, code, uuid, chainage_m, registered_lon, registered_lat
        Of the register; empty and None where it is unknown there.
    state
        ``found`` within the tolerance, ``off``, ``uncertain`` (off by no more than the receiver's own error),
        ``no-position`` (seen, not measured), ``not-seen``, ``unknown`` to the register, ``twice`` (the same stake
        once more).
    how
        By what it was recognised.
    observed, where, lon, lat, accuracy_m, remark
        As found.
    east_m, north_m, up_m, distance_m, direction
        From the registered place to the found one; geodesic; ``direction`` one of the sixteen sectors, empty below a
        centimetre. None where one of both is not known.
    condition
        Key of `CONDITIONS`, else as written.
    candidates
        Registered stakes near it, nearest first, where it was recognised by its position or not at all.
    """

    number: str
    code: str
    uuid: str
    state: State
    how: How = ""
    chainage_m: float | None = None
    observed: str = ""
    where: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    east_m: float | None = None
    north_m: float | None = None
    up_m: float | None = None
    distance_m: float | None = None
    direction: str = ""
    condition: str = ""
    remark: str = ""
    candidates: tuple[Candidate, ...] = ()
    registered_lon: float | None = None
    registered_lat: float | None = None

    @property
    def place(self) -> tuple[float, float] | None:
        """Where it was found, else where the register has it."""
        for lon, lat in ((self.lon, self.lat), (self.registered_lon, self.registered_lat)):
            if lon is not None and lat is not None:
                return lon, lat
        return None


def not_seen(stake: RegisteredStake) -> StakeResult:
    """What there is of a stake that nobody recorded."""
    return StakeResult(
        stake.number, stake.code, stake.uuid, "not-seen",
        chainage_m=stake.chainage_m, registered_lon=stake.lon, registered_lat=stake.lat,
    )  # fmt: skip


def condition_key(text: str) -> str:
    """The key of a condition in Chinese or English; what is not known comes back as it is."""
    word = text.strip()
    return _WORDS.get(word, word.lower() if word.lower() in CONDITIONS else word)
