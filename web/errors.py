"""What goes wrong, in one table: which answer each class of error gives."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from scenarios.errors import EffectsError, ScenarioError
from twin import errors
from twin.privacy.public import PublicFilesError
from twin.words import Language
from web.feed import TooManyListenersError
from web.moments import MomentError
from web.plans.tries import TooManyPlansError
from web.proposals.store import AlreadyAnsweredError
from web.site import Site, address, language_of, site_of
from web.staff.errors import (
    NotAllowedError,
    NotSignedInError,
    RefusedError,
    StaffDatabaseError,
    TooOftenError,
)

STATUSES: Final[Mapping[type[errors.WijktwinError], HTTPStatus]] = {
    errors.UnknownNameError: HTTPStatus.NOT_FOUND,
    errors.PlaceNotFoundError: HTTPStatus.NOT_FOUND,
    errors.NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyListenersError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyPlansError: HTTPStatus.SERVICE_UNAVAILABLE,
    PublicFilesError: HTTPStatus.SERVICE_UNAVAILABLE,
    EffectsError: HTTPStatus.NOT_FOUND,
    NotSignedInError: HTTPStatus.UNAUTHORIZED,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    TooOftenError: HTTPStatus.TOO_MANY_REQUESTS,
    AlreadyAnsweredError: HTTPStatus.CONFLICT,
    RefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    StaffDatabaseError: HTTPStatus.INTERNAL_SERVER_ERROR,
    MomentError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.FaultsError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PlaceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.DomainError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.SettingsError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StoreError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StoreInUseError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.WijktwinError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

RETRY_AFTER_S = 5

_log = logging.getLogger(__name__)


def add_error_answers(app: FastAPI) -> None:
    """Let the app answer errors as the table says: a page to people, JSON to programs."""

    app.add_exception_handler(errors.WijktwinError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def status_of(err: Exception) -> HTTPStatus:
    """Return the status with which an error is answered."""
    return next(STATUSES[kind] for kind in type(err).__mro__ if kind in STATUSES)


def _ours(request: Request, err: Exception) -> Response:
    if isinstance(err, NotSignedInError) and _is_page(request) and request.method == "GET":
        wanted = f"{request.url.path}?{request.url.query}".removesuffix("?")
        to = address(f"/{language_of(request)}/staff/sign-in", next=wanted)
        return RedirectResponse(to, status_code=303, headers={"Cache-Control": "no-store"})
    faults = err.faults if isinstance(err, errors.FaultsError) else []
    answer = error_answer(request, status_of(err), str(err), faults, err)
    if isinstance(err, TooOftenError):
        answer.headers["Retry-After"] = str(err.wait_s)
    return answer


def _invalid(request: Request, err: Exception) -> Response:
    found = err.errors() if isinstance(err, RequestValidationError) else ()
    faults = [f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in found]
    return error_answer(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, "this request cannot be read", faults
    )


def _http(request: Request, err: Exception) -> Response:
    code = err.status_code if isinstance(err, HTTPException) else 500
    status = HTTPStatus(code)
    answer = error_answer(request, status, status.phrase.lower())
    if isinstance(err, HTTPException):
        answer.headers.update(err.headers or {})
    return answer


def _unexpected(request: Request, err: Exception) -> Response:
    return error_answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, str(err), (), err)


def _is_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/")


def error_answer(
    request: Request,
    status: HTTPStatus,
    message: str,
    faults: Sequence[str] = (),
    err: Exception | None = None,
) -> Response:
    """Say what went wrong, as a page to people and as JSON to programs."""
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s %s failed", request.method, request.url.path, exc_info=err)
        message, faults = "something went wrong here; it has been written down", ()
    site = site_of(request)
    if not _is_page(request):
        content: dict[str, object] = {"error": message}
        if faults:
            content["faults"] = list(faults)
        answer: Response = JSONResponse(content, status_code=status)
    else:
        language = language_of(request)
        told = _told(err, language) if isinstance(err, ScenarioError | RefusedError) else None
        answer = _page(
            site, language, status, message, faults, told, is_refused=isinstance(err, RefusedError)
        )
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(
    site: Site,
    language: Language,
    status: HTTPStatus,
    message: str,
    faults: Sequence[str],
    told: list[str] | None,
    *,
    is_refused: bool,
) -> Response:
    """Make the page; what was ``told`` in its language goes before what is known in English."""
    template = "starting.html" if status is HTTPStatus.SERVICE_UNAVAILABLE else "error.html"
    html = site.pages.render(
        language,
        template,
        status=status.value,
        message=message,
        faults=faults,
        told=told,
        is_refused=is_refused,
        path=f"/{language}/",
    )
    return Response(html, status_code=status, media_type="text/html; charset=utf-8")


def _told(err: ScenarioError | RefusedError, language: Language) -> list[str]:
    """Say what is wrong; of a plan English says where in the file as well, Dutch is whole without it."""
    if isinstance(err, ScenarioError) and language == "en":
        return err.faults
    return err.told(language)
