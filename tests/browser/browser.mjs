// One Chromium for the whole run, and pages that remember what went wrong in them.

import {existsSync} from 'node:fs';
import {chromium} from 'playwright-core';

const executables = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const kArguments = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function executablePath() {
  const found = executables.find((path) => path && existsSync(path));
  if (!found) throw new Error('no Chromium found; install the package chromium or set CHROME_PATH');
  return found;
}

export async function launch() {
  return chromium.launch({executablePath: executablePath(), args: kArguments});
}

// A context as visitors have it. Reduced motion, because a page that still scrolls has no fixed places.
export async function openContext(browser, options = {}) {
  const context = await browser.newContext({
    viewport: {width: 1280, height: 900},
    locale: 'pl-PL',
    timezoneId: 'Europe/Warsaw',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15000);
  return context;
}

// A page whose `troubles` collect console errors, reports of the content security policy (Chromium
// writes them there), exceptions and requests that failed. An error page is no trouble by itself.
export async function openPage(context) {
  const page = await context.newPage();
  page.troubles = [];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const isOwnStatus = message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    if (!isOwnStatus) page.troubles.push(`${page.url()}: ${message.text().slice(0, 200)}`);
  });
  page.on('pageerror', (error) => page.troubles.push(`${page.url()}: ${error.message.slice(0, 200)}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') page.troubles.push(`${request.url()}: ${reason}`);
  });
  return page;
}

// Runs `work` on every item, `width` of them at a time, each worker with a page of its own.
export async function onPages(context, items, width, work) {
  const queue = [...items];
  const troubles = [];
  await Promise.all(Array.from({length: Math.min(width, queue.length)}, async () => {
    const page = await openPage(context);
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(page, item);
    troubles.push(...page.troubles);
    await page.close();
  }));
  return troubles;
}
