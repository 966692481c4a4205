"""The kinds of procedures, and what each of them does.

Source: the actions of a live office (预命名, 命名, 更名, 换补, 销名, 证明); 地名管理条例 (State Council order 753).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from gis.errors import N_, NotFound


class UnknownKind(NotFound):
    """No procedure has this key."""

    code: ClassVar[str] = "unknown-procedure"


@dataclass(frozen=True)
class Kind:
    """One kind of procedure.

    Parameters
    ----------
    of_place
        It is about a name that the register has; otherwise it proposes a new one.
    names
        It proposes a name, which is checked by the rules.
    writes
        Its approval changes the register.
    filed
        Its decision is filed (备案) and announced (公告).
    certified
        Its approval issues a numbered certificate.
    """

    key: str
    title_zh: str
    title_en: str
    says: str
    of_place: bool
    names: bool
    writes: bool
    filed: bool
    certified: bool

    def title(self, language: str) -> str:
        """What it is called."""
        return self.title_zh if language == "zh" else self.title_en


_ALL: Final = (
    Kind(
        "prename", "预命名", "Reserving a name", N_("Reserves a name for something that is being built."),
        of_place=False, names=True, writes=False, filed=False, certified=False,
    ),
    Kind(
        "name", "命名", "Naming", N_("Gives a name to what has none; its approval enters it in the register."),
        of_place=False, names=True, writes=True, filed=True, certified=False,
    ),
    Kind(
        "rename", "更名", "Renaming", N_("Another standard name; the old one is kept as a former name."),
        of_place=True, names=True, writes=True, filed=True, certified=False,
    ),
    Kind(
        "replace", "换补", "Replacing a certificate",
        N_("A certificate that was lost or is out of date is issued anew."),
        of_place=True, names=False, writes=False, filed=False, certified=True,
    ),
    Kind(
        "close", "销名", "Closing a name",
        N_("A name that is no longer used is closed; it stays as a historical name."),
        of_place=True, names=False, writes=True, filed=True, certified=False,
    ),
    Kind(
        "certify", "证明", "Certificate", N_("States what the standard name of a place is, and what it was before."),
        of_place=True, names=False, writes=False, filed=False, certified=True,
    ),
)  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.key: kind for kind in _ALL})

RURAL: Final = "rural"
"""The channel of the rural pilot: the villagers' opinion is asked before a name is proposed."""
CHANNELS: Final = ("", RURAL)


def kind_named(key: str) -> Kind:
    """The kind of that key.

    Raises
    ------
    UnknownKind
    """
    try:
        return KINDS[key]
    except KeyError:
        raise UnknownKind(
            N_("There is no procedure called “%(kind)s”."), hint=N_("Choose one of: %(known)s."),
            kind=key[:40], known=", ".join(KINDS),
        ) from None  # fmt: skip
