// Shows what a search finds while it is typed, by asking the search page itself. Enter still goes there.

import { make } from "./make.mjs";
import { afterPause } from "./keep.mjs";

const form = document.querySelector(".search-form");

if (form) {
  const field = form.querySelector("[type=search]");
  const main = document.getElementById("main");
  // On the search page the results replace those of the last search; elsewhere they stand in for the contents.
  const contents = main.querySelector(".contents");
  const found = make("div", { className: "search-found" });
  let asked = 0;

  const show = (nodes) => {
    found.replaceChildren(...nodes);
    if (contents) contents.hidden = nodes.length > 0;
  };

  const search = async () => {
    const turn = (asked += 1);
    const words = field.value.trim();
    if (words.length < 2) return show([]);
    const url = new URL(form.action);
    url.searchParams.set("q", words);
    const text = await fetch(url).then((response) => (response.ok ? response.text() : ""), () => "");
    if (turn !== asked || !text) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    show([...page.querySelectorAll(".search-summary, .hits")].map((node) => document.adoptNode(node)));
  };

  main.querySelectorAll(":scope > .search-summary, :scope > .hits").forEach((node) => found.append(node));
  (contents ?? main.lastElementChild).before(found);
  if (!contents) main.append(found);
  field.addEventListener("input", afterPause(search, 200));
}
