// Footnotes: `[^label]` refers to `[^label]: text`. The package markdown-it-footnote takes time in the square of the number
// of notes, and of brackets that are not closed.
import type MarkdownIt from 'markdown-it';

type Rule<Ruler extends { push(name: string, rule: never): void }> = Parameters<Ruler['push']>[1];
type BlockRule = Rule<MarkdownIt['block']['ruler']>;
type InlineRule = Rule<MarkdownIt['inline']['ruler']>;
type Token = ReturnType<MarkdownIt['parse']>[number];
type TokenClass = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

/** Characters of a label. It bounds the search for the bracket that closes one. */
const MAX_LABEL = 100;
const LABEL = new RegExp(`\\[\\^([^\\s\\[\\]]{1,${MAX_LABEL}})\\]`, 'y');

/** References to one note that it links back to. A note may have any number of references. */
const MAX_BACK_LINKS = 20;

/** Spaces by which further blocks of a note are indented, as for a list item with a wide marker. */
const INDENT = 4;

interface Environment {
  /** Labels of the definitions. */
  footnotes?: Set<string>;
}

export function footnotes(md: MarkdownIt): void {
  md.block.ruler.before('reference', 'footnote_definition', definition, { alt: ['paragraph', 'reference'] });
  md.inline.ruler.after('image', 'footnote_reference', reference);
  md.core.ruler.after('inline', 'footnotes', ({ tokens, Token }) => placeNotes(tokens, Token));
  md.renderer.rules.footnote_reference = (tokens, index) => {
    const { number, place } = tokens[index]!.meta as { number: number; place: number };
    const id = place <= MAX_BACK_LINKS ? ` id="${referenceId(number, place)}"` : '';
    return `<sup class="footnote-ref"${id}><a href="#fn-${number}">[${number}]</a></sup>`;
  };
}

function labelAt(text: string, position: number): string | null {
  LABEL.lastIndex = position;
  return LABEL.exec(text)?.[1] ?? null;
}

const definition: BlockRule = (state, line, endLine, silent) => {
  const start = state.bMarks[line]! + state.tShift[line]!;
  const isCode = state.sCount[line]! - state.blkIndent >= INDENT;
  const label = isCode ? null : labelAt(state.src, start);
  const textStart = start + (label?.length ?? 0) + '[^]:'.length;
  if (label === null || state.src[textStart - 1] !== ':' || textStart > state.eMarks[line]!) return false;
  if (silent) return true;
  const environment = state.env as Environment;
  environment.footnotes ??= new Set();
  environment.footnotes.add(label);
  const { parentType, blkIndent } = state;
  const [bMark, tShift, sCount] = [state.bMarks[line]!, state.tShift[line]!, state.sCount[line]!];
  const space = /^[ \t]*/.exec(state.src.slice(textStart, Math.min(state.eMarks[line]!, textStart + MAX_LABEL)))![0];
  state.push('footnote_definition_open', '', 1).meta = label;
  // The first line begins behind the label, and further lines belong to the note when they are indented.
  state.bMarks[line] = textStart;
  state.tShift[line] = space.length;
  state.blkIndent += INDENT;
  state.sCount[line] = state.blkIndent;
  state.parentType = 'footnote' as typeof parentType;
  state.md.block.tokenize(state, line, endLine);
  Object.assign(state, { parentType, blkIndent });
  state.bMarks[line] = bMark;
  state.tShift[line] = tShift;
  state.sCount[line] = sCount;
  state.push('footnote_definition_close', '', -1);
  return true;
};

const reference: InlineRule = (state, silent) => {
  // A note inside a link would be a link in a link. The types lack the property.
  const { linkLevel } = state as typeof state & { linkLevel: number };
  if (!state.src.startsWith('[^', state.pos) || linkLevel > 0) return false;
  const label = labelAt(state.src, state.pos);
  if (label === null || !(state.env as Environment).footnotes?.has(label)) return false;
  if (!silent) state.push('footnote_reference', '', 0).meta = { label };
  state.pos += label.length + '[^]'.length;
  return true;
};

/** Moves the notes that are referred to behind the text, numbered in the order of their first reference. */
function placeNotes(tokens: Token[], Token: TokenClass): void {
  const { body, notes } = separateNotes(tokens);
  if (notes.size === 0) return;
  /** By label, in the order of their numbers, with the number of references. */
  const counts = new Map<string, { number: number; references: number }>();
  const count = (part: readonly Token[]): void => {
    for (const token of part.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'footnote_reference') continue;
      const { label } = token.meta as { label: string };
      const counted = counts.get(label) ?? { number: counts.size + 1, references: 0 };
      counted.references += 1;
      counts.set(label, counted);
      token.meta = { number: counted.number, place: counted.references };
    }
  };
  count(body);
  // A note may refer to others, which are added to the end of this iteration.
  for (const label of counts.keys()) count(notes.get(label) ?? []);
  tokens.splice(0);
  for (const token of body) tokens.push(token);
  if (counts.size === 0) return;
  tokens.push(htmlToken(Token, '<section class="footnotes">\n<ol>\n'));
  for (const [label, { number, references }] of counts) {
    tokens.push(htmlToken(Token, `<li id="fn-${number}">\n`));
    const note = notes.get(label) ?? [];
    const last = note.at(-1)?.type === 'paragraph_close' ? note.at(-2) : null;
    const links = htmlToken(Token, backLinks(number, references));
    if (last?.children) last.children.push(links);
    for (const token of note) tokens.push(token);
    if (!last?.children) tokens.push(links);
    tokens.push(htmlToken(Token, '</li>\n'));
  }
  tokens.push(htmlToken(Token, '</ol>\n</section>\n'));
}

/** The first definition of each label, without definitions inside it, and the other tokens. */
function separateNotes(tokens: readonly Token[]): { body: Token[]; notes: Map<string, Token[]> } {
  const body: Token[] = [];
  const notes = new Map<string, Token[]>();
  const open = [body];
  for (const token of tokens) {
    if (token.type === 'footnote_definition_open') {
      const note: Token[] = [];
      const label = token.meta as string;
      if (!notes.has(label)) notes.set(label, note);
      open.push(note);
    } else if (token.type === 'footnote_definition_close') open.pop();
    else open.at(-1)!.push(token);
  }
  return { body, notes };
}

function backLinks(number: number, references: number): string {
  const links = Array.from({ length: Math.min(references, MAX_BACK_LINKS) }, (_, index) => {
    const repeated = index === 0 ? '' : `<sup>${index + 1}</sup>`;
    return ` <a class="footnote-backref" href="#${referenceId(number, index + 1)}">↩${repeated}</a>`;
  });
  return links.join('');
}

function referenceId(number: number, place: number): string {
  return place === 1 ? `fnref-${number}` : `fnref-${number}-${place}`;
}

function htmlToken(Token: TokenClass, content: string): Token {
  const token = new Token('html_inline', '', 0);
  token.content = content;
  return token;
}
