"""Every part of the office that has tables: importing this registers them on the one `METADATA`."""

from layers.office import (
    accounts,
    applications,
    attempts,
    field_files,
    findings,
    invitations,
    jobs,
    mappings,
    sessions,
    submissions,
    uploads,
)

PARTS = (
    accounts,
    applications,
    attempts,
    field_files,
    findings,
    invitations,
    jobs,
    mappings,
    sessions,
    submissions,
    uploads,
)
