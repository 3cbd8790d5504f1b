// Elements in one call: make("p", { className: "note" }, "text", child).

export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** A button that looks like a link. */
export function textButton(label, onClick, properties = {}) {
  const button = make("button", { type: "button", className: "text-button", ...properties }, label);
  button.addEventListener("click", onClick);
  return button;
}

/** `22 November 2026 at 10:40`, in the reader's own time. */
export function when(time) {
  return new Date(time).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
}
