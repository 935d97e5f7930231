// A Chromium of its own with a profile that outlives it, so that it can be killed and opened again.

import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';
import {executablePath, kArguments} from './browser.mjs';

export class KilledBrowser {
  // `proxy`: the address of a proxy for everything, this machine too; empty: none.
  constructor(proxy = '') {
    this.profile = mkdtempSync(join(tmpdir(), 'narada-profile-'));
    this.proxy = proxy;
  }

  async open() {
    const more = this.proxy ? [`--proxy-server=${this.proxy}`, '--proxy-bypass-list=<-loopback>'] : [];
    this.process = spawn(executablePath(), [...kArguments, ...more, '--headless', '--remote-debugging-port=0',
      '--lang=pl-PL', `--user-data-dir=${this.profile}`, 'about:blank'], {stdio: ['ignore', 'ignore', 'pipe']});
    this.ended = new Promise((resolve) => { this.process.once('exit', resolve); });
    const endpoint = await new Promise((resolve, reject) => {
      let said = '';
      this.process.stderr.on('data', (chunk) => {
        said += chunk;
        const found = said.match(/DevTools listening on (ws:\S+)/);
        if (found) resolve(found[1]);
      });
      this.process.once('exit', () => reject(new Error(`Chromium ended: ${said.slice(-300)}`)));
    });
    this.browser = await chromium.connectOverCDP(endpoint);
    [this.context] = this.browser.contexts();
    this.context.setDefaultTimeout(30000);
    return this.context;
  }

  // Whether its local storage on the disk names `text`; Chromium writes it some seconds later.
  hasStored(text) {
    const folder = join(this.profile, 'Default/Local Storage/leveldb');
    if (!existsSync(folder)) return false;
    return readdirSync(folder).some((name) => {
      if (!/\.(log|ldb)$/.test(name)) return false;
      const bytes = readFileSync(join(folder, name));
      return bytes.includes(Buffer.from(text, 'latin1')) || bytes.includes(Buffer.from(text, 'utf16le'));
    });
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
    await this.browser.close().catch(() => {});
  }

  // With its profile.
  async end() {
    await this.kill();
    for (let i = 0; i < 50; ++i) {
      try {
        rmSync(this.profile, {recursive: true, force: true});
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100)); // its children are still ending
      }
    }
  }
}
