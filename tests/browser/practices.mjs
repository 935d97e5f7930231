// A practice from its first word to readers, in a browser: begun, kept while it is typed, completed, compared,
// checked twice, published and archived. axe, reflow, markup and the walk of the keyboard on each page.
//
// node tests/browser/practices.mjs BASE

import {launch, openContext, openPage} from './browser.mjs';
import {textOf, unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';
import {claim, finish} from './report.mjs';

const base = (process.argv[2] ?? '').replace(/\/$/, '');
const kShots = process.env.SHOTS;
const kOrganizer = 'organizator@narada.example';
const mails = `${process.env.NARADA_DATA ?? 'var'}/mail`;

async function picture(page, name) {
  if (!kShots) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.screenshot({path: `${kShots}/${name}-${width}.png`, fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

async function signIn(page) {
  await page.goto(`${base}/wejscie`);
  await page.fill('#email', kOrganizer);
  await send(page, 'form[action="/wejscie"] button');
  await page.goto(await signInLinkTo(mails, kOrganizer));
  await send(page, 'main form button');
}

const kSave = 'button.ds-button[value="save"]';

async function write(page, problems) {
  await page.goto(`${base}/panel/praktyki/nowa`);
  await look(page, 'a new practice', problems);
  await page.fill('#practice_title', 'Zielone przystanki');
  await send(page, kSave);
  const room = new URL(page.url()).pathname;
  await look(page, 'the editor of a practice', problems);
  await picture(page, 'praktyka-edytor');
  await page.fill('#practice_lead', 'Przystanki z zielonym dachem.');
  await page.waitForFunction(() => document.querySelector('[data-autosave-status]').textContent !== '');
  await page.goto(base + room);
  problems.push(...unless(await page.locator('a[href$="?szkic=wroc"]').count() === 1, 'what was typed is not kept'));
  await page.click('a[href$="?szkic=wroc"]');
  for (const name of ['situation_before', 'aim', 'description', 'results', 'contact_unit', 'institution_text'])
    await page.fill(`#practice_${name}`, 'Pierwsza treść.');
  await page.selectOption('#practice_type', 'social');
  await page.selectOption('#practice_area', 'technical_services');
  await page.selectOption('#practice_state', 'implemented');
  await page.fill('#practice_implementation_year', '2024');
  await send(page, kSave);
  problems.push(...unless((await textOf(page, '.practice-needs')).includes('kompletny'), 'it is not complete'));
  await page.fill('#practice_aim', 'Pierwsza i lepsza treść.');
  await send(page, kSave);
  await page.goto(`${base}${room}/angielski`);
  await look(page, 'the English edition', problems);
  return room;
}

async function compare(page, room, problems) {
  await page.goto(`${base}${room}/historia`);
  await look(page, 'the history of a practice', problems);
  await picture(page, 'praktyka-historia');
  await send(page, 'main table a');
  await look(page, 'what a revision changed', problems, true);
  await picture(page, 'praktyka-wersja');
  problems.push(...unless((await textOf(page, 'main ins')).includes('lepsza'), 'an added word is not shown'));
}

async function verify(page, room, problems) {
  for (const step of ['submit', 'check', 'publish']) {
    await page.goto(`${base}${room}/weryfikacja`);
    await look(page, `verification before ${step}`, problems);
    if (step === 'check') await picture(page, 'praktyka-weryfikacja');
    await send(page, `form:has(input[value="${step}"]) button`);
  }
  await page.goto(`${base}/praktyki/zielone-przystanki`);
  await look(page, 'a published practice', problems);
  await picture(page, 'praktyka');
  await page.goto(`${base}/panel/praktyki`);
  await look(page, 'the room of practices', problems);
  await picture(page, 'praktyki');
  await page.goto(`${base}${room}/weryfikacja`);
  await send(page, 'form:has(input[value="archive"]) button');
  const answer = await page.goto(`${base}/praktyki/zielone-przystanki`);
  problems.push(...unless(answer.status() === 410, `an archived practice answers ${answer.status()}`));
  await picture(page, 'praktyka-archiwum');
}

const browser = await launch();
const context = await openContext(browser);
const page = await openPage(context);
const problems = [];
await signIn(page);
const room = await write(page, problems);
await compare(page, room, problems);
await verify(page, room, problems);
claim('a practice goes from its first word to readers, by pages that everybody can use', problems);
claim('nothing went wrong behind the pages', page.troubles);
await browser.close();
process.exit(finish());
