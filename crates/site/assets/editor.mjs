// <jf-editor>: turns the text field inside it into a code editor as soon as it is seen. The field stays what the form
// sends. If the editor cannot be fetched, the field is simply used.

import { keep, recall } from "./keep.mjs";
import { make } from "./make.mjs";

const ctrl = /mac|iphone|ipad/i.test(navigator.platform) ? "⌘" : "Ctrl";
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((entry) => entry.isIntersecting)) {
    seen.unobserve(entry.target);
    entry.target.upgrade();
  }
}, { rootMargin: "200px" });

class Editor extends HTMLElement {
  #editor = null;

  connectedCallback() {
    if (this.field && !this.#editor) seen.observe(this);
  }

  disconnectedCallback() {
    seen.unobserve(this);
  }

  /** The form's own field. */
  get field() {
    return this.querySelector("textarea");
  }

  /** Replaces the text, here and in the field; the editor can undo it. */
  setText(text) {
    if (this.#editor) return this.#editor.replace(text);
    this.field.value = text;
    this.#changed();
  }

  focus() {
    (this.#editor ?? this.field).focus();
  }

  /** Puts the cursor at a line, counted from 1. */
  async showLine(number) {
    await this.upgrade();
    this.#editor?.showLine(number);
  }

  #changed() {
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async upgrade() {
    if (this.#editor) return;
    const { createEditor } = await import("./editor.js").catch(() => ({}));
    const { field } = this;
    if (!createEditor || !this.isConnected || this.#editor) return;
    const label = field.labels[0];
    const host = make("div", { className: "editor-host" });
    const hint = make("div", { className: "editor-hint" });
    const hadFocus = field === document.activeElement;
    this.append(host, hint);
    this.#editor = createEditor({
      root: host.attachShadow({ mode: "open" }),
      text: field.value,
      label: label?.textContent.trim() || "Code",
      description: `Tab leaves the editor. ${ctrl}-] indents, ${ctrl}-[ takes an indent away, ${ctrl}-Enter runs.`,
      language: this.dataset.language,
      tab: recall("setting:tab") === "indents",
      onChange: (text) => {
        field.value = text;
        this.#changed();
      },
    });
    field.hidden = true;
    label?.addEventListener("click", (event) => {
      event.preventDefault();
      this.focus();
    });
    this.#fillHint(hint);
    if (hadFocus) this.focus();
  }

  #fillHint(hint) {
    const key = (name) => make("kbd", {}, name);
    const box = make("input", { type: "checkbox", checked: recall("setting:tab") === "indents" });
    const leave = make("span");
    const say = () => {
      leave.replaceChildren(...(box.checked ? [key("Esc"), " then ", key("Tab")] : [key("Tab")]), " leaves the editor");
    };
    box.addEventListener("change", () => {
      keep("setting:tab", box.checked ? "indents" : null);
      this.#editor.setTab(box.checked);
      say();
    });
    say();
    hint.append(
      make("span", {}, key(`${ctrl} Enter`), " runs"),
      leave,
      make("span", {}, key(`${ctrl} ]`), " ", key(`${ctrl} [`), " indent"),
      make("label", {}, box, "Tab indents"),
    );
  }
}

customElements.define("jf-editor", Editor);
