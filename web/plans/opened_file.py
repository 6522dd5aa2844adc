"""A plan in a file that somebody gives: read, checked, and turned into a link; nothing is kept."""

from collections.abc import AsyncGenerator, AsyncIterator

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from scenarios.files import read_scenario
from twin.words import Text
from web.plans.link import plan_text

MOST_BYTES = 1_000_000
"""A larger file is no plan that somebody has made here."""

MOST_DRAINED = 32_000_000
"""So much of a body that is too large is still taken in, and forgotten: else no answer arrives."""

LONGEST_LINK = 20_000
"""What the address of a page takes of a plan."""

_ROOM = 20_000
"""What a form may be larger than the file in it."""

FIELD = "file"


async def read_file(headers: Headers, body: AsyncIterator[bytes]) -> str:
    """Return the plan in the file of a form, as a link has it.

    Raises
    ------
    ScenarioError
        With every fault: of the form, of the file, or of the plan in it.
    """
    content = await _content(headers, await _limited(body))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise _refused(
            Text("dit bestand bevat geen tekst (UTF-8)", "this file is no text (UTF-8)")
        ) from err
    if not text.strip():
        raise _refused(
            Text("kies eerst een bestand; dit is leeg", "choose a file first; this one is empty")
        )
    link = plan_text(read_scenario(text))
    if len(link) > LONGEST_LINK:
        raise _refused(
            Text(
                f"dit plan is te groot voor een link ({len(link)} tekens; hoogstens {LONGEST_LINK}):"
                " teken gebieden met minder punten",
                f"this plan is too large for a link ({len(link):,} characters; at most"
                f" {LONGEST_LINK:,}): draw areas with fewer points",
            )
        )
    return link


async def _limited(body: AsyncIterator[bytes]) -> bytes:
    kept, seen = bytearray(), 0
    async for chunk in body:
        seen += len(chunk)
        if seen <= MOST_BYTES + _ROOM:
            kept += chunk
        elif seen > MOST_DRAINED:
            break
    if seen > MOST_BYTES + _ROOM:
        raise _too_large()
    return bytes(kept)


async def _content(headers: Headers, body: bytes) -> bytes:
    """Return the bytes of the file in a form."""

    async def once() -> AsyncGenerator[bytes]:
        yield body
        yield b""

    no_form = Text("dit is geen formulier met een bestand", "this is no form with a file in it")
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        raise _refused(no_form)
    try:
        form = await MultiPartParser(headers, once(), max_files=1, max_fields=4).parse()
    except (MultiPartException, KeyError, ValueError) as err:
        raise _refused(no_form) from err
    file = form.get(FIELD)
    if not isinstance(file, UploadFile):
        raise _refused(no_form)
    content = await file.read(MOST_BYTES + 1)
    await form.close()
    if len(content) > MOST_BYTES:
        raise _too_large()
    return content


def _too_large() -> ScenarioError:
    return _refused(
        Text(
            "dit bestand is groter dan 1 MB; een plan is veel kleiner",
            "this file is larger than 1 MB; a plan is much smaller",
        )
    )


def _refused(message: Text) -> ScenarioError:
    return ScenarioError("this file holds no plan", [Fault("", message)])
