"""``dijie serve``: the server, everything read once and shared by its workers, and the worker of jobs beside it."""

from __future__ import annotations

import os
import socket
from typing import Any

import click

from gis.errors import N_, Unavailable
from web import memory
from web.commands.terminal import register_option, say, settings
from web.commands.users import say_first_link


class PortTaken(Unavailable):
    """Another program listens there."""

    code = "port-taken"


@click.command()
@register_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads of each process.")
def serve(register: str | None, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the map, and do the jobs that people put in.

    \b
    Examples:
      dijie serve
      dijie serve --register data/dijie.gpkg --port 8080 --workers 4
    """
    memory.keep_together()
    # Search keys are made of single characters and our own table; the dictionary of phrases, which only romanizing new
    # names asks for, would take 55 MB and a fifth of a second of every start.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from gunicorn.app.base import BaseApplication
    from gunicorn.arbiter import Arbiter

    from web.app import create_app
    from web.jobs.keeper import Keeper
    from web.service import Service

    _require_free(host, port)
    found = settings(register)
    app = create_app(found)
    service: Service = app.extensions["dijie"]
    service.preload()
    keeper = Keeper(found)

    class Master(Arbiter):  # type: ignore[misc]
        def manage_workers(self) -> None:  # called once a second
            super().manage_workers()
            keeper.look()

        def halt(self, reason: Any = None, exit_status: int = 0) -> None:
            keeper.end()
            try:
                super().halt(reason, exit_status)
            finally:
                keeper.wait()

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "preload_app": True,
                "post_fork": lambda _server, _worker: service.forked(),
                "loglevel": "warning",
                "control_socket_disable": True,
                "graceful_timeout": 10,
                "keepalive": 30,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return app

        def run(self) -> None:
            Master(self).run()

    say(N_("Dijie is on http://%(host)s:%(port)s (Ctrl+C ends it)."), host=host, port=port)
    reached = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    say_first_link(service.office, f"http://{f'[{reached}]' if ':' in reached else reached}:{port}")
    Server().run()


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                N_("Port %(port)s on %(host)s cannot be used: %(reason)s."),
                hint=N_("End the other program or choose another port with --port."),
                port=port,
                host=host,
                reason=error.strerror or str(error),
            ) from None
