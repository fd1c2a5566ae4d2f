"""Objects of every kind, so that requests that are made up have something to hit."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import requests

CERTIFICATE = Path(__file__).parent.parent / "data/saml/certificates/good.pem"
# So many deletions of a kind find something to delete.
MANY = 10


@dataclass
class Objects:
    """What there is, named as paths and bodies name it. What is doomed is there to be deleted."""

    admin: str
    tenant_admin: str
    issuer: str
    certificate: str
    # A tenant, in every spelling.
    tenants: list
    # Providers that its users sign in with: its own and the platform's, of every protocol.
    providers: list
    # Keys of the platform's OpenID providers.
    keys: list
    groups: list
    # A directory that nobody answers for, and logs of its synchronisations.
    directory: str
    logs: list
    # References of sign-ins that were begun.
    attempts: list
    # A provider of the tenant with group mappings.
    mapped: str
    doomed_mappings: list
    doomed_keys: list
    doomed_tenants: list
    doomed_providers: list
    doomed_groups: list

    @classmethod
    def create(cls, url, prefix):
        """Creates them through the APIs, with the token of a platform administrator. The prefix keeps names apart."""
        admin, issuer, certificate = os.environ["VESTIBULE_TOKEN"], os.environ["ISSUER"], CERTIFICATE.read_text()
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {admin}"

        def post(path, body=None):
            answer = session.post(f"{url}{path}", json=body, timeout=30)
            answer.raise_for_status()
            return answer.json()

        def create(path, **body):
            if "name" in body:
                body["name"] = f"{prefix} {body['name']}"
            return post(path, body)["data"]

        def doomed(make):
            return [make(f"doomed {number}") for number in range(MANY)]

        tenants = "/api/v1/admin/tenants/"
        tenant = create(tenants, name="tenant", slug=f"{prefix}-tenant")
        tenant_id = tenant["id"]
        groups = "/api/v1/admin/groups/"
        group = create(groups, tenant_id=tenant_id, name="engineering")
        admins, own = "/api/v1/admin/identity-providers/", f"/api/v1/tenants/{tenant_id}/identity-providers/"
        oidc = {"issuer": issuer, "client_id": "vestibule", "client_secret": "provider-secret"}
        saml = {"entity_id": "urn:idp", "sso_url": "https://127.0.0.1/sso", "certificate": certificate}
        ldap = {"url": "ldap://127.0.0.1:1389", "bind_dn": "cn=reader", "bind_password": "x", "base_dn": "dc=example"}
        mapped = create(own, name="okta", protocol="OIDC", oidc_config=oidc)["id"]
        directory = create(admins, name="ad", provider_type="LDAP", ldap_config=ldap, tenant_id=tenant_id)["id"]
        shared = create(admins, name="entra", provider_type="OIDC", oidc_config=oidc)
        post(f"/api/Tenants/{tenant_id}/IdentityProvider/{shared['id']}")
        return cls(
            admin=admin,
            tenant_admin=token("tenant_admin", "--tenant", tenant["slug"]),
            issuer=issuer,
            certificate=certificate,
            tenants=[tenant["slug"], tenant_id, tenant_id.removeprefix("tnt_")],
            providers=[
                mapped,
                create(own, name="adfs", protocol="SAML", saml_config=saml)["id"],
                directory,
                shared["id"],
                shared["id"].removeprefix("idp_"),
            ],
            keys=[shared["slug"], create(admins, name="google", provider_type="OIDC", oidc_config=oidc)["slug"]],
            groups=[group["id"]],
            directory=directory,
            logs=[post(f"{admins}{directory}/sync")["data"]["id"]],
            attempts=[post(f"/api/v1/admin/sign-ins/test/{shared['id']}")["data"]["reference"]],
            mapped=mapped,
            doomed_mappings=doomed(
                lambda name: create(
                    f"{own}{mapped}/group-mappings", external_group_id=name, internal_group_id=group["id"]
                )["id"]
            ),
            doomed_keys=doomed(
                lambda name: create(admins, name=f"key {name}", provider_type="OIDC", oidc_config=oidc)["slug"]
            ),
            doomed_tenants=doomed(lambda name: create(tenants, name=name)["id"]),
            doomed_providers=doomed(lambda name: create(own, name=name, protocol="OIDC", oidc_config=oidc)["id"]),
            doomed_groups=doomed(lambda name: create(groups, tenant_id=tenant_id, name=name)["id"]),
        )


def token(role, *more):
    """A new API token; only the command line and the portal give them out."""
    command = [os.environ["VESTIBULE_BINARY"], "token", "create", "--name", f"fuzz {role}", "--role", role, *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
