import { type Page } from '@playwright/test';

import { SignInPage } from '../fixtures/pages/sign-in';
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

// A response that arrives after its page was left must have no effect: it once ended the portal with a panic.
test.describe('a page that is left while it loads', () => {
  test.use({ ownPerson: true });

  for (const [from, link, calls] of [
    ['/providers', 'Audit log', '**/_ui/fn/providers/list'],
    ['/audit', 'Providers', '**/_ui/fn/audit/list'],
    ['/settings/administrators', 'Providers', '**/_ui/fn/administrators/list'],
    ['/settings/tokens', 'Audit log', '**/_ui/fn/tokens/list'],
    ['/settings/account', 'Providers', '**/_ui/fn/session/list'],
  ]) {
    test(`${from} for another one`, async ({ page, server, issuer }) => {
      await server.createProvider({ provider: `left-${link.length}${from.length}`, label: `Left ${from}`, discovery_url: `${issuer}/.well-known/openid-configuration` });
      const release = await holdBack(page, calls);
      await page.goto(from);
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link }).click();
      await expect(page.getByRole('heading', { level: 1, name: link })).toBeFocused();
      const answered = page.waitForResponse(calls);
      await release();
      await answered;
      await expect(page.getByRole('table', { name: link })).toBeVisible();
    });
  }

  test('by signing out', async ({ page, person, server, issuer }) => {
    await server.createProvider({ provider: 'left-out', label: 'Left out', discovery_url: `${issuer}/.well-known/openid-configuration` });
    const release = await holdBack(page, '**/_ui/fn/providers/list');
    await page.goto('/providers');
    await page.locator('summary').filter({ hasText: person.email }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    const answered = page.waitForResponse('**/_ui/fn/providers/list');
    await release();
    await answered;
    await page.getByLabel('Email address').fill('the page still works');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('This email address and password do not match.')).toBeVisible();
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
