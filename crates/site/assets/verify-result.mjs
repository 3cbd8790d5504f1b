// What the verify page says of a credential: what is shown, by whom, until when, what was checked, and what was not.

import { make, when } from "./make.mjs";

const NAMES = [
  ["role", "Role", ({ name }) => name],
  ["at_least", "Level", ({ name }) => `${name}, or above it`],
  ["condition", "How it was taken", condition],
  ["competencies", "Competencies", names],
  ["behaviours", "Behaviours that were seen", names],
  ["taken_on", "Day of the check", day],
  ["versions", "What was asked", (versions) => list(versions.map(({ of, version }) => `${of}, version ${version}`))],
];

const CONDITIONS = {
  practice: "For practice",
  unaided: "Without help, as the candidate declares",
  own_tools: "With the candidate's own tools",
  provided_assistant: "With the assistant that the check provides",
};

const CANNOT_PROVE = [
  "That the person who sent it took the check. How it was taken is what the condition above says.",
  "That nothing was left out: what to show is the candidate's choice.",
  "That it is forgotten once it is withdrawn: whoever has seen it has seen it.",
];

function condition({ kind, company, on }) {
  return kind === "witnessed" ? make("span", {}, `In the presence of ${company}, on `, day(on)) : CONDITIONS[kind];
}

function names(named) {
  return named.length > 0 ? list(named.map(({ name }) => name)) : "None of them is shown";
}

function day(date) {
  const words = new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  return make("time", { dateTime: date }, words);
}

function moment(seconds) {
  return make("time", { dateTime: new Date(seconds * 1000).toISOString() }, when(seconds * 1000));
}

function list(items) {
  return make("ul", {}, ...items.map((item) => make("li", {}, ...[item].flat())));
}

function rows(pairs) {
  const row = ([term, value]) => make("div", {}, make("dt", {}, term), make("dd", {}, value));
  return make("dl", { className: "claims" }, ...pairs.map(row));
}

/** An address that somebody else wrote: followed only by who wants to, in a page of its own. */
function address(url) {
  const code = make("code", {}, url);
  if (!/^https?:\/\/[^\s]+$/.test(url)) return code;
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, code, " (opens a new page)");
}

/** Shows a result and gives its heading, to be focused. */
function show(place, state, title, ...parts) {
  const heading = make("h2", { className: "verdict-heading", tabIndex: -1 }, title);
  place.replaceChildren(make("div", { className: `verdict ${state}` }, heading, ...parts));
  return heading;
}

export function showRefused(place, { why }, from = {}) {
  const parts = [make("p", { className: "stopped" }, why)];
  const where = [];
  if (from.address && from.keys !== "fetched") where.push(["Its issuer's keys are at ", address(from.address)]);
  if (from.list && from.keys !== "fetched") where.push(["The status list is at ", address(from.list)]);
  if (where.length > 0) {
    parts.push(make("h3", {}, "Where to look"));
    const says = "These addresses are what it says of itself. Use them only if you trust the issuer that they belong to.";
    parts.push(make("p", {}, says));
    parts.push(list(where));
  }
  return show(place, "is-failed", "It is not accepted", ...parts);
}

const KEYS = {
  fetched: "The issuer's signature, by the keys that this site publishes.",
  pasted: "The issuer's signature, by the keys that you pasted. They prove as much as the place that you have them from.",
  enclosed: "That it is whole: it was not changed since it was signed by the key that came with it.",
};

const LISTS = { fetched: "this site's list", pasted: "the list that you pasted", enclosed: "the list that came with it" };

function listSource(found, from) {
  return found.list.from === "enclosed" ? LISTS.enclosed : LISTS[from.status];
}

function checked(found, from) {
  const items = [KEYS[from.keys], "That all it shows was in it when it was signed, and stands there once.", "Its times."];
  if (found.revocation === "valid") {
    items.push([`That it was not withdrawn before `, moment(found.list.made), `, by ${listSource(found, from)}.`]);
  }
  if (found.binding === "proved") items.push("That whoever answered your request holds the candidate's key.");
  return items;
}

function mend({ address: url }) {
  return url ? [" Get them from ", address(url), ", if you trust that issuer, and paste them above."] : [];
}

/** Whether a list is older than it may be kept: nothing is wrong with it, and there is a newer one. */
const isOld = ({ made, keep }) => Date.now() / 1000 > made + keep;

function unchecked(found, from) {
  const items = [];
  if (found.keys === "enclosed") {
    items.push(["Who issued it. Its keys came with it, and anybody can enclose keys of their own.", ...mend(from)]);
  }
  if (from.status === "unreachable") items.push("This site's status list: it could not be fetched. Try again in a moment.");
  if (found.revocation === "not-checked") {
    items.push(["Whether it was withdrawn. The list is at ", address(found.place.uri), "."]);
  } else if (isOld(found.list)) {
    items.push(["Whether it was withdrawn since then. A fresh list is at ", address(found.place.uri), "."]);
  }
  if (found.binding === "not-asked") {
    const ask = "Ask for an answer to a request of yours.";
    items.push(`Whether whoever sent it holds the candidate's key: a file can be passed on. ${ask}`);
  }
  return items;
}

function verdict(found, from) {
  if (found.keys === "enclosed") return ["is-open", "It is whole. Who issued it is not proved"];
  if (found.revocation === "not-checked") return ["is-open", "It is genuine. Whether it was withdrawn is not known"];
  if (isOld(found.list)) return ["is-open", "It is genuine. Whether it was withdrawn lately is not known"];
  return ["is-passed", "It is genuine, and was not withdrawn"];
}

export function showAccepted(place, found, from) {
  const [state, title] = verdict(found, from);
  const has = ([claim]) => Object.hasOwn(found.shown, claim);
  const hidden = NAMES.filter((name) => !has(name)).map(([, label]) => label.toLowerCase());
  const said = NAMES.filter(has).map(([claim, label, words]) => [label, words(found.shown[claim])]);
  const left = new Intl.ListFormat("en-GB").format(hidden);
  const by = found.keys === "enclosed" ? "Issuer, as it says itself" : "Issuer";
  const issuer = make("code", {}, found.issuer);
  const times = [[by, issuer], ["Issued", moment(found.issued)], ["Valid until", moment(found.expires)]];
  const open = unchecked(found, from);
  return show(
    place, state, title,
    make("h3", {}, "What is shown"), said.length > 0 ? rows(said) : make("p", {}, "Nothing of the check."),
    ...(left ? [make("p", { className: "facts" }, `Not shown: ${left}.`)] : []),
    make("h3", {}, "By whom, and until when"), rows(times),
    make("h3", {}, "What was checked"), list(checked(found, from)),
    ...(open.length > 0 ? [make("h3", {}, "What was not checked"), list(open)] : []),
    make("h3", {}, "What it cannot prove"), list(CANNOT_PROVE),
  );
}
