const field = document.querySelector("#search");
// A box of each name is below the search field; the cards that it keeps have the same in their data.
const boxes = ["warned", "doubtful"].map((name) => document.querySelector(`#${name}`));
const cards = [...document.querySelectorAll("main > article")];
const entries = [...document.querySelectorAll(".list li:not(.failed)")];
const menu = document.querySelector(".menu");
const texts = cards.map((card) => card.textContent.toLowerCase());
document.querySelector(".tools").hidden = false;

function mark(words) {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete("found");
  if (!words.length) return;
  const found = new Highlight();
  // Marking each hit of a whole batch would take long; nobody scrolls through thousands.
  for (const card of cards.filter((card) => !card.hidden).slice(0, 50)) {
    const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          try {
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + word.length);
          } catch { break; }
          found.add(range);
        }
      }
    }
  }
  CSS.highlights.set("found", found);
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  cards.forEach((card, at) => {
    const fits = words.every((word) => texts[at].includes(word)) && boxes.every((box) => !box.checked || box.id in card.dataset);
    card.hidden = entries[at].hidden = !fits;
    shown += fits;
  });
  document.querySelector("#shown").textContent = shown === cards.length ? "" : `${shown} shown of `;
  document.querySelector(".none").hidden = shown > 0;
  mark(words);
}

// From the number of doubts to the first of them, which may be folded into the article.
for (const count of document.querySelectorAll(".doubts")) {
  const doubt = count.closest("article").querySelector("mark");
  // Where sentences can't be told apart, none is marked.
  if (!doubt) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show the first";
  button.addEventListener("click", () => {
    const fold = doubt.closest("details");
    if (fold) fold.open = true;
    doubt.tabIndex = -1;
    doubt.focus({ preventScroll: true });
    doubt.scrollIntoView({ block: "center" });
  });
  count.after(" ", button);
}

// On a narrow window the list is a menu that unfolds, and folds again once a choice is made.
const narrow = matchMedia("(max-width: 63.99rem)");
const fold = () => { menu.open = !narrow.matches; };
narrow.addEventListener("change", fold);
menu.addEventListener("click", (event) => { if (event.target.closest("a")) fold(); });
fold();

field.addEventListener("input", search);
for (const box of boxes) box.addEventListener("change", search);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  } else if (event.key === "Escape" && document.activeElement === field) {
    field.value = "";
    search();
  }
});
if (field.value || boxes.some((box) => box.checked)) search();
