"""What an export says of the register that it was taken from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from layers.export import About
from layers.export.about import Language, same
from layers.index import Index
from layers.summary import sources


def about(
    index: Index,
    *,
    day: date,
    seq: int | None = None,
    filters: dict[str, object] | None = None,
    language: Language = "zh",
    translate: Callable[[str], str] = same,
) -> About:
    """Describe an export.

    Parameters
    ----------
    day
        The day that the features stand at.
    seq
        The change that the features are up to date with; None: the register's last.
    """
    found = sources(index)
    return About(
        seq=index.seq() if seq is None else seq,
        asof=day.isoformat(),
        filters=filters or {},
        language=language,
        sources=tuple(
            " ".join(part for part in (source.say(language), f"({source.licence})" if source.licence else "") if part)
            for source in found
        ),
        synthetic=any(source.synthetic for source in found),
        translate=translate,
    )
