"""Geometry of place names, boundaries and facilities.

This floor knows geometry and nothing of databases, of this product's files or of Flask: functions take and return
GeoDataFrames, Series, numpy arrays and shapely geometries. It could be published alone.
"""
