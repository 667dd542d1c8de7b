"""Charts about measures: one HTML page that needs nothing else, online or off, and pictures."""

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Final

from api.analyst.extras import extra
from api.output import writing
from graph.texts import Lang, phrase
from resolvers.evaluate import Measure, Quality

__all__ = ["write_charts", "write_pictures"]

_FILE: Final = "evaluation.html"
_LEFT, _WIDE, _ROW = 260, 460, 26
_COLOURS: Final = {
    "precision": "#0b5fa5",
    "recall": "#b3541e",
    "bcubed_precision": "#4a8fc7",
    "bcubed_recall": "#d99566",
}
_SVG: Final = "http://www.w3.org/2000/svg"
_STYLE: Final = (
    "body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:60em;padding:0 1em}"
    "svg{width:100%;height:auto}text{fill:#222}"
)


def write_charts(folder: Path, measured: Mapping[str, Quality], lang: Lang) -> Path:
    """Write the page of charts and return its path.

    Args:
        measured: By what a person reads, in the order shown.
    """
    title, note = escape(phrase("charts_title", lang)), escape(phrase("charts_note", lang))
    charts = "\n".join(
        f"<h2>{escape(phrase(f'head_{name}', lang))}</h2>{_chart(name, measured, lang)}"
        for name in _COLOURS
    )
    page = (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>\n<p>{note}</p>\n"
        f"{charts}\n</html>\n"
    )
    path = folder / _FILE
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8")
    return path


def write_pictures(folder: Path, measured: Mapping[str, Quality], lang: Lang) -> list[Path]:
    """Write each chart of the page as a PNG and return their paths.

    Chinese labels need a Chinese font on the machine that draws.

    Raises:
        UsageError: E126, the extra that draws is not installed.
    """
    draw = extra("vl_convert")
    paths = [folder / f"{name}.png" for name in _COLOURS]
    for name, path in zip(_COLOURS, paths, strict=True):
        # On its own a drawing has to name its space; in a page it must not lead anywhere.
        drawing = _chart(name, measured, lang).replace("<svg", f'<svg xmlns="{_SVG}"', 1)
        picture = draw.svg_to_png(drawing, scale=2)
        with writing(path):
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture)
    return paths


def _chart(name: str, measured: Mapping[str, Quality], lang: Lang) -> str:
    rows = {label: getattr(found, name) for label, found in measured.items()}
    bars = "".join(
        bar
        for place, (label, measure) in enumerate(rows.items())
        for bar in _bar(place, label, measure, _COLOURS[name])
    )
    wide, high = _LEFT + _WIDE + 120, _ROW * len(rows) + 8
    return (
        f'<svg viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'font-family="sans-serif" font-size="12" role="img" '
        f'aria-label="{escape(phrase(f"head_{name}", lang))}">{bars}</svg>'
    )


def _bar(place: int, label: str, measure: Measure, colour: str) -> Iterator[str]:
    """Yield the name, the bar, its 95 % interval and its number."""
    middle = place * _ROW + _ROW // 2 + 4
    yield f'<text x="{_LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape(label)}</text>'
    if measure.value is None:
        yield f'<text x="{_LEFT}" y="{middle + 4}">-</text>'
        return
    long, low, high = (_WIDE * each for each in (measure.value, measure.low, measure.high))
    yield f'<rect x="{_LEFT}" y="{middle - 8}" width="{long:.1f}" height="16" fill="{colour}"/>'
    yield (
        f'<path d="M{_LEFT + low:.1f} {middle}H{_LEFT + high:.1f}m0 -5v10M{_LEFT + low:.1f} '
        f'{middle - 5}v10" stroke="#222" fill="none"/>'
    )
    yield f'<text x="{_LEFT + _WIDE + 8}" y="{middle + 4}">{measure.value:.5f}</text>'
