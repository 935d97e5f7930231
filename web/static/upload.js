// Brings files piece by piece (tus 1.0.0), several at once, and goes on where a broken line or a closed
// browser stopped. What has arrived becomes a row of the form that saves it. Without this script the
// plain form of the same page brings small files.
(() => {
  const root = document.querySelector('[data-upload]');
  if (!root || !window.tus?.isSupported) return;
  const kChunk = 8 * 1024 * 1024; // octets
  const kAtOnce = 3;
  const kStep = 5; // percent between two announcements
  const kPatience = 10000; // ms until the next try after the line was lost
  const {ownerKind, ownerId, token, mode, scope} = root.dataset;
  const find = (name) => root.querySelector(`[data-${name}]`);
  const input = find('input');
  const list = find('list');
  const form = find('form');
  const storage = tus.defaultOptions.urlStorage;
  const items = [];
  let rows = Number(root.dataset.rows); // that the server made
  let leaving = false;

  const text = (name, values = {}) =>
    (root.dataset[`text${name}`] ?? '').replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(language, {maximumFractionDigits: 1});
  const size = (octets) => {
    const units = ['KB', 'MB', 'GB'];
    let amount = octets === 0 ? 0 : Math.max(octets / 1024, 0.1);
    let unit = 0;
    while (amount >= 1024 && unit < units.length - 1) {
      amount /= 1024;
      ++unit;
    }
    return `${number.format(amount)}\u00a0${units[unit]}`;
  };
  const announce = (words) => { find('status').textContent = words; };
  const keyOf = (url) => new URL(url, location.href).pathname.split('/').pop();
  const endingOf = (name) => (/\.([^.]+)$/.exec(name)?.[1] ?? '').toLowerCase();

  // ---- What the form proposes, so that nobody types what the file's name says.

  const titleOf = (name) => {
    const words = name.replace(/\.[^.]+$/, '').replace(/[_\s]+/g, ' ').replace(/(\S)-(?=\S)/g, '$1 ').trim();
    return (words.charAt(0).toLocaleUpperCase(language) + words.slice(1)).slice(0, 200);
  };
  const kKindWords = [
    [/prezentacj|slajd|slides|presentation/, 'presentation'],
    [/podr[eę]cznik|poradnik|przewodnik|handbook|guide/, 'handbook'],
    [/[cć]wicz|zadani|karta pracy|exercise|worksheet/, 'exercise'],
    [/uchwa[lł]|resolution/, 'resolution_draft'],
    [/raport|sprawozdani|report/, 'report'],
    [/nagrani|recording/, 'recording'],
  ];
  const kKindEndings = {
    presentation: ['ppt', 'pptx', 'odp'],
    photo: ['jpg', 'jpeg', 'png', 'webp', 'gif'],
    recording: ['mp3', 'mp4', 'webm', 'ogg'],
  };
  const kindOf = (name) => {
    const wanted = new URLSearchParams(location.search).get('rodzaj');
    if (wanted) return wanted;
    const ending = endingOf(name);
    const byEnding = Object.keys(kKindEndings).find((kind) => kKindEndings[kind].includes(ending));
    if (byEnding) return byEnding;
    const lower = name.toLowerCase();
    return kKindWords.find(([words]) => words.test(lower))?.[1] ?? 'other';
  };

  // ---- One file on its way.

  const kButtons = {
    queued: ['cancel'],
    sending: ['pause', 'cancel'],
    paused: ['resume', 'cancel'],
    waiting: ['resume', 'cancel'],
    failed: ['resume', 'cancel'],
    refused: ['cancel'],
    done: [],
  };

  // Shows how a file stands; a button that goes away leaves the focus to the one in its place.
  const show = (item, state, words) => {
    item.state = state;
    const focused = item.row.contains(document.activeElement);
    item.part('state').textContent = words;
    item.row.dataset.state = state;
    for (const button of item.row.querySelectorAll('button')) {
      button.hidden = !kButtons[state].includes(button.dataset.do);
    }
    const isLost = document.activeElement?.hidden || !item.row.contains(document.activeElement);
    if (focused && isLost) item.row.querySelector('button:not([hidden])')?.focus();
  };

  const progress = (item, sent) => {
    const total = item.file.size;
    const percent = total ? Math.floor((sent / total) * 100) : 100;
    item.part('bar').value = percent;
    if (item.state !== 'sending') return;
    item.part('state').textContent = text('Sending', {percent, sent: size(sent), total: size(total)});
    if (percent < item.announced + kStep) return;
    item.announced = percent - (percent % kStep);
    announce(text('Announce', {name: item.file.name, percent: item.announced}));
  };

  const startNext = () => {
    for (const item of items) {
      if (items.filter(({state}) => state === 'sending').length >= kAtOnce) return;
      if (item.state === 'queued') send(item);
    }
  };

  const queue = (item) => {
    clearTimeout(item.timer);
    show(item, 'queued', text('Queued'));
    startNext();
  };

  const stop = (item, state, words) => {
    show(item, state, words);
    announce(`${item.file.name}: ${words}`);
    startNext();
  };

  // Nothing came back: the line is gone. It is tried again by itself.
  const wait = (item) => {
    stop(item, 'waiting', text(navigator.onLine ? 'Waiting' : 'Offline'));
    item.timer = setTimeout(() => queue(item), kPatience);
  };

  const explain = (response) => {
    try {
      return JSON.parse(response.getBody()).detail ?? '';
    } catch {
      return '';
    }
  };

  // On a refused HEAD the client would forget where the upload stands; whoever signs in again goes on.
  class SignedOut extends Error {}
  const keepAddress = (request, response) => {
    if (request.getMethod() === 'HEAD' && [401, 403].includes(response.getStatus())) throw new SignedOut();
  };
  const statusOf = (error) => (error.causingError instanceof SignedOut ? 401 : error.originalResponse?.getStatus() ?? 0);
  const isWorthAnotherTry = (error) => {
    const status = statusOf(error);
    return navigator.onLine && (status < 400 || status === 409 || status === 423 || (status >= 500 && status !== 507));
  };

  const failed = (item, error) => {
    const response = error.originalResponse;
    const status = statusOf(error);
    if (!status || status === 423 || (status >= 500 && status !== 507)) return wait(item);
    if (status === 401 || status === 403) return stop(item, 'failed', text('SignedOut'));
    if (status === 507) return stop(item, 'failed', text('NoSpace'));
    if (status === 413) return stop(item, 'refused', explain(response) || text('TooLarge', {limit: size(Number(root.dataset.most))}));
    return stop(item, 'failed', explain(response) || text('Failed'));
  };

  const fingerprint = async (file) =>
    ['narada', ownerKind, ownerId, scope, file.name, file.type, file.size, file.lastModified].join('-');

  const prepare = (item) => new tus.Upload(item.file, {
    endpoint: root.dataset.endpoint,
    chunkSize: kChunk,
    // Not at once: the service still looks what of the piece that broke off has arrived.
    retryDelays: [1000, 2000, 5000],
    removeFingerprintOnSuccess: false,
    metadata: {filename: item.file.name, filetype: item.file.type, [ownerKind]: ownerId},
    headers: {'X-CSRF-Token': token},
    fingerprint,
    onAfterResponse: keepAddress,
    onShouldRetry: isWorthAnotherTry,
    onProgress: (sent) => progress(item, sent),
    onSuccess: () => arrived(item),
    onError: (error) => failed(item, error),
  });

  async function send(item) {
    show(item, 'sending', text('Starting'));
    if (!item.upload) {
      item.upload = prepare(item);
      const [last] = (await item.upload.findPreviousUploads()).sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime));
      if (last) {
        item.upload.resumeFromPreviousUpload(last);
        forgetUnfinished(last.urlStorageKey);
      }
    }
    if (item.state === 'sending') item.upload.start();
  }

  const remove = async (item) => {
    clearTimeout(item.timer);
    items.splice(items.indexOf(item), 1);
    item.row.remove();
    announce(text('Cancelled', {name: item.file.name}));
    input.focus();
    startNext();
    // What has come already is thrown away there too; what is beyond reach expires by itself.
    await item.upload?.abort(true).catch(() => {});
  };

  const kActions = {
    pause: async (item) => {
      await item.upload.abort();
      stop(item, 'paused', text('Paused'));
    },
    resume: (item) => queue(item),
    cancel: remove,
  };

  // ---- What has arrived becomes a row of the form.

  const fillRow = (row, n, file, key) => {
    for (const element of row.querySelectorAll('[id], [name], [for], [aria-describedby]')) {
      for (const name of ['id', 'name', 'for', 'aria-describedby', 'value']) {
        const value = element.getAttribute(name);
        if (value !== null && name !== 'value') element.setAttribute(name, value.replace(/_0(?=$|-| )/g, `_${n}`));
      }
    }
    const named = (name) => row.querySelector(`[name="${name}_${n}"]`);
    row.querySelector('legend').textContent = file.name;
    row.querySelector('[data-do="drop"]').value = String(n);
    named('upload').value = key;
    named('name').value = file.name;
    named('title').value = titleOf(file.name);
    const kind = [...named('kind').options].find(({value}) => value === kindOf(file.name));
    if (kind) kind.selected = true;
    return named('title');
  };

  const isListed = (key) => [...form.querySelectorAll('input[type="hidden"]')].some(({value}) => value === key);

  const addRow = (file, key) => {
    if (isListed(key)) return;
    form.hidden = false;
    if (mode === 'version') {
      form.querySelector('[name="upload"]').value = key;
      form.querySelector('[name="upload_name"]').value = file.name;
      form.querySelector('[data-name]').textContent = file.name;
      return;
    }
    const row = find('row-template').content.firstElementChild.cloneNode(true);
    fillRow(row, ++rows, file, key);
    find('rows').append(row);
  };

  function arrived(item) {
    stop(item, 'done', text('Done'));
    item.part('bar').value = 100;
    addRow(item.file, keyOf(item.upload.url));
    announce(text('Arrived', {name: item.file.name}));
    if (items.every(({state}) => state === 'done' || state === 'refused')) {
      for (const one of items.filter(({state}) => state === 'done')) {
        one.row.remove();
      }
      items.splice(0, items.length, ...items.filter(({state}) => state !== 'done'));
    }
  }

  const forget = async (key) => {
    for (const stored of await storage.findAllUploads()) {
      if (stored.uploadUrl && keyOf(stored.uploadUrl) === key) await storage.removeUpload(stored.urlStorageKey);
    }
  };

  const dropRow = async (button) => {
    const row = button.closest('[data-row]');
    const key = row.querySelector('[name^="upload_"]').value;
    row.remove();
    form.hidden = !form.querySelector('[data-row]');
    input.focus();
    await forget(key);
    await fetch(`${root.dataset.endpoint}/${key}`, {method: 'DELETE', headers: {'Tus-Resumable': '1.0.0', 'X-CSRF-Token': token}}).catch(() => {});
  };

  // ---- Files that are chosen or dropped.

  const objection = (file) => {
    if (file.size > Number(root.dataset.most)) return text('TooLarge', {limit: size(Number(root.dataset.most))});
    if (file.size === 0) return text('Empty');
    const endings = input.accept.split(',').map((ending) => ending.trim().slice(1));
    return endings.includes(endingOf(file.name)) ? '' : text('WrongType');
  };

  const add = (file) => {
    if (items.some(({file: other}) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified)) {
      announce(text('Twice', {name: file.name}));
      return;
    }
    const row = find('file-template').content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`[data-${name}]`);
    const item = {file, row, part, state: 'queued', announced: 0, upload: null, timer: 0};
    part('name').textContent = `${file.name} (${size(file.size)})`;
    part('bar').setAttribute('aria-label', file.name);
    for (const button of row.querySelectorAll('button')) {
      button.setAttribute('aria-label', `${button.textContent}: ${file.name}`);
      button.addEventListener('click', () => kActions[button.dataset.do](item));
    }
    items.push(item);
    list.append(row);
    const wrong = objection(file);
    if (wrong) stop(item, 'refused', wrong);
    else queue(item);
  };

  const addAll = (files) => {
    const chosen = mode === 'version' ? [...files].slice(0, 1) : [...files];
    if (mode === 'version') for (const item of [...items]) remove(item);
    for (const file of chosen) add(file);
  };

  // ---- What an earlier visit left.

  let wanted = null; // {name, size} of the one that is to be finished

  function forgetUnfinished(key) {
    for (const row of find('unfinished').querySelectorAll('li')) if (row.dataset.key === key) row.remove();
    find('earlier').hidden = !find('unfinished').firstElementChild;
  }

  const showUnfinished = (stored, offset) => {
    const row = find('unfinished-template').content.firstElementChild.cloneNode(true);
    const {filename} = stored.metadata;
    row.dataset.key = stored.urlStorageKey;
    row.querySelector('[data-name]').textContent = text('Unfinished', {name: filename, sent: size(offset), total: size(stored.size)});
    for (const button of row.querySelectorAll('button')) button.setAttribute('aria-label', `${button.textContent}: ${filename}`);
    row.querySelector('[data-do="finish"]').addEventListener('click', () => {
      wanted = {name: filename, size: stored.size};
      input.click();
    });
    row.querySelector('[data-do="discard"]').addEventListener('click', async () => {
      await tus.Upload.terminate(stored.uploadUrl, {headers: {'X-CSRF-Token': token}}).catch(() => {});
      await storage.removeUpload(stored.urlStorageKey);
      forgetUnfinished(stored.urlStorageKey);
      input.focus();
    });
    find('unfinished').append(row);
    find('earlier').hidden = false;
  };

  const recall = async (stored) => {
    const response = await fetch(stored.uploadUrl, {method: 'HEAD', headers: {'Tus-Resumable': '1.0.0'}});
    if (response.status === 404 || response.status === 410) return storage.removeUpload(stored.urlStorageKey);
    if (!response.ok) return undefined;
    const offset = Number(response.headers.get('Upload-Offset'));
    if (offset === stored.size) return addRow({name: stored.metadata.filename}, keyOf(stored.uploadUrl));
    return showUnfinished(stored, offset);
  };

  const recallAll = async () => {
    const prefix = `tus::${['narada', ownerKind, ownerId, scope].join('-')}-`;
    for (const stored of await storage.findAllUploads()) {
      if (!stored.urlStorageKey.startsWith(prefix) || !stored.uploadUrl) continue;
      await recall(stored).catch(() => {});
    }
  };

  // ---- The page.

  input.addEventListener('change', () => {
    const files = [...input.files];
    input.value = '';
    const other = wanted && !files.some(({name, size: octets}) => name === wanted.name && octets === wanted.size);
    if (other) announce(text('OtherFile', {name: wanted.name}));
    wanted = null;
    if (!other) addAll(files);
  });
  input.addEventListener('cancel', () => { wanted = null; });
  const zone = find('zone');
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.dataset.over = '';
  });
  zone.addEventListener('dragleave', () => delete zone.dataset.over);
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    addAll(event.dataTransfer.files);
  });
  form.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do="drop"]');
    if (!button) return;
    event.preventDefault();
    dropRow(button);
  });
  // The server gives back what it did not save.
  form.addEventListener('submit', () => { leaving = true; });
  addEventListener('online', () => {
    for (const item of items) if (item.state === 'waiting') queue(item);
  });
  addEventListener('beforeunload', (event) => {
    if (!leaving && items.some(({state}) => ['queued', 'sending', 'waiting'].includes(state))) event.preventDefault();
  });
  find('picker').hidden = false;
  for (const plain of document.querySelectorAll('[data-plain]')) plain.hidden = true;
  recallAll();
})();
