"""Chinese place names: their parts, their pinyin, the keys by which they are found.

The tables (readings, generic terms) are CSV files under `gis.toponym.data`, one row per entry with its source: a
reading that the office corrects is a changed row, never changed code. An office's own table is read by
`load_readings` or `load_generics` and taken into use by `use_readings` or `use_generics`.
"""

from gis.toponym.bulk import bulk_other_keys, bulk_plain, bulk_search_keys
from gis.toponym.keys import Keys, search_keys
from gis.toponym.parts import GENERICS, generic_fits, load_generics, split_name, use_generics
from gis.toponym.readings import Reading, is_certain, learn_phrases, load_readings, syllables, use_readings
from gis.toponym.romanization import bulk_romanize, romanize
from gis.toponym.tables import BadNameTable

__all__ = [
    "GENERICS",
    "BadNameTable",
    "Keys",
    "Reading",
    "bulk_other_keys",
    "bulk_plain",
    "bulk_romanize",
    "bulk_search_keys",
    "generic_fits",
    "is_certain",
    "learn_phrases",
    "load_generics",
    "load_readings",
    "romanize",
    "search_keys",
    "split_name",
    "syllables",
    "use_generics",
    "use_readings",
]
