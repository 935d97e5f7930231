// An SMTP server that takes everything and keeps nothing: smtp_sink.cjs PORT COUNT. When COUNT messages have come it
// prints the seconds between the first and the last, and counts anew.
'use strict';
const { SMTPServer } = require('smtp-server');

const [port, count] = process.argv.slice(2).map(Number);
let taken = 0;
let first = 0;
const server = new SMTPServer({
  disabledCommands: ['STARTTLS', 'AUTH'],
  authOptional: true,
  disableReverseLookup: true,
  onData: (stream, session, done) => {
    stream.resume();
    stream.on('end', () => {
      const now = process.hrtime.bigint();
      if (++taken === 1) first = now;
      if (taken === count) {
        process.stdout.write(`${Number(now - first) / 1e9}\n`);
        taken = 0;
      }
      done();
    });
  },
});
server.on('error', () => {});
server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
