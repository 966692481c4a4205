"""The changes of one transaction counted together: what a folded entry says."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, String, func, select

from layers.access import Reader, secrecy_codes, visible
from layers.history.log import LAYER_OF, LOG
from layers.history.reach import counties_of
from layers.history.seeing import as_table, present_open, sees_all
from layers.index import Index

_KEPT = 32
_BELONGING = (
    "county_code", "code", "codes", "left_code", "right_code", "line_uuid", "place_uuid", "division_uuid",
)  # fmt: skip
"""What a record says about where it belongs, whichever its table."""
_counted: OrderedDict[tuple[str, ...], dict[tuple[str, str], int]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Run:
    """Where a batch stands in the log; ``whole`` says whether no other change lies between its own."""

    first: int
    last: int
    count: int

    @property
    def whole(self) -> bool:
        """Whether the batch's numbers follow one another without a gap."""
        return self.last - self.first + 1 == self.count


def run_of(connection: Connection, batch: str) -> Run:
    """The first and last number of a batch and how many changes it has."""
    statement = select(func.min(LOG.seq), func.max(LOG.seq), func.count(LOG.seq)).where(LOG.batch == batch)
    first, last, count = connection.execute(statement).one()
    return Run(int(first), int(last), int(count))


def counts_of(
    index: Index, connection: Connection, batch: str, run: Run, conditions: dict[str, ColumnElement[bool]], *,
    reader: Reader,
) -> dict[tuple[str, str], int]:  # fmt: skip
    """How many changes of each table and operation a batch has that meet the conditions and that the reader may see.

    What a batch has changed does not change any more, so counts are kept; of a reader who does not see everything for
    as long as nothing else is written.
    """
    full = sees_all(reader)
    state = "" if full else str(index.seq())
    asked = ";".join(f"{name}={_said(condition)}" for name, condition in sorted(conditions.items()))
    key = (index.register.url, batch, str(run), asked, "all" if full else reader.audience, state)
    with _lock:
        found = _counted.get(key)
    if found is None:
        given = (LOG.batch == batch, *conditions.values())
        found = _all(connection, given) if full else _seen(index, connection, given, reader=reader)
        with _lock:
            _counted[key] = found
            while len(_counted) > _KEPT:
                _counted.popitem(last=False)
    return found


def _said(condition: ColumnElement[bool]) -> str:
    return str(condition.compile(compile_kwargs={"literal_binds": False}).params)


def _all(connection: Connection, conditions: tuple[ColumnElement[bool], ...]) -> dict[tuple[str, str], int]:
    statement = select(LOG.layer, LOG.op, func.count()).where(*conditions).group_by(LOG.layer, LOG.op)
    return {(table, op): int(count) for table, op, count in connection.execute(statement)}


def _member(connection: Connection, name: str) -> ColumnElement[Any]:
    """One member of what stood before a change, as text or number."""
    if connection.dialect.name == "sqlite":
        return func.json_extract(LOG.before, f"$.{name}", type_=String)
    return func.jsonb_extract_path_text(LOG.before, name, type_=String)


def _seen(
    index: Index, connection: Connection, conditions: tuple[ColumnElement[bool], ...], *, reader: Reader
) -> dict[tuple[str, str], int]:
    """The same for a reader from whom something is hidden: by what each record was before, and what it is now."""
    members = [_member(connection, name) for name in ("secrecy", "is_public", *_BELONGING)]
    rows = connection.execute(select(LOG.layer, LOG.op, LOG.uuid, LOG.before.is_(None), *members).where(*conditions))
    by_table: dict[str, list[tuple[object, ...]]] = {}
    for table, *rest in rows:
        by_table.setdefault(table, []).append(tuple(rest))
    found: Counter[tuple[str, str]] = Counter()
    for table, given in by_table.items():
        ops, uuids, new, secrecies, flags, *belonging = zip(*given, strict=True)
        public = [None if flag is None else str(flag).lower() in ("1", "true") for flag in flags]
        levels = secrecy_codes(secrecies, public)
        places = None
        if reader.scope is not None:
            # a row that was not there before has nothing to hide; of others few are not public, and only those count
            hidden = np.flatnonzero((levels > 0) & ~np.array(new, dtype=bool))
            belongs: list[Sequence[str | None]] = [()] * len(given)
            for row in hidden.tolist():
                state = {name: column[row] for name, column in zip(_BELONGING, belonging, strict=True)}
                belongs[row] = counties_of(index, table, state)
            places = as_table(belongs)
        mask = visible(levels, places, reader=reader) | np.array(new, dtype=bool)
        if table in LAYER_OF:
            mask &= present_open(index, table, [str(one) for one in uuids], reader=reader)
        for op, open_ in zip(ops, mask.tolist(), strict=True):
            found[table, str(op)] += open_
    return {key: count for key, count in found.items() if count}
