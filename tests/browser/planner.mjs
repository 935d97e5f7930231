// node tests/browser/planner.mjs BASE [DIR]: plans a school of six sessions by the keyboard alone, in an
// installation that knows municipalities and one organizer and nothing else, from the sign-in page to the
// published cycle; once at a desk and once on a phone. Pictures of every step go to DIR when one is given.
//
// What is counted: each field that is filled in, each choice that is made and each button or link that is
// pressed is one interaction. Tab, which only leads there, and reading a mail are none.

import {mkdirSync, readFileSync} from 'node:fs';
import {findOverflow, findViolations} from './accessibility.mjs';
import {launch, openContext, openPage} from './browser.mjs';
import {Keyboard} from './keyboard.mjs';
import {signInLinkTo} from './mailbox.mjs';
import {claim, finish} from './report.mjs';

const base = (process.argv[2] ?? '').replace(/\/$/, '');
const pictures = process.argv[3] ?? process.env.PICTURES;
if (!/^https?:\/\//.test(base)) {
  console.error('usage: node tests/browser/planner.mjs http://127.0.0.1:PORT [DIR]');
  process.exit(2);
}
const mails = `${process.env.NARADA_DATA ?? 'var'}/mail`;
const email = 'organizator@narada.example';
const kMost = 40; // interactions, not reached
const kInvited = 41;
const kSessions = 6;
const municipalities = readFileSync(new URL('../../sample/municipalities.csv', import.meta.url), 'utf8')
  .split('\n').filter((line) => line.startsWith('GZM,')).map((line) => line.split(',')[3]);
if (pictures) mkdirSync(pictures, {recursive: true});

// A keyboard that counts, and looks at each step.
class Organizer {
  constructor(page, name) {
    this.page = page;
    this.keyboard = new Keyboard(page);
    this.name = name;
    this.count = 0;
    this.steps = 0;
    this.problems = [];
  }

  async fill(selector, text) {
    this.count += 1;
    await this.keyboard.to(selector);
    const type = await this.page.evaluate(() => document.activeElement.type);
    if (type === 'date') {
      // Day, month and year, in the order of the browser's language.
      const [year, month, day] = text.split('-');
      await this.page.keyboard.type(day + month + year);
    } else {
      await this.keyboard.fill(selector, text);
    }
  }

  async press(selector, text = '') {
    this.count += 1;
    await this.keyboard.follow(selector, text);
  }

  // From a spreadsheet, in one go.
  async paste(selector, text) {
    this.count += 1;
    await this.keyboard.to(selector);
    await this.page.keyboard.insertText(text);
  }

  async toggle(selector) {
    this.count += 1;
    await this.keyboard.to(selector);
    await this.page.keyboard.press('Space');
  }

  // A look at the page as it stands.
  async look(step) {
    this.steps += 1;
    if (pictures) await this.page.screenshot({path: `${pictures}/${this.name}-${this.steps}-${step}.png`, fullPage: true});
    for (const overflow of await findOverflow(this.page)) this.problems.push(`${step}: ${overflow}`);
    for (const violation of await findViolations(this.page)) this.problems.push(`${step}: ${violation}`);
    const missing = (await this.page.textContent('body')).match(/\[[a-z_]+\.[a-z_.]+\]/);
    if (missing) this.problems.push(`${step} shows a key instead of its text: ${missing[0]}`);
  }
}

async function signIn(organizer) {
  const {page} = organizer;
  await page.goto(`${base}/wejscie`);
  await organizer.look('wejscie');
  await organizer.fill('#email', email);
  await organizer.press('form[action="/wejscie"] button');
  await organizer.look('wyslano');
  await page.goto(await signInLinkTo(mails, email));
  organizer.count += 1; // the link in the mail
  await organizer.look('odnosnik');
  await organizer.press('main form button');
}

// Six sessions in two cities that take turns, two experts, and the names of 41 offices from a spreadsheet.
async function plan(organizer, title) {
  await organizer.press('a[href="/panel"]');
  await organizer.look('panel');
  await organizer.press('.panel-nav a', 'Cykle i spotkania');
  await organizer.look('cykle');
  await organizer.press('a[href="/panel/cykle/nowy"]');
  await organizer.fill('#title', title);
  await organizer.fill('#challenge', 'Jak skrócić drogę mieszkańca od pytania do decyzji?');
  await organizer.look('krok-1');
  await organizer.press('form.planner button[value="step:2"]:not([hidden])');
  await organizer.fill('#owners-0', 'Gliwice');
  await organizer.fill('#hosts-0', 'Gliwice; Katowice');
  await organizer.paste('#participants', municipalities.join('\n'));
  await organizer.fill('#experts-0', `Ewa ${title.slice(-1)}; Jan ${title.slice(-1)}`);
  await organizer.toggle('#new_experts');
  await organizer.look('krok-2');
  await organizer.press('form.planner button[value="step:3"]:not([hidden])');
  await organizer.fill('#rule_onsite', '60');
  await organizer.press('button[value="plan"]');
  await organizer.look('krok-3');
  await organizer.press('button[value="publish"]');
  await organizer.look('opublikowany');
}

async function check(organizer, title) {
  const {page, problems} = organizer;
  const expect = (holds, sentence) => { if (!holds) problems.push(sentence); };
  expect(/\/panel\/cykle\/\d+\?zrobione=cycle_published$/.test(page.url()), `it ends at ${page.url()}`);
  expect(organizer.count < kMost, `${organizer.count} interactions`);
  const get = async (path) => (await page.context().request.get(new URL(path, base).href)).json();
  const id = page.url().match(/\/cykle\/(\d+)/)?.[1];
  const cycle = await get(`/api/v1/cycles/${id}`);
  const invited = cycle.institutions.filter((one) => one.role === 'participant').length;
  expect(cycle.title === title && cycle.status === 'published', `the cycle “${cycle.title}” is ${cycle.status}`);
  expect(invited === kInvited, `${invited} institutions are invited`);
  expect(cycle.experts.length === 2, `${cycle.experts.length} experts`);
  expect(cycle.meetings.length === kSessions, `${cycle.meetings.length} sessions`);
  expect(cycle.meetings.every((one) => one.status === 'published'), 'not every session is published');
  const cities = new Set(cycle.meetings.map((one) => JSON.stringify(one.places ?? one.place_names)));
  expect(cities.size === 2, `the sessions are in ${cities.size} cities`);
}

const browser = await launch();
try {
  for (const [name, viewport] of [['1280', {width: 1280, height: 900}], ['390', {width: 390, height: 844}]]) {
    const context = await openContext(browser, {viewport});
    const page = await openPage(context);
    const title = `Szkoła prototypowania usług ${name === '390' ? 'B' : 'A'}`;
    const organizer = new Organizer(page, name);
    try {
      await signIn(organizer);
      await plan(organizer, title);
      await check(organizer, title);
    } catch (error) {
      organizer.problems.push(error.message.split('\n')[0]);
    }
    organizer.problems.push(...page.troubles);
    claim(`at ${name} px a cycle of ${kSessions} sessions in two cities with two experts and ${kInvited} invited institutions takes `
      + `${organizer.count} interactions by the keyboard, fewer than ${kMost}`, organizer.problems);
    await context.close();
  }
} finally {
  await browser.close();
}
process.exit(finish());
