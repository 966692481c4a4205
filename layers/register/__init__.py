"""The register: one set of tables with two homes, a GeoPackage file or a PostGIS database.

Nothing above this package knows which home it is, and no SQL stands outside it.

>>> register = create_register("data/dijie.gpkg")          # doctest: +SKIP
>>> with register.writing(who="clerk", why="filing 12") as connection:      # doctest: +SKIP
...     register.insert(connection, "place", {"name": "青州市", "geom": Point(118.48, 36.68)})
>>> with register.reading() as connection:      # doctest: +SKIP
...     places = register.frame(connection, "place", columns=["name", "geom"])
"""

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
