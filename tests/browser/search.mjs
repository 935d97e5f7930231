// The search in a browser: results with facets, nothing found, "did you mean", and suggestions by the
// keyboard alone. axe, reflow, markup and the walk of the keyboard on each; with SHOTS, pictures of them.

import {openContext, openPage} from './browser.mjs';
import {unless} from './keyboard.mjs';
import {look} from './look.mjs';
import {claim} from './report.mjs';

const kShots = process.env.SHOTS;

async function picture(page, name) {
  if (!kShots) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({width, height: 900});
    await page.screenshot({path: `${kShots}/${name}-${width}.png`, fullPage: true});
  }
  await page.setViewportSize({width: 1280, height: 900});
}

// From typing to the page of what was suggested, without a mouse.
async function followSuggestion(page, {base, prefix}, problems) {
  await page.goto(`${base}${prefix}/szukaj`);
  await page.focus('#q');
  await page.keyboard.type('zielen');
  await page.waitForSelector('.search-suggestions:not([hidden]) [role="option"]');
  await look(page, `${prefix}/szukaj with suggestions`, problems);
  await page.fill('#q', '');
  await page.focus('#q');
  await page.keyboard.type('dronostr');
  await page.waitForSelector('.search-suggestions:not([hidden]) [role="option"]');
  await picture(page, `search-suggestions${prefix.replace('/', '-')}`);
  await page.keyboard.press('Escape');
  problems.push(...unless(await page.getAttribute('#q', 'aria-expanded') === 'false', 'Escape leaves suggestions open'));
  await page.keyboard.type('a');
  await page.waitForSelector('.search-suggestions:not([hidden]) [role="option"]');
  await page.keyboard.press('ArrowDown');
  const active = await page.getAttribute('#q', 'aria-activedescendant');
  problems.push(...unless(active === 'q-podpowiedz-0', `the arrow chose ${active}`));
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  problems.push(...unless(page.url().endsWith('/praktyki/dronostrada-miedzy-dwoma-szpitalami'), `Enter led to ${page.url()}`));
}

export async function lookAtSearch(browser, base, language) {
  const site = {base, prefix: language === 'pl' ? '' : '/en'};
  const problems = [];
  const context = await openContext(browser, {locale: language === 'pl' ? 'pl-PL' : 'en-GB'});
  const page = await openPage(context);
  page.scripted = true;
  const questions = {
    results: '/szukaj?q=ziele%C5%84',
    narrowed: '/szukaj?q=miasto&rodzaj=practice',
    misspelt: '/szukaj?q=rewitalziacja',
    nothing: '/szukaj?q=xyzzyqq',
    empty: '/szukaj',
  };
  for (const [name, path] of Object.entries(questions)) {
    await page.goto(site.base + site.prefix + path);
    await look(page, site.prefix + path, problems);
    await picture(page, `search-${name}${site.prefix.replace('/', '-')}`);
  }
  await followSuggestion(page, site, problems);
  problems.push(...page.troubles);
  await context.close();
  claim(`the search (${language}) shows, narrows, corrects and suggests, also by the keyboard alone`, problems);
}
