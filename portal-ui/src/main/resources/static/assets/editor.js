/*
 * The editor of a group beyond links and forms. htmx sends what is typed to the check; this marks what is wrong at its control,
 * keeps the page when the session has ended, and warns before a change is left behind.
 */
(function () {
  'use strict';
  const form = document.getElementById('editor');
  if (!form) return;
  let dirty = false;

  function marks() {
    form.querySelectorAll('.fault[id]').forEach(fault => {
      const control = document.getElementById(fault.id.replace(/-fault$/, ''));
      if (!control) return;
      const wrong = fault.textContent.trim() !== '';
      if (wrong) control.setAttribute('aria-invalid', 'true'); else control.removeAttribute('aria-invalid');
    });
  }

  form.addEventListener('input', () => { dirty = true; });
  form.addEventListener('submit', () => { dirty = false; });
  window.addEventListener('beforeunload', event => { if (dirty) event.preventDefault(); });
  document.body.addEventListener('htmx:afterSettle', marks);
  document.body.addEventListener('htmx:beforeSwap', event => {
    const path = new URL(event.detail.xhr.responseURL || location.href, location.href).pathname;
    if (!path.endsWith('/sign-in')) return;
    event.detail.shouldSwap = false;
    const check = document.getElementById('check');
    const said = document.createElement('p');
    said.className = 'notice failed';
    said.setAttribute('role', 'alert');
    said.textContent = 'You are signed out. Sign in again in another tab, then go on here: what you have typed stays.';
    check.replaceChildren(said);
  });

  const summary = document.getElementById('faults');
  if (summary) summary.focus();
})();
