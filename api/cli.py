"""The `creditgraph` command: options in, one call into `api.commands`, an exit code out."""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands import asking, loading
from api.commands.copying import copy as run_copy
from api.commands.demo import demo as run_demo
from api.commands.doctor import doctor as run_doctor
from api.exits import OK
from api.groups import batch_app, config_app, export_app
from api.linking import bidders, path
from api.matching import evaluate, match
from api.options import (
    AsOf,
    Given,
    JsonOption,
    KnownAt,
    LangOption,
    Shared,
    StoreOption,
    day,
    given,
    named_path,
)
from api.output import Output, writing
from api.reviews import review_app
from api.rules import rules_app
from api.service_cli import audit_app, keys_app, serve
from api.settings import Settings, read_settings
from graph.errors import UsageError
from graph.sanctions.rulebook import load_rulebook
from graph.texts import phrase
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
app.add_typer(batch_app, name="batch")
app.add_typer(export_app, name="export")
app.add_typer(config_app, name="config")
app.add_typer(rules_app, name="rules")
app.add_typer(review_app, name="review")
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")


@app.callback()
def _shared(context: typer.Context, store: StoreOption = None, lang: LangOption = None) -> None:
    context.obj = Shared(store, lang, apart=bool(context.obj))


@app.command()
def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="文件夹 / Folder")] = Path("creditgraph-demo"),
    subjects: Annotated[int, typer.Option("--subjects", min=1)] = 300,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    lang: LangOption = None,
) -> None:
    """生成一个小区县，装载、去重、推送并说明结果 / Generate a small district and show what follows.

    例 Example: creditgraph demo --out district
    """
    folder = out / f"{subjects}-{seed}"
    store = str(folder / "creditgraph.db")

    def make(settings: Settings, output: Output) -> int:
        if not folder.exists():
            # Under its name complete or not at all, should the demo be stopped here.
            draft = folder.with_name(f".{folder.name}.part")
            shutil.rmtree(draft, ignore_errors=True)
            with writing(out):
                write_district(subjects, seed, draft)
                draft.rename(folder)
        return OK

    own = given(context, None, lang)
    try:
        own.bare(make)
    except typer.Exit as ended:
        if ended.exit_code:
            raise
    Given(store, own.lang).run(lambda session: run_demo(session, folder / "files"), new=True)


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
        with writing(out), output.progress(phrase("generating", settings.lang)) as advance:
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

    given(context, None, lang, json).bare(write)


@app.command()
def load(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(help="文件或文件夹 / Files or folders", parser=named_path)
    ],
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
    given(context, store, lang, json).run(
        lambda session: loading.load(session, paths, source), new=True, long=True
    )


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
    given(context, store, lang, json).run(
        lambda session: loading.resolve(session, full=full), long=True
    )


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
    given(context, store, lang, json).run(loading.propagate, long=True)


@app.command()
def check(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="名称、代码或主体编号 / Name, code or subject id")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """查一个主体的自身与关联风险 / A subject's own and linked risks, with proofs.

    例 Example: creditgraph check 9152020XXX0000000X --as-of 2026-11-01
    """
    given(context, store, lang, json).run(
        lambda session: asking.check(session, query, day(as_of, session.today)),
        known_at=known_at,
    )


app.command()(bidders)
app.command()(path)
app.command()(serve)


@app.command()
def changes(
    context: typer.Context,
    after: Annotated[
        int, typer.Option("--after", min=0, help="游标，默认从头 / Cursor; 0 is from the first")
    ] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 1_000,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """推送的出现与撤回，按顺序，可续读 / Findings as they appear and are retracted, resumable.

    例 Example: creditgraph changes --after 120 --json
    """
    given(context, store, lang, json).run(lambda session: asking.changes(session, after, limit))


@app.command()
def explain(
    context: typer.Context,
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="主体、提示、记录、判定、复核任务或拒收行的编号 / Any id"
        ),
    ],
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="另一个主体或指称：两者为何是或不是同一 / Another: why the two are one, or not",
        ),
    ] = None,
    known_at: KnownAt = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """为什么：合并、提示或拒收的依据 / Why a merge, a finding or a refusal is."""
    given(context, store, lang, json).run(
        lambda session: asking.explain(session, id_, other), known_at=known_at
    )


@app.command()
def simulate(
    context: typer.Context,
    *,
    case: Annotated[Path | None, typer.Argument(help="CASE.json")] = None,
    add_listing: Annotated[
        Path | None,
        typer.Option(
            "--add-listing", help="在数据库上试加一条认定 / A listing to try on the store"
        ),
    ] = None,
    as_of: AsOf = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = True,
) -> None:
    """在手写案例上试算规则，或在数据库上试加一条认定（不写入） / Judge a case; nothing is written.

    例 Example: creditgraph simulate case.json --as-of 2026-11-01
    """

    def judge(settings: Settings, out: Output) -> int:
        if case is None or add_listing is not None:
            raise UsageError("E722")
        asked = day(as_of, date.today())
        answer = asking.simulate(case, load_rulebook(), asked, settings.lang)
        out.document(answer)
        return 1 if answer["findings"] else OK

    own = given(context, store, lang, json)
    if case is None and add_listing is not None:
        file = add_listing
        own.run(lambda session: asking.what_if(session, file, day(as_of, session.today)))
    own.bare(judge)


@app.command()
def compare(
    context: typer.Context,
    pairs: Annotated[Path, typer.Argument(help="PAIRS.csv", parser=named_path)],
    out: Annotated[Path, typer.Option("--out", help="写入文件 / Write to a file")],
    kind: Annotated[
        str, typer.Option("--as", metavar="KIND", help="organisation | person")
    ] = "organisation",
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """逐行比对两个名称是否同一主体，不用数据库 / Score pairs of rows; no store.

    需要列 name_a、name_b，可另有 uscc、id_number、representative、phone、address。
    例 Example: creditgraph compare pairs.csv --out scored.csv --as organisation
    """

    def score(settings: Settings, output: Output) -> int:
        # Imported here: the tables of characters would slow down every other command.
        from api.commands.comparing import compare as score_pairs

        return score_pairs(pairs, out, kind, output, settings.lang, json=json)

    given(context, None, lang, json).bare(score)


app.command()(match)


@app.command()
def copy(
    context: typer.Context,
    source: Annotated[str, typer.Option("--from", help="来源数据库 / Store to copy")],
    target: Annotated[str, typer.Option("--to", help="空的目标数据库 / Empty store to fill")],
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """把整个数据库复制到另一个 / Copy all of a store into another, under the same key.

    例 Example: creditgraph copy --from creditgraph.db --to neo4j://127.0.0.1:7687
    """
    given(context, source, lang, json).bare(
        lambda settings, out: run_copy(
            settings, read_settings({"store": target, "lang": lang}, os.environ), out, json=json
        )
    )


@app.command()
def quality(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """各部门数据质量 / Volume, refusals, timeliness and identifier health by department."""
    given(context, store, lang, json).run(asking.quality)


app.command()(evaluate)


@app.command()
def status(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """数据库与密钥的位置、数量、待办步骤 / Where store and key lie, counts, steps that wait."""
    given(context, store, lang, json).run(asking.status, new=True)


@app.command()
def doctor(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """检查安装是否可用 / Is this installation fit for work?"""
    given(context, store, lang, json).bare(
        lambda settings, out: run_doctor(settings, out, json=json)
    )


def main(*, apart: bool = False) -> None:
    """Run the command line.

    Args:
        apart: The process is there for this one command, which may change its priority.
    """
    app(obj=apart)


if __name__ == "__main__":
    main()
