"""Every kind of job: which function does it, and what is done where its worker is lost.

The functions are named by their addresses, so that the worker's loop, which only waits and watches, never loads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

from gis.errors import N_


@dataclass(frozen=True)
class Kind:
    """One kind of job.

    Parameters
    ----------
    title
        What pages call it, an English text to be translated.
    run
        ``module:function``; takes a `web.jobs.context.Context` and the job's parameters, gives the result.
    settle
        ``module:function`` for a kind that writes the register: told a job that was begun and whose worker is gone,
        gives the result if all of it was written and None if nothing was. Empty for kinds that write nothing: they
        are begun anew, once.
    """

    title: str
    run: str
    settle: str = ""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "export": Kind(N_("Export"), "web.jobs.exporting:export"),
        "field-file-read": Kind(N_("Reading of a field file"), "web.surveys.work:read"),
        "import-check": Kind(N_("Check of a file"), "web.imports.work:check"),
        "undo": Kind(N_("Undo"), "web.history.work:undo", "web.history.work:settle"),
        "formbook-export": Kind(N_("Registration form"), "web.formbook.work:export"),
        "formbook-check": Kind(N_("Comparison of a form"), "web.formbook.work:check"),
        "formbook-apply": Kind(N_("Form taken over"), "web.formbook.work:apply", "web.formbook.work:settle"),
        "import-apply": Kind(N_("Import"), "web.imports.work:apply", "web.imports.work:settle"),
        "names-check": Kind(N_("Check of all names"), "web.workbench.work:check"),
        "names-plan": Kind(N_("Many names looked at"), "web.workbench.work:plan"),
        "names-batch": Kind(N_("Many names changed"), "web.workbench.work:apply", "web.workbench.work:settle"),
    }
)


def loaded(address: str) -> Any:
    """What stands at ``module:name``."""
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)
