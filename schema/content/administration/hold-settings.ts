import type { Context, Job, Queryable } from '../context.ts';
import { InvalidInputError } from '../errors.ts';
import type { HoldSettings, Settings } from '../settings.ts';
import { requireAdmin } from './admin-rights.ts';

/** The most that each limit may be, as for its variable; null is a switch. */
export const HOLD_LIMITS: Readonly<Record<keyof HoldSettings, number | null>> = {
  firstComment: null,
  links: 1_000,
  repeatedWithin: 31_536_000,
  frequent: 10_000,
  busyArticle: 10_000,
  length: 1_000_000,
  shouting: 100,
};

/** Values to set. Null gives a rule back what the configuration has; what is left out stays. */
export type HoldSettingChanges = { [Name in keyof HoldSettings]?: HoldSettings[Name] | null | undefined };

/** Milliseconds between two looks: a change applies at all gateways after this time. */
const REFRESH_EVERY = 2_000;

/** SQL of what was set. */
export const HOLD_SETTINGS = 'SELECT name, value FROM hold_setting';

/** What holds: what an admin has set, otherwise the configuration. */
export async function readHoldSettings(db: Queryable, configured: HoldSettings): Promise<HoldSettings> {
  const rows = await db.query<[name: string, value: number]>({
    name: 'hold-settings',
    text: HOLD_SETTINGS,
    values: [],
  });
  const set = new Map(rows);
  const settings = Object.entries(configured).map(([name, value]) => {
    const other = set.get(name);
    return [name, other === undefined ? value : typeof value === 'boolean' ? other !== 0 : other];
  });
  return Object.fromEntries(settings) as unknown as HoldSettings;
}

/** @returns what holds afterwards. @throws InvalidInputError */
export async function writeHoldSettings(
  db: Queryable,
  configured: HoldSettings,
  changes: HoldSettingChanges,
): Promise<HoldSettings> {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) checkLimit(name as keyof HoldSettings, value);
  const cleared = given.filter(([, value]) => value === null).map(([name]) => name);
  const set = given.filter(([, value]) => value !== null);
  await db.query({
    name: 'hold-settings-write',
    text: `WITH cleared AS (DELETE FROM hold_setting WHERE name = ANY ($1))
      INSERT INTO hold_setting (name, value) SELECT * FROM unnest($2::text[], $3::int[])
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    values: [cleared, set.map(([name]) => name), set.map(([, value]) => Number(value))],
  });
  return readHoldSettings(db, configured);
}

function checkLimit(name: keyof HoldSettings, value: unknown): void {
  const most = HOLD_LIMITS[name];
  if (value === null || most === null) return;
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > most)
    throw new InvalidInputError(`\`${name}\` must be a whole number from 0 to ${most}; this is ${value}.`, [
      'input',
      name,
    ]);
}

/** Sets limits for all gateways; for this one at once. @throws ForbiddenError, InvalidInputError */
export async function updateHoldSettings(context: Context, changes: HoldSettingChanges): Promise<HoldSettings> {
  requireAdmin(context);
  const { db, settings } = context;
  settings.hold = await writeHoldSettings(db, settings.configuredHold, changes);
  return settings.hold;
}

/** Has the gateway apply what was set at another one. */
export function refreshHoldSettings(settings: Settings): Job {
  return {
    name: 'hold-settings',
    due: { every: REFRESH_EVERY },
    async step({ db }) {
      const { hold } = settings;
      const read = await readHoldSettings(db, settings.configuredHold);
      // An admin may have set newer ones during the reading.
      if (settings.hold === hold) settings.hold = read;
      return false;
    },
  };
}
