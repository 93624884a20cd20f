"use strict";
const find = (selector, root = document) => root.querySelector(selector);
const AT_A_TIME = 3;
const TASKS = { summarize: ["Summarise", "summarising"], translate: ["Translate", "translating"] };
let results = [];
let current = null;
let running = 0;
const waiting = [];

async function call(path, options = {}) {
  const response = await fetch(path, options);
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response) {
  const problem = await response.json().catch(() => ({}));
  const error = new Error([problem.detail ?? response.statusText, problem.advice].filter(Boolean).join(": "));
  return Object.assign(error, { status: response.status, later: Number(response.headers.get("retry-after")) });
}

// What is dropped, chosen or pasted.

function add(task, fields, name) {
  const line = document.createElement("li");
  const label = line.appendChild(document.createElement("span"));
  const stop = line.appendChild(document.createElement("button"));
  const bar = line.appendChild(document.createElement("progress"));
  label.textContent = `${name}: waiting`;
  stop.textContent = "Cancel";
  stop.type = "button";
  bar.setAttribute("aria-label", name);
  const job = { task, fields, name, line, label, bar, stop, controller: new AbortController() };
  stop.addEventListener("click", () => {
    job.controller.abort();
    line.remove();
  });
  find("#jobs").append(line);
  waiting.push(job);
  next();
}

function next() {
  while (running < AT_A_TIME && waiting.length) {
    const job = waiting.shift();
    if (job.controller.signal.aborted) continue;
    running += 1;
    work(job).finally(() => {
      running -= 1;
      next();
    });
  }
}

async function work(job) {
  const form = new FormData();
  for (const [name, value] of Object.entries(job.fields)) form.append(name, value);
  try {
    const options = { method: "POST", body: form, headers: { accept: "text/event-stream" }, signal: job.controller.signal };
    const response = await call(`/api/${job.task}`, options);
    for await (const [told, value] of eventsOf(response)) {
      if (told === "queued") job.label.textContent = `${job.name}: ${value ? await explain(value) : "reading"}`;
      if (told === "progress") {
        job.label.textContent = `${job.name}: ${TASKS[job.task][1]}`;
        job.bar.value = value;
      }
      if (told === "failed") throw new Error([value.detail, value.advice].filter(Boolean).join(": "));
      if (told === "done") {
        job.line.remove();
        // Claimed at once: another result may be done before this one is shown.
        const first = !current;
        if (first) current = value.id;
        await list();
        if (first) await show(value.id);
      }
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error.status === 503 && error.later) {
      job.label.textContent = `${job.name}: the queue is full, trying again`;
      setTimeout(() => { waiting.push(job); next(); }, 1000 * error.later);
      return;
    }
    fail(job, error);
  }
}

async function explain(ahead) {
  const { loading } = await (await call("/api/health")).json();
  return loading ? "waiting for the model, which takes a minute the first time" : `${ahead} in front of it`;
}

function fail(job, error) {
  job.line.classList.add("failed");
  job.label.textContent = error.message.startsWith(job.name) ? error.message : `${job.name}: ${error.message}`;
  job.bar.remove();
  job.stop.textContent = "Dismiss";
  if (job.fields.force) return;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Process it anyway";
  again.addEventListener("click", () => {
    job.line.remove();
    add(job.task, { ...job.fields, force: "true" }, job.name);
  });
  job.stop.before(again);
}

async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const [, told, data] = /^event: (.*)\ndata: (.*)$/s.exec(part);
      yield [told, JSON.parse(data)];
    }
  }
}

function order(content, name) {
  const task = find("#task").value;
  const settings = { translate: find("#translate").value, length: find("#length").value };
  // A translation is kept only if that is asked for.
  add(task, { ...content, ...(task === "translate" ? { keep: "true" } : settings) }, name);
}

function addFiles(files) {
  for (const file of files) order({ file }, file.name);
}

function offer() {
  const task = find("#task").value;
  find("#go").textContent = TASKS[task][0];
  for (const one of document.querySelectorAll("#order .summary")) one.hidden = task !== "summarize";
}

find("#task").addEventListener("input", offer);

find("#files").addEventListener("change", (event) => {
  addFiles([...event.target.files]);
  event.target.value = "";
});
find("#order").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("#paste").value;
  if (!text.trim()) return find("#paste").focus();
  order({ text }, "pasted text");
  find("#paste").value = "";
});
for (const gesture of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(gesture, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("over", gesture === "dragenter" || gesture === "dragover");
    if (gesture === "drop") addFiles([...event.dataTransfer.files]);
  });
}

// The list of results.

async function list() {
  const words = find("#search").value;
  const drawn = document.createElement("template");
  // As for an article: what came from outside is escaped, and can't run.
  drawn.innerHTML = await (await call(`/results?${new URLSearchParams({ words })}`)).text();
  // Who has typed on waits for another answer.
  if (words !== find("#search").value) return;
  results = [...drawn.content.querySelectorAll("li")].map((item) => ({ item, ...item.dataset }));
  find("#clear").hidden = !results.length;
  filter();
}

function shown() {
  const [filter, since] = [find("#filter").value, find("#since").value];
  return results.filter((one) => "found" in one && one.item.matches(filter) && one.day >= since);
}

function filter() {
  const fitting = shown();
  for (const { item, id } of results) find("a", item).ariaCurrent = id === current ? "true" : null;
  find("#results").replaceChildren(...fitting.map((one) => one.item));
  const count = `${results.length} result${results.length === 1 ? "" : "s"}`;
  find("#counts").textContent = fitting.length === results.length ? count : `${fitting.length} shown of ${count}`;
}

for (const name of ["filter", "since"]) find(`#${name}`).addEventListener("input", filter);
find("#search").addEventListener("input", list);
find("#results").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  visit(link.hash.slice(1));
});
find("#clear").addEventListener("click", async () => {
  if (!confirm("Delete all results, for good?")) return;
  await call("/api/results", { method: "DELETE" });
  close();
  list();
});

// One article.

async function show(id) {
  const response = await fetch(`/results/${encodeURIComponent(id)}`);
  if (!response.ok) return close();
  // The server has escaped what came from an article; nothing in here can run: see the content security policy.
  find("#shown").innerHTML = await response.text();
  find("#welcome")?.remove();
  offerTicks();
  current = id;
  history.replaceState(null, "", `#${id}`);
  filter();
}

// Each doubt gets a box to tick, which is known by all that stands there: what was changed is to be checked again.
function offerTicks() {
  const checked = JSON.parse(find("#shown article").dataset.checked);
  for (const doubt of document.querySelectorAll("#shown .doubt, #shown :is(.headline, details) mark")) {
    const value = (doubt.closest("li") ?? doubt).textContent.trim().replace(/\s+/g, " ");
    const label = doubt.appendChild(document.createElement("label"));
    label.append(Object.assign(document.createElement("input"), { type: "checkbox", className: "tick", value }), " checked");
    label.firstChild.checked = checked.includes(value);
  }
}

function turn(by) {
  const ticks = [...document.querySelectorAll("#shown .tick")];
  const at = ticks.indexOf(document.activeElement);
  const to = ticks.at(at < 0 && by < 0 ? by : (at + by) % ticks.length);
  if (!to) return;
  to.closest("details")?.setAttribute("open", "");
  to.focus();
  to.closest("li, p").scrollIntoView({ block: "center" });
}

// Show what the reader has chosen, and go there: on a narrow screen it stands below the list.
async function visit(id) {
  await show(id);
  find("#article").focus({ preventScroll: true });
  find("#article").scrollIntoView();
}

function close() {
  current = null;
  history.replaceState(null, "", location.pathname);
  find("#shown").replaceChildren();
}

function choose(sentence) {
  const pressed = sentence.getAttribute("aria-pressed") === "true";
  for (const one of document.querySelectorAll(".sentence")) one.setAttribute("aria-pressed", "false");
  for (const one of document.querySelectorAll(".text .held")) one.classList.remove("held");
  if (pressed) return;
  sentence.setAttribute("aria-pressed", "true");
  const held = sentence.dataset.positions.trim().split(" ").map((at) => find(`[data-at="${at}"]`)).filter(Boolean);
  for (const one of held) one.classList.add("held");
  held[0]?.scrollIntoView({ block: "nearest" });
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain HTTP from another machine, a page has no clipboard but what is selected.
  const field = document.body.appendChild(document.createElement("textarea"));
  field.value = text;
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("the browser does not let this page copy");
}

async function change(fields) {
  const options = { method: "PATCH", body: JSON.stringify(fields), headers: { "content-type": "application/json" } };
  await call(`/api/results/${encodeURIComponent(current)}`, options);
  await list();
}

function edit(open) {
  find("#editor").hidden = !open;
  find("#reading").hidden = open;
  find(open ? "#editor textarea" : "#edit").focus();
}

find("#shown").addEventListener("click", async (event) => {
  const target = event.target.closest(".sentence, button");
  if (!target) return;
  if (target.matches(".sentence")) choose(target);
  else if (target.id === "edit") edit(true);
  else if (target.id === "cancel") edit(false);
  else if (target.dataset.copy) {
    await copy(find(`#${target.dataset.copy}`).defaultValue);
    const before = target.textContent;
    target.textContent = "Copied";
    setTimeout(() => { target.textContent = before; }, 1500);
  } else if (target.id === "delete" && confirm("Delete this result, for good?")) {
    await call(`/api/results/${encodeURIComponent(current)}`, { method: "DELETE" });
    close();
    list();
  }
});
find("#shown").addEventListener("change", (event) => {
  if (event.target.id === "reviewed") change({ reviewed: event.target.checked });
  if (event.target.matches(".tick")) change({ checked: [...document.querySelectorAll(".tick:checked")].map((one) => one.value) });
});
find("#shown").addEventListener("submit", async (event) => {
  event.preventDefault();
  await change(Object.fromEntries([...find("#editor").querySelectorAll("textarea")].map((one) => [one.id, one.value])));
  await show(current);
  find("#edit").focus();
});

// What fails on the way is said, and gone with the next click.
addEventListener("unhandledrejection", (event) => {
  find("#notice").textContent = event.reason instanceof TypeError ? "The server does not answer: is it still running?" : event.reason.message;
  find("#notice").hidden = false;
});
document.addEventListener("click", () => { find("#notice").hidden = true; }, true);

document.addEventListener("keydown", (event) => {
  if (event.target.matches(".sentence") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return choose(event.target);
  }
  if (event.key === "Escape") {
    if (find("#editor") && !find("#editor").hidden) return edit(false);
    return event.target.blur();
  }
  if (event.target.matches("input:not([type=checkbox], [type=file]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    "/": () => find("#search").focus(),
    j: () => step(1),
    k: () => step(-1),
    n: () => turn(1),
    p: () => turn(-1),
    e: () => find("#edit") && edit(true),
    r: () => find("#reviewed")?.click(),
  };
  if (!(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

function step(by) {
  const fitting = shown();
  const at = fitting.findIndex((one) => one.id === current);
  const to = fitting[at < 0 ? 0 : at + by];
  if (to) visit(to.id);
}

offer();
list().then(() => { if (location.hash.length > 1) show(location.hash.slice(1)); });
