"""Read GDAL formats in bulk."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from gis.errors import N_, Invalid, NotFound

_SHAPEFILE: Final = "ESRI Shapefile"
_UNDECLARED: Final = "ISO-8859-1"
"""What GDAL takes where a shapefile has neither .cpg nor language byte: every byte a character, so nothing is lost."""
_PROBED: Final = ("utf-8", "gb18030")


class UnreadableFile(Invalid):
    """A file that GDAL cannot read, or not in that encoding."""

    code = "unreadable-file"


class FileMissing(NotFound):
    """A file that is not there."""

    code = "file-missing"


class NoSuchLayer(NotFound):
    """A layer that the file does not have."""

    code = "no-such-layer"


@dataclass(frozen=True)
class LayerInfo:
    """One layer of a file: geometry type as OGR names it, empty for a plain table; EPSG code or None."""

    name: str
    geometry: str
    rows: int
    epsg: int | None
    encoding: str
    fields: tuple[str, ...]


def list_layers(path: Path) -> list[LayerInfo]:
    """The layers of a file, a folder or a zip of shapefiles.

    Raises
    ------
    FileMissing, UnreadableFile
    """
    _require(path)
    try:
        found = pyogrio.list_layers(path)
        infos = [(name, kind, pyogrio.read_info(path, layer=name)) for name, kind in found]
    except (pyogrio.errors.DataSourceError, UnicodeDecodeError) as error:
        raise _unreadable(path) from error
    return [
        LayerInfo(name, kind or "", info["features"], _epsg(info["crs"]), info["encoding"] or "", tuple(info["fields"]))
        for name, kind, info in infos
    ]


def read(path: Path, layer: str | None = None, encoding: str | None = None) -> gpd.GeoDataFrame:
    """Read one layer whole.

    Parameters
    ----------
    path
        A file, a folder or a zip of shapefiles.
    layer
        Its name; None: the first.
    encoding
        Of a shapefile's texts. None: as .cpg says, else as the table's language byte says, else the first of UTF-8 and
        GB 18030 in which every name and value can be read.

    Returns
    -------
    GeoDataFrame
        Geometry column ``geom``, on a new index; a table without geometry has no such column.

    Raises
    ------
    FileMissing, NoSuchLayer, UnreadableFile
    """
    _require(path)
    try:
        found = [str(name) for name, _ in pyogrio.list_layers(path)]
        if layer is not None and layer not in found:
            raise NoSuchLayer(
                N_("%(file)s has no layer %(layer)s."),
                hint=N_("Its layers are: %(layers)s."),
                file=path.name,
                layer=layer,
                layers=", ".join(found),
            )
        probing = encoding is None and _undeclared(path, layer)
        frame = _read(path, layer, _UNDECLARED if probing else encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeError, LookupError) as error:
        raise _unreadable(path) from error
    if probing:
        frame = _decoded(frame, path)
    if "geometry" not in frame.columns:
        return gpd.GeoDataFrame(frame)
    return frame.rename_geometry("geom")


def _read(path: Path, layer: str | None, encoding: str | None) -> Any:
    with warnings.catch_warnings():
        # GDAL turns what it cannot decode into nothing and only warns.
        warnings.filterwarnings("error", message=".*couldn't be converted correctly.*", category=RuntimeWarning)
        try:
            return pyogrio.read_dataframe(path, layer=layer, encoding=encoding)
        except RuntimeWarning as error:
            raise _unreadable(path) from error


def _undeclared(path: Path, layer: str | None) -> bool:
    info = pyogrio.read_info(path, layer=layer, encoding=_UNDECLARED)
    if info["driver"] != _SHAPEFILE:
        return False
    return bool(pyogrio.read_info(path, layer=layer)["encoding"] == _UNDECLARED)


def _decoded(frame: Any, path: Path) -> Any:
    """The frame with its names and texts read anew from their bytes, in the first encoding that fits them all."""
    texts = [name for name in frame.columns if name != "geometry" and _is_text(frame[name])]
    for encoding in _PROBED:
        try:
            names = {name: _again(name, encoding) for name in frame.columns}
            columns = {
                name: frame[name].map(lambda value, encoding=encoding: _again(value, encoding), na_action="ignore")
                for name in texts
            }
        except UnicodeError:
            continue
        return frame.assign(**columns).rename(columns=names)
    raise _unreadable(path)


def _is_text(series: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_string_dtype(series.dtype) or series.dtype == object)


def _again(text: str, encoding: str) -> str:
    return text.encode("latin-1").decode(encoding)


def _epsg(crs: str | None) -> int | None:
    if not crs:
        return None
    from pyproj import CRS

    return CRS.from_user_input(crs).to_epsg()


def _require(path: Path) -> None:
    if not path.exists():
        raise FileMissing(N_("There is no file %(file)s."), file=str(path))


def _unreadable(path: Path) -> UnreadableFile:
    return UnreadableFile(
        N_("%(file)s cannot be read."),
        hint=N_("Check that it is a complete vector file, and say its encoding if it is an old shapefile."),
        file=path.name,
    )
