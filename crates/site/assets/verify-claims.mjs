// What a credential may say, as `signal.rs` and `words.rs` of crates/credential have it: whatever is not here is refused, so
// that there is no place for a score.

import { refuse, shown } from "./verify-text.mjs";

const isId = (text) => /^[a-z][a-z0-9-]{0,63}$/.test(text);

/** Characters that steer how a line is shown could make it say something else than it holds. */
const STEERS = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;
const ENDS = /^\p{White_Space}|\p{White_Space}$/u;

function isLine(text, longest) {
  return text !== "" && Array.from(text).length <= longest && !ENDS.test(text) && !STEERS.test(text);
}

const isLabel = (text) => isLine(text, 200);

const isLevelWord = (text) => isLine(text, 40) && text.split(/[ -]/).every((part) => /^\p{Alphabetic}+$/u.test(part));

function isDate(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!found || text.length !== 10) return false;
  const [year, month, day] = found.slice(1).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return year >= 2000 && last !== undefined && day >= 1 && day <= last;
}

const isVersion = (value) => Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;

const wrong = (claim, what) => refuse(`The credential says of ${claim} what none of ours says: ${what}. Do not rely on it.`);

const word = (fits) => (value, claim) =>
  (typeof value === "string" && fits(value) ? value : wrong(claim, typeof value === "string" ? shown(value) : "no text"));

const number = (value, claim) => (isVersion(value) ? value : wrong(claim, "no whole number"));

/** An object with these members, all of them and no others. */
const exactly = (members) => (value, claim) => {
  const names = Object.keys(members);
  if (!(value instanceof Map) || value.size !== names.length || !names.every((name) => value.has(name))) {
    wrong(claim, `not ${names.join(" and ")} alone`);
  }
  return Object.fromEntries(names.map((name) => [name, members[name](value.get(name), claim)]));
};

const list = (element) => (value, claim) =>
  (Array.isArray(value) ? value.map((one) => element(one, claim)) : wrong(claim, "no list"));

const named = exactly({ id: word(isId), name: word(isLabel) });

const kind = (name) => exactly({ kind: word((text) => text === name) });
const CONDITIONS = new Map([
  ...["practice", "unaided", "own_tools", "provided_assistant"].map((name) => [name, kind(name)]),
  ["witnessed", exactly({ kind: word((text) => text === "witnessed"), company: word(isLabel), on: word(isDate) })],
]);

function condition(value, claim) {
  const read = value instanceof Map ? CONDITIONS.get(value.get("kind")) : undefined;
  return read ? read(value, claim) : wrong(claim, "a condition that is not known here");
}

const CLAIMS = new Map([
  ["role", named],
  ["at_least", exactly({ id: word(isLevelWord), name: word(isLevelWord) })],
  ["condition", condition],
  ["competencies", list(named)],
  ["behaviours", list(named)],
  ["taken_on", word(isDate)],
  ["versions", list(exactly({ of: word(isId), version: number }))],
]);

/** The claims as plain objects; what the candidate left out is not in it. */
export function readShown(claims) {
  const read = {};
  for (const [name, value] of claims) {
    const claim = CLAIMS.get(name);
    if (!claim) refuse(`The credential has a claim that none of ours has: ${shown(name)}. Do not rely on it.`);
    read[name] = claim(value, name);
  }
  return read;
}
