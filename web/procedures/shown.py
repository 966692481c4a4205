"""Applications as pages and scripts show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from gis.errors import N_
from layers import days
from layers.access import Editor
from layers.office.applications import Application
from layers.placenames.procedures.deadlines import urgency
from layers.placenames.procedures.desk import Desk
from layers.placenames.procedures.documents import TITLES as DOCUMENTS
from layers.placenames.procedures.documents import documents_of
from layers.placenames.procedures.effects import effect_of
from layers.placenames.procedures.handling import actions_open
from layers.placenames.procedures.judging import Judged, Judgement
from layers.placenames.procedures.kinds import KINDS, RURAL, kind_named
from layers.placenames.procedures.lifecycle import ACTIONS, STATES
from layers.placenames.ripple.model import TITLES as GROUPS
from layers.records import Context, record_fields
from web.history.shown import value_text
from web.language import translated

BADGES = {
    "consulting": "accent", "pending": "accent", "reviewed": "accent", "approved": "good", "returned": "warning",
    "cancelled": "",
}  # fmt: skip
_DIVISIONS = ("county_code", "town_code", "village_code")
_STEPS = {"file": N_("Filing"), "announce": N_("Announcement")}
_URGENCIES = {
    "overdue": N_("%(step)s overdue by %(days)s days, since %(day)s"),
    "soon": N_("%(step)s due in %(days)s days, on %(day)s"),
    "open": N_("%(step)s due in %(days)s days, on %(day)s"),
    "today": N_("%(step)s due today"),
}
_EFFECTS = {
    "stands": N_("What the approval has written stands in the register."),
    "undone": N_("What the approval has written has been undone in the register."),
}


def pair(titles: tuple[str, str], language: str) -> str:
    """A pair of titles in a language."""
    return titles[0] if language == "zh" else titles[1]


def due_as_json(application: Application, language: str, *, today: date | None = None) -> dict[str, Any] | None:
    """The next thing that is due: its day, how urgent it is, and both in words."""
    step = "file" if application.file_due else "announce"
    text = application.file_due or application.announce_due
    if not text:
        return None
    today = today or days.today()
    day = date.fromisoformat(text)
    urgent = urgency(day, today)
    left = (day - today).days
    words = _URGENCIES["today" if left == 0 else urgent]
    params = {"step": translated(_STEPS[step], language), "days": abs(left), "day": text}
    return {"step": step, "day": text, "urgency": urgent, "days": left, "text": translated(words, language, params)}


def line_as_json(application: Application, divisions: Any, language: str) -> dict[str, Any]:
    """An application as a line of a list."""
    kind = kind_named(application.kind)
    where = [divisions.name_of(code) for code in (application.county, application.town, application.village) if code]
    return {
        "uuid": application.uuid,
        "number": application.number,
        "kind": application.kind,
        "kind_title": kind.title(language),
        "channel": application.channel,
        "rural": application.channel == RURAL,
        "state": application.state,
        "state_title": pair(STATES[application.state], language),
        "badge": BADGES[application.state],
        "name": application.name,
        "name_before": application.name_before if application.kind == "rename" else "",
        "county": application.county,
        "town": application.town,
        "village": application.village,
        "where": " · ".join(where),
        "unit": application.unit,
        "submitted": application.submitted,
        "created": application.created,
        "due": due_as_json(application, language),
        "version": application.version,
    }


def application_as_json(
    desk: Desk, application: Application, judgement: Judgement | None, *, editor: Editor, language: str
) -> dict[str, Any]:
    """Everything that the page of an application shows."""
    context = Context.of(desk.index, reader=editor.reader)
    divisions = context.divisions
    kind = kind_named(application.kind)
    effect = effect_of(desk.index, application)
    return {
        **line_as_json(application, divisions, language),
        "says": translated(kind.says, language),
        "place": application.place,
        "standard_before": application.name_before,
        "class_code": application.class_code,
        "proposed": dict(application.proposed),
        "values": _values(application, context, language),
        "carried": [pair(GROUPS[key], language) for key in application.carried],
        "carried_keys": list(application.carried),
        "reason": application.reason,
        "person": application.person,
        "opinion": dict(application.opinion) if application.opinion else None,
        "override": dict(application.override) if application.override else None,
        "decision": application.decision,
        "authority": application.authority,
        "certificate": application.certificate,
        "reviewed": application.reviewed,
        "approved": application.approved,
        "filed": application.filed,
        "announced": application.announced,
        "file_due": application.file_due,
        "announce_due": application.announce_due,
        "batch": application.batch,
        "unfinished": application.batch is not None and application.approved is None,
        "effect": effect,
        "effect_text": translated(_EFFECTS.get(effect, ""), language),
        "reserves": application.reserves,
        "became": application.became,
        "who": application.who,
        "submitter": application.submitter,
        "findings": findings_as_json(judgement.found if judgement else (), language),
        "errors": len(judgement.errors) if judgement else 0,
        "final": bool(judgement and judgement.final_errors),
        "actions": [
            {
                "action": row.action,
                "title": pair(ACTIONS[row.action], language),
                "remark": row.remark,
                "after": row.after,
            }
            for row in actions_open(application, editor=editor)
        ],
        "documents": [
            {
                "key": key,
                "title": pair(DOCUMENTS[key], language),
                "path": f"/api/procedures/{application.uuid}/documents/{key}.docx",
            }
            for key in documents_of(application)
        ],
        "steps": [
            {
                "at": step.at,
                "who": step.who,
                "action": step.action,
                "title": pair(ACTIONS[step.action], language),
                "state_title": pair(STATES[step.state], language),
                "remark": step.remark,
                "detail": _detail(step.detail, language),
            }
            for step in application.steps
        ],
    }


def findings_as_json(found: Iterable[Judged], language: str) -> list[dict[str, Any]]:
    """What the check says, the gravest first."""
    titles = {field.name: field.title(language) for field in record_fields("place-names")}
    return [
        {
            "rule": one.finding.rule,
            "severity": one.finding.severity,
            "field": one.finding.where,
            "field_title": titles.get(one.finding.where, ""),
            "message": translated(one.finding.template, language, one.finding.params),
            "advice": translated(one.finding.advice, language, one.finding.params),
            "clause": one.clause,
            "final": one.final,
            "others": [{"uuid": uuid, "name": name} for uuid, name in one.others],
        }
        for one in found
    ]


def _values(application: Application, context: Context, language: str) -> list[dict[str, str]]:
    """The proposed values by their titles, in the form's order; codes with what they stand for."""
    values = application.proposed.get("values") or {}
    fields = {field.name: field for field in record_fields("place-names")}
    found = []
    for name, field in fields.items():
        if values.get(name) in (None, ""):
            continue
        choice = next((one for one in field.choices if one.key == values[name]), None)
        title = (choice.title_zh, choice.title_en) if choice is not None else None
        text = value_text(values[name], title, field.unit, language)
        found.append({"name": name, "title": field.title(language), "text": _named(name, text, context)})
    return found


def _named(name: str, text: str, context: Context) -> str:
    """A code with the name of the division or class."""
    if name == "class_code":
        known = context.classes.get(text)
        return f"{known.title} {text}" if known is not None else text
    return f"{context.divisions.name_of(text)} {text}" if name in _DIVISIONS and text in context.divisions else text


def _detail(detail: Any, language: str) -> str:
    """What belongs to a step beside the remark: a number, an authority, counts, why rules did not stand in the way."""
    words = [str(detail[name]) for name in ("number", "authority", "day") if detail.get(name)]
    if "pro" in detail:
        counts = {name: detail[name] for name in ("pro", "contra", "abstained")}
        words.insert(0, translated(N_("for %(pro)s, against %(contra)s, abstained %(abstained)s"), language, counts))
    override = detail.get("override")
    if override:
        words.append(translated(N_("in spite of the findings: %(reason)s"), language, {"reason": override["reason"]}))
    return " · ".join(words)


def kinds_as_json(language: str) -> list[dict[str, Any]]:
    """The kinds of procedures."""
    return [
        {
            "key": kind.key,
            "title": kind.title(language),
            "says": translated(kind.says, language),
            "of_place": kind.of_place,
        }
        for kind in KINDS.values()
    ]
