"""``dijie rounds``: the five-year plan of joint inspections and how far its rounds are."""

from __future__ import annotations

import json

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, settings, table

_PLAN_HEAD = (N_("Code"), N_("Line"), N_("Inspected"), N_("Due in"), N_("Planned"), N_("Standing"))
_ROUND_HEAD = (N_("Year"), N_("Round"), N_("Lines"), N_("Finished"), N_("In the field"), N_("Late"), N_("Due by"))


@click.group()
def rounds() -> None:
    """See which lines are due for a joint inspection and how far the rounds are; they are planned in the browser."""


@rounds.command("list")
@register_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_rounds(register: str | None, form: str) -> None:
    """All rounds, the latest first.

    \b
    Example:
      dijie rounds list
    """
    plan = _plan(register)
    if form == "json":
        click.echo(json.dumps(plan["rounds"], ensure_ascii=False, indent=1))
        return
    rows = [
        (
            str(one["year"] or ""), one["title"], str(one["lines"]), str(one["states"]["finished"]),
            str(one["states"]["fieldwork"]), str(one["late"]), one["due"] or "",
        )
        for one in plan["rounds"]
    ]  # fmt: skip
    table(_ROUND_HEAD, rows)


@rounds.command()
@register_option
@click.option("--all", "whole", is_flag=True, help="Every line, not only those that nobody has planned and are due.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def due(register: str | None, whole: bool, form: str) -> None:
    """Lines whose inspection is due this year or overdue and in no round. Ends with 1 where there is one.

    \b
    Examples:
      dijie rounds due
      dijie rounds due --all
    """
    lines = _plan(register)["lines"]
    waiting = [line for line in lines if line["standing"] in ("overdue", "due", "never")]
    shown = lines if whole else waiting
    if form == "json":
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        rows = [
            (
                line["code"], line["name"], " ".join(map(str, line["inspected"])), str(line["due"] or ""),
                " ".join(map(str, line["planned"])), line["standing_title"],
            )
            for line in shown
        ]  # fmt: skip
        table(_PLAN_HEAD, rows)
    if waiting:
        raise SystemExit(1)


def _plan(register: str | None) -> dict[str, list[dict[str, object]]]:
    from layers import days
    from layers.access import ADMINISTRATOR
    from layers.index import Index
    from layers.register import open_register
    from surveys.rounds import read_plan
    from web.rounds.shown import plan_as_json

    with open_register(settings(register).register) as opened:
        return plan_as_json(read_plan(Index(opened), reader=ADMINISTRATOR, today=days.today()), language())
