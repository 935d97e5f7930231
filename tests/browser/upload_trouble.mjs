// Uploads in the page that meet with trouble: dropped from the desktop, the line gone, no space left, the
// session over. What has arrived stays, and the page says what to do.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openContext, openPage} from './browser.mjs';
import {textOf, unless} from './keyboard.mjs';
import {send} from './look.mjs';
import {enter, openSignedIn, picture, roomOf} from './material_room.mjs';
import {claim} from './report.mjs';

const kPiece = 8 * 1024 * 1024;
const kPatience = 60000; // ms

const stateIs = (page, state) => page.waitForSelector(`[data-list] li[data-state="${state}"]`, {timeout: kPatience});
const arrives = (page) => page.waitForSelector('[data-row] input[type="text"]', {timeout: kPatience});
const words = (page) => textOf(page, '[data-list] [data-state]:not(li)');

// Two pieces and a bit, unlike any other.
const twoPieces = (name) => ({name, mimeType: 'text/plain', buffer: Buffer.from(`${name} ${process.pid} `.padEnd(2 * kPiece + 99, 'x'))});

// The upload page with a file whose second piece meets `trouble(route)`, once.
async function beginUpload(context, site, name, trouble) {
  const page = await openPage(context);
  await page.goto(`${roomOf(site)}/nowe`);
  let pieces = 0;
  await page.route('**/api/v1/uploads/**', async (route) => {
    if (route.request().method() === 'PATCH' && ++pieces === 2) return trouble(route);
    return route.continue();
  });
  await page.setInputFiles('#upload-files', twoPieces(name));
  return page;
}

async function saveAll(page, problems) {
  await arrives(page);
  await send(page, '[data-form] button[type="submit"]:not([name])');
  problems.push(...unless(page.url().includes('zrobione=material_added'), `saving leads to ${page.url()}`));
}

// As the hand does it: two files from the desktop over the zone, and let go.
async function dropFiles(browser, site, problems) {
  const folder = mkdtempSync(join(tmpdir(), 'narada-drop-'));
  const files = ['Karta pracy.txt', 'Raport końcowy.txt'].map((name) => join(folder, name));
  for (const file of files) writeFileSync(file, `${file} ${process.pid}`);
  const context = await openSignedIn(browser, site);
  const page = await openPage(context);
  await page.goto(`${roomOf(site)}/nowe`);
  const zone = await page.locator('[data-zone]').boundingBox();
  const client = await context.newCDPSession(page);
  const point = {x: zone.x + zone.width / 2, y: zone.y + zone.height / 2, data: {items: [], files, dragOperationsMask: 1}};
  await client.send('Input.dispatchDragEvent', {type: 'dragEnter', ...point});
  await client.send('Input.dispatchDragEvent', {type: 'dragOver', ...point});
  problems.push(...unless(await page.locator('[data-zone][data-over]').count() === 1, 'the zone does not show that files are over it'));
  await client.send('Input.dispatchDragEvent', {type: 'drop', ...point});
  await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 2, null, {timeout: kPatience});
  const titles = await page.$$eval('[data-row] input[type="text"][name^="title"]', (inputs) => inputs.map(({value}) => value).sort());
  problems.push(...unless(titles.join() === 'Karta pracy,Raport końcowy', `the titles are ${titles}`),
    ...unless(await page.locator('[data-zone][data-over]').count() === 0, 'the zone stays as if files were over it'));
  await send(page, '[data-form] button[type="submit"]:not([name])');
  problems.push(...unless(page.url().includes('zrobione=materials_added'), `saving leads to ${page.url()}`), ...page.troubles);
  await context.close();
  rmSync(folder, {recursive: true, force: true});
}

async function loseLine(browser, site, problems) {
  const context = await openSignedIn(browser, site);
  const page = await beginUpload(context, site, 'Offline.txt', async (route) => {
    await context.setOffline(true);
    await route.abort('internetdisconnected');
  });
  await stateIs(page, 'waiting');
  problems.push(...unless((await words(page)).includes('Nie ma połączenia z internetem'), `without a line the page says “${await words(page)}”`));
  await picture(page, 'upload-offline');
  await context.setOffline(false);
  await saveAll(page, problems);
  await context.close();
}

async function findNoSpace(browser, site, problems) {
  const context = await openSignedIn(browser, site);
  const page = await beginUpload(context, site, 'Pelny dysk.txt', (route) => route.fulfill({status: 507, body: ''}));
  await stateIs(page, 'failed');
  problems.push(...unless((await words(page)).includes('brakuje miejsca'), `without space the page says “${await words(page)}”`));
  await picture(page, 'upload-no-space');
  await page.click('[data-list] button[data-do="resume"]');
  await saveAll(page, problems);
  await context.close();
}

// In another tab: out, and in again with a new session.
async function loseSession(browser, site, problems) {
  const context = await openContext(browser);
  const own = await openPage(context);
  await enter(own, site);
  const page = await beginUpload(context, site, 'Koniec sesji.txt', async (route) => {
    await own.goto(`${site.base}/moje`);
    await send(own, 'form[action$="/wyjscie"] button');
    await route.continue();
  });
  await stateIs(page, 'failed');
  problems.push(...unless((await words(page)).includes('Zaloguj się w drugiej karcie'), `after the session the page says “${await words(page)}”`));
  await picture(page, 'upload-signed-out');
  await enter(own, site);
  await page.click('[data-list] button[data-do="resume"]');
  await saveAll(page, problems);
  await context.close();
}

export async function uploadInTrouble(browser, site) {
  const steps = {
    'files that are dropped on the page are sent and saved': dropFiles,
    'an upload that loses the line says so and goes on by itself': loseLine,
    'an upload that finds no space says so and goes on when there is some': findNoSpace,
    'an upload whose session ends goes on after signing in again': loseSession,
  };
  for (const [sentence, step] of Object.entries(steps)) {
    const problems = [];
    await step(browser, site, problems).catch((error) => problems.push(error.message.split('\n')[0]));
    claim(sentence, problems);
  }
}
