"""The language of an answer, and what a request's headers say of its asker's errand."""

import re
from typing import Annotated, Final, Literal
from urllib.parse import unquote

from fastapi import Depends, Header, Query, Request

from api.service.caller import PURPOSES, Caller, Purpose
from graph.texts import Lang

__all__ = ["Asking", "Purpose", "plainly_spoken", "spoken_in"]

# Percent signs are for the parameter to undo.
_PLAIN_CASE: Final = re.compile(r"[!-$&-~]{0,100}")


def spoken_in(request: Request) -> Lang:
    """Return the language asked for by `?lang` or Accept-Language; Chinese by default."""
    asked = request.query_params.get("lang")
    if asked is None:
        ranked = request.headers.get("accept-language", "").lower().split(",")
        firsts = (tag.strip()[:2] for tag in ranked)
        asked = next((tag for tag in firsts if tag in ("zh", "en")), "zh")
    return "en" if asked == "en" else "zh"


def plainly_spoken(request: Request) -> Caller | None:
    """Return who asks, of a request whose address and headers need no looking into.

    Returns:
        None where the route's own parameters have to tell, or refuse, what was sent.
    """
    headers = request.headers
    purpose, case = headers.get("x-purpose", ""), headers.get("x-case-number", "")
    odd = request.url.query or "x-authorisation" in headers or not _PLAIN_CASE.fullmatch(case)
    if odd or (purpose not in PURPOSES and "x-purpose" in headers):
        return None
    return _kept(request, purpose, case)


def _kept(request: Request, purpose: str, case: str, token: str = "") -> Caller:
    """Return who asks, and keep it with the request for the audit log."""
    name, role = request.state.holder
    caller = Caller(
        name=name,
        role=role,
        lang=request.state.lang,
        request=request.state.request_id,
        purpose=purpose,
        case=case,
        token=token,
        trail=request.state.trail,
    )
    request.state.caller = caller
    return caller


async def _caller(
    request: Request,
    lang: Annotated[Literal["zh", "en"] | None, Query(description="zh | en")] = None,
    x_purpose: Annotated[
        Purpose | None, Header(description="What a question about a person is for")
    ] = None,
    x_case_number: Annotated[
        str | None,
        Header(
            max_length=200,
            pattern=r"^[!-~]*$",
            description="Number of the case or errand, percent-encoded UTF-8",
        ),
    ] = None,
    x_authorisation: Annotated[
        str | None,
        Header(
            max_length=64, pattern=r"^[A-Za-z0-9_-]*$", description="Token good for one question"
        ),
    ] = None,
) -> Caller:
    case = unquote(x_case_number or "")[:100]
    return _kept(request, x_purpose or "", case, x_authorisation or "")


Asking = Annotated[Caller, Depends(_caller)]
"""Who asks, as a parameter of a route."""
