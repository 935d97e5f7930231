// Files that somebody would hurt readers with, each brought through the page of a meeting by its
// organizer and opened by a visitor: from its page, by its address, as a picture, as a script of our
// origin, and out of the archive. Nothing of them runs. Then photos, and uploads that go wrong.
// node tests/browser/files.mjs BASE with UNIT_TESTS, the binary that has the files; SHOTS takes pictures.

import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {launch, openContext, openPage} from './browser.mjs';
import {lookAtGallery} from './gallery.mjs';
import {unless} from './keyboard.mjs';
import {send} from './look.mjs';
import {openSignedIn, roomOf, signIn, waitFor} from './material_room.mjs';
import {claim, finish} from './report.mjs';
import {uploadInTrouble} from './upload_trouble.mjs';

const kAtOnce = 4; // pages
const kTurning = /[\u202A-\u202E\u2066-\u2069]/; // what turns the writing around
const kRefusals = JSON.parse(readFileSync(new URL('../../web/locales/pl/files.json', import.meta.url), 'utf8'));

// The rows of tests/support/hostile_files.h: {what, name, bytes, refusal, media_type}.
function loadRows() {
  const folder = mkdtempSync(join(tmpdir(), 'narada-hostile-'));
  try {
    execFileSync(process.env.UNIT_TESTS, ['-tc=hostile files are written to the folder*'],
      {env: {...process.env, NARADA_HOSTILE_FOLDER: folder}, stdio: ['ignore', 'ignore', 'inherit']});
    const rows = JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8'));
    return rows.map((row, i) => {
      const bytes = readFileSync(join(folder, row.content));
      return {...row, bytes, digest: createHash('sha256').update(bytes).digest('hex'), title: `Wiersz ${i + 1} testu`};
    });
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

async function shareOut(items, work) {
  const queue = [...items];
  await Promise.all(Array.from({length: kAtOnce}, async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  }));
}

// ---- As the organizer brings them.

// By the plain form, which sends whatever is chosen; the picker of the script looks at the ending first.
async function bring(context, site, row) {
  const page = await context.newPage();
  await page.goto(`${roomOf(site)}/nowe`);
  await page.setInputFiles('#file', {name: row.name, mimeType: row.media_type || 'application/pdf', buffer: row.bytes});
  await page.fill('#title', row.title);
  await send(page, '.material-plain button[type="submit"]');
  row.is_added = page.url().includes('zrobione=material_added');
  await page.close();
}

const readCards = (page) => page.$$eval('.material-cards > li', (cards) => cards.map((card) => ({
  title: card.querySelector('h3').textContent.trim(),
  id: card.id.replace('material-', ''),
  state: card.querySelector('.ds-tag').textContent.trim(),
  text: card.textContent,
})));

// What became of each, once all have been looked into.
async function readOutcomes(context, site, rows) {
  const page = await context.newPage();
  const cards = await waitFor('the inspection of all files', async () => {
    await page.goto(roomOf(site));
    const found = await readCards(page);
    return found.some(({state}) => ['sprawdzanie', 'zapisywanie'].includes(state)) ? null : found;
  });
  await page.close();
  for (const row of rows) row.card = cards.find(({title}) => title === row.title);
}

// One content has one outcome, whatever names it came by.
function checkOutcome(row, rows) {
  if (!row.is_added || !row.card) return ['it was not added'];
  if (!row.refusal) return unless(row.card.state === 'gotowy', `it is “${row.card.state}”, not ready`);
  const same = rows.filter(({digest}) => digest === row.digest).map(({refusal}) => kRefusals[`file.refusal_${refusal}`]);
  return [...unless(row.card.state === 'odrzucony', `it is “${row.card.state}”, not refused`),
    ...unless(same.some((words) => row.card.text.includes(words)), 'the reason of its refusal is not shown')];
}

// ---- As a visitor opens them.

const hasRun = (page) => page.evaluate(() => window.ran !== undefined).catch(() => false);

// What comes of the address in a window of its own: {ran, type}, without a type where it is saved.
export async function openAlone(context, url) {
  const page = await context.newPage();
  try {
    const isSaved = await page.goto(url).then(() => false, (error) => /Download is starting|ERR_ABORTED/.test(error.message));
    if (isSaved) return {ran: await hasRun(page), type: ''};
    await page.waitForTimeout(50);
    return {ran: await hasRun(page), type: await page.evaluate(() => document.contentType).catch(() => '')};
  } finally {
    await page.close();
  }
}

// Whether a page of the same origin could run it.
export async function runsAsScript(page, url) {
  await page.evaluate((address) => new Promise((resolve) => {
    delete window.ran;
    const script = document.createElement('script');
    script.src = address;
    script.onload = script.onerror = resolve;
    document.head.append(script);
  }), url);
  return hasRun(page);
}

function checkHeaders(row, answer) {
  const header = (name) => answer.headers()[name] ?? '';
  const disposition = header('content-disposition');
  const policy = header('content-security-policy');
  return [
    ...unless(answer.status() === 200, `the file answers ${answer.status()}`),
    ...unless(header('x-content-type-options') === 'nosniff', 'its type may be guessed'),
    ...unless(header('content-type').startsWith(row.media_type), `its type is ${header('content-type')}`),
    ...unless(disposition.startsWith('attachment') || policy.includes('sandbox') || row.media_type === 'application/pdf', 'it is neither attached nor in a sandbox'),
    ...unless(policy.includes("default-src 'none'"), `its policy is “${policy}”`),
    ...unless(!kTurning.test(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')), 'its name turns the writing around'),
    ...unless(disposition.length < 1500, 'its name is longer than systems take'),
  ];
}

// Its page at 390 px: the name is shown whole and cannot turn what stands beside it.
async function checkPage(page, site, row) {
  await page.goto(`${site.base}/materialy/${row.card.id}`);
  const seen = await page.evaluate(() => ({
    text: document.querySelector('main').textContent,
    overflow: document.documentElement.scrollWidth - innerWidth,
    broken: [...document.querySelectorAll('main img')].filter((img) => img.complete && img.naturalWidth === 0).length,
    files: [...document.querySelectorAll('main a')].map((a) => a.href).filter((href) => /\/materialy\/\d+\/\d+\//.test(href)),
    pictures: [...document.querySelectorAll('main img')].map((img) => img.src),
  }));
  row.addresses = [...new Set([...seen.files, ...seen.pictures, `${site.base}/materialy/${row.card.id}/1/miniatura`])];
  row.file = seen.files[0];
  return [
    ...unless(!await hasRun(page), 'its page runs it'),
    ...unless(!kTurning.test(seen.text), 'its page shows a name that turns around'),
    ...unless(seen.overflow <= 0, `its page is ${seen.overflow} px too wide`),
    ...unless(seen.broken === 0, 'its picture is broken'),
    ...unless(row.file !== undefined, 'its page leads to no file'),
  ];
}

async function openAsVisitor(context, site, row) {
  const page = await openPage(context);
  const problems = await checkPage(page, site, row);
  if (row.file) {
    problems.push(...checkHeaders(row, await context.request.get(row.file)));
    for (const address of row.addresses) {
      const opened = await openAlone(context, address);
      const isAbsent = address.endsWith('/miniatura') && opened.type === 'text/html' && (await context.request.get(address)).status() === 404;
      problems.push(...unless(!opened.ran, `${address} runs`),
        ...unless(isAbsent || !/html|svg|xml/.test(opened.type), `${address} shows as ${opened.type}`),
        ...unless(!await runsAsScript(page, address), `${address} runs as a script`));
    }
  }
  await page.close();
  return problems;
}

async function checkRefused(context, organizer, site, row) {
  const problems = [];
  for (const [who, reader] of [['a visitor', context], ['its organizer', organizer]]) {
    for (const part of ['1/plik.pdf', '1/miniatura', '1/zdjecie', 'plik']) {
      const {status} = await reader.request.get(`${site.base}/materialy/${row.card.id}/${part}`, {maxRedirects: 0}).then((answer) => ({status: answer.status()}));
      problems.push(...unless(status === 404, `${part} answers ${status} to ${who}`));
    }
  }
  return problems;
}

// ---- Out of the archive.

// The names in the directory at its end (APPNOTE 4.3.12).
export function namesInArchive(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const names = [];
  for (let at = bytes.readUInt32LE(end + 16), left = bytes.readUInt16LE(end + 10); left > 0; --left) {
    const length = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}

async function checkArchive(context, site, rows) {
  const answer = await context.request.get(`${site.base}/spotkania/${site.slug}/materialy.zip`);
  const bytes = await answer.body();
  const names = namesInArchive(bytes);
  const isUnsafe = (name) => name.startsWith('/') || /[\\:\0-\x1f]/.test(name) || kTurning.test(name) || name.split('/').some((part) => part === '..' || part.length > 140);
  const problems = names.filter(isUnsafe).map((name) => `the archive holds ${JSON.stringify(name)}`);
  const ready = rows.filter(({refusal}) => !refusal);
  problems.push(...unless(answer.headers()['x-content-type-options'] === 'nosniff' && answer.headers()['content-disposition'].startsWith('attachment'), 'the archive is no attachment'));
  for (const row of ready) problems.push(...unless(row.media_type.startsWith('image/jp') || bytes.includes(row.bytes), `${row.what} is not in the archive`));
  const refused = rows.filter(({refusal, bytes: content}) => refusal && content.length > 40 && !ready.some((one) => one.bytes.includes(content)));
  for (const row of refused) problems.push(...unless(!bytes.includes(row.bytes), `${row.what} is in the archive though it is refused`));
  return problems;
}

// ---- The controls: the same ways notice what would run.

async function checkControls(context, rows) {
  const bytesOf = (what) => rows.find((row) => row.what === what).bytes;
  const answers = {
    '/': ['text/html', '<!DOCTYPE html><title>x</title>'],
    '/page': ['text/html', bytesOf('a page')],
    '/script': ['text/javascript', bytesOf('a picture that is a script too')],
  };
  const server = createServer((request, response) => {
    const [type, body] = answers[request.url] ?? ['text/plain', ''];
    response.writeHead(200, {'Content-Type': type}).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const page = await context.newPage();
  await page.goto(base);
  const alone = await openAlone(context, `${base}/page`);
  const problems = [...unless(alone.ran && alone.type === 'text/html', 'a page that runs is not noticed'),
    ...unless(await runsAsScript(page, `${base}/script`), 'a picture that runs as a script is not noticed')];
  await page.close();
  server.close();
  return problems;
}

// ---- All of it.

async function bringHostileFiles(browser, site) {
  const rows = loadRows();
  const [bad, harmless] = [rows.filter(({refusal}) => refusal), rows.filter(({refusal}) => !refusal)];
  const organizer = await openSignedIn(browser, site, {javaScriptEnabled: false});
  const visitor = await openContext(browser, {viewport: {width: 390, height: 844}});
  // Those that are refused first: the same content under a name that fits is taken later.
  const checks = [[bad, (row) => checkRefused(visitor, organizer, site, row)], [harmless, (row) => openAsVisitor(visitor, site, row)]];
  const [outcomes, opened] = [unless(rows.length >= 40, 'there are fewer than 40'), []];
  for (const [some, check] of checks) {
    await shareOut(some, (row) => bring(organizer, site, row));
    await readOutcomes(organizer, site, some);
    await shareOut(some, async (row) => {
      const name = (problem) => `${row.what}: ${problem}`;
      outcomes.push(...checkOutcome(row, some).map(name));
      if (row.card) opened.push(...(await check(row)).map(name));
    });
  }
  claim(`each of ${rows.length} hostile files is refused with its reason, or taken as what it is`, outcomes);
  claim('what is refused nobody gets; what is taken neither runs nor shows as a page: from its page, by its addresses, as a picture, as a script', opened);
  claim('the archive holds what is taken under names that every system can unpack, and nothing else', await checkArchive(visitor, site, rows));
  claim('the same ways notice a page and a picture that run', await checkControls(visitor, rows));
  await organizer.close();
  await visitor.close();
}

const browser = await launch();
try {
  const site = {base: (process.argv[2] ?? '').replace(/\/$/, ''), mails: `${process.env.NARADA_DATA ?? 'var'}/mail`};
  await signIn(browser, site);
  await bringHostileFiles(browser, site);
  await lookAtGallery(browser, site);
  await uploadInTrouble(browser, site);
} finally {
  await browser.close();
}
process.exit(finish());
