"""A worked-on book compared with what was taken along and with what the register holds by now, value by value.

What was changed in the file alone is taken; what was changed in the register alone stays; where both were changed to
different values somebody has to choose. A row that is gone from the file changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import N_, Invalid
from layers.access import Reader
from layers.index import Index
from layers.ingest.model import Reading
from layers.placenames.formbook.cells import LONGEST, Texts, Words, hashes, read_texts, texts_of
from layers.placenames.formbook.columns import CHECK, FORM, ID, VERSION, BookColumn, column_of
from layers.placenames.formbook.exporting import FORMAT
from layers.placenames.formbook.states import State, earlier, present
from layers.records import Context
from layers.register import NOTHING, Mark

COMPARING: Final = N_("Comparing with the register …")
_BETWEEN: Final = "\x1f"


class NotAFormBook(Invalid):
    """A file that is no book of ours, or whose ids are gone."""

    code = "not-a-form-book"


@dataclass(frozen=True)
class Difference:
    """One value that was changed in the file alone.

    Parameters
    ----------
    row
        The row in the file as a person counts it.
    column
        Which column.
    before, after
        As cells: what was taken along and the register still has, and what the file says.
    """

    row: int
    uuid: str
    label: str
    column: BookColumn
    before: str
    after: str


@dataclass(frozen=True)
class Clash:
    """One value that file and register say differently, and not for the file's sake alone.

    Parameters
    ----------
    base
        What was taken along; None where nobody can say it any more.
    mine, theirs
        The file's and the register's value.
    """

    row: int
    uuid: str
    label: str
    column: BookColumn
    base: str | None
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merge:
    """What a worked-on book says anew.

    Parameters
    ----------
    rows
        Rows of the file with an id that the register has.
    differences, clashes
        Value by value, in the file's order.
    fresh
        Positions in the reading of rows without an id: new names.
    kept
        Values that were changed in the register alone, and stay.
    missing
        How many of the places taken along are no longer in the file.
    strays, twice
        Rows (as a person counts) that were worked on and whose id the register does not have (or does not show), and
        rows whose id stands there before already: they stand in the way.
    left
        Headings that are none of the book's.
    known
        Whether the register still knows the state that the book was written of.
    """

    reading: Reading
    mark: Mark
    columns: tuple[BookColumn, ...]
    headings: dict[str, str]
    rows: int
    differences: tuple[Difference, ...]
    clashes: tuple[Clash, ...]
    fresh: NDArray[np.intp]
    kept: int
    missing: int
    strays: tuple[int, ...]
    twice: tuple[int, ...]
    left: tuple[str, ...]
    known: bool
    state: State = field(repr=False)
    words: Words = field(repr=False)
    mine: Texts = field(repr=False)

    @property
    def row_of(self) -> dict[str, int]:
        """The row, as a person counts, of each value that may be written, by uuid."""
        told: tuple[Difference | Clash, ...] = (*self.differences, *self.clashes)
        return {one.uuid: one.row for one in told}

    @property
    def empty(self) -> bool:
        """Whether the file says nothing new."""
        return not (self.differences or self.clashes or len(self.fresh))

    @property
    def digest(self) -> str:
        """A sign of all that would be changed: equal signs mean that nobody has to look again."""
        told = hashlib.blake2b(digest_size=16)
        for one in self.differences:
            told.update(_BETWEEN.join(("=", one.uuid, one.column.key, one.before, one.after, "")).encode())
        for clash in self.clashes:
            values = (clash.base or "", clash.mine, clash.theirs)
            told.update(_BETWEEN.join(("!", clash.uuid, clash.column.key, *values, "")).encode())
        for place in self.fresh.tolist():
            told.update(_BETWEEN.join(str(self.mine[key][place]) for key in sorted(self.mine)).encode())
        return told.hexdigest()


def merge_book(
    index: Index, reading: Reading, *, reader: Reader, progress: Callable[[float, str], None] | None = None
) -> Merge:
    """Compare a book with the register.

    Parameters
    ----------
    reading
        The sheet 地名登记表 of the file.

    Raises
    ------
    NotAFormBook
        Where the sheet has no column of ids or none of the form's fields.
    """
    if progress is not None:
        progress(0.0, COMPARING)
    sheet = _Sheet(reading)
    words = Words.of(Context.of(index, reader=reader))
    sheet.read(words)
    with index.held() as connection:
        mark = index.register.mark(connection) or NOTHING
        known = sheet.mark is not None and index.register.mark(connection, sheet.mark.seq) == sheet.mark
        wanted = [uuid for uuid in dict.fromkeys(sheet.uuids) if uuid]
        whole = len(wanted) > 5000
        now = present(index, connection, None if whole else wanted, reader=reader)
        then, later = earlier(connection, sheet.mark, now) if known and sheet.mark is not None else (None, set())
    place_of = pd.Index(now.frame["uuid"]).get_indexer(pd.Index(sheet.uuids, dtype=object))
    rows = np.flatnonzero(place_of >= 0)
    twice = np.zeros(len(sheet.uuids), dtype=bool)
    twice[rows] = pd.Series(place_of[rows]).duplicated().to_numpy()
    rows = np.flatnonzero((place_of >= 0) & ~twice)
    at = place_of[rows]
    theirs = texts_of(now.frame, sheet.columns, words=words, names=now.names)
    theirs = {key: values[at] for key, values in theirs.items()}
    mine = {key: values[rows] for key, values in sheet.texts.items()}
    base, unknown = _base(sheet, rows, theirs, then, later, words, known=known)
    untouched = sheet.untouched()
    compared = _compared(
        _Three(mine, theirs, base), sheet.columns, now.frame.iloc[at], reading.rows[rows], unknown, untouched[rows]
    )
    strays = np.flatnonzero((place_of < 0) & (np.array(sheet.uuids, dtype=object) != "") & ~untouched)
    return Merge(
        reading=reading,
        mark=mark,
        columns=sheet.columns,
        headings=sheet.headings,
        rows=len(rows),
        differences=tuple(compared.differences),
        clashes=tuple(compared.clashes),
        fresh=np.flatnonzero(np.array([not uuid for uuid in sheet.uuids], dtype=bool)),
        kept=compared.kept,
        missing=max(sheet.count - len({uuid for uuid in sheet.uuids if uuid}), 0),
        strays=tuple(reading.rows[strays].tolist()),
        twice=tuple(reading.rows[np.flatnonzero(twice)].tolist()),
        left=sheet.left,
        known=known,
        state=now,
        words=words,
        mine=sheet.texts,
    )


class _Sheet:
    """The file's sheet, understood: ids, checks and cells."""

    def __init__(self, reading: Reading) -> None:
        frame = reading.frame
        names = [str(name) for name in frame.columns]
        found = {name: column_of(name) for name in names}
        self.headings = {column.key: name for name, column in reversed(found.items()) if column is not None}
        self.columns = tuple(
            column for name, column in found.items() if column is not None and self.headings[column.key] == name
        )
        if ID not in names or not self.columns:
            raise NotAFormBook(
                N_("“%(file)s” is no registration form of this program: it has no column “%(id)s”."),
                hint=N_("Export the form again, or bring the file in as an ordinary import."),
                file=reading.file,
                id=ID,
            )
        check = next((name for name in names if name.startswith(f"{CHECK};")), None)
        own = {ID, VERSION, check}
        self.left = tuple(name for name in names if found[name] is None and name not in own)
        self.mark, self.count = _marked(check)
        self.uuids = [text.lower() for text in read_texts(frame[ID], _ID_COLUMN)]
        self.frame = frame
        self.texts: Texts = {}
        self.checks = read_texts(frame[check], _ID_COLUMN) if check is not None else None
        self.whole = self.checks is not None and {column.key for column in FORM} <= set(self.headings)

    def read(self, words: Words) -> None:
        """Read the cells."""
        self.texts = {
            column.key: read_texts(self.frame[self.headings[column.key]], column, words) for column in self.columns
        }

    def untouched(self) -> NDArray[np.bool_]:
        """Rows whose cells are as they were written."""
        if self.checks is None or not self.whole:
            return np.zeros(len(self.uuids), dtype=bool)
        return np.asarray(hashes(self.texts, self.columns) == self.checks, dtype=bool)


_ID_COLUMN: Final = BookColumn("uuid", ID, "text")


def _marked(heading: str | None) -> tuple[Mark | None, int]:
    """The state that a book is of, and how many places it was written with."""
    parts = (heading or "").split(";")
    if len(parts) != 5 or parts[1] != str(FORMAT) or not (parts[2].isdigit() and parts[4].isdigit()):
        return None, 0
    return Mark(int(parts[2]), parts[3].replace("_", " ")), int(parts[4])


def _base(
    sheet: _Sheet,
    rows: NDArray[np.intp],
    theirs: Texts,
    then: State | None,
    later: set[str],
    words: Words,
    *,
    known: bool,
) -> tuple[Texts, NDArray[np.bool_]]:
    """What was taken along, and rows of which nobody can say it.

    It is what the register held at the book's state, as its change log tells; the check of each row has the last word.
    """
    base = {key: values.copy() for key, values in theirs.items()}
    uuids = np.array(sheet.uuids, dtype=object)[rows]
    if then is not None and len(then.frame):
        earlier_texts = texts_of(then.frame, sheet.columns, words=words, names=then.names)
        place = pd.Index(then.frame["uuid"]).get_indexer(pd.Index(uuids, dtype=object))
        changed = np.flatnonzero(place >= 0)
        for key, values in earlier_texts.items():
            base[key][changed] = values[place[changed]]
    unknown = np.isin(uuids.astype(str), sorted(later)) if later else np.zeros(len(rows), dtype=bool)
    if sheet.whole and sheet.checks is not None:
        unknown |= np.asarray(hashes(base, sheet.columns) != sheet.checks[rows], dtype=bool)
    elif not known:
        unknown[:] = True
    return base, unknown


@dataclass(frozen=True)
class _Three:
    """The cells of the rows that have a record: the file's, the register's, and what was taken along."""

    mine: Texts
    theirs: Texts
    base: Texts


@dataclass(frozen=True)
class _Compared:
    differences: list[Difference]
    clashes: list[Clash]
    kept: int


def _compared(
    cells: _Three,
    columns: Sequence[BookColumn],
    records: pd.DataFrame,
    rows: NDArray[np.int64],
    unknown: NDArray[np.bool_],
    untouched: NDArray[np.bool_],
) -> _Compared:
    """Value by value; of rows that nobody has touched nothing is asked, whatever the register has done with them."""
    uuids = records["uuid"].tolist()
    labels = records["name"].astype(object).fillna("").tolist()
    found: list[tuple[int, int, Difference | Clash]] = []
    kept = 0
    for order, column in enumerate(columns):
        if column.kind == "locked":
            continue
        mine, theirs, base = cells.mine[column.key], cells.theirs[column.key], cells.base[column.key]
        apart = np.asarray(mine != theirs, dtype=bool)
        same = untouched | (np.asarray(mine == base, dtype=bool) & ~unknown)
        kept += int(np.count_nonzero(apart & same))
        for place in np.flatnonzero(apart & ~same).tolist():
            if max(len(mine[place]), len(theirs[place])) >= LONGEST:
                continue  # it was cut when it was written, and is locked there
            common = (int(rows[place]), str(uuids[place]), str(labels[place]), column)
            if not unknown[place] and theirs[place] == base[place]:
                found.append((place, order, Difference(*common, base[place], mine[place])))
            else:
                before = None if unknown[place] else base[place]
                found.append((place, order, Clash(*common, before, mine[place], theirs[place])))
    told = [one for _, _, one in sorted(found, key=lambda one: one[:2])]
    return _Compared(
        [one for one in told if isinstance(one, Difference)], [one for one in told if isinstance(one, Clash)], kept
    )
