"""Degrees in whatever way people write them: decimal, degrees-minutes-seconds with signs, words, hyphens or packed.

Not understood, because nothing tells it from a decimal number: 119.0600 for 119°06′00″ (degrees, a point, minutes and
seconds). It is read as 119.06 degrees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FULL_WIDTH: Final = {chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(0x5E)} | {"\u3000": " "}
_SIGNS: Final = str.maketrans(
    {
        **_FULL_WIDTH,
        **dict.fromkeys("°度º˚⁰", "d"),
        **dict.fromkeys("′'分’‘´`＇", "m"),
        **dict.fromkeys('″"秒”“＂', "s"),
        **dict.fromkeys("−–—－‐", "-"),
        "东": "E",
        "西": "W",
        "北": "N",
        "南": "S",
        "经": "",
        "纬": "",
        "e": "E",
        "w": "W",
        "n": "N",
        "：": ":",
        "。": ".",
        "\t": " ",
        "\u00a0": " ",
        "\ufeff": "",
        "\u200b": "",
    }
)
_HEMISPHERE: Final = re.compile("[EWNS]")
_SEPARATOR: Final = r"\s*[d:\-\s]\s*"
_DECIMAL: Final = re.compile(r"(\d{1,3}(?:\.\d+)?|\.\d+)\s*d?")  # 119.1 or 119.1°
_MINUTES: Final = re.compile(rf"(\d{{1,3}}){_SEPARATOR}(\d{{1,2}}(?:\.\d+)?)\s*m?")  # 119°06.5′
_SECONDS: Final = re.compile(  # 119°06′00.00″ with any of these between, and two single marks for the double one
    rf"(\d{{1,3}})(?:{_SEPARATOR}|\.)(\d{{1,2}})(?:\s*[m:\-\s]\s*|\.)(\d{{1,2}}(?:\.\d+)?)\s*(?:s|mm)?"
)
_PACKED: Final = re.compile(r"(\d{1,3})(\d\d)(\d\d(?:\.\d+)?)")  # 1190600.00
_USUAL: Final = re.compile(r"(?:[EN]?\d{1,3}[d:\- ]\d{1,2}[m:\- ]\d{1,2}(?:\.\d+)?s?[EN]?\n)+")
_SPACED: Final = str.maketrans("dms:-EN\n", "        ")
_FULL: Final = 60.0


@dataclass(frozen=True)
class Degrees:
    """Angles that were read.

    Parameters
    ----------
    values
        Degrees, NaN where there is no text or it is none; south and west are negative.
    unread
        Which texts are there and cannot be understood.
    axis
        ``"lon"`` where E, W, 东经 or 西经 stands beside the number, ``"lat"`` for N, S, 北纬, 南纬, else empty.
    """

    values: NDArray[np.float64]
    unread: NDArray[np.bool_]
    axis: NDArray[np.str_]


def parse_degrees(texts: Sequence[str | None]) -> Degrees:
    """Angles as people write them, to degrees.

    Parameters
    ----------
    texts
        One angle each; None or blank where there is none.

    Returns
    -------
    Degrees
        As long as ``texts``.

    Examples
    --------
    >>> parse_degrees(["119°06′00.00″E", "东经119度6分0秒", "119-06-00", "1190600.00", "119.1"]).values.tolist()
    [119.1, 119.1, 119.1, 119.1, 119.1]
    """
    joined = "\n".join([text.replace("\n", " ") if text else "" for text in texts])
    lines = joined.translate(_SIGNS).split("\n")
    axis = np.zeros(len(lines), dtype="U3")
    values = _fast(lines, axis)
    if values is not None:
        return Degrees(values, np.zeros(len(lines), dtype=bool), axis)
    values = np.full(len(lines), np.nan)
    unread = np.zeros(len(lines), dtype=bool)
    known: dict[str, tuple[float, str]] = {}
    for place, line in enumerate(lines):
        if not line or line.isspace():
            continue
        if line not in known:
            known[line] = _angle(line)
        value, side = known[line]
        values[place], axis[place] = value, side
        unread[place] = value != value
    return Degrees(values, unread, axis)


def _fast(lines: list[str], axis: NDArray[np.str_]) -> NDArray[np.float64] | None:
    """Degrees, minutes and seconds of lines that are all written in the usual way; None where one is not."""
    text = "\n".join(lines) + "\n"
    if not _USUAL.fullmatch(text):
        return None
    parts = np.fromstring(text.translate(_SPACED), sep=" ").reshape(-1, 3)
    if len(parts) != len(lines) or not (parts[:, 1:] < _FULL).all():
        return None
    for side, name in (("E", "lon"), ("N", "lat")):
        if side in text:
            axis[[line[-1] == side or line[0] == side for line in lines]] = name
    return np.asarray(parts[:, 0] + (parts[:, 1] * 60 + parts[:, 2]) / 3600)


def _angle(line: str) -> tuple[float, str]:
    """One angle and the axis that its hemisphere names; NaN where it is none."""
    found = _HEMISPHERE.findall(line)
    if len(found) > 1:
        return np.nan, ""
    line = _HEMISPHERE.sub("", line).strip(" :,;")
    negative = line.startswith("-")
    value = _number(line.removeprefix("-").removeprefix("+").strip())
    side = found[0] if found else ""
    if negative and side:
        return np.nan, ""  # said twice, and perhaps meant once
    return (-value if negative or side in ("W", "S") else value), {"E": "lon", "W": "lon", "N": "lat", "S": "lat"}.get(
        side, ""
    )


def _number(line: str) -> float:
    """Degrees of an angle without sign and hemisphere; minutes and seconds of 60 and more are none."""
    if found := _DECIMAL.fullmatch(line):
        return float(found[1])
    if found := _MINUTES.fullmatch(line):
        minutes = float(found[2])
        return float(found[1]) + minutes / 60 if minutes < _FULL else np.nan
    found = _SECONDS.fullmatch(line) or _PACKED.fullmatch(line)
    if not found:
        return np.nan
    minutes, seconds = float(found[2]), float(found[3])
    return float(found[1]) + (minutes * 60 + seconds) / 3600 if minutes < _FULL and seconds < _FULL else np.nan
