// An SMTP server (npm smtp-server) for the mail tests. How it treats a recipient is the first word of
// the address: "later-7@x" is told 451 the first time. Arguments: one JSON object.
//   port, directory       where to listen on 127.0.0.1, where to write what arrives
//   credentials           {user, pass}: nobody sends without them
//   key, cert             PEM files: STARTTLS is offered, or with `secure` TLS from the first byte
//   refuse_sender         MAIL FROM gets 550
//   storm                 {seed, later, closing, refused, cut, dropped, hanging}: what happens to "storm-7@x", by
//                         the share of attempts; each is told as {asked: address, at: milliseconds}
// Each message is written as N.eml before it is answered. events.jsonl tells, one object a line:
// {stored: N, to, id, connection}, {answered: N} when 250 is written to the socket, {seen: N} when the
// client spoke again on that connection, so that it has read the 250.
'use strict';
const fs = require('fs');
const path = require('path');
const { SMTPServer } = require('smtp-server');

const options = JSON.parse(process.argv[2]);
const events = fs.openSync(path.join(options.directory, 'events.jsonl'), 'a');
const tell = event => fs.writeSync(events, JSON.stringify(event) + '\n');
let count = fs.readdirSync(options.directory).filter(name => name.endsWith('.eml')).length;
const met = new Set();            // "later-7@x": behaved once already
const answered = new Map();       // session id -> N of the message whose 250 it may have read

const behaviour = address => address.split(/[-@]/)[0];
// mulberry32: the same storm for the same seed.
let storm_state = options.storm ? options.storm.seed : 0;
const random = () => {
  storm_state = (storm_state + 0x6d2b79f5) | 0;
  let t = Math.imul(storm_state ^ (storm_state >>> 15), 1 | storm_state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const fates = ['later', 'closing', 'cut', 'dropped', 'hanging'];
const fate_of = () => {
  let left = random();
  for (const fate of fates) {
    left -= options.storm[fate];
    if (left < 0) return fate;
  }
  return 'taken';
};
const first_time = address => !met.has(address) && Boolean(met.add(address));
const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });
const hang_up = session => {
  for (const connection of server.connections)
    if (connection.session === session) connection._socket.destroy();
};
const spoke_again = session => {
  if (!answered.has(session.id)) return;
  tell({ seen: answered.get(session.id) });
  answered.delete(session.id);
};

function on_recipient({ address }, session, done) {
  const name = behaviour(address);
  if (name === 'storm') {
    tell({ asked: address, at: Date.now() });
    session.fate = fate_of();
    if (session.fate === 'later') return done(refusal(451, '4.7.1 come back later'));
    if (session.fate !== 'closing') return done();
    done(refusal(421, '4.3.2 closing down'));
    return hang_up(session);
  }
  if (name === 'refused') return done(refusal(550, '5.1.1 no such mailbox'));
  if (name === 'silent') return undefined;
  if (name === 'later' && first_time(address)) return done(refusal(451, '4.7.1 come back later'));
  if (name === 'closing' && first_time(address)) {
    done(refusal(421, '4.3.2 closing down'));
    return hang_up(session);
  }
  return done();
}

function on_message(stream, session, done) {
  const { address } = session.envelope.rcptTo[0];
  const name = behaviour(address);
  const fate = name === 'storm' ? session.fate : '';
  if (fate === 'cut') return hang_up(session);
  if (name === 'cut' && first_time(address)) return hang_up(session);
  if (name === 'stalled' && first_time(address)) return undefined;  // reads nothing any more
  const pieces = [];
  stream.on('data', piece => pieces.push(piece));
  stream.on('end', () => {
    if (name === 'full' && first_time(address)) return done(refusal(452, '4.3.1 disk full'));
    if (name === 'spam') return done(refusal(554, '5.7.1 not wanted'));
    const message = Buffer.concat(pieces);
    const number = ++count;
    fs.writeFileSync(path.join(options.directory, `${number}.eml`), message);
    const id = /^message-id:\s*<([^>]*)>/im.exec(message.toString('latin1'));
    tell({ stored: number, to: address, from: session.envelope.mailFrom.address, id: id ? id[1] : '',
           user: session.user || '', secure: session.secure, connection: session.id });
    if (fate === 'dropped') return hang_up(session);
    if (fate === 'hanging') return undefined;
    if (name === 'dropped' && first_time(address)) return hang_up(session);
    if (name === 'hanging' && first_time(address)) return undefined;
    tell({ answered: number });
    answered.set(session.id, number);
    return done();
  });
  return undefined;
}

const server = new SMTPServer({
  secure: Boolean(options.secure),
  ...(options.key ? { key: fs.readFileSync(options.key), cert: fs.readFileSync(options.cert) } : {}),
  disabledCommands: [...(options.key ? [] : ['STARTTLS']), ...(options.credentials ? [] : ['AUTH'])],
  authOptional: !options.credentials,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  closeTimeout: 100,
  onAuth: (auth, session, done) => {
    const { user, pass } = options.credentials;
    if (auth.username !== user || auth.password !== pass) return done(refusal(535, 'wrong password'));
    return done(null, { user });
  },
  onMailFrom: (address, session, done) => {
    spoke_again(session);
    done(options.refuse_sender ? refusal(550, '5.7.1 sender refused') : undefined);
  },
  onRcptTo: on_recipient,
  onData: on_message,
});
server.on('error', () => {});  // connections that break are what the tests are about
server.listen(options.port, '127.0.0.1', () => process.stdout.write('ready\n'));
