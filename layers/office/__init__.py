"""The office: accounts, sessions, jobs, uploads. A second database, never in the file that people open in QGIS.

Every part registers its tables on one `METADATA`; `layers.office.parts` imports them all, which opening an office does.
"""

from layers.office.database import Office, office_address, open_office

__all__ = ["Office", "office_address", "open_office"]
