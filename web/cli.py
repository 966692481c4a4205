"""The command ``dijie``."""

from __future__ import annotations

import os
import sys

# With these set, another program's projection tables are read instead: EPSG:4490 comes back as 4326, in silence.
for _name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA"):
    os.environ.pop(_name, None)

import click  # noqa: E402

from gis.errors import DijieError  # noqa: E402
from web.commands.boundaries import boundaries  # noqa: E402
from web.commands.checking import check_names  # noqa: E402
from web.commands.fieldfiles import field_files  # noqa: E402
from web.commands.files import coverage, export  # noqa: E402
from web.commands.formbook import formbook  # noqa: E402
from web.commands.geocoding import geocode  # noqa: E402
from web.commands.history import history, undo  # noqa: E402
from web.commands.importing import import_  # noqa: E402
from web.commands.procedures import procedures  # noqa: E402
from web.commands.register import demo, register  # noqa: E402
from web.commands.rounds import rounds  # noqa: E402
from web.commands.serve import serve  # noqa: E402
from web.commands.surveys import surveys  # noqa: E402
from web.commands.users import users  # noqa: E402
from web.commands.work import jobs, work  # noqa: E402


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dijie")
def cli() -> None:
    """Dijie 地界: place names, boundaries and facilities on a map.

    \b
    Start here:
      dijie demo     build the demonstration register
      dijie serve    open the map on http://127.0.0.1:8000

    Exit codes: 0 done, 1 findings or failure, 2 wrong input, 3 not found, 4 conflict, 5 too large, 6 denied,
    7 not available.
    """


for _command in (
    demo, serve, import_, export, coverage, geocode, check_names, register, users, work, jobs, history, undo, formbook,
    procedures, field_files, boundaries, surveys, rounds,
):  # fmt: skip
    cli.add_command(_command)


def main() -> None:
    """Run the command line; every known error is a sentence and an exit code."""
    from web.commands.localized import localize
    from web.commands.terminal import language
    from web.errors import EXIT, kind_of
    from web.language import sentences

    localize(cli, language())
    try:
        code = cli.main(standalone_mode=False)
    except DijieError as error:
        message, hint = sentences(error, language())
        click.echo(message + (f"\n{hint}" if hint else ""), err=True)
        sys.exit(EXIT[kind_of(error)])
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
