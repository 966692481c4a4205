"""Days: the register as at a day means as at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_, Invalid

_CHINA = timedelta(hours=8)
FIRST, LAST = np.int32(-(2**31)), np.int32(2**31 - 1)


class BadDay(Invalid):
    """A text that is not a day of the calendar."""

    code = "bad-day"


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadDay(
            N_("“%(text)s” is not a day."), hint=N_("Write it as year-month-day, for example 2022-12-31."), text=text
        ) from None


def today() -> date:
    """Today in China, where the register lives."""
    return (datetime.now(UTC) + _CHINA).date()


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def numbers(days: Sequence[str | None], *, absent: np.int32) -> NDArray[np.int32]:
    """Days since 1970-01-01 of texts YYYY-MM-DD; ``absent`` where there is none or none that is a day."""
    texts = [day if isinstance(day, str) and day else "NaT" for day in days]
    try:
        stamps = np.array(texts, dtype="datetime64[D]")
    except ValueError:  # a file keeps whatever another program writes into a column of dates
        stamps = np.array([day_or_none(text) for text in texts], dtype="datetime64[D]")
    values = np.clip(stamps.astype(np.int64), FIRST, LAST)
    return np.where(np.isnat(stamps), np.int64(absent), values).astype(np.int32)


def day_or_none(text: object) -> date | None:
    """The day with which a text of the register begins, None where it begins with none."""
    if not isinstance(text, str):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
