"""Charts of answers, drawn by altair into the notebook itself: no script, nothing fetched."""

from typing import TYPE_CHECKING, Any, Final

from api.analyst.extras import extra

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

__all__ = ["bars", "spans"]

_COLOURS: Final = {
    "restriction": "#7f1d1d",
    "conditional": "#b45309",
    "attention": "#1d4ed8",
}
# The reader's font may be wider than the one the chart was measured with.
_PADDING: Final = {"left": 30, "right": 30, "top": 5, "bottom": 5}


def bars(frame: "pd.DataFrame", value: str, by: str, title: str) -> "alt.Chart":
    """Return horizontal bars, the longest first.

    Args:
        value: Column of counts (integers) or of shares between 0 and 1.
        by: Column of names.
    """
    alt = _altair()
    share = frame[value].dtype.kind == "f"
    axis = alt.Axis(format=".0%") if share else alt.Axis(format="d", tickMinStep=1)
    bar = alt.Chart(frame, title=title, width=420, padding=_PADDING)
    return bar.mark_bar(color="#4ea2f0").encode(  # type: ignore[no-any-return]
        x=alt.X(value, title=None, axis=axis), y=alt.Y(by, sort="-x", title=None)
    )


def spans(frame: "pd.DataFrame", as_of: str, title: str) -> "alt.Chart":
    """Return how long each finding runs; one without an end runs on past the picture.

    Args:
        frame: With `since`, `until` (ISO days, None where open), `kind` and `label`.
        as_of: The day marked by a line.
    """
    alt, pd = _altair(), extra("pandas")
    drawn = frame.assign(
        since=pd.to_datetime(frame["since"]),
        # 9999-12-31 is "for good"; no axis reaches there.
        until=pd.to_datetime(frame["until"].where(frame["until"].fillna("9") < "2200")),
    )
    last = max(drawn["until"].max(), pd.Timestamp(as_of)) + pd.DateOffset(months=6)
    drawn = drawn.assign(until=drawn["until"].fillna(last))
    kinds = [kind for kind in _COLOURS if kind in set(drawn["kind"])]
    scale = alt.Scale(domain=kinds, range=[_COLOURS[kind] for kind in kinds])
    bar = (
        alt.Chart(drawn, title=title, width=420)
        .mark_bar()
        .encode(
            x=alt.X("since:T", title=None),
            x2="until:T",
            y=alt.Y("label:N", title=None, axis=alt.Axis(labelLimit=320)),
            color=alt.Color("kind:N", title=None, scale=scale),
        )
    )
    today = alt.Chart(pd.DataFrame({"day": [pd.Timestamp(as_of)]})).mark_rule(strokeDash=[4, 3])
    whole = alt.layer(bar, today.encode(x="day:T"), padding=_PADDING)
    return whole  # type: ignore[no-any-return]


def _altair() -> Any:
    """Return altair, set to draw pictures: by default it loads scripts from a distant server."""
    module = extra("altair")
    extra("vl_convert")
    module.renderers.enable("svg")
    return module
