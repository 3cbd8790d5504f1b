// The verify page's own checks, as every browser with WebCrypto runs them. It needs no package.
import { readFileSync } from "node:fs";
import { verify } from "../../../site/assets/verify-credential.mjs";

/** Keys, list and request are known; or there is a wallet file, and whatever is in it or is asked for beside it. */
function check(one, { issuer, key }) {
  if (one.kind === "file") return verify(one.token, { now: one.now, metadata: one.metadata, issuer: one.issuer });
  const metadata = JSON.stringify({ issuer, jwks: { keys: [key] } });
  const statusList = async (uri) => {
    if (uri !== one.list_address) throw new Error("another list was asked for");
    return one.list;
  };
  const { audience, nonce, now } = one;
  return verify(one.token, { metadata, issuer, audience, nonce, statusList, now });
}

const task = JSON.parse(readFileSync(0, "utf8"));
const found = [];
for (const one of task.cases) {
  const { accepted, why, shown, ...more } = await check(one, task);
  // In bytes, so far.
  const most_memory = process.resourceUsage().maxRSS * 1024;
  found.push({ name: one.name, accepted, why, seen: shown, ...more, most_memory });
}
process.stdout.write(JSON.stringify(found));
