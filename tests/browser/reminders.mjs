// When people are reminded, and what they want to be told: the panel's page with faults and a preview, and
// one's own choices.

import {unless} from './keyboard.mjs';
import {look, send} from './look.mjs';

async function open(page, path, problems) {
  const response = await page.goto(new URL(path, page.url()).href);
  problems.push(...unless(response.status() === 200, `${path} answers ${response.status()}`));
  await look(page, path, problems);
}

// `page` is somebody's who organizes the meeting with this id; nothing is saved.
export async function lookAtReminders(page, prefix, meeting, problems, shot = async () => {}) {
  const path = `${prefix}/panel/spotkania/${meeting}/przypomnienia`;
  await open(page, path, problems);
  await shot('reminders');
  await page.check('#list-own');
  await page.fill('#count-1', '99');
  await page.fill('#count-2', '3');
  await page.fill('#count-3', '3');
  await page.selectOption('#unit-3', 'd');
  await send(page, 'main button[value=save]');
  await look(page, `${path} with faults`, problems, false);
  await shot('reminders-faults');
  const faults = await page.locator('.ds-error-summary li').count();
  problems.push(...unless(faults === 2, `${faults} faults instead of 2`));
  await page.fill('#count-1', '14');
  await page.fill('#count-3', '5');
  await page.selectOption('#unit-3', 'h');
  await send(page, 'main button[value=preview]');
  await look(page, `${path} with a preview`, problems, false);
  await shot('reminders-preview');
  const rows = await page.locator('main table tbody tr').count();
  problems.push(...unless(rows === 3, `${rows} reminders instead of 3`));
  await open(page, `${prefix}/moje/dane`, problems);
  await shot('choices');
}
