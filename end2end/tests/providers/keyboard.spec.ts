import { expect, type Page } from '@playwright/test';

import { test } from '../../fixtures/test';

/** Presses Tab until the focus is on what has this name. */
async function tabTo(page: Page, role: 'link' | 'button' | 'textbox', name: string): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 40; presses += 1) {
    if (await wanted.evaluateAll((found) => found.includes(document.activeElement!))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus does not reach ${role} “${name}”`);
}

test('a provider can be created without a mouse', async ({ page, documents }) => {
  const issuer = documents.publish('keyboard');
  await page.goto('/providers/new');
  await expect(page.getByRole('heading', { level: 1, name: 'Add a provider' })).toBeVisible();
  await tabTo(page, 'link', 'OpenID Connect');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'New OpenID Connect provider' })).toBeFocused();

  await page.keyboard.press('Tab');
  await tabTo(page, 'textbox', 'Issuer or discovery URL');
  await page.keyboard.type(issuer);
  await tabTo(page, 'textbox', 'Client ID');
  await page.keyboard.type('by-keyboard');
  // Enter fetches first, and goes on once there is something to go on with.
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^The provider can be used/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Client ID' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Map claims to user fields' })).toBeFocused();

  await tabTo(page, 'textbox', 'User field');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Choose options' })).toBeFocused();
  await tabTo(page, 'textbox', 'Name');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Review and save' })).toBeFocused();
  await tabTo(page, 'button', 'Save provider');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'By keyboard' })).toBeFocused();
});
