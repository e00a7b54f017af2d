/*
 * What the pages do beyond links and forms. Everything here is an addition: without it every page reads and every action works.
 *
 * data-live="run run:8f3a alert"   the element, which has an id, is fetched anew when one of these things has changed
 * data-poll                        the element with data-live is fetched anew every 10 s as well
 * data-live-new="run" (a link)     is shown when there are things of this kind that the page does not hold (data-row-id)
 * data-dialog (a link)             its page's .confirm is asked in a dialog over this page
 * data-palette (a link)            its page's .palette is shown in a dialog over this page, also by Ctrl+K
 * data-copy="text" (a button)      copies
 */
(function () {
  'use strict';
  const root = document.body;
  const status = document.getElementById('live');
  const SOONEST_MS = 1000, POLL_MS = 10000, POLL_HIDDEN_MS = 60000;

  // The zone of this browser, for pages that show times in it.
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    document.cookie = 'browser-zone=' + encodeURIComponent(zone) + ';path=/;max-age=31536000;samesite=lax';
  } catch (e) { /* UTC then */ }

  // --- live -------------------------------------------------------------------------------------------------------
  const dirty = new Set();
  let nextAt = 0, timer = 0, polling = 0, source = null, lastId = '', over = false;

  const liveElements = () => Array.from(document.querySelectorAll('[data-live][id]'));

  function show(state) {
    if (status && status.dataset.state !== state) status.dataset.state = state;
    const again = document.getElementById('live-sign-in');
    if (again) again.hidden = state !== 'ended';
  }

  /** The page stays, with what was typed; its person signs in again beside it. */
  function ended() {
    over = true;
    clearTimeout(polling);
    if (source) source.close();
    show('ended');
  }

  function everything() {
    liveElements().forEach(element => dirty.add(element.id));
    document.querySelectorAll('[data-live-new]').forEach(link => { link.hidden = false; });
    counts();
    plan();
  }

  function counts() {
    if (window.htmx && document.getElementById('badges')) window.htmx.trigger('#badges', 'refresh');
  }

  function changed(kind, id) {
    liveElements().forEach(element => {
      const topics = element.dataset.live.split(' ');
      if (topics.includes(kind) || topics.includes(kind + ':' + id)) dirty.add(element.id);
    });
    document.querySelectorAll('[data-live-new="' + kind + '"]').forEach(link => {
      if (!document.querySelector('[data-row-id="' + CSS.escape(id) + '"]')) link.hidden = false;
    });
    if (['run', 'trigger', 'alert', 'cluster'].includes(kind)) counts();
    plan();
  }

  function plan() {
    if (dirty.size === 0 || timer) return;
    timer = setTimeout(refresh, Math.max(50, nextAt - Date.now()));
  }

  /** Nothing moves under somebody's hands. */
  function isBusy() {
    const selection = window.getSelection();
    const active = document.activeElement;
    return document.querySelector('dialog[open], details.menu[open]') !== null
      || (selection && !selection.isCollapsed)
      || document.querySelector('input[data-tick]:checked') !== null
      || (active && active.closest('[data-live]') && active.matches('input, select, textarea'))
      || Array.from(document.querySelectorAll('[data-live] :is(input:not([type=hidden]), textarea)')).some(field => field.value !== field.defaultValue);
  }

  function refresh() {
    timer = 0;
    if (isBusy()) { nextAt = Date.now() + SOONEST_MS; plan(); return; }
    const ids = Array.from(dirty);
    dirty.clear();
    nextAt = Date.now() + SOONEST_MS;
    fetch(location.href, { headers: { 'X-Live': 'true' }, credentials: 'same-origin' }).then(answer => {
      if (answer.status === 401) { ended(); return null; }
      return answer.ok ? answer.text() : Promise.reject(answer.status);
    }).then(text => {
      if (!text) return;
      over = false;
      show(source && source.readyState === 1 ? 'live' : 'polling');
      // Somebody may have begun to type while the answer was on its way.
      if (isBusy()) { ids.forEach(id => dirty.add(id)); plan(); return; }
      swap(new DOMParser().parseFromString(text, 'text/html'), ids);
    })
      .catch(() => { ids.forEach(id => dirty.add(id)); show('cut'); nextAt = Date.now() + POLL_MS; plan(); });
  }

  function swap(page, ids) {
    const focused = document.activeElement && document.activeElement.id;
    ids.forEach(id => {
      const old = document.getElementById(id), fresh = page.getElementById(id);
      if (!old || !fresh || old.isEqualNode(fresh)) return;
      fresh.querySelectorAll('details[id]').forEach(details => {
        const before = document.getElementById(details.id);
        if (before) details.open = before.open;
      });
      const scrolled = Array.from(old.querySelectorAll('.scroll')).map(box => box.scrollLeft);
      const adopted = document.adoptNode(fresh);
      old.replaceWith(adopted);
      adopted.querySelectorAll('.scroll').forEach((box, i) => { box.scrollLeft = scrolled[i] || 0; });
      if (window.htmx) window.htmx.process(adopted);
    });
    if (focused && !document.getElementById(focused)?.matches(':focus')) document.getElementById(focused)?.focus({ preventScroll: true });
    const time = page.querySelector('#live time'), mine = status && status.querySelector('time');
    if (time && mine) { mine.textContent = time.textContent; mine.dateTime = time.dateTime; }
  }

  function poll() {
    clearTimeout(polling);
    polling = setTimeout(() => {
      liveElements().forEach(element => dirty.add(element.id));
      plan();
      poll();
    }, document.hidden ? POLL_HIDDEN_MS : POLL_MS);
  }

  function listen() {
    source = new EventSource(root.dataset.liveStream + (lastId ? '?after=' + encodeURIComponent(lastId) : ''));
    source.addEventListener('open', () => { clearTimeout(polling); over = false; show('live'); });
    source.addEventListener('change', event => {
      if (event.lastEventId) lastId = event.lastEventId;
      const what = JSON.parse(event.data);
      changed(what.kind, what.id);
    });
    source.addEventListener('reset', event => { lastId = event.lastEventId; everything(); });
    source.addEventListener('error', () => {
      if (over) return;
      show('cut');
      poll();
      // A refusal closes it for good: the next look at the page tells whether the session is over.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (!over) listen(); }, POLL_MS);
    });
  }

  if (liveElements().length > 0 || document.querySelector('[data-live-new]')) {
    if (window.EventSource) {
      listen();
    } else {
      show('polling');
      poll();
    }
    // Whoever has signed in beside this page comes back to it.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && over) { over = false; everything(); if (window.EventSource) listen(); }
    });
  }

  // What no event tells of: nodes check in, fire times pass.
  if (document.querySelector('[data-live][data-poll]')) {
    setInterval(() => {
      if (document.hidden || over) return;
      document.querySelectorAll('[data-live][data-poll][id]').forEach(element => dirty.add(element.id));
      plan();
    }, POLL_MS);
  }

  // --- dialogs ----------------------------------------------------------------------------------------------------
  const dialog = document.getElementById('dialog');
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-dialog]');
    if (link && dialog && !event.ctrlKey && !event.metaKey && event.button === 0) {
      event.preventDefault();
      fetch(link.href, { credentials: 'same-origin' }).then(answer => answer.text().then(text => {
        const asked = new DOMParser().parseFromString(text, 'text/html').querySelector('.confirm');
        if (!answer.ok || !asked) { location.href = link.href; return; }
        dialog.replaceChildren(document.adoptNode(asked));
        dialog.setAttribute('aria-label', 'Confirm');
        dialog.returnFocus = link;
        dialog.showModal();
        (dialog.querySelector('[autofocus]') || dialog.querySelector('input, button')).focus();
      })).catch(() => { location.href = link.href; });
      return;
    }
    if (dialog && event.target.closest('dialog .keep')) { event.preventDefault(); dialog.close(); return; }
    const copy = event.target.closest('button[data-copy]');
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        const words = copy.textContent;
        copy.textContent = 'Copied';
        setTimeout(() => { copy.textContent = words; }, 1500);
      });
    }
  });

  // --- palette ----------------------------------------------------------------------------------------------------
  const ASK_MS = 150;
  let asked = 0, answered = 0;

  function openPalette() {
    const link = document.querySelector('a[data-palette]');
    if (!link || !dialog || dialog.open) return;
    const before = document.activeElement;
    fetch(link.href, { credentials: 'same-origin' }).then(answer => answer.text().then(text => {
      const palette = new DOMParser().parseFromString(text, 'text/html').querySelector('.palette');
      if (!answer.ok || !palette) { location.href = link.href; return; }
      if (dialog.open) return;
      dialog.replaceChildren(document.adoptNode(palette));
      dialog.setAttribute('aria-label', 'Go to');
      dialog.returnFocus = before === document.body ? link : before;
      dialog.showModal();
      dialog.querySelector('#go-text').focus();
    })).catch(() => { location.href = link.href; });
  }

  function findInPalette(input) {
    const address = input.form.action + '?q=' + encodeURIComponent(input.value), number = ++asked;
    setTimeout(() => {
      if (number !== asked) return;
      fetch(address, { credentials: 'same-origin' }).then(answer => answer.ok ? answer.text() : Promise.reject(answer.status)).then(text => {
        const hits = new DOMParser().parseFromString(text, 'text/html').getElementById('go-hits');
        if (number !== asked || !hits) return;
        answered = number;
        document.getElementById('go-hits')?.replaceWith(document.adoptNode(hits));
      }).catch(() => { /* Enter asks for the page, which says what is wrong. */ });
    }, ASK_MS);
  }

  document.addEventListener('click', event => {
    if (event.target.closest('a[data-palette]') && dialog && !event.ctrlKey && !event.metaKey && event.button === 0) {
      event.preventDefault();
      openPalette();
    }
  });
  document.addEventListener('input', event => { if (event.target.id === 'go-text') findInPalette(event.target); });
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openPalette();
      return;
    }
    const palette = event.target.closest && event.target.closest('.palette');
    if (!palette || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    const stops = [palette.querySelector('#go-text'), ...palette.querySelectorAll('#go-hits a')];
    const at = stops.indexOf(document.activeElement);
    event.preventDefault();
    stops[Math.min(stops.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))].focus();
  });
  document.addEventListener('submit', event => {
    if (!event.target.closest('dialog .palette')) return;
    const first = document.querySelector('#go-hits a');
    if (document.getElementById('go-text').value.trim() === '') { event.preventDefault(); return; }
    // While what was typed last has no answer yet, the page gives it.
    if (first && answered === asked) { event.preventDefault(); first.click(); }
  });

  if (dialog) dialog.addEventListener('close', () => { if (dialog.returnFocus) dialog.returnFocus.focus(); });

  // --- keyboard ---------------------------------------------------------------------------------------------------
  let went = 0;
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') document.querySelectorAll('details.menu[open]').forEach(menu => { menu.open = false; menu.querySelector('summary').focus(); });
    if (root.dataset.singleKeys !== 'true' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('input, select, textarea, [contenteditable]') || document.querySelector('dialog[open]')) return;
    if (event.key === '/') { document.getElementById('search')?.focus(); event.preventDefault(); return; }
    if (Date.now() - went < 1500) {
      const place = { o: 'overview', r: 'runs', t: 'triggers', g: 'groups', d: 'delivery', s: 'systems', a: 'alerts', c: 'schedule' }[event.key];
      went = 0;
      if (place) document.querySelector('.rail [data-key="' + place + '"]')?.click();
      return;
    }
    if (event.key === 'g') { went = Date.now(); return; }
    if (event.key === 'j' || event.key === 'k') move(event.key === 'j' ? 1 : -1);
    if (event.key === 'x') document.activeElement.closest('tr')?.querySelector('input[data-tick]')?.click();
    if (event.key === '?') document.getElementById('help')?.click();
  });

  function move(by) {
    const rows = Array.from(document.querySelectorAll('main tr[data-row-id]'));
    if (rows.length === 0) return;
    const at = rows.indexOf(document.activeElement.closest('tr[data-row-id]'));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))];
    (next.querySelector('a, button') || next).focus();
  }
})();
