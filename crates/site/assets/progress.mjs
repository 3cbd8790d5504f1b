// Marks on questions, read or unsure, kept in this browser: <jf-progress> holds the buttons of one question, or the sum
// of a guide. Lists of questions and of tasks repeat the marks. Also marks where one is in a section.

import { keep, keys, recall } from "./keep.mjs";
import { make } from "./make.mjs";

const NAMES = { read: "Read", unsure: "Unsure" };
const marksOf = (guide) => recall(`guide:${guide}`) ?? {};

class Progress extends HTMLElement {
  connectedCallback() {
    const { guide, question, total } = this.dataset;
    if (question) this.#offer(guide, question);
    else if (total) this.#sum(guide, Number(total));
  }

  #offer(guide, question) {
    const buttons = Object.entries(NAMES).map(([mark, name]) => {
      const button = make("button", { type: "button", "data-mark": mark }, name);
      button.addEventListener("click", () => {
        const marks = marksOf(guide);
        if (marks[question] === mark) delete marks[question];
        else marks[question] = mark;
        keep(`guide:${guide}`, Object.keys(marks).length ? marks : null);
        press();
        showMarks();
      });
      return button;
    });
    const press = () => {
      const now = marksOf(guide)[question];
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mark === now)));
    };
    press();
    const label = "Your mark on this question, kept in this browser";
    this.replaceChildren(make("span", { className: "marks", role: "group", "aria-label": label }, ...buttons));
  }

  #sum(guide, total) {
    const marks = Object.values(marksOf(guide));
    const read = marks.filter((mark) => mark === "read").length;
    if (!marks.length) return this.replaceChildren();
    const unsure = marks.length - read ? `, ${marks.length - read} unsure` : "";
    const text = make("span", {}, `You have read ${read} of ${total}${unsure}. Only this browser knows.`);
    this.replaceChildren(make("progress", { max: total, value: read, "aria-label": "Questions read" }), text);
  }
}

/** Repeats a guide's marks in the lists of its questions. */
function showMarks() {
  document.querySelectorAll("li .marked-in-list").forEach((old) => old.remove());
  const guide = document.querySelector("jf-progress[data-guide]")?.dataset.guide;
  if (!guide) return;
  const marks = marksOf(guide);
  for (const item of document.querySelectorAll("li[data-question]")) {
    const mark = marks[item.dataset.question];
    if (!NAMES[mark]) continue;
    const label = make("span", { className: `marked marked-${mark} marked-in-list` }, NAMES[mark].toLowerCase());
    item.insertBefore(label, item.querySelector(".level"));
  }
}

/** Says in the list of tasks which were passed or begun in this browser. */
function showTasks() {
  for (const link of document.querySelectorAll(".task-card h2 a")) {
    const id = new URL(link.href).pathname.split("/").pop();
    const kept = keys(`task:${id}@`).map(recall).filter(Boolean);
    if (!kept.length) continue;
    const passed = kept.some((state) => state.passed);
    const [className, words] = passed ? ["marked marked-read", "passed here"] : ["marked", "begun here"];
    const mark = make("span", { className }, words);
    link.closest(".card").append(make("p", { className: "facts" }, mark));
  }
}

/** Marks the question that is being read in the list beside the text. */
function followReading() {
  const links = new Map();
  for (const link of document.querySelectorAll(".section-contents a")) links.set(link.hash.slice(1), link);
  if (!links.size) return;
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((entry) => entry.isIntersecting)) {
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-25% 0px -70% 0px" });
  document.querySelectorAll(".question[id]").forEach((question) => observer.observe(question));
}

customElements.define("jf-progress", Progress);
showMarks();
showTasks();
followReading();
