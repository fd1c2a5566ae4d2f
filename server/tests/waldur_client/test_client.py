"""Waldur's published Python client against a running Vestibule. README.md says how to start it."""

import asyncio
import os
import unittest
from concurrent.futures import ThreadPoolExecutor

import httpx
from waldur_api_client.api.identity_providers import (
    identity_providers_count as count,
    identity_providers_create as create,
    identity_providers_destroy as destroy,
    identity_providers_discover_metadata as discover_metadata,
    identity_providers_generate_mapping as generate_mapping,
    identity_providers_list as list_providers,
    identity_providers_partial_update as partial_update,
    identity_providers_retrieve as retrieve,
    identity_providers_update as update,
)
from waldur_api_client.client import AuthenticatedClient
from waldur_api_client.errors import UnexpectedStatus
from waldur_api_client.models.discover_metadata_request_request import DiscoverMetadataRequestRequest
from waldur_api_client.models.identity_provider_request import IdentityProviderRequest
from waldur_api_client.models.identity_provider_request_attribute_mapping import IdentityProviderRequestAttributeMapping
from waldur_api_client.models.patched_identity_provider_request import PatchedIdentityProviderRequest

URL = os.environ["VESTIBULE_URL"].rstrip("/")
TOKEN = os.environ["VESTIBULE_TOKEN"]
DISCOVERY_URL = os.environ["DISCOVERY_URL"]
MANY = 250


def client(**options):
    return AuthenticatedClient(base_url=URL, token=TOKEN, timeout=httpx.Timeout(30), **options)


def request(key, **fields):
    given = {"client_id": "client", "client_secret": "secret", "discovery_url": DISCOVERY_URL, "label": f"Label of {key}"}
    return IdentityProviderRequest(provider=key, **{**given, **fields})


def address():
    return DiscoverMetadataRequestRequest(discovery_url=DISCOVERY_URL)


def keys_of_ours(connection):
    rows = list_providers.sync_all(client=connection)
    return [row.provider for row in rows if row.provider.startswith("pyclient-") or row.provider == "keycloak"]


def clean_up():
    with client() as connection:
        for key in keys_of_ours(connection):
            destroy.sync_detailed(provider=key, client=connection)


class Operations(unittest.TestCase):
    def setUp(self):
        clean_up()
        self.addCleanup(clean_up)
        self.client = self.enterContext(client())

    def assert_refused(self, status, operation, **arguments):
        with self.assertRaises(UnexpectedStatus) as caught:
            operation(client=self.client, **arguments)
        self.assertEqual(caught.exception.status_code, status)

    def test_the_nine_operations(self):
        before = count.sync(client=self.client)
        made = create.sync(client=self.client, body=request("pyclient-one", extra_scope="profile email"))
        self.assertEqual((made.provider, made.client_secret, made.is_active), ("pyclient-one", "secret", True))
        self.assertTrue(made.auth_url and made.token_url and made.userinfo_url)
        self.assertEqual(count.sync(client=self.client), before + 1)
        self.assertIn("pyclient-one", keys_of_ours(self.client))

        read = retrieve.sync(provider="pyclient-one", client=self.client)
        self.assertEqual(read.to_dict(), made.to_dict())

        changed = partial_update.sync(
            provider="pyclient-one", client=self.client, body=PatchedIdentityProviderRequest(is_active=False)
        )
        self.assertEqual({**made.to_dict(), "is_active": False}, changed.to_dict())

        mapping = IdentityProviderRequestAttributeMapping()
        mapping["email"] = "email mail"
        body = request(
            "pyclient-one",
            label="Renamed",
            attribute_mapping=mapping,
            extra_scope=None,
            protected_fields=["email"],
            allowed_redirects=["HTTPS://Portal.Example.com:8443/"],
        )
        replaced = update.sync(provider="pyclient-one", client=self.client, body=body)
        self.assertEqual((replaced.label, replaced.is_active, replaced.extra_scope), ("Renamed", False, None))
        self.assertEqual(replaced.attribute_mapping.to_dict(), {"email": "email mail"})
        self.assertEqual(replaced.allowed_redirects, ["https://portal.example.com:8443"])
        self.assertEqual(replaced.protected_fields, ["email"])

        metadata = discover_metadata.sync(client=self.client, body=address())
        self.assertIn("openid", metadata.suggested_scopes)
        self.assertEqual(len(metadata.waldur_fields), 24)
        self.assertEqual(metadata.endpoints.token_endpoint, made.token_url)

        generated = generate_mapping.sync(client=self.client, body=address())
        self.assertNotIn("openid", generated.extra_scope.split())

        self.assertEqual(destroy.sync_detailed(provider="pyclient-one", client=self.client).status_code, 204)
        self.assert_refused(404, retrieve.sync, provider="pyclient-one")

    def test_the_nine_operations_without_blocking(self):
        async def story():
            async with client() as connection:
                made = await create.asyncio(client=connection, body=request("pyclient-two"))
                self.assertEqual(made.label, "Label of pyclient-two")
                self.assertGreaterEqual(await count.asyncio(client=connection), 1)
                page = await list_providers.asyncio(client=connection, page=1, page_size=300)
                self.assertIn("pyclient-two", [row.provider for row in page])
                everything = await list_providers.asyncio_all(client=connection)
                self.assertIn("pyclient-two", [row.provider for row in everything])
                read = await retrieve.asyncio(provider="pyclient-two", client=connection)
                self.assertEqual(read.to_dict(), made.to_dict())
                patch = PatchedIdentityProviderRequest(label="Patched")
                patched = await partial_update.asyncio(provider="pyclient-two", client=connection, body=patch)
                self.assertEqual(patched.label, "Patched")
                body = request("ignored", label="Put")
                put = await update.asyncio(provider="pyclient-two", client=connection, body=body)
                self.assertEqual((put.provider, put.label), ("pyclient-two", "Put"))
                metadata = await discover_metadata.asyncio(client=connection, body=address())
                self.assertIsInstance(metadata.claims_supported, list)
                generated = await generate_mapping.asyncio(client=connection, body=address())
                self.assertIsInstance(generated.extra_scope, str)
                gone = await destroy.asyncio_detailed(provider="pyclient-two", client=connection)
                self.assertEqual(gone.status_code, 204)

        asyncio.run(story())

    def test_a_known_key_brings_its_defaults(self):
        made = create.sync(client=self.client, body=request("keycloak"))
        self.assertEqual(made.extra_fields, "site_username")
        self.assertEqual(made.attribute_mapping.to_dict()["email"], "email")
        self.assertGreaterEqual(len(made.attribute_mapping.to_dict()), 20)

    def test_refusals_raise_with_their_status(self):
        create.sync(client=self.client, body=request("pyclient-taken"))
        self.assert_refused(400, create.sync, body=request("pyclient-taken"))
        self.assert_refused(400, create.sync, body=request("Not a key"))
        self.assert_refused(404, list_providers.sync, page=100000)
        self.client = self.enterContext(AuthenticatedClient(base_url=URL, token="wrong"))
        self.assert_refused(401, list_providers.sync)

    def test_sync_all_walks_through_every_page(self):
        keys = [f"pyclient-{number:03}" for number in range(MANY)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda key: create.sync(client=self.client, body=request(key)), keys))
        expected = count.sync(client=self.client)
        self.assertGreaterEqual(expected, MANY)
        rows = list_providers.sync_all(client=self.client)
        self.assertEqual(len(rows), expected)
        self.assertEqual([row.provider for row in rows if row.provider in set(keys)], keys)

        async def everything():
            async with client() as connection:
                return await list_providers.asyncio_all(client=connection)

        self.assertEqual(len({row.provider for row in asyncio.run(everything())}), expected)


if __name__ == "__main__":
    unittest.main()
