/** What one check has found. `skipped`: it does not apply, or cannot be made because of an error before it. */
export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'error' | 'skipped';
  detail: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail });
export const warning = (check: string, detail: string): Finding => ({ check, status: 'warning', detail });
export const failure = (check: string, detail: string): Finding => ({ check, status: 'error', detail });
export const skipped = (check: string, detail: string): Finding => ({ check, status: 'skipped', detail });
