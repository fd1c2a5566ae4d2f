import { ProviderPage } from '../fixtures/pages/provider';
import { expect, test } from '../fixtures/test';

test('every tab of a provider has a URL that survives a reload', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'addressed', label: 'Addressed', discovery_url: `${issuer}/.well-known/openid-configuration` });
  await new ProviderPage(page).open('Addressed');
  const overview = page.url();
  for (const [segment, name] of [['connection', 'Connection'], ['mapping', 'Mapping'], ['access', 'Access'], ['activity', 'Activity'], ['danger', 'Danger zone']]) {
    await page.goto(`${overview}/${segment}`);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1, name: 'Addressed' })).toBeVisible();
    await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
    await expect(page).toHaveTitle('Addressed · Vestibule');
  }
});

test('an unknown URL shows that the page does not exist', async ({ page }) => {
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to providers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Providers' })).toBeFocused();
});

test('the chosen theme survives a reload', async ({ page }) => {
  await page.goto('/settings/account');
  const lightness = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await lightness();
  await page.getByRole('main').getByText('Dark', { exact: true }).click();
  await expect.poll(lightness).not.toBe(light);
  const dark = await lightness();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  expect(await lightness()).toBe(dark);
});
