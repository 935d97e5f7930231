// How a person signs in, in a browser: setting a password and one-time codes, signing in with both, the
// errors on the way. axe, reflow, markup and the walk of the keyboard on each page.

import {createHmac} from 'node:crypto';

import {openContext, openPage} from './browser.mjs';
import {inFocus, textOf, unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';
import {claim} from './report.mjs';

const kPassword = 'cztery zielone rowery';
const languages = {
  pl: {prefix: '', locale: 'pl-PL', name: 'in Polish'},
  en: {prefix: '/en', locale: 'en-GB', name: 'in English'},
};

// What an application shows now (RFC 6238).
function codeOf(secret) {
  const bits = [...secret.replace(/ /g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const digest = createHmac('sha1', key).update(step).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

async function lookAtError(page, sentence, problems) {
  problems.push(...unless(await inFocus(page, '.ds-error-summary'), `${sentence}: the error summary is not in focus`));
  await look(page, sentence, problems, false);
}

async function join(page, {base, mails, prefix, email}) {
  await page.goto(`${base}${prefix}/wejscie`);
  await page.fill('#email', email);
  await send(page, `form[action="${prefix}/wejscie"] button`);
  await page.goto(await signInLinkTo(mails, email, prefix));
  await page.fill('#full_name', 'Bogumiła Wójcik-Ćwiek');
  await page.check('#consent');
  await send(page, 'form.form button');
}

async function setPassword(page, {base, prefix}, problems) {
  await page.goto(`${base}${prefix}/moje/bezpieczenstwo/haslo`);
  await look(page, `${prefix}/moje/bezpieczenstwo/haslo`, problems);
  await page.fill('#password', 'hasło1234567');
  await send(page, 'form.form button[value=set]');
  await lookAtError(page, 'a password that everybody uses', problems);
  await page.fill('#password', kPassword);
  await send(page, 'form.form button[value=set]');
  problems.push(...unless(page.url().endsWith('?gotowe=haslo'), `setting a password leads to ${page.url()}`));
  await look(page, `${prefix}/moje/bezpieczenstwo with a password`, problems);
}

// The recovery codes.
async function turnOnCodes(page, {base, prefix}, problems) {
  await page.goto(`${base}${prefix}/moje/bezpieczenstwo/kody`);
  await look(page, `${prefix}/moje/bezpieczenstwo/kody`, problems);
  await send(page, 'form.form button');
  await look(page, 'the picture of the secret', problems);
  await page.fill('#code', '12');
  await send(page, 'form.form button');
  await lookAtError(page, 'a wrong first code', problems);
  await page.fill('#code', codeOf(await textOf(page, 'code.secret')));
  await send(page, 'form.form button');
  const codes = await page.$$eval('ol.codes code', (all) => all.map((one) => one.textContent));
  problems.push(...unless(codes.length === 10, `${codes.length} recovery codes are shown`));
  await look(page, 'the recovery codes', problems, false);
  await page.goto(`${base}${prefix}/moje/bezpieczenstwo/kody`);
  await look(page, `${prefix}/moje/bezpieczenstwo/kody in use`, problems);
  return codes;
}

async function signIn(page, {base, prefix, email}, codes, problems) {
  await page.context().clearCookies();
  await page.goto(`${base}${prefix}/wejscie`);
  await page.click('details summary');
  await look(page, `${prefix}/wejscie with the form of a password`, problems);
  await page.fill('#password_email', email);
  await page.fill('#password', 'zgaduj zgadula');
  await send(page, `form[action="${prefix}/wejscie/haslo"] button`);
  await lookAtError(page, `${prefix}/wejscie/haslo with an error`, problems);
  await page.goto(`${base}${prefix}/wejscie/haslo`);
  await look(page, `${prefix}/wejscie/haslo`, problems);
  await page.fill('#email', email);
  await page.fill('#password', kPassword);
  await send(page, 'form.form button');
  await look(page, `${prefix}/wejscie/kod`, problems);
  await page.fill('#code', '000000');
  await send(page, 'form.form button');
  await lookAtError(page, 'a wrong code', problems);
  await page.fill('#code', codes[0]);
  await send(page, 'form.form button');
  problems.push(...unless(page.url() === `${base}${prefix}/moje`, `password and code lead to ${page.url()}`));
}

// The whole way in one language. `mails` is the installation's Maildir.
export async function lookAtSecurityPages(browser, base, mails, language) {
  const {prefix, locale, name} = languages[language];
  const context = await openContext(browser, {locale});
  const page = await openPage(context);
  page.scripted = true;
  const email = `haslo-${Date.now()}-${Math.floor(Math.random() * 1e6)}@example.org`;
  const site = {base, mails, prefix, email};
  const problems = [];
  try {
    await join(page, site);
    await page.goto(`${base}${prefix}/moje/bezpieczenstwo`);
    await look(page, `${prefix}/moje/bezpieczenstwo`, problems);
    await setPassword(page, site, problems);
    const codes = await turnOnCodes(page, site, problems);
    await signIn(page, site, codes, problems);
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  // A refused form is an answer that the browser reports as a failed request.
  problems.push(...page.troubles.filter((trouble) => !/\b422\b/.test(trouble)));
  claim(`a password and codes are set and used ${name}: no axe violation, no scroll at 320 px, clean markup, every stop of the keyboard seen`, problems);
  await context.close();
}
