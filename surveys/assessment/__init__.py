"""Field work against the register: a track and stakes against a line, photos and objects on it.

Pure functions: what they are given they measure; nothing is read or written here but by `files` and `registered`.
"""

from surveys.assessment.assessing import RegisteredLine, Rules, assess_field_work
from surveys.assessment.photos import Photo, PhotoResult, PhotoRules
from surveys.assessment.profile import profile_svg
from surveys.assessment.result import Assessment, LineFacts, NotAnAssessment, ObjectResult
from surveys.assessment.stakes import CONDITIONS, ObservedStake, RegisteredStake, StakeResult, StakeRules
from surveys.assessment.track_result import TrackResult

__all__ = [
    "CONDITIONS",
    "Assessment",
    "LineFacts",
    "NotAnAssessment",
    "ObjectResult",
    "ObservedStake",
    "Photo",
    "PhotoResult",
    "PhotoRules",
    "RegisteredLine",
    "RegisteredStake",
    "Rules",
    "StakeResult",
    "StakeRules",
    "TrackResult",
    "assess_field_work",
    "profile_svg",
]
