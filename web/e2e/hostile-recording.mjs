// A recording that tries to run script in every way a page can, and to load things from elsewhere.
import { gzipSync } from 'node:zlib'

const RUN = 'top.__hostile=1;window.__hostile=1;parent.__hostile=1;parent.parent.__hostile=1'
export const ELSEWHERE = 'http://127.0.0.1:9'

let lastId = 10
const node = (tagName, attributes = {}, childNodes = []) => ({ type: 2, tagName, attributes, childNodes, id: (lastId += 1) })
const text = (textContent, isStyle) => ({ type: 3, textContent, id: (lastId += 1), ...(isStyle ? { isStyle } : {}) })

const hostileNodes = () => [
  node('script', {}, [text(RUN)]),
  node('img', { src: 'x', onerror: RUN, onload: RUN }),
  node('img', { src: `${ELSEWHERE}/picture.png`, ONERROR: RUN }),
  node('img', { rr_dataURL: `javascript:${RUN}`, src: 'x', OnError: RUN }),
  node('a', { href: `javascript:${RUN}`, autofocus: '', onfocus: RUN }, [text('link')]),
  node('a', { href: `java\nscript:${RUN}`, ping: ELSEWHERE }, [text('link')]),
  node('iframe', { srcdoc: `<script>${RUN}</script>` }),
  node('iframe', { src: `javascript:${RUN}` }),
  node('iframe', { src: `data:text/html,<script>${RUN}</script>` }),
  node('object', { data: `data:text/html,<script>${RUN}</script>` }),
  node('embed', { src: `javascript:${RUN}` }),
  { ...node('svg', { onload: RUN }, []), isSVG: true },
  node('details', { open: '', ontoggle: RUN }),
  node('video', { src: 'x', onerror: RUN, rr_mediaState: 'played' }),
  node('body', { onload: RUN, onpageshow: RUN }),
  node('input', { autofocus: '', onfocus: RUN, value: '"><script>1</script>' }),
  node('form', { action: `javascript:${RUN}` }, [node('button', { formaction: `javascript:${RUN}`, type: 'submit' })]),
  node('style', { _cssText: `body { background: url(${ELSEWHERE}/seen.png); animation: x 1s } @import "${ELSEWHERE}/a.css";` }),
  node('div', { style: `background: url("${ELSEWHERE}/seen.png")`, onanimationstart: RUN }, [text('A hostile page')]),
  node('x-script', { is: 'script', onclick: RUN }),
]

const page = () => ({
  type: 0,
  id: 1,
  childNodes: [
    {
      type: 2,
      tagName: 'html',
      attributes: { onclick: RUN, 'constructor': RUN, '__proto__': RUN },
      id: 2,
      childNodes: [
        { type: 2, tagName: 'head', attributes: {}, id: 3, childNodes: [
          node('base', { href: ELSEWHERE }),
          node('meta', { 'http-equiv': 'refresh', content: `0;url=javascript:${RUN}` }),
          node('link', { rel: 'stylesheet', href: `${ELSEWHERE}/a.css`, onerror: RUN }),
        ] },
        { type: 2, tagName: 'body', attributes: { onload: RUN, onfocus: RUN }, id: 4, childNodes: hostileNodes() },
      ],
    },
  ],
})

/** Posts the recording as posthog-js would. */
export async function sendHostileRecording(origin, key, session, startMs) {
  const at = (afterMs, type, data) => ({ type, timestamp: startMs + afterMs, data })
  const items = [
    at(0, 4, { href: `javascript:${RUN}`, width: 900, height: 600 }),
    at(10, 2, { node: page(), initialOffset: { top: 0, left: 0 } }),
    at(200, 3, { source: 0, texts: [], removes: [], attributes: [{ id: 4, attributes: { onmouseover: RUN, style: { background: `url(${ELSEWHERE}/x)` } } }],
      adds: hostileNodes().map((added) => ({ parentId: 4, nextId: null, node: added })) }),
    at(300, 3, { source: 2, type: 2, id: 4, x: 10, y: 10 }),
    at(350, 3, { source: 5, id: 4, text: `<img src=x onerror="${RUN}">`, isChecked: false }),
    at(400, 6, { plugin: 'rrweb/console@1', payload: { level: 'error', payload: [`"<img src=x onerror=${RUN}>"`], trace: [] } }),
    at(900, 3, { source: 1, positions: [{ x: 50, y: 60, id: 4, timeOffset: 0 }] }),
    at(2000, 3, { source: 2, type: 5, id: 4, x: 10, y: 10 }),
  ]
  const event = {
    event: '$snapshot',
    uuid: '018f3c00-0000-7000-8000-000000000001',
    properties: { token: key, distinct_id: `<img src=x onerror="${RUN}">`, $session_id: session, $window_id: 'w', $snapshot_data: items, $lib: 'web' },
  }
  return fetch(`${origin}/s/`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: gzipSync(JSON.stringify([event])) })
}
