"""The register: one set of tables with two homes, a GeoPackage file or a PostGIS database.

Nothing above this package knows which home it is, and no SQL stands outside it.

>>> register = create_register("data/dijie.gpkg")          # doctest: +SKIP
>>> with register.writing(who="clerk", why="filing 12") as connection:      # doctest: +SKIP
...     register.insert(connection, "place", {"name": "青州市", "geom": Point(118.48, 36.68)})
>>> with register.reading() as connection:      # doctest: +SKIP
...     places = register.frame(connection, "place", columns=["name", "geom"])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.register.check import check_register
    from layers.register.migrate import upgrade_register
    from layers.register.opening import create_register, open_register
    from layers.register.register import NOTHING, Change, Mark, Register
    from layers.register.tables import TABLES, TRACKED

__all__ = [
    "NOTHING",
    "TABLES",
    "TRACKED",
    "Change",
    "Mark",
    "Register",
    "check_register",
    "create_register",
    "open_register",
    "upgrade_register",
]

_MODULES = {
    "check_register": "check",
    "upgrade_register": "migrate",
    "create_register": "opening",
    "open_register": "opening",
    "NOTHING": "register",
    "Change": "register",
    "Mark": "register",
    "Register": "register",
    "TABLES": "tables",
    "TRACKED": "tables",
}


def __getattr__(name: str) -> object:
    # On first use: a process that only needs an address, such as the one that waits for jobs, stays at a third of the
    # memory that features take.
    if name not in _MODULES:
        raise AttributeError(name)
    found: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
