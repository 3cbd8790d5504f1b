// <jf-workbench>: the files of a task. One is shown at a time; files to change keep their last state in this browser,
// per task and variant; giving a file back its given text can be undone.

import { afterPause, keep, keys, recall } from "./keep.mjs";
import { make, textButton, when } from "./make.mjs";

const given = (pane) => pane.querySelector("textarea").dataset.given ?? null;
const text = (pane) => pane.querySelector("textarea").value;
const word = (pane) => (given(pane) === null ? "new" : "changed");
const isChanged = (pane) => text(pane) !== given(pane);

class Workbench extends HTMLElement {
  connectedCallback() {
    if (this.note) return;
    const { task, version, variant } = this.dataset;
    this.versionKey = `task:${task}@${version}:`;
    this.key = this.versionKey + variant;
    this.place = this.querySelector("[data-jf-view-place]");
    this.run = this.querySelector("jf-run");
    this.viewed = new Map();
    // Within a check the server keeps what is written, and this browser nothing.
    this.draft = this.dataset.draft ?? null;
    this.save = afterPause(() => (this.draft ? this.#saveDraft() : this.#save()), this.draft ? 1500 : 400);
    this.note = make("div", { className: "kept-note", role: "status" });
    this.run.before(this.note);
    this.panes().forEach((pane) => this.#enhance(pane));
    this.#offerNewFile();
    if (!this.draft) this.#restore();
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("input", (event) => this.#typed(event));
    this.parentElement.addEventListener("jf-ran", (event) => this.#ran(event.detail));
    const first = this.panes().find((pane) => pane.open) ?? this.panes()[0];
    if (first) this.show(first.dataset.path);
  }

  panes() {
    return [...this.querySelectorAll(".editor-pane[data-path]")];
  }

  pane(path) {
    return this.panes().find((pane) => pane.dataset.path === path);
  }

  /** Shows a file that can be changed. */
  show(path) {
    this.place.replaceChildren();
    for (const pane of this.panes()) {
      pane.open = true;
      pane.hidden = pane.dataset.path !== path;
    }
    this.#markCurrent(path);
  }

  /** Shows a file that can only be read; if it cannot be fetched, its own page is opened. */
  async view(link) {
    const path = link.dataset.jfView;
    this.#markCurrent(path);
    if (!this.viewed.has(path)) {
      const response = await fetch(link.href, { headers: { "JF-Fragment": "1" } }).catch(() => null);
      if (!response?.ok) return location.assign(link.href);
      this.viewed.set(path, await response.text());
    }
    if (!this.querySelector(`[data-jf-view="${CSS.escape(path)}"][aria-current]`)) return;
    this.panes().forEach((pane) => { pane.hidden = true; });
    this.place.innerHTML = this.viewed.get(path);
  }

  #markCurrent(path) {
    for (const link of this.querySelectorAll(".file-tree a")) {
      const isIt = (link.dataset.jfOpen ?? link.dataset.jfView) === path;
      if (isIt) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Gives a pane a bar with its path, its mark and its buttons in place of the fold. */
  #enhance(pane) {
    pane.querySelector("summary").hidden = true;
    const mark = make("span", { className: "changed", hidden: true }, word(pane));
    const back = given(pane) === null
      ? textButton("Remove this file", () => this.#remove(pane))
      : textButton("Reset this file", () => this.#reset([pane]), { hidden: true, "data-back": "" });
    pane.prepend(make("div", { className: "pane-bar" }, make("code", {}, pane.dataset.path), mark, back));
    this.#mark(pane);
  }

  #mark(pane) {
    const changed = isChanged(pane);
    pane.querySelector(".pane-bar .changed").hidden = !changed;
    const back = pane.querySelector("[data-back]");
    if (back) back.hidden = !changed;
    const link = this.querySelector(`[data-jf-open="${CSS.escape(pane.dataset.path)}"]`);
    const inTree = link?.parentElement.querySelector(".changed");
    if (changed && link && !inTree) {
      link.after(" ", make("span", { className: "changed" }, word(pane)));
    }
    if (!changed) inTree?.remove();
  }

  #clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a");
    if (link?.dataset.jfOpen) {
      event.preventDefault();
      this.show(link.dataset.jfOpen);
      this.pane(link.dataset.jfOpen).querySelector("jf-editor").focus();
    } else if (link?.dataset.jfView) {
      event.preventDefault();
      this.view(link);
    } else if (link && "jfReset" in link.dataset) {
      event.preventDefault();
      this.#reset(this.panes().filter(isChanged));
    }
  }

  #typed(event) {
    const pane = event.target.closest(".editor-pane[data-path]");
    if (!pane) return;
    this.#mark(pane);
    this.save();
  }

  /** Says something, with what can be done about it. */
  #say(words, ...buttons) {
    this.note.replaceChildren(words, ...buttons);
  }

  #reset(panes) {
    if (!panes.length) return this.#say("All files are as they were given.");
    const before = panes.map((pane) => [pane.dataset.path, text(pane)]);
    for (const pane of panes) {
      if (given(pane) === null) this.#drop(pane);
      else pane.querySelector("jf-editor").setText(given(pane));
    }
    this.#ensureShown();
    const names = before.length === 1 ? `${before[0][0]} is` : `${before.length} files are`;
    this.#say(`${names} as given again.`, textButton("Undo", () => {
      before.forEach(([path, old]) => this.#put(path, old));
      this.save();
      this.show(before[0][0]);
      this.#say("Undone.");
    }));
  }

  #remove(pane) {
    const [path, old] = [pane.dataset.path, text(pane)];
    this.#drop(pane);
    this.#ensureShown();
    this.#say(`${path} is removed.`, textButton("Undo", () => {
      this.#put(path, old);
      this.save();
      this.show(path);
      this.#say("Undone.");
    }));
  }

  /** Takes a file of the reader's own away, from the bench and from the tree. */
  #drop(pane) {
    this.querySelector(`[data-jf-open="${CSS.escape(pane.dataset.path)}"]`)?.closest("li").remove();
    pane.remove();
    this.save();
  }

  #ensureShown() {
    const panes = this.panes();
    if (panes.length && panes.every((pane) => pane.hidden)) this.show(panes[0].dataset.path);
  }

  /** Gives a file a text, making the file if it is not there. */
  #put(path, content) {
    const pane = this.pane(path);
    if (!pane) return this.#add(path, content);
    pane.querySelector("jf-editor").setText(content);
    this.#mark(pane);
  }

  #add(path, content) {
    const id = `text:${path}`;
    const field = make("textarea", { className: "code-field", id, name: `file:${path}`, rows: 16, spellcheck: false });
    field.value = content;
    const language = path.endsWith(".py") ? "python" : "";
    const editor = make("jf-editor", { "data-language": language, "data-path": path }, field);
    const label = make("label", { className: "visually-hidden", htmlFor: id }, `Contents of ${path}`);
    const about = { className: "editor-pane", id: `file:${path}`, open: true, hidden: true, "data-path": path };
    const pane = make("details", about, make("summary", {}, path), label, editor);
    const last = this.panes().at(-1);
    if (last) last.after(pane);
    else this.querySelector(".editors").prepend(pane);
    if (!this.querySelector(`[data-jf-open="${CSS.escape(path)}"]`)) this.#plant(path);
    this.#enhance(pane);
  }

  /** Puts a file into the tree, in the deepest folder of its path that is there. */
  #plant(path) {
    let list = this.querySelector(".file-tree > ul");
    const parts = path.split("/");
    while (parts.length > 1) {
      const folder = [...list.children].find((item) => item.querySelector("summary")?.textContent === `${parts[0]}/`);
      if (!folder) break;
      folder.firstElementChild.open = true;
      list = folder.querySelector("ul");
      parts.shift();
    }
    const link = make("a", { href: `#file:${path}`, "data-jf-open": path }, parts.join("/"));
    list.append(make("li", { className: "file is-editable" }, link));
  }

  /** Makes files one by one in place of the plain form's single pair of fields. */
  #offerNewFile() {
    const box = this.querySelector(".new-file");
    if (!box) return;
    const path = box.querySelector("#new-path");
    const plain = box.querySelector("#new-text");
    const fault = make("p", { role: "alert" });
    const globs = [...box.querySelectorAll("#new-path-help code")].map((code) => code.textContent);
    path.removeAttribute("name");
    plain.removeAttribute("name");
    plain.hidden = plain.labels[0].hidden = true;
    path.value = globs[0]?.replace(/[*?[].*$/, "") ?? "";
    const add = () => {
      const wanted = path.value.trim();
      const why = this.#whyNot(wanted, globs);
      fault.textContent = why;
      if (why) return path.focus();
      this.#add(wanted, "");
      this.save();
      this.show(wanted);
      box.open = false;
      this.pane(wanted).querySelector("jf-editor").focus();
    };
    path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      add();
    });
    const button = make("button", { type: "button" }, "Add");
    button.addEventListener("click", add);
    box.append(button, fault);
    this.querySelector(".file-tree").append(box);
  }

  /** What speaks against a new file of this path; the server looks again. */
  #whyNot(path, globs) {
    if (this.pane(path)) return "This file is there already.";
    if (!globs.some((glob) => fits(glob, path))) return `The path must fit ${globs.join(" or ")}.`;
    return "";
  }

  #save() {
    const files = {};
    this.panes().filter(isChanged).forEach((pane) => { files[pane.dataset.path] = text(pane); });
    const { passed } = recall(this.key) ?? {};
    const state = Object.keys(files).length || passed ? { files, passed, at: Date.now() } : null;
    if (!keep(this.key, state)) this.#say("This browser does not keep your work: leave the page and it is gone.");
  }

  /** Keeps what is written on the server; says so once it does not work. */
  async #saveDraft() {
    const body = new URLSearchParams(new FormData(this.run.querySelector("form")));
    const kept = await fetch(this.draft, { method: "POST", body, keepalive: true }).catch(() => null);
    if (kept?.ok) return this.#say("Your work is kept on the server.");
    this.#say(kept?.status === 409
      ? "This task was handed in on another page. What you write here is no longer kept."
      : "Your work could not be kept on the server just now. Run it, or wait a moment and go on writing.");
  }

  /** After a run: lines that a traceback names in a file of the bench become ways to it; a pass is remembered. */
  #ran({ passed }) {
    document.querySelectorAll("#verdict .output samp").forEach((output) => this.#linkLines(output));
    if (!passed || this.draft) return;
    keep(this.key, { files: {}, ...recall(this.key), passed: true, at: Date.now() });
    this.#save();
  }

  #linkLines(output) {
    const pieces = output.textContent.split(/(File "[^"\n]+", line \d+)/);
    output.replaceChildren(...pieces.map((piece) => {
      const [, path, line] = piece.match(/^File "([^"]+)", line (\d+)$/) ?? [];
      const pane = path && this.panes().find(({ dataset }) => `/${path}`.endsWith(`/${dataset.path}`));
      if (!pane) return piece;
      return textButton(piece, () => {
        this.show(pane.dataset.path);
        pane.querySelector("jf-editor").showLine(Number(line));
      }, { className: "text-button line-link" });
    }));
  }

  /** Brings back the last state, unless the page came with one (it was sent as a plain form). */
  #restore() {
    const state = recall(this.key);
    const files = Object.entries(state?.files ?? {});
    if (files.length && !this.panes().some(isChanged)) {
      files.forEach(([path, content]) => this.#put(path, content));
      this.#say(`Your work of ${when(state.at)} is back. It is kept in this browser only.`,
        textButton("Start from the given files", () => this.#reset(this.panes().filter(isChanged))));
    } else if (!files.length) {
      this.#offerOtherVariant();
    }
  }

  #offerOtherVariant() {
    const others = keys(this.versionKey).map((key) => [key, recall(key)]);
    const begun = others.filter(([key, state]) => key !== this.key && Object.keys(state?.files ?? {}).length);
    if (!begun.length) return;
    const [key, state] = begun.reduce((a, b) => (a[1].at > b[1].at ? a : b));
    const variant = key.slice(this.versionKey.length);
    this.#say(`You have work in variant ${variant} of this task, of ${when(state.at)}.`,
      make("a", { href: `?variant=${variant}` }, "Go on with it"));
  }
}

/** Whether a path fits a glob: `*` and `?` stay within a folder, `**` does not. */
function fits(glob, path) {
  const parts = glob.split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part.startsWith("**")) return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`).test(path);
}

customElements.define("jf-workbench", Workbench);
