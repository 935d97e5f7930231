// Every public page, found as a visitor would: by links from the two home pages.

import {createHash} from 'node:crypto';

const kMostPages = 4000;
const kAtOnce = 6;
// The month before, the month after, and so on for a century: a year either way is enough.
const kMonthsAround = 12;

const entities = {amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'", '#x27': "'"};
const decode = (text) => text.replace(/&([a-z]+|#[0-9a-z]+);/gi, (whole, name) => entities[name.toLowerCase()] ?? whole);

function isFarMonth(path) {
  const found = path.match(/^(?:\/en)?\/kalendarz\/(\d{4})\/(\d{2})$/);
  if (!found) return false;
  const now = new Date();
  const months = (Number(found[1]) - now.getUTCFullYear()) * 12 + Number(found[2]) - 1 - now.getUTCMonth();
  return Math.abs(months) > kMonthsAround;
}

// "/en/spotkania/{}/zapisy": the page's kind, whatever it is about.
export function kindOf(path) {
  const named = new Set(['spotkania', 'cykle', 'praktyki', 'gminy', 'z']);
  const parts = path.split('?')[0].split('/').filter(Boolean);
  const at = parts[0] === 'en' ? 1 : 0;
  if (named.has(parts[at]) && parts.length > at + 1) parts[at + 1] = '{}';
  if (parts[at] === 'kalendarz' && /^\d+$/.test(parts[at + 1] ?? '')) parts.splice(at + 1, 2, '{month}');
  return `/${parts.join('/')}`;
}

// What a page is made of, without its words: the set of its elements with their classes and roles,
// each beside its parent. Pages of equal structure cannot differ in what axe looks at but text.
export function structureOf(html) {
  const seen = new Set();
  const stack = [];
  const body = html.slice(html.indexOf('<body')).replace(/<svg.*?<\/svg>/gs, '<svg></svg>');
  for (const [, closing, tag, attributes] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi)) {
    const name = tag.toLowerCase();
    if (closing) {
      const at = stack.findLastIndex((open) => open.split(' ')[0] === name);
      if (at >= 0) stack.length = at;
      continue;
    }
    const kept = [...attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)]
      .filter(([, key]) => !['href', 'id', 'value', 'datetime', 'title', 'for', 'name', 'action', 'd', 'lang'].includes(key))
      .map(([, key, value]) => (['class', 'role', 'type', 'tabindex'].includes(key) || key.startsWith('data-') ? `${key}=${value}` : key))
      .sort();
    const element = [name, ...kept].join(' ');
    seen.add(`${stack.at(-1) ?? ''} > ${element}`);
    if (!['input', 'br', 'meta', 'link', 'hr', 'img', 'path', 'circle'].includes(name)) stack.push(element);
  }
  return createHash('sha256').update([...seen].sort().join('\n')).digest('hex');
}

// Returns {pages: [{path, html, kind, structure, from}], broken: [sentence], checked: number of links}.
export async function crawl(base, starts) {
  const from = new Map(starts.map((path) => [path, 'the start']));
  const queue = [...from.keys()];
  const pages = [];
  const broken = [];

  const follow = (address, at) => {
    const url = new URL(decode(address), base + at);
    if (url.origin !== base || isFarMonth(url.pathname)) return;
    const path = url.pathname + url.search;
    if (from.has(path) || from.size >= kMostPages) return;
    from.set(path, at);
    queue.push(path);
  };

  const visit = async (path) => {
    const response = await fetch(base + path, {redirect: 'manual'});
    const onward = response.headers.get('location') ?? '';
    // A private page sends a visitor to sign in.
    if (response.status === 303 && /^(\/en)?\/wejscie\?dalej=/.test(onward)) return follow(onward, path);
    if (response.status !== 200) broken.push(`${path} answers ${response.status}, linked from ${from.get(path)}`);
    const isPage = (response.headers.get('content-type') ?? '').startsWith('text/html');
    const body = isPage ? await response.text() : (await response.arrayBuffer(), '');
    if (!isPage || response.status !== 200) return;
    pages.push({path, html: body, kind: kindOf(path), structure: structureOf(body), from: from.get(path)});
    for (const [, , , address] of body.matchAll(/<(a|link|form)\b[^>]*?\s(href|action)="([^"]*)"/g)) {
      if (address.startsWith('#')) continue;
      follow(address, path);
    }
    broken.push(...brokenFragments(path, body));
  };

  while (queue.length > 0) await Promise.all(queue.splice(0, kAtOnce).map(visit));
  pages.sort((one, other) => (one.path < other.path ? -1 : 1));
  return {pages, broken, checked: from.size};
}

// Links within the page that lead nowhere.
function brokenFragments(path, html) {
  return [...html.matchAll(/\shref="#([^"]+)"/g)]
    .filter(([, id]) => !html.includes(` id="${id}"`))
    .map(([, id]) => `${path} has no element #${id} that it links to`);
}
