// Keeps what is being typed into a long form: two seconds after the last change it is sent to the form's
// own address, where it waits for the person. Without this script a button does the same.
(() => {
  const quiet = 2000; // ms
  for (const form of document.querySelectorAll('form[data-autosave]')) {
    const status = form.querySelector('[data-autosave-status]');
    let timer = 0;
    let sent = '';
    const leaving = new AbortController();

    const fields = () => {
      const all = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === 'string') all.append(name, value);
      all.set('do', 'autosave');
      return all;
    };
    const save = async () => {
      const body = fields();
      if (body.toString() === sent) return;
      try {
        const answer = await fetch(form.action, {method: 'POST', body, credentials: 'same-origin', redirect: 'error', signal: leaving.signal});
        if (!answer.ok) throw new Error(String(answer.status));
        sent = body.toString();
        status.textContent = await answer.text();
      } catch {
        status.textContent = status.dataset.failed;
      }
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(save, quiet);
    };
    form.addEventListener('input', wait);
    form.addEventListener('change', wait);
    // What is sent as a whole needs no note of it any more.
    form.addEventListener('submit', () => {
      clearTimeout(timer);
      leaving.abort();
    });
  }
})();
