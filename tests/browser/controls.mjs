// Checks of the checks: each of them must see what is wrong with a page that is wrong on purpose.

import {findOverflow, findViolations, show, walk} from './accessibility.mjs';
import {openContext, openPage} from './browser.mjs';
import {findMistakes} from './markup.mjs';
import {claim} from './report.mjs';

const kBadPage = `<!DOCTYPE html><html><head></head><body>
<h1 style="color:#ccc;background:#fff">Pale</h1><h4>Skipped</h4><img src="data:,">
<input type="text"><a href="/x"></a><button style="outline:none" id="unseen">No focus</button>
<ul><div>item</div></ul><div style="width:2000px">wide</div>
<div style="position:fixed;inset:0;background:#fff;pointer-events:auto"></div><a href="#y">under</a></body></html>`;

const unless = (holds, sentence) => (holds ? [] : [sentence]);

export async function checkTheChecks(browser, base) {
  const context = await openContext(browser);
  const page = await openPage(context);
  await page.setContent(kBadPage);
  const violations = await findViolations(page);
  claim('control: axe sees a planted bad page',
    unless(['color-contrast', 'image-alt', 'label', 'link-name', 'html-has-lang'].every((rule) => violations.some((one) => one.startsWith(rule))),
      `it saw ${violations.map((one) => one.split(' ')[0]).join(', ')}`));
  const walked = await walk(page);
  claim('control: the keyboard walk sees a focus without outline, a nameless stop and a covered one',
    unless(['cannot be seen', 'has no name', 'lies under'].every((words) => walked.problems.some((one) => one.includes(words))),
      walked.problems.join('; ')));
  await show(page, {width: 320, height: 700, scheme: 'light'});
  claim('control: the reflow check sees a wide page', unless((await findOverflow(page)).length === 1, 'it saw nothing'));
  claim('control: html-validate sees bad markup', unless((await findMistakes('bad.html', kBadPage)).length >= 3, 'it saw too little'));
  await context.close();
  await checkThePolicy(browser, base);
}

async function checkThePolicy(browser, base) {
  const context = await openContext(browser);
  const page = await openPage(context);
  await page.goto(`${base}/`);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.planted = true';
    document.head.append(script);
  });
  await page.waitForTimeout(100);
  claim('control: the content security policy stops and reports a planted script',
    unless(page.troubles.some((trouble) => /Content Security Policy/i.test(trouble)) && !(await page.evaluate('window.planted')),
      page.troubles.join('; ') || 'nothing was reported'));
  await context.close();
}
