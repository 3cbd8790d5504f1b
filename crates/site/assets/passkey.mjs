// <jf-passkey>: asks the server what to ask, asks the browser for a passkey, hands the answer back, and goes on. It is shown
// only where the browser has passkeys; everywhere else the forms beside it do.

import { make } from "./make.mjs";

const UNREACHABLE = "The server could not be reached. Nothing was changed; try again in a moment.";
const UNREADABLE = "The server sent something that cannot be read. Nothing was changed; try again in a moment.";

/** What the browser means by its errors (WebAuthn level 3, 5.1.3 and 5.1.4). */
const MEANS = {
  NotAllowedError: "Nothing happened: it was cancelled, it took too long, or there is no passkey for this site here.",
  InvalidStateError: "This device keeps a passkey of your account already.",
  SecurityError: "The browser allows no passkeys at this address.",
  NotSupportedError: "This device cannot keep a passkey of the kind that this site takes.",
  ConstraintError: "This device cannot check that it is you. Give it a PIN or a screen lock, and try again.",
};

const toBytes = (text) => {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
};

const toText = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

/** The server's options with bytes where the browser wants bytes. */
function readable({ publicKey }) {
  const withBytes = (credential) => ({ ...credential, id: toBytes(credential.id) });
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (options.user) options.user = withBytes(options.user);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) options[list] = options[list].map(withBytes);
  }
  return { publicKey: options };
}

/** The browser's answer with text where it holds bytes. */
function sendable({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const held = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  return { id, rawId: toText(rawId), type, response: Object.fromEntries(held) };
}

/** Sends JSON and reads JSON. A refusal is an Error that says what the server says, with where to mend it. */
async function ask(url, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body), redirect: "error" };
  const response = await fetch(url, request).catch(() => { throw new Error(UNREACHABLE); });
  const answer = await response.json().catch(() => { throw new Error(UNREADABLE); });
  if (!response.ok) throw Object.assign(new Error(answer.says ?? UNREADABLE), { mend: answer.to });
  return answer;
}

class PasskeyAsker extends HTMLElement {
  #busy = false;

  connectedCallback() {
    if (!window.PublicKeyCredential || !isSecureContext) {
      document.querySelectorAll("[data-jf-no-passkeys]").forEach((note) => { note.hidden = false; });
      return;
    }
    this.form = this.querySelector("form");
    this.button = this.querySelector("button");
    this.status = this.querySelector("[role=status]");
    this.alert = this.querySelector("[role=alert]");
    const start = (event) => {
      event.preventDefault();
      this.run();
    };
    if (this.form) this.form.addEventListener("submit", start);
    else this.button.addEventListener("click", start);
    this.hidden = false;
  }

  async run() {
    if (this.#busy) return;
    this.#setBusy(true);
    try {
      const { to } = await this.#ceremony();
      location.assign(to);
      return;
    } catch (error) {
      this.#refuse(error);
    }
    this.#setBusy(false);
  }

  async #ceremony() {
    const { act, begin, finish, back } = this.dataset;
    const { ceremony, options } = await ask(begin, {});
    const answer = await navigator.credentials[act](readable(options));
    const typed = this.form ? Object.fromEntries(new FormData(this.form)) : { back };
    return ask(finish, { ...typed, ceremony, answer: sendable(answer) });
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.button.setAttribute("aria-disabled", String(busy));
    this.status.textContent = busy ? "Your browser asks you now." : "";
    if (busy) this.alert.replaceChildren();
  }

  #refuse(error) {
    const says = error instanceof DOMException ? MEANS[error.name] ?? error.message : error.message;
    const words = make("p", { className: "refusal" }, says);
    if (error.mend) words.append(" ", make("a", { href: error.mend }, "Do it now"));
    this.alert.replaceChildren(words);
  }
}

customElements.define("jf-passkey", PasskeyAsker);
