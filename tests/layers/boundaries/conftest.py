"""The small register of the history's tests: a line between two counties with a stake on it."""

from __future__ import annotations

from tests.layers.history.conftest import Small, postgis, small

__all__ = ["Small", "postgis", "small"]
