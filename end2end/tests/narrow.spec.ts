import { ProviderPage } from '../fixtures/pages/provider';
import { expect, test } from '../fixtures/test';

test.use({ viewport: { width: 390, height: 844 } });

test('menus open inside the window and their links work', async ({ page, person, axe }) => {
  await page.goto('/providers');
  const account = page.locator('.user-menu');
  await account.locator('summary').click();
  await expect(account.getByText(person.email, { exact: true }).last()).toBeVisible();
  const panel = (await account.locator('.menu-panel').boundingBox())!;
  expect(panel.x).toBeGreaterThanOrEqual(0);
  expect(panel.x + panel.width).toBeLessThanOrEqual(390);
  await axe();
  await page.keyboard.press('Escape');
  await expect(account.locator('summary')).toBeFocused();
  await expect(account.locator('.menu-panel')).toBeHidden();

  await page.getByText('Menu', { exact: true }).click();
  await axe();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit log' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Audit log' })).toBeHidden();
});

test('the current tab of many is visible', async ({ page, server, issuer }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'narrow', label: 'Narrow', discovery_url });
  await new ProviderPage(page).open('Narrow');
  const present = page.locator('.tabs [aria-current]');
  for (const name of ['Test', 'Overview', 'Activity']) {
    await page.locator('.tabs').getByRole('link', { name }).click();
    await expect(present).toHaveText(name);
    await expect(present).toBeInViewport({ ratio: 1 });
  }
  // A page opened by its URL is not scrolled.
  await page.goto(page.url());
  await expect(present).toHaveText('Activity');
  await expect(present).toBeInViewport({ ratio: 1 });
});
