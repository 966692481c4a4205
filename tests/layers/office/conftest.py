"""Empty offices of both homes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.office import Office, open_office
from tests.postgis import PostGis, postgis

__all__ = ["postgis"]


@pytest.fixture
def office_path(tmp_path: Path) -> Path:
    """Where a test's office goes."""
    return tmp_path / "register.office.sqlite"


@pytest.fixture
def office_url(postgis: PostGis) -> str:
    """The address of an empty database."""
    return postgis.database("office_only")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgis"))])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """An empty office of either home."""
    target = request.getfixturevalue("office_path" if request.param == "sqlite" else "office_url")
    with open_office(target) as made:
        yield made
