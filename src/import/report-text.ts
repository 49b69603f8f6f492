import type { ImportReport, Reason } from './report.ts';

/** Characters of a title in an example. */
const MAX_TITLE = 120;

const KIND_WIDTH = 12;
const COUNT_WIDTH = 11;
const REASON_COUNT_WIDTH = 6;

const COLUMNS = ['read', 'created', 'updated', 'unchanged', 'skipped'] as const;

/** The report as a table and lists of reasons, for a terminal. */
export function formatReport(report: ImportReport): string {
  const site = report.source.replace(/^[a-z]+:(?=https?:)/, '');
  const lines = [
    `${report.dryRun ? 'Dry run, nothing was saved: ' : ''}${[report.format, report.version].filter(Boolean).join(' ')} export of ${site}`,
    '',
    tableRow('', COLUMNS),
  ];
  for (const kind of report.kinds) {
    const counts = { ...kind, skipped: kind.skipped.reduce((sum, { count }) => sum + count, 0) };
    lines.push(
      tableRow(
        kind.kind,
        COLUMNS.map((column) => String(counts[column])),
      ),
    );
  }
  for (const { kind, skipped } of report.kinds) {
    if (skipped.length > 0) lines.push('', `Skipped ${kind}:`, ...skipped.flatMap(reasonLines));
  }
  if (report.notes.length > 0) lines.push('', 'Imported with differences:', ...report.notes.flatMap(reasonLines));
  return `${lines.join('\n')}\n`;
}

function tableRow(kind: string, cells: readonly string[]): string {
  return kind.padEnd(KIND_WIDTH) + cells.map((cell) => cell.padStart(COUNT_WIDTH)).join('');
}

function reasonLines({ reason, count, examples }: Reason): string[] {
  const exampleLines = examples.map(({ id, title, line }) => {
    const name = title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title;
    const place = line === 0 ? '' : `line ${line}: `;
    return `${' '.repeat(REASON_COUNT_WIDTH)}  ${place}${printable([id, name].filter(Boolean).join(' '))}`;
  });
  return [`${String(count).padStart(REASON_COUNT_WIDTH)}  ${printable(reason)}`, ...exampleLines];
}

/** Control characters are removed: text from the file must not control the operator's terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ');
}
