"""From the register's rows to columns."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import to_mercator
from layers import days
from layers.access import secrecy_codes
from layers.catalogue import Layer
from layers.index import homes
from layers.index.columns import Attribute, Columns, Dictionary, Floats
from layers.register import Mark, Register

_RECORD = ("fid", "uuid", "secrecy", "is_public")


def load(
    register: Register,
    connection: Any,
    layer: Layer,
    mark: Mark,
    *,
    like: Columns | None = None,
    uuids: Collection[str] | None = None,
) -> Columns:
    """Read a layer, or the given features of it.

    Parameters
    ----------
    like
        Columns whose dictionaries are shared and extended, so that the two can be joined.
    uuids
        Only these features; None: all.
    """
    wanted = attribute_names(layer)
    table_columns = [name for name in wanted if name not in _DERIVED.get(layer.key, {})]
    frame = register.frame(
        connection,
        layer.table,
        columns=list(
            dict.fromkeys(
                [
                    *(*_RECORD, "geom", *layer.starts, *layer.ends, *layer.within[1:], *table_columns),
                    *homes.columns_of(layer.table),
                ]
            )
        ),
        uuids=None if uuids is None else list(uuids),
    )
    for name, derive in _DERIVED.get(layer.key, {}).items():
        frame[name] = derive(register, connection, frame)
    levels = secrecy_codes(_plain(frame["secrecy"]), _plain(frame["is_public"]))
    if layer.published:
        name, value = layer.published
        levels = np.maximum(levels, (frame[name] != value).fillna(value=True).to_numpy(dtype=np.int8))
    owners = frame
    if layer.within:
        owners = _owners(register, connection, layer.within[0], frame[layer.within[1]])
        levels = np.maximum(levels, secrecy_codes(_plain(owners["secrecy"]), _plain(owners["is_public"])))
    counties = homes.counties(homes.owning_table(layer), owners)
    return _columns(layer, frame, mark, levels, counties, like=like)


def attribute_names(layer: Layer) -> list[str]:
    """The fields that are held in memory."""
    names = [source for _, source in layer.tiled] + [layer.label, *layer.indexed]
    if layer.classed_by:
        names.append(layer.classed_by)
    return list(dict.fromkeys(names))


def _owners(register: Register, connection: Any, table: str, owners: pd.Series) -> pd.DataFrame:
    """The record that each feature belongs to, row by row; all of it missing where there is no such record."""
    columns = ["uuid", "secrecy", "is_public", *homes.columns_of(table)]
    found = register.frame(connection, table, columns=columns, uuids=owners.dropna().unique().tolist())
    return found.set_index("uuid").reindex(owners)


def _columns(
    layer: Layer,
    frame: pd.DataFrame,
    mark: Mark,
    levels: NDArray[np.int8],
    counties: list[homes.Codes],
    *,
    like: Columns | None,
) -> Columns:
    geometries = frame["geom"].to_numpy(dtype=object)
    points = layer.geometry == "Point"
    if points:
        lon, lat = _lonlat(geometries)
    else:
        lon, lat = _lonlat(_anchors(geometries))
    mx, my = to_mercator(lon, lat)
    attributes = {}
    for name in attribute_names(layer):
        dictionary = like.attributes[name].dictionary if like is not None else Dictionary()
        attributes[name] = Attribute(dictionary, dictionary.codes(_plain(frame[name])))
    for _, name in layer.tiled:
        assert attributes[name].dictionary.encoded is not None  # made now, before processes fork and share it
    belongs = []
    for place, codes in enumerate(counties):
        dictionary = like.homes[place].dictionary if like is not None else Dictionary()
        belongs.append(Attribute(dictionary, dictionary.codes(codes)))
    starts = [days.numbers(_plain(frame[name]), absent=days.FIRST) for name in layer.starts]
    ends = [days.numbers(_plain(frame[name]), absent=days.LAST) for name in layer.ends]
    return Columns(
        layer=layer,
        mark=mark,
        fid=frame["fid"].to_numpy(dtype=np.int64),
        uuid=np.array(frame["uuid"].tolist(), dtype=object),
        lon=lon,
        lat=lat,
        mx=mx,
        my=my,
        shapes=None if points else _in_mercator(geometries),
        levels=levels,
        starts=np.maximum.reduce(starts),
        ends=np.minimum.reduce(ends),
        attributes=attributes,
        homes=tuple(belongs),
    )


def _plain(series: pd.Series) -> list[Any]:
    """Python values, None for every kind of missing."""
    values: list[Hashable] = series.tolist()
    if series.isna().to_numpy().any():
        values = [None if missing else value for value, missing in zip(values, series.isna().tolist(), strict=True)]
    if series.dtype == np.float64 and all(value is None or float(value).is_integer() for value in values):  # type: ignore[arg-type]
        # a column of integers that pandas made floats of because some are missing
        values = [None if value is None else int(value) for value in values]  # type: ignore[call-overload]
    return list(values)


def _lonlat(points: NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Coordinates of points; NaN for what is missing, empty or no point."""
    sound = (shapely.get_type_id(points) == 0) & ~shapely.is_empty(points)
    known = points.copy()
    known[~sound] = None
    return shapely.get_x(known), shapely.get_y(known)


def _anchors(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """A point on each geometry: the middle of a line, a point inside an area; None of what is missing or empty."""
    anchors = np.full(len(geometries), None, dtype=object)
    dimensions = np.where(shapely.is_empty(geometries), -1, shapely.get_dimensions(geometries))
    lines, areas = dimensions == 1, dimensions == 2
    anchors[lines] = shapely.line_interpolate_point(_longest(geometries[lines]), 0.5, normalized=True)
    anchors[areas] = shapely.point_on_surface(geometries[areas])
    return anchors


def _longest(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """The longest part of each line, the first one among equals; None of an empty line."""
    parts, owners = shapely.get_parts(lines, return_index=True)
    order = np.lexsort((-shapely.length(parts), owners))
    found, first = np.unique(owners[order], return_index=True)
    longest = np.full(len(lines), None, dtype=object)
    longest[found] = parts[order[first]]
    return longest


def _in_mercator(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    def moved(points: Floats) -> Floats:
        return np.column_stack(to_mercator(points[:, 0], points[:, 1]))

    return np.asarray(shapely.transform(geometries, moved), dtype=object)


def spliced(old: Columns, patch: Columns, gone: Collection[str]) -> Columns:
    """The old columns without the features ``gone``, and the patch at their end. The dictionaries must be shared."""
    lost = sorted(row for row in (old.row_of(uuid) for uuid in gone) if row is not None)
    # what lies between the lost rows, as a few long pieces: several times as fast as a mask over every row
    pieces = [slice(after + 1, row) for after, row in zip([-1, *lost], [*lost, len(old)], strict=True)]

    def joined(before: NDArray[Any], after: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate((*(before[piece] for piece in pieces), after))

    return Columns(
        layer=old.layer,
        mark=patch.mark,
        fid=joined(old.fid, patch.fid),
        uuid=joined(old.uuid, patch.uuid),
        lon=joined(old.lon, patch.lon),
        lat=joined(old.lat, patch.lat),
        mx=joined(old.mx, patch.mx),
        my=joined(old.my, patch.my),
        shapes=None if old.shapes is None or patch.shapes is None else joined(old.shapes, patch.shapes),
        levels=joined(old.levels, patch.levels),
        starts=joined(old.starts, patch.starts),
        ends=joined(old.ends, patch.ends),
        attributes={
            name: Attribute(column.dictionary, joined(column.codes, patch.attributes[name].codes))
            for name, column in old.attributes.items()
        },
        homes=tuple(
            Attribute(home.dictionary, joined(home.codes, more.codes))
            for home, more in zip(old.homes, patch.homes, strict=True)
        ),
    )


def _batches(register: Register, connection: Any, frame: pd.DataFrame) -> pd.Series:
    """The year of each line's latest inspection: what is only planned, or was called for ad hoc, does not count."""
    tasks = register.frame(connection, "inspection_task", columns=["batch_uuid", "line_uuid", "state"])
    batches = register.frame(connection, "inspection_batch", columns=["uuid", "year", "kind"])
    both = tasks.merge(batches, left_on="batch_uuid", right_on="uuid")
    # a batch without a kind only records what was inspected
    done = both["kind"].isna() | (both["kind"].eq("regular") & both["state"].eq("finished").fillna(value=False))
    return frame["uuid"].map(both[done.to_numpy(dtype=bool)].groupby("line_uuid")["year"].max())


def _insides(register: Register, connection: Any, frame: pd.DataFrame) -> pd.Series:
    """Whether each area's division belongs to the city."""
    divisions = register.frame(connection, "division", columns=["uuid", "inside"])
    return frame["division_uuid"].map(divisions.set_index("uuid")["inside"])


_DERIVED: dict[str, dict[str, Any]] = {
    "boundary-lines": {"batch": _batches},
    "division-areas": {"inside": _insides},
}
