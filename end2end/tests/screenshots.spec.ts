import { fileURLToPath } from 'node:url';

import type { Page } from '@playwright/test';

import { SignInPage } from '../fixtures/pages/sign-in';
import { createTenantProvider, signInAs } from '../fixtures/people';
import { Server } from '../fixtures/server';
import { expect, test } from '../fixtures/test';

// Writes files that are checked in, so it runs only on demand: scripts/browser-tests --screenshots
test.skip(!process.env.VESTIBULE_SCREENSHOTS, 'pictures are taken on demand');
test.use({ signedIn: false });

const PROVIDERS = [
  { provider: 'acme-okta', label: 'Acme (Okta)' },
  { provider: 'borealis-entra', label: 'Borealis (Microsoft Entra ID)' },
  { provider: 'city-library', label: 'City library', is_active: false },
  { provider: 'keycloak-staff', label: 'Our staff (Keycloak)' },
  { provider: 'north-university', label: 'North University' },
  { provider: 'pine-hospital', label: 'Pine Hospital', verify_ssl: false },
  { provider: 'workspace', label: 'Workspace (Google)' },
];

async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url)) });
}

test('providers.png and connection-test.png', async ({ page, issuer }) => {
  const server = await Server.start({ fresh: true });
  for (const provider of PROVIDERS) {
    await server.createProvider({ ...provider, discovery_url: `${issuer}/.well-known/openid-configuration` });
  }
  await new SignInPage(page).signIn(server.newPerson('platform_admin', 'ada@example.com'), server.url);
  await page.goto(`${server.url}/providers`);
  await expect(page.getByRole('table', { name: 'Providers' }).getByRole('rowheader')).toHaveCount(PROVIDERS.length);
  // The list shows the health of its providers, so some of them are tested first.
  const links = page.getByRole('table', { name: 'Providers' }).getByRole('rowheader').getByRole('link');
  for (const address of await links.evaluateAll((all) => all.slice(0, 5).map((link) => (link as HTMLAnchorElement).href))) {
    await page.goto(`${address}/test`);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await expect(page.locator('.test-summary')).toContainText(/Took/);
  }
  await picture(page, 'connection-test');
  await page.goto(`${server.url}/providers`);
  await expect(page.getByRole('table', { name: 'Providers' }).getByRole('rowheader')).toHaveCount(PROVIDERS.length);
  await picture(page, 'providers');
  await server.stop();
});

test('sign-in.png', async ({ page, issuer, visitor }) => {
  const server = await Server.start({ fresh: true });
  const provider = await createTenantProvider(server, 'Acme (Okta)', issuer, { auto_create_users: false });
  await signInAs(visitor, server, 'grace', provider);
  const reference = await visitor.locator('.reference').innerText();
  await new SignInPage(page).signIn(server.newPerson('platform_admin', 'ada@example.com'), server.url);
  await page.goto(`${server.url}/sign-ins/${reference}`);
  await expect(page.getByRole('button', { name: 'Let this person in' })).toBeVisible();
  await picture(page, 'sign-in');
  await server.stop();
});
