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
  expect(fetched.some((path) => path.includes('split_provider_creation'))).toBe(true);
  expect(fetched.filter((path) => /split_(?!provider_creation)/.test(path))).toEqual([]);
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
  /** The parts that the browser fetches, in order. */
  function fetchesOf(page: Page): string[] {
    const fetched: string[] = [];
    page.on('request', (request) => {
      const part = /split_(provider_[a-z]+)/.exec(request.url());
      if (part) fetched.push(part[1]);
    });
    return fetched;
  }

  const savesData = (page: Page) => page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  const idle = (page: Page) => page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => resolve())));
  const openFirst = (page: Page) => page.getByRole('table', { name: 'Providers' }).getByRole('rowheader').first().getByRole('link').click();
  const tabs = (page: Page) => page.getByRole('navigation', { name: 'Parts of this provider' });

  test.beforeEach(async ({ server, issuer }, { testId }) => {
    await server.createProvider({ provider: `next-${testId.slice(-8)}`, label: `Next ${testId.slice(-8)}`, discovery_url: `${issuer}/.well-known/openid-configuration` });
  });

  test('are fetched without a click once the list is shown, one part after the other', async ({ page }) => {
    const fetched = fetchesOf(page);
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/split_provider_tabs*.wasm', (route) => answered.then(() => route.continue()));
    const first = page.waitForRequest(/split_provider_tabs/);
    const last = page.waitForResponse(/split_provider_creation/);
    await page.goto('/providers');
    await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
    await first;
    await idle(page);
    expect(fetched).toEqual(['provider_tabs']);
    answer();
    await (await last).finished();
    await openFirst(page);
    await tabs(page).getByRole('link', { name: 'Mapping' }).click();
    await expect(tabs(page).getByRole('link', { name: 'Mapping' })).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('heading', { level: 2, name: 'Mapping' })).toBeAttached();
    expect(fetched).toEqual(['provider_tabs', 'provider_forms', 'provider_creation']);
  });

  test('are fetched again by a click when that failed', async ({ page }) => {
    const fetched = fetchesOf(page);
    await page.route('**/split_provider_*.wasm', (route) => route.fulfill({ status: 502 }));
    const failed = page.waitForResponse(/split_provider_tabs/);
    await page.goto('/providers');
    await failed;
    await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.unroute('**/split_provider_*.wasm');
    await openFirst(page);
    await expect(tabs(page)).toBeVisible();
    expect(fetched.filter((part) => part === 'provider_tabs')).toHaveLength(2);
  });

  test('wait for a click where the user saves data', async ({ page }) => {
    await savesData(page);
    const fetched = fetchesOf(page);
    await page.goto('/providers');
    await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
    await idle(page);
    expect(fetched).toHaveLength(0);
  });

  test('need one part each', async ({ page }) => {
    await savesData(page);
    await page.goto('/providers');
    await openFirst(page);
    await expect(tabs(page)).toBeVisible();
    const paths = await tabs(page).getByRole('link').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname));
    expect(paths.length).toBeGreaterThan(7);
    const fetched = fetchesOf(page);
    for (const path of paths) {
      fetched.length = 0;
      await page.goto(path);
      await expect(tabs(page).locator('[aria-current]')).toBeVisible();
      await expect(page.getByRole('heading', { level: 2 }).first()).toBeAttached();
      expect(fetched, path).toEqual([/(connection|mapping|access|sign-in)$/.test(path) ? 'provider_forms' : 'provider_tabs']);
    }
  });

  test('open another tab with the part that it needs, and one that cannot be fetched can be retried', async ({ page, axe }) => {
    await savesData(page);
    await page.goto('/providers');
    await openFirst(page);
    await expect(tabs(page)).toBeVisible();
    const name = await page.getByRole('heading', { level: 1 }).innerText();
    await page.route('**/split_provider_forms*.wasm', (route) => route.fulfill({ status: 502 }));
    await tabs(page).getByRole('link', { name: 'Access' }).click();
    await expect(page.getByRole('alert')).toContainText('This page could not be loaded.');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(page).toHaveTitle(`${name} · Vestibule`);
    await expect(tabs(page)).toBeVisible();
    await axe();
    await page.unroute('**/split_provider_forms*.wasm');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 2, name: 'Access' })).toBeAttached();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});
