// From a registration to one's own meetings and back through the link of the mail, with hands on the
// keyboard alone: register, ask for a sign-in link, follow it, find the meeting under /moje, follow
// the manage link of the mail, sign out.

import {openContext, openPage} from './browser.mjs';
import {inspect, Keyboard, textOf, unless} from './keyboard.mjs';
import {linkTo, signInLinkTo} from './mailbox.mjs';
import {findMistakes} from './markup.mjs';
import {claim} from './report.mjs';

const texts = {
  pl: {home: '/', prefix: '', locale: 'pl-PL', mine: 'Moje sprawy'},
  en: {home: '/en/', prefix: '/en', locale: 'en-GB', mine: 'My Narada'},
};
const kName = 'Żaneta Łęcka-Źdźbło';

// The page as the service sent it, and as the browser shows it.
async function look(page, sentence, problems) {
  problems.push(...await findMistakes(sentence, await page.document.text()));
  await inspect(page, sentence, problems);
}

async function register(keys, email) {
  const {page} = keys;
  await page.goto(keys.base + texts[keys.language].home);
  await keys.follow('nav a', '');
  await keys.follow('a[href*="/kalendarz/lista"]');
  const title = await page.evaluate(() => {
    const open = [...document.querySelectorAll('.cards > li')].find((card) => card.querySelector('.ds-tag[data-color="success"]'));
    return open?.querySelector('a').textContent ?? '';
  });
  await keys.follow('.cards a', title);
  await keys.follow('.ticket > a.ds-button');
  await keys.fill('#full_name', kName);
  await keys.fill('#email', email);
  await keys.fill('#institution', 'Chorzów');
  if (await page.$('input[type=radio][name=mode]')) {
    await keys.to('input[type=radio][name=mode]');
    await page.keyboard.press('Space');
  }
  await keys.to('#consent');
  await page.keyboard.press('Space');
  await keys.follow('form.form button');
  return title;
}

async function askForLink(keys, email, problems) {
  const {page} = keys;
  const {prefix, mine, home} = texts[keys.language];
  await page.goto(keys.base + home);
  await keys.follow('header a', mine);
  problems.push(...unless(new URL(page.url()).pathname === `${prefix}/wejscie`, `“${mine}” leads to ${page.url()}`));
  await look(page, `${prefix}/wejscie`, problems);
  await keys.fill('#email', 'to nie jest adres');
  await keys.follow(`form[action="${prefix}/wejscie"] button`);
  problems.push(...unless(await page.evaluate(() => document.activeElement?.matches('.ds-error-summary') ?? false), 'the error summary is not in focus'));
  await look(page, `${prefix}/wejscie with an error`, problems);
  await keys.fill('#email', email);
  await keys.follow(`form[action="${prefix}/wejscie"] button`);
  problems.push(...unless(page.url().endsWith(`${prefix}/wejscie/wyslano`), `asking for a link leads to ${page.url()}`));
  await look(page, `${prefix}/wejscie/wyslano`, problems);
}

async function signIn(keys, email, problems) {
  const {page} = keys;
  const {prefix} = texts[keys.language];
  const link = await signInLinkTo(keys.mails, email, prefix);
  await page.goto(link);
  problems.push(...unless((await textOf(page, 'main')).includes(kName), 'the page behind the link does not say who signs in'));
  await look(page, `${prefix}/wejscie/{token}`, problems);
  await keys.follow('form.form button');
  problems.push(...unless(new URL(page.url()).pathname === `${prefix}/moje`, `signing in leads to ${page.url()}`));
  await page.goto(link);
  problems.push(...unless((await page.$('form.form')) === null, 'a used link still has a form'));
  await look(page, 'a used link', problems);
  await page.goto(`${keys.base}${prefix}/moje`);
}

async function goRound(keys, email, title, problems) {
  const {page} = keys;
  const {prefix} = texts[keys.language];
  problems.push(...unless((await textOf(page, 'main')).includes(title), `${page.url()} does not show “${title}”`));
  problems.push(...unless((await textOf(page, '.account')).includes(kName), 'the header does not say who is signed in'));
  await look(page, `${prefix}/moje`, problems);
  await page.goto(await linkTo(keys.mails, email, new RegExp(`http\\S*${prefix}/z/[\\w-]{43}`)));
  problems.push(...unless((await textOf(page, '.facts')).includes(kName), 'the manage link of the mail does not show the registration'));
  await keys.follow('header a', texts[keys.language].mine);
  problems.push(...unless(new URL(page.url()).pathname === `${prefix}/moje`, `back from the registration leads to ${page.url()}`));
  await keys.follow('.account button');
  problems.push(...unless(new URL(page.url()).pathname === `${prefix}/wyjscie`, `signing out leads to ${page.url()}`));
  await look(page, `${prefix}/wyjscie`, problems);
  await page.goto(`${keys.base}${prefix}/moje`);
  problems.push(...unless(new URL(page.url()).pathname === `${prefix}/wejscie`, 'the session is open after signing out'));
}

// The whole way in one language, with or without JavaScript. `mails` is the installation's Maildir.
export async function signInByKeyboard(browser, base, mails, language, scripted) {
  const context = await openContext(browser, {javaScriptEnabled: scripted, locale: texts[language].locale});
  const page = await openPage(context);
  page.scripted = scripted;
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.status() !== 303) page.document = response;
  });
  const keys = Object.assign(new Keyboard(page), {base, mails, language});
  const email = `wejscie-${Date.now()}-${Math.floor(Math.random() * 1e6)}@example.org`;
  const problems = [];
  try {
    const title = await register(keys, email);
    await askForLink(keys, email, problems);
    await signIn(keys, email, problems);
    await goRound(keys, email, title, problems);
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  problems.push(...page.troubles);
  claim(`from a registration to one's own meetings and back by keyboard alone, ${language === 'pl' ? 'in Polish' : 'in English'}, ${scripted ? 'with' : 'without'} JavaScript`, problems);
  await context.close();
}
