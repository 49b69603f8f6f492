/**
 * Runs in the page before GraphiQL. It leaves `broadsheet` with what `page.ts` passes to GraphiQL: its storage, its delays, a
 * panel of costs, and a function around its fetcher that collects events and shows where errors are.
 */
export const PAGE_SCRIPT = String.raw`
const broadsheet = (() => {
  const MAX_EVENTS = 200;
  const MAX_COSTS = 50;
  const WITH_HEADERS = { 'graphiql:tabState': 'tabs', 'graphiql:queries': 'queries', 'graphiql:favorites': 'favorites' };
  const time = () => new Date().toLocaleTimeString('en-GB') + '.' + String(Date.now() % 1000).padStart(3, '0');

  // Headers hold tokens. They stay in sessionStorage, which ends with the browser's tab, and never reach localStorage.
  const parse = (text) => { try { return JSON.parse(text); } catch { return null; } };
  const withoutHeaders = (key, value) => {
    const content = parse(value);
    const items = content?.[WITH_HEADERS[key]];
    if (!Array.isArray(items)) return value;
    // A tab also has the hash of its content, which it finds again by that.
    return JSON.stringify({ ...content, [WITH_HEADERS[key]]: items.map(({ headers, hash, ...item }) => item) });
  };
  const storage = {
    getItem(key) {
      if (key === 'graphiql:shouldPersistHeaders') return 'true';
      return sessionStorage.getItem(key) ?? (key === 'graphiql:headers' ? null : localStorage.getItem(key));
    },
    setItem(key, value) {
      if (key === 'graphiql:headers') return sessionStorage.setItem(key, value);
      if (!WITH_HEADERS[key]) return localStorage.setItem(key, value);
      sessionStorage.setItem(key, value);
      localStorage.setItem(key, withoutHeaders(key, value));
    },
    removeItem(key) { sessionStorage.removeItem(key); localStorage.removeItem(key); },
    get length() { return localStorage.length; },
    clear() {
      for (const store of [sessionStorage, localStorage])
        for (const key of Object.keys(store)) if (key.startsWith('graphiql:')) store.removeItem(key);
    },
  };
  // A version of the page that stored them in localStorage may have been here.
  localStorage.removeItem('graphiql:headers');
  for (const key of Object.keys(WITH_HEADERS)) {
    const value = localStorage.getItem(key);
    if (value !== null) localStorage.setItem(key, withoutHeaders(key, value));
  }

  // GraphiQL takes over and stores what is written a moment later. It does so at once before anything that uses what was
  // written: a press of a button or a tab, the keys that run an operation, the end of the page.
  const delayed = new Set();
  function debounce(wait, act) {
    let cancel = () => {};
    return (...values) => {
      cancel();
      const run = () => { cancel(); act(...values); };
      const timer = setTimeout(run, wait);
      cancel = () => { clearTimeout(timer); delayed.delete(run); };
      delayed.add(run);
    };
  }
  // What is taken over is stored by another call, which the loop reaches as well.
  const runDelayed = () => { for (const run of delayed) run(); };
  for (const type of ['pointerdown', 'click']) document.addEventListener(type, runDelayed, true);
  document.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => { if (key === 'Enter' && (ctrlKey || metaKey)) runDelayed(); }, true);
  window.addEventListener('pagehide', runDelayed);

  // Texts of the editor that are being sent. The fetcher sends them reprinted, with other places of errors.
  const texts = new Map();
  const squash = (text) => text.replace(/#[^\n"]*$/gm, '').replace(/[\s,]+/g, '').replace(/^query\{/, '{');
  const send = window.fetch;
  // The fetcher drops the places of errors, so they are kept as the gateway sent them.
  const errorsOf = new Map();
  window.fetch = async (input, init) => {
    if (typeof init?.body !== 'string' || !init.body.startsWith('{')) return send(input, init);
    const { extensions, query, ...params } = JSON.parse(init.body);
    const key = squash(query);
    const body = JSON.stringify({ ...params, query: texts.get(key) ?? query, extensions: { ...extensions, cost: true } });
    const response = await send(input, { ...init, body });
    const type = response.headers.get('content-type');
    if (type?.includes('json')) errorsOf.set(key, (await response.clone().json().catch(() => null))?.errors);
    if (!type?.includes('event-stream')) return response;
    // The fetcher decodes each chunk by itself, so none may end within a character.
    return new Response(response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream()), response);
  };

  const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
  function showErrors(errors, query) {
    document.querySelector('.broadsheet-errors')?.remove();
    const places = (errors ?? []).filter(({ locations }) => locations?.length > 0);
    if (places.length === 0) return;
    const panel = element('section', 'broadsheet-errors', '');
    panel.setAttribute('role', 'alert');
    panel.setAttribute('aria-label', 'Errors');
    for (const { message, locations } of places) {
      const item = panel.appendChild(element('div', 'broadsheet-error', ''));
      item.append(element('strong', '', locations.map(({ line, column }) => 'Line ' + line + ', column ' + column).join('; ')));
      item.append(element('p', '', message));
      const { line, column } = locations[0];
      const source = query.split('\n')[line - 1];
      if (source !== undefined) item.append(element('pre', '', source + '\n' + ' '.repeat(column - 1) + '^'));
    }
    document.querySelector('.graphiql-response')?.prepend(panel);
  }

  let costs = [];
  const listeners = new Set();
  function addCost(params, result) {
    const cost = result?.extensions?.cost ?? result?.errors?.find(({ extensions }) => extensions?.cost)?.extensions.cost;
    if (!cost || params.operationName === 'IntrospectionQuery') return;
    const name = params.operationName ?? '(no name)';
    costs = [{ at: time(), name, cost }, ...costs].slice(0, MAX_COSTS);
    for (const listener of listeners) listener();
  }

  function showEvents(events) {
    const open = new Set([...document.querySelectorAll('.broadsheet-events details[open]')].map(({ dataset }) => dataset.number));
    document.querySelector('.broadsheet-events')?.remove();
    if (events.length === 0) return;
    const panel = element('section', 'broadsheet-events', '');
    panel.setAttribute('aria-label', 'Events');
    for (const { number, at, result } of events) {
      const event = panel.appendChild(element('details', '', ''));
      event.dataset.number = number;
      event.open = open.has(String(number));
      const summary = event.appendChild(element('summary', '', ''));
      const [field, value] = Object.entries(result.data ?? {})[0] ?? ['errors', result.errors];
      summary.append(element('time', '', at), element('strong', '', value?.__typename ?? field), element('span', '', JSON.stringify(value, (key, part) => (['__typename', 'cursor', 'at'].includes(key) ? undefined : part))));
      event.append(element('pre', '', JSON.stringify(result, null, 2)));
    }
    document.querySelector('.graphiql-response')?.append(panel);
  }

  // No generator, which would end the subscription only after its next event.
  function listed(results, params) {
    const iterator = results[Symbol.asyncIterator]();
    let events = [];
    let isStopped = false;
    return {
      [Symbol.asyncIterator]() { return this; },
      async next() {
        const { done, value: result } = await iterator.next();
        if (done || isStopped) return { done: true, value: undefined };
        addCost(params, result);
        showErrors(result.errors, params.query);
        events = [{ number: (events[0]?.number ?? 0) + 1, at: time(), result }, ...events].slice(0, MAX_EVENTS);
        showEvents(events);
        return { done: false, value: result };
      },
      return() {
        isStopped = true;
        return iterator.return();
      },
    };
  }

  // The panels belong to the tab that filled them.
  document.addEventListener('click', ({ target }) => {
    if (!target.closest?.('.graphiql-tab')) return;
    showErrors([], '');
    showEvents([]);
  });

  const wrap = (fetcher) => async (params, options) => {
    const isIntrospection = params.operationName === 'IntrospectionQuery';
    const key = squash(params.query);
    texts.set(key, params.query);
    if (!isIntrospection) { showErrors([], ''); showEvents([]); }
    try {
      let result = await fetcher(params, options);
      if (result?.[Symbol.asyncIterator] && /\bsubscription\b/.test(params.query)) return listed(result, params);
      const errors = errorsOf.get(key);
      if (errors) result = { ...result, errors };
      if (!isIntrospection) { addCost(params, result); showErrors(result?.errors, params.query); }
      return result;
    } catch (error) {
      showErrors([error], params.query);
      throw error;
    } finally {
      texts.delete(key);
      errorsOf.delete(key);
    }
  };

  function Costs() {
    const { createElement: h, useSyncExternalStore } = window.React;
    const rows = useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => costs);
    return h('section', { className: 'broadsheet-costs', 'aria-label': 'Costs' },
      h('h2', null, 'Costs'),
      rows.length === 0
        ? h('p', null, 'Run an operation: its cost in points appears here.')
        : h('table', null,
          h('thead', null, h('tr', null, ['Operation', 'Cost', 'Limit', 'Left'].map((title) => h('th', { key: title }, title)))),
          h('tbody', null, rows.map(({ at, name, cost }, index) => h('tr', { key: rows.length - index },
            h('td', null, name, h('small', null, at)), h('td', null, cost.requested), h('td', null, cost.limit), h('td', null, cost.remaining ?? '–')))),
        ));
  }
  const icon = () => {
    const { createElement: h } = window.React;
    return h('svg', { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 }, h('path', { d: 'M4 20V10M10 20V4M16 20v-7M22 20H2' }));
  };
  return { wrap, debounce, plugins: [{ title: 'Costs', icon, content: Costs }], options: { storage, shouldPersistHeaders: true, showPersistHeadersSettings: false } };
})();`;

export const PAGE_STYLE = `
.broadsheet-errors { contain: inline-size; flex: none; margin: 0 16px 12px; max-height: 40%; overflow: auto; border-left: 3px solid #c8321f; border-radius: 4px; background: rgba(200, 50, 31, .08); }
.broadsheet-error { padding: 8px 12px; }
.broadsheet-error strong { color: #c8321f; }
.broadsheet-error p { margin: 2px 0 6px; overflow-wrap: anywhere; }
.broadsheet-error pre { margin: 0; overflow-x: auto; font: 13px/1.4 var(--font-family-mono); }
.broadsheet-events { contain: inline-size; flex: none; max-height: 50%; overflow: auto; margin: 8px 16px; border-top: 1px solid hsla(var(--color-neutral), .15); }
.broadsheet-events summary { display: flex; gap: 10px; padding: 5px 0; cursor: pointer; white-space: nowrap; font-size: 13px; }
.broadsheet-events time { opacity: .65; font-variant-numeric: tabular-nums; }
.broadsheet-events span { min-width: 0; overflow: hidden; text-overflow: ellipsis; opacity: .8; font-family: var(--font-family-mono); }
.broadsheet-events pre { margin: 0 0 8px; overflow-x: auto; font: 12px/1.4 var(--font-family-mono); }
.broadsheet-costs h2 { margin: 0 0 12px; font-size: var(--font-size-h2); font-weight: 500; }
.broadsheet-costs table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.broadsheet-costs th, .broadsheet-costs td { padding: 6px 4px; text-align: right; border-bottom: 1px solid hsla(var(--color-neutral), .12); }
.broadsheet-costs th { font-weight: 500; }
.broadsheet-costs th:first-child, .broadsheet-costs td:first-child { text-align: left; overflow-wrap: anywhere; }
.broadsheet-costs small { display: block; opacity: .65; }
@media (max-width: 700px) {
  html, body, #root, #root > .graphiql-container { height: auto; min-height: 100%; }
  body { overflow-x: hidden; overflow-y: auto; }
  .graphiql-container .graphiql-container, .graphiql-container { flex-direction: column; height: auto; width: 100%; }
  .graphiql-container .graphiql-sidebar { flex-direction: row; width: 100%; padding: 4px 8px; overflow: visible; }
  .graphiql-container .graphiql-sidebar > button { height: 44px; width: 44px; }
  .graphiql-container .graphiql-main, .graphiql-container #graphiql-session { flex-direction: column; width: 100%; }
  .graphiql-container .graphiql-plugin { flex: none !important; width: 100%; min-width: 0; max-height: 60vh; border-left: 0; }
  .graphiql-container .graphiql-sessions { flex: none !important; margin: 0 8px 8px; min-width: 0; max-height: none; width: auto; left: 0 !important; }
  .graphiql-container .graphiql-horizontal-drag-bar { display: none; }
  .graphiql-container .graphiql-logo { display: none; }
  .graphiql-container .graphiql-editors { flex: none !important; height: 60vh; min-width: 0; left: 0 !important; position: static !important; }
  .graphiql-container .graphiql-query-editor { padding: 8px; column-gap: 8px; }
  .graphiql-container .graphiql-response { flex: none !important; height: 70vh; min-width: 0; left: 0 !important; position: static !important; }
  .graphiql-container .graphiql-session-header { overflow-x: auto; }
}`;
