"""What files from the field may be called, and where they arrive."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Final

from gis.errors import N_
from surveys.uploads.arrival import Arrivals
from web.imports.receiving import BadUpload
from web.service import service

ENDINGS: Final = (
    "gpx", "kml", "kmz", "ovkml", "ovkmz", "geojson", "json", "zip", "gpkg", "dxf", "dat", "csv", "txt", "rtk", "xlsx",
    "xls", "ods", "jpg", "jpeg", "heic", "heif",
)  # fmt: skip
_LONGEST: Final = 150


def arrivals() -> Arrivals:
    """Where files arrive."""
    found = service()
    return Arrivals(found.office, found.settings.files_folder, most=found.settings.upload_mb * 1_000_000)


def field_name(given: str) -> str:
    """The name without folders and without what cannot be seen.

    Raises
    ------
    BadUpload
        Where its ending is none of ours.
    """
    name = PurePosixPath(given.replace("\\", "/")).name
    name = "".join(sign for sign in unicodedata.normalize("NFC", name) if sign.isprintable()).strip()
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in ("shp", "dbf", "shx", "prj", "cpg"):
        raise BadUpload(
            N_("“%(name)s” is one part of a shapefile."),
            hint=N_("Put .shp, .shx, .dbf, .prj and .cpg into one .zip and send that."),
            name=name[:_LONGEST],
        )
    if ending in ("rar", "7z", "gz", "tar"):
        raise BadUpload(
            N_("“%(name)s” is packed in a way that is not read here."),
            hint=N_("Pack the files as .zip."),
            name=name[:_LONGEST],
        )
    if ending not in ENDINGS:
        raise BadUpload(
            N_("“%(name)s” is no kind of file that comes from the field."),
            hint=N_(
                "Send GPX, KML or KMZ, GeoJSON, a zipped shapefile or file geodatabase, GeoPackage, DXF, CASS .dat, "
                "CSV, XLSX, JPEG or HEIC."
            ),
            name=name[:_LONGEST] or "-",
        )
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - len(ending) - 2]}….{ending}"
