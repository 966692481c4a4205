"""Variable-length integers of protocol buffers, one at a time and by the million."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Where = NDArray[np.bool_] | bool
_BLOCK = 4096


def varint(value: int) -> bytes:
    """One unsigned integer."""
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def varint_sizes(values: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """How many bytes each value takes (values >= 0)."""
    sizes = np.ones(values.shape, dtype=np.uint8)
    limit = 0x80
    top = int(values.max(initial=0))
    while limit <= top:
        sizes += values >= limit
        limit <<= 7
    return sizes


def narrowed(values: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
    """The same numbers (>= 0) in half the room where they fit."""
    return values.astype(np.uint32 if int(values.max(initial=0)) < 2**32 else np.uint64, copy=False)


def zigzag(values: NDArray[np.int32]) -> NDArray[np.uint32]:
    """Signed to unsigned, small magnitudes to small numbers."""
    values = values.astype(np.int32, copy=False)
    return ((values << 1) ^ (values >> 31)).view(np.uint32)


def varints(values: NDArray[np.integer[Any]]) -> tuple[bytes, NDArray[np.int64]]:
    """Many unsigned integers one after the other, and where each begins (shape (n + 1,), the last is the end)."""
    sizes = varint_sizes(values)
    starts = np.zeros(values.size + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    out = np.empty(int(starts[-1]), dtype=np.uint8)
    position, rest, left = starts[:-1], values, sizes
    while position.size:
        more = left > 1
        byte = rest.astype(np.uint8)
        byte &= 0x7F
        byte |= more.view(np.uint8) << 7
        out[position] = byte
        position, rest, left = position[more] + 1, rest[more] >> 7, left[more] - 1
    return out.tobytes(), starts


class Rows:
    """Records of a fixed pattern of varints, many at once.

    Each record is a row of a byte matrix that is as wide as the pattern at its widest; a mask says which bytes count.
    Compressing the matrix by the mask writes all records one after the other, without a loop over them.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._bytes: list[NDArray[np.uint8] | int] = []
        self._masks: list[Where] = []

    def constant(self, value: int, *, where: Where = True) -> None:
        """A byte that is the same in every record."""
        self._bytes.append(value)
        self._masks.append(where)

    def varint(self, values: NDArray[np.integer[Any]], sizes: NDArray[np.uint8], *, where: Where = True) -> None:
        """A varint for each record (sizes from `varint_sizes`)."""
        least, top = int(sizes.min(initial=255)), int(sizes.max(initial=1))
        for place in range(top):
            # the lowest eight bits are kept by the narrower type
            byte = (values >> (7 * place) if place else values).astype(np.uint8)
            if place + 1 < top:
                byte &= 0x7F
                byte |= (sizes > place + 1).view(np.uint8) << 7
            self._bytes.append(byte)
            self._masks.append(where if place < least else where & (sizes > place))

    def pieces(self) -> list[bytes]:
        """All records, in pieces to be joined."""
        width = len(self._bytes)
        return [self._block(at, min(at + _BLOCK, self._count), width) for at in range(0, self._count, _BLOCK)]

    def _block(self, start: int, end: int, width: int) -> bytes:
        """Some of the records: few enough for the matrix to stay near the processor while columns are put into it."""
        matrix = np.empty((end - start, width), dtype=np.uint8)
        mask = np.ones(matrix.shape, dtype=bool)
        for place, (byte, where) in enumerate(zip(self._bytes, self._masks, strict=True)):
            matrix[:, place] = byte if isinstance(byte, int) else byte[start:end]
            if not isinstance(where, bool):
                mask[:, place] = where[start:end]
        return matrix[mask].tobytes()
