// Keys (P-256) and the tokens that they sign, by ES256 alone and each of one type: `key.rs`, `issuer.rs` and `jws.rs` of
// crates/credential.

import { checkLength, decode, encode, readObject, refuse, seconds, sha256, shown, text, toBytes } from "./verify-text.mjs";

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const MOST_KEYS = 16;
const LONGEST_METADATA = 64 << 10;
const METADATA = "issuer's metadata";

/** What tells the tokens apart, so that none can be passed off as another. Lengths are in bytes. */
export const CREDENTIAL = { typ: "dc+sd-jwt", what: "credential", longest: 16 << 10 };
export const KEY_BINDING = { typ: "kb+jwt", what: "proof of the key", longest: 4 << 10 };
export const STATUS_LIST = { typ: "statuslist+jwt", what: "status list", longest: 1 << 20 };

/** Headers that name a key or its place, and those that change how a token is read. */
const REFUSED = ["jku", "x5u", "x5c", "crit", "b64", "zip", "enc", "jwk"];

/** P-256 (SEC 2, section 2.4.2): y² = x³ − 3x + b. */
const PRIME = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

const toNumber = (bytes) => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);

/** Browsers differ in whether they look, so it is looked at here. */
function isPoint(x, y) {
  return x < PRIME && y < PRIME && (y * y - x * x * x + 3n * x - B) % PRIME === 0n;
}

const unfit = (why) => refuse(`The key cannot be used: ${why}.`);

/** A public key from a JWK that `readJson` gave. Its name is computed: what a document calls it does not count. */
export async function readKey(jwk) {
  if (!(jwk instanceof Map)) unfit("it is no JWK");
  if (jwk.has("d")) unfit("it holds its secret part (d), which must be shown to nobody. Replace the key");
  if (jwk.get("kty") !== "EC" || jwk.get("crv") !== "P-256") unfit("it is not of the kind used here (kty EC, crv P-256)");
  for (const [member, value] of [["alg", "ES256"], ["use", "sig"]]) {
    const meant = jwk.get(member);
    if (typeof meant === "string" && meant !== value) unfit("it is meant for something else than ES256 (alg, use)");
  }
  const [x, y] = ["x", "y"].map((member) => decode(text(jwk, member, "key"), "key"));
  if (x.length !== 32 || y.length !== 32) unfit("x and y must have 32 bytes each");
  if (!isPoint(toNumber(x), toNumber(y))) unfit("x and y are no point of the curve P-256");
  const kid = await sha256(`{"crv":"P-256","kty":"EC","x":"${encode(x)}","y":"${encode(y)}"}`);
  const point = Uint8Array.of(4, ...x, ...y);
  return { kid, key: await crypto.subtle.importKey("raw", point, ES256, false, ["verify"]) };
}

/** An issuer's address and keys, from the document that it publishes. Keys of other kinds are passed over. */
export async function readMetadata(document) {
  checkLength(document, LONGEST_METADATA, METADATA);
  const metadata = readObject(toBytes(document), METADATA);
  const issuer = text(metadata, "issuer", METADATA);
  const jwks = metadata.get("jwks");
  const found = jwks instanceof Map ? jwks.get("keys") : undefined;
  if (!Array.isArray(found)) unfit(`the ${METADATA} has no “keys”`);
  if (found.length > MOST_KEYS) unfit("the set has more than 16 keys");
  const isOurs = (key) => key instanceof Map && ((key.get("kty") === "EC" && key.get("crv") === "P-256") || key.has("d"));
  const keys = [];
  for (const jwk of found.filter(isOurs)) keys.push(await readKey(jwk));
  const names = new Set(keys.map((key) => key.kid));
  if (keys.length === 0 || names.size < keys.length) unfit("a set has between 1 and 16 keys of P-256, each of them once");
  return { issuer, keys };
}

/** Where an issuer publishes its keys; null if it is no address that an issuer may have. */
export function metadataUrl(issuer) {
  const found = /^(https?):\/\/([A-Za-z0-9._~:%-]+)(\/[A-Za-z0-9._~/:%-]*)?$/.exec(issuer);
  if (!found || issuer.length > 500) return null;
  const [, scheme, host, path = ""] = found;
  const name = host.split(":")[0];
  if (name === "" || (scheme === "http" && !["localhost", "127.0.0.1"].includes(name))) return null;
  const url = `${scheme}://${host}/.well-known/jwt-vc-issuer${path.endsWith("/") ? path.slice(0, -1) : path}`;
  // What a browser would read in another way (“..”, capitals, a port that needs no saying) is nothing to ask for.
  try {
    return new URL(url).href === url ? url : null;
  } catch {
    return null;
  }
}

function readHeader(header, { what, typ }) {
  const found = (member) => (typeof header.get(member) === "string" ? shown(header.get(member)) : "none");
  if (header.get("alg") !== "ES256") {
    refuse(`The ${what} names the algorithm ${found("alg")}. Only ES256 is accepted, whatever the token asks for.`);
  }
  if (header.get("typ") !== typ) {
    refuse(`The ${what} says that its type is ${found("typ")}, and ${typ} is needed here: check which token goes where.`);
  }
  const member = REFUSED.find((name) => header.has(name));
  if (member) refuse(`The header of the ${what} has “${member}”, which is refused: keys come from the issuer alone.`);
  return header;
}

/** Takes a token apart and checks its header. Its payload is only for who knows the key: see `verifyToken`. */
export function readToken(token, kind) {
  checkLength(token, kind.longest, kind.what);
  const parts = token.split(".");
  if (parts.length !== 3) refuse(`The ${kind.what} is damaged: it is not three parts with dots. Copy it again, whole.`);
  const [header, payload, signature] = parts;
  return {
    kind, payload,
    header: readHeader(readObject(decode(header, kind.what), kind.what), kind),
    signed: `${header}.${payload}`,
    signature: decode(signature, kind.what),
  };
}

/** The key that a token names, among those of its issuer. */
export function keyOf({ header, kind }, keys) {
  const kid = text(header, "kid", kind.what);
  const found = keys.find((key) => key.kid === kid);
  const why = `The ${kind.what} is signed by the key ${shown(kid)}, which is not among the issuer's keys: get these again.`;
  return found ?? refuse(why);
}

/** The payload, if this key signed it. */
export async function verifyToken({ kind, payload, signed, signature }, { key }) {
  const { what } = kind;
  if (signature.length !== 64 || !(await crypto.subtle.verify(ES256, key, signature, toBytes(signed)))) {
    refuse(`The signature of the ${what} does not fit: it was changed, or made by somebody else. Do not rely on it.`);
  }
  return readObject(decode(payload, what), what);
}

/** How far clocks may differ, in seconds. */
export const CLOCK_SKEW = 60;

const at = (time) => new Date(time * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");

/** Whether now lies between the two, give or take a minute. All are in seconds since 1970. */
export function checkSpan(from, until, now, what) {
  const it = `and it is ${at(now)}`;
  if (from > now + CLOCK_SKEW) refuse(`The ${what} is valid from ${at(from)} on, ${it}: check the clock of this machine.`);
  if (until <= now - CLOCK_SKEW) refuse(`The ${what} was valid until ${at(until)}, ${it}: ask for a fresh one.`);
}

/** A time that may be left out. */
export function secondsOr(object, member, otherwise, what) {
  return object.has(member) ? seconds(object, member, what) : otherwise;
}

/** Whether it is by the issuer whose keys are known, to the letter. */
export function checkIssuer(claims, issuer, what) {
  const found = text(claims, "iss", what);
  if (found !== issuer) {
    const mend = "get the keys of the issuer that you trust";
    refuse(`The issuer of the ${what} is ${shown(found)}, and the keys are those of ${shown(issuer)}: ${mend}.`);
  }
}
