// The program of a conversion thread: answers one task after another.
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { conversions } from '../../schema/content/text/conversions.ts';
import type { ConversionAnswer, ConversionTask } from './conversion-task.ts';

/**
 * Characters of a result. Deep quotes repeat their marks on each line, so 500 kB of Markdown can become 20 MB of plain text;
 * 500 kB of quotation marks become 3 MB of HTML.
 */
const MAX_RESULT = 5_000_000;

const port = parentPort!;

// Requests go first when the processors are busy; a tenth of one is left for texts that are saved. Only on Linux does a thread
// have a priority of its own.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

function ownTaskId(): number | null {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')));
  } catch {
    return null;
  }
}

function answer(message: ConversionAnswer): void {
  port.postMessage(message);
}

function convert({ name, source }: ConversionTask): ConversionAnswer {
  try {
    const result: string | object = conversions[name](source);
    const texts = typeof result === 'string' ? [result] : Object.values(result).map(String);
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    return length > MAX_RESULT ? { tooLarge: true } : { result };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

port.on('message', (task: ConversionTask) => answer(convert(task)));
answer({ ready: true, taskId: ownTaskId() });
