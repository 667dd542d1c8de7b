"""The grouped command `rules ...`: what the law says, without a store."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.commands import rules
from api.options import AsOf, JsonOption, LangOption, OutOption, day, given

__all__ = ["rules_app"]

rules_app = typer.Typer(
    no_args_is_help=True, help="规则集 / The rulebook: list, show, lint, document, clocks."
)


@rules_app.command("list")
def rules_list(
    context: typer.Context, as_of: AsOf = None, lang: LangOption = None, json: JsonOption = False
) -> None:
    """列出全部规则 / List every rule with its kind, evidence mark and title."""
    given(context, None, lang, json).bare(
        lambda settings, out: rules.list_rules(
            out, settings.lang, day(as_of, date.today()), json=json
        )
    )


@rules_app.command("show")
def rules_show(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(help="规则编号 / Rule id, e.g. R02")],
    as_of: AsOf = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """查看一条规则 / Show one rule: trigger, reach, measure, duration, articles."""
    given(context, None, lang, json).bare(
        lambda settings, out: rules.show_rule(
            out, settings.lang, rule, day(as_of, date.today()), json=json
        )
    )


@rules_app.command("lint")
def rules_lint(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="规则文件夹，默认随附规则 / Folder; the shipped rules")
    ] = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """检查规则文件，逐个说明问题 / Check rule files and tell every fault.

    例 Example: creditgraph rules lint my-rules
    """
    given(context, None, lang, json).bare(
        lambda settings, out: rules.lint_rules(out, settings.lang, folder, json=json)
    )


@rules_app.command("document")
def rules_document(context: typer.Context, file: OutOption = None, lang: LangOption = None) -> None:
    """把全部规则写成一份文档 / Write the whole rulebook as Markdown (docs/RULES.md)."""
    given(context, None, lang).bare(
        lambda settings, out: rules.write_document(out, settings.lang, file)
    )


@rules_app.command("clocks")
def rules_clocks(
    context: typer.Context,
    decided: Annotated[
        str | None, typer.Option("--decided", help="决定日期 / Day of the decision (YYYY-MM-DD)")
    ] = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """信用修复与办理期限 / When a decision may be repaired, and the limits counted from its day.

    例 Example: creditgraph rules clocks --decided 2026-05-01
    """
    given(context, None, lang, json).bare(
        lambda settings, out: rules.clocks(
            out, settings.lang, day(decided, date.today()), json=json
        )
    )
