// The larger picture over the page works by links alone. This adds keys, keeps the focus inside and
// gives it back, and keeps each picture out of the browser's history.

const shown = () => document.querySelector('.lightbox:target');

function go(id) {
  const before = shown();
  location.replace('#' + id);
  const now = shown();
  if (now) {
    now.setAttribute('role', 'dialog');
    now.setAttribute('aria-modal', 'true');
    now.focus({ preventScroll: true });
  } else if (before) {
    document.querySelector(`[href="#${before.id}"][data-opens]`)?.focus();
  }
}

function keepInside(event, box) {
  const ways = [...box.querySelectorAll('a')];
  const first = ways[0];
  const last = ways[ways.length - 1];
  const at = document.activeElement;
  if (event.shiftKey && (at === first || at === box)) {
    last.focus();
    event.preventDefault();
  } else if (!event.shiftKey && at === last) {
    first.focus();
    event.preventDefault();
  }
}

document.addEventListener('click', (event) => {
  const way = event.target.closest?.('.lightbox a[href^="#"], a[data-opens]');
  if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(way.getAttribute('href').slice(1));
});

document.addEventListener('keydown', (event) => {
  const box = shown();
  if (!box) return;
  const ways = { Escape: '[data-close]', ArrowLeft: '[data-previous]', ArrowRight: '[data-next]' };
  const way = ways[event.key] && box.querySelector(ways[event.key]);
  if (way) {
    event.preventDefault();
    go(way.getAttribute('href').slice(1));
  } else if (event.key === 'Tab') {
    keepInside(event, box);
  }
});
