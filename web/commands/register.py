"""``dijie demo`` and ``dijie register``: make, upgrade and check a register."""

from __future__ import annotations

import time

import click

from gis.errors import N_
from web.commands.terminal import language, progress, register_option, say, settings, severity
from web.language import translated


@click.command()
@register_option
@click.option("--overwrite", is_flag=True, help="Replace a register that is already there.")
def demo(register: str | None, overwrite: bool) -> None:
    """Build the demonstration register of Weifang.

    Real county boundaries, towns and committees; positions, further names and facilities are synthetic and say so.

    Prints ready accounts, one for each role, with their passwords; with --overwrite they are made anew too.

    \b
    Examples:
      dijie demo
      dijie demo --register /srv/dijie/demo.gpkg --overwrite
    """
    from layers.office import open_office
    from layers.reference.demonstration import write_demonstration
    from web.commands.users import say_demonstration_accounts

    found = settings(register)
    target = found.register
    begun = time.monotonic()
    with progress() as step:
        write_demonstration(target, overwrite=overwrite, progress=step)
    say(N_("%(register)s is ready (%(seconds)s s)."), register=target, seconds=f"{time.monotonic() - begun:.1f}")
    with open_office(found.office_address) as office:
        say_demonstration_accounts(office, anew=overwrite)


@click.group()
def register() -> None:
    """Make, upgrade and check a register."""


@register.command()
@register_option
def init(register: str | None) -> None:
    """Make an empty register.

    \b
    Examples:
      dijie register init --register data/weifang.gpkg
      dijie register init --register postgresql://dijie@localhost/dijie
    """
    from layers.register import create_register

    target = settings(register).register
    create_register(target)
    say(N_("%(register)s is ready."), register=target)


@register.command()
@register_option
def upgrade(register: str | None) -> None:
    """Bring a register to this program's form; records, their history and triggers stay.

    \b
    Examples:
      dijie register upgrade --register data/dijie.gpkg
    """
    from layers.register import upgrade_register

    target = settings(register).register
    applied = upgrade_register(target)
    if applied:
        say(N_("%(register)s was brought to %(revision)s."), register=target, revision=applied[-1])
    else:
        say(N_("%(register)s needs no upgrade."), register=target)


@register.command()
@register_option
@click.pass_context
def check(context: click.Context, register: str | None) -> None:
    """Check a register: integrity, indexes, references, triggers, the rules of the file's format.

    Ends with 1 where an error was found.

    \b
    Examples:
      dijie register check
      dijie register check --register data/dijie.gpkg
    """
    from layers.register import check_register

    target = settings(register).register
    findings = check_register(target)
    for finding in findings:
        text = translated(finding.template, language(), finding.params)
        advice = translated(finding.advice, language(), finding.params)
        click.echo(
            f"{severity(finding.severity)}: {finding.where}: {text}"
            + (f" {advice}" if advice else "")
            + f" [{finding.rule}]"
        )
    wrong = sum(finding.severity == "error" for finding in findings)
    if not findings:
        say(N_("%(register)s is sound."), register=target)
    if wrong:
        context.exit(1)
