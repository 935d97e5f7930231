// Experts in a browser: their public page, their data and a merge in the panel, what somebody who leads
// sees, and the way of somebody who is invited: from the organizer's form by the mail into the workspace,
// where they answer, describe their session and send a photo. axe, reflow, markup and the walk of the
// keyboard on each; with SHOTS, pictures of them.

import {openContext, openPage} from './browser.mjs';
import {unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';
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
  await page.goto(await signInLinkTo(mails, email, prefix));
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
  await invite(page, site, problems);
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

const kPress = 'main form.form button:not([data-variant]):not([hidden])';
// A picture of one grey point, as PNG.
const kPicture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');

// The organizer, signed in, names somebody with an address.
async function invite(page, site, problems) {
  const today = new Date().toISOString().slice(0, 10);
  const listed = await (await page.context().request.get(`${site.base}/api/v1/meetings?from=${today}&limit=50`)).json();
  const meeting = listed.items.find((one) => new Date(one.starts_at ?? one.starts) > new Date());
  const room = `/panel/spotkania/${meeting.id}/prowadzacy`;
  const email = `zaproszona${site.prefix ? '-en' : ''}@narada.example`;
  await open(page, site, room, 'panel-preparation-empty', problems);
  await page.fill('#email', 'to nie adres');
  await send(page, kPress);
  await look(page, `${room} with errors`, problems);
  await picture(page, 'panel-preparation-errors');
  await page.fill('#expert', 'Zofia Zaproszona');
  await page.fill('#email', email);
  await send(page, kPress);
  problems.push(...unless(page.url().endsWith('zrobione=expert_invited'), `inviting leads to ${page.url()}`));
  await look(page, `${room} with an expert`, problems);
  await picture(page, `panel-preparation${site.prefix.replace('/', '-')}`);
  await open(page, site, `${room}/plan`, 'panel-preparation-plan', problems);
  await page.check('#wanted_recording_consent');
  await page.fill('#title_own1', 'Lista potrzebnego sprzętu');
  await send(page, kPress);
  problems.push(...unless(page.url().endsWith('zrobione=preparation_saved'), `saving the plan leads to ${page.url()}`));
  await open(page, site, '/panel/przygotowania', 'panel-preparations', problems);
  site.invited = {email, meeting};
}

// The link in the mail opens the workspace.
async function prepare(page, site, problems) {
  const {email, meeting} = site.invited;
  await page.goto(await signInLinkTo(site.mails, email));
  await send(page, 'main form button');
  const path = `/prowadzenie/spotkania/${meeting.id}`;
  problems.push(...unless(page.url().includes(path), `the link of an expert leads to ${page.url()}`));
  await open(page, site, path, 'workspace', problems);
  await send(page, 'button[name="answer"][value="yes"]');
  await look(page, `${path} with an answer`, problems);
  await picture(page, `workspace-answered${site.prefix.replace('/', '-')}`);
  await open(page, site, '/prowadzenie/profil', 'workspace-profile', problems);
  await page.setInputFiles('#photo', {name: 'ja.png', mimeType: 'image/png', buffer: kPicture});
  await send(page, 'form[enctype] button[value="save"]');
  problems.push(...unless(await page.locator('#photo_consent-e').count() === 1, 'a photo without consent is taken'));
  await look(page, 'a photo without consent', problems);
  await page.check('#photo_consent');
  await page.setInputFiles('#photo', {name: 'ja.png', mimeType: 'image/png', buffer: kPicture});
  await send(page, 'form[enctype] button[value="save"]');
  problems.push(...unless(page.url().includes('zrobione=zdjecie'), `sending a photo leads to ${page.url()}`));
  await open(page, site, `${path}/materialy/nowe?rodzaj=presentation`, 'workspace-upload', problems);
}

export async function lookAtExperts(browser, base, mails, language) {
  const prefix = language === 'pl' ? '' : '/en';
  const problems = [];
  const site = {base, mails, prefix};
  for (const part of [keep, lead, prepare]) {
    const context = await openContext(browser, {locale: language === 'pl' ? 'pl-PL' : 'en-GB'});
    const page = await openPage(context);
    page.scripted = true;
    try {
      await part(page, site, problems);
    } catch (error) {
      problems.push(error.message.split('\n')[0]);
    }
    problems.push(...page.troubles);
    await context.close();
  }
  claim(`experts and what they lead (${language}): no axe violation, no scroll at 320 px, clean markup, every stop of the keyboard seen`, problems);
}
