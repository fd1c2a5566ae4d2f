"""Who calls and about what, and what every answer must hold beside what Schemathesis checks itself."""

import json
import os
import zlib
from collections import Counter
from pathlib import Path

import schemathesis
from schemathesis.core.parameters import ParameterLocation

DIALECT = os.environ["FUZZ_DIALECT"]
FOLDER = Path(os.environ["FUZZ_FOLDER"])
OBJECTS = json.loads((FOLDER / "objects.json").read_text())
# The operations that somebody called with success.
CARRIED_OUT = (FOLDER / "carried-out").open("a", buffering=1)


DRAWN = Counter()


def draw(case, what):
    """A number that looks like chance and is the same each time: it follows from how many were drawn before."""
    key = f"{what} of {case.operation.label}"
    DRAWN[key] += 1
    return zlib.crc32(f"{key} {DRAWN[key]}".encode())


@schemathesis.auth(refresh_interval=None)
class Callers:
    """A platform's administrator, and a tenant's for a fifth of the requests."""

    def get(self, case, context):
        return OBJECTS["tenant_admin" if draw(case, "caller") % 5 == 0 else "admin"]

    def set(self, case, token, context):
        case.headers["Authorization"] = f"{os.environ['FUZZ_SCHEME']} {token}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Most of the requests that may name something name what there is."""
    if case.meta is None:
        return
    number = draw(case, "object")
    if number % 8 != 0 and not case.meta.is_negative_at(ParameterLocation.PATH):
        name_path(case, number)
    if number % 8 != 1 and not case.meta.is_negative_at(ParameterLocation.BODY) and isinstance(case.body, dict):
        name_body(case.method, case.body, number)


def name_path(case, number):
    # A method that the path does not document deletes nothing.
    path, ends = case.path_parameters, case.method == "DELETE" and case.operation.method == "delete"
    if "mapping_id" in path:
        if OBJECTS["doomed_mappings"]:
            path |= {"mapping_id": OBJECTS["doomed_mappings"].pop(), "idp_id": OBJECTS["mapped"]}
        path["tenant_id"] = OBJECTS["tenants"][number % 3]
        return
    if "log_id" in path:
        path |= {"log_id": OBJECTS["logs"][0], "idp_id": OBJECTS["directory"]}
        return
    last = list(path)[-1:]
    for name in path:
        kind = {
            "tenant_id": "tenants",
            "tenantId": "tenants",
            "idp_id": "providers",
            "identityProviderId": "providers",
            "group_id": "groups",
            "reference": "attempts",
            "provider": "keys",
            "scheme": "keys",
        }.get(name)
        if ends and [name] == last:
            if OBJECTS[f"doomed_{kind}"]:
                path[name] = OBJECTS[f"doomed_{kind}"].pop()
        elif kind:
            path[name] = OBJECTS[kind][number % len(OBJECTS[kind])]


def name_body(method, body, number):
    for name, value in (("tenant_id", OBJECTS["tenants"][number % 3]), ("internal_group_id", OBJECTS["groups"][0])):
        if isinstance(body.get(name), str):
            body[name] = value
    # Names that are made up are short and soon taken.
    for name in ("name", "provider"):
        if method == "POST" and isinstance(body.get(name), str) and number % 4 != 2:
            body[name] = f"made-up-{number}"
    if isinstance(body.get("discovery_url"), str):
        body["discovery_url"] = f"{OBJECTS['issuer']}/.well-known/openid-configuration"
    if isinstance(body.get("oidc_config"), dict):
        body["oidc_config"]["issuer"] = OBJECTS["issuer"]
    if isinstance(body.get("saml_config"), dict):
        body["saml_config"]["certificate"] = OBJECTS["certificate"]


@schemathesis.hook
def after_call(context, case, response):
    # A method that the path does not document is tried as well, and OPTIONS is answered.
    if 200 <= response.status_code < 300 and response.request.method == case.operation.method.upper():
        CARRIED_OUT.write(f"{case.operation.definition.raw['operationId']}\n")


@schemathesis.check
def documented_headers_are_there(ctx, response, case):
    """What the document says of an answer's headers holds for every answer of that status."""
    documented = case.operation.responses.find_by_status_code(response.status_code)
    for name in documented.definition.get("headers", {}) if documented else ():
        assert name.lower() in response.headers, f"{response.status_code} without {name}"


@schemathesis.check
def refusals_speak_the_dialect(ctx, response, case):
    """Whatever is refused, be it a method that a path does not know, is refused in the dialect's shape."""
    status = response.status_code
    if status < 400 or response.request.method == "HEAD":
        return
    kind = (response.headers.get("content-type") or [""])[0]
    assert kind == "application/json", f"{status} as {kind!r}"
    body = response.json()
    if DIALECT == "aveva":
        assert set(body) == {"OperationId", "Error", "Reason", "Resolution"}, body
        assert response.headers["operation-id"] == [body["OperationId"]], body
    elif DIALECT in ("scaikey", "sign-ins"):
        assert set(body) == {"detail"} and isinstance(body["detail"], list if status == 422 else str), body
    elif status != 400:
        assert set(body) == {"detail"} and isinstance(body["detail"], str), body
    if status == 405:
        allowed = (response.headers.get("allow") or [""])[0].replace(" ", "").split(",")
        assert "GET" in allowed or "POST" in allowed or "DELETE" in allowed, allowed
        assert response.request.method not in allowed, allowed
