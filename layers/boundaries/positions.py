"""A position as the registration form writes it: degrees, minutes, seconds, and the plane of the fitting 3° zone."""

from __future__ import annotations

from dataclasses import dataclass

from gis.crs import FAMILY, fitting_zone, project


@dataclass(frozen=True)
class Plane:
    """Gauss–Krüger coordinates in metres, the easting with its zone's number before it (横坐标 40419585.333).

    Parameters
    ----------
    epsg
        Of the zone with prefix.
    zone
        Its number: 39 for the meridian 117°, 40 for 120°.
    """

    epsg: int
    zone: int
    east_m: float
    north_m: float


def plane(lon: float, lat: float) -> Plane:
    """The position in its fitting 3° zone.

    Examples
    --------
    >>> found = plane(119.10, 36.71)
    >>> found.epsg, found.zone, round(found.east_m, 3), round(found.north_m, 3)
    (4528, 40, 40419585.333, 4064705.797)
    """
    meridian = FAMILY[fitting_zone(float(lon))].central_meridian
    epsg, zone = next(
        (system.epsg, system.prefix)
        for system in FAMILY.values()
        if system.central_meridian == meridian and system.prefix
    )
    east, north = project(lon, lat, epsg)
    return Plane(epsg, zone, float(east), float(north))


def dms(degrees: float, *, places: int = 2) -> str:
    """Degrees, minutes and seconds: 119°06′00.00″; a hundredth of a second is 0.3 m.

    Examples
    --------
    >>> dms(119.1), dms(36.999999999)
    ('119°06′00.00″', '37°00′00.00″')
    """
    unit = 10**places
    whole = round(abs(degrees) * 3600 * unit)
    minutes, rest = divmod(whole, 60 * unit)
    sign = "-" if degrees < 0 and whole else ""
    return f"{sign}{minutes // 60}°{minutes % 60:02d}′{rest // unit:02d}.{rest % unit:0{places}d}″"
