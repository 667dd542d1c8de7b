// Draws the elements of the model; what is selected goes back to Python as `selected`.

const styles = (look) => [
  { selector: "node", style: {
    "background-color": "data(colour)", width: "data(size)", height: "data(size)",
    label: "data(label)", "text-wrap": "wrap", "text-valign": "center", "font-size": 10,
    "font-family": look.fonts, color: look.on_colour, "min-zoomed-font-size": 5 } },
  { selector: "node[risks > 0]", style: { "border-width": 4, "border-color": look.risk,
    label: (node) => `${node.data("label")}\n!${node.data("risks")}` } },
  { selector: "node.suspected", style: {
    "border-width": 2, "border-style": "dashed", "border-color": look.risk } },
  { selector: "edge", style: {
    width: 1.2, "line-color": look.tie, "target-arrow-color": look.tie,
    "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier",
    "font-size": 9, "font-family": look.fonts, color: look.text,
    "text-background-color": "#fff", "text-background-opacity": 0.85,
    "min-zoomed-font-size": 5 } },
  { selector: "edge.suspected", style: { "line-style": "dashed" } },
  { selector: "edge.ended", style: { opacity: look.faded } },
  { selector: "edge.near, edge:selected", style: { label: "data(label)" } },
  { selector: ".dull", style: { opacity: 0.2 } },
  { selector: ".hidden", style: { display: "none" } },
];

// What a legend entry is about; leaving it out hides just that.
const about = {
  organisation: 'node[kind != "person"]', person: 'node[kind = "person"]', queried: null,
  suspected: ".suspected", ended: ".ended", risk: null,
};

const element = (name, className, text = "") => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

function mark(what, look) {
  const shown = element("span", "cg-mark");
  if (look.colours[what]) shown.style.background = look.colours[what];
  else if (what === "risk") { shown.textContent = "!n"; shown.style.color = look.risk; }
  else {
    shown.classList.add("cg-line");
    if (what === "suspected") shown.style.borderTopStyle = "dashed";
    else shown.style.opacity = look.faded;
  }
  return shown;
}

function legend(entries, look, cy) {
  const list = element("ul", "cg-legend");
  const off = new Set();
  for (const { what, text } of entries) {
    const item = element("li", ""), button = element("button", "");
    button.type = "button";
    button.append(mark(what, look), text);
    button.disabled = about[what] === null;
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      if (!off.delete(what)) off.add(what);
      button.setAttribute("aria-pressed", String(!off.has(what)));
      cy.elements().removeClass("hidden");
      for (const each of off) cy.elements(about[each]).not(".queried").addClass("hidden");
    });
    item.append(button);
    list.append(item);
  }
  return list;
}

function told(target) {
  const data = target.data();
  if (target.isNode()) return `${data.name} · ${data.kind} · ${data.id}`;
  const dates = data.since || data.until ? ` [${data.since || "?"}, ${data.until || ""})` : "";
  return `${target.source().data("name")} → ${target.target().data("name")}: ${data.label}${dates}`;
}

function render({ model, el }) {
  const look = model.get("look");
  const frame = element("div", "cg"), canvas = element("div", "cg-canvas");
  const line = element("div", "cg-told");
  canvas.style.height = `${model.get("height")}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", model.get("summary"));
  line.setAttribute("aria-live", "polite");
  frame.append(canvas, line, element("div", "cg-more", model.get("more")));
  el.append(frame);

  const cy = cytoscape({
    container: canvas, elements: structuredClone(model.get("elements")), style: styles(look),
    layout: { name: "preset", padding: 20 }, minZoom: 0.2, maxZoom: 3,
  });
  cy.nodes().forEach((node) => { if (node.data("colour") === look.colours.queried) node.addClass("queried"); });
  frame.prepend(legend(model.get("legend"), look, cy));

  const clear = () => cy.elements().removeClass("dull near");
  cy.on("tap", (event) => {
    clear();
    if (event.target === cy) { line.textContent = ""; return; }
    line.textContent = told(event.target);
    if (!event.target.isNode()) return;
    const near = event.target.closedNeighborhood();
    cy.elements().not(near).addClass("dull");
    near.edges().addClass("near");
    model.set("selected", event.target.id());
    model.save_changes();
  });
  cy.on("mouseover", "node, edge", (event) => { line.textContent = told(event.target); });

  // A notebook lays its outputs out after they are made.
  const resized = new ResizeObserver(() => { cy.resize(); cy.fit(undefined, 20); });
  resized.observe(canvas);
  return () => { resized.disconnect(); cy.destroy(); };
}

export default { render };
