"""The office: accounts, sessions, jobs, uploads. A second database, never in the file that people open in QGIS.

Every part registers its tables on one `METADATA`; importing this package imports them all, so that an office that is
opened has them.
"""

from layers.office import accounts, attempts, invitations, jobs, mappings, sessions, uploads
from layers.office.database import Office, office_address, open_office

PARTS = (accounts, attempts, invitations, sessions, jobs, uploads, mappings)
"""The modules with tables."""

__all__ = ["PARTS", "Office", "office_address", "open_office"]
