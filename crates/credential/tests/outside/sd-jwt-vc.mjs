// @sd-jwt/sd-jwt-vc: checks credentials with their status lists. Whoever uses it brings the cryptography: here it is ES256,
// whatever a header says.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

// This file lies in the repository and the packages outside of it.
const require = createRequire(`${process.argv[2]}/package.json`);
const { SDJwtVcInstance } = require("@sd-jwt/sd-jwt-vc");

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function verifierFor(jwk) {
  const { kty, crv, x, y } = jwk;
  const key = await webcrypto.subtle.importKey("jwk", { kty, crv, x, y }, ES256, false, ["verify"]);
  return (data, signature) =>
    webcrypto.subtle.verify(ES256, key, Buffer.from(signature, "base64url"), Buffer.from(data));
}

async function judge(one, issuer) {
  if (one.kind !== "credential") throw new Error("no badges");
  const instance = new SDJwtVcInstance({
    verifier: issuer,
    kbVerifier: async (data, signature, payload) => (await verifierFor(payload.cnf.jwk))(data, signature),
    hasher: async (data) => new Uint8Array(await webcrypto.subtle.digest("SHA-256", Buffer.from(data))),
    hashAlg: "sha-256",
    statusListFetcher: async (address) => {
      if (address !== one.list_address) throw new Error("another list");
      return one.list;
    },
  });
  return (await instance.verify(one.token, { keyBindingNonce: one.nonce, skewSeconds: 60 })).payload;
}

const task = JSON.parse(readFileSync(0, "utf8"));
const issuer = await verifierFor(task.key);
const found = [];
for (const one of task.cases) {
  try {
    found.push({ name: one.name, accepted: true, seen: await judge(one, issuer) });
  } catch (error) {
    found.push({ name: one.name, accepted: false, why: String(error?.message ?? error) });
  }
}
process.stdout.write(JSON.stringify(found));
