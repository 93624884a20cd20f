// What an Indonesian word means: shown where it is pointed at or tapped; w and Shift+w go from word to word.
// Each article has the meanings of its words, by the word or phrase in lower case, in data-glosses.

const meaning = document.createElement("p");
meaning.id = "meaning";
meaning.lang = "en";
meaning.hidden = true;
meaning.setAttribute("role", "status");
document.querySelector("main").append(meaning);
// What is said of an article in the language of its reader is not of it, but it names Indonesian words: these are told
// where they are pointed at, and w goes to them in the article.
const INDONESIAN = "[data-glosses] [lang=id]:not([translate])";
const SAID_OF_IT = "[data-glosses] [translate=yes]";
const LONGEST_PHRASE = 4;
const glossed = new WeakSet();
let told = null;

// Puts each word of a text that is known into an element of its own, once.
function markWords(text) {
  if (glossed.has(text)) return;
  glossed.add(text);
  const meanings = JSON.parse(text.closest("[data-glosses]").dataset.glosses);
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) node.replaceWith(...markNode(node.data, meanings));
}

function markNode(text, meanings) {
  const words = [...text.matchAll(/[\p{L}’'-]+/gu)];
  const pieces = [];
  let end = 0;
  for (let at = 0; at < words.length; at += 1) {
    for (let count = Math.min(LONGEST_PHRASE, words.length - at); count > 0; count -= 1) {
      const last = words[at + count - 1];
      const phrase = text.slice(words[at].index, last.index + last[0].length);
      const known = meanings[phrase.toLowerCase()];
      if (!known) continue;
      const word = document.createElement("span");
      word.className = "word";
      word.dataset.en = known;
      word.textContent = phrase;
      pieces.push(text.slice(end, words[at].index), word);
      end = last.index + last[0].length;
      at += count - 1;
      break;
    }
  }
  return [...pieces, text.slice(end)];
}

function tell(word) {
  told?.classList.remove("told");
  told = word;
  meaning.hidden = !word;
  if (!word) return;
  word.classList.add("told");
  meaning.textContent = `${word.textContent}: ${word.dataset.en}`;
  const place = word.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - meaning.offsetWidth - 8;
  meaning.style.left = `${scrollX + Math.max(8, Math.min(place.left, widest))}px`;
  meaning.style.top = `${scrollY + place.bottom + 4}px`;
}

// To the next word that can be seen, from the one that is told, or from the top of the window.
function goToWord(by) {
  const texts = [...document.querySelectorAll(INDONESIAN)].filter((text) => text.checkVisibility());
  texts.forEach(markWords);
  const seen = texts.flatMap((text) => [...text.querySelectorAll(".word")]);
  const first = seen.findIndex((word) => word.getBoundingClientRect().top >= 0);
  const next = seen[told ? seen.indexOf(told) + by : first];
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  tell(next);
}

document.addEventListener("pointerover", (event) => {
  const text = event.target.closest?.(`${INDONESIAN}, ${SAID_OF_IT}`);
  if (text) markWords(text);
  tell(event.target.closest?.(".word") ?? null);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("input:not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.toLowerCase() === "w") goToWord(event.shiftKey ? -1 : 1);
  else if (event.key === "Escape") tell(null);
});
