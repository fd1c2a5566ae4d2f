import { type Page, type Request } from '@playwright/test';

import { CreateProviderPage } from '../fixtures/pages/create-provider';
import { ProviderPage } from '../fixtures/pages/provider';
import { SignInPage } from '../fixtures/pages/sign-in';
import { TenantPage } from '../fixtures/pages/tenant';
import { expect, test } from '../fixtures/test';

/** Delays the responses of these server functions until the returned function is called. */
async function holdBack(page: Page, pattern: string): Promise<() => Promise<void>> {
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const held: Promise<void>[] = [];
  await page.route(pattern, (route) => {
    const done = released.then(() => route.continue());
    held.push(done);
    return done;
  });
  return async () => {
    release();
    await Promise.all(held);
  };
}

/** Waits until the browser has aborted a call. */
function aborted(page: Page, path: RegExp): Promise<Request> {
  return page.waitForEvent('requestfailed', (request) => path.test(request.url()) && request.failure()?.errorText === 'net::ERR_ABORTED');
}

// A page that is left while it loads once ended the portal with a panic.
test.describe('a page that is left while it loads', () => {
  test.use({ ownPerson: true });

  for (const [from, link, call] of [
    ['/providers', 'Audit log', 'providers/list'],
    ['/audit', 'Providers', 'audit/list'],
    ['/settings/administrators', 'Providers', 'administrators/list'],
    ['/settings/tokens', 'Audit log', 'tokens/list'],
    ['/settings/account', 'Providers', 'session/list'],
  ]) {
    test(`${from} for another one aborts its call`, async ({ page, server, issuer }) => {
      await server.createProvider({ provider: `left-${link.length}${from.length}`, label: `Left ${from}`, discovery_url: `${issuer}/.well-known/openid-configuration` });
      const release = await holdBack(page, `**/_ui/fn/${call}`);
      const sent = page.waitForRequest(`**/_ui/fn/${call}`);
      await page.goto(from);
      await sent;
      const ended = aborted(page, new RegExp(`/_ui/fn/${call}$`));
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link }).click();
      await expect(page.getByRole('heading', { level: 1, name: link })).toBeFocused();
      await ended;
      await release();
      await expect(page.getByRole('table', { name: link })).toBeVisible();
    });
  }

  test('by signing out', async ({ page, person, server, issuer }) => {
    await server.createProvider({ provider: 'left-out', label: 'Left out', discovery_url: `${issuer}/.well-known/openid-configuration` });
    const release = await holdBack(page, '**/_ui/fn/providers/list');
    await page.goto('/providers');
    const ended = aborted(page, /providers\/list$/);
    await page.locator('summary').filter({ hasText: person.email }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await ended;
    await release();
    await page.getByLabel('Email address').fill('the page still works');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('This email address and password do not match.')).toBeVisible();
  });
});

test('a newer search aborts the one that it replaces', async ({ page, server, issuer }) => {
  for (const name of ['slow', 'quick']) {
    await server.createProvider({ provider: `search-${name}`, label: `Search ${name}`, discovery_url: `${issuer}/.well-known/openid-configuration` });
  }
  await page.goto('/providers');
  await expect(page.getByRole('table', { name: 'Providers' })).toBeVisible();
  await page.route('**/_ui/fn/providers/list', (route) => {
    // The first search is never answered.
    if (!route.request().postData()?.includes('search-slow')) return route.continue();
  });
  const sent = page.waitForRequest((request) => request.postData()?.includes('search-slow') ?? false);
  await page.getByLabel('Search').fill('search-slow');
  await sent;
  const ended = aborted(page, /providers\/list$/);
  await page.getByLabel('Search').fill('search-quick');
  await ended;
  await expect(page.getByRole('table', { name: 'Providers' }).getByRole('rowheader')).toHaveText([/Search quick/]);
});

test('a change is stored when its page is left', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'left-saving', label: 'Left saving', discovery_url: `${issuer}/.well-known/openid-configuration`, is_active: false });
  await page.goto('/providers?q=left-saving');
  await page.getByRole('link', { name: 'Left saving' }).click();
  const release = await holdBack(page, '**/_ui/fn/providers/update');
  const sent = page.waitForRequest('**/_ui/fn/providers/update');
  await page.getByRole('switch', { name: 'Users may sign in' }).click();
  await sent;
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Providers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Providers' })).toBeFocused();
  await release();
  await expect(page.getByText('Provider enabled.')).toBeVisible();
  expect(await (await server.api('GET', 'left-saving/')).json()).toMatchObject({ is_active: true });
});

// The other tabs once kept the version from before the change, and reported a conflict with it.
test.describe('a tab that is left while it saves', () => {
  test('leaves the other tabs free to save', async ({ page, server, issuer }) => {
    await server.createProvider({ provider: 'left-tab', label: 'Left tab', discovery_url: `${issuer}/.well-known/openid-configuration` });
    const provider = new ProviderPage(page);
    await provider.open('Left tab');
    await provider.tab('Connection');
    await page.getByLabel('Name', { exact: true }).fill('Left tab, renamed');
    const release = await holdBack(page, '**/_ui/fn/providers/update');
    const sent = page.waitForRequest('**/_ui/fn/providers/update');
    await provider.save();
    await sent;
    await page.getByRole('navigation', { name: 'Parts of this provider' }).getByRole('link', { name: 'Access' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('button', { name: 'Add origin' }).click();
    await page.getByLabel('origin 1', { exact: true }).fill('https://app.example.com');
    await release();
    await expect(page.getByRole('heading', { level: 1, name: 'Left tab, renamed' })).toBeVisible();
    await provider.save();
    await expect(page.getByText('Changes saved.')).toHaveCount(2);
    await expect(page.getByRole('button', { name: 'Reload provider' })).toHaveCount(0);
    expect(await (await server.api('GET', 'left-tab/')).json()).toMatchObject({ label: 'Left tab, renamed', allowed_redirects: ['https://app.example.com'] });
  });

  test('changes what the page shows around the tabs', async ({ page }) => {
    const tenant = new TenantPage(page);
    await tenant.add('Left suspending');
    await tenant.tab('Providers');
    await tenant.tab('Overview');
    await page.getByRole('button', { name: 'Suspend tenant' }).click();
    const release = await holdBack(page, '**/_ui/fn/tenants/update');
    const sent = page.waitForRequest('**/_ui/fn/tenants/update');
    await page.getByRole('dialog', { name: 'Suspend Left suspending' }).getByRole('button', { name: 'Suspend tenant' }).click();
    await sent;
    await page.goBack();
    await expect(page.getByText('No providers yet')).toBeVisible();
    await release();
    await expect(page.getByText('Tenant suspended.')).toBeVisible();
    await expect(page.locator('.page-header').getByText('Suspended', { exact: true })).toBeVisible();
  });
});

// Saved input once counted as unsaved when loading it again failed.
test('a change that is saved and cannot be loaded again says so', async ({ page, server, issuer }) => {
  await server.createProvider({ provider: 'saved-unread', label: 'Saved unread', discovery_url: `${issuer}/.well-known/openid-configuration` });
  const provider = new ProviderPage(page);
  await provider.open('Saved unread');
  await provider.tab('Connection');
  await page.getByLabel('Name', { exact: true }).fill('Saved, read later');
  await page.route('**/_ui/fn/providers/get', (route) => route.fulfill({ status: 502, json: { service: 'unavailable' } }));
  await provider.save();
  await expect(page.getByText('Your changes are saved, and could not be loaded again.')).toBeVisible();
  await expect(page.getByText('You have unsaved changes.')).toHaveCount(0);
  await page.unroute('**/_ui/fn/providers/get');
  await page.getByRole('button', { name: 'Reload provider' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Saved, read later' })).toBeVisible();
  await expect(page.getByText('Your changes are saved')).toHaveCount(0);
});

// The response once found nothing of the page that it was for, which ended the portal.
test.describe('Back before the response', () => {
  async function expectUsable(page: Page): Promise<void> {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit log' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeFocused();
    await expect(page.getByRole('table', { name: 'Audit log' })).toBeVisible();
  }

  test('deletes the provider and shows the page that the user went to', async ({ page, server, issuer }) => {
    await server.createProvider({ provider: 'left-deleting', label: 'Left deleting', discovery_url: `${issuer}/.well-known/openid-configuration` });
    const provider = new ProviderPage(page);
    await provider.open('Left deleting');
    const overview = page.url();
    await provider.tab('Danger zone');
    await page.getByRole('button', { name: 'Delete provider' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Left deleting' });
    await dialog.getByLabel('Type “Left deleting” to confirm').fill('Left deleting');
    const release = await holdBack(page, '**/_ui/fn/providers/delete');
    const sent = page.waitForRequest('**/_ui/fn/providers/delete');
    await dialog.getByRole('button', { name: 'Delete provider' }).click();
    await sent;
    await page.goBack();
    await expect(dialog).toHaveCount(0);
    await release();
    await expect(page.getByText('Left deleting deleted.')).toBeVisible();
    expect(page.url()).toBe(overview);
    await expectUsable(page);
    await expect(server.api('GET', 'left-deleting/')).rejects.toThrow('404');
  });

  test('creates the provider and shows the page that the user went to', async ({ page, server, issuer }) => {
    await page.goto('/providers/new');
    await page.getByRole('link', { name: /OpenID Connect/ }).click();
    const create = new CreateProviderPage(page);
    await create.connect(issuer);
    await create.goOn('Choose options');
    await create.name.fill('Left creating');
    await create.goOn('Review and save');
    const release = await holdBack(page, '**/_ui/fn/providers/create');
    const sent = page.waitForRequest('**/_ui/fn/providers/create');
    await create.save();
    await sent;
    await page.goBack();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Discard changes' }).click();
    await expect(page).toHaveURL(/\/providers\/new$/);
    await release();
    await expect(page.getByText('Provider saved.')).toBeVisible();
    await expect(page).toHaveURL(/\/providers\/new$/);
    await expectUsable(page);
    expect(await (await server.api('GET', 'left-creating/')).json()).toMatchObject({ label: 'Left creating' });
  });
});

// Signing out removes the page while its rows are new.
test.describe('a list that is left as it appears', () => {
  test.use({ signedIn: false });

  for (const delay of [0, 2, 4]) {
    test(`by signing out ${delay} ms after the answer`, async ({ page, server, issuer }) => {
      await server.createProvider({ provider: `left-after-${delay}`, label: `Left after ${delay}`, discovery_url: `${issuer}/.well-known/openid-configuration` });
      // The portal gets the list when both responses have arrived, and the other one while it draws the rows.
      await page.addInitScript((delay) => {
        const realFetch = window.fetch;
        const waiting: Record<string, () => void> = {};
        window.fetch = async (...request) => {
          const answer = await realFetch(...request);
          const [name] = /providers\/list|session\/sign-out/.exec(answer.url) ?? [];
          if (!name) return answer;
          const whole = new Response(await answer.text(), { status: answer.status, headers: answer.headers });
          await new Promise<void>((resolve) => {
            waiting[name] = resolve;
            const { 'providers/list': list, 'session/sign-out': signOut } = waiting;
            if (!list || !signOut) return;
            list();
            setTimeout(signOut, delay);
          });
          return whole;
        };
      }, delay);
      const person = server.newPerson();
      await new SignInPage(page).signIn(person);
      await page.locator('summary').filter({ hasText: person.email }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page.getByText('You are signed out.')).toBeVisible();
    });
  }
});
