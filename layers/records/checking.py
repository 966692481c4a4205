"""What is wrong with records, all of it at once.

Errors cannot stand: a mandatory field is empty, a number beyond its range, a code malformed or that nothing has,
days in the wrong order, a place that is missing, broken or far away. Doubts are warnings: codes that contradict one
another, a place outside the county that is named. How a name is spelled is information.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from layers.ingest.model import Noted
from layers.records.context import Context
from layers.records.fields import record_fields
from layers.records.rules import attributes, codes, general, numbers, places, stakes, stories, words
from layers.records.rules.table import Flaws, Table

Rule = Callable[[Table, Context], Flaws]

_EVERY: Final[tuple[Rule, ...]] = (
    general.required,
    general.ranges,
    general.days_in_order,
    codes.patterns,
    codes.known,
    codes.agree,
    places.kinds,
    places.sound,
    places.near,
)
_FURTHER: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "place-names": (
            *(codes.place_codes, codes.classes, words.parts, words.spelled, words.years, places.in_county),
            attributes.of_class,
        ),
        "place-lines": (codes.classes,),
        "place-areas": (codes.classes,),
        "facilities": (numbers.beds, places.in_county),
        "divisions": (numbers.people, codes.levels, words.spelled, places.in_county),
        "boundary-lines": (stakes.sides,),
        "stakes": (stakes.lines, stakes.numbers),
        "boundary-points": (stakes.lines,),
        "place-signs": (places.in_county,),
        "stories": (stories.of_story,),
    }
)


def check(layer_key: str, frame: pd.DataFrame, *, context: Context) -> list[Noted]:
    """What is wrong with records as they would stand in the register.

    Parameters
    ----------
    layer_key
        Of the catalogue.
    frame
        As `parse` gives it. Only the columns that are there are looked at, but a required field or a needed place
        (column ``geom``, EPSG:4490) that has no column at all is missing in every row: where a file brings some fields
        of a record that is there, give the record with them.
    context
        Of the register that they would stand in.

    Returns
    -------
    list of Noted
        By row (the position in the frame), then in the order of the rules.
    """
    table = Table(layer_key, frame, record_fields(layer_key))
    found = [noted for rule in (*_EVERY, *_FURTHER.get(layer_key, ())) for noted in _noted(rule(table, context))]
    found.sort(key=lambda noted: -1 if noted.row is None else noted.row)
    return found


def _noted(flaws: Flaws) -> Iterator[Noted]:
    for row, name, value, finding in flaws:
        yield Noted(row, name, value, finding)
