"""The demonstration as records are checked against it."""

from __future__ import annotations

import pytest

from layers.access import ADMINISTRATOR
from layers.index import Index
from layers.records import Context


@pytest.fixture(scope="session")
def context(index: Index) -> Context:
    """What the demonstration's records are checked against."""
    return Context.of(index, reader=ADMINISTRATOR)
