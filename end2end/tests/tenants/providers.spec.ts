import { ProviderPage } from '../../fixtures/pages/provider';
import { TenantPage } from '../../fixtures/pages/tenant';
import { expect, test } from '../../fixtures/test';

test('a provider is linked from the tenant and unlinked from the provider', async ({ page, server, issuer, axe }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'shared', label: 'Shared sign-in', discovery_url });
  const tenant = new TenantPage(page);
  await tenant.add('Umbrella');
  await tenant.tab('Providers');
  await expect(page.getByText('No providers yet')).toBeVisible();
  await page.getByRole('button', { name: 'Link provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Link a provider' });
  await dialog.getByLabel('Search providers').fill('nothing of the kind');
  await expect(dialog.getByText('No providers match “nothing of the kind”.')).toBeVisible();
  await axe();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await tenant.link('Shared sign-in');

  const provider = new ProviderPage(page);
  await provider.open('Shared sign-in');
  await provider.tab('Tenants');
  const row = tenant.row('Umbrella');
  await expect(row.getByText('May sign in')).toBeVisible();
  await axe();
  await row.getByRole('button', { name: 'Unlink Umbrella' }).click();
  const question = page.getByRole('dialog', { name: 'Unlink Umbrella' });
  await axe();
  await question.getByRole('button', { name: 'Unlink' }).click();
  await expect(page.getByText('Umbrella unlinked.')).toBeVisible();
  await expect(page.getByText('No tenant signs in with this provider')).toBeVisible();
});
