"""The graph in a real browser, given to it as a notebook gives it, with no network at all."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from api.analyst import open_store
from api.analyst.widget import GraphWidget, script
from tests.e2e.conftest import Shell

CODE = "91520201XX0001011N"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_STATE = ("elements", "look", "legend", "summary", "more", "height", "selected")
_HOST = """async ([code, css, state]) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const el = document.body.appendChild(document.createElement("div"));
  el.style.width = "900px";
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const widget = (await import(address)).default;
  window.state = state;
  window.saved = [];
  const model = {
    get: (key) => state[key], set: (key, value) => { state[key] = value; },
    save_changes: () => window.saved.push(state.selected), on() {}, off() {},
  };
  window.end = await widget.render({ model, el });
}"""
# Where a colour is painted: how many pixels, and the middle of them.
_PAINTED = """(colour) => {
  const found = { count: 0, x: 0, y: 0 };
  for (const canvas of document.querySelectorAll("canvas")) {
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = canvas.width / width;
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    for (let i = 0; i < data.length; i += 4) {
      if ([0, 1, 2].every((part) => data[i + part] === colour[part]) && data[i + 3] === 255) {
        found.count += 1;
        found.x += left + ((i / 4) % canvas.width) / scale;
        found.y += top + Math.floor(i / 4 / canvas.width) / scale;
      }
    }
  }
  return { count: found.count, x: found.x / found.count, y: found.y / found.count };
}"""
BLUE, RED, ORANGE = (0x4E, 0xA2, 0xF0), (0xFD, 0x48, 0x5E), (0xFF, 0x9E, 0x00)


@pytest.fixture(scope="module")
def widget(office: Shell) -> GraphWidget:
    """The neighbourhood of a firm of the cast."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDITGRAPH_KEY_FILE", str(office.folder / "key"))
        with open_store(str(office.store)) as desk:
            return desk.neighbourhood(CODE, 2, as_of=date(2026, 11, 1)).widget()


@pytest.fixture(scope="module")
def browser() -> str:
    """A browser of this machine; where tests are the gate there has to be one."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    assert found is not None
    return found


@pytest.fixture
def page(browser: str) -> Iterator[Page]:
    """An empty page that lists what it asks the network for, and its errors."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        shown = opened.new_page(viewport={"width": 940, "height": 700})
        shown.set_default_timeout(20_000)
        yield shown
        opened.close()


@pytest.mark.slow
def test_the_graph_is_drawn_clicked_and_filtered_without_a_network(
    widget: GraphWidget, page: Page, tmp_path: Path
) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    state = {name: getattr(widget, name) for name in _STATE}
    page.evaluate(_HOST, [script(), widget._css, state])

    orange = _settled(page, ORANGE)
    for colour in (BLUE, RED, ORANGE):
        assert page.evaluate(_PAINTED, colour)["count"] > 500
    assert page.locator("[role=img]").get_attribute("aria-label") == widget.summary
    told = page.locator(".cg-told")

    # A little above the middle: there is no letter of the name there.
    page.mouse.click(orange["x"], orange["y"] - 2)
    centre = next(each["data"] for each in widget.elements if each["data"]["name"])
    page.wait_for_function("window.saved.length === 1")
    assert page.evaluate("window.saved") == [centre["id"]]
    assert centre["name"] in told.inner_text()

    page.get_by_role("button", name="自然人").click()
    page.wait_for_function(f"({_PAINTED})([{','.join(map(str, RED))}]).count === 0")
    assert page.evaluate(_PAINTED, ORANGE)["count"] > 500
    page.screenshot(path=tmp_path / "graph.png")
    page.evaluate("window.end()")
    assert wrong == []
    assert [url for url in asked if not url.startswith(("blob:", "data:", "about:"))] == []


def _settled(page: Page, colour: tuple[int, int, int]) -> dict[str, Any]:
    page.wait_for_function(f"({_PAINTED})([{','.join(map(str, colour))}]).count > 500")
    page.wait_for_timeout(300)
    found: dict[str, Any] = page.evaluate(_PAINTED, colour)
    return found
