import { expectNoSideways } from '../../fixtures/a11y';
import { expectFocusKept, expectNoTrap, press, tabTo, type } from '../../fixtures/keyboard';
import { READER } from '../../fixtures/directory';
import { CreateDirectoryPage } from '../../fixtures/pages/create-directory';
import { ProviderPage } from '../../fixtures/pages/provider';
import { expect, test } from '../../fixtures/test';

test('creates a directory from what it offers, with a sample of its users, and tests it', async ({ page, staff, axe }) => {
  test.slow();
  const create = new CreateDirectoryPage(page);
  const axeInBoth = async () => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await axe();
    }
  };
  await page.goto('/providers/new');
  await page.getByRole('link', { name: 'LDAP' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Example directory');
  await page.getByLabel('Directory', { exact: true }).selectOption('Microsoft Active Directory');
  await expect(page.getByRole('region', { name: 'Defaults' })).toContainText('sAMAccountName');
  await page.getByLabel('Directory', { exact: true }).selectOption('Any LDAP server');
  await expect(page.getByRole('region', { name: 'Defaults' })).toContainText('entryUUID');
  await axeInBoth();

  await create.goOn('Connect to the directory');
  await create.server(staff.url);
  await expect(page.getByText('The connection is not encrypted.')).toBeVisible();
  await create.read();
  await expect(create.found.getByText(`${staff.url} answered.`)).toBeVisible();
  await expect(create.found).toContainText('dc=example,dc=com');
  await page.getByRole('button', { name: 'Use the defaults of OpenLDAP' }).click();
  await expect(create.found.getByRole('button')).toHaveCount(0);
  await axeInBoth();

  await create.goOn('Find users');
  await expect(page.getByLabel('Base DN', { exact: true })).toHaveValue('dc=example,dc=com');
  const offered = (label: string) =>
    page.getByLabel(label).evaluate((input) => Array.from((input as HTMLInputElement).list!.options, (option) => option.value));
  expect(await offered('User name attribute')).toContain('givenName');
  expect(await offered('User name attribute')).not.toContain('userPassword');
  const identifiers = await offered('Permanent identifier');
  expect(identifiers).toContain('entryUUID');
  expect(identifiers).not.toContain('mail');
  await axeInBoth();

  await create.goOn('Find groups');
  await page.getByLabel('Read groups').check();
  await expect(page.getByLabel('Member attribute')).toHaveValue('member');
  await axeInBoth();

  await create.goOn('Map attributes to user fields');
  const sample = page.getByRole('region', { name: 'Sample' });
  const ada = sample.getByRole('listitem').filter({ hasText: 'ada@example.com' });
  await expect(ada).toContainText('Lovelace');
  await expect(sample.getByText('This user would fail.')).toBeVisible();
  await expect(sample).not.toContainText('nobody sees this');
  // A changed mapping shows at once, without another request to the directory.
  await page.getByLabel('Show all fields').check();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('combobox', { name: 'Attribute for Phone number' }).fill('telephoneNumber');
  await page.keyboard.press('Enter');
  await expect(ada).toContainText('+44 20 7946 0958');
  await page.getByRole('button', { name: 'Remove attribute sn from Last name' }).click();
  await expect(ada).not.toContainText('Last name');
  expect(asked.filter((url) => url.includes('directories'))).toEqual([]);
  await axeInBoth();

  await create.goOn('Synchronise');
  await page.getByLabel('Users no longer in the directory').selectOption('Leave unchanged');
  await axeInBoth();
  await create.goOn('Review and save');
  await expect(page.getByText('The connection is not encrypted: anyone on the network path can read the password.')).toBeVisible();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.locator('.test-summary')).toContainText(/Took/);
  await expect(page.locator('.test-step').filter({ hasText: 'Groups' })).toContainText('Groups were found.');
  await expect(page.locator('.sample-users')).toContainText('ada@example.com');
  await expect(page.locator('.sample-users')).toContainText('+44 20 7946 0958');
  await axeInBoth();
  await page.getByRole('button', { name: 'Save provider' }).click();

  await expect(page.getByText('The provider is saved. What next?')).toBeVisible();
  const provider = new ProviderPage(page);
  await expect(provider.fact('Directory')).toHaveText('OpenLDAP');
  await expect(provider.fact('Bind password')).toContainText('Set');
  await axeInBoth();
});

test('an error of the directory is reported with what to do', async ({ page, staff, axe }) => {
  const create = new CreateDirectoryPage(page);
  await create.open('Refused');
  await create.goOn('Connect to the directory');
  await create.server(staff.url, 'wrong');
  await create.read();
  await expect(create.found.getByText(/no such account, or a wrong password.*Check bind DN and password/)).toBeVisible();
  await page.getByLabel('server 1', { exact: true }).fill('ldap://10.1.2.3');
  await create.read();
  // Only the operator can allow a private network.
  await expect(create.found.getByText(/ldap:\/\/10\.1\.2\.3:389 may not be connected to:.*VESTIBULE_OUTBOUND_ALLOW/)).toBeVisible();
  await axe();
  await page.getByLabel('server 1', { exact: true }).fill('https://directory.example');
  await create.read();
  await expect(page.getByLabel('server 1', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await axe();
});

test('problems lead to their steps, and leaving asks for confirmation', async ({ page, staff, axe }) => {
  const create = new CreateDirectoryPage(page);
  await page.goto('/providers/new/ldap');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await create.connected('Faulty', staff);
  await page.getByLabel('User filter (optional)', { exact: true }).fill('uid=ada');
  await create.goOn('Find groups');
  await create.goOn('Map attributes to user fields');
  // The sample is searched with that filter.
  await expect(page.getByRole('region', { name: 'Sample' }).locator('.callout')).toBeVisible();
  await create.goOn('Synchronise');
  await page.getByLabel('Run interval (min)').fill('1');
  await create.goOn('Review and save');
  await page.getByRole('button', { name: 'Save provider' }).click();
  await create.at('Find users');
  await expect(page.getByLabel('User filter (optional)', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await axe();
  await page.getByLabel('User filter (optional)', { exact: true }).fill('(uid=ada)');
  await create.goOn('Find groups');
  await create.goOn('Map attributes to user fields');
  await create.goOn('Synchronise');
  await expect(page.getByLabel('Run interval (min)')).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('link', { name: 'Providers' }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('what is not a whole number is rejected at its field before anything is sent', async ({ page, staff, axe }) => {
  const create = new CreateDirectoryPage(page);
  await create.connected('Numbers', staff);
  const size = page.getByLabel('Page size', { exact: true });
  await size.fill('1.5');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(size).toHaveAttribute('aria-invalid', 'true');
  await expect(size).toHaveAccessibleDescription(/Enter a whole number that is within the limits\./);
  expect(asked.filter((url) => url.includes('_ui/fn'))).toEqual([]);
  await axe();
  await size.fill('100');
  await create.goOn('Find groups');
});

test('changing the servers requires the password again, and a sample shows an edited mapping', async ({ page, staff, axe }) => {
  const create = new CreateDirectoryPage(page);
  await create.create('Changing', staff);
  const provider = new ProviderPage(page);
  await provider.tab('Connection');
  await page.getByLabel('User filter (optional)', { exact: true }).fill('(uid=grace)');
  await provider.saved();
  await page.getByRole('button', { name: 'Read the directory' }).click();
  await expect(create.found.getByText(/answered\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.locator('.sample-users')).toContainText('grace@example.com');
  await axe();

  const elsewhere = staff.url.replace('127.0.0.1', 'localhost');
  await page.getByLabel('server 1', { exact: true }).fill(elsewhere);
  await provider.save();
  const password = page.getByLabel('Bind password', { exact: true });
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('.field-error', { hasText: 'Enter the password again' })).toBeVisible();
  await axe();
  await password.fill(READER.password);
  await provider.saved();

  await page.getByLabel('server 1', { exact: true }).fill(staff.url);
  await page.getByRole('button', { name: 'Replace secret' }).click();
  await password.fill(READER.password);
  await provider.saved();
  await provider.tab('Mapping');
  await page.getByRole('button', { name: 'Read users' }).click();
  const sample = page.getByRole('region', { name: 'Sample' });
  await expect(sample.getByRole('listitem')).toHaveCount(1);
  await expect(sample).toContainText('Hopper');
  await page.getByRole('button', { name: 'Remove attribute sn from Last name' }).click();
  await expect(sample).not.toContainText('Last name');
  await axe();
  await provider.saved();
});

test('a directory is created without a mouse', async ({ page, staff }) => {
  await page.goto('/providers/new/ldap');
  const heading = (name: string) => page.getByRole('heading', { level: 2, name });
  const goOn = page.getByRole('button', { name: 'Continue' });
  await expect(heading('Choose the directory')).toBeVisible();
  await expectNoTrap(page);
  await type(page, page.getByLabel('Name', { exact: true }), 'By keys');
  await page.keyboard.press('Enter');
  await expect(heading('Connect to the directory')).toBeFocused();
  await press(page, page.getByRole('button', { name: 'Add server' }));
  await expect(page.getByLabel('server 1', { exact: true })).toBeFocused();
  await page.keyboard.type(staff.url);
  await type(page, page.getByLabel('Bind DN'), READER.dn);
  await type(page, page.getByLabel('Bind password', { exact: true }), READER.password);
  await press(page, page.getByRole('button', { name: 'Read the directory' }));
  await expect(page.getByText(/answered\.$/)).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Use the defaults of OpenLDAP' }));
  await press(page, goOn);
  await expect(heading('Find users')).toBeFocused();
  await expectNoTrap(page);
  await press(page, goOn);
  await expect(heading('Find groups')).toBeFocused();
  await tabTo(page, page.getByLabel('Read groups'));
  await page.keyboard.press('Space');
  await expectFocusKept(page);
  for (const name of ['Map attributes to user fields', 'Synchronise', 'Review and save']) {
    await press(page, goOn);
    await expect(heading(name)).toBeFocused();
  }
  await press(page, page.getByRole('button', { name: 'Save provider' }));
  await expect(page.getByText('The provider is saved. What next?')).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('every step fits', async ({ page, staff, axe }) => {
    const create = new CreateDirectoryPage(page);
    await create.open('On a phone');
    await expectNoSideways(page);
    await create.connected('On a phone', staff);
    const steps = ['Find groups', 'Map attributes to user fields', 'Synchronise', 'Review and save'];
    for (const heading of steps) {
      await expectNoSideways(page);
      await axe();
      await create.goOn(heading);
    }
    await expectNoSideways(page);
    await axe();
  });
});
