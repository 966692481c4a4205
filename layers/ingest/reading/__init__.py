"""Files of unknown make, read in a process of their own.

`read_isolated` and `peek_isolated` start the process, watch it and understand its answer; with `reading_begun` its
asker does other things meanwhile; `ask_isolated` has another reader of ours run there. `child` is what runs there.

The child imports this package too and must not load pandas: so the functions are looked up when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.ingest.reading.isolated import LayerPeek, ask_isolated, peek_isolated, read_isolated, reading_begun
    from layers.ingest.reading.limits import LIMITS, Limits

__all__ = ["LIMITS", "LayerPeek", "Limits", "ask_isolated", "peek_isolated", "read_isolated", "reading_begun"]


def __getattr__(name: str) -> Any:
    if name in ("LIMITS", "Limits"):
        from layers.ingest.reading import limits

        return getattr(limits, name)
    if name in __all__:
        from layers.ingest.reading import isolated

        return getattr(isolated, name)
    raise AttributeError(name)
