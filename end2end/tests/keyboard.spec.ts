import { expectFocusKept, expectNoTrap, press, tabTo, type } from '../fixtures/keyboard';
import { ProviderPage } from '../fixtures/pages/provider';
import { TenantPage } from '../fixtures/pages/tenant';
import { expect, test } from '../fixtures/test';

test('tenants are added, edited, suspended and deleted without a mouse', async ({ page }) => {
  await page.goto('/tenants');
  const add = page.getByRole('button', { name: 'Add tenant' }).first();
  await expect(page.getByRole('table', { name: 'Tenants' })).toBeVisible();
  await expectNoTrap(page);
  await press(page, add);
  const dialog = page.getByRole('dialog', { name: 'Add a tenant' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(add).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await type(page, dialog.getByLabel('Name'), 'Tyrell');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Tyrell' })).toBeFocused();

  await expectNoTrap(page);
  const edit = page.getByRole('button', { name: 'Edit tenant' });
  await press(page, edit);
  await type(page, page.getByRole('dialog').getByLabel('Partner'), 'wallace');
  await page.keyboard.press('Enter');
  await expect(page.getByText('wallace', { exact: true })).toBeVisible();
  await expect(edit).toBeFocused();
  await press(page, page.getByRole('button', { name: 'Suspend tenant' }));
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Suspend tenant' }));
  await expect(page.getByText('Suspended', { exact: true })).toBeVisible();

  await press(page, page.getByRole('link', { name: 'Danger zone' }));
  await press(page, page.getByRole('button', { name: 'Delete tenant' }));
  const question = page.getByRole('dialog', { name: 'Delete Tyrell' });
  await type(page, question.getByLabel('Type “Tyrell” to confirm'), 'Tyrell');
  await press(page, question.getByRole('button', { name: 'Delete tenant' }));
  await expect(page.getByRole('heading', { level: 1, name: 'Tenants' })).toBeFocused();
});

test('groups of a tenant are managed without a mouse', async ({ page }) => {
  const tenant = new TenantPage(page);
  await tenant.add('Weyland');
  await press(page, page.getByRole('navigation', { name: 'Parts of this tenant' }).getByRole('link', { name: 'Groups' }));
  const add = page.getByRole('button', { name: 'Add group' });
  for (const name of ['Crew', 'Officers']) {
    await press(page, add);
    await type(page, page.getByRole('dialog', { name: 'Add a group' }).getByLabel('Name'), name);
    await page.keyboard.press('Enter');
    await expect(tenant.row(name)).toBeVisible();
    await expect(add).toBeFocused();
  }
  await expectNoTrap(page);
  await press(page, page.getByRole('button', { name: 'Edit Crew' }));
  await type(page, page.getByRole('dialog', { name: 'Edit this group' }).getByLabel('Name'), 'Passengers');
  await page.keyboard.press('Enter');
  await expect(tenant.row('Passengers')).toBeVisible();
  await expectFocusKept(page);
  await press(page, page.getByRole('button', { name: 'Delete Passengers' }));
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Delete group' }));
  await expect(tenant.row('Passengers')).toHaveCount(0);
  await expectFocusKept(page);
  // Focus moves to the neighbouring element, not to the top of the page.
  await page.keyboard.press('Tab');
  await expect(page.locator('.data :focus')).toHaveCount(1);
});

test('tenants are linked to a provider, mapped and unlinked without a mouse', async ({ page, server, issuer }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'by-keys', label: 'By keys', discovery_url });
  const tenant = new TenantPage(page);
  await tenant.add('Nostromo');
  const provider = new ProviderPage(page);
  await provider.open('By keys');
  const tab = (name: string) => page.getByRole('navigation', { name: 'Parts of this provider' }).getByRole('link', { name });
  await press(page, tab('Tenants'));
  const link = page.getByRole('button', { name: 'Link tenant' });
  const dialog = page.getByRole('dialog', { name: 'Link a tenant' });
  await press(page, link);
  await type(page, dialog.getByLabel('Search tenants'), 'Nostromo');
  await press(page, dialog.getByRole('button', { name: 'Link Nostromo' }));
  await expect(dialog).toBeHidden();
  await expect(tenant.row('Nostromo')).toBeVisible();
  await expect(link).toBeFocused();
  // A tenant that is already linked is not offered again.
  await page.keyboard.press('Enter');
  await type(page, dialog.getByLabel('Search tenants'), 'Nostromo');
  await expect(dialog.getByText('No tenants match “Nostromo”.')).toBeVisible();
  await press(page, dialog.getByRole('button', { name: 'Close' }));
  await expect(link).toBeFocused();
  await expectNoTrap(page);

  await press(page, tab('Groups'));
  const add = page.getByRole('button', { name: 'Add mapping' });
  await press(page, add);
  const mapping = page.getByRole('dialog', { name: 'Add a group mapping' });
  await type(page, mapping.getByLabel('Group at the provider'), 'cn=crew');
  await type(page, mapping.getByLabel('Group of the tenant'), 'crew');
  await press(page, mapping.getByRole('button', { name: 'Add mapping' }));
  await expect(mapping).toBeHidden();
  await expect(add).toBeFocused();
  await expectNoTrap(page);
  await press(page, page.getByRole('button', { name: 'Remove mapping of cn=crew' }));
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Remove mapping' }));
  await expect(page.getByText('No group mappings yet')).toBeVisible();
  await expectFocusKept(page);

  await press(page, tab('Tenants'));
  await press(page, page.getByRole('button', { name: 'Unlink Nostromo' }));
  const question = page.getByRole('dialog', { name: 'Unlink Nostromo' });
  await expect(question).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(page.getByRole('button', { name: 'Unlink Nostromo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question).toBeVisible();
  await press(page, question.getByRole('button', { name: 'Unlink' }));
  await expect(page.getByText('No tenant signs in with this provider')).toBeVisible();
  await expectFocusKept(page);
});

test('providers of a tenant are linked and unlinked without a mouse', async ({ page, server, issuer }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'lent', label: 'Lent', discovery_url });
  const tenant = new TenantPage(page);
  await tenant.add('Sulaco');
  await press(page, page.getByRole('navigation', { name: 'Parts of this tenant' }).getByRole('link', { name: 'Providers' }));
  const link = page.getByRole('button', { name: 'Link provider' });
  await press(page, link);
  const dialog = page.getByRole('dialog', { name: 'Link a provider' });
  await type(page, dialog.getByLabel('Search providers'), 'Lent');
  await press(page, dialog.getByRole('button', { name: 'Link Lent', exact: true }));
  await expect(dialog).toBeHidden();
  await expect(link).toBeFocused();
  await expectNoTrap(page);
  await press(page, page.getByRole('button', { name: 'Unlink Lent' }));
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Unlink' }));
  await expect(page.getByText('No providers yet')).toBeVisible();
  await expectFocusKept(page);
});

test('a connection is tested without a mouse, and the focus stays', async ({ page, server, issuer }) => {
  const discovery_url = `${issuer}/.well-known/openid-configuration`;
  await server.createProvider({ provider: 'tested-by-keys', label: 'Tested by keys', discovery_url });
  const provider = new ProviderPage(page);
  await provider.open('Tested by keys');
  await press(page, page.getByRole('navigation', { name: 'Parts of this provider' }).getByRole('link', { name: 'Test' }));
  const run = page.getByRole('button', { name: 'Test connection' });
  await press(page, run);
  await expect(page.locator('.test-summary')).toContainText(/Took/);
  await expect(run).toBeFocused();
  await press(page, page.locator('summary').filter({ hasText: /^\d+ steps?$/ }));
  await expect(page.locator('.test-step').last()).toBeVisible();
  await expectNoTrap(page);
});

test('a SAML provider is created without a mouse', async ({ page, documents }) => {
  const address = documents.publishMetadata('okta.xml');
  await page.goto('/providers/new');
  await press(page, page.getByRole('link', { name: 'SAML 2.0' }));
  await expect(page.getByRole('heading', { level: 1, name: 'New SAML 2.0 provider' })).toBeFocused();
  await type(page, page.getByLabel('Metadata URL'), address);
  const fetch = page.getByRole('button', { name: 'Fetch' });
  await press(page, fetch);
  await expect(page.getByText(/^Metadata of/)).toBeVisible();
  await expect(fetch).toBeFocused();
  await expectNoTrap(page);
  await press(page, page.getByRole('button', { name: 'Continue' }));
  await expect(page.getByRole('heading', { level: 2, name: 'Map attributes to user fields' })).toBeFocused();
  await press(page, page.getByRole('button', { name: 'Continue' }));
  await expect(page.getByRole('heading', { level: 2, name: 'Choose options' })).toBeFocused();
  await type(page, page.getByLabel('Name', { exact: true }), 'SAML by keys');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Review and save' })).toBeFocused();
  await press(page, page.getByRole('button', { name: 'Back' }));
  await expect(page.getByRole('heading', { level: 2, name: 'Choose options' })).toBeFocused();
  await press(page, page.getByRole('button', { name: 'Continue' }));
  await press(page, page.getByRole('button', { name: 'Save provider' }));
  await expect(page.getByRole('heading', { level: 1, name: 'SAML by keys' })).toBeFocused();
});

test('one of several providers in metadata is chosen without a mouse', async ({ page, documents }) => {
  const address = documents.publishMetadata('aggregate.xml');
  await page.goto('/providers/new/saml');
  await type(page, page.getByLabel('Metadata URL'), address);
  await press(page, page.getByRole('button', { name: 'Fetch' }));
  const choice = page.getByLabel('Provider', { exact: true });
  await expect(choice).toBeVisible();
  await tabTo(page, choice);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('Entity ID')).not.toHaveValue('');
  await expectFocusKept(page);
});
