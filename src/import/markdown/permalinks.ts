import { slugOf } from '../../../schema/content/text/slug.ts';
import { type Fields, fieldText, instantOf } from './front-matter.ts';
import type { SiteConfig } from './site-config.ts';

/** Jekyll's names of patterns. */
const STYLES: Record<string, string> = {
  date: '/:categories/:year/:month/:day/:title',
  pretty: '/:categories/:year/:month/:day/:title',
  ordinal: '/:categories/:year/:y_day/:title',
  none: '/:categories/:title',
};

/** The parts of a page from which a pattern makes its address. */
interface PageParts {
  /** Path below the folder of the site. */
  id: string;
  /** Path below the generator's folder of content. */
  path: string;
  fields: Fields;
  /** The name of the file or of the bundle's folder, without a date. */
  name: string;
  categories: readonly string[];
}

/** The address that the configuration of the site gives a page; null if it gives none, or by what is not known of the page. */
export function configuredAddress(page: PageParts, { permalink, sections }: SiteConfig): string | null {
  const section = sections.get(page.path.split('/')[0]!);
  if (section !== undefined && page.path.includes('/')) return filled(section, valuesOf(page, 'hugo'));
  if (permalink === '' || !/(^|\/)_posts\//.test(page.id)) return null;
  return filled(STYLES[permalink] ?? permalink, valuesOf(page, 'jekyll'));
}

/** Null where a name has no value, or is followed by what is more than a name. */
function filled(pattern: string, values: ReadonlyMap<string, string>): string | null {
  let isComplete = !/:[a-z_]+\[/.test(pattern);
  const path = pattern.replace(/:([a-z_]+)/g, (_, name: string) => {
    const value = values.get(name);
    isComplete &&= value !== undefined;
    return value ?? '';
  });
  return isComplete ? `/${path}`.replace(/\/{2,}/g, '/') : null;
}

function valuesOf({ path, fields, name, categories }: PageParts, generator: 'hugo' | 'jekyll'): Map<string, string> {
  const slug = fieldText(fields, 'slug');
  const title = generator === 'hugo' ? slugOf(fieldText(fields, 'title')) || name : slug || name;
  const folders = path.split('/').slice(0, /(^|\/)index\.\w+$/.test(path) ? -2 : -1);
  const values = new Map([
    ['title', title],
    ['slug', slug || title],
    ['categories', categories.join('/')],
    ['category', categories.join('/')],
    ['section', folders[0] ?? ''],
    ['sections', folders.join('/')],
    ['output_ext', ''],
  ]);
  for (const one of ['name', 'filename', 'contentbasename']) values.set(one, name);
  for (const one of ['slugorfilename', 'slugorcontentbasename', 'post_title']) values.set(one, slug || name);
  return addDate(values, writtenDate(path, fields));
}

/** A date as it is written, in its own zone, or in the name of the file. */
function writtenDate(path: string, fields: Fields): string {
  const written = ['date', 'publishdate', 'pubdate'].map((name) => fieldText(fields, name)).find((text) => text !== '');
  const named = /(?:^|\/)(\d{4}-\d\d?-\d\d?)-[^/]+$/.exec(path)?.[1] ?? '';
  const text = written ?? named;
  return /^\d{4}-\d/.test(text) ? text : (instantOf(text) ?? named);
}

function addDate(values: Map<string, string>, written: string): Map<string, string> {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d))?)?/.exec(written) ?? [];
  if (!year || !month || !day) return values;
  const [ofMonth, ofDay] = [month.padStart(2, '0'), day.padStart(2, '0')];
  const first = Date.UTC(Number(year), 0, 1);
  const yearDay = String((Date.UTC(Number(year), Number(month) - 1, Number(day)) - first) / 86_400_000 + 1);
  values.set('year', year).set('short_year', year.slice(2)).set('month', ofMonth).set('day', ofDay);
  values.set('i_month', String(Number(month))).set('i_day', String(Number(day)));
  values.set('y_day', yearDay.padStart(3, '0')).set('yearday', yearDay);
  return values.set('hour', hour.padStart(2, '0')).set('minute', minute).set('second', second);
}
