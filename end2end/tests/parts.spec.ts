import { expect, test } from '../fixtures/test';

test('a first visit fetches no other pages, and a failed fetch can be retried', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => { if (request.url().endsWith('.wasm')) fetched.push(new URL(request.url()).pathname); });
  await page.goto('/providers/new');
  await expect(page.getByRole('heading', { level: 1, name: 'Add a provider' })).toBeVisible();
  expect(fetched).toHaveLength(1);

  await page.route('**/split_*.wasm', (route) => route.fulfill({ status: 502 }));
  await page.getByRole('link', { name: /OpenID Connect/ }).first().click();
  await expect(page.getByRole('alert')).toContainText('This page could not be loaded.');
  await page.unroute('**/split_*.wasm');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New OpenID Connect provider' })).toBeVisible();
  expect(fetched.some((path) => path.includes('split_provider_pages'))).toBe(true);
});
