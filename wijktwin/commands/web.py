"""``wijktwin web``: the web process."""

import threading

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

LINGER_S = 5
KEEP_ALIVE_S = 75
"""Longer than browsers and proxies keep a connection: the side that asks is the one that closes it."""


@with_settings("data", "place", "host", "port", "proxy", "mqtt_host", "mqtt_port")
def web(settings: Settings) -> None:
    """Run the web process: the pages and the API, until Ctrl-C.

    Of the city process it reads public figures and how that is doing, and nothing else.
    """
    from wijktwin.ports import listen
    from wijktwin.signals import stop_signal

    with stop_signal() as stop, listen(settings, "port") as listener:
        import uvicorn

        from twin.domains import load_domains
        from web.app import create_app
        from wijktwin.clock import wall_now
        from wijktwin.folder import PlaceFolder
        from wijktwin.screen import say

        folder = PlaceFolder(settings.data / settings.place).must_be_published()
        app = create_app(
            place_directory=folder.root,
            domains=load_domains(),
            now=wall_now,
            mqtt_host=settings.mqtt_host,
            prepares_plans=True,
            mqtt_port=settings.mqtt_port,
        )
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            forwarded_allow_ips=settings.proxy,
            timeout_graceful_shutdown=LINGER_S,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
        server = uvicorn.Server(config)

        def end_when_asked() -> None:
            stop.wait()
            server.should_exit = True

        threading.Thread(target=end_when_asked, name="stop", daemon=True).start()
        say(f"The pages are on http://{settings.host}:{settings.port} (Ctrl-C stops)")
        server.run(sockets=[listener])
