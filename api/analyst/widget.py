"""The graph to drag and click: an anywidget around the cytoscape.js that lies beside it."""

from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

import anywidget
import traitlets

from api.analyst.drawing import colour, look, places_of, radius, summary, tie_label, wrapped
from api.analyst.neighbourhood import Neighbourhood
from graph.texts import Lang, phrase

__all__ = ["GraphWidget", "script", "widget_of"]

_LEGEND = ("organisation", "person", "queried", "suspected", "ended", "risk")


@cache
def script() -> str:
    """Return the one module a browser runs: cytoscape.js as shipped, then our own.

    The library is given a `module` of its own, so that it neither looks for a loader of the
    page nor leaves a global behind. Nothing is fetched from anywhere.
    """
    folder = files("api") / "analyst" / "static"
    library, own = (
        (folder / name).read_text(encoding="utf-8") for name in ("cytoscape.min.js", "graph.js")
    )
    return (
        "const cytoscape = (() => { const module = { exports: {} }, exports = module.exports, "
        f"define = undefined;\n{library}\n;return module.exports; }})();\n{own}"
    )


class GraphWidget(anywidget.AnyWidget):
    """A neighbourhood on a canvas, with its legend and a sentence for those who cannot see it.

    Attributes:
        selected: Id of the subject last clicked, '' when none.
    """

    _esm: ClassVar[Any] = script()
    _css: ClassVar[Any] = (files("api") / "analyst" / "static" / "graph.css").read_text("utf-8")

    elements: Any = traitlets.List().tag(sync=True)
    look = traitlets.Dict().tag(sync=True)
    legend: Any = traitlets.List().tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    more = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int(520).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)


def widget_of(around: Neighbourhood, lang: Lang) -> GraphWidget:
    """Return the widget of a neighbourhood, laid out as its picture is."""
    more = phrase("graph_more", lang, more=around.more) if around.more else ""
    return GraphWidget(
        elements=[*_nodes(around), *_edges(around, lang)],
        look=look(),
        legend=[{"what": what, "text": phrase(f"legend_{what}", lang)} for what in _LEGEND],
        summary=summary(around, lang),
        more=more,
    )


def _nodes(around: Neighbourhood) -> list[dict[str, Any]]:
    places = places_of(around)
    return [
        {
            "data": {
                "id": each.id,
                "name": each.name,
                "label": "\n".join(wrapped(each.name or each.id)),
                "kind": each.kind,
                "colour": colour(around, each),
                "size": 2 * radius(each),
                "risks": around.risks.get(each.id, 0),
            },
            "classes": "" if each.strong else "suspected",
            "position": dict(zip("xy", places[each.id], strict=True)),
        }
        for each in around.subjects
    ]


def _edges(around: Neighbourhood, lang: Lang) -> list[dict[str, Any]]:
    return [
        {
            "data": {
                "id": tie.id,
                "source": tie.source,
                "target": tie.target,
                "label": tie_label(tie, lang),
                "since": "" if tie.since is None else tie.since.isoformat(),
                "until": "" if tie.until is None else tie.until.isoformat(),
            },
            "classes": " ".join(["suspected"] * (not tie.sure) + ["ended"] * around.ended(tie)),
        }
        for tie in around.ties
    ]
