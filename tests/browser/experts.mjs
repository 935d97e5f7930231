// Experts in a browser: their public page, their data and a merge in the panel, and what somebody who
// leads sees. axe, reflow, markup and the walk of the keyboard on each; with SHOTS, pictures of them.

import {openContext, openPage} from './browser.mjs';
import {unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {linkTo} from './mailbox.mjs';
import {claim} from './report.mjs';

const kShots = process.env.SHOTS;
const kAccount = 'prowadzaca@narada.example';

async function picture(page, name) {
  if (!kShots) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.screenshot({path: `${kShots}/${name}-${width}.png`, fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

async function signIn(page, {base, mails, prefix}, email) {
  await page.goto(`${base}${prefix}/wejscie`);
  await page.fill('#email', email);
  await send(page, `form[action="${prefix}/wejscie"] button`);
  await page.goto(await linkTo(mails, email, new RegExp(`http\\S*${prefix}/wejscie/[\\w-]{43}`)));
  await send(page, 'main form button');
}

async function open(page, site, path, name, problems) {
  await page.goto(site.base + site.prefix + path);
  await look(page, site.prefix + path, problems);
  await picture(page, name + site.prefix.replace('/', '-'));
}

// Who keeps the catalogue: an expert's data wrong and right, the choice of a merge and its preview.
async function keep(page, site, problems) {
  await signIn(page, site, 'organizator@narada.example');
  const listed = await (await page.context().request.get(`${site.base}/api/v1/experts?limit=2`)).json();
  const [expert, other] = listed.items;
  const room = `/panel/prowadzacy/${expert.id}`;
  await open(page, site, room, 'panel-expert', problems);
  await open(page, site, `${room}/dane`, 'panel-expert-data', problems);
  await page.fill('#expert_name', '');
  await send(page, 'main form.planner button:not([data-variant]):not([hidden])');
  await look(page, `${room}/dane with errors`, problems);
  await picture(page, 'panel-expert-errors');
  await page.fill('#expert_name', expert.name);
  await page.fill('#expert_account', kAccount);
  await page.fill('#expert_description', 'Prowadzi warsztaty o **wodzie** w mieście.\n\n- deszczówka\n- zieleń');
  await send(page, 'main form.planner button:not([data-variant]):not([hidden])');
  problems.push(...unless(page.url().endsWith('zrobione=expert_saved'), `saving an expert leads to ${page.url()}`));
  await open(page, site, `${room}/polacz`, 'panel-expert-merge', problems);
  await page.fill('#into', other.name);
  await send(page, 'main form.form button');
  await look(page, 'the preview of a merge', problems);
  await picture(page, 'panel-expert-merge-preview');
  await open(page, site, `/prowadzacy/${expert.slug}`, 'expert', problems);
}

// Who leads: the list, one meeting, the own description.
async function lead(page, site, problems) {
  await signIn(page, site, kAccount);
  await open(page, site, '/moje', 'leading-my', problems);
  await open(page, site, '/prowadzenie', 'leading', problems);
  const meeting = await page.evaluate(() => document.querySelector('.cards a')?.getAttribute('href') ?? '');
  problems.push(...unless(meeting.includes('/prowadzenie/spotkania/'), 'nothing to lead is shown'));
  if (meeting) await open(page, site, meeting.replace(site.prefix, ''), 'leading-meeting', problems);
  await open(page, site, '/prowadzenie/profil', 'leading-profile', problems);
}

export async function lookAtExperts(browser, base, mails, language) {
  const prefix = language === 'pl' ? '' : '/en';
  const problems = [];
  for (const part of [keep, lead]) {
    const context = await openContext(browser, {locale: language === 'pl' ? 'pl-PL' : 'en-GB'});
    const page = await openPage(context);
    page.scripted = true;
    try {
      await part(page, {base, mails, prefix}, problems);
    } catch (error) {
      problems.push(error.message.split('\n')[0]);
    }
    problems.push(...page.troubles);
    await context.close();
  }
  claim(`experts and what they lead (${language}): no axe violation, no scroll at 320 px, clean markup, every stop of the keyboard seen`, problems);
}
