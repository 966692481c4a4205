"""How far things may be apart before it is worth a look: parameters with the reason for each value."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any

from gis.errors import N_, Invalid


@dataclass(frozen=True)
class Limits:
    """Limits of the checks; all are an office's to change.

    Parameters
    ----------
    stake_off_m
        Of a single or triple stake from its line. Stakes are surveyed to 1 m; maps of 1:10 000 draw to 0.2 mm.
    double_off_m
        Of a double stake: the two stand on either bank of a river or side of a road.
    chainage_m
        Between a registered chainage and the one measured along the line.
    tripoint_m
        Between a line's end, or a stake, and the tripoint where it is said to be.
    length_share
        Of a line's declared length, by which the measured one may differ.
    length_m
        By which they may differ in any case, in metres.
    measured_m
        Between the length that the register keeps and the one measured anew: rounding alone.
    area_off_m
        Between the line and the border of the polygons on its sides.
    area_m2
        Ground between line and border.
    course_share
        Of the length, by which the text's legs, its whole length and the line may differ.
    course_leg_m
        For each leg, by which they may differ in any case: texts round to the tenth of a kilometre.
    most_features
        Reference features that the form has room for.
    """

    stake_off_m: float = 20.0
    double_off_m: float = 200.0
    chainage_m: float = 1.0
    tripoint_m: float = 20.0
    length_share: float = 0.01
    length_m: float = 20.0
    measured_m: float = 0.02
    area_off_m: float = 5.0
    area_m2: float = 1000.0
    course_share: float = 0.02
    course_leg_m: float = 50.0
    most_features: int = 3


DEFAULT = Limits()


class BadLimits(Invalid):
    """Limits that somebody has written in another way than ``name=number``."""

    code = "bad-limits"


def limits_from_text(text: str) -> Limits:
    """Limits as an office writes them: ``stake_off_m=5 chainage_m=0.5``; those that it leaves out stay.

    Raises
    ------
    BadLimits
        Naming the first part that cannot be understood.

    Examples
    --------
    >>> limits_from_text("stake_off_m=5, most_features=4").stake_off_m
    5.0
    """
    known = {field.name: field.type for field in fields(Limits)}
    found: dict[str, Any] = {}
    for part in text.replace(",", " ").split():
        name, _, value = part.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        whole = known.get(name) == "int"
        if name not in known or not 0 <= number < math.inf or (whole and not number.is_integer()):
            raise BadLimits(
                N_("“%(part)s” is no limit."), hint=N_("Limits are: %(known)s, each with = and a number."),
                part=part[:60], known=", ".join(known),
            )  # fmt: skip
        found[name] = int(number) if whole else number
    return replace(DEFAULT, **found)
