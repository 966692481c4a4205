"""Another program that writes: moves and renames one place for each line that it is given."""

from __future__ import annotations

import sys

import shapely

from layers.register import open_register


def main(path: str, uuid: str) -> None:
    """Read ``lon lat name`` from standard input, write, and say ``done`` once the register has it."""
    with open_register(path) as register:
        for line in sys.stdin:
            lon, lat, name = line.split()
            with register.writing(who="benchmark", why="staleness") as connection:
                values = {"name": name, "geom": shapely.Point(float(lon), float(lat))}
                register.update(connection, "place", uuid, values)
            print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
