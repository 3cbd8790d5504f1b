// What a candidate discloses of a credential, put into the places of its digests: `disclosure.rs` and `process.rs` of
// crates/credential.

import { decode, readJson, refuse, sha256, shown } from "./verify-text.mjs";

const MOST_DISCLOSURES = 160;
/** Characters of 128 bits in base64url. */
const SHORTEST_SALT = 22;
/** Deeper than anything of ours. */
const DEEPEST = 16;

/** What the issuer says of the credential itself, which a candidate must not be able to hide. */
export const ISSUERS_OWN = ["iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "sub", "jti"];

async function readDisclosure(written) {
  const parts = readJson(decode(written, "disclosure"), "disclosure");
  const why = "it is no list of salt, name and value";
  if (!Array.isArray(parts) || parts.length < 2 || parts.length > 3) refuseDisclosure(why);
  const [salt, name] = [parts[0], parts.length === 3 ? parts[1] : null];
  if (typeof salt !== "string" || (parts.length === 3 && typeof name !== "string")) refuseDisclosure(why);
  if (Array.from(salt).length < SHORTEST_SALT) {
    refuseDisclosure("its salt is shorter than 128 bits, so that what is hidden could be guessed");
  }
  return { digest: await sha256(written), salt, name, value: parts.at(-1), used: false };
}

const refuseDisclosure = (why) => refuse(`A disclosure is refused: ${why}. Ask the candidate to show the credential again.`);

/** Puts disclosures into the places of their digests (RFC 9901, section 7.1). */
class Walk {
  #byDigest = new Map();
  #seen = new Set();

  constructor(disclosures) {
    const salts = new Set();
    for (const disclosure of disclosures) {
      if (this.#byDigest.has(disclosure.digest)) refuseDisclosure("it is there twice");
      if (salts.has(disclosure.salt)) refuseDisclosure("two of them have one salt, so that what is hidden could be guessed");
      this.#byDigest.set(disclosure.digest, disclosure);
      salts.add(disclosure.salt);
    }
  }

  whole(payload) {
    const disclosed = this.#object(payload, 0);
    const unused = Array.from(this.#byDigest.values()).some((disclosure) => !disclosure.used);
    return unused ? refuseDisclosure("the issuer did not put it into this credential") : disclosed;
  }

  /** What is behind a digest, if it is disclosed. */
  #take(digest) {
    if (this.#seen.has(digest)) {
      refuse("A digest occurs twice in the credential, so that it can be read in two ways. Do not rely on it.");
    }
    this.#seen.add(digest);
    const disclosure = this.#byDigest.get(digest);
    if (disclosure) disclosure.used = true;
    return disclosure;
  }

  #value(value, depth) {
    if (depth > DEEPEST) refuseDisclosure("it is nested deeper than any of ours");
    if (value instanceof Map) return this.#object(value, depth);
    return Array.isArray(value) ? this.#array(value, depth) : value;
  }

  #object(object, depth) {
    const disclosed = new Map();
    for (const [name, value] of object) {
      if (name === "_sd") continue;
      checkName(name);
      disclosed.set(name, this.#value(value, depth + 1));
    }
    for (const digest of digests(object.get("_sd"))) {
      const disclosure = this.#take(digest);
      if (!disclosure) continue;
      if (disclosure.name === null) refuseDisclosure("it has no name, where a name is needed");
      checkName(disclosure.name);
      if (disclosed.has(disclosure.name)) refuse(`The credential says ${shown(disclosure.name)} twice. Do not rely on it.`);
      disclosed.set(disclosure.name, this.#value(disclosure.value, depth + 1));
    }
    return disclosed;
  }

  #array(array, depth) {
    const disclosed = [];
    for (const item of array) {
      if (!(item instanceof Map && item.has("..."))) {
        disclosed.push(this.#value(item, depth + 1));
        continue;
      }
      const digest = item.get("...");
      if (typeof digest !== "string" || item.size !== 1) refuseName("...");
      const disclosure = this.#take(digest);
      if (!disclosure) continue;
      if (disclosure.name !== null) refuseDisclosure("it has a name, where an element of a list is needed");
      disclosed.push(this.#value(disclosure.value, depth + 1));
    }
    return disclosed;
  }
}

const refuseName = (name) => refuse(`A disclosure has the name ${shown(name)}, which none may have. Do not rely on it.`);

function checkName(name) {
  if (["_sd", "...", "_sd_alg"].includes(name)) refuseName(name);
}

function digests(value) {
  if (value === undefined) return [];
  const fits = Array.isArray(value) && value.every((digest) => typeof digest === "string");
  return fits ? value : refuse("In the credential, _sd is no list of digests.");
}

/** The payload as its issuer meant it, as far as these disclosures, as they are written, disclose it. */
export async function disclose(payload, written) {
  if (written.length > MOST_DISCLOSURES) refuseDisclosure("there are more of them than any credential of ours has");
  const disclosures = await Promise.all(written.map(readDisclosure));
  for (const { name } of disclosures) if (ISSUERS_OWN.includes(name)) refuseName(name);
  const claims = new Map(payload);
  if (claims.has("_sd_alg") && claims.get("_sd_alg") !== "sha-256") {
    refuse("The credential's digests are not made by sha-256, which alone is accepted.");
  }
  claims.delete("_sd_alg");
  return new Walk(disclosures).whole(claims);
}

