"""Services as real processes and real sockets on this machine."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "recommender_service"


@contextmanager
def example_service(**environment):
    """Run the example as its users do, in a process of its own; yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "service:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=EXAMPLE, env={**os.environ, **environment})
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def spoken(say):
    """Listen on a socket; ``say(connection, head, body, number)`` answers the number-th request (from 0) by hand.

    Yields the address and the list of (head, body) of all requests heard.
    """
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server, say, heard), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        finally:
            server.shutdown(socket.SHUT_RDWR)  # closing alone does not wake who waits in accept


def _accept(server, say, heard):
    while True:
        try:
            connection, _ = server.accept()
        except OSError:  # the test is over
            return
        threading.Thread(target=_serve, args=(connection, say, heard), daemon=True).start()


def _serve(connection, say, heard):
    try:
        with connection, connection.makefile("rb") as lines:
            while head := _head(lines):
                length = int(next((v for k, v in head.items() if k == "content-length"), 0))
                body = lines.read(length)
                heard.append((head, body))
                say(connection, head, body, len(heard) - 1)
    except OSError:  # the other side has hung up
        return


def _head(lines):
    """Return the request's line (under ``""``) and headers; nothing at the end."""
    first = lines.readline().decode().strip()
    if not first:
        return {}
    head = {"": first}
    while line := lines.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        head[name.lower()] = value.strip()
    return head


def respond(connection, body, status="200 OK", headers=""):
    """Send a whole answer."""
    connection.sendall(
        f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode()
        + body
    )


def hang_up(connection):
    """Break off; closing alone would wait for the reading side."""
    connection.shutdown(socket.SHUT_RDWR)


def free_port():
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise TimeoutError(f"the service did not come up (exit code {process.poll()})")
