"use strict";
// What the page can do beside showing everything: light a chain on the map, filter and sort the table, turn dark.

function traceMap(map) {
  const boxes = new Map([...map.querySelectorAll("[data-goal]")].map((box) => [box.dataset.goal, box]));
  const links = [...map.querySelectorAll("[data-from]")];
  const up = new Map(), down = new Map();
  const add = (to, from, link) => to.set(from, [...(to.get(from) || []), link]);
  for (const link of links) {
    add(up, link.dataset.from, [link.dataset.to, link]);
    add(down, link.dataset.to, [link.dataset.from, link]);
  }

  function follow(start, steps, lit) {
    const seen = new Set([start]), open = [start];
    while (open.length) {
      const goal = open.pop();
      lit.add(boxes.get(goal));
      for (const [next, link] of steps.get(goal) || []) {
        lit.add(link);
        if (!seen.has(next)) { seen.add(next); open.push(next); }
      }
    }
  }

  function light(box, link) {
    const lit = new Set(link ? [link] : []);
    if (box) { follow(box.dataset.goal, up, lit); follow(box.dataset.goal, down, lit); }
    if (link) { follow(link.dataset.to, up, lit); follow(link.dataset.from, down, lit); }
    map.classList.toggle("tracing", lit.size > 0);
    for (const one of [...boxes.values(), ...links]) one.classList.toggle("lit", lit.has(one));
    for (const one of boxes.values()) one.classList.toggle("chosen", one === box);
  }

  const boxOf = (place) => place && map.contains(place)
    ? place.closest("[data-goal]") || place.querySelector(":scope > [data-goal]") : null;
  const focused = () => boxOf(document.activeElement);
  map.addEventListener("pointerover", (event) => {
    const box = event.target.closest("[data-goal]"), link = event.target.closest("[data-from]");
    if (box || link) light(box, link); else light(focused());
  });
  map.addEventListener("pointerleave", () => light(focused()));
  map.addEventListener("focusin", () => light(focused()));
  map.addEventListener("focusout", (event) => { if (!boxOf(event.relatedTarget)) light(null); });
  map.addEventListener("keydown", (event) => { if (event.key === "Escape") light(null); });
}

const CHOICES = {
  status: ["red", "amber", "green", "unknown"],
  outlook: ["better", "level", "worse", "unknown"],
  signal: ["steady", "warning", "recovering", "act", "unknown"],
  owner: null, goal: null, kpi: null, perspective: null, theme: null,
};
const FLAGS = ["stale", "fresh", "missing", "partial", "breached", "judged", "goals", "kpis"];
const fold = (text) => (text || "").toLowerCase().replace(/ß/g, "ss").replace(/\s+/g, "");

function readRows(table) {
  let perspective = null, goal = null;
  return [...table.tBodies[0].rows].map((line, place) => {
    const name = fold(line.querySelector(".name").textContent);
    const row = { line, place, kind: line.className, name, id: line.dataset.id, facts: line.dataset };
    row.owner = fold(line.querySelector(".owner").textContent);
    if (row.kind === "perspective") perspective = row;
    if (row.kind === "goal") goal = row;
    row.perspective = perspective;
    row.goal = row.kind === "perspective" ? null : goal;
    return row;
  });
}

const isNamed = (row, wanted) => row.name.includes(wanted) || row.id.includes(wanted);
const TESTS = {
  status: (row, wanted) => row.facts.status.startsWith(wanted),
  outlook: (row, wanted) => (row.facts.outlook || "").startsWith(wanted) && Boolean(row.facts.outlook),
  signal: (row, wanted) => (row.facts.signal || "").startsWith(wanted) && Boolean(row.facts.signal),
  owner: (row, wanted) => row.owner.includes(wanted),
  goal: (row, wanted) => Boolean(row.goal) && isNamed(row.goal, wanted),
  kpi: (row, wanted) => row.kind === "kpi" && isNamed(row, wanted),
  perspective: (row, wanted) => isNamed(row.perspective, wanted),
  theme: (row, wanted) => Boolean(row.goal) && fold(row.goal.facts.theme).includes(wanted),
};

function hasFlag(row, flag) {
  if (flag === "goals" || flag === "kpis") return row.kind === flag.slice(0, -1);
  return (row.facts.flags || "").split(" ").includes(flag);
}

function readWord(key, text) {
  if (!Object.hasOwn(CHOICES, key)) return `'${key.slice(0, 20)}:' is not known`;
  if (!text) return `say what behind '${key}:'`;
  const wanted = text.split(",").filter(Boolean), choices = CHOICES[key];
  if (choices && !wanted.every((part) => choices.some((one) => one.startsWith(part.toLowerCase()))))
    return `'${key}:' takes ${choices.join(", ")}`;
  return (row) => wanted.some((part) => TESTS[key](row, fold(part)));
}

function readFilter(text) {
  const tests = [];
  let wrong = "";
  for (const [, minus, key, quoted] of text.matchAll(/(-?)(?:([A-Za-z]+):)?("[^"]*"?|'[^']*'?|\S+)/g)) {
    const plain = quoted.replace(/^["']+|["']+$/g, ""), flag = plain.toLowerCase();
    const found = key ? readWord(key.toLowerCase(), plain)
      : FLAGS.includes(flag) ? (row) => hasFlag(row, flag) : (row) => isNamed(row, fold(plain));
    if (typeof found === "string") wrong = wrong || found;
    else tests.push(minus ? (row) => !found(row) : found);
  }
  return { holds: (row) => tests.every((test) => test(row)), wrong, empty: tests.length === 0 };
}

function runTable(table) {
  const rows = readRows(table), body = table.tBodies[0], found = document.getElementById("found");
  const field = document.getElementById("filter"), heads = [...table.tHead.rows[0].cells];
  let column = -1, way = 1;

  function show() {
    const filter = readFilter(field.value), held = new Set(rows.filter(filter.holds));
    const around = new Set();
    for (const row of held) { around.add(row.perspective); if (row.goal) around.add(row.goal); }
    for (const row of rows) {
      const sorted = column >= 0;
      row.line.hidden = sorted ? row.kind === "perspective" || !held.has(row) : !held.has(row) && !around.has(row);
      row.line.classList.toggle("around", !row.line.hidden && !held.has(row));
    }
    const counted = [...held].filter((row) => row.kind !== "perspective").length;
    const all = rows.filter((row) => row.kind !== "perspective").length;
    found.textContent = filter.wrong || (filter.empty ? "" : `${counted} of ${all} rows`);
  }

  const keyOf = (row) => {
    const cell = row.line.cells[column], number = cell.dataset.key;
    if (number !== undefined) return Number(number);
    return heads[column].classList.contains("right") ? "" : fold((cell.querySelector(".name") || cell).textContent);
  };

  function compare(one, other) {
    const a = keyOf(one), b = keyOf(other);
    if (a === "" || b === "") return (a === "") - (b === "") || one.place - other.place;
    return way * (a < b ? -1 : a > b ? 1 : 0) || one.place - other.place;
  }

  function sort(chosen) {
    if (column !== chosen) { column = chosen; way = 1; } else if (way === 1) way = -1; else { column = -1; way = 1; }
    const order = column < 0 ? rows : [...rows].sort(compare);
    body.append(...order.map((row) => row.line));
    heads.forEach((head, at) => at === column
      ? head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending") : head.removeAttribute("aria-sort"));
    show();
  }

  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.title = "Sort; a third time: the order of the map";
    button.addEventListener("click", () => sort(at));
    head.replaceChildren(button);
  });
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") { field.value = ""; show(); } });
  field.closest(".controls").hidden = false;
}

function turnDark(button) {
  const root = document.documentElement, asked = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : asked.matches;
  const tell = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; tell(); });
  asked.addEventListener("change", tell);
  button.hidden = false;
  tell();
}

turnDark(document.getElementById("theme"));
for (const hint of document.querySelectorAll(".hint")) hint.hidden = false;
for (const map of document.querySelectorAll(".strategy-map")) traceMap(map);
for (const table of document.querySelectorAll("#rows")) runTable(table);
