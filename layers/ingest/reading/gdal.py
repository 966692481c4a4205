"""GDAL in the reading process: only the drivers of the formats read here, nothing from elsewhere."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading.faults import ReadingFailed

DRIVERS: Final = {
    "gpkg": "GPKG",
    "gdb": "OpenFileGDB",
    "kml": "LIBKML",
    "shp": "ESRI Shapefile",
}
"""Format to the one driver that may open it."""

_OPTIONS: Final = {
    "GDAL_CACHEMAX": "32",
    "SHAPE_RESTORE_SHX": "YES",
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "SQLITE_USE_OGR_VFS": None,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing",
    "CPL_DEBUG": "OFF",
    "LIBKML_RESOLVE_STYLE": "NO",
}


def start(format: str) -> Any:  # noqa: A002 - the word of the rest
    """Pyogrio, with the one driver of a format left in GDAL.

    Raises
    ------
    ReadingFailed
        If other drivers cannot be taken out, or the one is not there.
    """
    # Imported here: it loads GDAL. Pyogrio does without pandas when it cannot have it.
    import pyogrio
    import pyogrio.raw
    from pyogrio._ogr import _register_drivers

    wanted = DRIVERS[format]
    pyogrio.set_gdal_config_options({"GDAL_SKIP": None})
    _register_drivers()
    others = [name for name in pyogrio.list_drivers() if name != wanted]
    pyogrio.set_gdal_config_options({**_OPTIONS, "GDAL_SKIP": ",".join([*others, ""])})
    _register_drivers()  # registers again, and now skips
    left = set(pyogrio.list_drivers())
    if left != {wanted}:
        raise ReadingFailed(
            N_("Files of this kind cannot be read here: GDAL's driver %(driver)s is not the only one left."),
            driver=wanted,
        )
    assert "pandas" not in sys.modules or sys.modules["pandas"] is None
    return pyogrio


@contextmanager
def told(where: str, findings: list[Finding]) -> Iterator[None]:
    """Turn pyogrio's warnings about what a reading leaves out into findings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    findings += [one for text in {str(one.message) for one in caught} if (one := _finding(text, where)) is not None]


def _finding(text: str, where: str) -> Finding | None:
    if "Measured (M)" in text:
        return Finding("measures-dropped", "info", where, N_("M values of the geometries were left out."))
    if text.startswith("Skipping field"):
        field = text.removeprefix("Skipping field").partition(":")[0].strip()
        template = N_("The column %(field)s is of a type that cannot be read, and was left out.")
        return Finding("column-skipped", "warning", where, template, {"field": field})
    return None


def crs_of(declared: str | None) -> dict[str, Any]:
    """What is known of a declared system: its EPSG number, or its name and, of a Gauss-Krüger system, its shape."""
    if not declared:
        return {}
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            crs = CRS.from_user_input(declared)
            epsg = crs.to_epsg()
    except CRSError:
        return {"name": declared[:80]}
    if epsg:
        return {"epsg": epsg, "name": crs.name}
    return {"name": crs.name, **_plane(crs)}


def _plane(crs: Any) -> dict[str, Any]:
    """Central meridian and false easting, where the system is Gauss-Krüger on the ellipsoid of CGCS2000."""
    operation = crs.coordinate_operation
    ellipsoid = crs.ellipsoid
    if not crs.is_projected or operation is None or operation.method_name != "Transverse Mercator" or ellipsoid is None:
        return {}
    values = {one.name: one.value for one in operation.params}
    cgcs = abs(ellipsoid.inverse_flattening - 298.257222101) < 1e-6 and ellipsoid.semi_major_metre == 6378137
    named = "2000" in crs.name or "2000" in str(crs.datum and crs.datum.name)
    whole = (
        values.get("Latitude of natural origin") == 0
        and values.get("Scale factor at natural origin") == 1
        and values.get("False northing") == 0
    )
    if not (cgcs and named and whole):
        return {}
    return {
        "meridian": values.get("Longitude of natural origin", 0.0),
        "false_easting": values.get("False easting", 0.0),
    }
