"""Results as JSON of one form: what is equal is written alike, byte by byte, so that its hash can be signed.

Keys are sorted, nothing stands between the signs, numbers have the decimals of their unit, what is not known is null.
Numbers are rounded before they are written: the last bits of a sum may differ from one machine to the other.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final, get_args, get_origin, get_type_hints

import numpy as np

_DECIMALS: Final = (
    ("_share", 5), ("_m2", 1), ("_m", 3), ("lon", 9), ("lat", 9), ("seconds", 0), ("_s", 3), ("plane_error", 7),
)  # fmt: skip
"""By the end of a name: millimetres along and beside the line, a tenth of a millimetre of a place."""
_OTHER: Final = 3


def rounded(value: Any, name: str = "") -> Any:
    """A result as plain values: dictionaries, lists, texts, whole numbers and rounded ones."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: rounded(getattr(value, field.name), field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): rounded(one, str(key)) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [rounded(one, name) for one in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        if not np.isfinite(value):
            return None
        decimals = next((count for end, count in _DECIMALS if name.endswith(end)), _OTHER)
        # adding nothing turns a negative zero into a positive one
        return round(float(value), decimals) + 0.0
    return value


def canonical(value: Any) -> str:
    """The one JSON text of a result."""
    return json.dumps(rounded(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def restored(kind: Any, value: Any) -> Any:
    """A value of a type from what JSON holds of it; the types are those of results: dataclasses of plain values."""
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return restored(next(one for one in get_args(kind) if one is not type(None)), value)
    if origin is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(restored(inner[0], one) for one in value)
        return tuple(restored(one, part) for one, part in zip(inner, value, strict=True))
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: restored(hints[field.name], value[field.name]) for field in fields(kind)})
    return value
