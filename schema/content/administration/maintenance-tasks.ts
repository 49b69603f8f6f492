import type { Context } from '../context.ts';
import { requireAdmin } from './admin-rights.ts';

/** Work that takes longer than a request. */
export type MaintenanceKind = 'VERIFY' | 'REPAIR' | 'RERENDER' | 'PRUNE';

export type MaintenanceStatus = 'WAITING' | 'RUNNING' | 'DONE' | 'FAILED';

/** What was found, or done, and how often. */
export interface MaintenanceFinding {
  description: string;
  count: number;
}

export interface MaintenanceTask {
  id: number;
  kind: MaintenanceKind;
  status: MaintenanceStatus;
  requestedById: number | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  findings: MaintenanceFinding[];
  error: string | null;
}

/** Tasks that are listed, and kept. */
export const TASKS_KEPT = 50;

type TaskColumns = [
  ...[id: number, kind: MaintenanceKind, requestedById: number | null, createdAt: Date],
  ...[startedAt: Date | null, endedAt: Date | null, findings: MaintenanceFinding[], error: string | null],
];

const COLUMNS = 'id, kind, requested_by_id, created_at, started_at, ended_at, findings, error';

function taskOf([
  id,
  kind,
  requestedById,
  createdAt,
  startedAt,
  endedAt,
  findings,
  error,
]: TaskColumns): MaintenanceTask {
  const ended = error === null ? ('DONE' as const) : ('FAILED' as const);
  const status = endedAt ? ended : startedAt ? 'RUNNING' : 'WAITING';
  return { id, kind, status, requestedById, createdAt, startedAt, endedAt, findings, error };
}

/** The newest tasks first. */
export async function listMaintenance({ db }: Pick<Context, 'db'>): Promise<MaintenanceTask[]> {
  const rows = await db.query<TaskColumns>({
    name: 'maintenance-list',
    text: `SELECT ${COLUMNS} FROM maintenance_task ORDER BY id DESC LIMIT ${TASKS_KEPT}`,
    values: [],
  });
  return rows.map(taskOf);
}

/** Has a gateway do the work. One of the kind that waits or runs is not begun twice. @throws ForbiddenError */
export async function startMaintenance(context: Context, kind: MaintenanceKind): Promise<MaintenanceTask> {
  requireAdmin(context);
  return context.change(async (tx) => {
    tx.enqueue({
      name: 'maintenance-lock',
      text: 'LOCK TABLE maintenance_task IN SHARE ROW EXCLUSIVE MODE',
      values: [],
    });
    const [present] = await tx.query<TaskColumns>({
      name: 'maintenance-present',
      text: `SELECT ${COLUMNS} FROM maintenance_task WHERE kind = $1 AND ended_at IS NULL ORDER BY id LIMIT 1`,
      values: [kind],
    });
    if (present) return taskOf(present);
    tx.enqueue({
      name: 'maintenance-forget',
      text: `DELETE FROM maintenance_task WHERE ended_at IS NOT NULL
        AND id <= (SELECT id FROM maintenance_task ORDER BY id DESC OFFSET ${TASKS_KEPT - 1} LIMIT 1)`,
      values: [],
    });
    const [added] = await tx.query<TaskColumns>({
      name: 'maintenance-add',
      text: `INSERT INTO maintenance_task (kind, requested_by_id) VALUES ($1, $2) RETURNING ${COLUMNS}`,
      values: [kind, context.viewer!.author.id],
    });
    return taskOf(added!);
  });
}
