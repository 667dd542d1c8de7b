"""The grouped command `review ...`: what a machine must not decide."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import reviewing
from api.options import JsonOption, LangOption, StoreOption, day, given, named_path
from api.session import Session
from api.undoing import Chosen

__all__ = ["review_app"]

review_app = typer.Typer(
    no_args_is_help=True,
    help="人工复核 / Review desk: list, show, decide, undo, agreement, export, import.",
)
ByOption = Annotated[
    str | None, typer.Option("--by", help="复核人 / Who judges  [CREDITGRAPH_REVIEWER]")
]
WhyOption = Annotated[str, typer.Option("--why", help="理由 / The reason, in your own words")]
DryOption = Annotated[
    bool, typer.Option("--dry-run", help="只看影响，不写入 / Tell the effect, write nothing")
]


@review_app.command("list")
def review_list(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = 50,
    judged: Annotated[
        bool, typer.Option("--judged", help="改列已作判定 / The judgements made instead")
    ] = False,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """待复核任务，影响最大的在前 / What waits for a person, the most harmful first."""
    given(context, store, lang, json).run(
        lambda session: reviewing.review_list(session, limit, judged=judged)
    )


@review_app.command("show")
def review_show(
    context: typer.Context,
    task: str,
    by: ByOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """一个任务：各方并列，判为同一会怎样 / A task: the parties, and what `same` would do."""
    given(context, store, lang, json, by).run(lambda session: reviewing.review_show(session, task))


@review_app.command("decide")
def review_decide(
    context: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TASK|ID...",
            help="任务，或两个以上主体、指称的编号 / A task, or ids of parties",
        ),
    ],
    verdict: Annotated[str, typer.Argument(help="same | different | unsure")],
    why: WhyOption = "",
    by: ByOption = None,
    dry: DryOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """判定同一、不同或不确定；影响惩戒的须另一人再判一次 / Judge; a restriction takes two people.

    例 Example: creditgraph review decide t-0123 different --by 王五 --why 登记档案不同
    """
    given(context, store, lang, json, by).run(
        lambda session: reviewing.review_decide(session, targets, verdict, why, dry=dry)
    )


@review_app.command("undo")
def review_undo(
    context: typer.Context,
    judgements: Annotated[
        list[str] | None, typer.Argument(metavar="[JUDGEMENT]...", help="判定编号 / Ids")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", help="某人的判定 / Those of one person")
    ] = None,
    on: Annotated[str | None, typer.Option("--day", help="某日的判定 / Those of one day")] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="某类问题 / Code of a question they answered")
    ] = None,
    verdict: Annotated[
        str | None, typer.Option("--verdict", help="same | different | unsure")
    ] = None,
    why: WhyOption = "",
    by: ByOption = None,
    dry: DryOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """撤销判定：按编号，或按人、日、问题类别 / Undo judgements by id, or by what they share."""

    def run(session: Session) -> int:
        named = None if on is None else day(on, session.today).isoformat()
        chosen = Chosen(tuple(judgements or ()), person, named, reason, verdict)
        return reviewing.review_undo(session, chosen, why, dry=dry)

    given(context, store, lang, json, by).run(run)


@review_app.command("agreement")
def review_agreement(
    context: typer.Context,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """复核人之间的一致程度 / How far reviewers agree (Cohen's kappa, with counts)."""
    given(context, store, lang, json).run(reviewing.review_agreement)


@review_app.command("export")
def review_export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="F.xlsx", parser=named_path)],
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """待复核任务写成表格，可下拉选择 / Open tasks as a workbook with drop-downs."""
    given(context, store, lang, json).run(lambda session: reviewing.review_export(session, out))


@review_app.command("import")
def review_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="F.xlsx", parser=named_path)],
    by: ByOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """读回填好的表格，逐行判定 / Take the answers of a workbook, each row for itself."""
    given(context, store, lang, json, by).run(
        lambda session: reviewing.review_import(session, file)
    )
