"""HTTP and people: pages, JSON, tiles, the command line. No SQL and no geometry: each view calls one function below."""
