// The mails of an installation that has no mail server: files in its Maildir.

import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

function decodeQuoted(text) {
  const bytes = text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

// The first text/plain part.
function textOf(mail) {
  const part = mail.split(/\r?\n--/).find((one) => /Content-Type: text\/plain/i.test(one)) ?? mail;
  const [head, ...rest] = part.split(/\r?\n\r?\n/);
  const body = rest.join('\n\n');
  if (/Content-Transfer-Encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  return /Content-Transfer-Encoding: quoted-printable/i.test(head) ? decodeQuoted(body) : body;
}

// The texts of the mails to `address` so far, by the names of their files: those of one second have no order.
function mailsTo(directory, address) {
  const texts = [];
  for (const folder of ['new', 'cur']) {
    // The directory is made with the first mail.
    if (!existsSync(join(directory, folder))) continue;
    for (const name of readdirSync(join(directory, folder))) {
      const mail = readFileSync(join(directory, folder, name), 'latin1');
      if (mail.includes(`<${address}>`) || mail.includes(`To: ${address}`)) texts.push({name, text: textOf(mail)});
    }
  }
  return texts.sort((one, other) => (one.name < other.name ? -1 : 1)).map((mail) => mail.text);
}

async function waitForLink(directory, address, pattern, isWanted) {
  for (let i = 0; i < 300; ++i) {
    for (const text of mailsTo(directory, address).reverse()) {
      const [found] = text.match(pattern) ?? [];
      if (found && isWanted(found)) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no mail to ${address} with ${pattern}`);
}

// Waits for a mail to `address` that holds an address like `pattern`, and returns that address.
export const linkTo = (directory, address, pattern) => waitForLink(directory, address, pattern, () => true);

const followed = new Set();

// Waits for a sign-in link to `address` that was not returned before: each can be followed once.
export async function signInLinkTo(directory, address, prefix = '') {
  const link = await waitForLink(directory, address, new RegExp(`http\\S*${prefix}/wejscie/[\\w-]{43}`), (one) => !followed.has(one));
  followed.add(link);
  return link;
}
