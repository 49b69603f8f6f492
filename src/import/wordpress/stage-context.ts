import type { RecordLocation, ReportBuilder } from '../report.ts';
import type { Staging } from '../staging.ts';
import { truncate } from './field-values.ts';
import type { SiteClock } from './site-clock.ts';

/** Where records are staged, and where skipped records and differences are reported. */
export interface StageContext {
  staging: Staging;
  report: ReportBuilder;
  clock: SiteClock;
  /** The address of the blog, as far as the file has named it. */
  blog(): string;
}

/** Part of the digests. Increase it with a change of what articles or comments become: the next import updates them. */
export const MAPPING_VERSION = 2;

/** The field's text; if it is too long, its beginning, with a note in the report. */
export function truncateField(
  { report }: StageContext,
  field: { name: string; text: string; length: number },
  location: RecordLocation,
): string {
  const truncated = truncate(field.text, field.length);
  if (truncated !== field.text) report.addNote(`${field.name} was truncated to ${field.length} characters`, location);
  return truncated;
}
