"""Times as devices write them, to seconds since 1970 in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_ISO: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_YEARS: Final = range(1990, 2100)


def seconds(text: str) -> float | None:
    """A moment in ISO 8601; without a zone it is UTC, as GPX and KML have it. None where it is none.

    Examples
    --------
    >>> seconds("2025-05-01T08:00:00+08:00"), seconds("2025-05-01 00:00:00.5"), seconds("1 May")
    (1746057600.0, 1746057600.5, None)
    """
    found = _ISO.match(text.strip())
    if found is None or int(found[1]) not in _YEARS:
        return None
    try:
        moment = datetime(*(int(found[place]) for place in range(1, 7)), tzinfo=_zone(found[8]))  # type: ignore[misc,arg-type]
        return moment.timestamp() + (float(f"0.{found[7]}") if found[7] else 0.0)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if not text or text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
