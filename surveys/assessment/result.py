"""The whole of an assessment as one value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from gis.errors import N_, Invalid
from gis.findings import Finding
from surveys.assessment.canonical import canonical, restored
from surveys.assessment.photos import PhotoResult
from surveys.assessment.stakes import StakeResult
from surveys.assessment.track_result import TrackResult

METHOD: Final = "1"
"""Goes up when the same data would give other figures."""


class NotAnAssessment(Invalid):
    """Text that is not the JSON of an assessment."""

    code: ClassVar[str] = "not-an-assessment"


@dataclass(frozen=True)
class LineFacts:
    """The line that was assessed, and the hash of its shape (SHA-256 of the WKB)."""

    uuid: str
    code: str
    name: str
    length_m: float
    left_name: str
    right_name: str
    sha256: str


@dataclass(frozen=True)
class ObjectResult:
    """A building, field or other polygon that the line cuts, and its areas on both sides; see `gis.linear.sides`."""

    name: str
    left_m2: float
    right_m2: float
    ends_inside: bool


@dataclass(frozen=True)
class Assessment:
    """A round's field work on one line against the register.

    Parameters
    ----------
    method
        Version of the way in which it was made.
    limits
        Everything that it was judged by, in metres and seconds.
    track
        None where no track was given; so are the others: an empty tuple means that there was none to be found.
    track_sha256
        Of the track as it was given (points, parts, times), empty without one.
    findings
        Of all parts, in their order.
    """

    line: LineFacts
    limits: Mapping[str, float]
    track: TrackResult | None
    stakes: tuple[StakeResult, ...] | None
    photos: tuple[PhotoResult, ...] | None
    objects: tuple[ObjectResult, ...] | None
    findings: tuple[Finding, ...]
    track_sha256: str = ""
    method: str = METHOD

    def as_json(self) -> str:
        """The one text of this assessment: equal ones are written alike, so its hash can be signed."""
        return canonical(self)

    @classmethod
    def from_json(cls, text: str) -> Assessment:
        """The assessment of which this is the text.

        Raises
        ------
        NotAnAssessment
            If it is none of this method.
        """
        try:
            found = restored(cls, json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise NotAnAssessment(N_("This is not the text of an assessment.")) from error
        if not isinstance(found, cls):
            raise NotAnAssessment(N_("This is not the text of an assessment."))
        return found

    def counts(self) -> dict[str, int]:
        """How many findings there are, by severity."""
        return {
            severity: sum(finding.severity == severity for finding in self.findings)
            for severity in ("error", "warning", "info")
        }
