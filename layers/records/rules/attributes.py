"""Rules for the attributes that a place has by its class."""

from __future__ import annotations

from gis.findings import Finding
from layers.placenames.attributes import faults
from layers.records.cells import shown
from layers.records.context import Context
from layers.records.rules.table import Flaws, Table

FIELD = "attributes"


def of_class(table: Table, _context: Context) -> Flaws:
    """Attributes that the class has, of their types and within their ranges; each named by its own key."""
    if FIELD not in table:
        return
    classes = table.objects("class_code").tolist()
    for row, value in enumerate(table.objects(FIELD).tolist()):
        for fault in faults(classes[row], value):
            name = f"{FIELD}.{fault.key}" if fault.key else FIELD
            text = shown(value.get(fault.key)) if fault.key else shown(value)
            params = {"value": text, **fault.params}
            yield row, FIELD, text, Finding(fault.rule, "error", name, fault.template, params, fault.advice)
