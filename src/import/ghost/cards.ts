import { renderText } from '../../../schema/content/text/render.ts';
import { itemsOf, propertyOf, textOf } from '../json-values.ts';

/** Cards that a reader of the site does not see: parts of e-mails and forms. */
const UNSEEN = new Set(['email', 'email-cta', 'paywall', 'signup', 'transistor']);

/** A card as HTML, as the editor's own renderer shows it; null for a card that is not known. */
export function cardHtml(name: string, card: unknown): string | null {
  const render = CARDS[name];
  return render ? render(card) : UNSEEN.has(name) ? '' : null;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}

const CARDS: Record<string, (card: unknown) => string> = {
  hr: () => '<hr>',
  horizontalrule: () => '<hr>',
  image: (card) => figure(image(card), textOf(card, 'caption')),
  gallery: (card) => figure(itemsOf(propertyOf(card, 'images')).map(image).join(''), textOf(card, 'caption')),
  html: (card) => textOf(card, 'html'),
  markdown: (card) => markdown(textOf(card, 'markdown')),
  'card-markdown': (card) => markdown(textOf(card, 'markdown')),
  code,
  codeblock: code,
  embed: (card) => figure(textOf(card, 'html') || link(textOf(card, 'url'), ''), textOf(card, 'caption')),
  bookmark,
  callout: (card) => `<blockquote><p>${textOf(card, 'calloutEmoji')} ${textOf(card, 'calloutText')}</p></blockquote>`,
  toggle: (card) => `<details><summary>${textOf(card, 'heading')}</summary>${textOf(card, 'content')}</details>`,
  button,
  header: (card) => `<h2>${textOf(card, 'header')}</h2><p>${textOf(card, 'subheader')}</p>${button(card)}`,
  'call-to-action': callToAction,
  video: (card) => figure(`<video controls src="${escapeHtml(textOf(card, 'src'))}"></video>`, textOf(card, 'caption')),
  audio: (card) => figure(`<audio controls src="${escapeHtml(textOf(card, 'src'))}"></audio>`, textOf(card, 'title')),
  file,
  product: (card) =>
    figure(image({ src: textOf(card, 'productImageSrc'), alt: '' }), '') +
    `<h4>${textOf(card, 'productTitle')}</h4>${textOf(card, 'productDescription')}` +
    `<p>${link(textOf(card, 'productUrl'), textOf(card, 'productButton'))}</p>`,
};

function figure(html: string, caption: string): string {
  if (html === '') return '';
  return `<figure>${html}${caption ? `<figcaption>${caption}</figcaption>` : ''}</figure>`;
}

function image(card: unknown): string {
  const source = textOf(card, 'src');
  if (source === '') return '';
  const size = ['width', 'height'].map((side) =>
    /^\d+$/.test(textOf(card, side)) ? ` ${side}="${textOf(card, side)}"` : '',
  );
  const html = `<img src="${escapeHtml(source)}" alt="${escapeHtml(textOf(card, 'alt'))}"${size.join('')}>`;
  const href = textOf(card, 'href');
  return href ? `<a href="${escapeHtml(href)}">${html}</a>` : html;
}

function markdown(source: string): string {
  return renderText(source, 'MARKDOWN', 'article').html;
}

function code(card: unknown): string {
  const language = textOf(card, 'language').replace(/[^\w+#-]/g, '');
  const html = `<pre><code${language ? ` class="language-${language}"` : ''}>${escapeHtml(textOf(card, 'code'))}</code></pre>`;
  const caption = textOf(card, 'caption');
  return caption ? figure(html, caption) : html;
}

function button(card: unknown): string {
  const isShown = textOf(card, 'showButton') !== 'false' && textOf(card, 'buttonEnabled') !== 'false';
  const text = isShown ? textOf(card, 'buttonText') : '';
  return text ? `<p>${link(textOf(card, 'buttonUrl'), text)}</p>` : '';
}

function callToAction(card: unknown): string {
  const picture = {
    src: textOf(card, 'imageUrl'),
    width: textOf(card, 'imageWidth'),
    height: textOf(card, 'imageHeight'),
  };
  return figure(image(picture), '') + textOf(card, 'textValue') + button(card);
}

function file(card: unknown): string {
  const about = textOf(card, 'fileCaption');
  const name = textOf(card, 'fileTitle') || textOf(card, 'fileName');
  return `<p>${link(textOf(card, 'src'), name)}${about ? `<br>${escapeHtml(about)}` : ''}</p>`;
}

function bookmark(card: unknown): string {
  const metadata = propertyOf(card, 'metadata') ?? card;
  const url = textOf(card, 'url') || textOf(metadata, 'url');
  const about = textOf(metadata, 'description');
  const html = `${link(url, textOf(metadata, 'title'))}${about ? `<br>${escapeHtml(about)}` : ''}`;
  return figure(`<p>${html}</p>`, textOf(card, 'caption'));
}

function link(url: string, label: string): string {
  if (url === '') return escapeHtml(label);
  return `<a href="${escapeHtml(url)}">${escapeHtml(label || url)}</a>`;
}
