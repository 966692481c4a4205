"""Where applications are worked on."""

from __future__ import annotations

from dataclasses import dataclass, field

from layers.index import Index
from layers.office import Office
from layers.placenames.procedures.deadlines import Deadlines


@dataclass(frozen=True)
class Desk:
    """The register, the office and the deadlines that hold there."""

    index: Index
    office: Office
    deadlines: Deadlines = field(default_factory=Deadlines)
