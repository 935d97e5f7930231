// Photos of a meeting as visitors look at them: without scripts by links alone, with the keyboard, on a
// small screen, and to those who hear what they show.

import {openContext, openPage} from './browser.mjs';
import {inFocus, Keyboard, unless} from './keyboard.mjs';
import {look, send} from './look.mjs';
import {openSignedIn, picture, roomOf, waitFor} from './material_room.mjs';
import {claim} from './report.mjs';

const kPhotos = [['Sala', '#2a6f4e'], ['Warsztat', '#8a3b12'], ['Mapa', '#1f4b8f']]
  .map(([title, color]) => ({title: `${title} na zdjęciu`, color, alt: `Widać: ${title}`}));

// A photo of one colour, large enough for a smaller picture of it.
const drawn = (page, color) => page.evaluate(async (fill) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1800, height: 1200});
  const context = canvas.getContext('2d');
  context.fillStyle = fill;
  context.fillRect(0, 0, 1800, 1200);
  return canvas.toDataURL('image/jpeg', 0.8).split(',')[1];
}, color);

async function bringPhotos(browser, site) {
  const context = await openSignedIn(browser, site, {javaScriptEnabled: false});
  const drawing = await (await openContext(browser)).newPage();
  const page = await openPage(context);
  for (const {title, color, alt} of kPhotos) {
    await page.goto(`${roomOf(site)}/nowe`);
    await page.setInputFiles('#file', {name: `${title}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(await drawn(drawing, color), 'base64')});
    await page.fill('#title', title);
    await page.selectOption('#kind', 'photo');
    await page.fill('#alt_text', alt);
    await page.check('#has_consent');
    await send(page, '.material-plain button[type="submit"]');
  }
  const found = await waitFor('the photos', async () => {
    await page.goto(`${site.base}/spotkania/${site.slug}/materialy`);
    return await page.locator('.gallery li').count() === kPhotos.length;
  });
  await drawing.context().close();
  await context.close();
  return found;
}

const list = (site) => `${site.base}/spotkania/${site.slug}/materialy`;
const shown = (page) => page.$$eval('.lightbox', (boxes) => boxes.filter((box) => getComputedStyle(box).display !== 'none').map((box) => box.querySelector('img').alt));

// Links alone, 390 px wide.
async function withoutScripts(browser, site, problems) {
  const context = await openContext(browser, {javaScriptEnabled: false, viewport: {width: 390, height: 844}});
  const page = await openPage(context);
  await page.goto(list(site));
  const alts = await page.$$eval('.gallery img', (images) => images.map(({alt}) => alt));
  problems.push(...unless(alts.join() === kPhotos.map(({alt}) => alt).join(), `the photos are described as ${alts}`),
    ...unless((await shown(page)).length === 0, 'a photo lies over the page before it was asked for'));
  const steps = [['.gallery li:first-child a', 0], ['.lightbox:target [data-next]', 1], ['.lightbox:target [data-previous]', 0]];
  for (const [selector, index] of steps) {
    await page.click(selector);
    problems.push(...unless((await shown(page)).join() === kPhotos[index].alt, `${selector} shows “${await shown(page)}”`));
  }
  const wide = await page.evaluate(() => [...document.querySelectorAll('.lightbox:target, .lightbox:target *')].some((one) => one.getBoundingClientRect().right > innerWidth + 1));
  problems.push(...unless(!wide, 'the larger picture is wider than 390 px'));
  await page.waitForFunction(() => document.querySelector('.lightbox:target img').naturalWidth >= 1200);
  await picture(page, 'gallery-open-390');
  await page.click('.lightbox:target [data-close]');
  problems.push(...unless((await shown(page)).length === 0, 'closing leaves the photo over the page'), ...page.troubles);
  await context.close();
}

async function byKeyboard(browser, site, problems) {
  const context = await openContext(browser);
  const page = await openPage(context);
  page.scripted = true;
  await page.goto(list(site));
  await look(page, 'the page with photos', problems);
  await picture(page, 'gallery');
  await page.goto(list(site));
  const keys = new Keyboard(page);
  await keys.to('.gallery li:nth-child(2) a');
  await page.keyboard.press('Enter');
  const isOpen = async (index) => (await shown(page)).join() === kPhotos[index].alt;
  problems.push(...unless(await isOpen(1) && await inFocus(page, '.lightbox:target[role="dialog"]'), 'Enter opens no dialog in focus'));
  await picture(page, 'gallery-open');
  await page.keyboard.press('ArrowRight');
  problems.push(...unless(await isOpen(2), 'the arrow does not go on'));
  await page.keyboard.press('ArrowRight');
  problems.push(...unless(await isOpen(2), 'the last photo has another after it'));
  for (let i = 0; i < 12; ++i) {
    await page.keyboard.press(i % 3 === 2 ? 'Shift+Tab' : 'Tab');
    problems.push(...unless(await page.evaluate(() => document.querySelector('.lightbox:target').contains(document.activeElement)), 'the focus leaves the open photo'));
  }
  await page.keyboard.press('ArrowLeft');
  problems.push(...unless(await isOpen(1), 'the arrow does not go back'));
  await page.keyboard.press('Escape');
  problems.push(...unless((await shown(page)).length === 0, 'Escape does not close it'),
    ...unless(await inFocus(page, '.gallery li:nth-child(2) a'), 'the focus does not come back to the photo'));
  await page.goBack();
  problems.push(...unless(!page.url().includes('#zdjecie'), 'photos fill the history'), ...page.troubles);
  await context.close();
}

export async function lookAtGallery(browser, site) {
  const steps = {
    'photos open larger by links alone, on a small screen, each with its description': withoutScripts,
    'photos are looked through by the keyboard, the focus stays inside and comes back': byKeyboard,
  };
  await bringPhotos(browser, site);
  for (const [sentence, step] of Object.entries(steps)) {
    const problems = [];
    await step(browser, site, problems).catch((error) => problems.push(error.message.split('\n')[0]));
    claim(sentence, problems);
  }
}
