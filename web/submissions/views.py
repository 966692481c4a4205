"""Submissions over HTTP: the list with the form, one submission, its sample, verdicts, decision, the sheet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template, send_file

from gis.errors import N_
from layers import days
from layers.access import Reader, reach_of, require
from layers.features import counties
from layers.office.submissions import Submission, UnknownSample
from layers.placenames.findings import NotChecked
from layers.placenames.sampling import handling
from layers.placenames.sampling.drawing import BadDraw, Rules
from layers.placenames.sampling.handling import BadSubmission, Draw, Verdict
from layers.placenames.sampling.looking import LAYER, Sight
from layers.placenames.sampling.sheet import SampleSheet, open_sample_workbook
from layers.provenance import about
from layers.records import Context
from web import query
from web.body import NotJson, sent
from web.language import reader_language, translated
from web.permissions import current_editor
from web.service import service
from web.submissions.shown import (
    VERDICTS,
    fields_to_choose,
    judged_as_json,
    line_as_json,
    major_titles,
    record_as_json,
    results_as_json,
    seen_as_json,
    whole_as_json,
)

submissions = Blueprint("submissions", __name__)

_PAGE = 50
_ROWS = 500
"""Records of a sample on one page."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@submissions.get("/submissions")
def page() -> str:
    """The form for a new one, and all within reach."""
    given = query.allow("county", "majors", "offset")
    editor, language = current_editor(), reader_language()
    lines, count, offset = _listed()
    reach = reach_of(editor.reader, LAYER)
    choices = [
        (code, name)
        for code, name in counties(service().index, reader=editor.reader, asof=days.today())
        if reach is None or code in reach
    ]
    return render_template(
        "submissions/list.html", lines=lines, count=count, counties=choices,
        majors=list(major_titles(language).items()), chosen=query.words("majors"), county=given.get("county", ""),
        offset=offset, following=offset + _PAGE if offset + _PAGE < count else None, rules=Rules.read(),
        settings_json=_data({"lang": language}),
    )  # fmt: skip


@submissions.get("/submissions/<uuid>")
def one_page(uuid: str) -> str:
    """One submission: where it stands, its sample, what the verdicts come to, what can be done."""
    query.allow("offset")
    editor, language = current_editor(), reader_language()
    found = handling.find(service().office, uuid, editor=editor)
    whole = _whole(found)
    context = Context.of(service().index, reader=editor.reader)
    sight = handling.look(service().index, service().office, found, editor=editor)
    offset = max(0, query.whole("offset", 0))
    rows = [] if sight is None else [seen_as_json(one, context, language) for one in sight.rows]
    first, further = fields_to_choose(language)
    settings = {
        "lang": language,
        "submission": {"uuid": found.uuid, "version": found.version, "judges": "judge" in whole["actions"]},
        "results": whole["results"],
        "verdicts": {key: translated(title, language) for key, title in VERDICTS.items()},
    }
    return render_template(
        "submissions/one.html", found=whole, rows=rows[offset : offset + _ROWS], count=len(rows), offset=offset,
        following=offset + _ROWS if offset + _ROWS < len(rows) else None, page_size=_ROWS,
        unmended=sum(row["mended"] is False for row in rows), wrong=sum(row["verdict"] == "wrong" for row in rows),
        first_fields=first, further_fields=further, rules=Rules.read(), sampled=sight is not None,
        settings_json=_data(settings),
    )  # fmt: skip


@submissions.get("/api/submissions")
def listed() -> Response:
    """Submissions within reach, the newest first."""
    query.allow("offset")
    lines, count, _offset = _listed()
    return _answer({"count": count, "submissions": lines})


@submissions.get("/api/submissions/outlook")
def outlook() -> Response:
    """What a county would submit now: records, open errors and doubts."""
    given = query.allow("county", "majors")
    found, editor = service(), current_editor()
    try:
        seen = handling.outlook(
            found.index, found.office, given.get("county", ""), query.words("majors"), editor=editor
        )  # fmt: skip
    except NotChecked:
        return _answer({"needs_check": True})
    return _answer(
        {
            "needs_check": False,
            "records": seen.records,
            "errors": seen.errors,
            "doubts": seen.doubts,
            "open": None if seen.open is None else {"uuid": seen.open.uuid, "number": seen.open.number},
        }
    )


@submissions.post("/api/submissions")
def submit() -> tuple[Response, int]:
    """Hand a county's records in: ``county``, ``majors``, ``remark``, ``reason``."""
    given, found = _body("county", "majors", "remark", "reason"), service()
    made = handling.submit(
        found.index, found.office, _word(given, "county"), _words(given, "majors"), remark=_word(given, "remark"),
        reason=_word(given, "reason"), editor=current_editor(),
    )  # fmt: skip
    return _answer(_whole(made)), 201


@submissions.get("/api/submissions/<uuid>")
def one(uuid: str) -> Response:
    """A submission with its sample as far as the reader may see it."""
    query.allow()
    found, sight = _looked(uuid)
    context, language = _context(), reader_language()
    rows = None if sight is None else [seen_as_json(each, context, language) for each in sight.rows]
    return _answer({**_whole(found), "sample": rows})


@submissions.post("/api/submissions/<uuid>/draw")
def draw(uuid: str) -> Response:
    """Draw the sample: ``version``, and ``share`` (percent) or ``number``, ``seed``."""
    given, found = _body("version", "share", "number", "seed"), service()
    share = given.get("share")
    if share is not None and (isinstance(share, bool) or not isinstance(share, int | float)):
        raise BadDraw(N_("The share is a percentage above 0 and up to 100."))
    how = Draw(share=share, number=_whole_or_none(given, "number"), seed=_whole_or_none(given, "seed"))
    editor = current_editor()
    return _answer(_whole(handling.draw(found.index, found.office, uuid, _version(given), how, editor=editor)))


@submissions.get("/api/submissions/<uuid>/sample/<int(max=1000000):position>")
def record(uuid: str, position: int) -> Response:
    """One record of the sample with all its values."""
    query.allow()
    _found, sight = _looked(uuid)
    seen = next((each for each in (sight.rows if sight else ()) if each.row.position == position), None)
    if seen is None:
        raise UnknownSample(N_("The sample has no record %(position)s."), position=position)
    return _answer(record_as_json(seen, _context(), reader_language()))


@submissions.put("/api/submissions/<uuid>/sample/<int(max=1000000):position>")
def judge(uuid: str, position: int) -> Response:
    """Say whether a record is right: ``verdict``, ``edition``, and of a wrong one ``fields`` and ``remark``."""
    given, found, editor = _body("verdict", "edition", "fields", "remark"), service(), current_editor()
    edition = given.get("edition")
    if type(edition) is not int:
        raise BadSubmission(N_("Say which edition of the verdict you have seen."))
    said = Verdict(_word(given, "verdict"), edition, _words(given, "fields"), _word(given, "remark"))
    present, row = handling.judge(found.index, found.office, uuid, position, said, editor=editor)
    results = handling.count(found.index, found.office, present, editor=editor)
    language = reader_language()
    return _answer(
        {
            "version": present.version,
            "row": judged_as_json(row, language),
            "results": results_as_json(results, language, present.limit_percent),
        }
    )


@submissions.post("/api/submissions/<uuid>/<action>")
def decide(uuid: str, action: str) -> Response:
    """Accept a submission or return it: ``version``, ``remark``."""
    given = _body("version", "remark")
    done = handling.decide(
        service().office, uuid, _version(given), action, _word(given, "remark"), editor=current_editor()
    )  # fmt: skip
    return _answer(_whole(done))


@submissions.get("/api/submissions/<uuid>/sheet.xlsx")
def sheet(uuid: str) -> Response:
    """The sample as a workbook to be signed."""
    query.allow()
    found, sight = _looked(uuid)
    if sight is None:
        raise UnknownSample(N_("There is no sample of this submission that is open to you."))
    language = reader_language()
    stream = open_sample_workbook(
        SampleSheet(found, sight, _context()),
        about=about(service().index, day=days.today(), language="zh" if language == "zh" else "en"),
    )
    response = send_file(
        stream, mimetype=_XLSX, as_attachment=True, download_name=f"dijie-sample-{found.number}.xlsx", etag=False
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _listed() -> tuple[list[dict[str, Any]], int, int]:
    editor, offset = current_editor(), max(0, query.whole("offset", 0))
    found, count = handling.listed(service().office, offset=offset, limit=_PAGE, editor=editor)
    context, language = _context(), reader_language()
    return [line_as_json(each, context, language) for each in found], count, offset


def _looked(uuid: str) -> tuple[Submission, Sight | None]:
    editor, found = current_editor(), service()
    submission = handling.find(found.office, uuid, editor=editor)
    return submission, handling.look(found.index, found.office, submission, editor=editor)


def _whole(found: Submission) -> dict[str, Any]:
    """A submission, what can be done with it, and what the verdicts come to where they are open to the reader."""
    editor, language = current_editor(), reader_language()
    whole = whole_as_json(found, _context(), language, clearance=editor.reader.clearance)
    whole["actions"] = list(handling.actions_open(found, editor=editor))
    whole["results"] = None
    if found.size and handling.is_open(found, editor=editor):
        results = handling.count(service().index, service().office, found, editor=editor)
        whole["results"] = results_as_json(results, language, found.limit_percent)
    return whole


def _context() -> Context:
    reader: Reader = current_editor().reader
    return Context.of(service().index, reader=reader)


def _body(*members: str) -> dict[str, Any]:
    require(current_editor().reader, "edit", LAYER)
    query.allow()
    given = sent()
    if given is None:
        raise NotJson(N_("The request's body is not JSON."))
    if not isinstance(given, Mapping):
        raise BadSubmission(N_("A submission is sent as a JSON object."))
    unknown = [name for name in given if name not in members]
    if unknown:
        raise BadSubmission(
            N_("The request has no member “%(name)s”."), hint=N_("Its members are: %(known)s."),
            name=str(unknown[0])[:80], known=", ".join(members),
        )  # fmt: skip
    return dict(given)


def _version(given: Mapping[str, Any]) -> int:
    version = given.get("version")
    if type(version) is not int:
        raise BadSubmission(N_("Say which version of the submission you have seen."))
    return version


def _word(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadSubmission(N_("“%(name)s” is a text."), name=name)
    return value


def _words(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name) or []
    if not isinstance(value, list) or len(value) > 100 or not all(isinstance(one, str) for one in value):
        raise BadSubmission(N_("“%(name)s” is a list of words."), name=name)
    return tuple(value)


def _whole_or_none(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is not None and type(value) is not int:
        raise BadDraw(N_("“%(name)s” is a whole number."), name=name)
    return value


def _data(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _answer(payload: object) -> Response:
    response = Response(json.dumps(payload, ensure_ascii=False, allow_nan=False), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
