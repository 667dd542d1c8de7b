"""The service over HTTP, asked by the verbs of an open store; errors come as they are told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from api.analyst import frames
from api.analyst.extras import extra
from api.analyst.telling import language
from graph.identifiers import recognise
from graph.texts import Lang

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Errand", "Remote", "RemoteError", "connect"]

_AT_ONCE: Final = 100
_SECONDS: Final = 60.0
_KINDS: Final = ("restriction", "conditional", "attention")


class RemoteError(Exception):
    """What the service refused: its status, stable code and sentences."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        code = str(told.get("code", ""))
        super().__init__(f"{code or 'HTTP'} {status}")
        self.status = status
        self.code = code
        self.told = dict(told)
        for part in ("what", "why", "fix"):
            if told.get(part):
                self.add_note(str(told[part]))


@dataclass(frozen=True, slots=True)
class Errand:
    """What the questions are for; persons are told of for a stated purpose only.

    Attributes:
        purpose: licensing, procurement, supervision, ...: see the service's documentation.
        case: Number of the case, errand or tender.
    """

    purpose: str = ""
    case: str = ""


@dataclass(frozen=True)
class Remote:
    """A connection; close it, or use it in a `with`."""

    http: Any
    lang: Lang

    def search(self, text: str) -> "pd.DataFrame":
        """Return subjects by name, a part of one, or an organisation's code."""
        return frames.of_rows(self._get("search", q=text)["results"])

    def check(self, query: str, as_of: date | None = None) -> dict[str, Any]:
        """Return the answer about one code, id or organisation's full name.

        Raises:
            RemoteError: The question cannot be answered.
        """
        answer = self._check([query], as_of)[0]
        if answer["status"] != 200:
            raise RemoteError(answer["status"], answer["error"])
        return answer

    def risks(self, query: str, as_of: date | None = None) -> "pd.DataFrame":
        """Return the findings of `check` as a frame, each with its sentence."""
        answer = self.check(query, as_of)
        return frames.of_rows([*(answer.get("own") or ()), *(answer.get("linked") or ())])

    def screen(self, parties: Iterable[str], as_of: date | None = None) -> "pd.DataFrame":
        """Return one row per party of a list: who it is, and what is found, in numbers."""
        asked = list(parties)
        answers = self._check(asked, as_of)
        return frames.of_rows(map(_screened, asked, answers))

    def neighbourhood(self, uid: str, depth: int = 2) -> dict[str, Any]:
        """Return nodes and edges around a subject id; `partial_results` tells of a bound."""
        return self._get(f"subjects/{quote(uid, safe='')}/graph", depth=depth)

    def findings(self, uid: str, as_of: date | None = None) -> dict[str, Any]:
        """Return listings and findings of a subject id."""
        return self._get(f"subjects/{quote(uid, safe='')}/findings", as_of=as_of)

    def explain(self, finding: str) -> dict[str, Any]:
        """Return why a finding is, and whether it still stands."""
        return self._get(f"findings/{quote(finding, safe='')}")

    def paths(self, one: str, other: str, hops: int = 4) -> dict[str, Any]:
        """Return every way between two subjects."""
        return self._get("paths", **{"from": one, "to": other}, hops=hops)

    def bidders(self, parties: Iterable[str], opened: date) -> dict[str, Any]:
        """Return eligibility, ties and indicators of the bidders of a tender."""
        asked = [{"name": party} for party in parties]
        return self._post("bidders", {"opened": opened.isoformat(), "bidders": asked})

    def pairs(self, parties: Iterable[str], opened: date) -> "pd.DataFrame":
        """Return what lies between bidders: one row per tie that bars and per indicator."""
        return frames.of_pairs(self.bidders(parties, opened)["pairs"])

    def simulate(self, case: Mapping[str, Any], as_of: date) -> dict[str, Any]:
        """Return what the rulebook says of a hand-written case."""
        return self._post("simulate", {"case": case, "as_of": as_of.isoformat()})

    def changes(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """Yield how findings changed after a cursor, page by page, to the end."""
        while True:
            page = self._get("changes", cursor=after)
            yield from page["changes"]
            # A page may hold nothing for this caller and yet lead on.
            if page["next"] == after:
                return
            after = page["next"]

    def close(self) -> None:
        """Close the connection."""
        self.http.close()

    def __enter__(self) -> "Remote":
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()

    def _check(self, queries: Sequence[str], as_of: date | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        day = {} if as_of is None else {"as_of": as_of.isoformat()}
        rest = iter(queries)
        while part := list(islice(rest, _AT_ONCE)):
            asked = {f"q{place}": _question(query) for place, query in enumerate(part)}
            answers = self._post("check", {"queries": asked} | day)["responses"]
            found += [answers[key] for key in asked]
        return found

    def _get(self, path: str, **given: Any) -> dict[str, Any]:
        params = {name: str(value) for name, value in given.items() if value is not None}
        return _answer(self.http.get(path, params=params))

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return _answer(self.http.post(path, json=body))


def connect(url: str, key: str, errand: Errand | None = None, *, lang: str | None = None) -> Remote:
    """Connect to a service.

    Args:
        url: Where it answers, without `/v1`.
        key: API key or bearer token.

    Raises:
        UsageError: E126, a component is missing.
    """
    spoken: Lang = language() if lang is None else "en" if lang == "en" else "zh"
    told = errand or Errand()
    headers = {
        "Authorization": f"Bearer {key}",
        "Accept-Language": spoken,
        "X-Purpose": told.purpose,
        "X-Case-Number": quote(told.case),
    }
    http = extra("httpx2").Client(
        base_url=f"{url.rstrip('/')}/v1/",
        headers={name: value for name, value in headers.items() if value},
        timeout=_SECONDS,
        follow_redirects=True,  # a superseded id answers with where it went
    )
    return Remote(http, spoken)


def _question(query: str) -> dict[str, str]:
    if query.startswith("s-"):
        return {"subject": query}
    code = recognise(query)
    return {"name" if code is None or not code.full else "identifier": query}


def _screened(query: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    subject = answer.get("subject")
    findings = [*(answer.get("own") or ()), *(answer.get("linked") or ())]
    sure = [each for each in findings if not each["suspected"]]
    counts = {kind: sum(each["kind"] == kind for each in sure) for kind in _KINDS}
    gravest = next((kind for kind in _KINDS if counts[kind]), None)
    found = gravest or ("suspected" if findings else "nothing_found")
    return {
        "query": query,
        "subject": None if subject is None else subject["id"],
        "name": "" if subject is None else subject["name"],
        "outcome": "unresolved" if subject is None else found,
        "why": answer.get("error", {}).get("what", ""),
        **counts,
        "suspected": len(findings) - len(sure),
        "rules": " ".join(sorted({each["rule"] for each in sure})),
    }


def _answer(response: Any) -> dict[str, Any]:
    if response.is_success:
        body: dict[str, Any] = response.json()
        return body
    told = response.json() if "json" in response.headers.get("content-type", "") else {}
    raise RemoteError(response.status_code, told)
