// Texts of credentials: base64url and JSON that can be read in one way only, and refusals that say what is wrong.
//
// As strict as `base64url.rs` and `json.rs` of crates/credential. JSON.parse is not: it takes the last of two members of one
// name, and 1e9 for a whole number. Objects are Maps here, so that no name of theirs means anything to JavaScript.

/** Why something is not accepted, in a sentence for people. */
export class Refusal extends Error {}

export function refuse(why) {
  throw new Refusal(why);
}

/** A number that is not whole, or too large to be counted with. */
export class Inexact {}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const toBytes = (text) => encoder.encode(text);

/** Refuses what is longer than `limit` bytes of UTF-8. */
export function checkLength(text, limit, what) {
  if (text.length > limit || toBytes(text).length > limit) {
    refuse(`The ${what} is longer than ${limit} bytes, which none of ours is: ask for it anew from whoever sent it.`);
  }
}

/** Without white space of ASCII at its ends. */
export function trim(text) {
  const isSpace = (at) => "\t\n\v\f\r ".includes(text[at]);
  let [start, end] = [0, text.length];
  while (start < end && isSpace(start)) start += 1;
  while (end > start && isSpace(end - 1)) end -= 1;
  return text.slice(start, end);
}

/** What somebody wrote, safe to show in a sentence: without what steers how a line looks, and not longer than a line. */
export function shown(text) {
  const letters = Array.from(String(text));
  const steers = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;
  const escaped = (letter) => (steers.test(letter) ? `\\u{${letter.codePointAt(0).toString(16)}}` : letter);
  return `“${letters.slice(0, 60).map(escaped).join("")}${letters.length > 60 ? "…" : ""}”`;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The bytes, if they are written in the one way: no padding, no other letters, no bits left over. */
export function decode(text, what) {
  const rest = text.length % 4;
  const last = ALPHABET.indexOf(text.at(-1));
  const spare = rest === 2 ? last & 15 : rest === 3 ? last & 3 : 0;
  if (!/^[A-Za-z0-9_-]*$/.test(text) || rest === 1 || spare !== 0) {
    refuse(`The ${what} is damaged: it is not base64url. Copy it again, whole and without line breaks.`);
  }
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

export function encode(bytes) {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** SHA-256 of a text, in base64url. */
export async function sha256(text) {
  return encode(new Uint8Array(await crypto.subtle.digest("SHA-256", toBytes(text))));
}

/** Any JSON value, from bytes. Objects are Maps, whole numbers are numbers, all others are `Inexact`. */
export function readJson(bytes, what) {
  let text;
  try {
    text = decoder.decode(bytes);
  } catch {
    notJson(what, "it is no text in UTF-8");
  }
  return new Reader(text, what).whole();
}

/** As `readJson`, and it must be an object. */
export function readObject(bytes, what) {
  const value = readJson(bytes, what);
  return value instanceof Map ? value : notJson(what, "it is not an object");
}

function notJson(what, why) {
  refuse(`The ${what} is not the JSON that it should be: ${why}. Ask for it anew from whoever sent it.`);
}

/** A member that must be a text. */
export function text(object, member, what) {
  const value = object.get(member);
  return typeof value === "string" ? value : refuse(`In the ${what}, ${member} is missing, or is no text.`);
}

/** The year 10000: what lies beyond it is no time of ours. */
const MAX_SECONDS = 253_402_300_800;

/** A member that must be a time in whole seconds since 1970. */
export function seconds(object, member, what) {
  const value = object.get(member);
  if (Number.isInteger(value) && value >= 0 && value < MAX_SECONDS) return value;
  return refuse(`In the ${what}, ${member} is missing, or is no time in whole seconds.`);
}

const DEEPEST = 127;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPED = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = [["true", true], ["false", false], ["null", null]];

class Reader {
  #text;
  #what;
  #at = 0;

  constructor(text, what) {
    this.#text = text;
    this.#what = what;
  }

  whole() {
    const value = this.#value(0);
    this.#take(SPACE);
    return this.#at === this.#text.length ? value : this.#fail();
  }

  #fail(why = `it is damaged at place ${this.#at}`) {
    return notJson(this.#what, why);
  }

  /** What fits a sticky pattern here, passed over. */
  #take(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** Passes over one letter, if it comes next after white space. */
  #next(letter) {
    this.#take(SPACE);
    const is = this.#text[this.#at] === letter;
    if (is) this.#at += 1;
    return is;
  }

  #value(depth) {
    if (depth > DEEPEST) this.#fail("it is nested too deep");
    if (this.#next("{")) return this.#object(depth + 1);
    if (this.#next("[")) return this.#array(depth + 1);
    if (this.#next('"')) return this.#string();
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  #object(depth) {
    const object = new Map();
    if (this.#next("}")) return this.#closed(object, depth);
    do {
      if (!this.#next('"')) this.#fail();
      const name = this.#string();
      if (!this.#next(":")) this.#fail();
      const value = this.#value(depth);
      if (object.has(name)) this.#fail("a name stands twice in one object");
      object.set(name, value);
    } while (this.#next(","));
    return this.#next("}") ? this.#closed(object, depth) : this.#fail();
  }

  #array(depth) {
    const array = [];
    if (this.#next("]")) return this.#closed(array, depth);
    do array.push(this.#value(depth)); while (this.#next(","));
    return this.#next("]") ? this.#closed(array, depth) : this.#fail();
  }

  #closed(value, depth) {
    return depth > DEEPEST ? this.#fail("it is nested too deep") : value;
  }

  #string() {
    let read = "";
    for (;;) {
      read += this.#take(PLAIN)[0];
      const letter = this.#text[this.#at];
      this.#at += 1;
      if (letter === '"') return read;
      if (letter !== "\\") this.#fail();
      read += this.#escape();
    }
  }

  #escape() {
    const letter = this.#text[this.#at];
    this.#at += 1;
    if (letter !== "u") return Object.hasOwn(ESCAPED, letter) ? ESCAPED[letter] : this.#fail();
    const unit = this.#unit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    // Half a letter is none: its other half must follow.
    if (unit > 0xdbff || !this.#text.startsWith("\\u", this.#at)) this.#fail();
    this.#at += 2;
    const low = this.#unit();
    return low >= 0xdc00 && low <= 0xdfff ? String.fromCharCode(unit, low) : this.#fail();
  }

  #unit() {
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail();
    this.#at += 4;
    return parseInt(digits, 16);
  }

  #number() {
    const found = this.#take(NUMBER);
    if (!found) this.#fail();
    const number = Number(found[0]);
    if (!Number.isFinite(number)) this.#fail("a number is too large");
    const whole = found[1] === undefined && found[2] === undefined && !Object.is(number, -0);
    return whole && Number.isSafeInteger(number) ? number : new Inexact();
  }
}
