"""Figures of the place names: a page with charts, a workbook, JSON."""
