// The panel in a browser, signed in as an admin: every page of it, forms with errors, a merge and an
// import on their way. axe, reflow, markup and the walk of the keyboard on each.
// usage: tests/browser/start.sh BUILD node tests/browser/panel.mjs BUILD/service/narada

import {execFileSync} from 'node:child_process';
import {walk} from './accessibility.mjs';
import {launch, openContext, openPage} from './browser.mjs';
import {inspect, textOf, unless} from './keyboard.mjs';
import {findMistakes} from './markup.mjs';
import {claim, finish} from './report.mjs';

const [narada, base] = process.argv.slice(2);
const email = 'ada@urzad.example';
const run = (...words) => execFileSync(narada, words, {encoding: 'utf8'}).trim();

async function send(page, selector) {
  await Promise.all([page.waitForEvent('load'), page.click(selector)]);
}

async function look(page, sentence, problems) {
  await inspect(page, sentence, problems);
  const sent = await page.context().request.get(page.url());
  if (sent.status() === 200) problems.push(...await findMistakes(sentence, await sent.text()));
  const walked = await walk(page);
  problems.push(...walked.problems.map((problem) => `${sentence}: ${problem}`));
  const missing = (await textOf(page, 'body')).match(/\[[a-z_]+\.[a-z_.]+\]/);
  problems.push(...unless(missing === null, `${sentence} shows a key instead of its text: ${missing}`));
}

async function open(page, path, problems) {
  const response = await page.goto(base + path);
  problems.push(...unless(response.status() === 200, `${path} answers ${response.status()}`));
  await look(page, path, problems);
}

async function people(page, prefix, problems) {
  await open(page, `${prefix}/panel/osoby?rola=admin`, problems);
  await open(page, `${prefix}/panel/osoby/nowa`, problems);
  await send(page, 'main form.form button');
  await look(page, `${prefix}/panel/osoby/nowa with errors`, problems);
  await page.goto(`${base}${prefix}/panel/osoby?q=${encodeURIComponent(email)}`);
  await send(page, 'main table a');
  await look(page, `${prefix}/panel/osoby/{id}`, problems);
  await send(page, 'main table a');
  await look(page, 'the question before a role is revoked', problems);
}

async function institutions(page, prefix, problems) {
  await open(page, `${prefix}/panel/instytucje`, problems);
  await open(page, `${prefix}/panel/instytucje/nowa`, problems);
  await send(page, 'main form.form button');
  await look(page, `${prefix}/panel/instytucje/nowa with errors`, problems);
  await page.fill('#name', 'UM Gliwice (drugi wpis)');
  await page.selectOption('#kind', 'other');
  await send(page, 'main form.form button');
  await look(page, `${prefix}/panel/instytucje/{id}`, problems);
  const path = new URL(page.url()).pathname.slice(prefix.length);
  await open(page, `${prefix}${path}/polacz`, problems);
  await page.fill('#into', '2466011');
  await send(page, 'main form.form button');
  await look(page, 'what a merge would move', problems);
  await send(page, 'main form button');
  await look(page, `${prefix}/panel/instytucje/polaczenia`, problems);
  await open(page, `${prefix}${path}`, problems);
}

async function importing(page, prefix, problems) {
  await open(page, `${prefix}/panel/instytucje/import`, problems);
  await page.fill('#csv', 'teryt;nazwa;rodzaj;ludność\n2466011;Gliwice;miasto na prawach powiatu;1\n246;;gmina;wiele\n');
  await send(page, 'main form.form button');
  await look(page, 'a preview with wrong rows', problems);
  await page.setInputFiles('#file', {name: 'gminy.csv', mimeType: 'text/csv',
    buffer: Buffer.from(`teryt;nazwa;rodzaj\n${prefix ? 9999022 : 9999011};Gmina z pliku;gmina wiejska\n2466011;Gliwice${prefix};miasto na prawach powiatu\n`)});
  await send(page, 'main form.form button');
  await look(page, 'a preview', problems);
  await send(page, 'main form.form button');
  problems.push(...unless(page.url().endsWith('zrobione=imported'), `storing the file leads to ${page.url()}`));
}

async function lookIn(browser, prefix, locale) {
  const context = await openContext(browser, {locale});
  const page = await openPage(context);
  page.scripted = true;
  const problems = [];
  try {
    await page.goto(run('sign-in-link', '--email', email));
    await send(page, 'main form button');
    await open(page, `${prefix}/panel`, problems);
    await people(page, prefix, problems);
    await institutions(page, prefix, problems);
    await importing(page, prefix, problems);
    if (process.env.SHOTS) {
      for (const [name, path] of [['panel', '/panel'], ['osoby', '/panel/osoby'], ['instytucje', '/panel/instytucje'], ['nowa', '/panel/osoby/nowa']]) {
        await page.goto(base + prefix + path);
        await page.screenshot({path: `${process.env.SHOTS}/${name}.png`, fullPage: true});
        await page.setViewportSize({width: 390, height: 844});
        await page.screenshot({path: `${process.env.SHOTS}/${name}-390.png`, fullPage: true});
        await page.setViewportSize({width: 1280, height: 900});
      }
    }
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  problems.push(...page.troubles);
  claim(`the panel ${prefix === '' ? 'in Polish' : 'in English'}: no axe violation, no scroll at 320 px, clean markup, every stop of the keyboard seen`, problems);
  await context.close();
}

run('user', 'add', '--email', email, '--name', 'Ada Admin', '--role', 'admin');
const browser = await launch();
await lookIn(browser, '', 'pl-PL');
await lookIn(browser, '/en', 'en-GB');
await browser.close();
process.exit(finish());
