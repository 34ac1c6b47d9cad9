import { z } from 'zod';

export const exitSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('code'), code: z.number().int() }),
  z.object({ kind: z.literal('signal'), signal: z.string(), number: z.number().int() }),
  z.object({
    kind: z.literal('not-started'),
    /** 127 and 126 as `env` gives them; 125 where proxaudit itself could not start. */
    code: z.union([z.literal(125), z.literal(126), z.literal(127)]),
    message: z.string(),
  }),
]);

export const completenessSchema = z.object({
  verdict: z.enum(['complete', 'proxied-only', 'incomplete']),
  reasons: z.array(z.string()),
});

export const countsSchema = z.object({
  connections: z.number().int(),
  exchanges: z.number().int(),
  /** Exchanges without a response head, responses whose body was cut short, and connections that failed before a request. */
  failed: z.number().int(),
  bytesIn: z.number().int(),
  bytesOut: z.number().int(),
});

export type Exit = z.infer<typeof exitSchema>;
export type Completeness = z.infer<typeof completenessSchema>;
export type Counts = z.infer<typeof countsSchema>;
