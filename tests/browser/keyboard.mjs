// Hands on the keyboard alone, and what they look at.

import {findOverflow, findViolations, kVariants, show} from './accessibility.mjs';

export class Keyboard {
  constructor(page) {
    this.page = page;
  }

  // Tab until the element that `selector` and `text` tell is in focus.
  async to(selector, text = '') {
    for (let i = 0; i < 400; ++i) {
      const found = await this.page.evaluate(([wanted, words]) => {
        const element = document.activeElement;
        return element !== null && element.matches(wanted) && element.textContent.includes(words);
      }, [selector, text]);
      if (found) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${this.page.url()}: Tab never reaches ${selector} ${text}`);
  }

  async follow(selector, text = '') {
    await this.to(selector, text);
    await Promise.all([this.page.waitForEvent('load'), this.page.keyboard.press('Enter')]);
  }

  async fill(selector, text) {
    await this.to(selector);
    await this.page.keyboard.press('Control+A');
    if (text === '') await this.page.keyboard.press('Delete');
    else await this.page.keyboard.type(text);
  }
}

// The browser moves the focus to what has autofocus when it next draws, which may be after `load`.
export async function inFocus(page, selector) {
  for (const end = Date.now() + 3000; ; await page.waitForTimeout(20)) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return true;
    if (Date.now() > end) return false;
  }
}

export const valueOf = (page, id) => page.evaluate((name) => document.getElementById(name).value, id);
export const textOf = (page, selector) => page.evaluate((wanted) => document.querySelector(wanted)?.textContent.trim() ?? '', selector);
export const unless = (holds, sentence) => (holds ? [] : [sentence]);

// axe in every variant, reflow and the tab order of a page that only a form leads to.
export async function inspect(page, sentence, problems) {
  if (!page.scripted) return;
  for (const variant of kVariants) {
    await show(page, variant);
    const where = `${sentence}, ${variant.width} px ${variant.scheme}: `;
    problems.push(...(await findViolations(page)).map((violation) => where + violation));
  }
  await show(page, {width: 320, height: 700, scheme: 'light'});
  problems.push(...(await findOverflow(page)).map((overflow) => `${sentence}: ${overflow}`));
  await show(page, kVariants[0]);
}
