"""The grouped commands: `batch ...`, `export ...`, `config ...`."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import exporting, graph_exporting, loading
from api.exits import OK
from api.options import (
    FormOption,
    JsonOption,
    KnownAt,
    LangOption,
    OutOption,
    StoreOption,
    day,
    given,
)
from api.output import Output
from api.session import Session
from api.settings import Settings

__all__ = ["batch_app", "config_app", "export_app"]

batch_app = typer.Typer(no_args_is_help=True, help="批次 / Batches: list, show, withdraw.")
export_app = typer.Typer(
    no_args_is_help=True, help="导出 / Export clusters, findings, refused rows, the graph."
)
config_app = typer.Typer(no_args_is_help=True, help="设置 / Settings.")


@batch_app.command("list")
def batch_list(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """列出批次 / List batches."""
    given(context, store, lang, json).run(loading.batch_list)


@batch_app.command("show")
def batch_show(
    context: typer.Context,
    batch: str,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """查看一个批次及其拒收行 / Show one batch and its refused rows."""
    given(context, store, lang, json).run(lambda session: loading.batch_show(session, batch))


@batch_app.command("withdraw")
def batch_withdraw(
    context: typer.Context,
    batch: str,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """撤回一个批次（证据保留） / Withdraw a batch; its evidence is kept, its effect is not."""
    given(context, store, lang, json).run(lambda session: loading.batch_withdraw(session, batch))


@export_app.command("clusters")
def export_clusters(
    context: typer.Context,
    form: FormOption = None,
    out: OutOption = None,
    known_at: KnownAt = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """每个指称归属哪个主体 / One line per mention and sighting, sorted."""
    given(context, store, lang, json).run(
        lambda session: exporting.export_clusters(session, form, out), known_at=known_at
    )


@export_app.command("findings")
def export_findings(
    context: typer.Context,
    form: FormOption = None,
    out: OutOption = None,
    known_at: KnownAt = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """当前的推送与提示 / Current findings in id order."""
    given(context, store, lang, json).run(
        lambda session: exporting.export_findings(session, form, out), known_at=known_at
    )


@export_app.command("refused")
def export_refused(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="F.xlsx")],
    batch: Annotated[str | None, typer.Option("--batch", help="批次 / Batch id")] = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """拒收行及原因、改法，改好后可再装载 / Refused rows with reason and cure, to mend and load."""
    given(context, store, lang, json).run(
        lambda session: exporting.export_refused(session, batch, out)
    )


@export_app.command("graph")
def export_graph(
    context: typer.Context,
    form: Annotated[
        str | None, typer.Option("--format", help="graphml | csv | jsonl | ftm | bods")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="写入文件；csv 时为文件夹 / A file; csv: a folder")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="只导出当日在册的关系 / Only ties registered on this day"),
    ] = None,
    with_suspected: Annotated[
        bool,
        typer.Option("--with-suspected", help="含身份未确证的 / Also what a name alone tells"),
    ] = False,
    known_at: KnownAt = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """主体、关系与有效认定 / Subjects, dated ties and listings in force, for other tools."""

    def export(session: Session) -> int:
        asked = None if as_of is None else day(as_of, session.today)
        wanted = graph_exporting.Wanted(form, out, asked, with_suspected)
        return graph_exporting.export_graph(session, wanted)

    given(context, store, lang).run(export, known_at=known_at)


@config_app.command("show")
def config_show(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """有效设置及其来源 / Effective settings and where each comes from."""

    def show(settings: Settings, out: Output) -> int:
        if json:
            out.document(settings.as_dict())
        else:
            for name, told in settings.as_dict().items():
                out.line(f"{name} = {told['value']}  ({told['origin']})")
        return OK

    given(context, store, lang, json).bare(show)
