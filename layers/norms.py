"""Distances that norms ask for, as presets of a coverage question: data, each with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Norm:
    """One preset: ``status`` is H (sure), M (likely) or L (to be confirmed by the office)."""

    key: str
    title_zh: str
    title_en: str
    kinds: tuple[str, ...]
    distance_m: float
    source: str
    status: str


NORMS: tuple[Norm, ...] = (
    Norm("day-care-300", "日间照料 300 米", "Day care within 300 m", ("day_care",), 300, "GB 50180-2018", "M"),
    Norm(
        "canteen-5min",
        "助老食堂 5 分钟（300 米）",
        "Canteen within 5 min (300 m)",
        ("canteen",),
        300,
        "GB 50180-2018",
        "H",
    ),
    Norm(
        "meals-10min",
        "日间照料或食堂 10 分钟（500 米）",
        "Day care or canteen within 10 min (500 m)",
        ("day_care", "canteen"),
        500,
        "GB 50180-2018",
        "H",
    ),
    Norm(
        "street-centre-1000",
        "街道养老服务中心 1,000 米",
        "Street eldercare centre within 1,000 m",
        ("street_centre",),
        1000,
        "GB 50180-2018",
        "M",
    ),
    Norm(
        "eldercare-15min",
        "任一养老设施 15 分钟（1,000 米）",
        "Any eldercare within 15 min (1,000 m)",
        ("eldercare_home", "day_care", "rural_home", "canteen", "street_centre"),
        1000,
        "GB 50180-2018",
        "H",
    ),
    Norm(
        "social-work",
        "社工站 3,000 米",
        "Social-work station within 3,000 m",
        ("social_work",),
        3000,
        "参数 / parameter",
        "L",
    ),
)
