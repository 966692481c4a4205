"""Whether an import stands in the register."""

from __future__ import annotations

from sqlalchemy import select

from layers.register import TABLES, Register
from layers.register.tables import CHANGE_LOG


def is_written(register: Register, batch: str) -> bool:
    """Whether the change log knows a batch; what is written in one transaction is known whole or not at all."""
    log = TABLES[CHANGE_LOG].columns
    with register.reading() as connection:
        return connection.execute(select(log.seq).where(log.batch == batch).limit(1)).first() is not None
