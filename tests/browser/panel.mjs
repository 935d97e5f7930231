// The panel in a browser, signed in as the admin of the sample data: every page of it, forms with errors,
// a merge and an import on their way. axe, reflow, markup and the walk of the keyboard on each.

import {openContext, openPage} from './browser.mjs';
import {unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';
import {lookAtMessages} from './messages.mjs';
import {lookAtReminders} from './reminders.mjs';
import {claim} from './report.mjs';
import {lookAtSettings} from './settings.mjs';

const email = 'administratorka@narada.example';
const languages = {
  pl: {prefix: '', locale: 'pl-PL'},
  en: {prefix: '/en', locale: 'en-GB'},
};

async function open(page, path, problems) {
  const response = await page.goto(new URL(path, page.url()).href);
  problems.push(...unless(response.status() === 200, `${path} answers ${response.status()}`));
  await look(page, path, problems);
}

async function people(page, prefix, problems) {
  await open(page, `${prefix}/panel/osoby?rola=admin`, problems);
  await open(page, `${prefix}/panel/osoby/nowa`, problems);
  await send(page, 'main form.form button');
  await look(page, `${prefix}/panel/osoby/nowa with errors`, problems);
  await page.goto(new URL(`${prefix}/panel/osoby?q=${encodeURIComponent(email)}`, page.url()).href);
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

// Cycles, meetings, who comes, what was sent and what happened.
async function work(page, prefix, problems) {
  for (const path of ['cykle', 'terminy', 'terminy/szukaj', 'prowadzacy', 'zgloszenia', 'poczta', 'dziennik', 'prywatnosc']) await open(page, `${prefix}/panel/${path}`, problems);
  await open(page, `${prefix}/panel/cykle/nowy`, problems);
  await send(page, 'main form.planner button:not([data-variant]):not([hidden])');
  await look(page, `${prefix}/panel/cykle/nowy with errors`, problems);
  await open(page, `${prefix}/panel/spotkania/nowe`, problems);
  const listed = await (await page.context().request.get(new URL('/api/v1/meetings?limit=1', page.url()).href)).json();
  const meeting = listed.items[0].id;
  for (const part of ['dane', 'program', 'zapisy', 'statystyki']) await open(page, `${prefix}/panel/spotkania/${meeting}/${part}`, problems);
}

// What belongs to one meeting that is to come, and what belongs to none. Their texts differ between the
// languages, their shape does not: looked at once.
async function organizing(page, problems) {
  const listed = await (await page.context().request.get(new URL(`/api/v1/meetings?from=${new Date().toISOString().slice(0, 10)}&limit=1`, page.url()).href)).json();
  const {id} = listed.items[0];
  for (const part of ['miejsca', 'delegacje', 'pytania', 'pytania/nowe', 'potrzeby', 'zaproszenia', 'poczta', 'wyzwania', 'obecnosc', 'historia', 'usuniecie']) {
    await open(page, `/panel/spotkania/${id}/${part}`, problems);
  }
  await lookAtMessages(page, problems);
  await lookAtReminders(page, '', id, problems);
  for (const path of ['kosz', 'statystyki']) await open(page, `/panel/${path}`, problems);
}

async function signIn(page, base, mails, prefix) {
  await page.goto(`${base}${prefix}/wejscie`);
  await page.fill('#email', email);
  await send(page, `form[action="${prefix}/wejscie"] button`);
  await page.goto(await signInLinkTo(mails, email, prefix));
  await send(page, 'main form button');
}

export async function lookAtPanel(browser, base, mails, language) {
  const {prefix, locale} = languages[language];
  const context = await openContext(browser, {locale});
  const page = await openPage(context);
  page.scripted = true;
  const problems = [];
  try {
    await signIn(page, base, mails, prefix);
    await open(page, `${prefix}/panel`, problems);
    await work(page, prefix, problems);
    if (language === 'pl') await organizing(page, problems);
    await people(page, prefix, problems);
    await institutions(page, prefix, problems);
    await importing(page, prefix, problems);
    await lookAtSettings(page, prefix, problems);
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  problems.push(...page.troubles);
  claim(`the panel (${language}): no axe violation, no scroll at 320 px, clean markup, every stop of the keyboard seen`, problems);
  await context.close();
}
