import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Traces } from './otlp-traces.ts';

/**
 * Null unless the environment says where traces are sent: then nothing of OpenTelemetry is loaded, and an operation takes no time
 * for it.
 */
export async function openTraces({ sendsTraces }: Pick<Config, 'sendsTraces'>, log: Logger): Promise<Traces | null> {
  if (!sendsTraces) return null;
  const { openOtlpTraces } = await import('./otlp-traces.ts');
  return openOtlpTraces(log);
}
