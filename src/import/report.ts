// Every record of a file is counted here as created, updated, unchanged or skipped.

type RecordKind = 'authors' | 'topics' | 'articles' | 'attachments' | 'guests' | 'comments' | 'other items';

/** Identifies a record of the file. */
export interface RecordLocation {
  id: string;
  title: string;
  /** From 1; 0 for a record of a format without lines. */
  line: number;
}

export interface Reason {
  reason: string;
  count: number;
  /** The first records that it applies to, at most 3. */
  examples: RecordLocation[];
}

export interface Outcomes {
  created: number;
  updated: number;
  unchanged: number;
}

/** `read` is the sum of all other counts. */
interface KindReport extends Outcomes {
  kind: RecordKind;
  read: number;
  skipped: Reason[];
}

export interface ImportReport {
  /** Identifies the imported site in the table `provenance`, such as `wordpress:https://example.com`. */
  source: string;
  /** Name of the export format, such as WXR. */
  format: string;
  /** Version of the format, such as 1.2. */
  version: string;
  dryRun: boolean;
  kinds: KindReport[];
  /** Differences between the file and what was imported. */
  notes: Reason[];
}

const KINDS: RecordKind[] = ['authors', 'topics', 'articles', 'attachments', 'guests', 'comments', 'other items'];

const MAX_EXAMPLES = 3;

/** A file can contain any number of post types and taxonomies. Reasons past this number share one line. */
const MAX_REASONS = 100;

export interface ReportedRecord extends RecordLocation {
  outcome: 'skipped' | 'imported with differences';
  reason: string;
  /** How often the reason applies to it. */
  count: number;
}

/** Collects the counts and reasons of one import. */
export class ReportBuilder {
  readonly #kinds = new Map(KINDS.map((kind) => [kind, { read: 0, created: 0, updated: 0, unchanged: 0 }]));
  readonly #skipped = new Map(KINDS.map((kind) => [kind, new Map<string, Reason>()]));
  readonly #notes = new Map<string, Reason>();
  readonly #onRecord: (record: ReportedRecord) => void;

  /** @param onRecord receives each record that was skipped or imported with differences, also those past the examples */
  constructor(onRecord: (record: ReportedRecord) => void = () => {}) {
    this.#onRecord = onRecord;
  }

  countRead(kind: RecordKind, count = 1): void {
    this.#kinds.get(kind)!.read += count;
  }

  readCount(kind: RecordKind): number {
    return this.#kinds.get(kind)!.read;
  }

  addOutcomes(kind: RecordKind, outcomes: Partial<Outcomes>): void {
    const counts = this.#kinds.get(kind)!;
    counts.created += outcomes.created ?? 0;
    counts.updated += outcomes.updated ?? 0;
    counts.unchanged += outcomes.unchanged ?? 0;
  }

  addSkipped(kind: RecordKind, reason: string, location: RecordLocation): void {
    this.addSkippedReason(kind, { reason, count: 1, examples: [location] });
  }

  addSkippedReason(kind: RecordKind, added: Reason): void {
    this.#noteExamples('skipped', added);
    addReason(this.#skipped.get(kind)!, added);
  }

  addNote(reason: string, location: RecordLocation, count = 1): void {
    this.addNoteReason({ reason, count, examples: [location] });
  }

  addNoteReason(added: Reason): void {
    this.#noteExamples('imported with differences', added);
    addReason(this.#notes, added);
  }

  #noteExamples(outcome: ReportedRecord['outcome'], { reason, count, examples }: Reason): void {
    const [only, ...others] = examples;
    // Several records of one reason are one each; one may have lost several things.
    if (only && others.length === 0) this.#onRecord({ outcome, reason, ...only, count });
    else for (const example of examples) this.#onRecord({ outcome, reason, ...example, count: 1 });
  }

  build(about: Pick<ImportReport, 'source' | 'format' | 'version' | 'dryRun'>): ImportReport {
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

function addReason(reasons: Map<string, Reason>, added: Reason): void {
  if (added.count === 0) return;
  const isFull = reasons.size >= MAX_REASONS && !reasons.has(added.reason);
  const reason = isFull ? 'other reasons, too many to list' : added.reason;
  const known = reasons.get(reason) ?? { reason, count: 0, examples: [] };
  known.count += added.count;
  known.examples.push(...added.examples.slice(0, MAX_EXAMPLES - known.examples.length));
  reasons.set(reason, known);
}
