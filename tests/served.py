"""A site that answers at an address of this machine, as the web process has it, in a thread."""

import threading
import time
from contextlib import contextmanager

import uvicorn

from sensors.mosquitto_process import free_port


@contextmanager
def served(app, port=None, *, graceful_s=3):
    """Serve an app until the context ends; gives its address."""
    port = port or free_port()
    config = uvicorn.Config(
        app, port=port, ws="none", log_level="error", timeout_graceful_shutdown=graceful_s
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="web")
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the web process stopped"
        assert time.monotonic() < deadline, "the web process did not start in time"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(60)
