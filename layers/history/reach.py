"""The counties that a record belongs to: what a reader's scope is held against."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from layers.history.log import LAYER_OF, State
from layers.index import Index

_OWNED_BY: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "place_line": ("place-names", "place_uuid"),
        "place_area": ("place-names", "place_uuid"),
        "place_name": ("place-names", "place_uuid"),
        "stake": ("boundary-lines", "line_uuid"),
        "boundary_point": ("boundary-lines", "line_uuid"),
        "line_stake": ("boundary-lines", "line_uuid"),
        "division_area": ("divisions", "division_uuid"),
        "division_weight": ("divisions", "division_uuid"),
        "inspection_task": ("boundary-lines", "line_uuid"),
    }
)
_EDITED_AS: Mapping[str, str] = MappingProxyType(
    {
        "place_name": "place-names",
        "line_stake": "stakes",
        "division_weight": "divisions",
        "inspection_task": "boundary-lines",
        "inspection_batch": "boundary-lines",
    }
)
_COUNTY_DIGITS = 6


def edited_as(table: str) -> str:
    """The layer whose editors may change a table; the table's own name where nobody but an administrator may."""
    return LAYER_OF[table].key if table in LAYER_OF else _EDITED_AS.get(table, table)


def counties_of(index: Index, table: str, state: State) -> list[str | None]:
    """The county codes of a record in a state: one, or those on either side of a line and what stands on it."""
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
    fields = {"boundary-lines": ("left_code", "right_code"), "divisions": ("county_code", "code")}
    values = [columns.attributes[field].values([row])[0] for field in fields.get(layer, ("county_code",))]  # type: ignore[arg-type]
    codes = [_county(value) for value in values]
    return [next((code for code in codes if code), None)] if layer == "divisions" else codes


def _county(code: object) -> str | None:
    """The county of a code of a county or of what lies in it; of a whole city none."""
    if not isinstance(code, str) or len(code) < _COUNTY_DIGITS or code[:_COUNTY_DIGITS].endswith("00"):
        return None
    return code[:_COUNTY_DIGITS]
