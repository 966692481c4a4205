"""Settings: one frozen value, built once from the environment. No other module reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from gis.errors import N_, Invalid

LANGUAGES = ("zh", "en")


class BadSetting(Invalid):
    """A variable of the environment that cannot be understood."""

    code = "bad-setting"


@dataclass(frozen=True)
class Settings:
    """How this installation runs.

    Parameters
    ----------
    register
        ``DIJIE_REGISTER``: path of a GeoPackage or address of a PostgreSQL database.
    language
        ``DIJIE_LANGUAGE``: ``zh`` or ``en``, the language of pages where a reader has not chosen one.
    basemap
        ``DIJIE_BASEMAP``: none by default. ``tianditu:KEY`` with the office's key, an address pattern with ``{z}``,
        ``{x}``, ``{y}`` (XYZ or WMTS), or a folder with an image pyramid ``z/x/y.png``.
    basemap_title
        ``DIJIE_BASEMAP_TITLE``: what the map calls it.
    develop
        ``DIJIE_DEVELOP``: ``1`` re-reads templates and static files at every request.
    """

    register: str = "data/dijie.gpkg"
    language: str = "zh"
    basemap: str = ""
    basemap_title: str = ""
    develop: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables ``DIJIE_…``; `BadSetting` names the one that cannot be understood."""
        language = environment.get("DIJIE_LANGUAGE", "zh")
        if language not in LANGUAGES:
            raise BadSetting(
                N_("%(name)s cannot be “%(value)s”."),
                hint=N_("Choose one of: %(known)s."),
                name="DIJIE_LANGUAGE",
                value=language,
                known=", ".join(LANGUAGES),
            )
        settings = cls(
            register=environment.get("DIJIE_REGISTER", cls.register),
            language=language,
            basemap=environment.get("DIJIE_BASEMAP", ""),
            basemap_title=environment.get("DIJIE_BASEMAP_TITLE", ""),
            develop=environment.get("DIJIE_DEVELOP", "") == "1",
        )
        if "://" in settings.basemap and not all(part in settings.basemap for part in ("{z}", "{x}", "{y}")):
            raise BadSetting(
                N_("%(name)s cannot be “%(value)s”."),
                hint=N_("An address of a base map needs {z}, {x} and {y}."),
                name="DIJIE_BASEMAP",
                value=settings.basemap,
            )
        return settings

    @property
    def basemap_tiles(self) -> tuple[str, ...]:
        """Address patterns of the base map's tiles, empty where there is none."""
        if not self.basemap:
            return ()
        if self.basemap.startswith("tianditu:"):
            key = self.basemap.removeprefix("tianditu:")
            pattern = (
                "https://t{host}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
                "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}"
                "&TILECOL={{x}}&tk={key}"
            )
            return tuple(pattern.format(host=host, layer="vec", key=key) for host in range(8))
        if "://" in self.basemap:
            return (self.basemap,)
        return ("/basemap/{z}/{x}/{y}.png",)

    @property
    def basemap_folder(self) -> str:
        """The folder of the image pyramid, empty where the base map is none or elsewhere."""
        return "" if self.basemap.startswith("tianditu:") or "://" in self.basemap else self.basemap

    @property
    def basemap_origins(self) -> tuple[str, ...]:
        """Foreign hosts that the pages may fetch images from."""
        parts = (urlsplit(tile) for tile in self.basemap_tiles if "://" in tile)
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))
