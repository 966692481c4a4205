"""The demonstration is built once for all tests of this folder."""

from __future__ import annotations

import pytest

from layers.reference.demonstration import Demonstration, make


@pytest.fixture(scope="session")
def made() -> Demonstration:
    return make()


@pytest.fixture(scope="session")
def frames(made):
    return made.frames
