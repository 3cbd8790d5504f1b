// <jf-run>: sends the form inside it without leaving the page, and shows what comes back. The focus stays where it is;
// one sentence is announced. Ctrl-Enter (or ⌘-Enter) runs from anywhere in the form.

import { make } from "./make.mjs";

const UNREACHABLE = "The server could not be reached. What you wrote is still here; try again in a moment.";
const UNREADABLE = "The server sent something that is no answer to a run. What you wrote is still here.";

/** An answer of the server as nodes, or an Error that says what to tell the reader. */
async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  const request = { method: "POST", body, headers: { "JF-Fragment": "1" } };
  const response = await fetch(form.action, request).catch(() => { throw new Error(UNREACHABLE); });
  const answer = make("template", { innerHTML: await response.text().catch(() => "") }).content;
  if (!answer.querySelector("[data-jf-summary], [data-jf-refusal]")) throw new Error(UNREADABLE);
  return answer;
}

class Run extends HTMLElement {
  #busy = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.button = this.form?.querySelector("[type=submit]");
    this.status = this.querySelector("[data-jf-status]");
    this.result = document.getElementById(this.dataset.result);
    if (!this.button || !this.status || !this.result) return;
    this.form.addEventListener("submit", (event) => {
      // Another button of the form, with an address of its own, leaves the page.
      if (event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      this.run();
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.form.requestSubmit(this.button);
    });
  }

  async run() {
    if (this.#busy) return;
    this.#setBusy(true);
    const stopClock = this.#clock();
    try {
      this.#show(await send(this.form));
    } catch (error) {
      this.#refuse(error.message);
    }
    stopClock();
    this.#setBusy(false);
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.button.setAttribute("aria-disabled", String(busy));
    this.result.setAttribute("aria-busy", String(busy));
    this.result.classList.toggle("is-stale", busy);
  }

  /** Shows how long it has taken, once it takes long enough to wonder. Only the word is announced. */
  #clock() {
    const start = performance.now();
    const time = make("span", { className: "time", "aria-hidden": "true" });
    this.status.replaceChildren("Running…", time);
    const timer = setInterval(() => {
      const seconds = (performance.now() - start) / 1000;
      if (seconds > 0.5) time.textContent = `${seconds.toFixed(1)} s`;
    }, 100);
    return () => clearInterval(timer);
  }

  #show(answer) {
    const summary = answer.querySelector("[data-jf-summary]");
    const refusal = answer.querySelector("[data-jf-refusal]");
    const passed = summary?.dataset.jfPassed;
    this.result.replaceChildren(answer);
    this.status.textContent = summary ? summary.dataset.jfSummary : "It was not run.";
    if (summary) this.status.append(" ", make("a", { href: `#${this.result.id}` }, "See the result"));
    if (refusal?.dataset.jfRetryAfter) this.#wait(Number(refusal.dataset.jfRetryAfter));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.result.firstElementChild.querySelector("h2")
      ?.scrollIntoView({ block: "nearest", behavior: still ? "instant" : "smooth" });
    this.dispatchEvent(new CustomEvent("jf-ran", { bubbles: true, detail: { passed: passed === "true" } }));
  }

  #refuse(message) {
    this.status.textContent = "";
    const text = make("p", {}, message);
    this.result.replaceChildren(make("div", { className: "refusal", role: "alert" }, text));
  }

  /** Counts the seconds down until the next run is welcome. Pressing Run before that is allowed, and refused again. */
  #wait(seconds) {
    const end = Date.now() + seconds * 1000;
    const time = make("span", { className: "time", "aria-hidden": "true" });
    this.status.append(" ", time);
    const timer = setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      time.textContent = left > 0 ? `Next run in ${left} s` : "You can run again.";
      if (left <= 0 || !time.isConnected) clearInterval(timer);
    }, 250);
  }
}

customElements.define("jf-run", Run);
