import type { SourceText } from '../content-records.ts';
import { textOf } from '../json-values.ts';
import { withGistLinks } from '../wordpress/players.ts';
import { lexicalHtml } from './lexical.ts';
import { mobiledocHtml } from './mobiledoc.ts';

export interface GhostBody extends SourceText {
  /** Names of cards that are not known, whose content is missing. */
  unknown: string[];
}

/** The body of a post: its HTML as Ghost has rendered it, else its Lexical or Mobiledoc document, else its Markdown. */
export function ghostBody(post: unknown): GhostBody {
  const html = textOf(post, 'html');
  if (html.trim() !== '') return { source: withGistLinks(withoutMarkers(html)), format: 'HTML', unknown: [] };
  const lexical = textOf(post, 'lexical');
  if (lexical.trim() !== '') return converted(lexical, lexicalHtml);
  const mobiledoc = textOf(post, 'mobiledoc');
  if (mobiledoc.trim() !== '') return converted(mobiledoc, mobiledocHtml);
  return { source: textOf(post, 'markdown'), format: 'MARKDOWN', unknown: [] };
}

type Convert = (document: unknown, onUnknown: (card: string) => void) => string;

function converted(json: string, convert: Convert): GhostBody {
  const unknown: string[] = [];
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return { source: '', format: 'HTML', unknown: ['with a document that is not JSON'] };
  }
  return { source: withGistLinks(convert(document, (card) => unknown.push(card))), format: 'HTML', unknown };
}

/** Removes the comments between which Ghost writes cards. */
function withoutMarkers(html: string): string {
  return html.replace(/<!--(kg-card-(begin|end): [\w-]+|members-only)-->/g, '');
}
