import { type Page } from '@playwright/test';

import { expect, test } from '../fixtures/test';

test('a first visit fetches no other pages, and a failed fetch can be retried', async ({ page, axe }) => {
  const fetched: string[] = [];
  page.on('request', (request) => { if (request.url().endsWith('.wasm')) fetched.push(new URL(request.url()).pathname); });
  await page.goto('/providers/new');
  await expect(page.getByRole('heading', { level: 1, name: 'Add a provider' })).toBeVisible();
  expect(fetched).toHaveLength(1);

  await page.route('**/split_*.wasm', (route) => route.fulfill({ status: 502 }));
  await page.getByRole('link', { name: /OpenID Connect/ }).first().click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('This page could not be loaded.');
  await expect(alert).toContainText('Check your connection, or reload the page if the server was updated.');
  await expect(page).toHaveTitle('Page not loaded · Vestibule');
  await expect(page.getByRole('heading', { level: 1, name: 'Page not loaded' })).toBeFocused();
  await axe();
  await alert.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('alert')).toContainText('This page could not be loaded.');
  await page.unroute('**/split_*.wasm');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New OpenID Connect provider' })).toBeVisible();
  expect(fetched.some((path) => path.includes('split_provider_pages'))).toBe(true);
});

test('a page that is being fetched shows a skeleton', async ({ page }) => {
  await page.goto('/providers/new');
  let answer!: () => void;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/split_*.wasm', (route) => answered.then(() => route.continue()));
  await page.getByRole('link', { name: /OpenID Connect/ }).first().click();
  await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toBeVisible();
  answer();
  await expect(page.getByRole('heading', { level: 1, name: 'New OpenID Connect provider' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0);
});

test.describe('the pages of providers', () => {
  /** What the browser fetches of them. */
  function fetchesOf(page: Page): string[] {
    const fetched: string[] = [];
    page.on('request', (request) => { if (request.url().includes('split_provider_pages')) fetched.push(request.url()); });
    return fetched;
  }

  test.beforeEach(async ({ server, issuer }, { testId }) => {
    await server.createProvider({ provider: `next-${testId.slice(-8)}`, label: `Next ${testId.slice(-8)}`, discovery_url: `${issuer}/.well-known/openid-configuration` });
  });

  test('are fetched without a click once the list is shown', async ({ page }) => {
    const fetched = fetchesOf(page);
    const whole = page.waitForResponse(/split_provider_pages/);
    await page.goto('/providers');
    await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
    await (await whole).finished();
    await page.getByRole('table', { name: 'Providers' }).getByRole('rowheader').first().getByRole('link').click();
    await expect(page.getByRole('navigation', { name: 'Parts of this provider' })).toBeVisible();
    expect(fetched).toHaveLength(1);
  });

  test('are fetched again by a click when that failed', async ({ page }) => {
    const fetched = fetchesOf(page);
    await page.route('**/split_provider_pages*.wasm', (route) => route.fulfill({ status: 502 }));
    const failed = page.waitForResponse(/split_provider_pages/);
    await page.goto('/providers');
    await failed;
    await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.unroute('**/split_provider_pages*.wasm');
    await page.getByRole('table', { name: 'Providers' }).getByRole('rowheader').first().getByRole('link').click();
    await expect(page.getByRole('navigation', { name: 'Parts of this provider' })).toBeVisible();
    expect(fetched).toHaveLength(2);
  });

  test('wait for a click where the user saves data', async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
    const fetched = fetchesOf(page);
    await page.goto('/providers');
    await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    expect(fetched).toHaveLength(0);
  });
});
