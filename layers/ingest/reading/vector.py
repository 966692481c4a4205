"""GeoPackage, file geodatabase and KML through GDAL."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.findings import Finding
from layers.ingest.reading import gdal
from layers.ingest.reading.faults import unreadable
from layers.ingest.reading.source import Opened, Source, choose
from layers.ingest.reading.table import Column, Peeked, Table, text_column

_BESIDE: Final = frozenset({"manifest", "fields"})
"""Tables that our own exports carry beside the layer, to explain it."""
_KML_FILLING: Final = {
    "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet",
    "id", "Name", "description",
}  # fmt: skip
"""Fields that the KML driver always gives, mostly empty or with their default."""
_OPTIONS: Final[dict[str, dict[str, str]]] = {
    "gpkg": {"LIST_ALL_TABLES": "NO"},
    "kml": {},
    "gdb": {},
}


def open_vector(source: Source, format: str, path: Path) -> Opened:  # noqa: A002 - the word of the rest
    """A file that one of GDAL's drivers reads.

    Parameters
    ----------
    path
        Where GDAL finds it, under a name with the ending that it expects.
    """
    options = dict(_OPTIONS[format])
    if format == "gpkg" and not _in_use(source.path):
        options["IMMUTABLE"] = "YES"  # no -wal and -shm files beside somebody's file
    reader = _Vector(source, format, path, options, gdal.start(format))
    return Opened(reader.peek, reader.read)


def _in_use(path: Path) -> bool:
    """Whether a database has changes of a program that has it open, in the log beside it."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


class _Vector:
    """One file, open with GDAL."""

    def __init__(self, source: Source, format: str, path: Path, options: dict[str, str], pyogrio: Any) -> None:  # noqa: A002
        self.source = source
        self.format = format
        self.path = path
        self.options = options
        self.pyogrio = pyogrio
        self.errors = (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            pyogrio.errors.FieldError,
            pyogrio.errors.FeatureError,
            pyogrio.errors.GeometryError,
            pyogrio.errors.CRSError,
            UnicodeError,
        )

    def peek(self) -> list[Peeked]:
        try:
            found = self.pyogrio.list_layers(self.path)
            return [
                Peeked(str(name), *self._about(str(name), str(kind or "")))
                for name, kind in found.tolist()
                if kind or str(name) not in _BESIDE
            ]
        except self.errors as error:
            raise unreadable(self.source.name) from error

    def _about(self, layer: str, geometry: str) -> tuple[int, str, tuple[str, ...]]:
        info = self.pyogrio.read_info(self.path, layer=layer, force_feature_count=True, **self.options)
        return int(info["features"]), geometry, tuple(str(name) for name in info["fields"])

    def read(self, wanted: str | None) -> Table:
        found = self.peek()
        chosen = choose(self.source, wanted, found)
        self.source.require_size(chosen.rows, len(chosen.fields))
        findings: list[Finding] = []
        try:
            with gdal.told(chosen.name, findings):
                about, fids, wkb, values = self.pyogrio.raw.read(
                    self.path, layer=chosen.name, datetime_as_string=True, return_fids=True, **self.options
                )
                values = [
                    self._exact(chosen.name, str(name), data, str(kind), fids)
                    for name, data, kind in zip(about["fields"], values, about["dtypes"], strict=True)
                ]
        except self.errors as error:
            raise unreadable(self.source.name) from error
        names = [str(name) for name in about["fields"]]
        kinds = [str(kind) for kind in about["dtypes"]]
        columns = [_column(name, data, kind) for name, data, kind in zip(names, values, kinds, strict=True)]
        rows = len(values[0]) if values else 0 if wkb is None else len(wkb)
        return Table(
            self.format,
            chosen.name,
            tuple(one.name for one in found),
            self._tidy(columns),
            np.arange(1, rows + 1),
            wkb if about["geometry_type"] else None,
            gdal.crs_of(about["crs"]),
            findings=findings,
        )

    def _exact(self, layer: str, name: str, data: Any, kind: str, fids: NDArray[Any]) -> Any:
        """Whole numbers with gaps come as decimals; where these are too long for that, they are read again without."""
        if not kind.startswith(("int", "uint")) or data.dtype.kind != "f":
            return data
        missing = np.isnan(data)
        whole = np.ma.MaskedArray(np.where(missing, 0, data).astype(np.int64), mask=missing)
        if (np.abs(data[~missing]) > 2**53).any():
            quoted = name.replace('"', '""')
            _, own, _, values = self.pyogrio.raw.read(
                self.path,
                layer=layer,
                columns=[name],
                read_geometry=False,
                where=f'"{quoted}" IS NOT NULL',
                return_fids=True,
                **self.options,
            )
            places = np.searchsorted(fids, own)
            if np.array_equal(np.sort(fids), fids) and np.array_equal(fids[places], own):
                whole[places] = values[0]
        return whole

    def _tidy(self, columns: list[Column]) -> list[Column]:
        """Without what the KML driver adds to each feature and nobody has filled."""
        if self.format == "kml":
            columns = [one for one in columns if one.name not in _KML_FILLING or not _is_filling(one)]
            return [_whole(one) for one in columns]
        return columns


def _is_filling(column: Column) -> bool:
    if column.kind == "text":
        return all(not text or text == "clampToGround" for text in column.texts)
    return bool(np.isin(column.data, (-1, 0, 1)).all() and len(np.unique(column.data)) < 2)


def _whole(column: Column) -> Column:
    """Whole numbers that KML has as decimals."""
    if column.kind != "float" or column.missing is None or not (known := column.data[~column.missing]).size:
        return column
    if (known != np.trunc(known)).any() or (np.abs(known) > 2**53).any():
        return column
    return Column(column.name, "int", np.where(column.missing, 0, column.data).astype(np.int64), column.missing)


def _column(name: str, data: NDArray[Any], kind: str) -> Column:
    """A column as pyogrio gives it."""
    if isinstance(data, np.ma.MaskedArray):
        return Column(name, "int", data.data, np.ma.getmaskarray(data))
    if data.dtype == object:
        return _objects(name, data)
    if kind.startswith("bool"):
        return _booleans(name, data)
    if data.dtype.kind in "iu":
        return Column(name, "int", data.astype(np.int64))
    if data.dtype.kind == "f":
        values = data.astype(np.float64)
        return Column(name, "float", values, np.isnan(values))
    if data.dtype.kind == "M":
        texts = np.datetime_as_string(data).tolist()
        return text_column(name, [None if text == "NaT" else text for text in texts])
    return _objects(name, data.astype(object))


def _booleans(name: str, data: NDArray[Any]) -> Column:
    if data.dtype.kind == "f":
        missing = np.isnan(data)
        return Column(name, "bool", np.where(missing, 0, data).astype(bool), missing)
    return Column(name, "bool", data.astype(bool))


def _objects(name: str, data: NDArray[Any]) -> Column:
    values = data.tolist()
    if not set(map(type, values)) <= {str, type(None)}:
        values = [_as_text(value) for value in values]
    return text_column(name, values)


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and np.isnan(value):
        return None
    return value.hex() if isinstance(value, bytes) else str(value)
