"""A web process with accounts of staff, and browsers in which they are signed in."""

import itertools
from contextlib import contextmanager
from datetime import timedelta

from argon2 import PasswordHasher
from made import NOW
from starlette.testclient import TestClient

from twin.domains import load_domains
from web.app import create_app

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ORIGIN = {"origin": "http://testserver"}
PASSWORD = "een lang geheim om te delen"


class Staffed:
    """The web process of a place, and accounts of staff in it; time moves when told to."""

    def __init__(self, directory):
        self.now = NOW
        self._accounts = itertools.count(1)
        self.app = create_app(
            place_directory=directory,
            domains=load_domains(),
            now=lambda: self.now,
            poll_s=3600,
            processes=1,
            hasher=QUICK,
        )

    @property
    def staff(self):
        return self.app.state.site.staff

    @contextmanager
    def running(self):
        with self.browser() as client:
            self.visitor = client
            yield self

    def browser(self, **headers):
        """Return a browser of its own; its requests come from pages of this site."""
        return TestClient(
            self.app,
            follow_redirects=False,
            raise_server_exceptions=False,
            headers=ORIGIN | headers,
        )

    def account(self, role):
        """Add an account and return its name."""
        name = f"{role.value}{next(self._accounts)}"
        self.staff.accounts.add(name, role, PASSWORD, by="test", now=self.now)
        return name

    def signed_in(self, role, name=None):
        """Return a browser in which an account with that role has signed in."""
        client = self.browser()
        answer = sign_in(client, name or self.account(role))
        assert answer.status_code == 303, answer.text
        return client

    def later(self, **time):
        self.now += timedelta(**time)


def sign_in(client, name, password=PASSWORD, language="en", **more):
    return client.post(
        f"/{language}/staff/sign-in", data={"name": name, "password": password, **more}
    )
