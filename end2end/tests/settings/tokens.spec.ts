import { expect, test } from '../../fixtures/test';

test('a token is shown once, works on the Waldur API, and is rejected once revoked', async ({ page, server, axe }) => {
  await page.goto('/settings/tokens');
  await page.getByRole('button', { name: 'Create token' }).click();
  const creating = page.getByRole('dialog', { name: 'Create an API token' });
  await creating.getByRole('button', { name: 'Create token' }).click();
  await expect(creating.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await creating.getByLabel('Name').fill('Nightly sync');
  await creating.getByLabel('Role').selectOption({ label: 'Platform administrator' });
  await axe();
  await creating.getByRole('button', { name: 'Create token' }).click();

  const shown = page.getByRole('dialog', { name: 'Copy the token now' });
  const secret = (await shown.getByRole('code').textContent())!;
  await page.keyboard.press('Escape');
  await expect(shown).toBeVisible();
  await axe();
  await shown.getByRole('button', { name: 'I have stored it' }).click();
  await expect(shown).toBeHidden();
  expect(await page.content()).not.toContain(secret);

  const staffOnly = () =>
    fetch(`${server.url}/api/identity-providers/discover_metadata/`, {
      method: 'POST',
      headers: { authorization: `Token ${secret}`, 'content-type': 'application/json' },
      body: '{}',
    });
  expect((await staffOnly()).status).toBe(400);

  const row = page.getByRole('row').filter({ hasText: 'Nightly sync' });
  await row.getByRole('button', { name: 'Revoke token Nightly sync' }).click();
  await page.getByRole('dialog', { name: 'Revoke this token?' }).getByRole('button', { name: 'Revoke token' }).click();
  await expect(page.getByText('Token revoked.')).toBeVisible();
  await expect(row).toHaveCount(0);
  expect((await staffOnly()).status).toBe(401);
});
