"""In which system coordinates are: as said, as declared, or as their numbers and the counties tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.crs import FAMILY, STORAGE, unproject
from gis.errors import N_
from gis.findings import Finding
from layers.ingest.coordinates.counties import Counties
from layers.ingest.coordinates.given import Floats, Given, note
from layers.ingest.model import CRS_OFFERED, Noted

_FIRST_ZONE, _LAST_ZONE = 25, 45
_PREFIXED, _PLAIN = 4513, 4534
"""EPSG codes of zone 25; the others follow."""
_PLAIN_RANGE_M: Final = (100_000.0, 900_000.0)
_NORTHINGS_M: Final = (1_000_000.0, 6_000_000.0)
"""Northings of China from 9°N on; no easting, plain or prefixed, is among them."""
_MOST: Final = 0.8
_FEW: Final = 0.2
_DATUMS: Final = ("World Geodetic System 1984", "WGS 84", "China 2000", "CGCS2000")


@dataclass
class Settled:
    """The system of coordinates.

    Parameters
    ----------
    epsg
        Of each row, 0 where it cannot be told.
    assumed
        What was taken for granted.
    errors
        What contradicts, about the file as a whole.
    """

    epsg: NDArray[np.int64]
    assumed: list[Finding] = field(default_factory=list)
    errors: list[Noted] = field(default_factory=list)

    @property
    def main(self) -> int | None:
        """The system of most rows."""
        known = self.epsg[self.epsg > 0]
        return int(np.bincount(known).argmax()) if len(known) else None


def settle(
    given: Given, declared: int | None, counties: Counties, where: str, *, accept: Sequence[str] = ()
) -> Settled:
    """The system that coordinates are in.

    Parameters
    ----------
    declared
        What the person says, else what the file declares.
    accept
        Rules that are not looked at.
    """
    one = Settled(np.zeros(len(given.x), dtype=np.int64))
    plane = given.is_plane
    if declared is not None:
        _take(one, given, declared, plane=plane, prefixes_matter="wrong-zone" not in accept)
    elif plane:
        _tell_zone(one, given, counties, where)
    else:
        one.epsg[:] = STORAGE
        if not given.columns:
            template = N_("No coordinate system is declared; the coordinates were taken as %(epsg)s.")
            one.assumed.append(Finding("crs-assumed", "info", where, template, {"epsg": _label(STORAGE)}))
    return one


def _take(one: Settled, given: Given, declared: int, *, plane: bool, prefixes_matter: bool) -> None:
    """The declared system, if the numbers can be in it."""
    if not _is_usable(declared):
        template = N_("The coordinate system EPSG:%(epsg)d cannot be transformed here.")
        advice = N_(
            "Ask for the file in CGCS2000 (EPSG:4490, or a 3° zone); old datums need the survey office's tools."
        )
        one.errors.append(note(None, "unknown-crs", "error", template, advice=advice, epsg=declared))
        return
    if given.there.any() and plane != _is_projected(declared):
        if plane:
            template = N_("The file says EPSG:%(epsg)d, longitude and latitude, but its numbers are metres.")
        else:
            template = N_("The file says EPSG:%(epsg)d, metres on a plane, but its numbers are degrees.")
        one.errors.append(note(None, "unknown-crs", "error", template, advice=_CHOOSE, epsg=declared))
        return
    one.epsg[:] = declared
    if prefixes_matter and (wrong := _other_prefix(given, declared)) is not None:
        one.epsg[:] = wrong
        one.errors.append(
            note(
                None,
                "wrong-zone",
                "error",
                N_("The file says %(said)s, but its eastings are those of %(found)s."),
                advice=_CHOOSE,
                said=_label(declared),
                found=_label(wrong),
                suggested=wrong,
            )
        )


_CHOOSE: Final = N_("Choose the coordinate system of the file, and read it again.")


def _other_prefix(given: Given, declared: int) -> int | None:
    """The system that most eastings are in by their prefix, where it is another than the declared one."""
    system = FAMILY.get(declared)
    if system is None or system.central_meridian is None or not given.there.any():
        return None
    zones = prefixes(given.x[given.there])
    zone = int(np.bincount(np.maximum(zones, 0)).argmax())
    if zone == (system.prefix or 0) or np.count_nonzero(zones == zone) < _MOST * len(zones):
        return None
    return _PREFIXED + zone - _FIRST_ZONE if zone else _PLAIN + system.central_meridian // 3 - _FIRST_ZONE


def prefixes(eastings: Floats) -> NDArray[np.int64]:
    """The zone number before each easting, 0 where it has none, -1 where it is no easting."""
    zones = np.floor(eastings / 1e6).astype(np.int64)
    rest = eastings - zones * 1e6
    sound = (rest >= _PLAIN_RANGE_M[0]) & (rest <= _PLAIN_RANGE_M[1])
    sound &= (zones == 0) | ((zones >= _FIRST_ZONE) & (zones <= _LAST_ZONE))
    return np.where(sound, zones, -1)


def axes_look_exchanged(given: Given) -> bool:
    """Whether most rows have the latitude before the longitude, or the north before the east."""
    there = given.there
    x, y = given.x[there], given.y[there]
    if not len(x):
        return False
    if given.is_plane:
        north_first = (x >= _NORTHINGS_M[0]) & (x <= _NORTHINGS_M[1]) & (prefixes(y) >= 0)
        return float(north_first.mean()) >= _MOST
    return float(((x >= 3) & (x <= 54) & (y >= 73) & (y <= 136)).mean()) >= _MOST


def _tell_zone(one: Settled, given: Given, counties: Counties, where: str) -> None:
    """The zone of plane coordinates that declare none: by their prefix, else by where the points fall."""
    there = np.flatnonzero(given.there)
    zones = prefixes(given.x[there])
    if (zones > 0).any() and not (zones == 0).any():
        known = there[zones > 0]
        one.epsg[known] = _PREFIXED + zones[zones > 0] - _FIRST_ZONE
        systems = ", ".join(_label(epsg) for epsg in np.unique(one.epsg[known]).tolist())
        template = N_("The zone was taken from the eastings' first two digits: %(systems)s.")
        one.assumed.append(Finding("zone-from-prefix", "info", where, template, {"systems": systems}))
        return
    if (zones > 0).any():
        template = N_("Some eastings carry a zone number and some do not: their zone cannot be told.")
        advice = N_("Write all of them with the zone number, or all without.")
        one.errors.append(note(None, "ambiguous-coordinates", "error", template, advice=advice))
        return
    if not (zones == 0).any():
        template = N_("The coordinates are neither degrees nor metres of a 3° zone.")
        one.errors.append(note(None, "unknown-crs", "error", template, advice=_CHOOSE))
        return
    _by_counties(one, given, there[zones == 0], counties, where)


def _by_counties(one: Settled, given: Given, rows: NDArray[np.intp], counties: Counties, where: str) -> None:
    offered = [epsg for epsg in CRS_OFFERED if (system := FAMILY.get(epsg)) and system.central_meridian]
    offered = [epsg for epsg in offered if FAMILY[epsg].prefix is None]
    fitting = []
    if counties.known:
        for epsg in offered:
            lon, lat = unproject(given.x[rows], given.y[rows], epsg)
            if counties.within(lon, lat) >= 0.5:
                fitting.append(epsg)
    if len(fitting) != 1:
        template = N_("Eastings without a zone number: they can be of %(systems)s, and the counties do not decide.")
        systems = ", ".join(_label(epsg) for epsg in fitting or offered)
        one.errors.append(note(None, "ambiguous-coordinates", "error", template, advice=_CHOOSE, systems=systems))
        return
    one.epsg[:] = fitting[0]
    template = N_("Eastings without a zone number: taken as %(system)s, since only so the points fall into the city.")
    one.assumed.append(Finding("zone-from-counties", "info", where, template, {"system": _label(fitting[0])}))


def other_zone(given: Given, settled: Settled, counties: Counties, lon: Floats, lat: Floats) -> Noted | None:
    """An error where the points lie beside the city, and would lie in it one or two zones further.

    Says which system would fit, where it is a matter of the system.
    """
    there = given.there & (settled.epsg > 0)
    if not counties.known or not there.any() or counties.near(lon[there], lat[there]) >= _FEW:
        return None
    main = settled.main or STORAGE
    system = FAMILY.get(main)
    for step in (-3, 3, -6, 6):
        if system is not None and system.central_meridian is not None:
            neighbour = _neighbour(main, step)
            x = given.x[there] + (step // 3) * 1e6 * (system.prefix is not None)
            found = unproject(x, given.y[there], neighbour) if neighbour else None
        else:
            neighbour, found = None, (lon[there] + step, lat[there])
        if found is None or counties.near(*found) < _MOST:
            continue
        away = abs(float(np.median(lon[there]) - np.median(found[0])))
        if neighbour:
            template = N_("The points lie %(degrees).1f° beside the city; in %(system)s they would lie in it.")
            return note(
                None,
                "wrong-zone",
                "error",
                template,
                advice=_CHOOSE,
                degrees=away,
                system=_label(neighbour),
                suggested=neighbour,
            )
        template = N_("The points lie %(degrees).1f° beside the city: they were converted in the wrong zone.")
        advice = N_("Ask for the plane coordinates that they were made from.")
        return note(None, "wrong-zone", "error", template, advice=advice, degrees=away)
    return note(
        None,
        "far-away",
        "warning",
        N_("Most points lie far from the city."),
        advice=N_("Check the coordinate system and whether it is the right file."),
    )


def _neighbour(epsg: int, step: int) -> int | None:
    other = epsg + step // 3
    one, two = FAMILY.get(epsg), FAMILY.get(other)
    if one is None or two is None or one.central_meridian is None or two.central_meridian is None:
        return None
    return other if two.central_meridian == one.central_meridian + step else None


@lru_cache(maxsize=64)
def _is_usable(epsg: int) -> bool:
    """Whether the system is of a datum that equals CGCS2000 here: nothing else is transformed, for want of parameters
    that may be published."""
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        return False
    base = crs.geodetic_crs
    return base is not None and any(name in f"{base.name} {base.datum}" for name in _DATUMS)


@lru_cache(maxsize=64)
def _is_projected(epsg: int) -> bool:
    return bool(CRS.from_epsg(epsg).is_projected)


def _label(epsg: int) -> str:
    system = FAMILY.get(epsg)
    if system is None or system.central_meridian is None:
        return f"EPSG:{epsg}"
    return f"EPSG:{epsg} ({system.central_meridian}°E{f', {system.prefix}' if system.prefix else ''})"
