"""Read and write GDAL formats: the one place where their files are opened.

Reading is in bulk (pyogrio). Writing loses nothing in silence: what a format cannot hold comes back as findings.
"""

from gis.vectorfile.columns import KINDS, Kind
from gis.vectorfile.dbf import TableTooLarge
from gis.vectorfile.geojson import ProjectedGeoJSON, require_geographic, write_geojson
from gis.vectorfile.geopackage import add_tables, write_geopackage
from gis.vectorfile.reading import LayerInfo, NoSuchLayer, UnreadableFile, list_layers, read
from gis.vectorfile.shapefile import write_shapefile
from gis.vectorfile.table import write_dbf
from gis.vectorfile.text import ENCODINGS, UnknownEncoding, cut_text, require_encoding, shorten_names
from gis.vectorfile.written import FieldWritten, Written

__all__ = [
    "ENCODINGS",
    "KINDS",
    "FieldWritten",
    "Kind",
    "LayerInfo",
    "NoSuchLayer",
    "ProjectedGeoJSON",
    "TableTooLarge",
    "UnknownEncoding",
    "UnreadableFile",
    "Written",
    "add_tables",
    "cut_text",
    "list_layers",
    "read",
    "require_encoding",
    "require_geographic",
    "shorten_names",
    "write_dbf",
    "write_geojson",
    "write_geopackage",
    "write_shapefile",
]
