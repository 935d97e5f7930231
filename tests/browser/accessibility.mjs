// axe-core on a page, and what it cannot see: reflow and the focus of a keyboard walk.

import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
// Evaluated, not added as an element: the content security policy would stop that.
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const kVariants = [
  {width: 1280, height: 900, scheme: 'light'},
  {width: 1280, height: 900, scheme: 'dark'},
  {width: 390, height: 844, scheme: 'dark'},
  {width: 390, height: 844, scheme: 'light'},
];

// Violations as sentences.
export async function findViolations(page) {
  if (!(await page.evaluate('typeof window.axe === "object"'))) await page.evaluate(axe);
  const found = await page.evaluate((values) => window.axe.run(document, {
    runOnly: {type: 'tag', values},
    resultTypes: ['violations'],
  }), tags);
  return found.violations.map((violation) => {
    const node = violation.nodes[0];
    const why = [...node.any, ...node.all, ...node.none][0]?.message ?? '';
    return `${violation.id} ×${violation.nodes.length} at ${node.target.join(' ')}: ${why.slice(0, 160)}`;
  });
}

// Shows the page as a variant does, without loading it again.
export async function show(page, {width, height, scheme}) {
  await page.setViewportSize({width, height});
  await page.emulateMedia({colorScheme: scheme, reducedMotion: 'reduce'});
}

function measureOverflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll('body :not(svg *)')].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1);
    return [`${root.scrollWidth} px wide on ${root.clientWidth} px: ${wide.slice(0, 3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`).join(', ')}`];
  });
}

// What sticks out to the right at the page's present width; none when there is nothing to scroll to.
// Once fonts are there and the page has been drawn twice: on a busy machine it is wider for a moment.
export async function findOverflow(page) {
  if ((await measureOverflow(page)).length === 0) return [];
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((drawn) => {
    requestAnimationFrame(() => requestAnimationFrame(drawn));
  })));
  return measureOverflow(page);
}

// Presses Tab from the top of the page to its end. Returns {stops: [name], problems: [sentence]}.
export async function walk(page) {
  await page.evaluate(() => {
    window.scrollTo(0, 0);
    document.activeElement?.blur?.();
  });
  const stops = [];
  const problems = [];
  for (let i = 0; i < 600; ++i) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(describeFocus);
    if (!stop) return {stops, problems};
    stops.push(stop.name);
    if (!stop.visible) problems.push(`${stop.name}: focus cannot be seen`);
    if (stop.obscured) problems.push(`${stop.name}: lies under ${stop.obscured}`);
    if (!stop.name.trim()) problems.push(`stop ${i + 1} has no name: ${stop.html}`);
  }
  problems.push('the walk does not end after 600 stops');
  return {stops, problems};
}

// Runs in the page: the element in focus; null at the end of the page.
function describeFocus() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  // The focus is on something inside the frame, and shows there; the frame itself is never :focus.
  if (element.localName === 'iframe') return {name: element.title, visible: true, obscured: '', html: element.outerHTML.slice(0, 120)};
  const isOutlined = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  // A control inside a card may show its focus around the card.
  const visible = isOutlined(element) || (element.parentElement !== null && element.matches('input') && isOutlined(element.parentElement));
  const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  // Of what can be seen: of a text area taller than the window the browser shows the line with the caret.
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const top = document.elementFromPoint(x, y);
  const isSeen = top !== null && (element.contains(top) || top.contains(element)
    || [...(element.labels ?? [])].some((label) => label.contains(top)));
  const name = (element.labels?.[0]?.textContent || element.getAttribute('aria-label') || element.textContent || element.title || '')
    .trim().replace(/\s+/g, ' ').slice(0, 60);
  return {
    name,
    visible,
    obscured: isSeen ? '' : top ? `${top.tagName.toLowerCase()}.${top.getAttribute('class') ?? ''}` : 'the edge of the window',
    html: element.outerHTML.slice(0, 120),
  };
}
