import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux keeps what is written below it in memory. */
const MEMORY = '/dev/shm';

/** Bytes that must be free in it: a run writes up to 600 MB at a time. */
const BYTES_NEEDED = 2 * 1024 ** 3;

/**
 * Where tests keep their databases and files: in memory if there is room and programs may be started from there.
 * On a disk, creating and deleting files takes 40 % of PostgreSQL's time.
 */
export function temporaryDirectory(): string {
  return hasRoom() && runsPrograms() ? MEMORY : tmpdir();
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= BYTES_NEEDED;
  } catch {
    return false;
  }
}

function runsPrograms(): boolean {
  const directory = mkdtempSync(join(MEMORY, 'broadsheet-probe-'));
  try {
    const program = join(directory, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    return spawnSync(program).status === 0;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
