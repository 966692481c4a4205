"""What a job is given: its job, the places it works in, and how it tells how far it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from layers.media import Folder
from layers.office import Office, claims
from layers.office.jobs import Job
from web.jobs.faults import Cancelled
from web.settings import Settings

_PACE_S = 0.35
"""Progress is written no oftener than this."""


class Context:
    """A job under way, for the function that does it."""

    def __init__(self, office: Office, settings: Settings, job: Job) -> None:
        self.office = office
        self.settings = settings
        self.job = job
        self._told = 0.0
        self._share = 0.0
        self._phase = ""
        self._part: Mapping[str, Any] | None = None

    def folder(self, name: str) -> Folder:
        """Where files of a purpose are kept: ``exports``, ``uploads``, ``reports``."""
        return Folder(self.settings.files_folder / name)

    def progress(self, share: float, phase: str) -> None:
        """Tell how far it is: 0 to 1, and what is being done (an English text). Written a few times a second.

        Raises
        ------
        Cancelled
            Where the job was asked to end, or is no longer this worker's.
        """
        self._share, self._phase = share, phase
        if time.monotonic() - self._told >= _PACE_S:
            self._tell()

    def part(self, result: Mapping[str, Any]) -> None:
        """Show what is known of the result already."""
        self._part = result
        self._tell()

    def cancelled(self) -> bool:
        """Whether the job was asked to end."""
        return claims.cancel_asked(self.office, self.job) is not None

    def log(self, template: str, **params: Any) -> None:
        """Add a line to the job's log: an English text, and what fills its places."""
        claims.log(self.office, self.job, template, **params)

    def _tell(self) -> None:
        self._told = time.monotonic()
        part, self._part = self._part, None
        mine = claims.progress(self.office, self.job, self._share, self._phase, part=part)
        if not mine or self.cancelled():
            raise Cancelled("The job was cancelled.")
