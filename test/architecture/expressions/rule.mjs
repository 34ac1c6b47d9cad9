import { judge } from './judge.mjs';

/** ESLint: regular expressions that some text makes take more than linear time (by recheck). */
export const safeExpression = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { slow: 'A text can make this expression slow: {{reason}}' },
  },
  create: (context) => ({
    'Literal[regex]'(node) {
      const { pattern, flags } = node.regex;
      const reason = judge(pattern, flags);
      if (reason !== undefined) context.report({ node, messageId: 'slow', data: { reason } });
    },
  }),
};
