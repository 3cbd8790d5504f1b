"""The reference implementation of SD-JWT: checks signatures, disclosures, and the proof of the key."""
import json
import sys

from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier


def judge(case, issuer_key):
    if case["kind"] != "credential":
        raise NotImplementedError("no badges")
    verifier = SDJWTVerifier(case["token"], lambda issuer, header: issuer_key, case["audience"], case["nonce"])
    return verifier.get_verified_payload()


def main():
    task = json.load(sys.stdin)
    issuer_key = JWK.from_json(json.dumps(task["key"]))
    found = []
    for case in task["cases"]:
        try:
            found.append({"name": case["name"], "accepted": True, "seen": judge(case, issuer_key)})
        except Exception as error:
            found.append({"name": case["name"], "accepted": False, "why": f"{type(error).__name__}: {error}"})
    json.dump(found, sys.stdout)


main()
