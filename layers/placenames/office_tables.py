"""An office's own tables of names: readings, generic terms, scopes and words, taken from one folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from gis.errors import N_
from gis.toponym.parts import load_generics, use_generics
from gis.toponym.readings import load_readings, use_readings
from gis.toponym.tables import NameTableMissing
from layers.placenames.rules.lists import load_scopes, load_words, use_scopes, use_words

FILES: Final = ("readings.csv", "generics.csv", "scopes.csv", "words.csv")
"""What a folder may hold. Readings, generic terms and words extend the shipped tables; scopes take their place."""
_in_use = [""]


def use_folder(folder: Path | None) -> None:
    """Judge and spell names by the tables of a folder in this process from now on; None: by the shipped ones.

    Raises
    ------
    NameTableMissing
        Where the folder is not there, or holds none of `FILES`.
    BadNameTable, NameTableTooLarge
        Naming file, line and field; then all stays as it was.
    """
    there = [] if folder is None else [name for name in FILES if (folder / name).is_file()]
    if folder is not None and not there:
        raise NameTableMissing(
            N_("The folder %(folder)s holds none of the tables of names."),
            hint=N_("It may hold %(files)s."), folder=str(folder), files=", ".join(FILES),
        )  # fmt: skip
    path = {name: folder / name for name in there} if folder is not None else {}
    readings = load_readings(path["readings.csv"]) if "readings.csv" in path else None
    generics = load_generics(path["generics.csv"]) if "generics.csv" in path else None
    scopes = load_scopes(path["scopes.csv"]) if "scopes.csv" in path else None
    words = load_words(path["words.csv"]) if "words.csv" in path else None
    use_readings(readings)
    use_generics(generics)
    use_scopes(scopes)
    use_words(words)
    told = hashlib.sha256()
    for name, file in path.items():
        told.update(name.encode() + file.read_bytes())
    _in_use[:] = [told.hexdigest()[:16] if path else ""]


def edition() -> str:
    """What tells the tables in use from others; empty for the shipped ones."""
    return _in_use[0]
