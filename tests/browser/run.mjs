// node tests/browser/run.mjs BASE: looks at every public page of a running installation with sample
// data as people meet it: in Chromium, on a desk and on a phone, light and dark, by keyboard, without
// JavaScript. Prints one sentence per claim and "N passed, N failed".

import {findOverflow, findViolations, kVariants, show, walk} from './accessibility.mjs';
import {launch, onPages, openContext} from './browser.mjs';
import {checkTheChecks} from './controls.mjs';
import {crawl} from './crawl.mjs';
import {lookAtExperts} from './experts.mjs';
import {findMistakes} from './markup.mjs';
import {lookAtMyPages} from './my.mjs';
import {registerByKeyboard} from './registration.mjs';
import {claim, finish, note} from './report.mjs';
import {lookAtPanel} from './panel.mjs';
import {lookAtSearch} from './search.mjs';
import {lookAtSecurityPages} from './security.mjs';
import {bringFiles} from './upload.mjs';
import {signInByKeyboard} from './sign_in.mjs';

const base = (process.argv[2] ?? process.env.BASE ?? '').replace(/\/$/, '');
if (!/^https?:\/\//.test(base)) {
  console.error('usage: node tests/browser/run.mjs http://127.0.0.1:PORT');
  process.exit(2);
}
// Where the installation puts its mails.
const mails = `${process.env.NARADA_DATA ?? 'var'}/mail`;
const kTabs = 3;
const kUnknown = ['/nie-ma-takiej-strony', '/en/nie-ma-takiej-strony'];
const started = Date.now();
const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;

// The first page of each value of `property`, in the order of the pages.
function oneOfEach(pages, property) {
  const first = new Map();
  for (const page of pages) if (!first.has(page[property])) first.set(page[property], page);
  return [...first.values()];
}

async function unknownPages() {
  const pages = [];
  const problems = [];
  for (const path of kUnknown) {
    const response = await fetch(base + path);
    if (response.status !== 404) problems.push(`${path} answers ${response.status}`);
    pages.push({path, html: await response.text(), kind: path, structure: path});
  }
  claim('an unknown path answers 404', problems);
  return pages;
}

async function checkMarkup(pages) {
  const problems = [];
  for (const page of pages) problems.push(...await findMistakes(page.path, page.html));
  claim(`html-validate finds no error on one page of each of ${pages.length} structures`, problems);
}

// What differs between pages of one structure.
function checkIds(pages) {
  const problems = [];
  for (const {path, html} of pages) {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    for (const id of new Set(ids.filter((one, at) => one === '' || ids.indexOf(one) !== at))) problems.push(`${path} has “${id}” twice`);
    for (const [, names] of html.matchAll(/\s(?:for|aria-labelledby|aria-describedby)="([^"]*)"/g))
      for (const name of names.split(' ')) if (!ids.includes(name)) problems.push(`${path} refers to #${name}, which is not there`);
  }
  claim(`ids are unique, and references to them right, on ${pages.length} pages`, problems);
}

function checkTexts(pages) {
  const problems = [];
  for (const {path, html} of pages) {
    const words = html.replace(/<script.*?<\/script>/gs, '').replace(/<[^>]*>/g, ' ');
    const missing = words.match(/\[[a-z_]+\.[a-z_.]+\]/);
    if (missing) problems.push(`${path} shows the key ${missing[0]} instead of its text`);
    const language = path === '/en' || path.startsWith('/en/') ? 'en' : 'pl';
    if (!html.includes(`<html lang="${language}">`)) problems.push(`${path} is not marked as ${language}`);
    if ((html.match(/<h1[\s>]/g) ?? []).length !== 1) problems.push(`${path} has not exactly one h1`);
    if (!html.includes('href="#tresc"') || !html.includes('id="tresc"')) problems.push(`${path} has no skip link`);
    if (!/\/deklaracja-dostepnosci"/.test(html)) problems.push(`${path} does not link to the accessibility statement`);
    if (!/<title>[^<]{3,} – /.test(html)) problems.push(`${path} has no title of its own`);
  }
  claim('every page has its language, one h1, a title of its own, a skip link and all its texts', problems);
}

function checkStatement(pages) {
  const once = ['wstep', 'podmiot', 'zakres', 'url', 'data-publikacja', 'data-aktualizacja', 'status', 'data-sporzadzenie', 'kontakt', 'email',
    'telefon', 'procedura', 'architektura', 'komunikacja'];
  const problems = [];
  for (const path of ['/deklaracja-dostepnosci', '/en/deklaracja-dostepnosci']) {
    const html = pages.find((page) => page.path === path)?.html ?? '';
    for (const name of once) {
      const count = html.split(`id="a11y-${name}"`).length - 1;
      if (count !== 1) problems.push(`${path} has a11y-${name} ${count} times`);
    }
    for (const name of once.filter((one) => one.startsWith('data-')))
      if (!new RegExp(`<time [^>]*id="a11y-${name}"[^>]*datetime="\\d{4}-\\d{2}-\\d{2}"`).test(html)) problems.push(`${path}: a11y-${name} is no date`);
  }
  claim('the accessibility statement has every id of the official template once', problems);
}

async function checkAxe(context, pages, variants, sentence) {
  const problems = [];
  const troubles = await onPages(context, pages, kTabs, async (page, {path}) => {
    await page.goto(base + path);
    for (const variant of variants) {
      await show(page, variant);
      for (const violation of await findViolations(page)) problems.push(`${path}, ${variant.width} px ${variant.scheme}: ${violation}`);
    }
  });
  claim(sentence, problems);
  return troubles;
}

// Every page in the browser: does it fit a small screen, does anything complain?
async function checkReflow(context, pages) {
  const problems = [];
  const troubles = await onPages(context, pages, kTabs, async (page, {path}) => {
    await show(page, {width: 320, height: 700, scheme: 'light'});
    await page.goto(base + path);
    for (const overflow of await findOverflow(page)) problems.push(`${path}: ${overflow}`);
  });
  claim(`${pages.length} pages need no horizontal scroll at 320 px`, problems);
  return troubles;
}

async function checkWalks(context, pages) {
  const problems = [];
  let stops = 0;
  const troubles = await onPages(context, pages, kTabs, async (page, {path}) => {
    await page.goto(base + path);
    const walked = await walk(page);
    stops += walked.stops.length;
    problems.push(...walked.problems.map((problem) => `${path}: ${problem}`));
    if (walked.stops.length < 10) problems.push(`${path} has only ${walked.stops.length} tab stops`);
  });
  claim(`focus is visible and never covered on ${stops} tab stops of ${pages.length} pages`, problems);
  return troubles;
}

async function checkWithoutScripts(browser, pages) {
  const context = await openContext(browser, {javaScriptEnabled: false});
  const problems = [];
  const troubles = await onPages(context, pages, kTabs, async (page, {path}) => {
    await page.goto(base + path);
    const text = await page.evaluate(() => document.querySelector('main').innerText.trim());
    if (text.length < 40) problems.push(`${path} shows only “${text}”`);
  });
  claim(`${pages.length} pages show their contents without JavaScript`, problems);
  await context.close();
  return troubles;
}

const {pages, broken, checked} = await crawl(base, ['/', '/en/']);
claim(`${checked} internal addresses answer 200`, broken);
const all = [...pages, ...await unknownPages()];
const kinds = oneOfEach(all, 'kind');
// An English page has the same contents as its Polish twin; its own words are in the structures.
const distinct = oneOfEach(all, 'structure');
const structures = distinct.filter((page) => !kinds.includes(page));
const narrow = [...new Set([...all.filter((page) => !page.path.startsWith('/en')), ...distinct, ...kinds])];
note(`${all.length} pages of ${kinds.length} kinds and ${distinct.length} structures, ${seconds()}`);
checkTexts(all);
checkStatement(all);
checkIds(all);

const browser = await launch();
try {
  const markup = checkMarkup(distinct);
  const context = await openContext(browser);
  const troubles = [];
  troubles.push(...await checkReflow(context, narrow));
  note(seconds());
  troubles.push(...await checkAxe(context, kinds, kVariants,
    `axe finds nothing on one page of each of ${kinds.length} kinds, at 1280 and 390 px, light and dark`));
  note(seconds());
  troubles.push(...await checkAxe(context, structures, kVariants.slice(0, 1), `axe finds nothing on the ${structures.length} further structures`));
  note(seconds());
  troubles.push(...await checkWalks(context, kinds));
  troubles.push(...await checkWithoutScripts(browser, kinds));
  claim('no page has console errors, policy reports or failed requests', [...new Set(troubles)]);
  await context.close();
  await markup;
  note(seconds());
  for (const language of ['pl', 'en'])
    for (const scripted of [true, false]) {
      await registerByKeyboard(browser, base, language, scripted);
      await signInByKeyboard(browser, base, mails, language, scripted);
    }
  for (const language of ['pl', 'en']) await lookAtMyPages(browser, base, mails, language);
  for (const language of ['pl', 'en']) await lookAtSecurityPages(browser, base, mails, language);
  for (const language of ['pl', 'en']) await lookAtPanel(browser, base, mails, language);
  for (const language of ['pl', 'en']) await lookAtExperts(browser, base, mails, language);
  for (const language of ['pl', 'en']) await lookAtSearch(browser, base, language);
  await bringFiles(browser, base, mails);
  await checkTheChecks(browser, base);
} finally {
  await browser.close();
}
note(seconds());
process.exit(finish());
