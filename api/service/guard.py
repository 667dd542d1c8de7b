"""The way into every route: who asks, may they, is the request sound; and its way out."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, get_args, get_origin
from urllib.parse import unquote_plus

from fastapi import Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query as QueryField
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from api.masking import hidden_text
from api.service.bodies import Strict, media_of, read_body
from api.service.logs import log
from api.service.problems import problem
from api.service.roles import GRANTS, WRITING, Permission, Role
from api.service.running import Running
from api.service.spoken import spoken_in
from api.service.trail import Trail
from api.service.validation import refusal_of
from graph.errors import CreditGraphError, StoreError, UsageError

__all__ = ["Guarded", "glanced", "needs", "takes", "ticketed"]

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_TOLD: Final = 200
_BEYOND_SECONDS: Final = 10
"""What a request may take beside its one question to the store."""


def needs(permission: Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a route with the permission it takes; one without a mark is refused to everybody."""

    def marked(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.permission = permission  # type: ignore[attr-defined]
        return endpoint

    return marked


def ticketed(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a route of the reconciliation protocol, which a ticket in the query opens, too."""
    endpoint.ticketed = True  # type: ignore[attr-defined]
    return endpoint


def takes(*media: str, shares: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a route with the types of body it takes; without a mark that is JSON.

    Args:
        shares: The next route of this address has the bodies of other types.
    """

    def marked(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.media, endpoint.shares = media, shares  # type: ignore[attr-defined]
        return endpoint

    return marked


Glance = Callable[[Strict, Running], Response | None]


def glanced(glance: Glance) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a route with what answers its simple requests, without parameters and thread.

    Args:
        glance: Returns None for what the route itself has to answer, or to refuse.
    """

    def marked(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.glance = glance  # type: ignore[attr-defined]
        return endpoint

    return marked


class Guarded(APIRoute):
    """A route behind the guard; errors become answers here, and what was told is recorded."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return how a request fits; a route that shares its address has its own bodies only."""
        shares = getattr(self.endpoint, "shares", False)
        if shares and media_of(Headers(scope=scope)) not in self._takes:
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> _Handler:
        """Return the route's handler with the guard around it."""
        handle = super().get_route_handler()
        needed: Permission | None = getattr(self.endpoint, "permission", None)
        glance: Glance | None = getattr(self.endpoint, "glance", None)

        async def guarded(request: Request) -> Response:
            running: Running = request.app.state.running
            lang = spoken_in(request)
            trail = Trail(self.endpoint.__name__)
            request.state.trail, request.state.lang = trail, lang
            request.state.holder = None
            try:
                async with asyncio.timeout(running.config.seconds + _BEYOND_SECONDS) as clock:
                    self._admit(request, running, needed)
                    sound = await self._sound(request)
                    if needed in WRITING:
                        # Its thread would go on, and nobody could tell what became of it. What
                        # it waits for is bounded by the pool.
                        clock.reschedule(None)
                    glimpsed = None
                    if glance is not None and isinstance(sound, Strict):
                        glimpsed = glance(sound, running)
                    answer = await handle(sound) if glimpsed is None else glimpsed
            except TimeoutError:
                answer = problem(UsageError("E934"), lang)
            except CreditGraphError as error:
                answer = _refused(error, request)
            except RequestValidationError as error:
                answer = problem(refusal_of(error, lang), lang)
            except HTTPException as error:
                answer = problem(_as_ours(error), lang)
            if self._ticketed:
                # Pages of any origin may read it: nothing but the ticket opens it, no cookie.
                answer.headers["Access-Control-Allow-Origin"] = "*"
            return await self._recorded(request, await _spent(request, answer))

        return guarded

    @property
    def _ticketed(self) -> bool:
        """Whether a ticket in the query opens it, too."""
        return getattr(self.endpoint, "ticketed", False)

    @property
    def _takes(self) -> tuple[str, ...]:
        """Types of body it takes."""
        return getattr(self.endpoint, "media", ("application/json",))

    def _admit(self, request: Request, running: Running, needed: Permission | None) -> None:
        """Refuse whom and what the request is not allowed."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        address = request.client.host if request.client else ""
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        ticket = request.query_params.get("ticket", "") if self._ticketed else ""
        if ticket and not bearer:
            name, role = running.identify_ticket(ticket, address)
        else:
            name, role = running.identify(bearer, address)
        request.state.holder = name, role
        running.count(name)
        if needed is None or needed not in GRANTS[role]:
            raise UsageError("E903", role=role.value, permission=needed.value if needed else "-")
        asked = unquote_plus(f"{request.url.path}?{request.url.query}")
        if hidden_text(asked) != asked:
            raise UsageError("E937")
        self._only_known(request)

    def _only_known(self, request: Request) -> None:
        known = _query_names(self)
        given = [name for name, _ in request.query_params.multi_items()]
        for name in given:
            # Clients of another's protocol add what they like to its addresses.
            if name not in known and not self._ticketed:
                raise UsageError("E936", where=name[:100], known=", ".join(sorted(known)) or "-")
        repeated = [name for name in given if given.count(name) > 1 and not known.get(name)]
        if repeated:
            raise UsageError("E938", where=repeated[0])

    async def _sound(self, request: Request) -> Request:
        """Return the request with its body read, refusing what is not taken or not sound."""
        if self.body_field is None:
            return request
        if media_of(request.headers) not in self._takes:
            raise UsageError("E932", takes=", ".join(self._takes))
        return await read_body(request, request.app.state.running.config.body_bytes)

    async def _recorded(self, request: Request, answer: Response) -> Response:
        """Return the answer once the log tells of it; without the log there is no answer."""
        running: Running = request.app.state.running
        trail: Trail = request.state.trail
        held: tuple[str, Role] | None = request.state.holder
        if held is None or not trail.tells:
            return answer
        name, role = held
        spoken = getattr(request.state, "caller", None)
        entry = {
            "at": running.clock().isoformat(),
            "request": request.state.request_id,
            "caller": name,
            "role": role.value,
            "action": trail.action,
            "purpose": spoken.purpose if spoken else "",
            "case": hidden_text(spoken.case) if spoken else "",
            "status": answer.status_code,
            **trail.body(),
        }
        try:
            await running.recorder.record(entry)
        except CreditGraphError as error:
            if trail.spends and answer.status_code == _TOLD:
                await run_in_threadpool(
                    running.authorisations.give_back, request.state.caller.token
                )
            return _refused(error, request)
        return answer


async def _spent(request: Request, answer: Response) -> Response:
    """Use up the authorisation an answer rests on; of two answers only the first is given."""
    trail: Trail = request.state.trail
    if not trail.spends or answer.status_code != _TOLD:
        return answer
    running: Running = request.app.state.running
    token = request.state.caller.token
    try:
        await run_in_threadpool(running.authorisations.use, token, running.clock())
    except CreditGraphError as error:
        trail.subjects.clear()
        trail.meant.clear()
        return _refused(error, request)
    return answer


def _refused(error: CreditGraphError, request: Request) -> Response:
    """Return an error as an answer; what a store says of itself only the log tells."""
    if isinstance(error, StoreError):
        reason = str(error.facts.get("reason", ""))
        told = {"code": error.code, "where": error.where, "reason": reason}
        log.error("store", request=request.state.request_id, **told)
    return problem(error, request.state.lang)


def _query_names(route: APIRoute) -> Mapping[str, bool]:
    """Return the names of a route's query, each with whether it may be given several times."""
    names: Mapping[str, bool] | None = getattr(route, "_names", None)
    if names is None:
        told = (each for each in get_flat_params(route.dependant) if _in_query(each.field_info))
        names = {each.alias: _a_list(each.field_info.annotation) for each in told} | {"lang": False}
        route._names = names  # type: ignore[attr-defined]
    return names


def _in_query(field: object) -> bool:
    return isinstance(field, QueryField)


def _a_list(annotation: Any) -> bool:
    return any(get_origin(each) is list for each in (annotation, *get_args(annotation)))


def _as_ours(error: HTTPException) -> CreditGraphError:
    codes = {404: "E930", 405: "E931", 413: "E909"}
    return UsageError(codes.get(error.status_code, "E907"))
