"""What a record is checked against: skeleton."""

from __future__ import annotations

from layers.access import Reader
from layers.index import Index
from layers.register import Register


class Context:
    """Divisions, county areas, lines and classes of a register as at one state. Never changed."""

    @classmethod
    def of(cls, source: Index | Register, *, reader: Reader) -> Context:
        """The context of a register; of an index the same object until divisions or lines change."""
        raise NotImplementedError
