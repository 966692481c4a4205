"""Whose a record is: the counties that a scope is held against, and the layer whose editors may change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from layers.access import Reader, may
from layers.history.log import LAYER_OF, State
from layers.index import Index

_OWNED_BY: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "place_line": ("place-names", "place_uuid"),
        "place_area": ("place-names", "place_uuid"),
        "place_name": ("place-names", "place_uuid"),
        "place_sign": ("place-names", "place_uuid"),
        "stake": ("boundary-lines", "line_uuid"),
        "boundary_point": ("boundary-lines", "line_uuid"),
        "line_stake": ("boundary-lines", "line_uuid"),
        "division_area": ("divisions", "division_uuid"),
        "division_weight": ("divisions", "division_uuid"),
        "inspection_task": ("boundary-lines", "line_uuid"),
    }
)
MEDIA_OWNERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "place": ("place-names", "place"),
        "article": ("stories", "article"),
        "sign": ("place-signs", "place_sign"),
        "line": ("boundary-lines", "boundary_line"),
        "tripoint": ("tripoints", "tripoint"),
        "stake": ("stakes", "stake"),
    }
)
"""Whose pictures and sounds there are, as their rows say it: the layer and the table."""
_EDITED_AS: Mapping[str, str] = MappingProxyType(
    {
        "place_name": "place-names",
        "medium": "place-names",
        "line_stake": "stakes",
        "boundary_document": "boundary-lines",
        "division_weight": "divisions",
        "inspection_task": "boundary-lines",
        "inspection_batch": "boundary-lines",
    }
)
POPULATION = frozenset({"population", "aged_60", "aged_65", "aged_80", "population_source"})
"""Of a division what those may change who look after its figures alone."""
_TOGETHER: Mapping[str, tuple[tuple[str, str, frozenset[str] | None], ...]] = MappingProxyType(
    {
        "division": (("population", "division", POPULATION),),
        "division_weight": (("population", "division", None),),
        "division_area": (("divisions", "division", None),),
        "boundary_line": (("divisions", "division", frozenset({"left_name", "right_name"})),),
    }
)
"""What whoever may change another layer writes into a table too: that layer, the table that is written beside it, and
the columns, None for all."""
_COUNTY_DIGITS = 6


def edited_as(table: str) -> str:
    """The layer whose editors may change a table; the table's own name where nobody but an administrator may."""
    return LAYER_OF[table].key if table in LAYER_OF else _EDITED_AS.get(table, table)


def taken_back_as(reader: Reader, table: str, tables: Collection[str]) -> tuple[str, frozenset[str] | None]:
    """As a change of which layer somebody may take back what they have written themselves into a table.

    A division that is renamed renames what repeats its name; figures are written into divisions by those who may change
    nothing else of them.

    Parameters
    ----------
    tables
        Those that were written together.

    Returns
    -------
    tuple
        The layer's key, and the columns that may be written back, None for all.
    """
    layer = edited_as(table)
    if not may(reader, "edit", layer):
        if table == "medium":
            owners = (owner for owner, _ in MEDIA_OWNERS.values())
            return next((owner for owner in owners if may(reader, "edit", owner)), layer), None
        for other, beside, columns in _TOGETHER.get(table, ()):
            if beside in tables and may(reader, "edit", other):
                return other, columns
    return layer, None


def counties_of(index: Index, table: str, state: State) -> list[str | None]:
    """The county codes of a record in a state: one, or those on either side of a line and what stands on it."""
    if table == "medium":
        layer, owner = MEDIA_OWNERS.get(str(state.get("owner")), ("", ""))
        return _of_owner(index, layer, "owner_uuid", state) if owner else [None]
    if table == "boundary_document":
        if state.get("line_uuid") is not None:
            return _of_owner(index, "boundary-lines", "line_uuid", state)
        return _of_owner(index, "tripoints", "tripoint_uuid", state)
    if table in _OWNED_BY:
        return _of_owner(index, *_OWNED_BY[table], state)
    if table == "boundary_line":
        return [_county(state.get("left_code")), _county(state.get("right_code"))]
    if table == "tripoint":
        return [_county(code.strip()) for code in str(state.get("codes") or "").split(",")]
    if table == "division" and not state.get("county_code"):
        return [_county(state.get("code"))]
    return [_county(state.get("county_code"))]


def _of_owner(index: Index, layer: str, name: str, state: State) -> list[str | None]:
    columns = index.layer(layer)
    row = columns.row_of(str(state.get(name)))
    if row is None:
        return [_county(state.get("code"))]
    if layer == "stakes":
        return _of_owner(index, "boundary-lines", "line_uuid", {"line_uuid": columns["line_uuid"].values([row])[0]})  # type: ignore[arg-type]
    fields = {
        "boundary-lines": ("left_code", "right_code"),
        "divisions": ("county_code", "code"),
        "tripoints": ("codes",),
    }
    values = [columns.attributes[field].values([row])[0] for field in fields.get(layer, ("county_code",))]  # type: ignore[arg-type]
    if layer == "tripoints":
        values = [code.strip() for code in str(values[0] or "").split(",")]
    codes = [_county(value) for value in values]
    return [next((code for code in codes if code), None)] if layer == "divisions" else codes


def _county(code: object) -> str | None:
    """The county of a code of a county or of what lies in it; of a whole city none."""
    if not isinstance(code, str) or len(code) < _COUNTY_DIGITS or code[:_COUNTY_DIGITS].endswith("00"):
        return None
    return code[:_COUNTY_DIGITS]
