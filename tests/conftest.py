"""What all tests share: the demonstration register, built once for all workers, and copies of it to write into."""

from __future__ import annotations

import fcntl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from layers.index import Index
from layers.office import passwords
from layers.reference.demonstration import write_demonstration
from layers.register import Register, open_register

# what a machine does beside must not fail a test: speed is measured by the benchmarks
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A hash takes 40 ms on purpose, and hundreds of tests make people who sign in. Servers of their own keep the real one,
# and a test of accounts asks what its parameters are.
passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what their module has made (a server, an app, a checked register) go to one worker: else each
    worker makes it anew."""
    for item in items:
        if not isinstance(item, pytest.Function) or item.get_closest_marker("xdist_group"):
            continue
        made = item._fixtureinfo.name2fixturedefs.values()
        if any(one.scope == "module" for definitions in made for one in definitions):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demonstration register. Only to be read: it is shared by all workers."""
    root = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        root = root.parent
    path = root / "demonstration.gpkg"
    with (root / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            write_demonstration(path)
    return path


@pytest.fixture
def own_path(demonstration: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration register that a test may change."""
    path = tmp_path / "own.gpkg"
    # by another process: opening and closing the file in this one would drop the locks of those who read it here
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    return path


@pytest.fixture
def own_register(own_path: Path) -> Iterator[Register]:
    """A copy of the demonstration register, open."""
    with open_register(own_path) as register:
        yield register


@pytest.fixture
def own_index(own_register: Register, index: Index) -> Index:
    """An index over a copy of the demonstration register."""
    found = Index(own_register)
    with own_register.reading() as connection:
        if own_register.mark(connection) == index._state.mark:
            # What has been read of the demonstration holds for its copy until that is changed; columns never change.
            found._state = replace(index._state, columns=dict(index._state.columns), frames=dict(index._state.frames))
    return found


@pytest.fixture(scope="session")
def index(demonstration: Path) -> Iterator[Index]:
    """An index over the demonstration register. Only to be read."""
    with open_register(demonstration) as register:
        yield Index(register)
