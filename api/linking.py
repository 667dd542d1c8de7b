"""The commands about ties between subjects: `bidders`, `path`."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands import bidding, tracing
from api.options import AsOf, JsonOption, KnownAt, LangOption, StoreOption, day, given
from graph.paths import Bounds

__all__ = ["bidders", "path"]


def bidders(
    context: typer.Context,
    *,
    asked: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|NAME...",
            help="名单文件、名称、代码或主体编号 / A list, names, codes or ids",
        ),
    ],
    opened: Annotated[str, typer.Option("--opened", help="开标日期 / Bid opening (YYYY-MM-DD)")],
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="另写成工作簿 / Also write a workbook")
    ] = None,
    known_at: KnownAt = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """查同一标段投标人之间的关系和各自资格 / Ties, indicators and eligibility of bidders.

    例 Example: creditgraph bidders 投标名单.xlsx --opened 2026-11-01 --xlsx 核查.xlsx
    """
    given(context, store, lang, json).run(
        lambda session: bidding.bidders(session, asked, day(opened, session.today), xlsx),
        known_at=known_at,
    )


def path(
    context: typer.Context,
    *,
    one: Annotated[
        str, typer.Argument(metavar="A", help="名称、代码或主体编号 / Name, code or id")
    ],
    other: Annotated[str, typer.Argument(metavar="B", help="另一个 / The other")],
    hops: Annotated[int, typer.Option("--hops", help="最多几跳 / Hops at most")] = 4,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """两个主体之间的全部关系路径 / Every path between two subjects, on a day.

    例 Example: creditgraph path 9152020XXX0000000X 9152020XXX0000001X --hops 3
    """
    given(context, store, lang, json).run(
        lambda session: tracing.path(
            session, (one, other), day(as_of, session.today), Bounds(hops=hops)
        ),
        known_at=known_at,
    )
