"use strict";
const find = (selector, root = document) => root.querySelector(selector);
const AT_A_TIME = 3;
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

function add(fields, name) {
  const line = document.createElement("li");
  const label = line.appendChild(document.createElement("span"));
  const stop = line.appendChild(document.createElement("button"));
  const bar = line.appendChild(document.createElement("progress"));
  label.textContent = `${name}: waiting`;
  stop.textContent = "Cancel";
  stop.type = "button";
  bar.setAttribute("aria-label", name);
  const job = { fields, name, line, label, bar, stop, controller: new AbortController() };
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
    const response = await call("/api/summarize", options);
    for await (const [kind, value] of eventsOf(response)) {
      if (kind === "queued") job.label.textContent = value ? `${job.name}: ${value} in front of it` : `${job.name}: reading`;
      if (kind === "progress") {
        job.label.textContent = `${job.name}: writing`;
        job.bar.value = value;
      }
      if (kind === "failed") throw new Error([value.detail, value.advice].filter(Boolean).join(": "));
      if (kind === "done") {
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

function fail(job, error) {
  job.line.classList.add("failed");
  job.label.textContent = `${job.name}: ${error.message}`;
  job.bar.remove();
  job.stop.textContent = "Dismiss";
  if (job.fields.force) return;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Take it all the same";
  again.addEventListener("click", () => {
    job.line.remove();
    add({ ...job.fields, force: "true" }, job.name);
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
      const [, kind, data] = /^event: (.*)\ndata: (.*)$/s.exec(part);
      yield [kind, JSON.parse(data)];
    }
  }
}

const settings = () => ({ translate: find("#translate").value, length: find("#length").value });

function addFiles(files) {
  for (const file of files) add({ file, ...settings() }, file.name);
}

find("#files").addEventListener("change", (event) => {
  addFiles([...event.target.files]);
  event.target.value = "";
});
find("#order").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("#paste").value;
  if (!text.trim()) return find("#paste").focus();
  add({ text, ...settings() }, "pasted text");
  find("#paste").value = "";
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") addFiles([...event.dataTransfer.files]);
  });
}

// The list of results.

async function list() {
  ({ results } = await (await call("/api/results")).json());
  const sites = [...new Set(results.map((one) => one.site).filter(Boolean))].sort();
  const chosen = find("#site").value;
  find("#site").replaceChildren(new Option("all", ""), ...sites.map((site) => new Option(site, site)));
  find("#site").value = sites.includes(chosen) ? chosen : "";
  find("#clear").hidden = !results.length;
  filter();
}

const FILTERS = {
  "": () => true,
  doubtful: (one) => one.doubtful,
  warned: (one) => one.warnings.length > 0,
  open: (one) => !one.reviewed,
  reviewed: (one) => one.reviewed,
};

function shown() {
  const words = find("#search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [site, since] = [find("#site").value, find("#since").value];
  return results.filter((one) => {
    const text = `${one.title} ${one.title_translation} ${one.source} ${one.site} ${one.abstract}`.toLowerCase();
    return FILTERS[find("#filter").value](one) && words.every((word) => text.includes(word))
      && (!site || one.site === site) && (!since || (one.date ?? one.created) >= since);
  });
}

function filter() {
  const fitting = shown();
  find("#results").replaceChildren(...fitting.map((one) => {
    const item = document.createElement("li");
    const link = item.appendChild(document.createElement("a"));
    link.href = `#${one.id}`;
    item.className = [one.doubtful && "doubtful", one.reviewed && "reviewed"].filter(Boolean).join(" ");
    if (one.id === current) link.setAttribute("aria-current", "true");
    const title = link.appendChild(document.createElement("b"));
    title.lang = "id";
    title.textContent = one.title ?? one.source;
    const detail = link.appendChild(document.createElement("small"));
    detail.textContent = [one.site ?? one.source, one.date ?? one.created.slice(0, 10)].join(" · ");
    return item;
  }));
  const count = `${results.length} result${results.length === 1 ? "" : "s"}`;
  find("#counts").textContent = fitting.length === results.length ? count : `${fitting.length} shown of ${count}`;
}

for (const name of ["search", "filter", "site", "since"]) find(`#${name}`).addEventListener("input", filter);
find("#results").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  show(link.hash.slice(1));
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
  current = id;
  history.replaceState(null, "", `#${id}`);
  filter();
  find("#article").scrollTop = 0;
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

async function change(fields) {
  const options = { method: "PATCH", body: JSON.stringify(fields), headers: { "content-type": "application/json" } };
  await call(`/api/results/${encodeURIComponent(current)}`, options);
  await list();
}

function edit(open) {
  find("#editor").hidden = !open;
  find("#reading").hidden = open;
  find(open ? "#abstract" : "#edit").focus();
}

find("#shown").addEventListener("click", async (event) => {
  const target = event.target.closest(".sentence, button");
  if (!target) return;
  if (target.matches(".sentence")) choose(target);
  else if (target.id === "edit") edit(true);
  else if (target.id === "cancel") edit(false);
  else if (target.dataset.copy) {
    await navigator.clipboard.writeText(find(`#${target.dataset.copy}`).defaultValue);
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
});
find("#shown").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = { abstract: find("#abstract").value };
  if (find("#translation")) fields.translation = find("#translation").value;
  await change(fields);
  await show(current);
  find("#edit").focus();
});

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
  if (to) show(to.id);
}

list().then(() => { if (location.hash.length > 1) show(location.hash.slice(1)); });
