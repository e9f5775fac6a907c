// Values that would run script if a page ever took one for markup or for a link.
const RUN = 'window.__hostile=1'
const VALUES = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<svg onload="${RUN}">`,
  `"><script>${RUN}</script>`,
  `'-${RUN}-'`,
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}//https://shop.example/`,
  `data:text/html,<script>${RUN}</script>`,
  `https://shop.example/"onmouseover="${RUN}`,
  `</title><script>${RUN}</script>`,
  `{{constructor.constructor('${RUN}')()}}`,
  `\${${RUN}}`,
  '__proto__',
  'constructor',
  '\u202Egnp.exe',
  'a\u0000b',
  '=HYPERLINK("https://shop.example","x")',
]

/** Each value as the name of an event, of a person, of a property, of a group, and as a value. */
export function hostileEvents() {
  return VALUES.map((value, number) => ({
    event: value,
    distinct_id: `${value} ${number}`,
    properties: {
      hostile: 'yes',
      [value]: value,
      nested: { [value]: [value, { [value]: value }] },
      $current_url: value,
      $screen_name: value,
      $lib: value,
      $browser: value,
      $groups: { company: value },
      $set: { email: value, name: value, [value]: value },
    },
  }))
}
