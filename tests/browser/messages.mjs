// Writing to participants and the survey after a meeting, on their way through the panel. `page` is signed
// in as somebody who may organize every meeting.

import {unless} from './keyboard.mjs';
import {look, send} from './look.mjs';

async function open(page, path, problems) {
  const response = await page.goto(new URL(path, page.url()).href);
  problems.push(...unless(response.status() === 200, `${path} answers ${response.status()}`));
  await look(page, path, problems);
}

// Somebody to write to.
async function register(page, meeting, problems) {
  const answer = await page.context().request.post(new URL(`/api/v1/meetings/${meeting}/registrations`, page.url()).href,
    {data: {full_name: 'Jan Pisany', email: 'jan.pisany@urzad.example', institution: '2466011', consent: true}});
  problems.push(...unless(answer.status() === 201, `registering answers ${answer.status()}: ${await answer.text()}`));
}

async function message(page, meeting, problems) {
  await register(page, meeting, problems);
  const path = `/panel/spotkania/${meeting}/wiadomosc`;
  await open(page, path, problems);
  await page.fill('#body', 'Dzień dobry {imie}');
  await send(page, 'main form.form button[value=preview]');
  await look(page, 'a message with errors', problems);
  const errors = await page.locator('main [data-field=validation]').count();
  problems.push(...unless(errors === 2, `${errors} errors of a message without a subject and with a wrong placeholder`));
  for (const group of ['participants', 'waiting', 'pending', 'attended', 'absent']) await page.check(`#groups-${group}`);
  await page.fill('#subject', 'Zmiana sali');
  await page.fill('#body', 'Dzień dobry {osoba}!\n\nMapa: https://mapa.example/sala-5 i {link}');
  await page.fill('#subject_en', 'Another room');
  await page.fill('#body_en', 'Hello {osoba}');
  await send(page, 'main form.form button[value=preview]');
  const title = await page.locator('h1').textContent();
  problems.push(...unless(title === 'Sprawdź przed wysłaniem', `the preview is called ${title}`));
  if (title !== 'Sprawdź przed wysłaniem') return;
  await look(page, 'the preview of a message', problems);
  await send(page, 'main form.form button:not([formaction])');
  problems.push(...unless(page.url().includes('/panel/zadania/'), `sending leads to ${page.url()}`));
  await open(page, path, problems);
  const sent = await page.locator('#wyslane ~ table tbody tr').count();
  problems.push(...unless(sent === 1, `${sent} messages listed after one was sent`));
}

async function survey(page, meeting, problems) {
  const path = `/panel/spotkania/${meeting}/ankieta`;
  await open(page, path, problems);
  await page.fill('#hours_after', '1000');
  await page.selectOption('#kind_3', 'choice');
  await send(page, 'main form.form button');
  await look(page, 'a survey with errors', problems);
  await page.fill('#hours_after', '3');
  await page.selectOption('#kind_3', 'text');
  await page.check('#enabled');
  await page.fill('#label_6', 'Która część była najlepsza?');
  await send(page, 'main form.form button');
  await look(page, 'a survey that has been saved', problems);
  problems.push(...unless(page.url().includes('zrobione=survey_saved'), `saving a survey leads to ${page.url()}`));
}

export async function lookAtMessages(page, problems) {
  const today = new Date().toISOString().slice(0, 10);
  const listed = await (await page.context().request.get(new URL(`/api/v1/meetings?from=${today}&limit=100`, page.url()).href)).json();
  const meeting = listed.items.find((one) => one.registration.state === 'open')?.id;
  problems.push(...unless(meeting !== undefined, 'no meeting of the sample takes registrations'));
  if (meeting === undefined) return;
  await message(page, meeting, problems);
  await survey(page, meeting, problems);
}
