import { ProviderPage } from '../../fixtures/pages/provider';
import { expect, test } from '../../fixtures/test';

test('changes the name, the mapping and the redirect origins', async ({ page, server, issuer, axe }) => {
  await server.createProvider({ provider: 'change-me', label: 'Change me', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Change me');

  await provider.tab('Connection');
  await page.getByLabel('Name', { exact: true }).fill('Changed');
  await expect(page.getByText('You have unsaved changes.')).toBeVisible();
  await axe();
  await provider.saved();
  await expect(page.getByRole('heading', { level: 1, name: 'Changed' })).toBeVisible();

  await provider.tab('Mapping');
  await page.getByLabel('Identifying claim').fill('email sub');
  await page.getByLabel('Show all fields').check();
  await page.getByLabel('Claim for Groups', { exact: true }).fill('groups');
  await page.getByLabel('Claim for Groups', { exact: true }).press('Enter');
  await provider.saved();

  await provider.tab('Access');
  await page.getByRole('button', { name: 'Add origin' }).click();
  await page.getByLabel('origin 1', { exact: true }).fill('HTTPS://App.Example.com/');
  await provider.saved();
  await expect(page.getByLabel('origin 1', { exact: true })).toHaveValue('https://app.example.com');

  const stored = await (await server.api('GET', 'change-me/')).json();
  expect(stored).toMatchObject({ label: 'Changed', user_claim: 'email sub', allowed_redirects: ['https://app.example.com'] });

  await provider.tab('Activity');
  await expect(page.getByRole('row').filter({ hasText: 'person' }).first()).toBeVisible();
  await axe();
});

test('the tabs stay while the provider is read again, so that no click on them is lost', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'steady', label: 'Steady', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Steady');
  await provider.tab('Connection');
  const access = page.getByRole('navigation', { name: 'Parts of this provider' }).getByRole('link', { name: 'Access' });
  await access.evaluate((link) => link.setAttribute('data-was-there', ''));
  await page.getByLabel('Name', { exact: true }).fill('Steadier');
  await provider.saved();
  await expect(page.getByRole('heading', { level: 1, name: 'Steadier' })).toBeVisible();
  await expect(access).toHaveAttribute('data-was-there', '');
});

test('replaces and removes the secret without ever showing it', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'secretive', label: 'Secretive', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Secretive');
  await provider.tab('Connection');
  await page.getByRole('button', { name: 'Replace secret' }).click();
  await page.getByLabel('Client secret').fill('another secret');
  await provider.saved();
  await expect(page.getByRole('button', { name: 'Replace secret' })).toBeVisible();
  expect(await (await server.api('GET', 'secretive/')).json()).toMatchObject({ client_secret: 'another secret' });
  expect(await page.content()).not.toContain('another secret');
  await expect(page.getByText('Set, last changed just now')).toBeVisible();
});

test('a change that another user made meanwhile is not overwritten', async ({ page, server, issuer, axe }) => {
  await server.createProvider({ provider: 'contested', label: 'Contested', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Contested');
  await provider.tab('Connection');
  await page.getByLabel('Name', { exact: true }).fill('Mine');
  await server.api('PATCH', 'contested/', { label: 'Theirs' });
  await provider.save();
  await expect(page.getByText(/was changed by .*browser tests.* after you opened it/)).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Mine');
  await axe();
  await page.getByRole('button', { name: 'Reload provider' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Theirs');
  await page.getByLabel('Name', { exact: true }).fill('Mine after all');
  await provider.saved();
  expect(await (await server.api('GET', 'contested/')).json()).toMatchObject({ label: 'Mine after all' });
});

test('re-discovers and shows what changed before it is saved', async ({ page, server, documents, axe }) => {
  const issuer = documents.publish('moving');
  await server.createProvider({ provider: 'moving', label: 'Moving', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Moving');
  const dialog = page.getByRole('dialog', { name: 'Re-discover' });

  await page.getByRole('button', { name: 'Re-discover' }).click();
  await expect(dialog.getByText('Nothing changed since the last discovery.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  documents.publish('moving', { token_endpoint: `${issuer}/v2/token`, end_session_endpoint: `${issuer}/logout` });
  await page.getByRole('button', { name: 'Re-discover' }).click();
  const changed = dialog.getByRole('row', { name: /^token_endpoint/ });
  await expect(changed).toContainText(`${issuer}/token`);
  await expect(changed).toContainText(`${issuer}/v2/token`);
  await expect(dialog.getByRole('row', { name: /^end_session_endpoint/ })).toContainText('not there');
  await axe();
  await dialog.getByRole('button', { name: 'Save discovery' }).click();
  await expect(page.getByText('Discovery saved.')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Token/ })).toContainText(`${issuer}/v2/token`);
  expect(await (await server.api('GET', 'moving/')).json()).toMatchObject({ token_url: `${issuer}/v2/token` });

  documents.publish('moving', { jwks_uri: undefined });
  await page.getByRole('button', { name: 'Re-discover' }).click();
  await expect(dialog.getByText('The current discovery document cannot be used.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save discovery' })).toBeDisabled();
});

test('disables after confirmation, and enables at once', async ({ page, server, issuer, axe }) => {
  await server.createProvider({ provider: 'switched', label: 'Switched', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Switched');
  const enabled = page.getByRole('switch', { name: 'Users may sign in' });
  await expect(enabled).toBeChecked();
  await enabled.click();
  const dialog = page.getByRole('dialog', { name: 'Disable Switched' });
  await expect(dialog.getByText('No tenant signs in with this provider.')).toBeVisible();
  await axe();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(enabled).toBeChecked();
  await enabled.click();
  await dialog.getByRole('button', { name: 'Disable provider' }).click();
  await expect(page.getByText('Provider disabled.')).toBeVisible();
  await expect(enabled).not.toBeChecked();
  expect(await (await server.api('GET', 'switched/')).json()).toMatchObject({ is_active: false });
  await enabled.click();
  await expect(page.getByText('Provider enabled.')).toBeVisible();
  await expect(enabled).toBeChecked();
});

test('deletes only when the name is typed', async ({ page, server, issuer, axe }) => {
  await server.createProvider({ provider: 'doomed', label: 'Doomed', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Doomed');
  await provider.tab('Danger zone');
  await page.getByRole('button', { name: 'Delete provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Doomed' });
  const confirm = dialog.getByRole('button', { name: 'Delete provider' });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel('Type “Doomed” to confirm').fill('Doome');
  await expect(confirm).toBeDisabled();
  await axe();
  await dialog.getByLabel('Type “Doomed” to confirm').fill('Doomed');
  await confirm.click();
  await expect(page.getByText('Doomed deleted.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Providers' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Doomed' })).toHaveCount(0);
  await expect(server.api('GET', 'doomed/')).rejects.toThrow('404');
});

test('asks before leaving a tab with unsaved changes', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'guarded', label: 'Guarded', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Guarded');
  await provider.tab('Connection');
  await page.getByLabel('Client ID').fill('not saved');
  await page.getByRole('navigation', { name: 'Parts of this provider' }).getByRole('link', { name: 'Access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByLabel('Client ID')).toHaveValue('not saved');
  await page.getByRole('button', { name: 'Discard changes' }).first().click();
  await expect(page.getByLabel('Client ID')).toHaveValue('vestibule');
  await provider.tab('Access');
});

test('Back and Forward ask before unsaved changes are lost', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'back', label: 'Back and forth', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Back and forth');
  await provider.tab('Access');
  await provider.tab('Connection');
  const name = page.getByLabel('Name', { exact: true });
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });

  // Declined: URL, input and history stay as they were.
  await name.fill('Unsaved');
  await page.goBack();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page).toHaveURL(/\/connection$/);
  await expect(name).toHaveValue('Unsaved');

  // Confirmed: the previous page, and no question without changes.
  await page.goBack();
  await dialog.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page).toHaveURL(/\/access$/);
  await expect(page.getByRole('button', { name: 'Add origin' })).toBeVisible();
  await page.goForward();
  await expect(page).toHaveURL(/\/connection$/);
  await expect(name).toHaveValue('Back and forth');

  // Forward asks as well, after a reload too.
  await page.goBack();
  await page.reload();
  await page.getByRole('button', { name: 'Add origin' }).click();
  await page.getByLabel('origin 1', { exact: true }).fill('https://app.example.com');
  await page.goForward();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page).toHaveURL(/\/access$/);
  await expect(page.getByLabel('origin 1', { exact: true })).toHaveValue('https://app.example.com');
});
