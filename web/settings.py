"""Settings: one frozen value, built once from the environment. No other module reads the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
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
    office
        ``DIJIE_OFFICE``: path of the SQLite file, or address of the PostgreSQL database, with accounts and jobs; beside
        the register by default.
    files
        ``DIJIE_FILES``: the folder of pictures and documents; beside the register by default.
    upload_mb
        ``DIJIE_UPLOAD_MB``: how many megabytes a file that is sent in may have, 300 by default.
    public
        ``DIJIE_PUBLIC``: ``0`` asks everybody to sign in; by default what is public is read without an account.
    session_minutes
        ``DIJIE_SESSION_MINUTES``: after how many minutes without a request somebody is signed out, 120 by default.
    https
        ``DIJIE_HTTPS``: ``1`` where readers reach the server by HTTPS; the cookie is then sent over HTTPS alone.
    proxies
        ``DIJIE_PROXIES``: how many reverse proxies stand before the server, none by default; as many entries of
        ``X-Forwarded-For`` are believed.
    filing_days, announcing_days
        ``DIJIE_FILING_DAYS``, ``DIJIE_ANNOUNCING_DAYS``: days from the approval of a place name to its filing, and from
        there to its announcement, 15 each by default.
    name_tables
        ``DIJIE_NAME_TABLES``: a folder with the office's own ``readings.csv``, ``generics.csv``, ``scopes.csv`` and
        ``words.csv``, as many of them as there are.
    boundary_limits
        ``DIJIE_BOUNDARY_LIMITS``: how far stakes, lengths and courses may be apart, such as ``stake_off_m=5``; those
        that are left out have the program's own values.
    develop
        ``DIJIE_DEVELOP``: ``1`` re-reads templates and static files at every request.
    """

    register: str = "data/dijie.gpkg"
    language: str = "zh"
    basemap: str = ""
    basemap_title: str = ""
    office: str = ""
    files: str = ""
    upload_mb: int = 300
    public: bool = True
    session_minutes: int = 120
    https: bool = False
    proxies: int = 0
    filing_days: int = 15
    announcing_days: int = 15
    name_tables: str = ""
    boundary_limits: str = ""
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
            office=environment.get("DIJIE_OFFICE", ""),
            files=environment.get("DIJIE_FILES", ""),
            upload_mb=_whole(environment, "DIJIE_UPLOAD_MB", cls.upload_mb, low=1, high=100_000),
            public=_flag(environment, "DIJIE_PUBLIC", default=cls.public),
            session_minutes=_whole(environment, "DIJIE_SESSION_MINUTES", cls.session_minutes, low=1, high=720),
            https=_flag(environment, "DIJIE_HTTPS", default=cls.https),
            proxies=_whole(environment, "DIJIE_PROXIES", cls.proxies, low=0, high=9),
            filing_days=_whole(environment, "DIJIE_FILING_DAYS", cls.filing_days, low=1, high=365),
            announcing_days=_whole(environment, "DIJIE_ANNOUNCING_DAYS", cls.announcing_days, low=1, high=365),
            name_tables=environment.get("DIJIE_NAME_TABLES", ""),
            boundary_limits=_limits(environment.get("DIJIE_BOUNDARY_LIMITS", "")),
            develop=_flag(environment, "DIJIE_DEVELOP", default=cls.develop),
        )
        if "://" in settings.basemap and not all(part in settings.basemap for part in ("{z}", "{x}", "{y}")):
            raise BadSetting(
                N_("%(name)s cannot be “%(value)s”."),
                hint=N_("An address of a base map needs {z}, {x} and {y}."),
                name="DIJIE_BASEMAP",
                value=settings.basemap,
            )
        return settings

    def use_name_tables(self) -> None:
        """Spell and judge names by the office's own tables, where it has any; raises what `use_folder` raises."""
        if self.name_tables:
            from layers.placenames.office_tables import use_folder

            use_folder(Path(self.name_tables).expanduser())

    @property
    def office_address(self) -> str:
        """Where accounts and jobs are kept."""
        from layers.office import office_address

        return office_address(self.register, self.office)

    @property
    def files_folder(self) -> Path:
        """Where pictures and documents are kept."""
        from layers.register.addresses import file_path, is_server

        if self.files:
            return Path(self.files).expanduser().absolute()
        register = file_path(type(self).register if is_server(self.register) else self.register)
        return register.with_name(f"{register.stem}.files")

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


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name, "")
    if value not in ("", "0", "1"):
        raise BadSetting(
            N_("%(name)s cannot be “%(value)s”."),
            hint=N_("Choose one of: %(known)s."),
            name=name,
            value=value,
            known="0, 1",
        )
    return value == "1" if value else default


def _whole(environment: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    value = environment.get(name, "")
    if not value:
        return default
    if value.isascii() and value.isdigit() and low <= int(value) <= high:
        return int(value)
    raise BadSetting(
        N_("%(name)s cannot be “%(value)s”."),
        hint=N_("It is a whole number from %(low)s to %(high)s."),
        name=name,
        value=value,
        low=low,
        high=high,
    )


def _limits(text: str) -> str:
    """Limits of the boundary checks, looked at: a wrong one ends the start, not a page."""
    if text:
        from layers.boundaries.checks.limits import limits_from_text

        limits_from_text(text)
    return text
