// node tests/browser/delegation.mjs BASE [DIR]: what people of an office do with places, by the keyboard
// alone: a table of names by paste, a superior's consent, a place handed over, a place that is offered, the
// organizer's pages of that meeting with a group of challenges, and its deletion. axe, reflow at 320 px,
// markup and the walk of the keyboard on each page. The meetings are made by the API with a token of an
// organizer. Pictures go to DIR when one is given.

import {execFileSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {launch, openContext, openPage} from './browser.mjs';
import {Keyboard, textOf, unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {linkTo, signInLinkTo} from './mailbox.mjs';
import {claim, finish} from './report.mjs';

const base = (process.argv[2] ?? '').replace(/\/$/, '');
const pictures = process.argv[3] ?? process.env.PICTURES;
const mails = `${process.env.NARADA_DATA ?? 'var'}/mail`;
const program = process.env.PROGRAM;
if (!/^https?:\/\//.test(base) || !program) {
  console.error('usage: PROGRAM=BUILD/service/narada node tests/browser/delegation.mjs http://127.0.0.1:PORT [DIR]');
  process.exit(2);
}
if (pictures) mkdirSync(pictures, {recursive: true});
const email = 'organizator@narada.example';
const token = execFileSync(program, ['token', 'create', '--role', 'organizer']).toString().trim().split(/\s+/).pop();

async function api(page, method, path, data = {}) {
  const answer = await page.context().request.fetch(`${base}/api/v1${path}`,
    {method, data, headers: {authorization: `Bearer ${token}`}});
  const body = await answer.json();
  if (!answer.ok()) throw new Error(`${method} ${path}: ${JSON.stringify(body)}`);
  return body;
}

// Published, 60 days from now.
async function addMeeting(page, more) {
  const day = new Date(Date.now() + 60 * 86400000).toISOString().slice(0, 10);
  const made = await api(page, 'POST', '/meetings', {title: 'Przystanki bez barier', form: 'workshop',
    starts_at: `${day}T10:00:00`, ends_at: `${day}T14:00:00`, capacity: {onsite: 3}, ...more});
  return api(page, 'POST', `/meetings/${made.id}/publish`);
}

async function open(page, path, problems, name) {
  const response = await page.goto(new URL(path, base).href);
  problems.push(...unless(response.status() === 200, `${path} answers ${response.status()}`));
  await look(page, name ?? path, problems);
  await picture(page, name ?? path);
}

async function picture(page, name) {
  if (!pictures) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.screenshot({path: `${pictures}/${name.replace(/\W+/g, '-')}-${width}.png`, fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

const browser = await launch();
const context = await openContext(browser);
const page = await openPage(context);
page.scripted = true;
const keyboard = new Keyboard(page);
const problems = [];
try {
  await page.goto(`${base}/wejscie`);
  await page.fill('#email', email);
  await send(page, 'form[action="/wejscie"] button');
  await page.goto(await signInLinkTo(mails, email));
  await send(page, 'main form button');

  const meeting = await addMeeting(page);

  // Names by paste, one of them broken.
  await open(page, `/delegacja/${meeting.id}?instytucja=gliwice`, problems, 'delegacja');
  await keyboard.fill('main input[type="number"]', '2');
  await keyboard.follow('main button', 'Zapisz liczbę miejsc');
  await keyboard.to('#names');
  await page.keyboard.insertText('Anna Lis; anna.lis@gliwice.example; inspektorka\nBez Adresu;;');
  await keyboard.follow('main button', 'Sprawdź przed zapisaniem');
  await look(page, 'delegacja with a broken row', problems, false);
  await picture(page, 'delegacja-wklejone');
  problems.push(...unless((await textOf(page, 'main')).includes('Bez Adresu'), 'the broken row is gone'));
  claim('a table of names is filled by paste, and broken rows stay', problems.splice(0));

  // A superior is asked, looks at the page, and says no and yes.
  await api(page, 'POST', '/institutions/2466011/consent', {wants_consent: true});
  await page.goto(`${base}/delegacja/${meeting.id}?instytucja=gliwice`);
  await keyboard.to('#names');
  await page.keyboard.insertText('Łucja Żółć; lucja@gliwice.example; inspektorka; szefowa@gliwice.example');
  await keyboard.follow('main button', 'Sprawdź przed zapisaniem');
  await keyboard.follow('main button', 'Zapisz 1 osobę');
  const question = new URL(await linkTo(mails, 'szefowa@gliwice.example', /http\S*\/zgoda\/[\w-]+/)).pathname;
  await open(page, question, problems, 'zgoda');
  problems.push(...unless((await textOf(page, 'main')).includes('Łucja Żółć'), 'the question does not say who wants to go'));
  await keyboard.follow('main form button', await textOf(page, 'main form button'));
  await look(page, 'a consent that has been given', problems);
  await picture(page, 'zgoda-dana');
  problems.push(...unless((await textOf(page, '[role=status]')).includes('Zgoda zapisana'), 'the consent was not taken'));
  await api(page, 'POST', '/institutions/2466011/consent', {wants_consent: false});
  claim('a superior agrees by the keyboard alone', problems.splice(0));

  // Who is first in line is offered the place that somebody gives back.
  const small = await addMeeting(page, {title: 'Warsztat z jednym miejscem', capacity: {onsite: 1}});
  await page.goto(`${base}/panel/spotkania/${small.id}/miejsca`);
  await page.click('details:has(#offer_hours) > summary');
  await page.fill('#offer_hours', '24');
  await send(page, 'main form.form button[value=save]');
  const people = [];
  for (const name of ['Adam', 'Beata'])
    people.push(await api(page, 'POST', `/meetings/${small.id}/registrations`,
      {full_name: `${name} Mak`, email: `${name}.mak@bytom.example`, institution: '2462011', mode: 'onsite', consent: true}));
  await api(page, 'POST', `/registrations/${people[0].id}/cancel`);
  const offered = new URL(people[1].manage_url).pathname;
  await open(page, offered, problems, 'z-propozycja');
  problems.push(...unless((await textOf(page, 'main')).includes('Trzymamy dla Ciebie miejsce'), 'nothing says that a place is held'));
  await keyboard.follow('main .ds-alert button');
  await look(page, 'an offer that has been taken', problems, false);
  await picture(page, 'z-propozycja-przyjeta');
  problems.push(...unless((await api(page, 'GET', `/registrations/${people[1].id}`)).status === 'confirmed', 'the offered place is not theirs'));
  claim('an offered place is taken by the keyboard', problems.splice(0));

  // A place handed over on the person's own page.
  const receipt = await api(page, 'POST', `/meetings/${meeting.id}/registrations`,
    {full_name: 'Jan Kos', email: 'jan.kos@gliwice.example', institution: '2466011', mode: 'onsite', consent: true});
  const own = new URL(receipt.manage_url).pathname;
  await open(page, own, problems, 'z');
  await open(page, `${own}/przekazanie`, problems, 'przekazanie');
  await keyboard.fill('#full_name', 'Ewa Kos');
  await keyboard.fill('#email', 'ewa.kos@gliwice.example');
  await keyboard.follow('main form button');
  await look(page, 'a place handed over', problems, false);
  claim('a place is handed over by the keyboard', problems.splice(0));

  // The organizer's pages, folded, previewed and with their tabs.
  for (const part of ['miejsca', 'zapisy', 'delegacje', 'wyzwania', 'obecnosc', 'statystyki', 'dane', 'program', 'pytania/nowe']) {
    await open(page, `/panel/spotkania/${meeting.id}/${part}`, problems, `panel-${part}`);
  }
  await page.goto(`${base}/panel/spotkania/${meeting.id}/wyzwania`);
  await keyboard.fill('#new_title', 'Przejścia i przystanki');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await page.goto(`${base}/panel/spotkania/${meeting.id}/wyzwania`);
  await keyboard.follow('section.challenge-group a');
  await look(page, 'a group of challenges', problems);
  await picture(page, 'grupa');
  claim('the pages of a meeting read on a telephone and by the keyboard', problems.splice(0));

  await page.goto(`${base}/panel/spotkania/${meeting.id}/usuniecie`);
  await keyboard.fill('[name="reason"]', 'Awaria ogrzewania');
  await keyboard.follow('main form button');
  await look(page, 'what a deletion sets off', problems, false);
  await picture(page, 'podglad-usuniecia');
  await keyboard.follow('main form button');
  await open(page, '/panel/kosz', problems, 'kosz');
  await open(page, own, problems, 'z-odwolane');
  claim('a deleted meeting is shown first, lies in the bin, and is called off for its people', problems.splice(0));
} catch (error) {
  claim('the way of a place', [...problems, String(error)]);
  await picture(page, 'zatrzymane');
} finally {
  await browser.close();
}
finish();
