// From a challenge to those who adopted what came of it, in a browser: a school of the sample data gets its
// outcomes, becomes the draft of a practice, is submitted, verified in two steps, published, and adopted by two
// others; then the chain is read on every page, in the API and in the feed. With SHOTS, pictures of the steps.
//
// node tests/browser/chain.mjs BASE

import {launch, openContext, openPage} from './browser.mjs';
import {textOf, unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {signInLinkTo} from './mailbox.mjs';
import {claim, finish} from './report.mjs';

const base = (process.argv[2] ?? '').replace(/\/$/, '');
const kShots = process.env.SHOTS;
const kOrganizer = 'organizator@narada.example';
const kProblems = ['Parking zalewa deszczówka', 'Rowerów nie ma gdzie zostawić', 'Wieczorem jest ciemno'];
const kOutcome = 'Prototyp zielonego parkingu';
const mails = `${process.env.NARADA_DATA ?? 'var'}/mail`;

async function picture(page, name) {
  if (!kShots) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.screenshot({path: `${kShots}/${name}-${width}.png`, fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

async function read(page, path) {
  const answer = await page.context().request.get(base + path);
  return {status: answer.status(), json: await answer.json().catch(() => null)};
}

// A school whose source says what the challenge was, who owns it and when it met, and two who took no part in it.
async function choose(page) {
  const {items} = (await read(page, '/api/v1/cycles?limit=50')).json;
  for (const {id} of items) {
    const cycle = (await read(page, `/api/v1/cycles/${id}`)).json;
    const owner = cycle.institutions.find(({role}) => role === 'challenge_owner');
    if (!cycle.challenge || !cycle.goal || !owner || cycle.meetings.length === 0) continue;
    const institutions = (await read(page, '/api/v1/institutions?limit=200')).json.items;
    const named = new Set(cycle.institutions.map(({institution}) => institution?.id ?? institution));
    const names = institutions.map(({name}) => name);
    const others = institutions.filter(({id: other, teryt, name}) => teryt && !named.has(other) &&
      names.filter((one) => one === name).length === 1 &&
      !cycle.institutions.some((one) => JSON.stringify(one).includes(`"${teryt}"`)));
    return {cycle, others: others.slice(0, 2)};
  }
  throw new Error('no cycle of the sample has a challenge, a goal, an owner and meetings');
}

async function signIn(page) {
  await page.goto(`${base}/wejscie`);
  await page.fill('#email', kOrganizer);
  await send(page, 'form[action="/wejscie"] button');
  await page.goto(await signInLinkTo(mails, kOrganizer));
  await send(page, 'main form button');
}

async function writeOutcomes(page, cycle) {
  const problems = [];
  const room = `/panel/cykle/${cycle.id}/rezultaty`;
  await page.goto(base + room);
  await look(page, room, problems);
  await page.fill('#lines', kProblems.join('\n'));
  await send(page, 'button[value="paste"]');
  problems.push(...unless(page.url().endsWith('zrobione=outcomes_added'), `pasting leads to ${page.url()}`));
  await page.goto(`${base}${room}/nowy`);
  await look(page, `${room}/nowy`, problems);
  await send(page, 'form.planner button.ds-button[value="save"]');
  problems.push(...unless((await page.title()).startsWith('Błąd'), 'an outcome without a title is taken'));
  await look(page, `${room}/nowy with errors`, problems, false);
  await page.selectOption('#outcome_kind', 'prototype');
  await page.fill('#outcome_title', kOutcome);
  await page.selectOption('#outcome_grew_from', {label: kProblems[0]});
  for (const details of await page.locator('form.planner details:not([open]) > summary').all()) await details.click();
  await page.check('#outcome_prototype_reached');
  await page.fill('#outcome_prototype_date', '2023-10');
  await page.check('#outcome_published_practice_reached');
  await picture(page, 'panel-outcome');
  await send(page, 'form.planner button.ds-button[value="save"]');
  problems.push(...unless(page.url().endsWith('zrobione=outcome_saved'), `saving leads to ${page.url()}`));
  await page.fill('#report_conclusions', '**Zieleń** zatrzymuje wodę.');
  await page.check('#report_public');
  await send(page, 'form.planner button.ds-button[value="save"]');
  problems.push(...unless(page.url().endsWith('zrobione=results_saved'), `the report leads to ${page.url()}`));
  await look(page, `${room} with outcomes`, problems);
  await picture(page, 'panel-results');
  claim('the outcomes of a school are written down in the panel', problems);
}

async function draft(page, cycle) {
  const problems = [];
  const path = `/panel/cykle/${cycle.id}/rezultaty/praktyka`;
  await page.goto(base + path);
  await look(page, path, problems);
  await picture(page, 'panel-practice-draft');
  await send(page, 'main form.form button');
  const id = Number(page.url().match(/\/panel\/praktyki\/(\d+)/)?.[1] ?? 0);
  problems.push(...unless(id > 0, `drafting leads to ${page.url()}`));
  const seen = await page.context().browser().newContext();
  problems.push(...unless((await seen.request.get(`${base}/api/v1/practices/${id}`)).status() === 404,
    'a draft is public'));
  await seen.close();
  claim('a school becomes the draft of a practice', problems);
  return id;
}

// What the source does not say, the author fills in.
async function complete(page, id) {
  await page.goto(`${base}/panel/praktyki/${id}`);
  for (const details of await page.locator('form.planner details:not([open]) > summary').all()) await details.click();
  await page.selectOption('#practice_type', 'organizational');
  await page.selectOption('#practice_area', 'technical_services');
  await page.selectOption('#practice_state', 'implemented');
  await page.fill('#practice_implementation_year', '2024');
  for (const field of ['lead', 'situation_before', 'aim', 'description', 'results', 'lessons', 'contact_unit']) {
    const input = page.locator(`#practice_${field}`);
    if (await input.count() === 1 && await input.inputValue() === '') await input.fill('Opis autora.');
  }
  await send(page, 'form.planner button.ds-button[value="save"]');
}

async function step(page, id, name, problems) {
  await page.goto(`${base}/panel/praktyki/${id}/weryfikacja`);
  const form = `section[aria-labelledby="krok-${name}"] form`;
  if (await page.locator(form).count() === 0) {
    problems.push(`the step ${name} is not offered: ${(await textOf(page, 'main')).slice(0, 600)}`);
    return;
  }
  const who = page.locator(`${form} input[name="verified_by"]`);
  if (await who.count() === 1) await who.fill('Olga Organizatorka');
  await send(page, `${form} button`);
  problems.push(...unless(page.url().includes('zrobione='), `${name} leads to ${page.url()}: ${(await textOf(page, 'main')).slice(0, 400)}`));
}

async function publish(page, id) {
  const problems = [];
  await complete(page, id);
  for (const name of ['submit', 'check', 'publish']) await step(page, id, name, problems);
  const {status, json} = await read(page, `/api/v1/practices/${id}`);
  problems.push(...unless(status === 200 && json.slug, `the published practice answers ${status}`));
  claim('the draft is submitted, verified in two steps and published', problems);
  return json;
}

async function adopt(page, practice, institution, status, since) {
  const problems = [];
  const path = `/praktyki/${practice.slug}/wdrozenie`;
  await page.goto(base + path);
  await look(page, path, problems);
  await page.fill('#instytucja', institution.name);
  await send(page, 'main form[method="get"] button');
  await page.check(`#status-${status}`);
  if (since) await page.fill('#since', since);
  await look(page, `${path} for ${institution.name}`, problems, false);
  await picture(page, 'adoption');
  await send(page, 'main form[method="post"] button[value="save"]');
  problems.push(...unless(page.url().includes(`/praktyki/${practice.slug}#`), `${institution.name} leads to ${page.url()}`));
  claim(`${institution.name} says what it does with the practice`, problems);
}

// The picture scrolls in a box of its own and its words stand in the list beside it.
async function readChain(page, path, name, expected) {
  const problems = [];
  await page.goto(base + path);
  await look(page, path, problems);
  const text = await textOf(page, 'section.chain ol.chain-list');
  for (const words of expected) problems.push(...unless(text.includes(words), `${path} does not name ${words}`));
  const picture1 = await page.getByRole('img', {name: /droga od wyzwania|the way from the challenge/i}).count();
  problems.push(...unless(picture1 === 1, `${path} has ${picture1} pictures of the chain`));
  await picture(page, name);
  claim(`the chain is right on ${path}`, problems);
}

async function readApi(page, cycle, practice, others) {
  const problems = [];
  const {json} = await read(page, `/api/v1/practices/${practice.id}/chain`);
  problems.push(...unless(json.cycle?.id === cycle.id, 'the API names another cycle'));
  problems.push(...unless(json.problems === 3 && json.prototyped === 1, `${json.problems} problems, ${json.prototyped} prototyped`));
  problems.push(...unless(json.outcomes.map(({title}) => title).join() === kOutcome, 'the API has other outcomes'));
  problems.push(...unless(json.outcomes[0]?.practice?.id === practice.id, 'the outcome does not name the practice'));
  const adopters = json.practices[0].adoptions.map(({institution, status, since}) => `${institution.name} ${status} ${since}`).sort();
  const expected = [`${others[0].name} adopted 2024-05-01`, `${others[1].name} considering null`].sort();
  problems.push(...unless(adopters.join() === expected.join(), `the API has ${adopters}`));
  const feed = await (await page.context().request.get(`${base}/praktyki.atom`)).text();
  problems.push(...unless(feed.includes(`/praktyki/${practice.slug}`), 'the feed of practices has no entry'));
  claim('the chain is right in the API, and the practice in the feed', problems);
}

const browser = await launch();
const context = await openContext(browser);
const page = await openPage(context);
const {cycle, others} = await choose(page);
await signIn(page);
await writeOutcomes(page, cycle);
const id = await draft(page, cycle);
const practice = await publish(page, id);
if (practice?.slug) {
  await adopt(page, practice, others[0], 'adopted', '2024-05-01');
  await adopt(page, practice, others[1], 'considering', '');
  const named = [cycle.title, kOutcome, ...others.map(({name}) => name), '3 rozpoznane problemy', 'brak danych'];
  await readChain(page, `/praktyki/${practice.slug}`, 'practice', [...named, practice.title]);
  await readChain(page, `/cykle/${cycle.slug}`, 'cycle', [...named, practice.title]);
  const english = [cycle.title, kOutcome, ...others.map(({name}) => name), '3 problems identified', 'no data'];
  await readChain(page, `/en/praktyki/${practice.slug}`, 'practice-en', english);
  await readApi(page, cycle, practice, others);
  const problems = [];
  await page.goto(`${base}/panel/statystyki/praktyki`);
  await look(page, '/panel/statystyki/praktyki', problems);
  problems.push(...unless((await textOf(page, 'main')).includes(practice.title), 'the statistics lack the practice'));
  await picture(page, 'statistics');
  claim('the statistics know how long it took', problems);
}
claim('nothing went wrong behind the pages', page.troubles);
await browser.close();
process.exit(finish());
