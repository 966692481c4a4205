"""What a check of the demonstration register finds on purpose: names that are seeded with a village that is none."""

from __future__ import annotations

import os

from gis.findings import Finding
from layers.reference.demonstration.flaws import COUNTS
from layers.register import check_register

_WHERE = "place.village_code"


def unseeded_flaws(register: str | os.PathLike[str]) -> list[Finding]:
    """The flaws of a copy of the demonstration that are not those that it was made with."""
    found = check_register(register)
    seeded = [flaw for flaw in found if (flaw.rule, flaw.where, flaw.severity) == ("reference", _WHERE, "warning")]
    assert [flaw.params["count"] for flaw in seeded] == [COUNTS["division-unknown"]]
    return [flaw for flaw in found if flaw not in seeded]
