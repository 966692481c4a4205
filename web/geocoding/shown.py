"""Answers of the geocoder as JSON, in the reader's language."""

from __future__ import annotations

from typing import Any

from gis.findings import Finding
from layers.geocoding import Answer, Match
from web.language import reader_language, translated


def answer_as_json(answer: Answer, *, limit: int) -> dict[str, Any]:
    """One answer; ``match`` is null where there is no place."""
    match = answer.match
    return {
        "text": answer.text,
        "match": match_as_json(match) if match.accuracy != "unknown" else None,
        "accuracy": match.accuracy,
        "doubtful": answer.doubtful,
        "alternatives": [match_as_json(other) for other in answer.alternatives[:limit]],
        "findings": [_finding(finding) for finding in answer.findings],
    }


def match_as_json(match: Match) -> dict[str, Any]:
    """One place."""
    there = match.lon == match.lon
    return {
        "name": match.name,
        "uuid": match.uuid,
        "layer": match.layer,
        "path": list(match.path),
        "accuracy": match.accuracy,
        "lon": round(match.lon, 7) if there else None,
        "lat": round(match.lat, 7) if there else None,
        "county": match.county or None,
        "town": match.town or None,
        "village": match.village or None,
        "score": match.score,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    language = reader_language()
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": translated(finding.template, language, finding.params),
        "advice": translated(finding.advice, language, finding.params),
    }
