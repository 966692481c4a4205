"""A load generator: a few connections kept alive, each with one request on its way, in one thread on plain sockets."""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What many requests came to."""

    seconds: float
    statuses: dict[int, int]
    body_bytes: int
    client_share: float
    """Part of one processor that the client itself took: near 1 it would be what is measured."""
    latencies: list[float] = field(default_factory=list, repr=False)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds


def request(path: str, *, etag: str = "", compressed: bool = True) -> bytes:
    """A GET request as a browser sends it."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    if compressed:
        lines.append("Accept-Encoding: gzip")
    if etag:
        lines.append(f"If-None-Match: {etag}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Connection:
    """One connection kept alive."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.local_port = int(self.socket.getsockname()[1])
        self.sent = 0.0
        self._buffer = bytearray()

    def ask(self, message: bytes) -> None:
        """Send a request."""
        self._buffer.clear()
        self.sent = time.perf_counter()
        self.socket.sendall(message)

    def received(self) -> tuple[int, int] | None:
        """Read what is there; status and length of the body once all of it has come."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise RuntimeError("the server has closed the connection")
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        status = int(self._buffer[9:12])
        length = _LENGTH.search(self._buffer, 0, end)
        size = int(length.group(1)) if length and status != 304 else 0
        return (status, size) if len(self._buffer) >= end + 4 + size else None

    def get(self, path: str, *, compressed: bool = True) -> tuple[int, bytes]:
        """One answer: status and body."""
        self.ask(request(path, compressed=compressed))
        while (answer := self.received()) is None:
            pass
        return answer[0], bytes(self._buffer[len(self._buffer) - answer[1] :])

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def load(port: int, requests: Sequence[bytes], *, connections: int = 8) -> Load:
    """Send all requests over some connections and wait for every answer."""
    selector = selectors.DefaultSelector()
    waiting = iter(requests)
    opened = [Connection(port) for _ in range(min(connections, len(requests)))]
    statuses: dict[int, int] = {}
    latencies: list[float] = []
    body = 0
    began, used = time.perf_counter(), time.process_time()
    try:
        for connection in opened:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask(next(waiting))
        while len(latencies) < len(requests):
            for key, _ in selector.select(60):
                answer = key.data.received()
                if answer is None:
                    continue
                latencies.append(time.perf_counter() - key.data.sent)
                statuses[answer[0]] = statuses.get(answer[0], 0) + 1
                body += answer[1]
                following = next(waiting, None)
                if following is None:
                    selector.unregister(key.fileobj)
                else:
                    key.data.ask(following)
        seconds = time.perf_counter() - began
        return Load(seconds, statuses, body, (time.process_time() - used) / seconds, latencies)
    finally:
        for connection in opened:
            connection.close()
        selector.close()


def get(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """One answer: status, headers in lower case, body."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()
