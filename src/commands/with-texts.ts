import type { ConvertText } from '../../schema/content/text/conversions.ts';
import { openPool, type Pool } from '../database/index.ts';
import { openTextConverter } from '../rendering/index.ts';
import type { DatabaseWork } from './with-database.ts';

/** Opens connections to the database, and threads that convert texts, for the time of some work. */
export async function withTexts<Result>(
  { url, config, log }: Pick<DatabaseWork, 'url' | 'config' | 'log'>,
  work: (texts: { db: Pool; convertText: ConvertText }) => Promise<Result>,
): Promise<Result> {
  const pool = openPool({ url, config, log });
  const texts = openTextConverter();
  try {
    return await work({ db: pool, convertText: texts.convert });
  } finally {
    await texts.close();
    await pool.close();
  }
}
