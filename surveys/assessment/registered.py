"""Lines and their stakes out of the register, as an assessment takes them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_
from layers.access import Reader, secrecy_codes, visible
from layers.boundaries.finding_lines import UnknownLine
from layers.register import Register
from surveys.assessment.assessing import RegisteredLine
from surveys.assessment.stakes import RegisteredStake

_LINE = [
    "uuid", "code", "name", "short_name", "left_code", "right_code", "left_name", "right_name", "secrecy", "is_public",
    "geom",
]  # fmt: skip
_STAKE = ["uuid", "number", "code", "height_m", "secrecy", "is_public", "geom"]


def registered_line(register: Register, asked: str, *, reader: Reader) -> RegisteredLine:
    """The line with that uuid, code, name or short name, and the stakes on it in their order.

    Raises
    ------
    UnknownLine
        If there is none, or none that the reader may see.
    """
    wanted = asked.strip()
    with register.reading() as connection:
        lines = register.frame(connection, "boundary_line", columns=_LINE)
        lines = _seen(lines, lines[["left_code", "right_code"]].fillna("").to_numpy(dtype=str), reader)
        found = lines[(lines[["uuid", "code", "name", "short_name"]] == wanted).fillna(value=False).any(axis=1)]
        if len(found) == 0:
            raise UnknownLine(
                N_("There is no boundary line “%(word)s”."),
                hint=N_("Name it by its code, such as %(example)s, or by its name."),
                word=wanted[:60],
                example=next(iter(lines["code"].dropna()), "2481"),
            )
        row = found.iloc[0]
        joined = register.frame(connection, "line_stake", columns=["line_uuid", "stake_uuid", "chainage_m"])
        joined = joined[joined["line_uuid"] == row["uuid"]]
        along = dict(zip(joined["stake_uuid"], joined["chainage_m"].tolist(), strict=True))
        frame = register.frame(connection, "stake", columns=_STAKE, uuids=list(along))
    stakes = [
        RegisteredStake(
            str(stake.uuid), _text(stake.number), _text(stake.code), stake.geom.x, stake.geom.y,
            _number(stake.height_m), _number(along[stake.uuid]),
        )
        for stake in _seen(frame, np.array([[row["left_code"], row["right_code"]]] * len(frame)), reader).itertuples()
        if stake.geom is not None and not stake.geom.is_empty
    ]  # fmt: skip
    stakes.sort(key=lambda stake: (stake.chainage_m is None, stake.chainage_m or 0.0, stake.number))
    return RegisteredLine(
        str(row["uuid"]), _text(row["code"]), _text(row["name"]), row["geom"], tuple(stakes),
        _text(row["left_name"]), _text(row["right_name"]),
    )  # fmt: skip


def _seen(frame: Any, counties: NDArray[np.str_], reader: Reader) -> Any:
    """The rows that the reader may see; a stake belongs to the counties of its line."""
    levels = secrecy_codes(frame["secrecy"].tolist(), frame["is_public"].tolist())
    return frame[visible(levels, counties.astype(str).reshape(len(frame), -1), reader=reader)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
