import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Person {
  id: string;
  name: string;
}

interface Row {
  id: string;
  status: string;
  replyCount: number;
  descendantCount: number;
  author: Person | null;
}

/** A discussion as the code of the guide keeps it. */
export interface Copy {
  article: { id: string; commentPolicy: string; commentCount: number; author: Person };
  rows: Row[];
  cursor: string;
}

export interface CopyEvent {
  __typename: string;
  cursor: string;
}

export type Ask = (query: string, variables: object) => Promise<unknown>;

interface GuideCode {
  /** The subscription's document. */
  CHANGES: string;
  readDiscussion(ask: Ask, id: string): Promise<Copy>;
  applyEvent(copy: Copy, event: CopyEvent): Copy;
}

/** Evaluates the code with which the clients' guide keeps a discussion. */
export function guideCode(): GuideCode {
  const guide = readFileSync(join(import.meta.dirname, '../../src/transport/CLIENTS.md'), 'utf8');
  const code = ['read-discussion.js', 'apply-event.js'].map((file) => {
    const [, block] = new RegExp(`\`\`\`js\n// ${file}\n(.*?)\`\`\``, 's').exec(guide)!;
    return block!.replace(/^export /gm, '');
  });
  return new Function(
    `'use strict';\n${code.join('\n')}\nreturn { CHANGES, readDiscussion, applyEvent };`,
  )() as GuideCode;
}
