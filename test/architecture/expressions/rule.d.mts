import type { Rule } from 'eslint';

export const safeExpression: Rule.RuleModule;
