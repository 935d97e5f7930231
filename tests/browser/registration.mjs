// The main job with hands on the keyboard alone: find a meeting, register with mistakes, correct
// them, change the registration, cancel it.

import {walk} from './accessibility.mjs';
import {openContext, openPage} from './browser.mjs';
import {inFocus, inspect, Keyboard, textOf, unless, valueOf} from './keyboard.mjs';
import {claim} from './report.mjs';

const texts = {
  pl: {home: '/', error: /^Błąd: /, locale: 'pl-PL'},
  en: {home: '/en/', error: /^Error: /, locale: 'en-GB'},
};

async function findMeeting(keys, language) {
  const {page} = keys;
  await page.goto(keys.base + texts[language].home);
  await keys.follow('nav a', '');  // the skip link and the brand come first, then the calendar
  await keys.follow('a[href*="/kalendarz/lista"]');
  const title = await page.evaluate(() => {
    const open = [...document.querySelectorAll('.cards > li')].find((card) => card.querySelector('.ds-tag[data-color="success"]'));
    return open?.querySelector('a').textContent ?? '';
  });
  if (title === '') throw new Error('no meeting of the sample data is open for registration');
  await keys.follow('.cards a', title);
  await keys.follow('.ticket > a.ds-button');
}

async function sendEmpty(keys, language, problems) {
  const {page} = keys;
  await keys.follow('form.form button');
  problems.push(...unless(texts[language].error.test(await page.title()), `the title does not say that there are errors: ${await page.title()}`));
  problems.push(...unless(await inFocus(page, '.ds-error-summary'), 'the error summary is not in focus after sending'));
  await inspect(page, 'the form with errors', problems);
  await page.evaluate(() => document.querySelector('.ds-error-summary').focus());
  await page.keyboard.press('Tab');
  problems.push(...unless(await inFocus(page, '.ds-error-summary a'), 'Tab from the error summary does not reach its first link'));
  const field = await page.evaluate(() => document.activeElement.getAttribute('href')?.slice(1) ?? '');
  await page.keyboard.press('Enter');
  problems.push(...unless(field !== '' && await inFocus(page, `[id="${field}"]`), `the first link of the error summary does not lead into #${field}`));
  const dead = await page.evaluate(() => [...document.querySelectorAll('.ds-error-summary a')]
    .map((link) => link.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id)?.matches('input, textarea, select, fieldset')));
  problems.push(...dead.map((id) => `the error summary links to #${id}, which is no field`));
  const silent = await page.evaluate(() => [...document.querySelectorAll('[aria-invalid]')]
    .filter((one) => !(one.getAttribute('aria-describedby') ?? '').split(' ').some((id) => document.getElementById(id)?.matches('.ds-validation-message')))
    .map((one) => one.id));
  problems.push(...silent.map((id) => `#${id} is wrong, but does not say why`));
}

async function sendWrong(keys, problems) {
  const {page} = keys;
  const typed = {full_name: 'Żaneta Łęcka-Źdźbło', email: 'to nie jest adres', institution: 'Nieistniejąca Gmina', position: 'inspektor <script>',
    needs: 'pętla indukcyjna & "PJM"', question: 'Jak liczyć bariery?'};
  for (const [id, text] of Object.entries(typed)) await keys.fill(`#${id}`, text);
  await keys.follow('form.form button');
  for (const [id, text] of Object.entries(typed)) {
    const kept = await valueOf(page, id);
    problems.push(...unless(kept === text, `#${id} held “${text}” and came back with “${kept}”`));
  }
  const wrong = await page.evaluate(() => [...document.querySelectorAll('.ds-error-summary a')].map((link) => link.getAttribute('href')).sort().join(' '));
  problems.push(...unless(wrong.includes('#email') && wrong.includes('#institution') && !wrong.includes('#full_name'),
    `the error summary names ${wrong}`));
}

async function sendRight(keys, problems) {
  const {page} = keys;
  await keys.fill('#email', `klawiatura-${Date.now()}-${Math.floor(Math.random() * 1e6)}@example.org`);
  await keys.fill('#institution', 'Chorzów');
  if (await page.$('input[type=radio][name=mode]')) {
    await keys.to('input[type=radio][name=mode]');
    await page.keyboard.press('Space');
  }
  await keys.to('#consent');
  if (!(await page.isChecked('#consent'))) await page.keyboard.press('Space');
  await keys.follow('form.form button');
  const path = new URL(page.url()).pathname;
  problems.push(...unless(/^(\/en)?\/z\/[\w-]+$/.test(path), `registering leads to ${path}: ${await textOf(page, '.ds-error-summary')}`));
  problems.push(...unless((await textOf(page, '[role=status]')) !== '', 'the page of the registration does not say that it is new'));
  const facts = await textOf(page, '.facts');
  problems.push(...unless(facts.includes('Żaneta Łęcka-Źdźbło') && facts.includes('Chorzów'), `the page of the registration shows ${facts}`));
  await inspect(page, 'the page of the registration', problems);
  if (page.scripted) {
    const walked = await walk(page);
    problems.push(...walked.problems);
    await page.evaluate(() => document.activeElement?.blur());
  }
}

async function changeAndCancel(keys, problems) {
  const {page} = keys;
  await keys.fill('#needs', 'tłumacz PJM');
  await keys.follow('form.form button');
  problems.push(...unless(page.url().includes('zmienione=1'), `saving a change leads to ${page.url()}`));
  problems.push(...unless((await textOf(page, '[role=status]')) !== '', 'nothing says that the change is saved'));
  problems.push(...unless((await valueOf(page, 'needs')) === 'tłumacz PJM', 'the change is not there'));
  await keys.follow('button[data-color=danger]');
  problems.push(...unless(page.url().includes('odwolane=1'), `cancelling leads to ${page.url()}`));
  problems.push(...unless((await textOf(page, '[role=status]')) !== '', 'nothing says that the registration is cancelled'));
  problems.push(...unless((await page.$('form')) === null, 'a cancelled registration can still be changed'));
  await inspect(page, 'the cancelled registration', problems);
}

// The whole way in one language, with or without JavaScript.
export async function registerByKeyboard(browser, base, language, scripted) {
  const context = await openContext(browser, {javaScriptEnabled: scripted, locale: texts[language].locale});
  const page = await openPage(context);
  page.scripted = scripted;
  const keys = Object.assign(new Keyboard(page), {base});
  const problems = [];
  try {
    await findMeeting(keys, language);
    await sendEmpty(keys, language, problems);
    await sendWrong(keys, problems);
    await sendRight(keys, problems);
    await changeAndCancel(keys, problems);
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  problems.push(...page.troubles);
  claim(`a registration by keyboard alone, ${language === 'pl' ? 'in Polish' : 'in English'}, ${scripted ? 'with' : 'without'} JavaScript`, problems);
  await context.close();
}
