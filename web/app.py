"""The app: everything put together, nothing decided here."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from layers.office.sessions import secret_key
from web import body, compression, cookies, errors, language, memory, permissions, security
from web import service as services
from web.accounts.people import people
from web.accounts.views import accounts
from web.api.downloads import downloads
from web.api.views import api
from web.boundaries.changes import boundary_changes
from web.boundaries.papers import boundary_papers
from web.boundaries.views import boundaries
from web.editing.views import editing
from web.formbook.views import formbook
from web.geocoding.views import geocoding
from web.history.views import history
from web.imports.views import imports
from web.jobs.views import jobs
from web.lookup.views import lookup
from web.maps.views import maps
from web.media.views import media
from web.names.views import names
from web.procedures.ripple_views import ripples
from web.procedures.rural_views import rural
from web.procedures.views import procedures
from web.public.views import public
from web.rounds.views import rounds
from web.settings import Settings
from web.static_files import StaticFiles
from web.statistics.views import statistics
from web.stories.views import pages as stories
from web.submissions.views import submissions
from web.surveys.tus import tus
from web.surveys.views import field_files
from web.tiles.views import tiles
from web.workbench.views import workbench

STATIC = Path(__file__).parent / "static"

BLUEPRINTS = (
    maps,
    api,
    downloads,
    tiles,
    accounts,
    people,
    jobs,
    imports,
    editing,
    names,
    media,
    boundaries,
    boundary_changes,
    boundary_papers,
    rounds,
    stories,
    history,
    lookup,
    formbook,
    public,
    statistics,
    geocoding,
    workbench,
    submissions,
    procedures,
    ripples,
    rural,
    field_files,
    tus,
)
"""Every part of the program that answers requests."""


def create_app(settings: Settings) -> Flask:
    """Make the app for a register that exists.

    Raises
    ------
    NotSetUp
        Where the front-end packages are missing; further what `open_register` raises.
    """
    settings.use_name_tables()
    inline = security.import_map()
    app = Flask("web", root_path=str(Path(__file__).parent), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.config["TEMPLATES_AUTO_RELOAD"] = settings.develop
    service = services.Service.open(settings, inline)
    services.install(app, service)
    compression.install(app)
    security.install(app, settings, inline)
    language.install(app, settings.language)
    errors.install(app)
    body.install(app)
    permissions.install(app)
    cookies.install(app, settings, secret_key(service.office))
    memory.install(app)
    app.add_url_rule("/static/<path:filename>", endpoint="static", build_only=True)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = StaticFiles(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        max_age=0 if settings.develop else 60,
        autorefresh=settings.develop,
        immutable_file_test=r"/npm/[^/]+@[0-9.]+/",
        add_headers_function=_static_headers,
    )
    return app


def _static_headers(headers: object, _path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]
    if url.endswith(".mjs"):
        headers["Content-Type"] = "text/javascript; charset=utf-8"  # type: ignore[index]
