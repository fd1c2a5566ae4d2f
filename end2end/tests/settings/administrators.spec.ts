import { SignInPage } from '../../fixtures/pages/sign-in';
import { Server } from '../../fixtures/server';
import { expect, test } from '../../fixtures/test';

test('adds an administrator, who sees what the role allows, and removes them', async ({ page, visitor, axe }) => {
  await page.goto('/settings/administrators');
  await page.getByRole('button', { name: 'Add administrator' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add an administrator' });
  await dialog.getByLabel('Email address').fill('reader@example.com');
  await dialog.getByLabel('Temporary password').fill('reading is all they do');
  await dialog.getByLabel('Repeat the password').fill('reading is all they do');
  await dialog.getByLabel('Role').selectOption({ label: 'Platform reader' });
  await axe();
  await dialog.getByRole('button', { name: 'Add administrator' }).click();
  await expect(page.getByText('reader@example.com can sign in now.')).toBeVisible();

  await new SignInPage(visitor).signIn({ email: 'reader@example.com', password: 'reading is all they do' });
  await expect(visitor.getByRole('link', { name: 'Add provider' })).toHaveCount(0);
  await visitor.goto('/providers/new/oidc');
  await expect(visitor.getByText('Your role cannot add providers')).toBeVisible();
  await axe(visitor);

  await page.getByRole('button', { name: 'Remove reader@example.com' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove administrator' }).click();
  await expect(page.getByText('Administrator removed.')).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test.describe('alone', () => {
  test.use({ signedIn: false });

  test('the last platform administrator cannot be removed', async ({ page, axe }) => {
    const server = await Server.start({ fresh: true });
    const only = server.newPerson();
    await new SignInPage(page).signIn(only, server.url);
    await page.goto(`${server.url}/settings/administrators`);
    await page.getByRole('button', { name: `Remove ${only.email}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove this administrator?' });
    await dialog.getByRole('button', { name: 'Remove administrator' }).click();
    await expect(dialog.locator('.callout.tone-danger')).toContainText(/last/);
    await axe();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('row').filter({ hasText: only.email })).toBeVisible();
    await server.stop();
  });
});
