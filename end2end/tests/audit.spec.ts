import { ProviderPage } from '../fixtures/pages/provider';
import { expect, test } from '../fixtures/test';

test('shows who changed what, with the values before and after', async ({ page, server, issuer, person, axe }) => {
  await server.createProvider({ provider: 'audited', label: 'Audited', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Audited');
  await provider.tab('Connection');
  await page.getByLabel('Name', { exact: true }).fill('Audited twice');
  await provider.saved();

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit log' }).click();
  const entry = page.getByRole('row').filter({ hasText: person.email }).filter({ hasText: 'Audited twice' }).first();
  await entry.getByText('1 field').click();
  await expect(entry.locator('del')).toHaveText('Audited');
  await expect(entry.locator('ins')).toHaveText('Audited twice');
  await axe();

  await page.getByLabel('Actor').fill('browser tests');
  await expect(page).toHaveURL(/actor=browser/);
  await expect(page.getByRole('row').filter({ hasText: person.email })).toHaveCount(0);
  await page.getByLabel('Object').selectOption({ label: 'Provider' });
  await expect(page).toHaveURL(/object=provider/);
  await page.reload();
  await expect(page.getByLabel('Actor')).toHaveValue('browser tests');
  await expect(page.getByRole('row').filter({ hasText: 'Audited' }).first()).toBeVisible();

  await page.getByLabel('Actor').fill('nobody of this name');
  await expect(page.getByText('No entries match “nobody of this name”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByLabel('Actor')).toHaveValue('');
  await expect(page.getByRole('row').filter({ hasText: person.email }).first()).toBeVisible();
});
