// The status list: what an issuer withdrew (`status_list.rs` of crates/credential).

import { checkIssuer, checkSpan, keyOf, readToken, secondsOr, STATUS_LIST, verifyToken } from "./verify-keys.mjs";
import { decode, refuse, seconds, shown, text, trim } from "./verify-text.mjs";

/** How old a list may be, in seconds: a day. */
const STATUS_LIST_AGE = 86_400;
/** 2^22 places, in bytes. */
const LONGEST_LIST = (1 << 22) / 8;

const refuseList = (why, uri) => refuse(`The status list cannot be used: ${why}. Get it again from ${shown(uri)}.`);

/** Bytes in pieces so small that what one of them unpacks to is small as well. */
function inPieces(bytes) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + 512));
      at += 512;
      return undefined;
    },
  }, { highWaterMark: 0 });
}

/** Unpacks zlib (RFC 1950) and stops once there is more than any list may have. Throws at what is damaged. */
async function inflate(bytes) {
  const reader = inPieces(bytes).pipeThrough(new DecompressionStream("deflate")).getReader();
  const list = new Uint8Array(LONGEST_LIST);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return list.subarray(0, length);
    if (length + value.length > LONGEST_LIST) {
      reader.cancel().catch(() => {});
      return null;
    }
    list.set(value, length);
    length += value.length;
  }
}

async function unpack(bytes, uri) {
  const list = await inflate(bytes).catch(() => refuseList("it is not compressed by zlib, or damaged", uri));
  if (list === null) refuseList("it has more than 2^22 entries", uri);
  // Not every browser minds what stands behind the end. Without it the last byte would not be needed.
  const shorter = await inflate(bytes.subarray(0, -1)).catch(() => null);
  if (list.length === 0 || shorter !== null) refuseList("it is empty, or has something behind its end", uri);
  return list;
}

/** Looks the credential up in its list. Says when the list was made, and how long it may be kept. */
export async function checkStatus(written, { uri, index }, { issuer, keys }, now) {
  const { what } = STATUS_LIST;
  const token = readToken(trim(written), STATUS_LIST);
  const claims = await verifyToken(token, keyOf(token, keys));
  if (claims.has("iss")) checkIssuer(claims, issuer, what);
  if (text(claims, "sub", what) !== uri) refuseList("it belongs to another address (sub)", uri);
  const made = seconds(claims, "iat", what);
  const ttl = claims.has("ttl") ? claims.get("ttl") : STATUS_LIST_AGE;
  if (!Number.isInteger(ttl) || ttl <= 0) refuseList("its ttl is no number of seconds", uri);
  checkSpan(made, Math.min(secondsOr(claims, "exp", Infinity, what), made + STATUS_LIST_AGE), now, what);
  const list = claims.get("status_list");
  if (!(list instanceof Map)) refuse("In the status list, status_list is missing.");
  if (list.get("bits") !== 1) refuseList("its entries are not of one bit", uri);
  const bits = await unpack(decode(text(list, "lst", what), what), uri);
  const byte = bits[index >>> 3];
  if (byte === undefined) refuseList("it is shorter than the place that the credential names", uri);
  if ((byte >> (index % 8)) & 1) refuse("The issuer withdrew the credential: ask the candidate for a newer one.");
  return { made, keep: ttl };
}

