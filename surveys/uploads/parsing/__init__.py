"""Files taken apart, record by record, in the reading process: pure Python, fiona and Pillow, no pandas."""
