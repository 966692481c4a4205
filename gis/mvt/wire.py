"""Variable-length integers of protocol buffers, one at a time and by the million."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


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


def varint_sizes(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many bytes each value takes (values >= 0)."""
    sizes = np.ones(values.shape, dtype=np.int64)
    limit = 0x80
    top = int(values.max(initial=0))
    while limit <= top:
        sizes += values >= limit
        limit <<= 7
    return sizes


def zigzag(values: NDArray[np.int32]) -> NDArray[np.int64]:
    """Signed to unsigned, small magnitudes to small numbers."""
    wide = values.astype(np.int64)
    return (wide << 1) ^ (wide >> 63)


def varints(values: NDArray[np.int64]) -> tuple[bytes, NDArray[np.int64]]:
    """Many unsigned integers one after the other, and where each begins (shape (n + 1,), the last is the end)."""
    sizes = varint_sizes(values)
    starts = np.zeros(values.size + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    out = np.empty(int(starts[-1]), dtype=np.uint8)
    position, rest, left = starts[:-1], values, sizes
    while position.size:
        more = left > 1
        out[position] = (rest & 0x7F) | (more.astype(np.int64) << 7)
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
        self._masks: list[NDArray[np.bool_] | bool] = []

    def constant(self, value: int, *, where: NDArray[np.bool_] | bool = True) -> None:
        """A byte that is the same in every record."""
        self._bytes.append(value)
        self._masks.append(where)

    def varint(
        self, values: NDArray[np.int64], sizes: NDArray[np.int64], *, where: NDArray[np.bool_] | bool = True
    ) -> None:
        """A varint for each record (sizes from `varint_sizes`)."""
        top = int(sizes.max(initial=1))
        for place in range(top):
            byte = (values >> (7 * place)) & 0x7F
            if place + 1 < top:
                byte |= (sizes > place + 1).astype(np.int64) << 7
            self._bytes.append(byte.astype(np.uint8))
            self._masks.append(where if place == 0 else where & (sizes > place))

    def tobytes(self) -> bytes:
        """All records."""
        matrix = np.empty((self._count, len(self._bytes)), dtype=np.uint8)
        mask = np.empty(matrix.shape, dtype=bool)
        for place, (byte, where) in enumerate(zip(self._bytes, self._masks, strict=True)):
            matrix[:, place] = byte
            mask[:, place] = where
        return matrix[mask].tobytes()
