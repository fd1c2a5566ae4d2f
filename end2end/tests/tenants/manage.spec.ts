import { TenantPage } from '../../fixtures/pages/tenant';
import { expect, test } from '../../fixtures/test';

test('adds a tenant, changes, suspends, activates and deletes it', async ({ page, axe }) => {
  const tenant = new TenantPage(page);
  await page.goto('/tenants');
  await page.getByRole('button', { name: 'Add tenant' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a tenant' });
  await dialog.getByLabel('Name').fill('Globex Corporation');
  await expect(dialog.getByLabel('Slug')).toHaveValue('globex-corporation');
  await axe();
  await dialog.getByRole('button', { name: 'Add tenant' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Globex Corporation' })).toBeFocused();

  await page.getByRole('button', { name: 'Edit tenant' }).click();
  await page.getByRole('dialog').getByLabel('Partner').fill('initech');
  await page.getByRole('button', { name: 'Save tenant' }).click();
  await expect(page.getByText('initech', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Suspend tenant' }).click();
  const question = page.getByRole('dialog', { name: 'Suspend Globex Corporation' });
  await expect(question.getByText(/The tenant has no provider/)).toBeVisible();
  await axe();
  await question.getByRole('button', { name: 'Suspend tenant' }).click();
  await expect(page.getByText('Suspended', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Activate tenant' }).click();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();

  await tenant.tab('Danger zone');
  await expect(page.getByText('Nothing belongs to it', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Delete tenant' }).click();
  const remove = page.getByRole('dialog', { name: 'Delete Globex Corporation' });
  await expect(remove.getByRole('button', { name: 'Delete tenant' })).toBeDisabled();
  await remove.getByLabel('Type “Globex Corporation” to confirm').fill('Globex Corporation');
  await axe();
  await remove.getByRole('button', { name: 'Delete tenant' }).click();
  await expect(page.getByText('Globex Corporation deleted.')).toBeVisible();
  await expect(page).toHaveURL(/\/tenants$/);
  await expect(page.getByRole('link', { name: 'Globex Corporation' })).toHaveCount(0);
});

test('reports a slug that is taken at its field', async ({ page }) => {
  await page.goto('/tenants');
  await page.getByRole('button', { name: 'Add tenant' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a tenant' });
  await dialog.getByLabel('Name').fill('Another default');
  await dialog.getByLabel('Slug').fill('default');
  await dialog.getByRole('button', { name: 'Add tenant' }).click();
  await expect(dialog.getByLabel('Slug')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('the list is searched and filtered in the URL', async ({ page, axe }) => {
  await new TenantPage(page).add('Hooli', { partner: 'hooli-partner' });
  await page.goto('/tenants');
  await page.getByLabel('Search').fill('hoo');
  await expect(page).toHaveURL(/q=hoo/);
  await expect(page.getByRole('link', { name: 'Hooli' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Default' })).toHaveCount(0);
  await page.goto('/tenants?partner=hooli-partner');
  await expect(page.getByRole('link', { name: 'Hooli' })).toBeVisible();
  await expect(page.getByLabel('Partner')).toHaveValue('hooli-partner');
  await axe();
  await page.getByLabel('Partner').selectOption('Any partner');
  await expect(page.getByRole('link', { name: 'Default' })).toBeVisible();
  await page.getByLabel('Partner').selectOption('hooli-partner');
  await expect(page).toHaveURL(/partner=hooli-partner/);
  await expect(page.getByRole('link', { name: 'Default' })).toHaveCount(0);
  await page.goto('/tenants?q=nothing-of-the-kind');
  await expect(page.getByText('No tenants match “nothing-of-the-kind”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('link', { name: 'Default' })).toBeVisible();
});

test('a list that could not be read can be retried', async ({ page }) => {
  await page.route('**/_ui/fn/tenants/list', (route) =>
    route.fulfill({ status: 502, json: { service: 'unavailable' } }), { times: 1 });
  await page.goto('/tenants');
  await expect(page.getByText(/The server is temporarily unavailable/)).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('link', { name: 'Default' })).toBeVisible();
});
