"""Taking back a large batch, as a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.errors import N_
from layers.history import undo_batch
from layers.index import Index
from layers.ingest.written import is_written
from layers.register import open_register
from web.jobs.context import Context


def undo(context: Context, params: Mapping[str, Any]) -> dict[str, Any]:
    """Take all changes of a batch back in one transaction, under the job's uuid as their batch."""
    context.progress(0.1, N_("Looking at what has been changed since …"))
    with open_register(context.settings.register) as register:
        done = undo_batch(
            Index(register), params["batch"], editor=context.job.editor, why=params["why"], into=context.job.uuid
        )
    return {"undone": done.changes, "closed": done.closed}


def settle(context: Context, _params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whether an undo that was begun stands in the register: it stands there whole or not at all."""
    with open_register(context.settings.register) as register:
        return {} if is_written(register, context.job.uuid) else None
