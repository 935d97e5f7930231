// The room of a meeting's materials, for those who bring them in a test: signing in once, and the meeting.

import {openContext, openPage} from './browser.mjs';
import {send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';

const kAccount = 'administratorka@narada.example';
const kPatience = 120000; // ms, for what takes as long as the machine wants
const kShots = process.env.SHOTS;

export async function picture(page, name) {
  if (!kShots) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.screenshot({path: `${kShots}/${name}-${width}.png`, fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

export async function waitFor(what, condition) {
  for (const end = Date.now() + kPatience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

export async function enter(page, site) {
  await page.goto(`${site.base}/wejscie`);
  await page.fill('#email', kAccount);
  await send(page, 'form[action="/wejscie"] button');
  await page.goto(await signInLinkTo(site.mails, kAccount));
  await send(page, 'main form button');
}

// Sets site.cookies, which every later context gets, and the meeting: {meeting, slug}.
export async function signIn(browser, site) {
  const context = await openContext(browser);
  await enter(await openPage(context), site);
  site.cookies = await context.cookies();
  await context.close();
  const today = new Date().toISOString().slice(0, 10);
  const [meeting] = (await (await fetch(`${site.base}/api/v1/meetings?from=${today}&limit=1`)).json()).items;
  site.meeting = meeting.id;
  site.slug = meeting.slug;
}

export async function openSignedIn(browser, site, options = {}) {
  const context = await openContext(browser, options);
  await context.addCookies(site.cookies);
  return context;
}

export const roomOf = (site) => `${site.base}/panel/spotkania/${site.meeting}/materialy`;
