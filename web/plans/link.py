"""A plan in an address: its file, compressed, so that a link holds it and nothing is stored."""

import base64
import binascii
import json
import zlib

from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from scenarios.files import read_scenario, scenario_content
from scenarios.scenario import Scenario
from twin.words import Text

MOST_CHARACTERS = 6_000
"""A longer address is cut off by some mail programs and servers: such a plan is kept as a file."""

_MOST_BYTES = 200_000


def plan_text(scenario: Scenario) -> str:
    """Return a plan as the part of an address; the same for the same plan."""
    content = json.dumps(scenario_content(scenario), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(content.encode(), 9)).decode().rstrip("=")


def read_plan(text: str) -> Scenario:
    """Read a plan from the part of an address.

    Raises
    ------
    ScenarioError
        It is cut off or changed, or with every fault in the plan.
    """
    return read_scenario(_unpacked(text))


def _unpacked(text: str) -> str:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        reading = zlib.decompressobj()
        content = reading.decompress(packed, _MOST_BYTES)
        if not reading.eof or reading.unused_data:
            raise _refused(Text("de link is afgebroken, of te lang", "it is cut off, or too long"))
        return content.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError) as err:
        message = Text("de link is afgebroken, of veranderd", "it is cut off, or was changed")
        raise _refused(message) from err


def _refused(message: Text) -> ScenarioError:
    return ScenarioError("this link holds no plan", [Fault("", message)])
