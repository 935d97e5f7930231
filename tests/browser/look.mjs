// What every page of the signed-in is looked at for, and the press of a button that leads to another page.

import {walk} from './accessibility.mjs';
import {inspect, textOf, unless} from './keyboard.mjs';
import {findMistakes} from './markup.mjs';

export async function send(page, selector) {
  await Promise.all([page.waitForEvent('load'), page.click(selector)]);
}

// axe, reflow, markup, the walk of the keyboard, and texts that are missing. As sent: the browser writes a
// document down in its own way. `sent` false: what the service sends for the address alone is another page,
// as after a POST.
export async function look(page, sentence, problems, sent = true) {
  await inspect(page, sentence, problems);
  const answer = sent ? await page.context().request.get(page.url()) : null;
  if (answer?.status() === 200) problems.push(...await findMistakes(sentence, await answer.text()));
  const walked = await walk(page);
  problems.push(...walked.problems.map((problem) => `${sentence}: ${problem}`));
  const missing = (await textOf(page, 'body')).match(/\[[a-z_]+\.[a-z_.]+\]/);
  problems.push(...unless(missing === null, `${sentence} shows a key instead of its text: ${missing}`));
}
