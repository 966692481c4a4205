"""``dijie check-names``: all rules over all place names."""

from __future__ import annotations

from pathlib import Path

import click

from gis.errors import N_
from web.commands.terminal import language, register_option, say, settings, severity, table
from web.language import translated


@click.command("check-names")
@register_option
@click.option("--rule", "rules", multiple=True, metavar="KEY", help="Only this rule; may be repeated [default: all].")
@click.option("--county", default="", metavar="CODE", help="Only what is found in this county.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "xlsx"]),
    help="Counts by rule, or the list of findings [default: by the output's ending, else table].",
)  # fmt: skip
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The list, .csv or .xlsx.")
@click.option("--all", "everything", is_flag=True, help="Findings at records that are not public too.")
def check_names(
    register: str | None,
    rules: tuple[str, ...],
    county: str,
    form: str | None,
    output: Path | None,
    *,
    everything: bool,
) -> None:
    """Check all place names by the rules of naming and of the registration form.

    Prints how many findings each rule has; with --output the list of all findings is written too. With --format csv
    and no output the list goes to standard output alone. Nothing is changed. The rules: docs/place-name-rules.md.

    \b
    Examples:
      dijie check-names
      dijie check-names --county 370781 -o findings.xlsx
      dijie check-names --rule duplicate-name --rule same-sound --format csv > alike.csv
    """
    from layers.access import ADMINISTRATOR, PUBLIC
    from layers.placenames.checklist import UnknownList, as_csv, checklist, write_checklist
    from layers.register import open_register

    spoken = language()

    def translate(text: str, params: object) -> str:
        return translated(text, spoken, params)  # type: ignore[arg-type]

    ending = output.suffix.lower().lstrip(".") if output else ""
    if output is not None and (form or ending) not in ("csv", "xlsx"):
        raise UnknownList(
            N_("“%(path)s” must end with .csv or .xlsx."), hint=N_("The ending says what to write."), path=output.name
        )
    if output is None and form == "xlsx":
        raise click.UsageError(translate(N_("A workbook needs a file: add --output."), {}))
    with open_register(settings(register).register) as opened, opened.reading() as connection:
        reader = ADMINISTRATOR if everything else PUBLIC
        found = checklist(opened, connection, reader=reader, rules=rules, county=county)
    if output is None and form == "csv":
        click.echo(as_csv(found, language=spoken, translate=translate), nl=False)
        return
    counts = found.counts()
    titles = [rule.title_zh if spoken == "zh" else rule.title_en for rule, *_ in counts]
    rows = [
        (rule.key, title, severity(rule.severity), str(count), str(proposed))
        for (rule, count, proposed), title in zip(counts, titles, strict=True)
    ]
    table((N_("Rule"), N_("Rule in words"), N_("Severity"), N_("Findings"), N_("With a proposal")), rows)
    by_severity = {
        key: sum(count for rule, count, _ in counts if rule.severity == key) for key in ("error", "warning", "info")
    }
    say(
        N_("%(records)s names: %(errors)s errors, %(warnings)s warnings, %(information)s pieces of information."),
        records=f"{found.records:,}", errors=by_severity["error"], warnings=by_severity["warning"],
        information=by_severity["info"],
    )  # fmt: skip
    if found.hidden:
        say(N_("%(count)s findings at records that are not public are left out; --all shows them."), count=found.hidden)
    if output is not None:
        write_checklist(found, output, language=spoken, translate=translate, form=form or "")
        say(N_("%(path)s is written."), path=str(output))
