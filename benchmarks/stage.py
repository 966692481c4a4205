"""What the benchmarks share: a demonstration register, its index, a PostGIS; all made when first asked for."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.processes import DIJIE, Ran, run
from layers.index import Index
from layers.register import open_register


class Stage:
    """A folder and servers for one run of the benchmarks; everything is gone at its end.

    Parameters
    ----------
    quick
        Fewer runs: figures to look at while working, not to be stated.
    """

    def __init__(self, *, quick: bool = False) -> None:
        self.quick = quick
        self.folder = Path(tempfile.mkdtemp(prefix="dijie-bench-"))
        self._left = ExitStack()

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def runs(self, full: int) -> int:
        """How often to measure."""
        return max(1, full // 3) if self.quick else full

    @cached_property
    def built(self) -> Ran:
        """How the demonstration register was built."""
        return run([DIJIE, "demo", "--register", self.folder / "demonstration.gpkg"])

    @cached_property
    def register(self) -> Path:
        """The demonstration register. Only to be read."""
        assert self.built
        return self.folder / "demonstration.gpkg"

    @cached_property
    def index(self) -> Index:
        """The demonstration register in memory."""
        return Index(self._left.enter_context(open_register(self.register)))

    def copy(self, name: str) -> Path:
        """A copy of the register to write into."""
        path = self.folder / name
        shutil.copy(self.register, path)
        return path

    @cached_property
    def postgis(self) -> str:
        """Address of an empty PostGIS database on a private server, as the tests start it."""
        source = Path(__file__).resolve().parent.parent / "tests" / "postgis.py"
        spec = importlib.util.spec_from_file_location("benchmarks_postgis", source)
        assert spec is not None
        assert spec.loader is not None
        module: Any = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        start = contextmanager(module.postgis.__wrapped__)
        return str(self._left.enter_context(start()).database("bench"))
