// The words of mails in the panel: the list, one form with faults, its preview in a frame that can do nothing.

import {unless} from './keyboard.mjs';
import {look, send} from './look.mjs';

const list = '/panel/ustawienia/wiadomosci';

async function open(page, path, problems) {
  const response = await page.goto(new URL(path, page.url()).href);
  problems.push(...unless(response.status() === 200, `${path} answers ${response.status()}`));
  await look(page, path, problems);
}

// What the mail in the frame says, though nothing in it runs.
async function textInFrame(page) {
  const frame = await (await page.waitForSelector('iframe.template-frame')).contentFrame();
  await frame.waitForLoadState();
  return frame.textContent('h1');
}

// `page` is an admin's; what stands in the form is not saved.
export async function lookAtSettings(page, prefix, problems) {
  await open(page, `${prefix}/panel/ustawienia`, problems);
  await open(page, `${prefix}${list}`, problems);
  await open(page, `${prefix}${list}/meeting_moved/pl`, problems);
  await page.fill('#subject', 'Zmiana');
  await page.fill('#closing', 'Do zobaczenia, {osoba}');
  await send(page, 'main button[value=save]');
  await look(page, 'a wording with faults', problems, false);
  const faults = await page.locator('.ds-error-summary li').count();
  problems.push(...unless(faults === 2, `${faults} faults instead of 2`));
  await page.fill('#subject', 'Zmiana: {title}');
  await page.fill('#heading', 'Nagłówek na próbę');
  await page.fill('#closing', 'Do zobaczenia, {person}');
  await send(page, 'main button[value=preview]');
  await look(page, 'a wording with its preview', problems, false);
  const heading = await textInFrame(page);
  problems.push(...unless(heading === 'Nagłówek na próbę', `the frame shows "${heading}"`));
  const text = await page.textContent('.template-text pre');
  problems.push(...unless(text.startsWith('Nagłówek na próbę\n\n'), 'the text part is another mail\'s'));
}
