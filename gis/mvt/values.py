"""Attributes as dictionaries: each value is encoded once, when a layer is loaded, and never again for a tile."""

from __future__ import annotations

import struct
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gis.mvt.wire import varint

_KEY = b"\x1a"  # Layer.keys, length-delimited
_VALUE = b"\x22"  # Layer.values, length-delimited


@dataclass(frozen=True)
class Encoded:
    """Values as ready `Layer.values` fields, one after the other.

    One block of bytes instead of an object a value: processes that share it after a fork read it without copying.

    Parameters
    ----------
    block
        All fields joined.
    starts
        Shape (values + 1,), where each begins; the last is the end.
    """

    block: bytes = b""
    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __add__(self, other: Encoded) -> Encoded:
        return Encoded(self.block + other.block, np.concatenate((self.starts, other.starts[1:] + len(self.block))))

    def picked(self, places: NDArray[np.intp]) -> bytes:
        """The fields of some values, in their order."""
        if len(places) == len(self):
            return self.block
        block = self.block
        ends = self.starts[places + 1].tolist()
        return b"".join([block[start:end] for start, end in zip(self.starts[places].tolist(), ends, strict=True)])


@dataclass(frozen=True)
class Column:
    """One attribute of a layer's features.

    Parameters
    ----------
    name
        The key in the tile.
    codes
        Shape (features,), the position of each feature's value in ``values``; -1 where it has none.
    values
        Each distinct value, as `encoded_values` gives them.
    """

    name: str
    codes: NDArray[np.int32]
    values: Encoded

    def taken(self, rows: NDArray[np.intp]) -> Column:
        """The column of some rows only; the dictionary is shared."""
        return Column(self.name, self.codes[rows], self.values)


def encoded_values(values: Iterable[str | bool | int | float]) -> Encoded:
    """Encode values as the wire wants them: text, booleans, integers (signed as sint) and doubles."""
    fields = [_text(value) if type(value) is str else _value(value) for value in values]
    starts = np.zeros(len(fields) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, fields), dtype=np.int64, count=len(fields)), out=starts[1:])
    return Encoded(b"".join(fields), starts)


# what stands before a text of so many bytes: a layer has tens of thousands of short ones
_BEFORE = tuple(_VALUE + bytes((size + 2,)) + b"\x0a" + bytes((size,)) for size in range(0x80 - 2))


def _text(value: str) -> bytes:
    text = value.encode()
    size = len(text)
    if size < len(_BEFORE):
        return _BEFORE[size] + text
    message = b"\x0a" + varint(size) + text
    return _VALUE + varint(len(message)) + message


def _value(value: str | bool | int | float) -> bytes:
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, (bool, np.bool_)):
        message = b"\x38\x01" if value else b"\x38\x00"
    elif isinstance(value, (int, np.integer)):
        number = int(value)
        message = b"\x28" + varint(number) if number >= 0 else b"\x30" + varint(-2 * number - 1)
    else:
        message = b"\x19" + struct.pack("<d", float(value))
    return _VALUE + varint(len(message)) + message


def coded(name: str, values: Sequence[Hashable]) -> Column:
    """Make a column of plain values, None for none; each distinct value is encoded once."""
    seen: dict[tuple[type, Hashable], int] = {}
    codes = np.fromiter(
        (-1 if value is None else seen.setdefault((type(value), value), len(seen)) for value in values),
        dtype=np.int32,
        count=len(values),
    )
    return Column(name, codes, encoded_values(value for _, value in seen))  # type: ignore[misc]


def dictionaries(columns: Sequence[Column]) -> tuple[bytes, bytes, list[NDArray[np.int64]]]:
    """Keys, values and per column each feature's position among the tile's values (-1 for none).

    Only values that occur are in the tile.
    """
    keys = b"".join(_KEY + varint(len(name)) + name for name in (column.name.encode() for column in columns))
    parts: list[bytes] = []
    indexes: list[NDArray[np.int64]] = []
    count = 0
    for column in columns:
        used, index = _compact(column.codes, len(column.values))
        index[index >= 0] += count
        count += used.size
        parts.append(column.values.picked(used))
        indexes.append(index)
    return keys, b"".join(parts), indexes


def _compact(codes: NDArray[np.int32], size: int) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The codes that occur, in order, and each code's position among them."""
    if size > 16 * codes.size:  # a small tile of a large dictionary: sorting the few beats sweeping the many
        used, index = np.unique(codes, return_inverse=True)
        if used.size and used[0] < 0:
            return used[1:].astype(np.intp), index.astype(np.int64) - 1
        return used.astype(np.intp), index.astype(np.int64)
    flags = np.zeros(size + 1, dtype=bool)
    flags[codes] = True  # -1 falls on the spare last place
    flags[size] = False
    places = np.flatnonzero(flags)
    lookup = np.full(size + 1, -1, dtype=np.int64)
    lookup[places] = np.arange(places.size)
    return places, lookup[codes]
