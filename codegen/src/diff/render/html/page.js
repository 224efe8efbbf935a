'use strict';
(() => {
  const all = (selector, below = document) => [...below.querySelectorAll(selector)];
  const form = document.getElementById('search');
  const input = document.getElementById('q');
  const count = document.getElementById('count');
  const root = document.documentElement;

  // What can be found: its own words, and those of the rule and the release that it is in.
  const items = all('.item').map(element => {
    const release = element.closest('.release');
    const rule = element.closest('.rule');
    const marks = rule ? all('.mark', rule).map(mark => mark.textContent.replace(' ', ':')) : [];
    const around = [
      rule ? rule.querySelector('h5').textContent : '', ...marks,
      'bump:' + release.dataset.bump, release.querySelector('h3').textContent,
    ];
    const own = [...element.children].filter(child => !child.matches('.link')).map(child => child.textContent);
    const details = element.querySelector('details');
    return {
      element, release, details,
      text: own.concat(around).join('\n').toLowerCase(),
      inside: details ? details.textContent.slice(details.querySelector('summary').textContent.length).toLowerCase() : '',
    };
  });
  // What was open before a search opened more.
  let before = null;

  function search(query) {
    const words = query.toLowerCase().split(/\s+/).filter(word => word);
    const searching = words.length > 0;
    if (searching && !before) before = new Map(items.map(item => [item, item.details?.open]));
    const shown = new Set();
    let hits = 0;
    for (const item of items) {
      const hit = words.every(word => item.text.includes(word));
      item.element.hidden = !hit;
      if (hit) {
        hits += 1;
        shown.add(item.release);
      }
      if (item.details && searching) {
        item.details.open = hit && words.some(word => item.inside.includes(word)) || before.get(item);
      } else if (item.details && before) {
        item.details.open = before.get(item);
      }
    }
    if (!searching) before = null;
    for (const group of all('.rule, .group')) group.hidden = !group.querySelector('.item:not([hidden])');
    const releases = all('.release');
    for (const release of releases) release.hidden = searching && !shown.has(release);
    for (const service of all('.service')) service.hidden = searching && !service.querySelector('.release:not([hidden])');
    for (const overview of all('.overview')) overview.hidden = searching;
    const some = (number, what) => `${number} ${what}${number === 1 ? '' : 's'}`;
    count.textContent = searching ? `${some(hits, 'hit')} in ${some(shown.size, 'release')}` : some(releases.length, 'release');
    if (searching) root.dataset.hits = hits; else delete root.dataset.hits;
    highlight(words);
  }

  function highlight(words) {
    if (!globalThis.Highlight) return;
    const ranges = [];
    // One letter is everywhere.
    words = words.filter(word => word.length > 1);
    if (words.length > 0) {
      for (const { element } of items.filter(item => !item.element.hidden)) {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const text = node.data.toLowerCase();
          // Where lower case has another length, places would be wrong.
          if (text.length !== node.data.length) continue;
          for (const word of words) {
            for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
              const range = new Range();
              range.setStart(node, at);
              range.setEnd(node, at + word.length);
              ranges.push(range);
            }
          }
        }
      }
    }
    CSS.highlights.set('hit', new Highlight(...ranges));
  }

  // The query stays in the address, so that a search can be linked too.
  function remember(query) {
    const url = new URL(location.href);
    if (query) url.searchParams.set('q', query); else url.searchParams.delete('q');
    url.hash = '';
    try {
      history.replaceState(null, '', url);
    } catch {
      // Some browsers do not allow it for files: then only the address stays as it was.
    }
  }

  function reveal() {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // Then it is the name itself.
    }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest('[hidden]')) {
      input.value = '';
      search('');
    }
    const details = target.matches('.operation') ? target.querySelector('details') : target.closest('details');
    if (details) details.open = true;
    target.scrollIntoView();
  }

  let pending;
  input.addEventListener('input', () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      search(input.value);
      remember(input.value.trim());
    }, 120);
  });
  form.addEventListener('submit', event => event.preventDefault());
  addEventListener('keydown', event => {
    const typing = event.target.closest?.('input, textarea, select');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  addEventListener('hashchange', reveal);
  document.addEventListener('click', event => {
    const link = event.target.closest?.('.link');
    if (!link) return;
    const url = new URL(link.href);
    url.search = '';
    navigator.clipboard?.writeText(url.href).then(() => { count.textContent = 'Link copied'; }, () => {});
  });

  form.hidden = false;
  input.value = new URL(location.href).searchParams.get('q') ?? '';
  search(input.value);
  reveal();
})();
