// What goes on like the words that are being typed, as an ARIA combobox with a listbox. Without
// this the form works as it is.
const box = document.querySelector('.search-words[data-suggestions]');
const field = box?.querySelector('input');

if (box && field) {
  const list = document.createElement('ul');
  list.id = 'q-podpowiedzi';
  list.className = 'search-suggestions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', box.dataset.some);
  list.hidden = true;
  const status = document.createElement('p');
  status.className = 'ds-sr-only';
  status.setAttribute('role', 'status');
  box.append(list, status);
  for (const [name, value] of Object.entries({
    role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': 'false',
  })) field.setAttribute(name, value);

  let active = -1;
  let asked = 0;
  let timer = 0;

  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  };

  const select = (index) => {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === index)));
    if (index < 0) field.removeAttribute('aria-activedescendant');
    else field.setAttribute('aria-activedescendant', list.children[index].id);
  };

  const show = (items) => {
    list.replaceChildren(...items.map((item, at) => {
      const option = document.createElement('li');
      option.id = `q-podpowiedz-${at}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.dataset.url = item.url;
      const kind = document.createElement('small');
      kind.textContent = item.kind;
      option.append(`${item.title} `, kind);
      return option;
    }));
    active = -1;
    list.hidden = items.length === 0;
    field.setAttribute('aria-expanded', String(items.length > 0));
    field.removeAttribute('aria-activedescendant');
    status.textContent = items.length > 0 ? `${box.dataset.some} ${items.length}` : box.dataset.none;
  };

  const ask = async () => {
    const number = ++asked;
    const words = field.value.trim();
    if (words.length < 2) {
      status.textContent = '';
      close();
      return;
    }
    try {
      const answer = await fetch(`${box.dataset.suggestions}?q=${encodeURIComponent(words)}`);
      if (!answer.ok || number !== asked) return;
      const { items } = await answer.json();
      if (number === asked && document.activeElement === field) show(items);
    } catch {
      close();
    }
  };

  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  field.addEventListener('keydown', (event) => {
    const count = list.children.length;
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !list.hidden && count > 0) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      select(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
    } else if (event.key === 'Enter' && active >= 0 && !list.hidden) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    }
  });
  field.addEventListener('blur', close);
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) location.assign(option.dataset.url);
  });
}
