import { SignInPage } from '../../fixtures/pages/sign-in';
import { expect, test } from '../../fixtures/test';

test.describe('signed out', () => {
  test.use({ signedIn: false });

  test('a wrong password is rejected without saying what was wrong', async ({ page, server, axe }) => {
    const person = server.newPerson();
    const signIn = new SignInPage(page);
    await page.goto('/sign-in');
    await axe();
    await signIn.try({ ...person, password: 'not their password' });
    const refusal = page.getByText('This email address and password do not match. Check both and try again.');
    await expect(refusal).toBeVisible();
    await axe();
    await signIn.try({ ...person, email: 'nobody@example.com' });
    await expect(refusal).toBeVisible();
    await signIn.try(person);
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  });

  test('a deep link opens its page after signing in', async ({ page, server }) => {
    await page.goto('/audit?object=provider');
    await expect(page).toHaveURL(/\/sign-in\?return=/);
    await new SignInPage(page).try(server.newPerson());
    await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible();
    await expect(page).toHaveURL(/\/audit\?object=provider$/);
  });

  test('a return URL on another site is not followed', async ({ page, server }) => {
    await page.goto('/sign-in?return=//evil.example.com/');
    await new SignInPage(page).try(server.newPerson());
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
    expect(new URL(page.url()).origin).toBe(server.url);
  });
});

test.describe('with a separate account', () => {
  test.use({ ownPerson: true });

  test('signs out and ends the session', async ({ page, person }) => {
    await page.locator('summary').filter({ hasText: person.email }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await page.goto('/providers');
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  });

  test('changes the password', async ({ page, person }) => {
    await page.goto('/settings/account');
    const form = page.getByRole('form', { name: 'Change password' });
    const change = async (current: string, next: string) => {
      await form.getByLabel('Current password').fill(current);
      await form.getByLabel('New password').fill(next);
      await form.getByLabel('Repeat the password').fill(next);
      await form.getByRole('button', { name: 'Change password' }).click();
    };
    await change('not the current one', 'a wholly new password');
    await expect(form.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
    await change(person.password, 'a wholly new password');
    await expect(page.getByText('Password changed. Your other sessions have ended.')).toBeVisible();
    await page.context().clearCookies();
    await new SignInPage(page).signIn({ ...person, password: 'a wholly new password' });
  });

  test('lists its sessions and ends another one', async ({ page, visitor, person, axe }) => {
    await new SignInPage(visitor).signIn(person);

    await page.goto('/settings/account');
    const sessions = page.getByRole('table', { name: 'Your sessions' });
    await expect(sessions.getByRole('row')).toHaveCount(3);
    await expect(sessions.getByText('This session')).toHaveCount(1);
    await sessions.getByRole('button', { name: /^End session of Chrome/ }).click();
    const dialog = page.getByRole('dialog', { name: 'End this session?' });
    await axe();
    await dialog.getByRole('button', { name: 'End session' }).click();
    await expect(sessions.getByRole('row')).toHaveCount(2);

    await visitor.reload();
    await expect(visitor.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  });
});
