"""Chinese place names: their parts, their pinyin, the keys by which they are found.

The tables (readings, generic terms) are CSV files under `gis.toponym.data`, one row per entry with its source: a
reading that the office corrects is a changed row, never changed code.
"""

from gis.toponym.keys import Keys, search_keys
from gis.toponym.parts import GENERICS, split_name
from gis.toponym.phrases import learn_phrases
from gis.toponym.readings import syllables
from gis.toponym.romanization import romanize

__all__ = ["GENERICS", "Keys", "learn_phrases", "romanize", "search_keys", "split_name", "syllables"]
