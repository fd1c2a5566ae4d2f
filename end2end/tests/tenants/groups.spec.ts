import { ProviderPage } from '../../fixtures/pages/provider';
import { TenantPage } from '../../fixtures/pages/tenant';
import { expect, test } from '../../fixtures/test';

test('groups are added, renamed, mapped and flagged once they are gone', async ({ page, server, issuer, axe }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'grouped', label: 'Grouped', discovery_url });
  const tenant = new TenantPage(page);
  await tenant.add('Stark');
  await tenant.tab('Providers');
  await tenant.link('Grouped');
  await tenant.tab('Groups');
  await expect(page.getByText('No groups yet')).toBeVisible();
  await tenant.addGroup('Engineering');
  await page.getByRole('button', { name: 'Edit Engineering' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit this group' });
  await edit.getByLabel('Name').fill('Research');
  await edit.getByLabel('Description').fill('People who find things out');
  await axe();
  await edit.getByRole('button', { name: 'Save group' }).click();
  await expect(tenant.row('Research').getByText('People who find things out')).toBeVisible();
  await axe();

  const provider = new ProviderPage(page);
  await provider.open('Grouped');
  await provider.tab('Groups');
  await page.getByRole('button', { name: 'Add mapping' }).click();
  let dialog = page.getByRole('dialog', { name: 'Add a group mapping' });
  await dialog.getByLabel('Group at the provider').fill('idp-research');
  await dialog.getByLabel('Group of the tenant').fill('Resea');
  await expect(dialog.getByText('The tenant has no group of this name.')).toBeVisible();
  await dialog.getByLabel('Group of the tenant').fill('Research');
  await expect(dialog.getByText('The tenant has no group of this name.')).toHaveCount(0);
  await axe();
  await dialog.getByRole('button', { name: 'Add mapping' }).click();
  await expect(tenant.row('idp-research').getByText('Research', { exact: true })).toBeVisible();

  // The same pair again is reported at its field.
  await page.getByRole('button', { name: 'Add mapping' }).click();
  dialog = page.getByRole('dialog', { name: 'Add a group mapping' });
  await expect(dialog.locator('datalist option[value="idp-research"]')).toHaveCount(1);
  await dialog.getByLabel('Group at the provider').fill('idp-research');
  await dialog.getByLabel('Group of the tenant').fill('Research');
  await dialog.getByRole('button', { name: 'Add mapping' }).click();
  await expect(dialog.getByLabel('Group at the provider')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Escape');

  await tenant.open('Stark');
  await tenant.tab('Groups');
  await page.getByRole('button', { name: 'Delete Research' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete group' }).click();
  await expect(page.getByText('No groups yet')).toBeVisible();
  await provider.open('Grouped');
  await provider.tab('Groups');
  await expect(page.getByText('Unknown group', { exact: true })).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Remove mapping of idp-research' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove mapping' }).click();
  await expect(page.getByText('No group mappings yet')).toBeVisible();
});
