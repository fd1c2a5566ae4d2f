import { tabTo } from '../../fixtures/keyboard';
import { expect, test } from '../../fixtures/test';

test('a provider can be created without a mouse', async ({ page, documents }) => {
  const issuer = documents.publish('keyboard');
  await page.goto('/providers/new');
  await expect(page.getByRole('heading', { level: 1, name: 'Add a provider' })).toBeVisible();
  await tabTo(page, page.getByRole('link', { name: 'OpenID Connect', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'New OpenID Connect provider' })).toBeFocused();

  await page.keyboard.press('Tab');
  await tabTo(page, page.getByRole('textbox', { name: 'Issuer or discovery URL', exact: true }));
  await page.keyboard.type(issuer);
  await tabTo(page, page.getByRole('textbox', { name: 'Client ID', exact: true }));
  await page.keyboard.type('by-keyboard');
  // Enter fetches first, and moves on once the document is read.
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^The provider can be used/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Client ID' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Map claims to user fields' })).toBeFocused();

  await tabTo(page, page.getByRole('textbox', { name: 'User field', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Choose options' })).toBeFocused();
  await tabTo(page, page.getByRole('textbox', { name: 'Name', exact: true }));
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Review and save' })).toBeFocused();
  await tabTo(page, page.getByRole('button', { name: 'Save provider', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'By keyboard' })).toBeFocused();
});
