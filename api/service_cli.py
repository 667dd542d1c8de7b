"""The commands of the service: `serve`, `keys ...`, `audit ...`."""

import os
from typing import Annotated

import typer

from api.commands import access
from api.options import JsonOption, LangOption, StoreOption, given
from api.output import Output
from api.service.config import Service, read_service
from api.service.roles import Role
from api.settings import Settings

__all__ = ["audit_app", "keys_app", "serve"]

keys_app = typer.Typer(no_args_is_help=True, help="接口密钥 / API keys: add, list, rotate, revoke.")
audit_app = typer.Typer(no_args_is_help=True, help="审计日志 / The audit log: verify, list.")


def _service(settings: Settings) -> Service:
    return read_service(settings, os.environ)


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option("--host", help="监听地址 / Address  [CREDITGRAPH_HOST]")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65_535, help="端口 / [CREDITGRAPH_PORT]")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="进程数 / Processes  [CREDITGRAPH_WORKERS]"),
    ] = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """提供 HTTP 接口，直到收到停止信号 / Serve the HTTP API until told to stop.

    例 Example: creditgraph serve --port 8000 --workers 2
    """
    options = {"HOST": host, "PORT": port, "WORKERS": workers}
    chosen = {
        f"CREDITGRAPH_{name}": str(told) for name, told in options.items() if told is not None
    }

    def run(settings: Settings, out: Output) -> int:
        # Imported here: web framework and server would slow down every other command.
        from api.commands.serving import serve as serve_until_stopped

        return serve_until_stopped(read_service(settings, os.environ | chosen), out)

    given(context, store, lang).bare(run)


@keys_app.command("add")
def keys_add(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="谁的密钥（单位或系统） / Whose: an office or system")
    ],
    role: Annotated[Role, typer.Option("--role", help="角色 / Role")],
    days: Annotated[int, typer.Option("--days", help="有效天数 / Days it is good for")] = 90,
    same_holder: Annotated[
        bool,
        typer.Option(
            "--same-holder", help="同名者即同一人，再发一个 / One more for the holder of this name"
        ),
    ] = False,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """发放密钥，只显示这一次 / Make a key; it is shown this once. Two holders never share a name.

    例 Example: creditgraph keys add 住建局 --role department --days 180
    """
    given(context, store, lang, json).bare(
        lambda settings, out: access.add(
            _service(settings), out, access.Wanted(name, role, days, same_holder), json=json
        )
    )


@keys_app.command("list")
def keys_list(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """列出密钥，不含密文 / List keys, without their secrets."""
    given(context, store, lang, json).bare(
        lambda settings, out: access.list_keys(_service(settings), out, json=json)
    )


@keys_app.command("rotate")
def keys_rotate(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="密钥编号 / Id of a key")],
    days: Annotated[int, typer.Option("--days", help="新密钥的有效天数 / Of the new key")] = 90,
    grace: Annotated[
        int,
        typer.Option("--grace", min=0, max=720, help="旧密钥续用小时 / Hours the old one stays"),
    ] = 24,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """换发密钥，旧密钥稍后失效 / Make a new key for the same holder; the old one ends soon."""
    given(context, store, lang, json).bare(
        lambda settings, out: access.rotate(
            _service(settings), out, access.Turn(key, days, grace), json=json
        )
    )


@keys_app.command("revoke")
def keys_revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="密钥编号 / Id of a key")],
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """吊销密钥，立即生效 / End a key at once."""
    given(context, store, lang, json).bare(
        lambda settings, out: access.revoke(_service(settings), out, key, json=json)
    )


@audit_app.command("verify")
def audit_verify(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """核验审计日志未被改动 / Tell whether any entry was changed, added or removed."""
    given(context, store, lang, json).bare(
        lambda settings, out: access.verify(_service(settings), out, json=json)
    )


@audit_app.command("list")
def audit_list(
    context: typer.Context,
    after: Annotated[int, typer.Option("--after", min=0, help="从此序号之后 / After a number")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 1_000,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """列出审计日志，每行一个 JSON / Print entries, a JSON object a line."""
    given(context, store, lang).bare(
        lambda settings, out: access.list_entries(_service(settings), out, after, limit)
    )
