"use strict";
// The page of the server: what is added, the list of results, and one result to read and to correct.

const TASKS = { summarize: ["Summarise", "summarising"], translate: ["Translate", "translating"] };
let results = [];
let current = null;
// The result that is being asked for: answers may come late.
let wanted = null;
// The result from which the reader went back to the list.
let left = null;
let isFirstList = true;
const narrow = matchMedia("(max-width: 63.99rem)");

function notify(message) {
  find("#notice").textContent = message;
  find("#notice").hidden = false;
}

// What is dropped, chosen or pasted.

function orderOf(task, fields, name) {
  const body = new FormData();
  for (const [field, value] of Object.entries(fields)) body.append(field, value);
  return {
    name,
    path: `/api/${task}`,
    body,
    doing: TASKS[task][1],
    again: () => orderOf(task, { ...fields, force: "true" }, name),
    done: async ({ id }) => {
      // Claimed at once: another result may be done before this one is shown.
      if (!current && !left) current = id;
      await list();
      if (current !== id || hasUnsaved()) return;
      goTo(id);
      await show(id);
    },
  };
}

function order(content, name) {
  const task = find("#task").value;
  const settings = { translate: find("#translate").value, length: find("#length").value };
  // A translation is kept only if that is asked for.
  add(orderOf(task, { ...content, ...(task === "translate" ? { keep: "true" } : settings) }, name));
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
  if (!text.trim()) {
    notify("There is nothing to work on: choose files, or paste a text first.");
    return find("#paste").focus();
  }
  const name = say("pasted text");
  order({ text, name }, name);
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
  for (const one of ["#foot", "#finder", "#tongues"]) find(one).hidden = !results.length;
  // Who has results reads; the form is folded away, once.
  if (results.length && isFirstList && !find("#paste").value) {
    find("#add").open = false;
    isFirstList = false;
  }
  filter();
}

function shown() {
  const [kind, since] = [find("#filter").value, find("#since").value];
  return results.filter((one) => "found" in one && one.item.matches(kind) && one.day >= since);
}

function filter() {
  const fitting = shown();
  for (const { item, id } of results) find("a", item).ariaCurrent = id === current ? "true" : null;
  find("#results").replaceChildren(...fitting.map((one) => one.item));
  const count = `${results.length} result${results.length === 1 ? "" : "s"}`;
  find("#counts").textContent = fitting.length === results.length ? count : `${fitting.length} shown of ${count}`;
  offerBeginning();
}

// Say how to begin, as long as nothing is read.
function offerBeginning() {
  find("#welcome").hidden = current !== null || results.length > 0;
  find("#choose").hidden = current !== null || results.length === 0;
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
  if (!confirm(say("Delete all results, for good?"))) return;
  await call("/api/results", { method: "DELETE" });
  close();
  list();
});

// Back and forward. The entries of the browser's history are numbered, so that one that the reader doesn't want to
// leave can be gone back to; for each, how far it was scrolled.

let entry = history.state?.entry ?? 0;
const tops = history.state ? keptTops() : [];
history.scrollRestoration = "manual";
history.replaceState({ entry }, "");

function keptTops() {
  // A browser may forbid pages to remember anything.
  try { return JSON.parse(sessionStorage.getItem("ringkas-tops")) ?? []; } catch { return []; }
}

// Whether the address names a place on the page, as the skip link does, and no result.
function isPlace() {
  return document.getElementById(location.hash.slice(1)) !== null;
}

function addressed() {
  return location.hash.length > 1 && !isPlace() ? location.hash.slice(1) : null;
}

// Put the address of a result, or with null that of the list, where Back leads away from it.
function goTo(id) {
  if (addressed() === id) return;
  tops[entry] = scrollY;
  entry += 1;
  tops.length = entry;
  history.pushState({ entry }, "", id === null ? location.pathname : `#${id}`);
}

addEventListener("popstate", async ({ state }) => {
  if (isPlace()) return;
  // Who types an address makes a new entry.
  const to = state?.entry ?? entry + 1;
  if (to === entry) return;
  if (!mayLeave()) return history.go(entry - to);
  tops[entry] = scrollY;
  entry = to;
  if (!state) tops.length = entry;
  history.replaceState({ entry }, "");
  await drawAddressed();
});
addEventListener("pagehide", () => {
  tops[entry] = scrollY;
  try { sessionStorage.setItem("ringkas-tops", JSON.stringify(tops)); } catch { /* Then it begins at the top. */ }
});

// Show what the address says, as far down as the reader was.
async function drawAddressed() {
  const top = tops[entry] ?? 0;
  const id = addressed();
  if (id) {
    await show(id);
    if (current !== id) return;
    find("#article").focus({ preventScroll: true });
  } else if (current) leave();
  scrollTo(0, top);
}

find(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  goToArticle();
});

// One article.

async function show(id) {
  wanted = id;
  const response = await fetch(`/results/${encodeURIComponent(id)}`);
  // Who has gone on meanwhile waits for another.
  if (wanted !== id) return;
  if (!response.ok) return close();
  // The server has escaped what came from an article; nothing in here can run: see the content security policy.
  find("#shown").innerHTML = await response.text();
  current = id;
  left = null;
  read(true);
  filter();
}

// A narrow screen shows either the article or the list.
function read(isReading) {
  document.body.classList.toggle("reading", isReading);
}

// Drawing the article anew takes the focus away. Give it back, unless the reader has moved on meanwhile.
function refocus(target) {
  if (document.activeElement === document.body) target?.focus({ preventScroll: true });
}

// Draw the article anew after a change; who was at a doubt stays there.
async function redraw() {
  if (!current) return;
  const ticks = [...document.querySelectorAll("#shown .tick")];
  const at = ticks.indexOf(document.activeElement);
  const top = scrollY;
  await show(current);
  scrollTo(0, top);
  if (at >= 0) refocus(document.querySelectorAll("#shown .tick")[at]);
}

function turn(by) {
  const ticks = [...document.querySelectorAll("#shown .tick")];
  const at = ticks.indexOf(document.activeElement);
  const to = ticks.at(at < 0 && by < 0 ? by : (at + by) % ticks.length);
  if (!to) return;
  to.focus();
  to.closest("li, p, .paragraph").scrollIntoView({ block: "center" });
}

function isUnsaved(field) {
  // A field in an article that a narrow window hides behind the list is still there.
  return !field.closest("[hidden]") && field.value !== field.defaultValue;
}

// Whether something is written that isn't saved, and isn't about to be: what is in the given form is.
function hasUnsaved(saved = null) {
  return [...document.querySelectorAll("#shown textarea")].some((one) => one.form !== saved && isUnsaved(one));
}

// Ask before what is written is lost, as it is where the article is drawn anew.
function mayLeave(saved = null) {
  return !hasUnsaved(saved) || confirm(say("Leave without saving what you have written?"));
}

function goToArticle() {
  find("#article").focus({ preventScroll: true });
  find("#article").scrollIntoView();
}

// Show what the reader has chosen, and go there.
async function visit(id) {
  if (!mayLeave()) return;
  goTo(id);
  await show(id);
  goToArticle();
}

// What is no more has no address either.
function close() {
  current = null;
  wanted = null;
  left = null;
  history.replaceState({ entry }, "", location.pathname);
  find("#shown").replaceChildren();
  read(false);
  filter();
}

// Go from a result to the list, to where it stands there.
function leave() {
  const before = current;
  goTo(null);
  close();
  left = before;
  const place = results.find((one) => one.id === before && one.item.isConnected)?.item ?? find("#results li");
  place?.querySelector("a").focus({ preventScroll: true });
}

function backToList() {
  if (!mayLeave()) return;
  leave();
  find("#search").scrollIntoView();
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

// Copy what a button offers, and say so on it for a while.
async function copyFor(button, text) {
  await copy(text);
  const before = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = before; }, 1500);
}

let lastChange = Promise.resolve();

// Changes wait for each other: each is made of the version that the one before it has made.
function change(fields) {
  const article = find("#shown article");
  const made = lastChange.then(() => changeNow(article, fields));
  lastChange = made.catch(() => {});
  return made;
}

async function changeNow(article, fields) {
  const { id, version } = article.dataset;
  const body = JSON.stringify({ ...fields, version: Number(version) });
  const options = { method: "PATCH", body, headers: { "content-type": "application/json" } };
  try {
    const changed = await (await call(`/api/results/${encodeURIComponent(id)}`, options)).json();
    article.dataset.version = changed.version;
  } catch (error) {
    if (error.status !== 409) throw error;
    if (id === current) await showOther();
    throw new Error("Not saved: this result has changed meanwhile. Here is how it is now, and what you have written is still in its field: look at both, then save again.");
  }
  await list();
}

// Somebody else was faster: show the result as it is now, with what is written here beside it, to be saved again.
async function showOther() {
  const unsaved = [...document.querySelectorAll("#shown textarea")].filter(isUnsaved);
  const written = unsaved.map((field) => ({ id: field.id, value: field.value, ...(field.id ? {} : placeOf(field)) }));
  await redraw();
  for (const { id, value, part, number } of written) {
    const pencil = find(`[data-part="${part}"][data-number="${number}"] .pencil`);
    if (pencil) editSentence(pencil, value);
    else if (id && find(`#${id}`)) {
      find("#editor").hidden = false;
      Object.assign(find(`#${id}`), { value }).focus();
    } else {
      // What it was written for is gone.
      const field = element("textarea", "", { value });
      field.setAttribute("aria-label", say("This sentence in English"));
      find("#shown article").prepend(field);
    }
  }
}

// The part and number of the sentence that something on the page belongs to.
function placeOf(target) {
  const { part, number } = target.closest("[data-part]").dataset;
  return { part, number: Number(number) };
}

async function changeSentence(target, fields) {
  await change({ sentence: { ...placeOf(target), ...fields } });
  await redraw();
}

function edit(open) {
  if (open && !mayLeave()) return;
  find("#editor").hidden = !open;
  find("#reading").hidden = open;
  find(open ? "#editor textarea" : "#edit").focus();
}

// One sentence of the English, in place; what was written already stands below it as it is now.
function editSentence(pencil, written = null) {
  const { part, number } = placeOf(pencil);
  const text = find(".english", pencil.closest("[data-part]")) ?? document.querySelectorAll("h2 .english")[number];
  const form = element("form", "", { className: "inplace" });
  const field = form.appendChild(element("textarea", text.textContent, { rows: 3, lang: "en" }));
  field.setAttribute("aria-label", say("This sentence in English"));
  form.append(element("button", "Save and check", { className: "first" }), element("button", "Cancel", { type: "button", className: "quiet" }));
  // In the place of the sentence's tools, or of the pencil where it has none but that.
  const tools = pencil.closest(".sure") ?? pencil;
  const end = () => {
    form.remove();
    tools.hidden = text.hidden = false;
    pencil.focus();
  };
  form.lastChild.addEventListener("click", end);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (mayLeave()) end();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === field) form.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!mayLeave(form)) return;
    await change({ sentence: { part, number, translation: field.value } });
    await redraw();
  });
  tools.before(form);
  tools.hidden = true;
  text.hidden = written === null;
  if (written !== null) field.value = written;
  field.focus();
}

// Have it made anew, in place.
function renew(control) {
  control.closest("[popover]")?.hidePopover();
  const { name, value } = control.dataset;
  const chosen = control.matches("select") ? control.value : value;
  const isAddition = name === "translate";
  const { ofReader, version } = find("#shown article").dataset;
  const isOfReader = ofReader !== undefined;
  const question = "This replaces what you have edited, checked or reviewed. Go on?";
  const isMeant = mayLeave() && (isAddition || !isOfReader || confirm(say(question)));
  if (control.matches("select")) control.value = [...control.options].find((one) => one.defaultSelected).value;
  if (!isMeant) return;
  const id = current;
  add({
    name: find("#shown h2").textContent.trim(),
    path: `/api/results/${encodeURIComponent(id)}/renew`,
    body: JSON.stringify({ [name]: chosen, ...(isAddition ? {} : { replace: isOfReader, version: Number(version) }) }),
    headers: { "content-type": "application/json" },
    doing: isAddition ? "translating" : "working",
    done: async () => {
      await list();
      if (current === id && !hasUnsaved()) await redraw();
    },
  });
}

find("#shown").addEventListener("click", async (event) => {
  const target = event.target.closest(".sentence, button, .back");
  if (!target) return;
  if (target.matches(".sentence")) choose(target);
  else if (target.matches(".back")) {
    event.preventDefault();
    backToList();
  } else if (target.id === "next") turn(1);
  else if (target.id === "edit") edit(true);
  else if (target.id === "cancel") edit(false);
  else if (target.matches(".pencil")) editSentence(target);
  else if (target.matches(".use") && mayLeave()) {
    await changeSentence(target, { translation: find(".alternative", target.parentElement).textContent });
  } else if (target.matches(".renew")) renew(target);
  else if (target.dataset.copy) await copyFor(target, find(`#${target.dataset.copy}`).defaultValue);
  else if (target.matches(".copier")) {
    await copyFor(target, find(".whole, .english, .sentence, .source", target.closest(".cut, [data-tongue]")).textContent);
  } else if (target.id === "delete" && confirm(say("Delete this result, for good?"))) {
    await call(`/api/results/${encodeURIComponent(current)}`, { method: "DELETE" });
    close();
    list();
  }
});
find("#shown").addEventListener("change", async (event) => {
  const box = event.target;
  if (box.matches("select.renew")) return renew(box);
  if (!box.matches("#reviewed, .tick")) return;
  if (!mayLeave()) {
    box.checked = !box.checked;
    return;
  }
  try {
    if (box.matches(".tick")) return await changeSentence(box, { checked: box.checked });
    await change({ reviewed: box.checked });
  } catch (error) {
    // What was not kept is not shown as if it were.
    box.checked = !box.checked;
    throw error;
  }
  await redraw();
  refocus(find("#reviewed"));
});
find("#shown").addEventListener("submit", async (event) => {
  if (event.target.id !== "editor") return;
  event.preventDefault();
  const fields = [...find("#editor").querySelectorAll("textarea")];
  await change(Object.fromEntries(fields.map((one) => [one.id, one.value])));
  await redraw();
  refocus(find("#edit"));
});

// What fails on the way is said, and gone with the next click.
addEventListener("unhandledrejection", (event) => {
  const isGone = event.reason instanceof TypeError;
  notify(isGone ? "The server does not answer: is it still running?" : event.reason.message);
});
addEventListener("click", () => { find("#notice").hidden = true; }, { capture: true });
addEventListener("beforeunload", (event) => { if (hasUnsaved()) event.preventDefault(); });

// By keyboard alone.

function showKeys() {
  find("#keys").showModal();
}

function goToSearch() {
  // A narrow window has room for the article, or for the list.
  if (current && narrow.matches) {
    if (!mayLeave()) return;
    leave();
  }
  find("#search").focus();
}

function openForm() {
  find("#add").open = true;
  find("#paste").focus();
}

find("#help").addEventListener("click", showKeys);
document.addEventListener("keydown", (event) => {
  if (find("#keys").open) return;
  if (event.target.matches(".sentence") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return choose(event.target);
  }
  if (event.key === "Escape") {
    if (find("#editor") && !find("#editor").hidden) return mayLeave() ? edit(false) : undefined;
    return event.target.blur();
  }
  if (event.target.matches("input:not([type=checkbox], [type=file]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    "/": goToSearch,
    "?": showKeys,
    a: openForm,
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
  const at = fitting.findIndex((one) => one.id === (current ?? left));
  const to = fitting[at < 0 ? 0 : at + by];
  if (to) visit(to.id);
}

offer();
list().then(drawAddressed);
