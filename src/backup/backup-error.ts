import { OperatorError } from '../operator-error.ts';

/** A backup cannot be made, or cannot be restored. Nothing was changed. */
export class BackupError extends OperatorError {
  override name = 'BackupError';
}
