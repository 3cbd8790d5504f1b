// `<form data-verify>`: checks a credential that is pasted or chosen, here in the browser, and says what it found. The
// credential goes nowhere. Keys and status list are fetched if this site is the issuer, and from nobody else.

import { make } from "./make.mjs";
import { metadataUrl, peek, verify } from "./verify-credential.mjs";
import { showAccepted, showRefused } from "./verify-result.mjs";
import { trim } from "./verify-text.mjs";

/** In bytes, as in `verify-credential.mjs`: a larger file is not read. */
const LONGEST_FILE = 1_216_512;
const QUIET = { credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", cache: "no-cache" };

const CANNOT = "Your browser cannot check signatures here: it is older than 2023, or this page did not come by https. ";

/** Whether an address is one of this site's, as it is written. */
function isOwn(url) {
  try {
    return new URL(url).href === url && new URL(url).origin === location.origin;
  } catch {
    return false;
  }
}

async function get(url) {
  const response = await fetch(url, QUIET);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

/** What to check with, and where it is from: the site's own, what was pasted, or what came with it. */
async function sources(named, pasted) {
  const address = named ? metadataUrl(named.issuer) : null;
  const own = address !== null && isOwn(address);
  const isPasted = (text) => (text ? "pasted" : "enclosed");
  const from = { address, list: named?.list, keys: isPasted(pasted.metadata), status: isPasted(pasted.list) };
  if (!own) return { from, options: { metadata: pasted.metadata || undefined, statusList: pasted.list || undefined } };
  const metadata = await get(address);
  from.keys = "fetched";
  const statusList = async (uri) => {
    if (!isOwn(uri)) return pasted.list || null;
    try {
      const list = await get(uri);
      from.status = "fetched";
      return list;
    } catch {
      from.status = "unreachable";
      return null;
    }
  };
  return { from, options: { metadata, issuer: named.issuer, statusList } };
}

class Page {
  #busy = false;
  #form;
  #result = document.querySelector("[data-verify-result]");

  constructor(form) {
    this.#form = form;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    // A result must not stand beside another credential than its own.
    form.addEventListener("input", () => this.#result.replaceChildren());
    this.#field("file").addEventListener("change", () => this.#read());
  }

  #field(name) {
    return this.#form.querySelector(`[data-verify-${name}]`);
  }

  #typed(name) {
    return trim(this.#field(name).value);
  }

  /** Puts a file's text into the field, where it can be seen. */
  async #read() {
    const [file] = this.#field("file").files;
    const status = this.#field("file-status");
    if (!file) return;
    if (file.size > LONGEST_FILE) {
      status.textContent = `${file.name} is larger than any wallet file. Choose another one.`;
      return;
    }
    try {
      const bytes = await file.arrayBuffer();
      this.#field("text").value = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      status.textContent = `The text of ${file.name} is in the field above now.`;
    } catch {
      status.textContent = `${file.name} cannot be read as text. Choose the wallet file as it was downloaded.`;
    }
  }

  async #check() {
    if (this.#busy) return;
    this.#setBusy(true);
    const heading = await this.#outcome();
    this.#setBusy(false);
    heading.focus();
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.#form.querySelector("button[type=submit]").setAttribute("aria-disabled", String(busy));
    if (busy) this.#result.replaceChildren(make("p", {}, "Checking…"));
  }

  /** Checks, shows what was found, and gives its heading. */
  async #outcome() {
    const text = this.#typed("text");
    const named = peek(text);
    const pasted = { metadata: this.#typed("metadata"), list: this.#typed("list") };
    let given;
    try {
      given = await sources(named, pasted);
    } catch (error) {
      const why = `It names this site as its issuer, and this site gave no keys for it (${error.message}). `;
      return showRefused(this.#result, { why: `${why}Try again in a moment; do not rely on it before.` });
    }
    return this.#show(text, named, given);
  }

  async #show(text, named, { from, options }) {
    const request = { audience: this.#typed("audience") || undefined, nonce: this.#typed("nonce") || undefined };
    try {
      const found = await verify(text, { ...options, ...request });
      if (found.accepted) return showAccepted(this.#result, found, from);
      if (named?.proof && !request.audience) this.#field("request").open = true;
      if (named && !named.enclosed && from.keys === "enclosed") this.#field("own").open = true;
      return showRefused(this.#result, found, from);
    } catch (error) {
      return showRefused(this.#result, { why: `It could not be checked: ${error.message}. Try it in another browser.` });
    }
  }
}

const form = document.querySelector("form[data-verify]");
const off = document.querySelector("[data-verify-off]");
if (form && isSecureContext && window.crypto?.subtle && window.DecompressionStream) {
  new Page(form);
  form.hidden = false;
  off?.remove();
} else if (off) {
  off.replaceChildren(CANNOT, make("code", {}, "jobfuture credential verify FILE"), " does the same on the command line.");
}
