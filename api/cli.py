"""The `creditgraph` command: options in, one call into `api.commands`, an exit code out."""

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands import asking, exporting, loading
from api.commands.demo import demo as run_demo
from api.commands.doctor import doctor as run_doctor
from api.errors import tell
from api.exits import OK
from api.output import Output
from api.session import Session, open_session
from api.settings import Settings, read_settings
from graph.errors import CreditGraphError, QueryError
from graph.sanctions.rulebook import load_rulebook
from graph.texts import Lang, phrase
from loaders.synthetic.district import generate as write_district

__all__ = ["app", "main"]

app = typer.Typer(
    name="creditgraph",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="信用数据装载、去重与联合惩戒推送 / Load, resolve and propagate credit records.",
)
batch_app = typer.Typer(no_args_is_help=True, help="批次 / Batches: list, show, withdraw.")
export_app = typer.Typer(
    no_args_is_help=True, help="导出 / Export clusters, findings, refused rows."
)
config_app = typer.Typer(no_args_is_help=True, help="设置 / Settings.")
app.add_typer(batch_app, name="batch")
app.add_typer(export_app, name="export")
app.add_typer(config_app, name="config")

StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="数据库路径 / Store: a path or sqlite:///…  [CREDITGRAPH_STORE]"),
]
LangOption = Annotated[
    str | None, typer.Option("--lang", help="zh | en  [CREDITGRAPH_LANG]", metavar="LANG")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="输出一个 JSON 文档 / Print one JSON document")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="写入文件 / Write to a file")]
FormOption = Annotated[str | None, typer.Option("--format", help="csv | jsonl")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="截至日期，默认今天 / Day asked about (YYYY-MM-DD), today"),
]


@dataclass(frozen=True, slots=True)
class _Given:
    """The options every command shares."""

    store: str | None
    lang: str | None
    json: bool = False

    def run(self, command: Callable[[Session], int]) -> None:
        """Open a session, run, and end the process with the command's exit code."""

        def with_session(settings: Settings, out: Output) -> int:
            with open_session(settings, out, json=self.json) as session:
                return command(session)

        self.bare(with_session)

    def bare(self, command: Callable[[Settings, Output], int]) -> None:
        """Run a command that opens no store itself."""
        out = Output()
        lang: Lang = "en" if self.lang == "en" else "zh"
        try:
            options = {"store": self.store, "lang": self.lang}
            settings = read_settings(options, os.environ)
            lang = settings.lang
            code = command(settings, out)
        except CreditGraphError as error:
            if os.environ.get("CREDITGRAPH_DEBUG") == "1":
                traceback.print_exc()
            code = tell(error, out, lang, json=self.json)
        raise typer.Exit(code)


@app.callback()
def _shared(context: typer.Context, store: StoreOption = None, lang: LangOption = None) -> None:
    context.obj = (store, lang)


def _given(
    context: typer.Context, store: str | None, lang: str | None, json: bool = False
) -> _Given:
    shared_store, shared_lang = context.find_root().obj or (None, None)
    return _Given(store or shared_store, lang or shared_lang, json)


def _day(text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError("E604", day=text) from error


@app.command()
def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="文件夹 / Folder")] = Path("creditgraph-demo"),
    subjects: Annotated[int, typer.Option("--subjects", min=1)] = 300,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    lang: LangOption = None,
) -> None:
    """生成一个小区县，装载、去重、推送并说明结果 / Generate a small district and show what follows.

    例 Example: creditgraph demo --out /tmp/district
    """
    folder = out / f"{subjects}-{seed}"
    store = str(folder / "creditgraph.db")

    def make(settings: Settings, output: Output) -> int:
        if not (folder / "truth.csv").exists():
            write_district(subjects, seed, folder)
        return OK

    given = _given(context, None, lang)
    try:
        given.bare(make)
    except typer.Exit as ended:
        if ended.exit_code:
            raise
    _Given(store, given.lang).run(lambda session: run_demo(session, folder / "files"))


@app.command()
def generate(
    context: typer.Context,
    subjects: Annotated[
        int, typer.Option("--subjects", min=1, help="主体数量 / How many subjects")
    ],
    out: Annotated[Path, typer.Option("--out", help="文件夹 / Folder")],
    seed: Annotated[int, typer.Option("--seed")] = 1,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """生成虚构的部门文件和真值 / Write invented department files and the truth about them.

    例 Example: creditgraph generate --subjects 2000 --seed 7 --out district
    """

    def write(settings: Settings, output: Output) -> int:
        with output.progress(phrase("generating", settings.lang)) as advance:
            made = write_district(subjects, seed, out, advance)
        body = {
            "files": [str(path) for path in made.files],
            "truth": str(made.truth),
            "rows": made.rows,
            "mentions": made.mentions,
        }
        if json:
            output.document(body)
        else:
            output.line(
                phrase("generated", settings.lang, files=len(made.files), rows=made.rows, out=out)
            )
        return OK

    _given(context, None, lang, json).bare(write)


@app.command()
def load(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹 / Files or folders")],
    source: Annotated[
        str | None, typer.Option("--source", help="指定信源 / Force a source")
    ] = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """装载部门文件 / Load department files; every row is accepted, refused or a known repeat.

    例 Example: creditgraph load 2026-11/ ; creditgraph load 处罚.xlsx --source penalty_v2
    """
    _given(context, store, lang, json).run(lambda session: loading.load(session, paths, source))


@batch_app.command("list")
def batch_list(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """列出批次 / List batches."""
    _given(context, store, lang, json).run(loading.batch_list)


@batch_app.command("show")
def batch_show(
    context: typer.Context,
    batch: str,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """查看一个批次及其拒收行 / Show one batch and its refused rows."""
    _given(context, store, lang, json).run(lambda session: loading.batch_show(session, batch))


@batch_app.command("withdraw")
def batch_withdraw(
    context: typer.Context,
    batch: str,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """撤回一个批次（证据保留） / Withdraw a batch; its evidence is kept, its effect is not."""
    _given(context, store, lang, json).run(lambda session: loading.batch_withdraw(session, batch))


@app.command()
def resolve(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="全量 / Look at everything again")] = False,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """跨部门去重 / Resolve mentions to subjects; incremental by default.

    例 Example: creditgraph resolve
    """
    _given(context, store, lang, json).run(lambda session: loading.resolve(session, full=full))


@app.command()
def propagate(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """按规则推送联合惩戒 / Evaluate the rulebook on everything, as of today.

    例 Example: creditgraph propagate
    """
    _given(context, store, lang, json).run(loading.propagate)


@app.command()
def check(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="名称、代码或主体编号 / Name, code or subject id")],
    as_of: AsOf = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """查一个主体的自身与关联风险 / A subject's own and linked risks, with proofs.

    例 Example: creditgraph check 9152020XXX0000000X --as-of 2026-11-01
    """
    _given(context, store, lang, json).run(
        lambda session: asking.check(session, query, _day(as_of, session.today))
    )


@app.command()
def explain(
    context: typer.Context,
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="主体、提示、记录或拒收行的编号 / Any id")
    ],
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """为什么：合并、提示或拒收的依据 / Why a merge, a finding or a refusal is."""
    _given(context, store, lang, json).run(lambda session: asking.explain(session, id_))


@app.command()
def simulate(
    context: typer.Context,
    case: Annotated[Path, typer.Argument(help="CASE.json", exists=True, dir_okay=False)],
    as_of: AsOf = None,
    lang: LangOption = None,
) -> None:
    """在手写案例上试算规则，不用数据库 / Judge a hand-written case; no store.

    例 Example: creditgraph simulate case.json --as-of 2026-11-01
    """

    def judge(settings: Settings, out: Output) -> int:
        day = _day(as_of, date.today())  # noqa: DTZ011 - the office's own calendar day
        answer = asking.simulate(case, load_rulebook(), day, settings.lang)
        out.document(answer)
        return 1 if answer["findings"] else OK

    _given(context, None, lang, json=True).bare(judge)


@app.command()
def quality(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """各部门数据质量 / Volume, refusals, timeliness and identifier health by department."""
    _given(context, store, lang, json).run(asking.quality)


@app.command()
def status(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """数据库与密钥的位置、数量、待办步骤 / Where store and key lie, counts, steps that wait."""
    _given(context, store, lang, json).run(asking.status)


@app.command()
def doctor(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """检查安装是否可用 / Is this installation fit for work?"""
    _given(context, store, lang, json).bare(
        lambda settings, out: run_doctor(settings, out, json=json)
    )


@export_app.command("clusters")
def export_clusters(
    context: typer.Context,
    form: FormOption = None,
    out: OutOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """每个指称归属哪个主体 / One line per mention and sighting, sorted."""
    _given(context, store, lang).run(lambda session: exporting.export_clusters(session, form, out))


@export_app.command("findings")
def export_findings(
    context: typer.Context,
    form: FormOption = None,
    out: OutOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    """当前的推送与提示 / Current findings in id order."""
    _given(context, store, lang).run(lambda session: exporting.export_findings(session, form, out))


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
    _given(context, store, lang, json).run(
        lambda session: exporting.export_refused(session, batch, out)
    )


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

    _given(context, store, lang, json).bare(show)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except BrokenPipeError:
        # The reader (head, a closed pager) has had enough; there is nobody left to tell.
        sys.stderr.close()
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(OK) from None


if __name__ == "__main__":
    main()
