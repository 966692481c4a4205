"""What an app serves: the register, its index, tiles and search, and the office; made once, shared by all requests."""

from __future__ import annotations

import gc
from dataclasses import dataclass

from flask import Flask, current_app

from layers.index import Index
from layers.office import Office, open_office
from layers.register import Register, open_register
from layers.search import Search
from layers.tiles import Tiles
from web import memory
from web.settings import Settings


@dataclass(frozen=True)
class Service:
    """The things that views ask."""

    settings: Settings
    index: Index
    tiles: Tiles
    search: Search
    office: Office
    import_map: str

    @classmethod
    def open(cls, settings: Settings, import_map: str) -> Service:
        """Open the register and its office; raises what `open_register` and `open_office` raise."""
        index = Index(open_register(settings.register))
        return cls(settings, index, Tiles(index), Search(index), open_office(settings.office_address), import_map)

    @property
    def register(self) -> Register:
        """The register, for who writes."""
        return self.index.register

    def preload(self) -> None:
        """Read everything before the first request, and keep it out of the collector's way for the workers to share."""
        # what is read here stays: to look through it for garbage again and again costs a tenth of the start
        gc.disable()
        try:
            self.index.preload()
            self.search.preload()
        finally:
            gc.enable()
        gc.collect()
        memory.give_back()
        gc.freeze()

    def forked(self) -> None:
        """To be called in a worker process after the fork."""
        self.index.forked()
        self.tiles.forked()
        self.search.forked()


def install(app: Flask, service: Service) -> None:
    """Give an app its service."""
    app.extensions["dijie"] = service


def service() -> Service:
    """The service of the current app."""
    found = current_app.extensions["dijie"]
    assert isinstance(found, Service)
    return found
