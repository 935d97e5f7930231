// Bringing files in the panel with a real browser: a line that is cut, a browser that is killed and goes on
// where it was, by the keyboard alone, and the plain form without scripts. With LONG_UPLOADS also 500
// MB over a shaped line and twenty files at once, beside which the service's memory is measured.
// node tests/browser/upload.mjs BASE runs this alone; SHOTS takes pictures.

import {createHash} from 'node:crypto';
import {closeSync, createReadStream, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync} from 'node:fs';
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startBrokenLine} from './broken_line.mjs';
import {launch, openContext, openPage} from './browser.mjs';
import {inFocus, Keyboard, textOf, unless} from './keyboard.mjs';
import {KilledBrowser} from './killed_browser.mjs';
import {look, send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';
import {claim, finish, note} from './report.mjs';

const kMebi = 1024 * 1024;
const kPiece = 8 * kMebi; // of an upload
const kPatience = 180000; // ms, for what takes as long as the machine wants
const kShots = process.env.SHOTS;
const kAccount = 'administratorka@narada.example';

async function picture(page, name) {
  if (!kShots) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.screenshot({path: `${kShots}/${name}-${width}.png`, fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

// A text of so many octets, no two of which are alike; returns its SHA-256.
function writeText(path, octets, seed) {
  const file = openSync(path, 'w');
  const hash = createHash('sha256');
  let left = octets;
  for (let i = 0; left > 0; ++i) {
    const line = `${createHash('sha256').update(`${seed} ${i}`).digest('hex')} zażółć gęślą jaźń\n`;
    const bytes = Buffer.from(line.repeat(512)).subarray(0, left);
    // Cut inside a letter it would be no UTF-8 any more.
    const whole = bytes.length === left ? Buffer.from('x'.repeat(left)) : bytes;
    hash.update(whole);
    writeSync(file, whole);
    left -= whole.length;
  }
  closeSync(file);
  return hash.digest('hex');
}

async function hashOf(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

// The content in the store of files, which calls it by its SHA-256.
function findBlob(folder, digest) {
  if (!existsSync(folder)) return null;
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true});
  const found = entries.find((entry) => entry.isFile() && join(entry.parentPath ?? entry.path, entry.name).replace(/[^0-9a-f]/g, '').endsWith(digest));
  return found ? join(found.parentPath ?? found.path, found.name) : null;
}

async function waitFor(what, condition) {
  for (const end = Date.now() + kPatience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

async function checkStored(site, digest, problems) {
  const blob = await waitFor('the content in the store', () => findBlob(join(site.data, 'materials'), digest));
  problems.push(...unless(await hashOf(blob) === digest, 'the stored content is another'));
}

// Once: every later context gets the cookies.
async function signIn(browser, site) {
  const context = await openContext(browser);
  const page = await openPage(context);
  await page.goto(`${site.base}/wejscie`);
  await page.fill('#email', kAccount);
  await send(page, 'form[action="/wejscie"] button');
  await page.goto(await signInLinkTo(site.mails, kAccount));
  await send(page, 'main form button');
  site.cookies = await context.cookies();
  await context.close();
}

async function openSignedIn(browser, site, options = {}) {
  const context = await openContext(browser, options);
  await context.addCookies(site.cookies);
  return context;
}

async function findMeeting(site) {
  const today = new Date().toISOString().slice(0, 10);
  const answer = await fetch(`${site.base}/api/v1/meetings?from=${today}&limit=1`);
  return (await answer.json()).items[0].id;
}

const room = (site) => `${site.base}/panel/spotkania/${site.meeting}/materialy`;
const firstRow = (page) => page.waitForSelector('[data-row] input[type="text"]', {timeout: kPatience});

async function save(page) {
  await send(page, '[data-form] button[type="submit"]:not([name])');
}

// What stands in the list under that title.
const cardOf = (page, title) => page.evaluate((words) => [...document.querySelectorAll('.material-cards > li')]
  .find((card) => card.querySelector('h3').textContent.trim() === words)?.textContent.replace(/\s+/g, ' ') ?? '', title);

// By its path: what playwright hands to a browser that it did not start itself goes through its own line.
async function chooseFile(page, path) {
  const client = await page.context().newCDPSession(page);
  const {root} = await client.send('DOM.getDocument');
  const {nodeId} = await client.send('DOM.querySelector', {nodeId: root.nodeId, selector: '#upload-files'});
  await client.send('DOM.setFileInputFiles', {nodeId, files: [path]});
  await client.detach();
}

// ---- A line that is cut, and a browser that is killed.

async function sendUntilKilled(own, line, site, path, problems) {
  const context = await own.open();
  await context.addCookies(site.cookies);
  const page = await context.newPage();
  await page.goto(`${room(site)}/nowe`);
  await chooseFile(page, path);
  await waitFor('the part before the kill', () => line.up >= line.stall);
  problems.push(...unless(line.cut === 2, `the line was cut ${line.cut} times`));
  await waitFor('the address of the upload on the disk', () => own.hasStored('tus::narada'));
  await own.kill();
}

async function goOnAndSave(own, line, site, path, title, problems) {
  line.breakOff();
  line.mend();
  const before = line.up;
  const context = await own.open();
  await context.addCookies(site.cookies);
  const page = await context.newPage();
  await page.goto(`${room(site)}/nowe`);
  await page.waitForSelector('[data-unfinished] li', {timeout: kPatience});
  const left = await textOf(page, '[data-unfinished] li');
  problems.push(...unless(left.includes(site.name), `what is unfinished says “${left}”`));
  await picture(page, 'upload-unfinished');
  await chooseFile(page, path);
  await firstRow(page);
  const sent = line.up - before;
  const size = statSync(path).size;
  problems.push(...unless(sent < size * 0.75, `${sent} of ${size} octets were sent again after 40 %`));
  const proposed = await page.inputValue('[name="title_1"]');
  problems.push(...unless(proposed === title, `the title is “${proposed}”`));
  await picture(page, 'upload-arrived');
  await save(page);
  problems.push(...unless(page.url().includes('zrobione=material_added'), `saving leads to ${page.url()}`));
  problems.push(...unless((await cardOf(page, title)).includes(site.name), 'the list does not show the file'));
}

async function bringOverBrokenLine(site, megabytes, rate, sentence) {
  const problems = [];
  const folder = mkdtempSync(join(tmpdir(), 'narada-upload-'));
  const size = megabytes * kMebi;
  // Both inside a piece: Chromium itself sends a piece again whose connection broke, from its
  // beginning, so that about one more goes up than arrives.
  const cuts = [size * 0.26, size * 0.35].map(Math.floor);
  const line = await startBrokenLine(site.base, {rate, cuts, stall: Math.floor(size * 0.4 + 1.5 * kPiece)});
  const own = new KilledBrowser(line.address);
  try {
    site.name = `Zażółć_gęślą-jaźń_${megabytes}.txt`;
    const path = join(folder, site.name);
    const digest = writeText(path, size, `${megabytes} ${process.pid}`);
    await sendUntilKilled(own, line, site, path, problems);
    await goOnAndSave(own, line, site, path, `Zażółć gęślą jaźń ${megabytes}`, problems);
    await checkStored(site, digest, problems);
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  } finally {
    await own.end();
    await line.close();
    rmSync(folder, {recursive: true, force: true});
  }
  claim(sentence, problems);
}

// ---- The keyboard alone, and the looks of the page.

const octetsOf = (name, text) => ({name, mimeType: 'text/plain', buffer: Buffer.from(text)});

async function bringByKeyboard(browser, site, language, problems) {
  const prefix = language === 'pl' ? '' : '/en';
  const context = await openSignedIn(browser, site, {locale: language === 'pl' ? 'pl-PL' : 'en-GB'});
  const page = await openPage(context);
  page.scripted = true;
  const home = `${site.base}${prefix}/panel/spotkania/${site.meeting}/materialy`;
  await page.goto(home);
  const keys = new Keyboard(page);
  await keys.follow(`a[href$="/materialy/nowe"]`);
  await look(page, `${prefix} new files`, problems);
  await picture(page, `files${prefix.replace('/', '-')}`);
  await keys.to('#upload-files');
  // What the picker of the operating system does, no page can.
  await page.setInputFiles('#upload-files', [octetsOf(`uchwała_${language}.txt`, `Projekt ${language} ${process.pid}`),
    octetsOf('program.exe', 'MZ'), octetsOf('pusty.txt', '')]);
  await firstRow(page);
  problems.push(...unless(await page.$$eval('[data-list] li', (rows) => rows.map(({dataset}) => dataset.state).join()) === 'refused,refused', 'a program and an empty file are not refused'));
  await look(page, `${prefix} a file that has arrived`, problems, false);
  await picture(page, `files-arrived${prefix.replace('/', '-')}`);
  await keys.fill('[name="title_1"]', '');
  await keys.follow('[data-form] button[type="submit"]:not([name])');
  problems.push(...unless(await inFocus(page, '.ds-error-summary'), 'the summary of errors is not in focus'));
  await look(page, `${prefix} a row without a title`, problems, false);
  await picture(page, `files-errors${prefix.replace('/', '-')}`);
  await keys.fill('[name="title_1"]', `Uchwała o wodzie (${language})`);
  await keys.follow('[data-form] button[type="submit"]:not([name])');
  problems.push(...unless((await cardOf(page, `Uchwała o wodzie (${language})`)) !== '', 'what was saved is not in the list'));
  await look(page, `${prefix} the list of materials`, problems);
  await picture(page, `materials${prefix.replace('/', '-')}`);
  problems.push(...page.troubles);
  return {context, page, home};
}

// Pause, resume and take off the list, while the line stands still.
async function pauseByKeyboard(browser, site, problems) {
  const context = await openSignedIn(browser, site);
  const page = await openPage(context);
  await page.goto(`${room(site)}/nowe`);
  let open = () => {};
  const gate = new Promise((resolve) => { open = resolve; });
  await page.route('**/api/v1/uploads**', async (route) => {
    if (route.request().method() === 'PATCH') await gate;
    await route.continue().catch(() => {});
  });
  await page.setInputFiles('#upload-files', octetsOf('notatka.txt', 'Notatka'));
  await page.waitForSelector('[data-list] li[data-state="sending"]');
  const keys = new Keyboard(page);
  const press = async (what, state) => {
    await keys.to(`button[data-do="${what}"]`);
    await page.keyboard.press('Space');
    await page.waitForSelector(`[data-list] li[data-state="${state}"]`);
  };
  await press('pause', 'paused');
  problems.push(...unless(await inFocus(page, 'button[data-do="resume"]'), 'after “pause” the focus is not on “resume” but on ' + await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200))));
  await press('resume', 'sending');
  open();
  await firstRow(page);
  await keys.to('button[data-do="drop"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-row]', {state: 'detached'});
  await page.reload();
  problems.push(...unless(await page.$('[data-row], [data-unfinished] li') === null, 'what was dropped comes back'));
  await context.close();
}

// Every page of the room.
async function lookAtRoom({page, home}, problems) {
  const links = {};
  for (const part of ['/link', '/podglad', '/podglad?jako=participant', '/podglad?jako=resident']) links[part] = home + part;
  const card = await page.$eval('.material-cards > li h3 a', (link) => link.href);
  for (const part of ['', '/wersja', '/usun']) links[`/{material}${part}`] = card + part;
  for (const [name, url] of Object.entries(links)) {
    await page.goto(url);
    await look(page, name, problems);
    await picture(page, `room${name.replace(/\W+/g, '-')}`);
  }
  await page.goto(links['/link']);
  await send(page, 'main form.form button[type="submit"]');
  await look(page, 'a link with errors', problems, false);
  problems.push(...page.troubles);
}

// ---- Without scripts.

async function bringWithoutScripts(browser, site, problems) {
  const context = await openSignedIn(browser, site, {javaScriptEnabled: false});
  const page = await openPage(context);
  await page.goto(`${room(site)}/nowe`);
  await page.setInputFiles('#file', octetsOf('Łąka – ćwiczenie.txt', `Ćwiczenie ${process.pid}`));
  await send(page, '.material-plain button[type="submit"]');
  const body = await page.textContent('main');
  problems.push(...unless(body.includes('Łąka – ćwiczenie.txt'), 'a file that came without a title is asked for again'));
  await page.fill('#title', 'Łąka: ćwiczenie');
  await send(page, '.material-plain button[type="submit"]');
  problems.push(...unless(page.url().includes('zrobione=material_added'), `the plain form leads to ${page.url()}`));
  problems.push(...unless((await page.textContent('.material-cards')).includes('Łąka: ćwiczenie'), 'the list does not show it'));
  const card = page.locator('.material-cards > li', {hasText: 'Łąka: ćwiczenie'});
  await card.locator('a[href$="/wersja"]').click();
  await page.setInputFiles('#file', octetsOf('Łąka – ćwiczenie 2.txt', `Ćwiczenie drugie ${process.pid}`));
  await page.fill('#note', 'Poprawione zadanie trzecie');
  await send(page, '.material-plain button[type="submit"]');
  problems.push(...unless((await page.textContent('.material-cards')).includes('Poprawione zadanie trzecie'), 'the list does not show the new version'));
  problems.push(...page.troubles);
  await context.close();
}

// ---- What is too long for every run.

const residentOf = () => {
  const status = readFileSync(`/proc/${process.env.SERVER_PID}/status`, 'utf8');
  return Number(status.match(/VmRSS:\s+(\d+) kB/)[1]) / 1024;
};

async function bringTwentyAtOnce(site) {
  const problems = [];
  const folder = mkdtempSync(join(tmpdir(), 'narada-twenty-'));
  const idle = residentOf();
  let most = idle;
  const watch = setInterval(() => { most = Math.max(most, residentOf()); }, 200);
  const browser = await launch();
  const began = Date.now();
  try {
    await Promise.all(Array.from({length: 20}, async (_, i) => {
      const name = `plik_${i}.txt`;
      const digest = writeText(join(folder, name), 100 * kMebi, `twenty ${i}`);
      const context = await openSignedIn(browser, site);
      const page = await openPage(context);
      await page.goto(`${room(site)}/nowe`);
      await page.setInputFiles('#upload-files', join(folder, name));
      await page.waitForSelector('[data-row] input[type="text"]', {timeout: 1800000});
      await save(page);
      await checkStored(site, digest, problems);
      await context.close();
    }));
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  } finally {
    clearInterval(watch);
    await browser.close();
    rmSync(folder, {recursive: true, force: true});
  }
  note(`20 files of 100 MiB at once: ${((Date.now() - began) / 1000).toFixed(0)} s; resident ${idle.toFixed(0)} MiB before, at most ${most.toFixed(0)} MiB`);
  problems.push(...unless(most - idle <= 64, `the service's memory grew by ${(most - idle).toFixed(0)} MiB`));
  claim('twenty uploads at once leave the memory of the service flat', problems);
}

async function bringLong(site) {
  const idle = residentOf();
  let most = idle;
  const watch = setInterval(() => { most = Math.max(most, residentOf()); }, 200);
  const began = Date.now();
  await bringOverBrokenLine(site, 500, 10 * kMebi, '500 MB over a shaped line that breaks, the browser killed at 40 %: the same content arrives');
  clearInterval(watch);
  note(`500 MiB at 10 MiB/s: ${((Date.now() - began) / 1000).toFixed(0)} s; resident ${idle.toFixed(0)} MiB before, at most ${most.toFixed(0)} MiB`);
  claim('500 MB leave the memory of the service flat', unless(most - idle <= 64, `it grew by ${(most - idle).toFixed(0)} MiB`));
  await bringTwentyAtOnce(site);
}

export async function bringFiles(browser, base, mails) {
  const site = {base, mails, data: process.env.NARADA_DATA ?? 'var'};
  site.meeting = await findMeeting(site);
  await signIn(browser, site);
  await bringOverBrokenLine(site, 40, 0, '40 MB over a line that is cut twice, the browser killed at 40 % and opened again: the rest is sent and the content is the same');
  const steps = {
    'files are brought by the keyboard alone (pl), and every page of the room holds what is asked of it': async (problems) => {
      const done = await bringByKeyboard(browser, site, 'pl', problems);
      await lookAtRoom(done, problems);
      await done.context.close();
    },
    'files are brought by the keyboard alone (en)': async (problems) => {
      await (await bringByKeyboard(browser, site, 'en', problems)).context.close();
    },
    'an upload is paused, resumed and taken off the list by the keyboard': (problems) => pauseByKeyboard(browser, site, problems),
    'a file and its new version are brought without scripts': (problems) => bringWithoutScripts(browser, site, problems),
  };
  for (const [sentence, step] of Object.entries(steps)) {
    const problems = [];
    try {
      await step(problems);
    } catch (error) {
      problems.push(error.message.split('\n')[0]);
    }
    claim(sentence, problems);
  }
  if (process.env.LONG_UPLOADS) await bringLong(site);
}

if (process.argv[1]?.endsWith('/upload.mjs')) {
  const browser = await launch();
  try {
    await bringFiles(browser, (process.argv[2] ?? '').replace(/\/$/, ''), `${process.env.NARADA_DATA ?? 'var'}/mail`);
  } finally {
    await browser.close();
  }
  process.exit(finish());
}
