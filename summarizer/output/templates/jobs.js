"use strict";
// Work that the server is asked for: a line for each job says how it goes.

const find = (selector, root = document) => root.querySelector(selector);
const AT_A_TIME = 3;
let running = 0;
const waiting = [];

async function call(path, options = {}) {
  const response = await fetch(path, options);
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response) {
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  return errorOf(problem, { status: response.status, later: Number(response.headers.get("retry-after")) });
}

function errorOf(problem, more = {}) {
  // What programs are told to send, a reader does with a button.
  const detail = (problem.detail ?? "").replace(/[;:] "force": true accepts.*$/, "");
  const advice = problem.can_be_forced || problem.status === 409 ? "" : problem.advice;
  const error = new Error([detail, advice].filter(Boolean).join(": "));
  return Object.assign(error, { canBeForced: problem.can_be_forced === true }, more);
}

function element(name, text = "", values = {}) {
  return Object.assign(document.createElement(name), { textContent: text }, values);
}

// A job has a name; a path and options to ask with; words for what is being done; and what to do with the answer.
// What it forces is asked for by "again", if that can help.
function add(job) {
  const line = element("li");
  const name = line.appendChild(element("span", job.name, { translate: false, className: "name" }));
  const state = line.appendChild(element("span", "waiting", { className: "state" }));
  const stop = line.appendChild(element("button", "Cancel", { type: "button" }));
  // What waits has no bar: one that moves says that something is done.
  const bar = line.appendChild(element("progress", "", { hidden: true }));
  bar.setAttribute("aria-label", job.name);
  Object.assign(job, { line, label: name, state, bar, stop, controller: new AbortController() });
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
  try {
    const headers = { accept: "text/event-stream", ...job.headers };
    const options = { method: "POST", body: job.body, headers, signal: job.controller.signal };
    const response = await call(job.path, options);
    for await (const [event, value] of eventsOf(response)) {
      if (event === "queued") {
        job.bar.hidden = value > 0;
        job.state.textContent = value ? await explain(value) : "reading";
      }
      if (event === "progress") {
        job.bar.hidden = false;
        job.state.textContent = job.doing;
        job.bar.value = value;
      }
      if (event === "failed") throw errorOf(value);
      if (event === "done") {
        job.line.remove();
        await job.done(value);
      }
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error.status === 503 && error.later) {
      job.state.textContent = "the queue is full, trying again";
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
  const said = say(error.message);
  // What has no words in the reader's language is English.
  if (said === error.message) job.state.lang = "en";
  if (said.startsWith(`${job.name} `)) {
    // The name begins what is said: it needs no line of its own.
    job.state.replaceChildren(job.label, said.slice(job.name.length));
  } else job.state.textContent = said;
  job.bar.remove();
  job.stop.textContent = "Dismiss";
  if (!error.canBeForced || !job.again) return;
  const again = element("button", "Process it anyway", { type: "button" });
  again.addEventListener("click", () => {
    job.line.remove();
    add(job.again());
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
      const [, event, data] = /^event: (.*)\ndata: (.*)$/s.exec(part);
      yield [event, JSON.parse(data)];
    }
  }
}
