import { dn } from '../../fixtures/directory';
import { expectFocusKept, press, tabTo } from '../../fixtures/keyboard';
import { look } from '../../fixtures/looks';
import { ProviderPage } from '../../fixtures/pages/provider';
import { SignInPage } from '../../fixtures/pages/sign-in';
import { plainId } from '../../fixtures/server';
import { expect, test } from '../../fixtures/test';

test('users are searched, blocked and unblocked', async ({ page, server, directory, axe }) => {
  test.slow();
  const id = await server.createDirectory('People', directory.settings({ sync_groups: true }));
  directory.addGroup('everybody', ['user1', 'user2', 'user3']);
  await server.scaikey('POST', `identity-providers/${id}/sync`);
  await page.goto('/users');
  await page.getByLabel('Directory').selectOption({ label: 'People' });
  await expect(page).toHaveURL(new RegExp(`provider=${id}`));
  await expect(page.getByRole('row').filter({ hasNotText: 'People' })).toHaveCount(1);
  await expect(page.getByRole('table', { name: 'users' }).getByRole('rowheader')).toHaveCount(12);
  await look(page, 'users');
  await page.getByLabel('Search').fill('user7');
  const row = page.getByRole('row').filter({ hasText: 'user7@example.com' });
  await expect(row).toContainText('Active');
  await expect(page.getByRole('table', { name: 'users' }).getByRole('rowheader')).toHaveCount(1);
  await page.getByLabel('Status').selectOption('Blocked');
  await expect(page.getByText('No users match “user7”.')).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/users$/);

  await page.goto(`/users?provider=${id}&q=user1%40`);
  await page.getByRole('link', { name: 'Person user1', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Person user1' })).toBeFocused();
  await expect(page.getByRole('table', { name: 'Linked directories' })).toContainText(dn('user1'));
  await expect(page.getByRole('table', { name: 'Groups' })).toContainText('everybody');
  await expect(new ProviderPage(page).fact('Imported from')).toHaveText('People');
  // A directory still has the user, so deleting is not offered.
  await expect(page.getByRole('button', { name: 'Delete user' })).toHaveCount(0);
  await look(page, 'user');

  // Without a mouse.
  await press(page, page.getByRole('button', { name: 'Block user' }));
  const dialog = page.getByRole('dialog', { name: 'Block Person user1' });
  await expect(dialog).toContainText('whatever the state in the directory');
  await axe();
  await tabTo(page, dialog.getByRole('button', { name: 'Block user' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Blocked by .*Synchronisations do not lift the block/)).toBeVisible();
  await expectFocusKept(page);
  await look(page, 'user-blocked');
  // No synchronisation unblocks the user.
  await server.scaikey('POST', `identity-providers/${id}/sync?mode=full`);
  await page.reload();
  await press(page, page.getByRole('button', { name: 'Unblock user' }));
  await expect(page.getByText('The user may sign in.')).toBeVisible();
  await expectFocusKept(page);
});

test('a user whom no directory has any longer can be deleted', async ({ page, server, directory }) => {
  const id = await server.createDirectory('Leavers', directory.settings());
  await server.scaikey('POST', `identity-providers/${id}/sync`);
  directory.removePeople('user3');
  await server.scaikey('POST', `identity-providers/${id}/sync?mode=full`);
  await page.goto(`/users?provider=${id}&status=inactive`);
  await page.getByRole('link', { name: 'Person user3' }).click();
  await expect(page.getByText(/^A synchronisation deactivated the user/)).toBeVisible();
  await expect(page.getByRole('table', { name: 'Linked directories' })).toContainText('Vanished');
  await look(page, 'user-gone');
  await page.getByRole('button', { name: 'Delete user' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete user' }).click();
  await expect(page.getByText('User deleted.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Users' })).toBeFocused();
  await page.goto(`/users?provider=${id}`);
  await expect(page.getByText('11 users')).toBeVisible();
});

test('a tenant administrator sees only the users and runs of the own tenant', async ({ visitor, server, directory }) => {
  const tenant = await server.scaikey('POST', 'tenants/', { name: 'Oscorp' });
  const own = await server.createDirectory('Oscorp staff', directory.settings(), tenant.id);
  const other = await server.createDirectory('Umbrella staff', directory.settings());
  for (const id of [own, other]) await server.scaikey('POST', `identity-providers/${id}/sync`);
  const foreign = (await server.scaikey('GET', `users/?idp_id=${other}`))[0];
  const person = server.newPerson('tenant_admin', 'norman@example.com', 'oscorp');
  await new SignInPage(visitor).signIn(person, server.url);
  await visitor.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click();
  await expect(visitor.getByRole('table', { name: 'users' }).getByRole('rowheader')).toHaveCount(12);
  await expect(visitor.getByRole('columnheader', { name: 'Tenant' })).toHaveCount(0);
  await expect(visitor.getByLabel('Directory').getByRole('option')).toHaveText(['Any directory', 'Oscorp staff']);
  await visitor.goto(`${server.url}/users/${plainId(foreign.id)}`);
  await expect(visitor.getByText(/does not exist/)).toBeVisible();
  await visitor.goto(`${server.url}/providers/${own}/sync`);
  await visitor.getByRole('button', { name: 'Dry run' }).click();
  await expect(visitor.getByText('12 users read: 12 unchanged', { exact: true })).toBeVisible();
});
