"""The commands about matching: `match` any table, `evaluate` the store's clusters."""

from pathlib import Path
from typing import Annotated

import typer

from api.options import JsonOption, LangOption, StoreOption, given, named_path
from api.output import Output
from api.session import Session
from api.settings import Settings

__all__ = ["evaluate", "match"]


def match(
    context: typer.Context,
    *,
    table: Annotated[Path, typer.Argument(help="CSV, XLSX, Parquet", parser=named_path)],
    scorecard: Annotated[
        str, typer.Option("--scorecard", help="评分卡名称或 YAML 文件 / A name or a YAML file")
    ],
    out: Annotated[Path, typer.Option("--out", help="写入文件 / Clusters, as CSV")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子 / Seed of the sample")] = 1,
    model: Annotated[
        Path | None,
        typer.Option("--model", help="有则使用，无则估计后写入 / Used if there, else written"),
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", help="另写各对的权重 / Also write weighed pairs")
    ] = None,
    truth: Annotated[
        str | None, typer.Option("--truth", help="真值所在列 / Column of the truth, to measure")
    ] = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """任意表去重，不用数据库 / Which rows of any table are one subject; no store.

    例 Example: creditgraph match firms.csv --scorecard register_mentions --out clusters.csv
    """

    def run(settings: Settings, output: Output) -> int:
        # Imported here: what matching takes would slow down every other command.
        from api.commands.matching import Match
        from api.commands.matching import match as match_table

        asked = Match(table, scorecard, out, seed, model, pairs, truth)
        return match_table(asked, output, settings.lang, json=json)

    given(context, None, lang, json).bare(run)


def evaluate(
    context: typer.Context,
    *,
    truth: Annotated[Path, typer.Option("--truth", help="真值 / truth.csv")],
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="再按真值的列分层 / Also strata by a column of the truth"),
    ] = None,
    charts: Annotated[
        Path | None, typer.Option("--charts", help="图表写入文件夹 / Folder for charts")
    ] = None,
    png: Annotated[
        bool, typer.Option("--png", help="另存图片，同 --charts / Pictures, too, with --charts")
    ] = False,
    store: StoreOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """去重质量：与真值比较 / Precision and recall of the clusters against a known truth.

    例 Example: creditgraph evaluate --truth district/truth.csv --charts charts
    """

    def run(session: Session) -> int:
        from api.commands.evaluating import Charts
        from api.commands.evaluating import evaluate as measure

        return measure(session, truth, by or (), None if charts is None else Charts(charts, png))

    if png and charts is None:
        raise typer.BadParameter("--png 需要 --charts / --png needs --charts")
    given(context, store, lang, json).run(run)
