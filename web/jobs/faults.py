"""What can go wrong with a job, beside what goes wrong in it."""

from __future__ import annotations

from typing import ClassVar

from gis.errors import N_, Conflict, Unavailable


class JobEnded(Unavailable):
    """The job's process ended before it was done."""

    code: ClassVar[str] = "job-ended"


class JobLost(Unavailable):
    """The worker ended while it did the job."""

    code: ClassVar[str] = "job-lost"


class JobBroken(Unavailable):
    """A fault of the program's own."""

    code: ClassVar[str] = "job-broken"


class Cancelled(Conflict):
    """Raised in a job that was asked to end."""

    code: ClassVar[str] = "cancelled"


def ended(returncode: int) -> JobEnded:
    """The process ended with a code, or below zero by a signal."""
    reason = f"signal {-returncode}" if returncode < 0 else f"code {returncode}"
    return JobEnded(
        N_("The job's process was ended from outside, or ran out of memory (%(reason)s)."),
        hint=N_("Nothing was written. Try again; if it happens again, tell who looks after the server."),
        reason=reason,
    )


def lost_twice() -> JobLost:
    """Begun anew once already."""
    return JobLost(
        N_("The worker ended twice while it did this job."),
        hint=N_("Nothing was written. Try again; if it happens again, tell who looks after the server."),
    )


def did_not_happen() -> JobLost:
    """The change log does not know it."""
    return JobLost(
        N_("The worker ended before this was written. It did not happen: nothing was written."),
        hint=N_("Begin it again."),
    )


def broken() -> JobBroken:
    """An error that nobody has given a name."""
    return JobBroken(
        N_("Something went wrong here."),
        hint=N_("The server has written down what happened; please tell who looks after it."),
    )
