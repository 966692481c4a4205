"""What an export of place names holds beside the records' own fields: their further names, as the form has them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd

from layers.access import Reader, secrecy_codes, visible_within
from layers.catalogue import Layer
from layers.index import Index

COLUMNS: Final[Mapping[str, str]] = MappingProxyType({"alias": "别名", "abbreviation": "简称", "former": "曾用名"})
"""Kind of further name to the form's heading: at most ten bytes in any encoding, and known to every import."""


def with_names(index: Index, layer: Layer, records: gpd.GeoDataFrame, *, reader: Reader) -> gpd.GeoDataFrame:
    """The records of an export with a column for each kind of further name; those of other layers as they are.

    Names that the reader does not see, and those that have ended, are left out. Several stand with “；” between them.
    """
    if layer.table != "place":
        return records
    with index.held():
        columns, names = index.layer(layer.key), index.frame("place_name")
        some = names[names["valid_to"].isna().to_numpy() & names["name"].notna().to_numpy()]
        levels = secrecy_codes(some["secrecy"].tolist(), some["is_public"].tolist())
        rows = [columns.row_of(str(uuid)) for uuid in some["place_uuid"].tolist()]
        known = pd.Series([row is not None for row in rows], index=some.index, dtype=bool).to_numpy()
        some, levels = some[known], levels[known]
        reached = columns.reached(reader)
        if reached is not None:
            reached = reached[[row for row in rows if row is not None]]
        some = some[visible_within(levels, reached, reader=reader)]
    joined = records.copy(deep=False)
    for kind, heading in COLUMNS.items():
        of_kind = some[some["kind"].eq(kind).fillna(value=False).to_numpy(dtype=bool)]
        texts = of_kind.groupby("place_uuid", sort=False)["name"].agg("；".join)
        joined[heading] = pd.array(
            joined["uuid"].map(texts).astype(object).where(lambda one: one.notna(), None), dtype="str"
        )
    return joined
