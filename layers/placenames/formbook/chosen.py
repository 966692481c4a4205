"""Which places a book is of, where it is to hold those with a finding."""

from __future__ import annotations

from sqlalchemy import select

from layers.access import Editor
from layers.office import Office
from layers.office.findings import FINDING
from layers.placenames.findings.listing import Asked, conditions


def with_finding(office: Office, rule: str, *, editor: Editor) -> frozenset[str]:
    """The uuids of places with an open finding of a rule, as far as somebody may see them.

    Raises
    ------
    layers.placenames.findings.listing.BadWorklist
        Where there is no such rule.
    """
    met = conditions(Asked(rules=(rule,), severities=()), reader=editor.reader, who=editor.name)
    with office.reading() as connection:
        found = connection.execute(select(FINDING.c.uuid).where(*met, FINDING.c.layer == "place-names").distinct())
        return frozenset(str(uuid) for uuid in found.scalars())
