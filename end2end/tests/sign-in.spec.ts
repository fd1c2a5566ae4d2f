import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Page } from '@playwright/test';

import { expectNoSideways } from '../fixtures/a11y';
import { authenticate, createTenantProvider } from '../fixtures/people';
import { plainId, Server } from '../fixtures/server';
import { createProvider } from '../fixtures/sign-in';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ own: Server }>({
  signedIn: false,
  // Which providers there are decides what the page shows.
  own: async ({}, use) => {
    const own = await Server.start();
    await use(own);
    await own.stop();
  },
});

test('signs a person in through a real provider, and again without asking', async ({ page, own, issuer }) => {
  await createTenantProvider(own, 'corp', issuer);
  await page.goto(`${own.url}/login?return_to=/healthz&login_hint=ada`);
  await page.getByLabel('Name').fill('ada');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL(`${own.url}/healthz`);
  const cookies = (await page.context().cookies(own.url)).filter(({ name }) => name.startsWith('vestibule-user'));
  expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite])).toEqual([
    ['vestibule-user-session', true, 'Lax'],
  ]);

  await page.goto(`${own.url}/login?return_to=/readyz`);
  await expect(page).toHaveURL(`${own.url}/readyz`);
  const users = await own.scaikey('GET', 'users/');
  expect(users.map((user: { username: string }) => user.username)).toEqual(['ada']);
});

test('offers several providers on a small page', async ({ page, own, issuer, axe }) => {
  await createTenantProvider(own, 'first', issuer);
  await createTenantProvider(own, 'second', issuer);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${own.url}/login?return_to=/healthz`);
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await axe();
  }
  await page.setViewportSize({ width: 390, height: 800 });
  await expectNoSideways(page);
  await page.getByRole('link', { name: 'second' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').fill('grace');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL(`${own.url}/healthz`);
});

test('a callback that this browser did not start shows a reference and a way to begin again', async ({ page, own, issuer, axe }) => {
  const id = await createTenantProvider(own, 'corp', issuer);
  // The page is a refusal, which the browser reports on its console.
  const answer = await page.request.get(`${own.url}/callback/${id}?code=stolen&state=unknown`);
  expect(answer.status()).toBe(403);
  await page.setContent(await answer.text());
  await expect(page.getByRole('heading', { level: 1, name: 'You are not signed in' })).toBeVisible();
  await expect(page.locator('.reference')).toHaveText(/^[2-9A-HJ-NP-Z]{10}$/);
  await expect(page.getByRole('link', { name: 'Try again' })).toHaveAttribute('href', new RegExp(`^/login\\?tenant=[0-9a-f-]{36}&provider=${id}$`));
  await axe();
});

/**
 * Three sites, as Chromium sees them: the provider at idp.localhost, which posts its callbacks, Vestibule at 127.0.0.1, and
 * the application that people go to afterwards at localhost.
 */
async function acrossSites(own: Server, issuer: string): Promise<{ landing: string; stop: () => void }> {
  const application = createServer((_, response) => response.end('The application'));
  application.listen(0, '127.0.0.1');
  await once(application, 'listening');
  const landing = `http://localhost:${(application.address() as AddressInfo).port}`;
  const client = { client_id: 'vestibule', client_secret: 'provider-secret' };
  await own.createProvider({
    provider: 'posting', label: 'Posting', discovery_url: `${issuer}/.well-known/openid-configuration`, ...client,
    enable_pkce: true, allowed_redirects: [landing],
  });
  const { id } = (await own.scaikey('GET', 'identity-providers/'))[0];
  const authorization_endpoint = `${issuer.replace('127.0.0.1', 'idp.localhost')}/auth?response_mode=form_post`;
  await own.scaikey('PATCH', `identity-providers/${id}`, { oidc_config: { issuer, ...client, authorization_endpoint } });
  await own.linkProvider(plainId(id), 'default');
  return { landing, stop: () => application.close() };
}

test('a callback that is posted from another site ends at the application of a third site', async ({ page, own, issuer }) => {
  const { landing, stop } = await acrossSites(own, issuer);
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().startsWith(own.url)) posts.push(new URL(request.url()).search);
  });
  await page.goto(`${own.url}/login?return_to=${encodeURIComponent(`${landing}/orders`)}`);
  expect(new URL(page.url()).hostname).toBe('idp.localhost');
  await authenticate(page, 'ada');
  await expect(page).toHaveURL(`${landing}/orders`);
  await expect(page.getByText('The application')).toBeVisible();
  expect(posts).toEqual(['', '?again']);
  const cookies = (await page.context().cookies(own.url)).map(({ name }) => name);
  expect(cookies).toEqual(['vestibule-user-session']);

  // A second sign-in, to a path of Vestibule's own origin.
  await page.goto(`${own.url}/login?return_to=/healthz`);
  await expect(page).toHaveURL(`${own.url}/healthz`);
  stop();
});

test('the page that posts a callback again is small and accessible', async ({ page, own, issuer, axe }) => {
  const id = await createTenantProvider(own, 'corp', issuer);
  const answer = await page.request.post(`${own.url}/callback/${id}`, { form: { code: 'a code', state: 'x'.repeat(500) } });
  expect(answer.status()).toBe(200);
  // Without its script, so that it stays.
  await page.setContent((await answer.text()).replace(/<script>.*<\/script>/, ''));
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await axe();
  }
  await page.setViewportSize({ width: 390, height: 800 });
  await expectNoSideways(page);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a callback that is posted from another site waits for the button', async ({ page, own, issuer }) => {
    const { landing, stop } = await acrossSites(own, issuer);
    await page.goto(`${own.url}/login?return_to=${encodeURIComponent(`${landing}/orders`)}`);
    await authenticate(page, 'ada');
    // The provider's own page has a button too.
    await page.getByRole('button').click();
    await expect(page.getByRole('heading', { level: 1, name: 'Signing in' })).toBeVisible();
    await page.getByRole('button', { name: 'Continue' }).focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${landing}/orders`);
    stop();
  });
});
