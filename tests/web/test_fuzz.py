"""Every endpoint and form, with what its description allows and what it does not: never a 500."""

from contextlib import suppress

import pytest
import schemathesis
from fastapi import FastAPI
from httpx2 import InvalidURL
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from made import NOW, MadeFigures
from schemathesis import GenerationMode
from staffed import Staffed

from twin.domains import load_domains
from twin.place import write_public
from web.pages import ROUTERS
from web.staff.accounts import Role

pytestmark = pytest.mark.slow

ENDLESS = {"/api/v1/events"}
"""Answers that go on until the page is closed."""

EXAMPLES = 2
STAFF = "/{language}/staff"
SIGNED_OUT = f"{STAFF}/sign-out"


@pytest.fixture(scope="module")
def site(city, tmp_path_factory):
    directory = tmp_path_factory.mktemp("fuzzed")
    write_public(city, directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=1)
    with Staffed(directory).running() as staffed:
        yield staffed


@pytest.fixture(scope="module")
def operations(site):
    """Every operation of the API as it is described, and every page and form as it would be."""
    pages = FastAPI()
    for router in ROUTERS:
        for route in router.routes:
            pages.add_api_route(route.path, route.endpoint, methods=route.methods)
    found = [
        result.ok()
        for described in (site.app.openapi(), pages.openapi())
        for result in schemathesis.openapi.from_dict(described).get_all_operations()
    ]
    paths = {operation.path for operation in found}
    assert {"/api/v1/releases/{quantity}", "/{language}/staff/plans/new", SIGNED_OUT} <= paths
    return [operation for operation in found if operation.path not in ENDLESS]


def send(client, case):
    sent = case.as_transport_kwargs(base_url="http://testserver")
    sent.pop("cookies", None)
    sent["headers"] = {
        name: value
        for name, value in sent["headers"].items()
        if name.lower() in {"accept", "content-type"}
    }
    if isinstance(sent.get("data"), bytes | str):
        sent["content"] = sent.pop("data")
    return client.request(**sent)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("role", [None, Role.ADMIN])
def test_no_request_is_answered_with_a_500(site, operations, mode, role):
    client = site.signed_in(role) if role else site.browser()
    statuses = set()
    for operation in operations:
        if (role and not operation.path.startswith(STAFF)) or operation.path == SIGNED_OUT:
            continue

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def attack(case):
            try:
                answer = send(client, case)
            except InvalidURL:  # no browser could send it either
                return
            statuses.add(answer.status_code)
            assert answer.status_code < 500 or answer.status_code == 503, case.as_curl_command()

        with suppress(Unsatisfiable):  # where there is nothing to be wrong
            attack()
    assert 200 in statuses or mode is GenerationMode.NEGATIVE
    assert statuses & {404, 422}


def test_no_form_of_a_plan_is_answered_with_a_500(site):
    client = site.signed_in(Role.ANALYST)
    words = st.text(max_size=200) | st.sampled_from(
        ["2026-05-12", "0000-00-00", "{", "&a [*a]", "plan=", ":"]
    )
    names = ["plan", "file", "title_nl", "choice1_en", "starts_on", "ends_on", "decision_on", "stance1",
             "decision", "carried_out_on", "department6", "owner", "nothing"]  # fmt: skip

    @settings(max_examples=30, derandomize=True, database=None, deadline=None)
    @given(form=st.dictionaries(st.sampled_from(names), words))
    def attack(form):
        answer = client.post("/nl/staff/plans/new", data=form)
        assert answer.status_code == 422
        assert 'id="faults"' in answer.text

    attack()
