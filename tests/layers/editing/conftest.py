"""The small register of the history's tests."""

from tests.layers.history.conftest import Small, postgis, small

__all__ = ["Small", "postgis", "small"]
