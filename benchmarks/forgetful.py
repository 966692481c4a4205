"""``dijie`` with nothing kept of the tiles that it has made: each is encoded and compressed anew."""
# ruff: noqa: I001 - the command's module cleans the environment before the first import of a projection library

from __future__ import annotations

from web.cli import main

from layers.tiles import Tiles

if __name__ == "__main__":
    assert Tiles.__init__.__kwdefaults__ is not None
    Tiles.__init__.__kwdefaults__["keep_bytes"] = 0
    main()
