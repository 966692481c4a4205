"""Files out: features and answers, each with a manifest that says what they are."""

from layers.export.about import (
    CRS_TITLES,
    ENDINGS,
    About,
    ExportResult,
    Format,
    UnknownFormat,
    UnofferedCrs,
    file_name,
)
from layers.export.coverage import (
    coverage_shapefile,
    coverage_workbook,
    open_coverage_shapefile,
    open_coverage_workbook,
)
from layers.export.features import export_layer, open_export
from layers.export.package import CannotWrite

__all__ = [
    "CRS_TITLES",
    "ENDINGS",
    "About",
    "CannotWrite",
    "ExportResult",
    "Format",
    "UnknownFormat",
    "UnofferedCrs",
    "coverage_shapefile",
    "coverage_workbook",
    "export_layer",
    "file_name",
    "open_coverage_shapefile",
    "open_coverage_workbook",
    "open_export",
]
