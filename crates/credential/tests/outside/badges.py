"""openbadgeslib, with openvc-core for SD-JWT VC: checks credentials with their status lists, and Open Badges."""
import json
import sys

from jwcrypto.jwk import JWK
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.eudi import status_list_token_resolver, verify_badge_sd_jwt


def judge(case, pem):
    if case["kind"] == "badge":
        return OB3Verifier(pubkey_pem=pem).verify(case["token"]).name
    fetch = {case["list_address"]: case["list"].encode()}.__getitem__
    verified = verify_badge_sd_jwt(
        case["token"],
        pubkey_pem=pem,
        audience=case["audience"],
        nonce=case["nonce"],
        require_key_binding=True,
        expected_vct=case["type"],
        require_status=True,
        resolve_status_list_token=status_list_token_resolver(pubkey_pem=pem, download=fetch),
    )
    return dict(verified.claims)


def main():
    task = json.load(sys.stdin)
    pem = JWK.from_json(json.dumps(task["key"])).export_to_pem()
    found = []
    for case in task["cases"]:
        try:
            found.append({"name": case["name"], "accepted": True, "seen": judge(case, pem)})
        except Exception as error:
            found.append({"name": case["name"], "accepted": False, "why": f"{type(error).__name__}: {error}"})
    json.dump(found, sys.stdout, default=str)


main()
