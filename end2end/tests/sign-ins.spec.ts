import type { Page } from '@playwright/test';

import { look } from '../fixtures/looks';
import { press } from '../fixtures/keyboard';
import { SignInPage } from '../fixtures/pages/sign-in';
import { authenticate, createTenantProvider, signInAs } from '../fixtures/people';
import { Server } from '../fixtures/server';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ own: Server; portal: Page }>({
  signedIn: false,
  // What happened on it is what its pages show.
  own: async ({}, use) => {
    const own = await Server.start();
    await use(own);
    await own.stop();
  },
  /** A page of an administrator. */
  portal: async ({ own, page }, use) => {
    await new SignInPage(page).signIn(own.newPerson(), own.url);
    await use(page);
  },
});

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });

/** Ada signs in, Grace is refused since the second provider creates no users, and one callback has no start. */
async function somethingHappened(own: Server, issuer: string, visitor: Page): Promise<string> {
  const first = await createTenantProvider(own, 'Corp', issuer);
  const second = await createTenantProvider(own, 'Strict', issuer, { auto_create_users: false });
  await signInAs(visitor, own, 'ada', first);
  await visitor.context().clearCookies();
  // The refusal is a page with an error status, which the browser reports on its console.
  const answer = visitor.waitForResponse(/\/callback\//);
  await signInAs(visitor, own, 'grace', second);
  expect((await answer).status()).toBe(403);
  const reference = await visitor.locator('.reference').innerText();
  await visitor.request.get(`${own.url}/callback/${first}?code=stolen&state=unknown`);
  return reference;
}

test('before there is a provider, the start page says what to do first', async ({ portal, axe }) => {
  await expect(portal.getByRole('heading', { level: 2, name: 'Add your first provider' })).toBeVisible();
  await expect(portal.getByText('No sign-ins in this period')).toBeVisible();
  await axe();
  await look(portal, 'overview-empty');
  await portal.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sign-ins' }).click();
  await expect(heading(portal, 'Sign-ins')).toBeFocused();
  await expect(portal.getByText('No sign-ins yet')).toBeVisible();
  await portal.goBack();
  await portal.getByRole('link', { name: 'OpenID Connect' }).click();
  await expect(heading(portal, 'New OpenID Connect provider')).toBeFocused();
});

test.describe('after people tried to sign in', () => {
  test('the start page counts them, and leads from a reason to its sign-ins and their traces', async ({ portal, own, issuer, visitor, axe }) => {
    const reference = await somethingHappened(own, issuer, visitor);
    await portal.goto(`${own.url}/`);
    const legend = portal.locator('.chart-legend');
    await expect(legend).toContainText('3 sign-ins');
    await expect(legend).toContainText('Signed in 1');
    await portal.getByText('Show as a table').click();
    await expect(portal.getByRole('table', { name: 'Sign-ins over time' }).getByRole('row')).toHaveCount(8);
    await look(portal, 'overview');
    await press(portal, portal.getByRole('link', { name: 'Last 24 hours' }));
    await expect(portal).toHaveURL(/\?period=24h$/);
    await expect(portal.getByRole('link', { name: 'Last 24 hours' })).toHaveAttribute('aria-current', 'true');
    await expect(legend).toContainText('3 sign-ins');

    const reasons = portal.getByRole('table', { name: 'Why sign-ins failed' });
    await reasons.getByRole('link', { name: 'Unknown person' }).click();
    await expect(portal).toHaveURL(/\/sign-ins\?outcome=refused&reason=creation_off&period=24h$/);
    await expect(heading(portal, 'Sign-ins')).toBeFocused();
    await expect(portal.getByText('Showing sign-ins that ended with “Unknown person” only.')).toBeVisible();
    const rows = portal.getByRole('table', { name: 'Sign-ins' }).getByRole('row');
    await expect(rows).toHaveCount(2);
    await portal.getByRole('link', { name: reference }).click();
    await expect(heading(portal, `Sign-in ${reference}`)).toBeFocused();
    await expect(portal.getByText('The person is unknown, and the provider creates no users.').first()).toBeVisible();
    await axe();
  });

  test('the list is filtered, its state is in the address, and a reference opens its trace', async ({ portal, own, issuer, visitor }) => {
    const reference = await somethingHappened(own, issuer, visitor);
    await portal.goto(`${own.url}/sign-ins`);
    const rows = portal.getByRole('table', { name: 'Sign-ins' }).getByRole('row');
    await expect(rows).toHaveCount(4);
    await look(portal, 'sign-ins');
    await portal.getByLabel('Outcome').selectOption({ label: 'Signed in' });
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(1)).toContainText('ada');
    await expect(portal).toHaveURL(/outcome=signed_in/);
    await portal.reload();
    await expect(portal.getByLabel('Outcome')).toHaveValue('signed_in');
    await portal.getByLabel('Provider').selectOption({ label: 'Strict' });
    await expect(portal.getByText('No sign-ins match these filters.')).toBeVisible();
    await portal.getByRole('button', { name: 'Clear filters' }).click();
    await expect(rows).toHaveCount(4);
    await portal.getByLabel('Provider').selectOption({ label: 'Strict' });
    await expect(rows).toHaveCount(2);

    await portal.getByLabel('Reference', { exact: true }).fill(` ${reference.toLowerCase()} `);
    await portal.keyboard.press('Enter');
    await expect(heading(portal, `Sign-in ${reference}`)).toBeFocused();
  });

  test('a trace shows what was asked, what came back and what to do', async ({ portal, own, issuer, visitor }) => {
    const reference = await somethingHappened(own, issuer, visitor);
    await portal.goto(`${own.url}/sign-ins/${reference}`);
    await expect(portal.getByText(`POST ${issuer}/token`)).toBeVisible();
    const steps = portal.locator('.test-step');
    await expect(steps.filter({ hasText: 'Token request' })).toContainText('HTTP 200');
    await steps.filter({ hasText: 'Check of the token' }).locator('summary').click();
    await expect(steps.filter({ hasText: 'Check of the token' })).toContainText('aud');
    await expect(portal.getByLabel('Claims as JSON')).toContainText('"grace@example.com"');
    await look(portal, 'sign-in');
    await portal.getByRole('link', { name: 'Strict' }).click();
    await expect(heading(portal, 'Strict')).toBeFocused();
    await portal.getByRole('link', { name: 'Activity' }).click();
    await expect(portal.getByRole('table', { name: 'Sign-ins' }).getByRole('link', { name: reference })).toBeVisible();
    await look(portal, 'provider-activity');
    await portal.getByRole('link', { name: 'Show all sign-ins with this provider' }).click();
    await expect(portal.getByRole('table', { name: 'Sign-ins' }).getByRole('row')).toHaveCount(2);
  });
});

test('a reference that does not exist says so, and an outage can be retried', async ({ portal, own, axe }) => {
  await portal.goto(`${own.url}/sign-ins/ABCDEFGHJK`);
  await expect(portal.getByRole('alert')).toContainText('does not exist');
  await axe();
  await portal.route('**/_ui/fn/sign-ins/statistics', (route) => route.fulfill({ status: 502 }));
  await portal.goto(`${own.url}/`);
  await expect(portal.getByRole('alert')).toBeVisible();
  await axe();
  await portal.unroute('**/_ui/fn/sign-ins/statistics');
  await portal.getByRole('button', { name: 'Try again' }).click();
  await expect(portal.getByText('No sign-ins in this period')).toBeVisible();
});

test('a person who was refused as unknown is let in from the trace', async ({ portal, own, issuer, visitor, axe }) => {
  const strict = await createTenantProvider(own, 'Strict', issuer, { auto_create_users: false });
  await signInAs(visitor, own, 'grace', strict);
  const reference = await visitor.locator('.reference').innerText();
  await portal.goto(`${own.url}/sign-ins/${reference}`);
  await press(portal, portal.getByRole('button', { name: 'Let this person in' }));
  const dialog = portal.getByRole('dialog', { name: 'Let this person in' });
  await expect(dialog).toContainText('linked to the provider');
  await axe();
  await dialog.getByRole('button', { name: 'Let this person in' }).click();
  await expect(portal.getByText('User created. The person can sign in now.')).toBeVisible();
  await expect(portal.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(portal.getByRole('table', { name: 'Links' })).toContainText('grace');
  await signInAs(visitor, own, 'grace', strict);
  await expect(visitor).toHaveURL(`${own.url}/healthz`);
});

test('links and sessions of a user are shown, and end', async ({ portal, own, issuer, visitor, axe }) => {
  const corp = await createTenantProvider(own, 'Corp', issuer);
  await signInAs(visitor, own, 'ada', corp);
  await visitor.context().clearCookies();
  await signInAs(visitor, own, 'ada', corp);
  await portal.goto(`${own.url}/users`);
  await portal.getByRole('link', { name: 'ada' }).first().click();
  const sessions = portal.getByRole('table', { name: 'Sessions' });
  await expect(sessions.getByRole('rowheader')).toHaveCount(2);
  await expect(portal.getByRole('table', { name: 'Sign-ins' }).getByRole('rowheader')).toHaveCount(2);
  await look(portal, 'user-sign-ins');
  await sessions.getByRole('button', { name: /^End session of/ }).first().click();
  const end = portal.getByRole('dialog', { name: 'End this session' });
  await axe();
  await end.getByRole('button', { name: 'End now' }).click();
  await expect(sessions.getByRole('rowheader')).toHaveCount(1);
  await visitor.context().clearCookies();
  await signInAs(visitor, own, 'ada', corp);
  await portal.reload();
  await press(portal, portal.getByRole('button', { name: 'End all sessions' }));
  const all = portal.getByRole('dialog', { name: 'End all sessions' });
  await expect(all).toContainText('2 sessions');
  await all.getByRole('button', { name: 'End now' }).click();
  await expect(portal.getByText('Not signed in')).toBeVisible();

  await portal.getByRole('button', { name: 'Remove link to Corp' }).click();
  const remove = portal.getByRole('dialog', { name: 'Remove the link to Corp' });
  await expect(remove).toContainText('can no longer sign in as this user');
  await remove.getByRole('button', { name: 'Remove link' }).click();
  await expect(portal.getByText('No links')).toBeVisible();
});

test('a test sign-in shows its result in the portal and changes nothing, also of a disabled provider', async ({ portal, own, issuer }) => {
  const corp = await createTenantProvider(own, 'Corp', issuer, { enabled: false });
  await portal.goto(`${own.url}/providers/${corp}/sign-in`);
  const opened = portal.waitForEvent('popup').catch(() => portal.context().waitForEvent('page'));
  const other = portal.context().waitForEvent('page');
  await press(portal, portal.getByRole('button', { name: 'Test sign-in' }));
  const tested = await Promise.race([opened, other]);
  await expect(portal.getByText('the result appears here')).toBeVisible();
  await authenticate(tested, 'ada');
  await expect(portal.getByText('A new user would be created: ada.')).toBeVisible();
  await expect(portal.getByText('The provider is disabled, so nobody signs in with it.')).toBeVisible();
  await portal.getByText('Result of the mapping').click();
  await look(portal, 'provider-sign-in');
  expect(await own.scaikey('GET', 'users/')).toEqual([]);
  await portal.getByRole('link', { name: 'Show every step' }).click();
  await expect(portal.getByText('Test passed', { exact: true })).toBeVisible();
  await look(portal, 'sign-in-test');
});

test('pasted claims show what would happen', async ({ portal, own, issuer, axe }) => {
  const corp = await createTenantProvider(own, 'Corp', issuer);
  await portal.goto(`${own.url}/providers/${corp}/sign-in`);
  const claims = portal.getByLabel('Claims or ID token');
  await claims.fill('nothing of this kind');
  await portal.getByRole('button', { name: 'Show what would happen' }).click();
  await expect(portal.getByText('This is neither JSON nor an ID token')).toBeVisible();
  await axe();
  await claims.fill(JSON.stringify({ iss: issuer, sub: 'ada-1815', email: 'ada@example.com' }));
  await portal.getByRole('button', { name: 'Show what would happen' }).click();
  await expect(portal.getByText(/^A new user would be created/)).toBeVisible();
  await axe();
});
