"""A load client that costs little: one keep-alive connection a thread, requests as ready bytes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Load:
    """What a run saw: latencies in seconds, and answers by status."""

    wall_s: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return len(self.latencies_s) / self.wall_s if self.wall_s else 0.0

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


def _more(link: socket.socket) -> bytes:
    """Return what came next; raises ConnectionError when the other side has closed, also in the middle of an answer."""
    more = link.recv(65536)
    if not more:
        raise ConnectionError("closed")
    return more


def read_answer(link: socket.socket, rest: bytes) -> tuple[int, bytes, bytes]:
    """Return (status, body, bytes of the next answer) of one HTTP/1.1 answer."""
    while b"\r\n\r\n" not in rest:
        rest += _more(link)
    head, rest = rest.split(b"\r\n\r\n", 1)
    status = int(head.split(b" ", 2)[1])
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        body = b""
        while True:
            while b"\r\n" not in rest:
                rest += _more(link)
            size_text, rest = rest.split(b"\r\n", 1)
            size = int(size_text, 16)
            while len(rest) < size + 2:
                rest += _more(link)
            body, rest = body + rest[:size], rest[size + 2 :]
            if size == 0:
                return status, body, rest
    length = 0
    for line in lower.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(rest) < length:
        rest += _more(link)
    return status, rest[:length], rest[length:]


def run(port: int, make: Callable[[int], bytes], *, clients: int, seconds: float) -> Load:
    """Send requests from ``clients`` threads for ``seconds``; ``make(n)`` gives the bytes of request number n."""
    load, lock, stop_at = Load(), threading.Lock(), time.perf_counter() + seconds

    def one(place: int) -> None:
        link = socket.create_connection(("127.0.0.1", port))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rest, n, latencies, statuses = b"", place, [], dict[int, int]()
        while time.perf_counter() < stop_at:
            began = time.perf_counter()
            link.sendall(make(n))
            status, _, rest = read_answer(link, rest)
            latencies.append(time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1
            n += clients
        link.close()
        with lock:
            load.latencies_s += latencies
            for status, count in statuses.items():
                load.statuses[status] = load.statuses.get(status, 0) + count

    threads = [threading.Thread(target=one, args=(place,)) for place in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.wall_s = time.perf_counter() - began
    return load


def get(path: str, *, headers: str = "") -> bytes:
    """Return the bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()


def post_json(path: str, body: bytes, *, headers: str = "") -> bytes:
    """Return the bytes of a POST of JSON."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body
