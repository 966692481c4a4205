"""Export the features of a layer."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import geopandas as gpd

from gis.crs import STORAGE, require_same_crs
from gis.vectorfile import (
    Kind,
    Written,
    add_tables,
    require_encoding,
    require_geographic,
    write_geojson,
    write_geopackage,
    write_shapefile,
)
from layers.catalogue import Layer
from layers.export.about import About, ExportResult, Format, Progress, file_name, require_crs, require_format
from layers.export.bundle import bundle
from layers.export.dictionary import Entry, as_table, entries
from layers.export.manifest import as_rows, manifest, statements, synthetic_rows
from layers.export.package import deliver, nameless, workshop


def export_layer(
    frame: gpd.GeoDataFrame,
    layer: Layer,
    *,
    format: str,  # noqa: A002 - the word of the address and of the command line
    crs: int = STORAGE,
    encoding: str = "utf-8",
    target: Path,
    about: About,
    progress: Progress | None = None,
) -> ExportResult:
    """Write features to a file, with all that is known about them inside.

    Parameters
    ----------
    frame
        Features in EPSG:4490, columns as the catalogue has them (others are written too, under their own names).
    format
        ``shp``: one zip with shapefile, field dictionary, manifest and readme. ``gpkg``: the layer and the tables
        ``manifest`` and ``fields``. ``geojson``: a feature collection with the members ``manifest`` and ``fields``.
    crs
        One of `CRS_TITLES`; GeoJSON in 4490 or 4326 only.
    encoding
        Of a shapefile's texts, ``utf-8`` or ``gb18030``; the other formats are UTF-8 always.
    target
        The file; replaced in one step when all is written, else left as it was.
    progress
        Called with the part done, 0 to 1, and what is being done.

    Raises
    ------
    UnknownFormat, UnofferedCrs, UnknownEncoding, ProjectedGeoJSON, CrsMismatch
        Before anything is written.
    TableTooLarge, CannotWrite
    """
    wanted = require_format(format)
    epsg = require_crs(crs)
    encoding = require_encoding(encoding)
    if wanted == "geojson":
        require_geographic(epsg)
    require_same_crs(STORAGE, frame)
    return _Export(frame, layer, epsg, encoding, about, progress or _silent).to(target, wanted)


def open_export(
    frame: gpd.GeoDataFrame,
    layer: Layer,
    *,
    format: str,  # noqa: A002
    crs: int = STORAGE,
    encoding: str = "utf-8",
    about: About,
) -> tuple[IO[bytes], ExportResult]:
    """Export into a file without a name, open for reading: it is gone when it is closed.

    For answers over HTTP. The result's path is the name a download should get, without folder.
    """
    name = file_name(layer.key, asof=about.asof, crs=crs, format=format)
    with tempfile.TemporaryDirectory(prefix="dijie-export-") as folder:
        target = Path(folder) / name
        result = export_layer(frame, layer, format=format, crs=crs, encoding=encoding, target=target, about=about)
        return nameless(target), ExportResult(Path(name), result.count, result.findings)


def _silent(done: float, what: str) -> None:
    """Progress that nobody watches."""


class _Export:
    """One export under way."""

    def __init__(
        self, frame: gpd.GeoDataFrame, layer: Layer, crs: int, encoding: str, about: About, progress: Progress
    ) -> None:
        self.frame = frame
        self.layer = layer
        self.crs = crs
        self.encoding = encoding
        self.about = about
        self.progress = progress
        self.stem = layer.key.replace("-", "_")  # a hyphen in a table's name has to be quoted in SQL and in ArcGIS
        self.kinds: dict[str, Kind] = {field.name: field.type for field in layer.fields}

    def to(self, target: Path, format: Format) -> ExportResult:  # noqa: A002
        """Write into a folder beside the target, then move."""
        with workshop(target) as folder:
            self.progress(0.0, self.layer.key)
            make = {"shp": self._shapefile, "gpkg": self._geopackage, "geojson": self._geojson}[format]
            finished, written = make(folder)
            deliver(finished, target)
        self.progress(1.0, self.layer.key)
        return ExportResult(target, len(self.frame), written.findings)

    def _shapefile(self, folder: Path) -> tuple[Path, Written]:
        written = write_shapefile(
            self.frame,
            folder / f"{self.stem}.shp",
            crs=self.crs,
            encoding=self.encoding,
            names={field.name: field.short for field in self.layer.fields},
            kinds=self.kinds,
            geometry=self.layer.geometry,
        )
        self.progress(0.6, "zip")
        archive = bundle(
            folder,
            written.files,
            title=(self.layer.title_zh, self.layer.title_en),
            rows=self._dictionary(written),
            content=self._manifest(written, "shp", self.encoding),
            findings=written.findings,
            about=self.about,
        )
        return archive, written

    def _geopackage(self, folder: Path) -> tuple[Path, Written]:
        path = folder / f"{self.stem}.gpkg"
        titles = (self.layer.title_zh, self.layer.title_en)
        written = write_geopackage(
            self.frame,
            path,
            crs=self.crs,
            layer=self.stem,
            title=self.about.say(*titles),
            description=self.about.say(*statements(synthetic_rows(self.frame, self.about))),
            kinds=self.kinds,
            geometry=self.layer.geometry,
        )
        self.progress(0.9, "manifest")
        content = self._manifest(written, "gpkg", "utf-8")
        add_tables(path, {"manifest": as_rows(content), "fields": as_table(self._dictionary(written))})
        return path, written

    def _geojson(self, folder: Path) -> tuple[Path, Written]:
        path = folder / f"{self.stem}.geojson"

        def members(written: Written) -> Mapping[str, object]:
            return {
                "name": self.stem,
                "manifest": self._manifest(written, "geojson", "utf-8"),
                "fields": as_table(self._dictionary(written)).to_dict("records"),
            }

        return path, write_geojson(self.frame, path, crs=self.crs, kinds=self.kinds, members=members)

    def _dictionary(self, written: Written) -> list[Entry]:
        return entries(", ".join(written.counts), written.fields, self.layer, self.frame, self.about)

    def _manifest(self, written: Written, format: str, encoding: str) -> dict[str, object]:  # noqa: A002
        layer = self.layer
        synthetic = synthetic_rows(self.frame, self.about)
        return manifest(
            layer={
                "key": layer.key,
                "title": {"zh": layer.title_zh, "en": layer.title_en},
                "geometry": layer.geometry,
            },
            about=self.about,
            count=len(self.frame),
            counts=written.counts,
            crs=self.crs,
            format=format,
            encoding=encoding,
            synthetic=synthetic,
            statement=statements(synthetic),
            findings=written.findings,
        )
