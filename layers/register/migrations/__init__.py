"""The register's schema, revision by revision (Alembic)."""
