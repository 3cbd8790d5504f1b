// Checks a credential in the browser alone: SD-JWT VC with disclosures, proof of the key and status list, or a wallet file
// that holds them. It knows no page: `verify.mjs` is that. It is at least as strict as crates/credential, whose tests hold
// it to the same cases.

import { readShown } from "./verify-claims.mjs";
import { disclose, ISSUERS_OWN } from "./verify-disclosures.mjs";
import {
  checkIssuer, checkSpan, CREDENTIAL, KEY_BINDING, keyOf, readKey, readMetadata, readToken, secondsOr, verifyToken,
} from "./verify-keys.mjs";
import { checkStatus } from "./verify-list.mjs";
import { checkLength, decode, readObject, refuse, Refusal, seconds, sha256, shown, text, trim } from "./verify-text.mjs";

export { metadataUrl } from "./verify-keys.mjs";

export const CREDENTIAL_TYPE = "urn:jobfuture:signal:1";

/** How old a proof of the key may be, in seconds. */
const KEY_BINDING_AGE = 300;

/** In bytes: a credential with its disclosures and a proof; a wallet file. */
const LONGEST = 96 << 10;
const LONGEST_FILE = LONGEST + (64 << 10) + (1 << 20) + (4 << 10);

const WHAT = CREDENTIAL.what;

const FIRST_LINE = "JobFuture credential, format 1";
const damagedFile = (why) => refuse(`The wallet file is damaged: ${why}. Download it again.`);

/** What stands between BEGIN and END, on one line; null if it is not there. */
function part(lines, name) {
  const [begin, end] = [`-----BEGIN ${name}-----`, `-----END ${name}-----`];
  let found = null;
  for (let at = 0; at < lines.length; at += 1) {
    if (lines[at] !== begin) continue;
    if (lines[at + 2] !== end) damagedFile("a part of it has no end, or more than one line");
    if (found !== null) damagedFile("a part of it is there twice");
    found = lines[at + 1];
    if (found === "" || found.startsWith("-")) damagedFile("a part of it is empty");
    at += 2;
  }
  return found;
}

/** Takes apart what somebody pasted or chose: a wallet file, or a credential alone. Nothing is verified. */
export function readText(whole) {
  checkLength(whole, LONGEST_FILE, "text");
  const lines = whole.split("\n").map(trim);
  if (lines.length === 1) return { kind: "credential", credential: whole, metadata: null, statusList: null };
  if (!whole.includes("-----BEGIN ")) refuse("The credential is damaged: it has line breaks. Copy it again, whole.");
  // White space may stand behind the first line, and not before it.
  if (lines[0] !== FIRST_LINE || !whole.startsWith(FIRST_LINE)) damagedFile("its first line does not say that it is one");
  const credential = part(lines, "CREDENTIAL") ?? damagedFile("there is no credential in it");
  return { kind: "file", credential, metadata: part(lines, "ISSUER METADATA"), statusList: part(lines, "STATUS LIST") };
}

/** The parts between the tildes. `bound` is what the holder signs: everything up to the last of them. */
function readParts(credential) {
  checkLength(credential, LONGEST, WHAT);
  const end = credential.lastIndexOf("~");
  if (end < 0) refuse("The credential is damaged: it has no ~ behind what the issuer signed. Copy it again, whole.");
  const [token, ...disclosures] = credential.slice(0, end).split("~");
  return { token, disclosures, bound: credential.slice(0, end + 1), proof: credential.slice(end + 1) };
}

/** Times of the credential, in seconds since 1970. */
function checkTimes(claims, now) {
  const issued = seconds(claims, "iat", WHAT);
  const expires = seconds(claims, "exp", WHAT);
  checkSpan(Math.max(issued, secondsOr(claims, "nbf", issued, WHAT)), expires, now, WHAT);
  return { issued, expires };
}

function holder(claims) {
  const cnf = claims.get("cnf");
  const jwk = cnf instanceof Map && cnf.size === 1 ? cnf.get("jwk") : undefined;
  return readKey(jwk ?? refuse("In the credential, cnf does not hold the holder's key (jwk)."));
}

function statusPlace(claims) {
  const status = claims.get("status");
  const list = status instanceof Map ? status.get("status_list") : undefined;
  const [index, uri] = list instanceof Map ? [list.get("idx"), list.get("uri")] : [];
  const fits = Number.isInteger(index) && index >= 0 && index <= 0xffff_ffff && typeof uri === "string";
  return fits ? { index, uri } : refuse("In the credential, status does not name a place in a status list (idx, uri).");
}

/** The proof that whoever shows it holds the key, if there is a request that it should answer. */
async function checkBinding({ proof, bound }, key, { audience, nonce }, now) {
  if (audience === undefined && nonce === undefined) {
    if (proof === "") return "not-asked";
    refuse("The credential comes with a proof for somebody: give the audience and the nonce that it was asked for with.");
  }
  if (!audience || !nonce) refuse("A request has both an audience and a nonce: give both, or neither.");
  if (proof === "") {
    refuse("There is no proof of the holder's key with it: ask for one with your audience and nonce, or give neither.");
  }
  const { what } = KEY_BINDING;
  const claims = await verifyToken(readToken(proof, KEY_BINDING), key);
  const found = text(claims, "aud", what);
  if (found !== audience) {
    const mend = "ask the candidate to show the credential to you";
    refuse(`The proof was made for ${shown(found)}, and not for ${shown(audience)}: ${mend}.`);
  }
  if (text(claims, "nonce", what) !== nonce) {
    refuse("The proof answers another request than yours (its nonce differs): ask again with a fresh nonce.");
  }
  if (text(claims, "sd_hash", what) !== (await sha256(bound))) {
    refuse("What is shown is not what the holder signed (sd_hash differs): ask the candidate to show it again.");
  }
  const signed = seconds(claims, "iat", what);
  const until = Math.min(secondsOr(claims, "exp", Infinity, what), signed + KEY_BINDING_AGE);
  checkSpan(Math.max(signed, secondsOr(claims, "nbf", signed, what)), until, now, what);
  return "proved";
}

/** Whose keys count: those that were asked for, or else those in the file. */
async function trusted(parts, options) {
  const enclosed = parts.metadata === null ? null : await readMetadata(parts.metadata);
  const asked = options.metadata === undefined ? null : await readMetadata(options.metadata);
  const known = asked ?? enclosed ?? refuse("The issuer's keys did not come with it: get them from the issuer's address.");
  for (const issuer of [options.issuer, enclosed?.issuer]) {
    if (issuer !== undefined && issuer !== known.issuer) {
      const mend = "get the keys of the issuer that you trust";
      refuse(`The keys are those of ${shown(known.issuer)}, and ${shown(issuer)} was asked for: ${mend}.`);
    }
  }
  return { ...known, from: asked ? "asked" : "enclosed" };
}

/** The status of a credential that is good otherwise, from the list that was asked for, or else the enclosed one. */
async function standing(parts, place, issuer, { statusList, now }) {
  const asked = typeof statusList === "function" ? await statusList(place.uri) : statusList;
  const list = asked ?? parts.statusList;
  if (list === null || list === undefined) return { revocation: "not-checked" };
  const { made, keep } = await checkStatus(list, place, issuer, now);
  return { revocation: "valid", list: { from: asked ? "asked" : "enclosed", made, keep } };
}

async function check(whole, options) {
  const file = readText(whole);
  const parts = readParts(file.credential);
  const token = readToken(parts.token, CREDENTIAL);
  const issuer = await trusted(file, options);
  const payload = await verifyToken(token, keyOf(token, issuer.keys));
  const claims = await disclose(payload, parts.disclosures);
  checkIssuer(claims, issuer.issuer, WHAT);
  const type = text(claims, "vct", WHAT);
  if (type !== CREDENTIAL_TYPE) refuse(`The credential is of the type ${shown(type)}; this page reads ${CREDENTIAL_TYPE}.`);
  const { issued, expires } = checkTimes(claims, options.now);
  const key = await holder(claims);
  const binding = await checkBinding(parts, key, options, options.now);
  const place = statusPlace(claims);
  const status = await standing(file, place, issuer, options);
  for (const name of ISSUERS_OWN) claims.delete(name);
  const said = readShown(claims);
  return {
    accepted: true, kind: file.kind, issuer: issuer.issuer, keys: issuer.from, shown: said, issued, expires, binding,
    holder: key.kid, place, ...status,
  };
}

/**
 * Checks a wallet file's text, or a credential alone.
 *
 * - `metadata`: the text of the issuer's metadata, from its own address; without it the keys in the file count.
 * - `issuer`: whom you trust, to the letter; without it whoever the keys are of.
 * - `audience`, `nonce`: of your request, if it answers one.
 * - `statusList`: the token that lies at the address that the credential names, or a function that gets it, asked for that
 *   address once the credential is found good otherwise; nothing is for the enclosed one, if there is one.
 * - `now`: in seconds since 1970.
 *
 * Answers `{ accepted: true, … }`, or `{ accepted: false, why }` with a sentence. Times are in seconds since 1970.
 */
export async function verify(whole, options = {}) {
  try {
    return await check(whole, { ...options, now: options.now ?? Math.floor(Date.now() / 1000) });
  } catch (error) {
    if (error instanceof Refusal) return { accepted: false, why: error.message };
    throw error;
  }
}

/** What it says of whom to ask, unverified: the issuer, the list, and whether it comes with a proof for somebody. */
export function peek(whole) {
  try {
    const file = readText(whole);
    const { token, proof } = readParts(file.credential);
    const { payload } = readToken(token, CREDENTIAL);
    const claims = readObject(decode(payload, WHAT), WHAT);
    const [issuer, list] = [text(claims, "iss", WHAT), statusPlace(claims).uri];
    return { issuer, list, enclosed: file.metadata !== null, proof: proof !== "" };
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
