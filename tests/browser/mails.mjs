// node tests/browser/mails.mjs [--shots DIR]: every golden mail (tests/golden/mail) as a browser shows its
// HTML part, on a telephone and beside a list of mails, light and dark, and its text part. --shots puts a
// picture of each and sheets of all of them into DIR.

import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {findOverflow, findViolations, show} from './accessibility.mjs';
import {launch, onPages, openContext} from './browser.mjs';
import {claim, finish} from './report.mjs';

const golden = fileURLToPath(new URL('../golden/mail', import.meta.url));
const shots = process.argv[2] === '--shots' ? process.argv[3] : '';
const kLooks = [
  {width: 320, height: 640, scheme: 'light'},
  {width: 390, height: 844, scheme: 'light'},
  {width: 390, height: 844, scheme: 'dark'},
  {width: 680, height: 900, scheme: 'light'},
  {width: 680, height: 900, scheme: 'dark'},
];
const kLongestLine = 76;
// A mail is shown inside a page of the mail program, which has its own landmarks.
const ofPages = /^(landmark-one-main|region) /;

// The parts of a golden mail: boundaries and encodings are our own.
function partOf(mail, type) {
  const part = mail.split(/\r\n--=_[^\r\n]*/).find((one) => new RegExp(`^\\r\\nContent-Type: ${type};`, 'm').test(one));
  const body = part.slice(part.indexOf('\r\n\r\n') + 4);
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replace(/\r\n/g, '\n');
}

const mails = readdirSync(golden).filter((name) => name.endsWith('.eml')).sort().map((name) => {
  const mail = readFileSync(join(golden, name), 'latin1');
  return {name: basename(name, '.eml'), html: partOf(mail, 'text/html'), text: partOf(mail, 'text/plain')};
});

// What is wrong with the text part, as sentences.
function faultsOfText({html, text}) {
  const faults = [];
  for (const line of text.split('\n')) {
    const isAddress = /^ {0,2}\(?https?:\/\/\S+$/.test(line) || /https?:\/\/\S{40,}/.test(line);
    if ([...line].length > kLongestLine && !isAddress) faults.push(`a line of ${[...line].length} characters: ${line}`);
  }
  for (const [, address] of html.matchAll(/href="([^"]+)"/g)) {
    if (!text.includes(address.replaceAll('&amp;', '&'))) faults.push(`the text lacks ${address}`);
  }
  if (/\n\n\n/.test(text)) faults.push('two empty lines in a row');
  if (/[{}]|\[[a-z_]+\.[a-z_.]+\]|<[a-z/]/.test(text)) faults.push('a placeholder, key or tag in the text');
  return faults;
}

// Runs in the page: what its markup owes to programs that show mail.
function faultsOfMarkup() {
  const faults = [];
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (!document.documentElement.lang) faults.push('no language');
  if (document.querySelector('img, link, script, iframe, [src], [background]')) faults.push('something from elsewhere');
  for (const link of document.querySelectorAll('a')) if (!link.textContent.trim()) faults.push('a link without words');
  for (const table of document.querySelectorAll('table:not([role=presentation])')) {
    if (!table.querySelector('th[scope=row]')) faults.push('a table of facts without labels');
  }
  // Word reads neither style sheets nor classes: colours and sizes stand where they hold.
  for (const element of document.querySelectorAll('h1, p, a, th')) {
    if (!/color:/.test(element.getAttribute('style') ?? '') && !element.querySelector('a')) faults.push(`${element.tagName} without a colour of its own`);
  }
  return faults;
}

async function sheet(context, name, files) {
  const page = await context.newPage();
  const images = files.map((file) => `<figure><img src="data:image/png;base64,${readFileSync(file).toString('base64')}"><figcaption>${basename(file)}</figcaption></figure>`);
  await page.setViewportSize({width: 1600, height: 1000});
  await page.setContent(`<style>body{margin:8px;background:#777;font:12px sans-serif;display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start}figure{margin:0;width:305px}img{width:100%}</style>${images.join('')}`);
  await page.screenshot({path: join(shots, name), fullPage: true});
  await page.close();
}

const browser = await launch();
const context = await openContext(browser);
const problems = [];
const taken = new Map();
if (shots) mkdirSync(shots, {recursive: true});
const troubles = await onPages(context, mails, 3, async (page, mail) => {
  problems.push(...faultsOfText(mail).map((fault) => `${mail.name}: ${fault}`));
  await page.setContent(mail.html);
  problems.push(...(await page.evaluate(faultsOfMarkup)).map((fault) => `${mail.name}: ${fault}`));
  for (const look of kLooks) {
    const where = `${mail.name} at ${look.width} px, ${look.scheme}`;
    await show(page, look);
    problems.push(...(await findOverflow(page)).map((fault) => `${where}: ${fault}`));
    problems.push(...(await findViolations(page)).filter((fault) => !ofPages.test(fault)).map((fault) => `${where}: ${fault}`));
    if (!shots || look.width === 320) continue;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const file = join(shots, `${mail.name}-${look.width}-${look.scheme}.png`);
    await page.screenshot({path: file, fullPage: true});
    const key = `${look.width}-${look.scheme}-${mail.name.slice(-2)}`;
    taken.set(key, [...(taken.get(key) ?? []), file]);
  }
});
claim(`${mails.length} mails show and read well at ${kLooks.length} sizes and colours`, mails.length > 0 ? [...problems, ...troubles] : ['there are none']);

// The check itself sees what it looks for.
const page = await context.newPage();
await page.setContent('<html><body style="background:#fff"><p style="color:#aaa;width:2000px">pale</p><img></body></html>');
await show(page, kLooks[0]);
const seen = [...await page.evaluate(faultsOfMarkup), ...await findOverflow(page), ...await findViolations(page)].join('\n');
claim('a pale, wide mail with a picture and no heading is found out', ['h1', 'elsewhere', 'px wide', 'color-contrast']
  .filter((word) => !seen.includes(word)).map((word) => `nothing is said of ${word}`));
for (const [name, files] of taken) await sheet(context, `sheet-${name}.png`, files.sort());
await browser.close();
process.exit(finish());
