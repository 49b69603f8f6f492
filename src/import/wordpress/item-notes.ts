import type { RecordLocation, ReportBuilder } from '../report.ts';
import type { BodyNote } from './body-note.ts';
import { fieldText, truncate } from './field-values.ts';
import type { WxrItem } from './wxr-records.ts';

/** Details of one body per reason, in the report. */
const MAX_DETAILS = 5;

/** Characters of the title beside the details. */
const MAX_TITLE = 40;

/** Reports what of an item is not imported. */
export function noteItem(report: ReportBuilder, item: WxrItem, location: RecordLocation): void {
  const { fields, otherMeta, control, undecodable } = item;
  if (fieldText(fields, 'wp:is_sticky') === '1') report.addNote('is sticky, which was not imported', location);
  if (otherMeta > 0) report.addNote('custom fields were not imported', location, otherMeta);
  if (control > 0) report.addNote('control characters that XML does not allow were removed', location, control);
  if (undecodable > 0) report.addNote('undecodable characters were replaced with \ufffd', location, undecodable);
}

/** Reports what a body lost: one note per reason, which lists what it applies to. */
export function noteBody(report: ReportBuilder, notes: BodyNote[], location: RecordLocation): void {
  for (const reason of new Set(notes.map((note) => note.reason))) {
    const details = notes.filter((note) => note.reason === reason).map(({ detail }) => detail);
    const listed = [...new Set(details)].slice(0, MAX_DETAILS).join(', ');
    const title = `${truncate(location.title, MAX_TITLE)}: ${listed}`;
    report.addNote(reason, { ...location, title }, details.length);
  }
}
