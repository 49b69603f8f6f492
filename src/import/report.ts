// What became of everything that was read: nothing is dropped in silence.

export type Kind = 'authors' | 'topics' | 'articles' | 'attachments' | 'guests' | 'comments' | 'other items';

/** Where in the file to look. */
export interface Example {
  id: string;
  title: string;
  line: number;
}

export interface Reason {
  reason: string;
  count: number;
  /** The first few. */
  examples: Example[];
}

export interface Outcomes {
  made: number;
  updated: number;
  unchanged: number;
}

/** `read` is the sum of all others. */
export interface KindReport extends Outcomes {
  kind: Kind;
  read: number;
  skipped: Reason[];
}

export interface ImportReport {
  /** What the rows are kept under in `provenance`, such as `wordpress:https://example.com`. */
  source: string;
  /** Of the export's format: 1.0, 1.1 or 1.2. */
  version: string;
  dryRun: boolean;
  kinds: KindReport[];
  /** Imported, but not as it stood in the file. */
  notes: Reason[];
}

const KINDS: Kind[] = ['authors', 'topics', 'articles', 'attachments', 'guests', 'comments', 'other items'];

const MAX_EXAMPLES = 3;

/** A file may name any number of types and shortcodes; those past this many are counted together. */
const MAX_REASONS = 100;

/** Characters of a title in an example. */
const MAX_TITLE = 120;

/** Counts while a file is read and merged. */
export class Tally {
  readonly #kinds = new Map(KINDS.map((kind) => [kind, { read: 0, made: 0, updated: 0, unchanged: 0 }]));
  readonly #skipped = new Map(KINDS.map((kind) => [kind, new Map<string, Reason>()]));
  readonly #notes = new Map<string, Reason>();

  read(kind: Kind, count = 1): void {
    this.#kinds.get(kind)!.read += count;
  }

  count(kind: Kind): number {
    return this.#kinds.get(kind)!.read;
  }

  outcome(kind: Kind, outcomes: Partial<Outcomes>): void {
    const counts = this.#kinds.get(kind)!;
    counts.made += outcomes.made ?? 0;
    counts.updated += outcomes.updated ?? 0;
    counts.unchanged += outcomes.unchanged ?? 0;
  }

  skip(kind: Kind, reason: string, example: Example): void {
    this.skipMany(kind, { reason, count: 1, examples: [example] });
  }

  skipMany(kind: Kind, found: Reason): void {
    gather(this.#skipped.get(kind)!, found);
  }

  note(reason: string, example: Example, count = 1): void {
    this.noteMany({ reason, count, examples: [example] });
  }

  noteMany(found: Reason): void {
    gather(this.#notes, found);
  }

  report(about: { source: string; version: string; dryRun: boolean }): ImportReport {
    return {
      ...about,
      kinds: KINDS.map((kind) => ({
        kind,
        ...this.#kinds.get(kind)!,
        skipped: [...this.#skipped.get(kind)!.values()],
      })),
      notes: [...this.#notes.values()],
    };
  }
}

function gather(reasons: Map<string, Reason>, found: Reason): void {
  if (found.count === 0) return;
  const full = reasons.size >= MAX_REASONS && !reasons.has(found.reason);
  const reason = full ? 'other reasons, too many to list' : found.reason;
  const known = reasons.get(reason) ?? { reason, count: 0, examples: [] };
  known.count += found.count;
  known.examples.push(...found.examples.slice(0, MAX_EXAMPLES - known.examples.length));
  reasons.set(reason, known);
}

/** The closing table, for a terminal. */
export function reportText(report: ImportReport): string {
  const columns = ['read', 'made', 'updated', 'unchanged', 'skipped'] as const;
  const lines = [
    `${report.dryRun ? 'Dry run, nothing is kept: ' : ''}WXR ${report.version} of ${report.source.replace(/^wordpress:/, '')}`,
    '',
    ''.padEnd(12) + columns.map((column) => column.padStart(11)).join(''),
  ];
  for (const kind of report.kinds) {
    const skipped = kind.skipped.reduce((sum, reason) => sum + reason.count, 0);
    const cells = { ...kind, skipped };
    lines.push(kind.kind.padEnd(12) + columns.map((column) => String(cells[column]).padStart(11)).join(''));
  }
  for (const kind of report.kinds) {
    if (kind.skipped.length > 0) lines.push('', `Skipped ${kind.kind}:`, ...kind.skipped.flatMap(reasonLines));
  }
  if (report.notes.length > 0) lines.push('', 'Imported, but not as it stood:', ...report.notes.flatMap(reasonLines));
  return `${lines.join('\n')}\n`;
}

function reasonLines({ reason, count, examples }: Reason): string[] {
  const shown = examples.map(({ id, title, line }) => {
    const name = title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title;
    return `      line ${line}: ${printable([id, name].filter(Boolean).join(' '))}`;
  });
  return [`  ${count} ${printable(reason)}`, ...shown];
}

/** What a file says must not move the cursor of who reads the report. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ');
}
