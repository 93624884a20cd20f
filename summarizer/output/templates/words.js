"use strict";
// The page in the language of its reader, and the switch between the languages of the articles.

let words = {};

// Looks up what the page says. A number stands for any: "{} doubtful sentences".
function say(text) {
  const [, before, phrase, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su.exec(text);
  const numbers = phrase.match(/\d+/g) ?? [];
  const known = words[phrase.replace(/\s+/g, " ").replace(/\d+/g, "{}")];
  if (known === undefined) return text;
  return before + known.replaceAll("{}", () => numbers.shift()) + after;
}

// What has a language of its own belongs to an article or is a message; names are not translated.
function isOfThePage(element) {
  return element?.closest("[lang], [translate=no], kbd") === document.documentElement;
}

function translate(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!isOfThePage(node.parentElement) || node.parentElement.matches("script, style, textarea")) continue;
      const said = say(node.data);
      if (said !== node.data) node.data = said;
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
  words = typeof WORDS === "undefined" ? await (await fetch("/static/words.id.json")).json() : WORDS;
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
  const field = document.querySelector("#show");
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
