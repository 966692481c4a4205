"""What a reader of one format is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading.faults import FileTooLarge, LayerUnknown, ManyLayers, NoRows
from layers.ingest.reading.limits import Limits
from layers.ingest.reading.table import Peeked, Table


@dataclass(frozen=True)
class Source:
    """A file to be read.

    Parameters
    ----------
    path, name
        Where it is, and what the person calls it.
    work
        An empty folder for what has to be unpacked or linked.
    encoding
        Of the texts, as asked for; None: found out.
    """

    path: Path
    name: str
    work: Path
    limits: Limits
    encoding: str | None = None

    def at(self, path: Path) -> Source:
        """The same for another file, unpacked from this one."""
        return replace(self, path=path)

    def require_size(self, rows: int, columns: int) -> None:
        """Refuse a table that has more than the limits."""
        for count, most, template in (
            (rows, self.limits.rows, N_("%(file)s has %(count)d rows; at most %(most)d can be read at once.")),
            (columns, self.limits.columns, N_("%(file)s has %(count)d columns; at most %(most)d can be read.")),
        ):
            if count > most:
                raise FileTooLarge(
                    template, hint=N_("Divide it into several files."), file=self.name, count=count, most=most
                )


@dataclass(frozen=True)
class Opened:
    """A file whose format is known.

    Parameters
    ----------
    peek, read
        Say what it has, and read the layer of that name (None: the one that is meant).
    findings
        What was found on opening it.
    """

    peek: Callable[[], list[Peeked]]
    read: Callable[[str | None], Table]
    findings: list[Finding] = field(default_factory=list)


def choose(source: Source, wanted: str | None, found: Sequence[Peeked], *, all_names: Sequence[str] = ()) -> Peeked:
    """The layer that is meant: the one asked for, else the only one that has rows.

    Where layers with geometry have rows, tables without do not count: they explain the others.

    Raises
    ------
    LayerUnknown, ManyLayers, NoRows
    """
    names = list(all_names) or [one.name for one in found]
    if wanted is not None:
        for one in found:
            if one.name == wanted:
                return one
        raise LayerUnknown(
            N_("%(file)s has no layer or sheet “%(layer)s”."),
            hint=N_("It has: %(layers)s."),
            file=source.name,
            layer=wanted,
            layers=listed(names),
        )
    filled = [one for one in found if one.rows]
    with_geometry = [one for one in filled if one.geometry]
    fitting = with_geometry or filled
    if len(fitting) > 1:
        raise ManyLayers(
            N_("%(file)s has several layers or sheets with rows: %(layers)s."),
            hint=N_("Say which one is meant."),
            file=source.name,
            layers=listed([one.name for one in fitting]),
        )
    if not fitting:
        raise NoRows(
            N_("%(file)s has no rows."), hint=N_("Check that it is the right file and was saved."), file=source.name
        )
    return fitting[0]


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names one after the other, not more than a person reads."""
    shown = [name[:60] for name in names[:most]]
    return ", ".join([*shown, "…"] if len(names) > most else shown)
