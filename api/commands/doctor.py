"""`creditgraph doctor`: is this installation fit for work, and if not, what to do."""

import platform
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from api.exits import BACKEND, OK
from api.keys import load_or_make_key
from api.output import Output
from api.settings import Settings
from api.stores import open_store
from graph.errors import CreditGraphError
from graph.sanctions.rulebook import load_rulebook
from graph.secrecy import Seal
from graph.texts import explain, phrase
from loaders.manifest_reader import read_manifests

__all__ = ["doctor"]

_LEAST_FREE_BYTES: Final = 2 * 10**9

Check = tuple[str, str]  # status (ok | warning | failed) and the sentence


def doctor(settings: Settings, out: Output, *, json: bool) -> int:
    """Examine Python, key, store, disk, console, rules and manifests; 4 if one failed."""
    checks: dict[str, Callable[[Settings], Check]] = {
        "python": _python,
        "key": _key,
        "store": _store,
        "disk": _disk,
        "console": _console,
        "rules": _rules,
        "manifests": _manifests,
    }
    found = []
    for name, check in checks.items():
        try:
            status, text = check(settings)
        except CreditGraphError as error:
            told = explain(error, settings.lang)
            status, text = "failed", f"{told.code} {told.what}; {told.fix}"
        found.append({"check": name, "status": status, "text": text})
    failed = any(item["status"] == "failed" for item in found)
    _print(found, settings, out, json=json)
    return BACKEND if failed else OK


def _print(found: list[dict[str, Any]], settings: Settings, out: Output, *, json: bool) -> None:
    if json:
        out.document({"checks": found, "settings": settings.as_dict()})
        return
    for item in found:
        label = phrase(f"doctor_{item['status']}", settings.lang)
        out.line(f"[{label}] {item['check']}: {item['text']}")
    out.line(phrase("key_warning", settings.lang))


def _python(settings: Settings) -> Check:
    return "ok", f"{platform.python_version()} {platform.system()} {platform.machine()}"


def _key(settings: Settings) -> Check:
    load_or_make_key(settings.key_file)
    return "ok", str(settings.key_file)


def _store(settings: Settings) -> Check:
    seal = Seal(load_or_make_key(settings.key_file))
    with closing(open_store(settings.store, seal, new=True)) as store:
        records = store.overview.status()["records"]
    return "ok", phrase("doctor_store", settings.lang, store=settings.store_text, records=records)


def _disk(settings: Settings) -> Check:
    if not isinstance(settings.store, Path):
        return "ok", phrase("doctor_disk_server", settings.lang)
    free = shutil.disk_usage(settings.store.parent).free
    text = phrase("doctor_disk", settings.lang, free=f"{free / 10**9:.1f}")
    return ("ok" if free >= _LEAST_FREE_BYTES else "warning"), text


def _console(settings: Settings) -> Check:
    encoding = sys.stdout.encoding or "?"
    try:
        "信用钟山 龘".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return "warning", phrase("doctor_console", settings.lang, encoding=encoding)
    return "ok", encoding


def _rules(settings: Settings) -> Check:
    book = load_rulebook()
    enabled = len(book.active)
    text = phrase("doctor_rules", settings.lang, rules=len(book.rules), enabled=enabled)
    return "ok", f"{text} {book.digest[:12]}"


def _manifests(settings: Settings) -> Check:
    return "ok", phrase("doctor_manifests", settings.lang, count=len(read_manifests()))
