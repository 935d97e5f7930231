// The pages of a signed-in person in a browser: new and with meetings, a registration of theirs, their
// details right and wrong, the address of their calendar, their tokens. axe, reflow, markup and the
// walk of the keyboard on each.

import {openContext, openPage} from './browser.mjs';
import {unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';
import {claim} from './report.mjs';

const languages = {
  pl: {prefix: '', locale: 'pl-PL'},
  en: {prefix: '/en', locale: 'en-GB'},
};

// Becomes a new person of a mailbox.
async function join(page, {base, mails, prefix, email}) {
  await page.goto(`${base}${prefix}/wejscie`);
  await page.fill('#email', email);
  await send(page, `form[action="${prefix}/wejscie"] button`);
  await page.goto(await signInLinkTo(mails, email, prefix));
  await page.fill('#full_name', 'Bogumiła Wójcik-Ćwiek');
  await page.check('#consent');
  await send(page, 'form.form button');
  await page.goto(`${base}${prefix}/moje`);
  if (!new URL(page.url()).pathname.endsWith('/moje')) throw new Error(`${email} is not signed in, but at ${page.url()}`);
}

async function register(page, {base, prefix}, problems) {
  await page.goto(`${base}${prefix}/kalendarz/lista`);
  const path = await page.evaluate(() => [...document.querySelectorAll('.cards > li')]
    .find((card) => card.querySelector('.ds-tag[data-color="success"]'))?.querySelector('a').getAttribute('href') ?? '');
  await page.goto(`${base}${path}/zapisy`);
  problems.push(...unless((await page.$('#full_name')) === null, 'the form asks the signed-in who they are'));
  await look(page, 'the form of the signed-in', problems);
  await page.fill('#institution', 'Chorzów');
  const mode = await page.$('input[type=radio][name=mode]');
  if (mode) await mode.check();
  await page.check('#visible');
  await page.check('#consent');
  await send(page, 'form.form button');
  const own = new URL(page.url()).pathname;
  problems.push(...unless(own.startsWith(`${prefix}/moje/zgloszenia/`), `registering leads to ${page.url()}`));
  await look(page, `${prefix}/moje/zgloszenia/{id}`, problems);
}

async function details(page, {base, prefix}, problems) {
  await page.goto(`${base}${prefix}/moje/dane`);
  await look(page, `${prefix}/moje/dane`, problems);
  await page.fill('#full_name', 'B');
  await send(page, `form[action="${prefix}/moje/dane"] button`);
  problems.push(...unless(await page.evaluate(() => document.activeElement?.matches('.ds-error-summary') ?? false), 'the error summary of the details is not in focus'));
  await look(page, `${prefix}/moje/dane with an error`, problems);
  await page.fill('#full_name', 'Bogumiła Wójcik');
  await page.check('input[name^=topic-]');
  await send(page, `form[action="${prefix}/moje/dane"] button`);
  problems.push(...unless(page.url().endsWith('?zapisane=1'), `saving the details leads to ${page.url()}`));
  await look(page, `${prefix}/moje/dane after saving`, problems);
}

async function calendar(page, {base, prefix}, problems) {
  await page.goto(`${base}${prefix}/moje`);
  await send(page, '#kanal form button');
  const address = await page.evaluate(() => document.getElementById('adres')?.value ?? '');
  problems.push(...unless(address.includes(`${prefix}/moje.ics?k=`), `the address of the calendar is “${address}”`));
  const feed = await fetch(address);
  problems.push(...unless(feed.status === 200 && (await feed.text()).includes('BEGIN:VEVENT'), `the calendar answers ${feed.status}`));
  await look(page, `${prefix}/moje with a meeting and a calendar`, problems);
}

// The whole way in one language. `mails` is the installation's Maildir.
export async function lookAtMyPages(browser, base, mails, language) {
  const {prefix, locale} = languages[language];
  const context = await openContext(browser, {locale});
  const page = await openPage(context);
  page.scripted = true;
  const email = `moje-${Date.now()}-${Math.floor(Math.random() * 1e6)}@example.org`;
  const site = {base, mails, prefix, email};
  const problems = [];
  try {
    await join(page, site);
    await look(page, `${prefix}/moje of somebody new`, problems);
    await register(page, site, problems);
    await calendar(page, site, problems);
    await details(page, site, problems);
    await page.goto(`${base}${prefix}/moje/klucze`);
    await look(page, `${prefix}/moje/klucze`, problems);
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  problems.push(...page.troubles);
  claim(`the pages of a person, ${language === 'pl' ? 'in Polish' : 'in English'}: no axe violation, no scroll at 320 px, clean markup, every stop of the keyboard seen`, problems);
  await context.close();
}
