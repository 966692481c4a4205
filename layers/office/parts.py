"""Every part of the office that has tables: importing this registers them on the one `METADATA`."""

from layers.office import accounts, attempts, invitations, jobs, mappings, sessions, uploads

PARTS = (accounts, attempts, invitations, jobs, mappings, sessions, uploads)
