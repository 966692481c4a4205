"""``dijie work`` and ``dijie jobs``: do jobs without a server, and look at them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings
from web.language import translated

if TYPE_CHECKING:
    from layers.office import Office
    from layers.office.jobs import Job


@click.command()
@register_option
def work(register: str | None) -> None:
    """Do the jobs that people put in, until ended with Ctrl+C.

    `dijie serve` starts one such worker itself; a further one may run on this machine or, with a register on
    PostgreSQL, on another.

    \b
    Examples:
      dijie work
      dijie work --register postgresql://dijie@localhost/dijie
    """
    from web.jobs.keeper import command, environment

    found = settings(register)
    _office(found).close()  # makes the tables that are missing
    say(N_("Waiting for jobs of %(register)s (Ctrl+C ends it)."), register=found.register)
    # in this process's place: the command line has loaded what a worker that waits does not need
    os.execve(command()[0], command(), environment(found))  # noqa: S606 - our own program


@click.group()
def jobs() -> None:
    """Look at jobs, and cancel them."""


@jobs.command("list")
@register_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def list_jobs(register: str | None, limit: int) -> None:
    """The newest jobs, one a line.

    \b
    Examples:
      dijie jobs list --limit 50
    """
    from layers.access import LOCAL_EDITOR
    from layers.office.jobs import listed

    found, _ = listed(_office(settings(register)), editor=LOCAL_EDITOR(), limit=limit)
    for job in found:
        done = f"{job.share:.0%}" if job.state == "running" else ""
        click.echo("\t".join((job.uuid, job.created[:19], job.state, done, job.kind, job.who, _about(job))))
    if not found:
        say(N_("There are no jobs."))


@jobs.command()
@click.argument("uuid")
@register_option
def show(uuid: str, register: str | None) -> None:
    """Everything about a job: state, times, log, result.

    \b
    Examples:
      dijie jobs show 5f0c…
    """
    import json

    from layers.access import LOCAL_EDITOR
    from layers.office.jobs import find, log_of

    office = _office(settings(register))
    job = find(office, uuid, editor=LOCAL_EDITOR())
    facts: dict[str, Any] = {
        "uuid": job.uuid,
        "kind": job.kind,
        "who": job.who,
        "state": job.state,
        "share": f"{job.share:.0%}",
        "created": job.created,
        "started": job.started or "",
        "ended": job.ended or "",
        "params": json.dumps(job.params, ensure_ascii=False),
    }
    for name, value in facts.items():
        click.echo(f"{name}\t{value}")
    if job.error is not None:
        for text in (job.error.template, job.error.hint):
            click.echo(translated(text, language(), job.error.params))
    for line in log_of(office, uuid):
        click.echo(f"{line.at}\t{translated(line.template, language(), line.params)}")
    if job.result is not None:
        click.echo(json.dumps(job.result, ensure_ascii=False, indent=1))


@jobs.command()
@click.argument("uuid")
@register_option
def cancel(uuid: str, register: str | None) -> None:
    """Cancel a job: one that waits at once, one that runs within seconds.

    \b
    Examples:
      dijie jobs cancel 5f0c…
    """
    from layers.access import LOCAL_EDITOR
    from layers.office import jobs as store

    job = store.cancel(_office(settings(register)), uuid, editor=LOCAL_EDITOR())
    if job.state == "cancelled":
        say(N_("The job is cancelled."))
    elif job.is_open:
        say(N_("The job has been asked to end."))
    else:
        say(N_("The job had ended already (%(state)s)."), state=job.state)


def _office(found: Any) -> Office:
    from layers.office import open_office

    return open_office(found.office_address)


def _about(job: Job) -> str:
    return str(job.params.get("name") or job.params.get("layer") or "")
