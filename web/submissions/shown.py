"""Submissions, samples and results as pages and scripts read them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gis.errors import N_
from layers.catalogue import PLACE_MAJORS
from layers.features import value_titles
from layers.office.submissions import Sampled, Submission
from layers.placenames.sampling.lifecycle import STATES
from layers.placenames.sampling.looking import FIELDS, PLACE, Seen
from layers.placenames.sampling.results import Results, Share
from layers.placenames.sampling.sheet import field_titles
from layers.records import Context
from web.language import translated

BADGES = {"submitted": "", "sampling": "warning", "accepted": "good", "returned": "danger"}
VERDICTS = {"": N_("not judged"), "right": N_("right"), "wrong": N_("wrong")}
_CLEARANCES = (N_("public records"), N_("public and internal records"), N_("all records"))
FIRST_FIELDS = (
    *("name", "roman", "specific", "generic", "class_code", "place_code", PLACE),
    *("county_code", "town_code", "village_code", "origin", "meaning", "history", "description"),
)
"""What is wrong most often, offered first."""


def line_as_json(one: Submission, context: Context, language: str) -> dict[str, Any]:
    """A submission in a list."""
    majors = major_titles(language)
    return {
        "uuid": one.uuid,
        "number": one.number,
        "county": one.county,
        "county_name": context.divisions.name_of(one.county),
        "round": one.round,
        "before": one.before,
        "majors": [majors[key] for key in one.majors],
        "majors_keys": list(one.majors),
        "records": one.records,
        "errors": one.errors,
        "doubts": one.doubts,
        "state": one.state,
        "state_title": translated(STATES[one.state], language),
        "badge": BADGES[one.state],
        "submitter": one.submitter,
        "submitted": one.submitted,
        "remark": one.remark,
        "reason": one.reason,
        "version": one.version,
    }


def whole_as_json(one: Submission, context: Context, language: str, *, clearance: int) -> dict[str, Any]:
    """A submission with its steps; how many records were in the draw is for who may see all of them."""
    majors = major_titles(language)
    whole = clearance >= one.level
    return {
        **line_as_json(one, context, language),
        "drawer": one.drawer,
        "drawn": one.drawn,
        "drawn_version": one.drawn_mark.partition("@")[0],
        "drawn_from": translated(_CLEARANCES[one.level], language) if one.drawn else "",
        "size": one.size if whole else None,
        "seed": one.seed,
        "limit": one.limit_percent,
        "strata": [
            {"title": majors.get(key, key) or translated(N_("No class"), language), "records": of, "drawn": drawn}
            for key, (of, drawn) in _in_order(one.strata)
        ]
        if whole
        else [],
        "decider": one.decider,
        "decided": one.decided,
        "decision": one.decision,
        "override": one.override,
    }


def seen_as_json(one: Seen, context: Context, language: str) -> dict[str, Any]:
    """A record of the sample in its table."""
    drawn = one.row.drawn
    return {
        **judged_as_json(one.row, language),
        "place": one.row.place,
        "name": one.row.name,
        "roman": drawn.get("roman") or "",
        "kind": _class_title(drawn.get("class_code"), context),
        "where": "".join(context.divisions.name_of(str(drawn[name])) for name in ("town_code", "village_code")
                         if drawn.get(name)),
        "code": drawn.get("place_code") or "",
        "synthetic": drawn.get("source") == "synthetic",
        "gone": one.present is None,
        "changed": [_title(name, language) for name in one.changed],
        "mended": one.mended,
        "mended_text": translated(
            N_("changed since") if one.mended else N_("only other fields changed since") if one.changed
            else N_("not changed yet"), language,
        ) if one.mended is not None else "",
    }  # fmt: skip


def judged_as_json(row: Sampled, language: str) -> dict[str, Any]:
    """The verdict on a record."""
    return {
        "position": row.position,
        "verdict": row.verdict,
        "verdict_title": translated(VERDICTS[row.verdict], language),
        "fields": list(row.fields),
        "fields_text": ("、" if language == "zh" else ", ").join(_title(name, language) for name in row.fields),
        "remark": row.remark,
        "who": row.who,
        "at": row.at,
        "edition": row.edition,
    }


def record_as_json(one: Seen, context: Context, language: str) -> dict[str, Any]:
    """Everything of a record as it was drawn, and what has become of it where that differs."""
    changed = set(one.changed)
    values = [
        {
            "field": name,
            "title": _title(name, language),
            "text": _text(name, one.row.drawn.get(name), context, language),
            "now": _text(name, (one.present or {}).get(name), context, language) if name in changed else None,
        }
        for name in (*FIELDS, PLACE)
        if one.row.drawn.get(name) not in (None, "") or name in changed
    ]
    return {**seen_as_json(one, context, language), "values": values}


def results_as_json(results: Results, language: str, limit: float) -> dict[str, Any]:
    """What the verdicts come to."""
    majors = major_titles(language)
    return {
        "size": results.size,
        "complete": results.complete,
        "within": results.within(limit),
        **_share(results.all_),
        "majors": [
            {"title": majors.get(key, key) or translated(N_("No class"), language), **_share(share)}
            for key, share in results.majors.items()
        ],
        "fields": [{"title": _title(name, language), "count": count} for name, count in results.fields.items()],
    }


def fields_to_choose(language: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What a verdict can name: what is wrong most often, and the rest."""
    rest = [name for name in FIELDS if name not in FIRST_FIELDS]
    first, further = ([{"name": name, "title": _title(name, language)} for name in names]
                      for names in (FIRST_FIELDS, rest))  # fmt: skip
    return first, further


def major_titles(language: str) -> dict[str, str]:
    """The major classes."""
    return {one.key: one.title_zh if language == "zh" else one.title_en for one in PLACE_MAJORS}


def _share(share: Share) -> dict[str, Any]:
    part = share.share
    return {
        "judged": share.judged,
        "wrong": share.wrong,
        "share": part,
        "share_text": "" if part is None else f"{part:.1%}",
        "interval_text": "" if share.low is None or share.high is None else f"{share.low:.1%} – {share.high:.1%}",
    }


def _in_order(strata: Mapping[str, tuple[int, int]]) -> Iterable[tuple[str, tuple[int, int]]]:
    rank = {one.key: at for at, one in enumerate(PLACE_MAJORS)}
    return sorted(strata.items(), key=lambda item: rank.get(item[0], 99))


def _title(name: str, language: str) -> str:
    zh, en = field_titles().get(name, (name, name))
    return zh if language == "zh" else en


def _class_title(code: object, context: Context) -> str:
    known = context.classes.get(str(code))
    return known.title if known is not None else str(code or "")


def _text(name: str, value: Any, context: Context, language: str) -> str:
    """A value as people read it: codes with what they stand for."""
    if value is None or value == "":
        return ""
    if name == PLACE:
        return ", ".join(f"{degrees:.6f}°" for degrees in value)
    if name == "class_code":
        return f"{_class_title(value, context)} {value}"
    if name in ("county_code", "town_code", "village_code"):
        return f"{context.divisions.name_of(str(value))} {value}"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {one}" for key, one in value.items())
    titles = value_titles("place-names", name, value)
    return str(value) if titles is None else titles[0] if language == "zh" else titles[1]
