"""Where the subjects of a neighbourhood stand, how they look, and the still picture of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import hypot
from typing import Any, Final
from xml.sax.saxutils import escape

import yaml

from api.analyst.extras import extra
from api.analyst.neighbourhood import Neighbourhood
from api.exports.extract import Tie
from graph.model import Subject
from graph.texts import Lang, phrase

__all__ = ["Picture", "look", "picture_of", "places_of", "wrapped"]

_LABELLED: Final = 60  # more labels than this cover each other
_MARGIN: Final = 60
_WIDE, _HIGH = 230, 150  # pixels from one subject to the next
_LEGEND_WIDTH: Final = 620


@cache
def look() -> dict[str, Any]:
    """Return colours and sizes, shared by picture and widget (`static/look.yaml`)."""
    text = (files("api") / "analyst" / "static" / "look.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@dataclass(frozen=True, slots=True)
class Picture:
    """A still picture, shown by any notebook."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg


def places_of(around: Neighbourhood) -> dict[str, tuple[float, float]]:
    """Return subject -> place in pixels, always the same for the same neighbourhood."""
    nx = extra("networkx")
    graph = nx.Graph()
    graph.add_nodes_from(each.id for each in around.subjects)
    graph.add_edges_from((tie.source, tie.target) for tie in around.ties)
    if len(graph) == 1:
        return {around.centre.id: (_WIDE, _HIGH)}
    rough = nx.spring_layout(graph, seed=1, iterations=300, k=1.6 / len(graph) ** 0.5)
    spots = nx.kamada_kawai_layout(graph, pos=rough) if nx.is_connected(graph) else rough
    left, top = (min(spot[axis] for spot in spots.values()) for axis in (0, 1))
    size = max(2.0, len(graph) ** 0.5)
    return {
        uid: (float(x - left) * _WIDE * size / 2, float(y - top) * _HIGH * size / 2)
        for uid, (x, y) in spots.items()
    }


def wrapped(name: str) -> list[str]:
    """Return a name in lines of 4, 5 and 4 characters, as it fits a circle."""
    lines = [name[:4], name[4:9], name[9:13]]
    if len(name) > 13:
        lines[2] = name[9:12] + "…"
    return [line for line in lines if line]


def picture_of(around: Neighbourhood, lang: Lang) -> Picture:
    """Return the picture; its legend says what was left out."""
    places = places_of(around)
    width = max(_LEGEND_WIDTH, max(x for x, _ in places.values()) + 2 * _MARGIN)
    height = max(y for _, y in places.values()) + 2 * _MARGIN + 40
    words = summary(around, lang)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{min(width, 960):.0f}" role="img" font-family="{look()["fonts"]}">',
        f"<title>{escape(words)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" '
        f'fill="{look()["tie"]}"/></marker></defs>',
        f'<rect width="100%" height="100%" fill="white"/><g transform="translate({_MARGIN} '
        f'{_MARGIN})">',
        *_ties(around, places, lang),
        *(_subject(around, each, places[each.id]) for each in around.subjects),
        "</g>",
        *_legend(around, height, lang),
        "</svg>",
    ]
    return Picture("".join(parts))


def summary(around: Neighbourhood, lang: Lang) -> str:
    """Return what is to be seen in a sentence, for those who cannot see it."""
    return phrase(
        "graph_summary",
        lang,
        name=around.centre.name,
        day=around.as_of.isoformat(),
        subjects=len(around.subjects),
        ties=len(around.ties),
        more=around.more,
    )


def colour(around: Neighbourhood, subject: Subject) -> str:
    """Return a subject's colour: what was asked about, a person, or an organisation."""
    what = "queried" if subject.id == around.centre.id else subject.kind
    return str(look()["colours"].get(what, look()["colours"]["organisation"]))


def radius(subject: Subject) -> int:
    """Return a subject's radius in pixels."""
    return int(look()["radius"]["person" if subject.kind == "person" else "organisation"])


def _ties(
    around: Neighbourhood, places: Mapping[str, tuple[float, float]], lang: Lang
) -> Iterator[str]:
    """Yield one line for all ties of a direction, broken or faded where all of them are."""
    sizes = {str(each.id): radius(each) for each in around.subjects}
    between: dict[tuple[str, str], list[Tie]] = {}
    for tie in around.ties:
        if tie.source != tie.target:
            between.setdefault((tie.source, tie.target), []).append(tie)
    labels = []
    for ties in between.values():
        dash = "" if any(tie.sure for tie in ties) else ' stroke-dasharray="5 4"'
        ended = all(around.ended(tie) for tie in ties)
        fade = f' opacity="{look()["faded"]}"' if ended else ""
        (x1, y1), (x2, y2) = _shortened(places, ties[0], sizes)
        yield (
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{look()["tie"]}"{dash}{fade} marker-end="url(#tip)"/>'
        )
        labels.append(_label(around, ties, ((x1 + x2) / 2, (y1 + y2) / 2), lang))
    if len(labels) <= _LABELLED:
        yield from labels  # over the lines, so that they can be read


def _label(around: Neighbourhood, ties: list[Tie], place: tuple[float, float], lang: Lang) -> str:
    told: dict[str, bool] = {}
    for tie in ties:
        text = tie_label(tie, lang)
        told[text] = told.get(text, True) and around.ended(tie)
    x, y = place[0], place[1] - 6 * (len(told) - 1) + 3
    fade = f' opacity="{look()["faded"]}"'
    lines = "".join(
        f'<tspan x="{x:.1f}" dy="{12 if n else 0}"{fade if ended else ""}>{escape(text)}</tspan>'
        for n, (text, ended) in enumerate(told.items())
    )
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="10" text-anchor="middle" '
        f'fill="{look()["text"]}" stroke="white" stroke-width="3" paint-order="stroke">'
        f"{lines}</text>"
    )


def _shortened(
    places: Mapping[str, tuple[float, float]], tie: Tie, sizes: Mapping[str, int]
) -> tuple[tuple[float, float], tuple[float, float]]:
    (x1, y1), (x2, y2) = places[tie.source], places[tie.target]
    far = max(hypot(x2 - x1, y2 - y1), 1.0)
    a, b = sizes[tie.source] / far, sizes[tie.target] / far
    dx, dy = x2 - x1, y2 - y1
    return (x1 + dx * a, y1 + dy * a), (x2 - dx * b, y2 - dy * b)


def tie_label(tie: Tie, lang: Lang) -> str:
    """Return a tie's type and share in words."""
    share = "" if tie.share is None else f" {tie.share * 100:.6g}%"
    return phrase(f"tie_{tie.type}", lang) + share


def _subject(around: Neighbourhood, subject: Subject, place: tuple[float, float]) -> str:
    x, y = place
    lines = wrapped(subject.name or subject.id)
    risks = around.risks.get(subject.id, 0)
    border = f'stroke="{look()["risk"]}" stroke-width="4"' if risks else 'stroke="none"'
    dash = "" if subject.strong else f' stroke-dasharray="3 3" stroke="{look()["risk"]}"'
    first = f"{0.35 - 0.55 * (len(lines) - 1):.2f}em"
    text = "".join(
        f'<tspan x="{x:.1f}" dy="{"1.1em" if n else first}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    badge = (
        f'<text x="{x + radius(subject):.1f}" y="{y - radius(subject) + 8:.1f}" font-size="12" '
        f'font-weight="bold" fill="{look()["risk"]}">!{risks}</text>'
        if risks
        else ""
    )
    outline = dash if dash else f" {border}"
    return (
        f'<g><title>{escape(subject.name)} {subject.id}</title><circle cx="{x:.1f}" cy="{y:.1f}" '
        f'r="{radius(subject)}" fill="{colour(around, subject)}"{outline}/>'
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="10" text-anchor="middle" '
        f'fill="{look()["on_colour"]}">{text}</text>{badge}</g>'
    )


def _legend(around: Neighbourhood, height: float, lang: Lang) -> Iterator[str]:
    y, x = height - 22, 20.0
    for name in ("organisation", "person", "queried"):
        yield f'<circle cx="{x}" cy="{y}" r="7" fill="{look()["colours"][name]}"/>'
        yield _words(x + 12, y + 4, phrase(f"legend_{name}", lang))
        x += 74
    for name, style in (
        ("suspected", 'stroke-dasharray="5 4"'),
        ("ended", f'opacity="{look()["faded"]}"'),
    ):
        yield f'<line x1="{x}" y1="{y}" x2="{x + 24}" y2="{y}" stroke="{look()["tie"]}" {style}/>'
        yield _words(x + 28, y + 4, phrase(f"legend_{name}", lang))
        x += 90
    yield f'<text x="{x}" y="{y + 4}" font-size="12" fill="{look()["risk"]}">!n</text>'
    yield _words(x + 18, y + 4, phrase("legend_risk", lang))
    if around.more:
        yield _words(20, y - 18, phrase("graph_more", lang, more=around.more))


def _words(x: float, y: float, text: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="12" fill="{look()["text"]}">{escape(text)}</text>'
