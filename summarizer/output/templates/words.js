"use strict";
// The page in the language of its reader, and the switch between the languages of the articles.

let words = {};
let phrasesWithGaps = [];

// Takes a table of phrases in English and in the reader's language. Both have the same gaps in the same order: "{}" for
// a number, or where quotation marks stand around it, for any text ("{} doubtful sentences", "“{}” is missing");
// "{text}" for any text too; "{phrase}" for a phrase that is in the table itself.
function learn(table) {
  words = table;
  phrasesWithGaps = [];
  for (const [phrase, known] of Object.entries(table)) {
    if (!/\{(text|phrase)?\}/.test(phrase)) continue;
    const gap = phrase.includes("“") ? "(.*)" : "(\\d+)";
    const pattern = phrase.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll("{}", gap).replace(/\{(text|phrase)\}/g, "(.+)");
    phrasesWithGaps.push({ pattern: new RegExp(`^${pattern}$`, "su"), known });
  }
}

// Returns what the page says in the reader's language; what the table lacks as it is.
function say(text) {
  // Signs and dots around a phrase stay.
  const [, before, phrase, after] = /^([^\p{L}\p{N}“(]*)(.*?)([^\p{L}\p{N}”)]*)$/su.exec(text);
  const known = lookUp(phrase.replace(/\s+/g, " "));
  return known === undefined ? text : before + known + after;
}

function lookUp(phrase) {
  if (phrase in words) return words[phrase];
  for (const { pattern, known } of phrasesWithGaps) {
    const found = pattern.exec(phrase);
    if (!found) continue;
    const fillings = found.slice(1);
    return known.replace(/\{(text|phrase)?\}/g, (gap) => {
      const filling = fillings.shift();
      return gap === "{phrase}" ? say(filling) : filling;
    });
  }
  return undefined;
}

// What has a language of its own belongs to an article, and names are not translated; but what is said of an article,
// in the midst of it, asks to be.
function isOfThePage(element) {
  const nearest = element?.closest("[lang], [translate], kbd");
  return nearest === document.documentElement || nearest?.getAttribute("translate") === "yes";
}

function translate(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!isOfThePage(node.parentElement) || node.parentElement.matches("script, style, textarea")) continue;
      const said = say(node.data);
      if (said === node.data) continue;
      node.data = said;
      const asking = node.parentElement.closest("[translate=yes]");
      if (asking) asking.lang = document.documentElement.lang;
    } else if (node.nodeType === Node.ELEMENT_NODE && isOfThePage(node)) {
      for (const name of ["placeholder", "aria-label", "title"]) {
        if (node.hasAttribute(name)) node.setAttribute(name, say(node.getAttribute(name)));
      }
    }
  }
}

async function speak() {
  if (!/^id\b/.test(navigator.language)) return;
  // A page that stands alone has the table in it.
  learn(typeof WORDS === "undefined" ? await (await fetch("/static/words.id.json")).json() : WORDS);
  document.documentElement.lang = "id";
  translate(document.body);
  const changes = (records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") translate(target);
      else addedNodes.forEach(translate);
    }
  };
  new MutationObserver(changes).observe(document.body, { childList: true, characterData: true, subtree: true });
}

// A browser may forbid a page that is a file to remember anything.
function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* Then it is asked again. */ }
}

function recall(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function offerLanguages() {
  // Where nothing is translated, there is nothing to choose.
  const field = document.querySelector("#show");
  if (!field) return;
  const known = [...field.options].map((one) => one.value);
  const kept = recall("ringkas-show");
  if (known.includes(kept)) field.value = kept;
  const apply = () => { document.body.dataset.show = field.value; };
  field.addEventListener("change", () => {
    remember("ringkas-show", field.value);
    apply();
  });
  apply();
}

offerLanguages();
speak();
