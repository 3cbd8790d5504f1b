// What a reader's own browser keeps: the last state of tasks and snippets, and marks on questions. It goes nowhere.
//
// Keys: task:<id>@<version>:<variant>, snippet:<address of the form>, guide:<id>, and setting:<name>.

import { make, textButton, when } from "./make.mjs";

const PREFIX = "jobfuture:";

/** What was kept under a key, or null. A browser that keeps nothing answers null as well. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

/** Keeps a value; null forgets it. Says whether it worked: a browser may be full, or may refuse. */
export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** All keys that begin so, without what they hold. */
export function keys(start = "") {
  try {
    const all = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + start));
    return all.map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** Calls `act` once, a moment after the last call, and at once when the page is left. */
export function afterPause(act, pause = 400) {
  let timer = 0;
  const now = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    act();
  };
  addEventListener("pagehide", now);
  return () => {
    clearTimeout(timer);
    timer = setTimeout(now, pause);
  };
}

/** A snippet's code: brought back if the guide's own has not changed since, and kept from then on. */
function keepSnippet(run) {
  const field = run.querySelector("textarea[data-given]");
  const editor = run.querySelector("jf-editor");
  const actions = run.querySelector(".run-actions");
  if (!field || !editor || !actions) return;
  const key = `snippet:${new URL(run.querySelector("form").action).pathname}`;
  const { given } = field.dataset;
  const asGiven = textButton("As it was given", () => editor.setText(given));
  actions.lastElementChild.before(asGiven);
  const mark = () => { asGiven.hidden = field.value === given; };

  const before = recall(key);
  if (before?.given === given && field.value === given) {
    field.value = before.text;
    run.querySelector("[data-jf-status]")?.append(`Your version of ${when(before.at)} is back.`);
  }
  mark();
  const save = afterPause(() => keep(key, field.value === given ? null : { given, text: field.value, at: Date.now() }));
  field.addEventListener("input", () => (mark(), save()));
}

document.querySelectorAll("jf-run.snippet-run").forEach(keepSnippet);

/** `<jf-kept>`: says what is kept, and forgets it. */
class Kept extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
    this.show();
  }

  show() {
    const count = (start) => keys(start).length;
    const marks = keys("guide:").reduce((sum, key) => sum + Object.keys(recall(key) ?? {}).length, 0);
    const parts = [
      [count("task:"), "task variant", "task variants"],
      [count("snippet:"), "changed snippet", "changed snippets"],
      [marks, "marked question", "marked questions"],
    ].filter(([number]) => number > 0).map(([number, one, many]) => `${number} ${number === 1 ? one : many}`);
    const list = new Intl.ListFormat("en-GB").format(parts);
    const text = list ? `This browser keeps ${list}.` : "This browser keeps nothing of yours at the moment.";
    this.replaceChildren(make("p", {}, text));
    if (list) this.append(textButton("Forget all of it", () => this.forget(), { className: "button is-quiet" }));
  }

  forget() {
    const before = keys().filter((key) => !key.startsWith("setting:")).map((key) => [key, recall(key)]);
    before.forEach(([key]) => keep(key, null));
    this.show();
    const undo = textButton("Bring it back", () => {
      before.forEach(([key, value]) => keep(key, value));
      this.show();
    });
    this.append(undo);
    undo.focus();
  }
}

customElements.define("jf-kept", Kept);
