import { footnotesHtml } from './block-footnotes.ts';
import { blockHtml } from './blocks.ts';
import type { BodyNote } from './body-note.ts';
import { type BodySources, NO_SOURCES } from './body-sources.ts';
import { CaptionTags } from './caption-tags.ts';
import { asCodeShortcode, codeBlock, codeShortcodes } from './code-shortcodes.ts';
import { escapeHtml } from './embeds.ts';
import { Galleries } from './galleries.ts';
import { ClosingTags, codeText, flatTag, preformatted, TagEnds, tagAttributes, tagName } from './html-tags.ts';
import { KeptPieces } from './kept-pieces.ts';
import { playerHtml } from './players.ts';

/** A body that later steps can change by patterns: its tags are on one line, and what they may not touch is kept apart. */
interface ScannedBody {
  text: string;
  pieces: KeptPieces;
  /** The block editor has written it, so its paragraphs are complete. */
  hasBlocks: boolean;
  notes: BodyNote[];
  galleries: Galleries;
}

/** Elements whose content is a text for readers, in which nothing is markup. */
const TYPED = new Set(['textarea', 'xmp', 'plaintext', 'listing']);
const PLAYERS = new Set(['iframe', 'object', 'embed']);
const HIDDEN = new Set(['script', 'style']);

/** Reads a stored body once, from its beginning to its end. */
export class BodyScan {
  readonly #source: string;
  readonly #ends: TagEnds;
  readonly #closing: ClosingTags;
  readonly #pieces = new KeptPieces();
  readonly #out: string[] = [];
  readonly #notes: BodyNote[] = [];
  readonly #place: 'article' | 'comment';
  readonly #sources: BodySources;
  readonly #galleries: Galleries;
  readonly #captions = new CaptionTags();
  #hasBlocks = false;
  #hasFootnotes = false;
  /** No comment ends any more: its end is not searched for again. */
  #hasEndlessComment = false;

  constructor(stored: string, place: 'article' | 'comment', sources: BodySources = NO_SOURCES) {
    this.#place = place;
    this.#sources = sources;
    this.#galleries = new Galleries(sources, this.#notes);
    this.#source = KeptPieces.clean(stored.replace(/\r\n?/g, '\n'));
    this.#ends = new TagEnds(this.#source);
    this.#closing = new ClosingTags(this.#source);
  }

  /** Reads all of it. Comments have no shortcodes. */
  run(): ScannedBody {
    const source = this.#source;
    const codes = this.#place === 'article' ? codeShortcodes(source) : new Map<number, never>();
    const stops = /[<[]/g;
    let from = 0;
    for (let stop = stops.exec(source); stop; stop = stops.exec(source)) {
      const code = codes.get(stop.index);
      if (stop[0] === '[' && !code) continue;
      this.#out.push(source.slice(from, stop.index));
      if (code) this.#out.push(this.#codePiece(code.html));
      from = code ? code.end : this.#markup(stop.index);
      stops.lastIndex = from;
    }
    this.#out.push(source.slice(from));
    // A body that lost its block of footnotes has not lost their text.
    if (!this.#hasFootnotes && /data-fn=/.test(source)) this.#addFootnotes();
    const text = this.#out.join('');
    return { text, pieces: this.#pieces, hasBlocks: this.#hasBlocks, notes: this.#notes, galleries: this.#galleries };
  }

  #addFootnotes(): void {
    this.#hasFootnotes = true;
    const html = footnotesHtml(this.#sources.footnotes);
    if (html) this.#out.push(`\n${this.#pieces.block(html)}\n`);
  }

  #codePiece(html: string): string {
    return html.startsWith('<code') ? this.#pieces.inline(html) : `\n${this.#pieces.block(html)}\n`;
  }

  /** Reads what begins with `<`. @returns the position behind it */
  #markup(start: number): number {
    if (this.#source.startsWith('<!--', start)) return this.#comment(start);
    const name = tagName(this.#source, start);
    const end = name === '' ? -1 : this.#ends.after(start);
    if (end === -1) {
      // A parser would take `<b` for the beginning of a tag; `< b` is text for it, too.
      this.#out.push(/[a-z!?/]/i.test(this.#source.charAt(start + 1)) ? '&lt;' : '<');
      return start + 1;
    }
    return this.#element(name, this.#source.slice(start, end), end);
  }

  #element(name: string, tag: string, end: number): number {
    if (name === 'pre') return this.#content(name, end, (inner) => this.#pre(tag, inner));
    if (TYPED.has(name)) return this.#content(name, end, (inner) => this.#pieces.block(codeBlock(codeText(inner), '')));
    if (name === 'code') return this.#code(tag, end);
    if (PLAYERS.has(name)) return this.#player(name, tag, end);
    if (HIDDEN.has(name)) return this.#hidden(name, tag, end);
    if (name === 'a' && tag.length < MAX_ANCHOR && this.#place === 'article') {
      this.#out.push(anchorTags(tag));
      return end;
    }
    this.#out.push((this.#place === 'article' ? this.#captions.replace(name, tag) : null) ?? flatTag(tag));
    return end;
  }

  /** An element with everything in it; without a closing tag it extends to the end, as in browsers. */
  #content(name: string, from: number, html: (inner: string) => string): number {
    const closing = this.#closing.after(from, name);
    this.#out.push(html(this.#source.slice(from, closing?.start)));
    return closing?.end ?? this.#source.length;
  }

  #pre(tag: string, inner: string): string {
    const code = this.#place === 'article' ? asCodeShortcode(inner) : null;
    if (code) return this.#pieces.block(code);
    const language = languageOf(tagAttributes(tag));
    if (language === null || /^\s*<code\b/i.test(inner)) {
      return this.#pieces.block(`${flatTag(tag)}${preformatted(inner)}</pre>`);
    }
    return this.#pieces.block(codeBlock(inner.includes('&lt;') ? preformatted(inner) : codeText(inner), language));
  }

  /** Code inside a paragraph. Its lines are kept, and its line breaks are those of the paragraph. */
  #code(tag: string, end: number): number {
    const closing = this.#closing.after(end, 'code');
    const inner = closing && this.#source.slice(end, closing.start);
    if (!closing || inner === null || /<pre\b/i.test(inner)) {
      this.#out.push(flatTag(tag));
      return end;
    }
    const lines = preformatted(inner).split('\n');
    this.#out.push(flatTag(tag), lines.map((line) => this.#pieces.inline(line)).join('\n'), '</code>');
    return closing.end;
  }

  #player(name: string, tag: string, end: number): number {
    const isEmpty = name === 'embed' || tag.endsWith('/>');
    const closing = isEmpty ? null : this.#closing.after(end, name);
    const inner = closing ? this.#source.slice(end, closing.start) : '';
    const html = playerHtml(name, tag, inner, this.#place);
    if (html === null) {
      this.#notes.push({ reason: 'players without an address were left out', detail: `<${name}>` });
      // What is inside an object is shown where the object is not.
      return name === 'object' ? end : (closing?.end ?? end);
    }
    this.#out.push(this.#pieces.block(html));
    return closing?.end ?? end;
  }

  #hidden(name: string, tag: string, end: number): number {
    // Browsers ignore the slash of `<script />` and hide what follows. Its author did not mean that.
    const closing = tag.endsWith('/>') ? null : this.#closing.after(end, name);
    const html = name === 'script' ? playerHtml(name, tag, '', this.#place) : null;
    if (html) this.#out.push(this.#pieces.block(html));
    else this.#notes.push({ reason: 'scripts and styles were left out', detail: `<${name}>` });
    return closing?.end ?? end;
  }

  /** Leaves out a comment: a block marker, `<!--more-->`, `<!--nextpage-->` or another. One without an end is text. */
  #comment(start: number): number {
    const end = this.#hasEndlessComment ? -1 : this.#source.indexOf('-->', start + '<!--'.length);
    if (end === -1) {
      this.#hasEndlessComment = true;
      this.#out.push(escapeHtml('<!--'));
      return start + '<!--'.length;
    }
    const comment = this.#source.slice(start + '<!--'.length, end);
    const block = /^\s+wp:([a-z0-9/-]+)/.exec(comment)?.[1];
    this.#hasBlocks ||= block !== undefined || /^\s+\/wp:/.test(comment);
    if (block && comment.endsWith('/')) this.#dynamicBlock(block, comment);
    return end + '-->'.length;
  }

  /** A block without stored HTML. */
  #dynamicBlock(block: string, comment: string): void {
    const json = comment.slice(comment.indexOf('{'), comment.lastIndexOf('}') + 1);
    if (/^(?:core\/)?footnotes$/.test(block)) {
      this.#addFootnotes();
      return;
    }
    const html = this.#place === 'article' ? blockHtml(block, json, this.#galleries) : null;
    if (html !== null) {
      if (html) this.#out.push(`\n${this.#pieces.block(html)}\n`);
    } else if (/^(?:core\/)?block$/.test(block)) {
      this.#notes.push({
        reason: 'reusable blocks that are not in the export were left out',
        detail: json.slice(0, 40),
      });
    } else {
      this.#notes.push({
        reason: 'dynamic blocks were left out: WordPress generates their content for each page view',
        detail: block,
      });
    }
  }
}

/** Characters of a tag that is looked at for the names that it has. */
const MAX_ANCHOR = 4_000;

/** The tag of a link or anchor. One with an id and another name becomes two; one that closes itself is closed for browsers, too. */
function anchorTags(tag: string): string {
  const attributes = tagAttributes(tag);
  const [id, name] = [attributes.get('id'), attributes.get('name')];
  const other = id && name && id !== name ? `<a name="${name.replace(/"/g, '&quot;')}"></a>` : '';
  const isClosed = tag.endsWith('/>') && !attributes.has('href');
  return `${other && flatTag(other.slice(0, -4))}${other && '</a>'}${flatTag(tag)}${isClosed ? '</a>' : ''}`;
}

/** The language of a preformatted element, as the usual syntax highlighters find it; null for none. */
function languageOf(attributes: Map<string, string>): string | null {
  const classes = attributes.get('class') ?? '';
  const named = /(?:^|[\s;])(?:brush:\s*|lang(?:uage)?[-:])([\w+#.-]{1,40})/i.exec(classes)?.[1];
  const lang = attributes.get('lang');
  // WP-Syntax writes the language of the code into the attribute for the language of people.
  const isCode =
    lang !== undefined && (attributes.has('line') || attributes.has('escaped') || !/^[a-z]{2}(?:-\w+)?$/i.test(lang));
  return named ?? (isCode ? lang : null) ?? (/\bprettyprint\b/.test(classes) ? '' : null);
}
