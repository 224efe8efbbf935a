// Added to a copy of the page: what a scenario can do and see.
const seen = {
  // The anchors of what is not hidden.
  items: () => [...document.querySelectorAll('.item')].filter(e => !e.closest('[hidden]')).map(e => e.id),
  releases: () => [...document.querySelectorAll('.release')].filter(e => !e.closest('[hidden]')).map(e => e.id),
  open: () => [...document.querySelectorAll('.item:not([hidden]) details[open]')].map(e => e.closest('.item').id),
  count: () => document.getElementById('count').textContent,
  query: () => new URL(location.href).searchParams.get('q'),
  type: async text => {
    const input = document.getElementById('q');
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(done => setTimeout(done, 1000));
  },
  // Code in the ways that markup has for it.
  getsIn: code => {
    const script = document.createElement('script');
    script.textContent = code;
    document.body.append(script);
    const holder = document.createElement('div');
    holder.innerHTML = `<img src=x onerror="${code}"><p onclick="${code}"></p><a href="javascript:${code}">x</a>`;
    document.body.append(holder);
    holder.querySelector('p').click();
    holder.querySelector('a').click();
  },
  openAll: () => document.querySelectorAll('details').forEach(e => { e.open = true; }),
  // Elements that are wider than the window, but for what scrolls by itself.
  tooWide: () => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('pre, .wide') && e.getBoundingClientRect().right > innerWidth + 0.5)
    .map(e => `${e.tagName}.${e.className}`),
  // Texts that are hard to read: contrast below 4.5, which is what WCAG 2 asks for at level AA.
  pale: () => {
    const rgb = text => text.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b]
      .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = e => {
      for (let at = e; at; at = at.parentElement) {
        const colour = rgb(getComputedStyle(at).backgroundColor);
        if (colour.length === 3 || colour[3] > 0) return colour;
      }
      return [255, 255, 255];
    };
    const pale = new Set();
    for (const e of document.querySelectorAll('body *:not(script)')) {
      if (![...e.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
      const [one, other] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
      if ((one + 0.05) / (other + 0.05) < 4.5) pale.add(`${e.tagName}.${e.className}`);
    }
    return [...pale];
  },
  // Links to nothing, and anchors that are there twice.
  astray: () => {
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    const dead = [...document.querySelectorAll('a[href^="#"]')]
      .map(e => e.getAttribute('href')).filter(href => !document.getElementById(href.slice(1)));
    return twice.concat(dead);
  },
  // What no screen reader can name.
  nameless: () => [...document.querySelectorAll('a, input, section, summary')]
    .filter(e => {
      const by = e.getAttribute('aria-labelledby');
      const name = e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ??
        (by ? document.getElementById(by)?.textContent : e.textContent);
      return !name?.trim();
    }).map(e => e.outerHTML.slice(0, 80)),
  inView: id => {
    const { top } = document.getElementById(id).getBoundingClientRect();
    return top >= 0 && top < innerHeight;
  },
};
addEventListener('load', async () => {
  let result;
  try {
    result = await scenario();
  } catch (error) {
    result = { error: String(error) };
  }
  const json = JSON.stringify(result).replace(/[<>&\u0080-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  // A small screen is a frame.
  top.document.documentElement.replaceChildren(top.document.createTextNode('PROBE' + json + 'PROBE'));
});
