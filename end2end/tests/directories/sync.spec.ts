import { dn } from '../../fixtures/directory';
import { expectFocusKept, press } from '../../fixtures/keyboard';
import { look } from '../../fixtures/looks';
import { ProviderPage } from '../../fixtures/pages/provider';
import { SignInPage } from '../../fixtures/pages/sign-in';
import { SyncPage } from '../../fixtures/pages/sync';
import { expect, test } from '../../fixtures/test';

test('a dry run lists what would change, and a run applies it', async ({ page, server, directory }) => {
  test.slow();
  const id = await server.createDirectory('Dry', directory.settings({ sync_groups: true }));
  directory.addGroup('staff', ['user1', 'user2']);
  const sync = new SyncPage(page);
  await sync.open(id);
  await expect(page.getByText('No runs yet')).toBeVisible();
  await expect(page.getByText('Not on schedule')).toBeVisible();
  await look(page, 'sync-empty');

  await sync.run('Dry run', 'Success');
  await expectFocusKept(page);
  await expect(new ProviderPage(page).fact('Users')).toHaveText('12 users read: 12 created');
  await expect(sync.row(dn('user1'))).toContainText('Would be created');
  await look(page, 'sync-dry');
  // The URL contains the filter of the entries.
  await page.getByLabel('Result').selectOption('Failed');
  await expect(page.getByText('No entries match these filters.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('No entries match these filters.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(sync.row(dn('user12'))).toBeVisible();

  await sync.showAll();
  await expect(new ProviderPage(page).fact('Users')).toHaveText('0 users');
  await expect(sync.history(0)).toContainText('Dry run');
  await sync.run('Synchronise now', 'Success');
  await expect(page.getByText('1 group read: 1 created', { exact: true })).toBeVisible();
  await sync.showAll();
  await expect(new ProviderPage(page).fact('Users')).toHaveText('12 users');
  await expect(page.getByText(/^The last 2 runs, the newest at the right: 2 worked/)).toBeVisible();
  await expectFocusKept(page);
  await look(page, 'sync-history');

  await page.getByRole('link', { name: '1 group' }).click();
  await expectFocusKept(page);
  await expect(sync.row('staff').getByRole('cell')).toHaveText('2');
  await page.getByLabel('Search').fill('nobody');
  await expect(page.getByText('No groups match “nobody”.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await look(page, 'sync-groups');
  await page.getByRole('link', { name: 'staff' }).click();
  await expect(page.getByRole('table', { name: 'users' }).getByRole('rowheader')).toHaveCount(2);

  const provider = new ProviderPage(page);
  await provider.open('Dry');
  await expect(provider.fact('Last run')).toContainText('Success');
  await expect(provider.fact('Next run')).toHaveText('Not on schedule');
  await look(page, 'sync-overview');
});

test('a run that fails says why and what to do', async ({ page, server, directory }) => {
  const id = await server.createDirectory('Fails', directory.settings({ bind_password: 'wrong' }));
  const sync = new SyncPage(page);
  await sync.open(id);
  // Without a mouse.
  await press(page, page.getByRole('button', { name: 'Synchronise now' }));
  await sync.ended('Synchronisation', 'Failed');
  const explained = page.locator('.callout.tone-danger');
  await expect(explained).toContainText('Bind refused');
  await expect(explained).toContainText('Check bind DN and password');
  await expect(explained).toContainText('The account may also be locked.');
  await expect(page.getByText('No entries to show')).toBeVisible();
  await look(page, 'sync-failed');
  await press(page, page.getByRole('link', { name: 'Show all runs' }));
  await expect(sync.history(0)).toContainText('Bind refused');
});

test('the safeguard keeps users until an administrator confirms that they are gone', async ({ page, server, directory, axe }) => {
  const id = await server.createDirectory('Kept', directory.settings());
  const sync = new SyncPage(page);
  await sync.open(id);
  await sync.run('Synchronise now', 'Success');
  directory.removePeople(...Array.from({ length: 8 }, (_, index) => `user${index + 1}`));
  await sync.showAll();
  await page.getByLabel('Read', { exact: true }).selectOption('Everything');
  await sync.run('Synchronise now', 'Partial');
  await expect(page.getByText('8 of 12 users were not found, more than 20%')).toBeVisible();
  await look(page, 'sync-guarded');

  await page.getByRole('button', { name: 'Deactivate 8 users' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm missing users' });
  await expect(dialog).toContainText('up to 8 users in all');
  await axe();
  await dialog.getByRole('button', { name: 'Deactivate 8 users' }).click();
  await expect(dialog).toBeHidden();
  await sync.ended('Synchronisation', 'Success');
  await expect(page.getByText('4 users read: 4 unchanged, 8 vanished and deactivated')).toBeVisible();
  await page.goto(`/users?provider=${id}&status=inactive`);
  await expect(page.getByText('8 users')).toBeVisible();
});

test('a run that another user started is followed, survives a failed poll, and can be cancelled', async ({ page, server, directory }) => {
  const id = await server.createDirectory('Slow', directory.settings());
  directory.pause();
  const begun = server.scaikey('POST', `identity-providers/${id}/sync`);
  const sync = new SyncPage(page);
  await expect
    .poll(async () => (await server.scaikey('GET', `identity-providers/${id}/sync-logs`)).length)
    .toBe(1);
  await sync.open(id);
  await expect(page.getByText('Synchronisation under way')).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Users read' })).toBeVisible();
  await expect(page.locator('.sync-numbers')).toContainText('0 users in');
  await expect(page.getByRole('button', { name: 'Synchronise now' })).toHaveCount(0);
  await look(page, 'sync-running');

  await page.route('**/_ui/fn/syncs/overview', (route) => route.fulfill({ status: 502, json: { service: 'unavailable' } }));
  await expect(page.getByText('The server does not respond. Retrying.')).toBeVisible();
  await expect(page.getByText('Synchronisation under way')).toBeVisible();
  await page.unroute('**/_ui/fn/syncs/overview');
  await expect(page.getByText('The server does not respond. Retrying.')).toHaveCount(0);

  await page.getByRole('button', { name: 'Cancel run' }).click();
  await expect(page.getByText('Synchronisation under way')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Synchronise now' })).toBeVisible();
  await expect(sync.history(0)).toContainText('Cancelled');
  expect((await begun).error_code).toBe('cancelled');

  // Polling stops once no run is in progress.
  directory.resume();
  let asked = 0;
  await page.route('**/_ui/fn/syncs/overview', (route) => {
    asked += 1;
    return route.continue();
  });
  await sync.run('Synchronise now', 'Success');
  const before = asked;
  await page.getByRole('navigation', { name: 'Parts of this provider' }).getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('heading', { name: 'Directory sync', exact: true })).toBeVisible();
  await expect(new ProviderPage(page).fact('Last run')).toContainText('Success');
  expect(asked).toBe(before + 1);
});

test('returning to the window shows runs that others started meanwhile', async ({ page, server, directory }) => {
  const id = await server.createDirectory('Elsewhere', directory.settings());
  const sync = new SyncPage(page);
  await sync.open(id);
  await expect(page.getByText('No runs yet')).toBeVisible();
  await server.scaikey('POST', `identity-providers/${id}/sync`);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(sync.history(0)).toContainText('Success');
  await expect(new ProviderPage(page).fact('Users')).toHaveText('12 users');
});

test('a reader sees runs and cannot start any', async ({ visitor, page, server, directory }) => {
  const id = await server.createDirectory('Read only', directory.settings());
  await new SyncPage(page).open(id);
  await new SyncPage(page).run('Synchronise now', 'Success');
  await new SignInPage(visitor).signIn(server.newPerson('platform_reader'), server.url);
  await visitor.goto(`${server.url}/providers/${id}/sync`);
  await expect(visitor.getByRole('table', { name: 'runs' })).toBeVisible();
  for (const name of ['Synchronise now', 'Dry run']) {
    await expect(visitor.getByRole('button', { name })).toHaveCount(0);
  }
  await visitor.goto(`${server.url}/users?provider=${id}`);
  await visitor.getByRole('link', { name: 'Person user1', exact: true }).click();
  await expect(visitor.getByText('The user may sign in.')).toBeVisible();
  await expect(visitor.getByRole('button', { name: 'Block user' })).toHaveCount(0);
});
