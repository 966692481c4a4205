"""The small register of the history's tests, on both homes."""

from tests.layers.history.conftest import Small, postgis, small

__all__ = ["Small", "postgis", "small"]
