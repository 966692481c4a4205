"""Addresses of databases, and engines that do not cross a fork: what a process without business with features needs.

Apart from the register's engine because that comes with a driver for PostgreSQL, with numpy and with shapely.
"""

from __future__ import annotations

import os
import weakref
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from layers.register.errors import BadAddress

_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def is_server(path_or_url: str | os.PathLike[str]) -> bool:
    """Whether this names a PostgreSQL database rather than a file."""
    return str(path_or_url).startswith(("postgresql:", "postgresql+", "postgres:"))


def file_path(path_or_url: str | os.PathLike[str]) -> Path:
    """The file that a path, or an ``sqlite:///`` address, names."""
    return Path(str(path_or_url).removeprefix("sqlite:///")).expanduser().absolute()


def server_url(path_or_url: str | os.PathLike[str]) -> URL:
    """The address for SQLAlchemy, with the driver that is installed; `BadAddress` where it is none."""
    text = str(path_or_url)
    if text.startswith("postgres:"):
        text = "postgresql:" + text.removeprefix("postgres:")
    try:
        return make_url(text).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):  # the address is not repeated: there may be a password in it
        raise BadAddress(
            "The address of the database cannot be understood.",
            hint="Write it as postgresql://user@host:5432/database.",
        ) from None


def display_name(path_or_url: str | os.PathLike[str]) -> str:
    """What a message calls the register: the path, or the address without its password."""
    if is_server(path_or_url):
        return server_url(path_or_url).render_as_string(hide_password=True)
    return str(file_path(path_or_url))


def keep_out_of_forks(engine: Engine) -> None:
    """Have an engine's idle connections closed before each fork of this process."""
    _engines.add(engine)


def _close_idle() -> None:
    """Before a fork: an SQLite connection must not be used, nor even closed, by two processes."""
    for engine in list(_engines):
        engine.dispose()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_idle)
