"""``dijie work`` and ``dijie jobs``: do jobs without a server, and look at them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings, severity, table
from web.language import translated

if TYPE_CHECKING:
    from layers.office import Office
    from layers.office.jobs import Job, LogLine


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
    if not found:
        say(N_("There are no jobs."))
        return
    head = (N_("Job"), N_("Kind"), N_("State"), N_("Put in (UTC)"), N_("Who"), N_("About"))
    table(head, [(job.uuid, _kind(job), _state(job), _moment(job.created), job.who, _about(job)) for job in found])


@jobs.command()
@click.argument("uuid")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@register_option
def show(uuid: str, form: str, register: str | None) -> None:
    """Everything about a job: state, times, log, result.

    \b
    Examples:
      dijie jobs show 5f0c…
    """
    from layers.access import LOCAL_EDITOR
    from layers.office.jobs import find, log_of

    office = _office(settings(register))
    job = find(office, uuid, editor=LOCAL_EDITOR())
    if form == "json":
        click.echo(json.dumps(_plain(job, log_of(office, uuid)), ensure_ascii=False, indent=1))
        return
    facts = (
        (N_("Job"), job.uuid), (N_("Kind"), _kind(job)), (N_("About"), _about(job)), (N_("Who"), job.who),
        (N_("State"), _state(job)), (N_("Put in (UTC)"), _moment(job.created)),
        (N_("Begun (UTC)"), _moment(job.started)), (N_("Ended (UTC)"), _moment(job.ended)),
        (N_("Result"), _result(job)),
    )  # fmt: skip
    for title, value in facts:
        if value:
            click.echo(f"{translated(title, language())}: {value}")
    if job.error is not None:
        said = [translated(text, language(), job.error.params) for text in (job.error.template, job.error.hint)]
        click.echo(f"{severity('error')}: {' '.join(filter(None, said))}")
    for line in log_of(office, uuid):
        click.echo(f"  {_moment(line.at)}  {translated(line.template, language(), line.params)}")


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
        say(N_("The job had ended already (%(state)s)."), state=_state(job))


def _office(found: Any) -> Office:
    from layers.office import open_office

    return open_office(found.office_address)


def _plain(job: Job, log: list[LogLine]) -> dict[str, Any]:
    """A job for programs: its own words, untranslated, and sentences in the reader's language."""
    fault = job.error
    return {
        "uuid": job.uuid, "kind": job.kind, "who": job.who, "state": job.state, "share": job.share,
        "created": job.created, "started": job.started, "ended": job.ended, "params": dict(job.params),
        "error": fault and {"code": fault.code, "detail": translated(fault.template, language(), fault.params)},
        "log": [{"at": line.at, "text": translated(line.template, language(), line.params)} for line in log],
        "result": job.result,
    }  # fmt: skip


def _kind(job: Job) -> str:
    from web.jobs.kinds import KINDS

    return translated(KINDS[job.kind].title, language()) if job.kind in KINDS else job.kind


def _state(job: Job) -> str:
    from web.jobs.shown import STATES

    done = f" {job.share:.0%}" if job.state == "running" else ""
    return translated(STATES[job.state], language()) + done


def _moment(at: str | None) -> str:
    return (at or "")[:16].replace("T", " ")


def _about(job: Job) -> str:
    from web.jobs.shown import about

    return about(job, language())


def _result(job: Job) -> str:
    from web.jobs.shown import outcome

    return outcome(job, language())
