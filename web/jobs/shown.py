"""A job as pages and programs see it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.errors import N_
from layers.catalogue import LAYERS
from layers.office.jobs import Job, LogLine
from layers.records import SUBJECTS
from web.jobs.kinds import KINDS
from web.language import reader_language, translated

STATES: Mapping[str, str] = {
    "queued": N_("waiting"),
    "running": N_("running"),
    "done": N_("done"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
    "lost": N_("lost"),
}


def say(text: str, params: Mapping[str, Any] | None = None) -> str:
    """A text in the language of the current request."""
    return translated(text, reader_language(), params)


def job_as_json(job: Job) -> dict[str, Any]:
    """A job with its texts in the reader's language."""
    kind = KINDS.get(job.kind)
    return {
        "uuid": job.uuid,
        "kind": job.kind,
        "title": say(kind.title) if kind else job.kind,
        "about": about(job, reader_language()),
        "who": job.who,
        "state": job.state,
        "state_title": say(STATES[job.state]),
        "open": job.is_open,
        "cancelling": job.is_open and job.cancel_asked is not None,
        "share": round(job.share, 3),
        "phase": say(job.phase),
        "created": job.created,
        "started": job.started,
        "ended": job.ended,
        "error": fault_as_json(job),
        "result": outcome(job, reader_language()),
        "links": _links(job),
    }


def fault_as_json(job: Job) -> dict[str, str] | None:
    """What went wrong and what to do."""
    if job.error is None:
        return None
    return {
        "code": job.error.code,
        "detail": say(job.error.template, job.error.params),
        "hint": say(job.error.hint, job.error.params),
    }


def log_as_json(lines: list[LogLine]) -> list[dict[str, str]]:
    """A log's lines."""
    return [{"at": line.at, "text": say(line.template, line.params)} for line in lines]


def about(job: Job, language: str) -> str:
    """What it is about: a layer, or a file and its subject."""
    if job.params.get("layer") in LAYERS:
        layer = LAYERS[job.params["layer"]]
        return layer.title_zh if language == "zh" else layer.title_en
    subject = SUBJECTS.get(job.params.get("subject", ""))
    title = (subject.title_zh if language == "zh" else subject.title_en) if subject else ""
    return " · ".join(part for part in (str(job.params.get("name") or ""), title) if part)


_NAMES = {
    "names-check": N_("%(count)s findings"),
    "names-plan": N_("%(count)s records would change"),
    "names-batch": N_("%(count)s records are changed"),
}
"""What came of the jobs of the workbench."""


def outcome(job: Job, language: str) -> str:
    """What came of it, in one line."""
    result = job.result
    if job.state != "done" or result is None:
        return ""
    if job.kind in ("export", "formbook-export"):
        return translated(N_("%(count)s features"), language, {"count": f"{result['count']:,}"})
    if "undone" in result:
        return translated(N_("%(count)s changes taken back"), language, {"count": f"{result['undone']:,}"})
    if job.kind in _NAMES:
        return translated(_NAMES[job.kind], language, {"count": f"{result.get('count', 0):,}"})
    if job.kind == "formbook-check":
        numbers = {name: f"{result['counted'][name]:,}" for name in ("differences", "clashes", "fresh")}
        return translated(
            N_("%(differences)s values changed · %(clashes)s to choose · %(fresh)s new names"), language, numbers
        )
    counts = result.get("counts")
    if counts:
        numbers = {name: f"{counts.get(name, 0):,}" for name in ("new", "changed", "same", "refused")}
        return translated(
            N_("%(new)s new · %(changed)s changed · %(same)s the same · %(refused)s refused"), language, numbers
        )
    return ""


def _links(job: Job) -> list[dict[str, Any]]:
    """Where its result is."""
    links: list[dict[str, Any]] = []
    result = job.result or {}
    if job.kind in ("export", "formbook-export") and job.state == "done":
        if "file" in result:
            file = result["file"]
            links.append(
                {"href": f"/api/exports/{job.uuid}/file", "title": file["name"], "size": file["size"], "file": True}
            )
        else:
            links.append({"href": "", "title": say(N_("The file was kept for a day.")), "file": False})
    if job.kind == "formbook-check" or "merge" in job.params:
        form = job.params.get("merge", job.uuid)
        links.append({"href": f"/formbook/{form}", "title": say(N_("To the comparison")), "file": False})
    if "import" in job.params:
        links.append({"href": f"/imports/{job.params['import']}", "title": say(N_("To the import")), "file": False})
    if job.kind == "field-file-read":
        links.append({"href": "/field-files", "title": say(N_("To the field files")), "file": False})
    if job.kind == "names-check":
        links.append({"href": "/workbench", "title": say(N_("To the workbench")), "file": False})
    if job.kind in ("import-apply", "undo", "names-batch", "formbook-apply") and job.state == "done":
        links.append({"href": f"/history?batch={job.uuid}", "title": say(N_("What it changed")), "file": False})
    return links
