// node tools/build-assets.mjs OUT: styles, fonts and images into OUT, each named by its content so that
// browsers may keep it for a year, each text also as gzip; manifest.json maps "site.css" to
// "/static/site.<hash>.css". The style sheet is one file: fonts, theme, Designsystemet, site.
// Its inline images become files, because the content security policy lets images come from the
// service alone.

import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = process.argv[2];
if (!out) {
  console.error('usage: node tools/build-assets.mjs OUT');
  process.exit(2);
}
rmSync(out, {recursive: true, force: true});
mkdirSync(out, {recursive: true});

const manifest = {};
const texts = new Set(['.css', '.js', '.svg', '.json', '.txt']);

// Writes one file under its hashed name; returns its URL.
function put(name, content) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content, 'utf8');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const ending = extname(name);
  const hashed = `${basename(name, ending)}.${hash}${ending}`;
  writeFileSync(join(out, hashed), bytes);
  if (texts.has(ending)) writeFileSync(join(out, `${hashed}.gz`), gzipSync(bytes, {level: 9}));
  manifest[name] = `/static/${hashed}`;
  return manifest[name];
}

const packaged = (path) => readFileSync(join(root, 'node_modules', path));
const own = (path) => readFileSync(join(root, 'web/static', path));

// Latin and the rest of Polish, in the two weights that the pages use.
function fonts() {
  const ranges = {
    'latin-ext': 'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,'
      + 'U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
    latin: 'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,'
      + 'U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  };
  let css = '';
  for (const weight of [400, 700]) {
    for (const [subset, range] of Object.entries(ranges)) {
      const name = `lato-${subset}-${weight}.woff2`;
      const url = put(name, packaged(`@fontsource/lato/files/lato-${subset}-${weight}-normal.woff2`));
      css += `@font-face{font-family:Lato;font-style:normal;font-display:swap;font-weight:${weight};`
        + `src:url("${url}") format("woff2");unicode-range:${range}}\n`;
    }
  }
  return css;
}

// url("data:image/svg+xml,…") → a file of its own.
function withoutInlineImages(css) {
  const inline = /url\((["']?)data:image\/svg\+xml(?:;[^,"']*)?,((?:(?!\1\)).)*)\1\)/g;
  const result = css.replace(inline, (_, __, data) => {
    const svg = decodeURIComponent(data);
    const name = `icon-${createHash('sha256').update(svg).digest('hex').slice(0, 12)}.svg`;
    return `url("${manifest[name] ?? put(name, svg)}")`;
  });
  if (result.includes('data:')) throw new Error('an inline image is left in the style sheet');
  return result;
}

const designsystemet = packaged('@digdir/designsystemet-css/dist/src/index.css').toString('utf8');
const sheets = readdirSync(join(root, 'web/static')).filter((name) => name.endsWith('.css') && name !== 'theme.css').sort();
put('site.css', [
  fonts(),
  own('theme.css').toString('utf8').replace(/^@charset[^;]*;/, ''),
  withoutInlineImages(designsystemet),
  ...sheets.map((name) => own(name).toString('utf8')),
].join('\n'));
for (const name of readdirSync(join(root, 'web/static'))) {
  if (['.svg', '.png', '.js'].includes(extname(name))) put(name, own(name));
}
// Only the pages on which files are brought load it. Without the address of its source map, which is not served.
put('tus.js', packaged('tus-js-client/dist/tus.min.js').toString('utf8').replace(/\n\/\/# sourceMappingURL=.*$/, '\n'));
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
