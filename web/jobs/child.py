"""The process of one job: begun fresh for it, so that its memory goes when it ends and it can be ended at any time.

``python -m web.jobs.child UUID ATTEMPT PARENT KINDS [settle]``
"""

from __future__ import annotations

import os
import sys

# With these set, another program's projection tables are read instead: EPSG:4490 comes back as 4326, in silence.
for _name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA"):
    os.environ.pop(_name, None)

import dataclasses  # noqa: E402
import logging  # noqa: E402
import signal  # noqa: E402
from collections.abc import Mapping  # noqa: E402

from gis.errors import DijieError  # noqa: E402
from layers.office import Office, claims, jobs  # noqa: E402
from layers.office.jobs import Job  # noqa: E402
from web.jobs import faults  # noqa: E402
from web.jobs.context import Context  # noqa: E402
from web.jobs.kinds import Kind, loaded  # noqa: E402
from web.jobs.parent import end_with  # noqa: E402
from web.settings import Settings  # noqa: E402

_log = logging.getLogger("dijie")


def main(arguments: list[str]) -> None:
    """Do a job, or settle one that another process has begun."""
    uuid, attempt, parent, kinds, *rest = arguments
    end_with(int(parent), signal.SIGKILL)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    settings = Settings.from_environment(os.environ)
    settings.use_name_tables()
    office = Office(settings.office_address)
    with office.reading() as connection:
        job = jobs.fetched(connection, uuid)
    if job.attempts != int(attempt) or job.state != "running":
        return
    table: Mapping[str, Kind] = loaded(kinds)
    if rest == ["settle"]:
        settle(Context(office, settings, job), table[job.kind])
        return
    do(Context(office, settings, as_of_now(office, job)), table[job.kind])


def as_of_now(office: Office, job: Job) -> Job:
    """The job with the roles and the scope that who asked for it has by now: it may have waited since."""
    # loaded here: the worker's loop, which names this module's command, stays small
    from layers.office.accounts import NoSuchAccount, account

    try:
        return dataclasses.replace(job, reader=account(office, job.who).reader)
    except NoSuchAccount:
        return job  # asked for by a program of our own, not by a person with an account


def do(context: Context, kind: Kind) -> None:
    """Do the job and say how it ended."""
    office, job = context.office, context.job
    try:
        result = loaded(kind.run)(context, job.params)
    except faults.Cancelled:
        claims.cancelled(office, job)
    except DijieError as error:
        claims.fail(office, job, error)
    except Exception:  # noqa: BLE001 - the one place that says of a job that the program itself was at fault
        _log.exception("job %s (%s)", job.uuid, job.kind)
        claims.fail(office, job, faults.broken())
    else:
        claims.finish(office, job, result, expires=_expires(result))


def settle(context: Context, kind: Kind) -> None:
    """Find out whether a job that wrote the register was done, and say so."""
    office, job = context.office, context.job
    result = loaded(kind.settle)(context, job.params)
    if result is not None:
        claims.finish(office, job, result)
    elif job.cancel_asked:
        claims.cancelled(office, job)
    else:
        claims.give_up(office, job, faults.did_not_happen())


def _expires(result: Mapping[str, object]) -> str | None:
    """Files of results are kept a day."""
    return jobs.now(86400) if "file" in result else None


def start(job: Job, kinds: str, *, settling: bool) -> list[str]:
    """The command that starts this process for a job."""
    return [
        sys.executable,
        "-P",  # a folder in which the server is started is not searched for our packages
        "-m",
        "web.jobs.child",
        job.uuid,
        str(job.attempts),
        str(os.getpid()),
        kinds,
        *(["settle"] if settling else []),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
