/** Why a request is not executed. */
export interface Refusal {
  status: number;
  message: string;
  headers?: Record<string, string>;
}

export function isRefusal(value: object): value is Refusal {
  return 'status' in value;
}
