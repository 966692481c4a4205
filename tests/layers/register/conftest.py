"""Empty registers of both homes, and small features to put into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.register import Register, create_register
from tests.postgis import PostGis, postgis

__all__ = ["postgis"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's register goes."""
    return tmp_path / "register.gpkg"


@pytest.fixture
def gpkg(path: Path) -> Iterator[Register]:
    """An empty register in a file."""
    with create_register(path) as register:
        yield register


@pytest.fixture
def server_url(postgis: PostGis) -> str:
    """The address of an empty database."""
    return postgis.database("register")


@pytest.fixture(params=["gpkg", pytest.param("postgis", marks=pytest.mark.xdist_group("postgis"))])
def register(request: pytest.FixtureRequest) -> Iterator[Register]:
    """An empty register of either home."""
    if request.param == "gpkg":
        target: str | Path = request.getfixturevalue("path")
    else:
        target = request.getfixturevalue("server_url")
    with create_register(target) as made:
        yield made
