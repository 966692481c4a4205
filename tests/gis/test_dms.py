"""Angles in the spellings that forms and instruments use."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.dms import parse_degrees

SPELLINGS = [
    "119°06′09.00″E",
    "119°06'09.00\"",
    "119° 06' 09''",
    "东经119度6分9秒",
    "119度06分09秒",
    "１１９°０６′０９″",
    "１１９度６分９．００秒",
    "119-06-09",
    "119-6-9.0",
    "119－06－09",
    "119:06:09",
    "119 06 09",
    "119.06.09",
    "1190609.00",
    "1190609",
    "E119°06′09″",
    "119°06.15′",
    "119.1025",
    "119.1025°",
    "119.1025度",
    "１１９．１０２５",
    " 119.1025 ",
    "+119.1025",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_spelling(text: str) -> None:
    read = parse_degrees([text])
    assert read.values[0] == pytest.approx(119.1025, abs=1e-12)
    assert not read.unread[0]


@pytest.mark.parametrize(
    ("text", "value", "axis"),
    [
        ("N36°42′36″", 36.71, "lat"),
        ("北纬36°42′36″", 36.71, "lat"),
        ("36.71S", -36.71, "lat"),
        ("西经119.1", -119.1, "lon"),
        ("-119.1", -119.1, ""),
    ],
)
def test_hemisphere(text: str, value: float, axis: str) -> None:
    read = parse_degrees([text, "119.1"])
    assert (read.values[0], read.axis[0]) == (pytest.approx(value), axis)


@pytest.mark.parametrize(
    "text", ["abc", "119°60′00″", "119°06′60″", "W-119", "119°06′09″E N", "40419585.333", "119,1", "1.1.1.1.1", "-"]
)
def test_what_is_no_angle(text: str) -> None:
    read = parse_degrees([text])
    assert read.unread.tolist() == [True]
    assert np.isnan(read.values).all()


def test_nothing_is_not_unread() -> None:
    read = parse_degrees([None, "", "  ", "　"])
    assert not read.unread.any()
    assert np.isnan(read.values).all()


@given(st.lists(st.tuples(st.integers(0, 179), st.integers(0, 59), st.integers(0, 5999)), min_size=1))
def test_the_quick_way_is_the_slow_one(angles: list[tuple[int, int, int]]) -> None:
    texts = [f"{degrees}°{minutes:02}′{hundredths / 100:05.2f}″E" for degrees, minutes, hundredths in angles]
    wanted = [degrees + minutes / 60 + hundredths / 360_000 for degrees, minutes, hundredths in angles]
    quick, slow = parse_degrees(texts), parse_degrees([*texts, "119.1"])
    assert quick.values == pytest.approx(wanted, abs=1e-11)
    assert slow.values[:-1] == pytest.approx(wanted, abs=1e-11)
    assert quick.axis.tolist() == ["lon"] * len(texts) == slow.axis[:-1].tolist()
