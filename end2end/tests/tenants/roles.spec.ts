import { SignInPage } from '../../fixtures/pages/sign-in';
import { TenantPage } from '../../fixtures/pages/tenant';
import { expect, test } from '../../fixtures/test';

test('a tenant administrator sees only the own tenant, and nothing that is not allowed', async ({ page, visitor, server, axe }) => {
  const tenant = new TenantPage(page);
  await tenant.add('Wayne');
  const person = { email: 'bruce@example.com', password: 'the bat is in the cave' };
  await page.goto('/settings/administrators');
  await page.getByRole('button', { name: 'Add administrator' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add an administrator' });
  await dialog.getByLabel('Email address').fill(person.email);
  await dialog.getByLabel('Temporary password').fill(person.password);
  await dialog.getByLabel('Repeat the password').fill(person.password);
  await dialog.getByLabel('Role').selectOption({ label: 'Tenant administrator' });
  await dialog.getByLabel('Tenant', { exact: true }).selectOption({ label: 'Wayne' });
  await dialog.getByRole('button', { name: 'Add administrator' }).click();
  await expect(page.getByText(`${person.email} can sign in now.`)).toBeVisible();

  await new SignInPage(visitor).signIn(person, server.url);
  const main = visitor.getByRole('navigation', { name: 'Main' });
  await expect(main.getByRole('link', { name: 'Tenants' })).toHaveCount(0);
  await main.getByRole('link', { name: 'Tenant', exact: true }).click();
  await expect(visitor.getByRole('heading', { level: 1, name: 'Wayne' })).toBeFocused();
  for (const name of ['Edit tenant', 'Suspend tenant']) {
    await expect(visitor.getByRole('button', { name })).toHaveCount(0);
  }
  await expect(visitor.getByRole('link', { name: 'Danger zone' })).toHaveCount(0);
  await axe(visitor);
  const own = new TenantPage(visitor);
  await own.tab('Groups');
  await own.addGroup('Gadgets');
  await visitor.goto(`${server.url}/tenants`);
  await expect(visitor.getByRole('heading', { level: 1, name: 'Wayne' })).toBeVisible();
});
