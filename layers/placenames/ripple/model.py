"""What depends on a name, as values: single rows, groups of them, all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from layers.history.log import State
from layers.history.states import Titles


@dataclass(frozen=True)
class Carried:
    """One row that would follow.

    Parameters
    ----------
    label
        What it is called now.
    values
        Column to what would stand there.
    before
        Column to what stands there now, of the columns that change.
    """

    table: str
    uuid: str
    label: str
    before: Mapping[str, Any]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """Rows of one sort.

    Parameters
    ----------
    selectable
        Somebody may have it carried along; codes follow divisions and not names, they are only counted.
    allowed
        The editor's roles include it.
    suggested
        Chosen unless somebody says otherwise. A story tells of its time: it is left as it is.
    withheld
        How many more there are that the editor's account does not reach.
    count
        Of a group that is only counted.
    """

    key: str
    items: tuple[Carried, ...] = ()
    selectable: bool = True
    allowed: bool = True
    suggested: bool = True
    withheld: int = 0
    count: int = 0

    @property
    def title(self) -> Titles:
        """What it is called."""
        return TITLES[self.key]

    @property
    def size(self) -> int:
        """How many rows it has."""
        return self.count or len(self.items)


TITLES: Final[Mapping[str, Titles]] = MappingProxyType(
    {
        "namesake": ("同名的政区与地名条目", "The division and the place name of the same entity"),
        "divisions": ("下辖政区名称", "Names of divisions within"),
        "committees": ("村（居）委会名称", "Names of committees"),
        "places": ("含原专名的其他地名", "Other names that contain it"),
        "other-names": ("别名、简称", "Aliases and short names"),
        "facilities": ("设施名称", "Names of facilities"),
        "addresses": ("设施地址", "Addresses of facilities"),
        "stakes": ("界桩所在地", "Locations of stakes"),
        "lines": ("界线名称、起止点与走向说明", "Names, ends and courses of boundary lines"),
        "signs": ("地名标志", "Signs"),
        "articles": ("地名故事", "Stories"),
        "spans": ("跨行政区说明", "Divisions that a feature spans"),
        "codes": ("地名代码（随政区，不随名称）", "Place-name codes (they follow divisions, not names)"),
    }
)
"""Every group by its key, in the order in which they are shown."""


@dataclass(frozen=True)
class Target:
    """What is renamed.

    Parameters
    ----------
    level, code
        Of the division that it is, or that a place lies in: rows within are looked at.
    is_division
        Whether it is a division itself, and texts that name the division are looked at.
    word, new_word
        What is looked for in names, and what comes in its place: the specific part, or of one character the whole.
    qualified
        The name with that of the next higher division, as texts beyond the region write it.
    """

    layer: str
    uuid: str
    state: State
    name: str
    new_name: str
    level: str
    code: str
    county: str
    is_division: bool
    word: str
    new_word: str
    qualified: str


@dataclass(frozen=True)
class Ripple:
    """All that hangs on a name."""

    target: Target
    version: int
    groups: tuple[Group, ...] = field(default=())

    @property
    def size(self) -> int:
        """How many rows would follow if everything were carried along."""
        return sum(group.size for group in self.groups if group.selectable)

    def group(self, key: str) -> Group:
        """One of the groups; KeyError where there is none."""
        for one in self.groups:
            if one.key == key:
                return one
        raise KeyError(key)
