/** Thrown by what reads a body that is beyond a limit; the message is the reason, as the journal has it. */
export class BeyondLimit extends Error {
  override name = 'BeyondLimit';
}

/** Why a body was not looked into. */
export interface NotExamined {
  readonly notExamined: string;
}

export function isNotExamined(value: unknown): value is NotExamined {
  return typeof value === 'object' && value !== null && 'notExamined' in value;
}
