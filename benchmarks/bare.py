"""A server that does nothing but answer with ready bytes: the same gunicorn, workers and threads, no Flask."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication


def main(port: int, file: Path) -> None:
    """Serve the bytes of one file at every address."""
    body = file.read_bytes()
    headers = [("Content-Type", "application/vnd.mapbox-vector-tile"), ("Content-Length", str(len(body)))]

    def answer(_environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", headers)
        return [body]

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"127.0.0.1:{port}",
                "workers": 2,
                "threads": 4,
                "worker_class": "gthread",
                "keepalive": 30,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return answer

    Server().run()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
